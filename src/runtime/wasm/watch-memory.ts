/** What WebAssembly's memories take, which onnxruntime-web keeps to itself: in Node and in a page. */

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
