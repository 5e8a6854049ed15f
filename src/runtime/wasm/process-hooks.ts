/** What onnxruntime-web keeps to itself or prints, taken where it meets the process. */
import fs from 'node:fs';

interface Memory {
  readonly buffer: { readonly byteLength: number };
}

/** Node has it; the types of ECMAScript alone don't. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: { Memory: new (descriptor: object) => Memory };
};

/** Sees every WebAssembly memory that is made from here on in this process. `bytes`: the size of the largest. */
export function watchMemory(): { bytes(): number } {
  const made: Memory[] = [];
  const Original = WebAssembly.Memory;
  WebAssembly.Memory = class extends Original {
    constructor(descriptor: object) {
      super(descriptor);
      made.push(this);
    }
  };
  return { bytes: () => Math.max(0, ...made.map(({ buffer }) => buffer.byteLength)) };
}

/** What `work` prints on standard output, which Emscripten writes with `fs.writeSync` in Node. */
export function printedBy(work: () => void): string {
  const original = fs.writeSync;
  const lines: string[] = [];
  fs.writeSync = ((descriptor: number, data: string | NodeJS.ArrayBufferView) => {
    if (descriptor !== STDOUT || typeof data !== 'string') return original(descriptor, data as string);
    lines.push(data);
    return data.length;
  }) as typeof fs.writeSync;
  try {
    work();
  } finally {
    fs.writeSync = original;
  }
  return lines.join('');
}

const STDOUT = 1;
