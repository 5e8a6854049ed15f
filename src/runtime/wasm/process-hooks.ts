/** What onnxruntime-web prints in Node. */
import fs from 'node:fs';

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
