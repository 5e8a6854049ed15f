/** What failures of onnxruntime-web mean, in Node and in a page. */
import { messageOf, UserError } from '../../errors.js';
import type { Session } from '../runtime.js';

/** What a failure of the WebAssembly build means. */
export function textOf(error: unknown): string {
  // C++ exceptions that it doesn't translate come out as numbers: addresses in its heap.
  if (typeof error === 'number')
    return `out of memory, most likely: exception ${error} of the WebAssembly build`;
  const text = messageOf(error).trim();
  if (NO_HALF.test(text)) {
    return `WebGPU's adapter has no half precision (feature shader-f16), which this file computes in: measure it on another GPU, or store weights in half only. ONNX Runtime says: ${text}`;
  }
  // Sizes are counted in 32 bits.
  return TOO_LARGE.test(text)
    ? `out of memory: more than the 4 GB that WebAssembly can address (${text})`
    : text;
}

const NO_HALF = /requires f16 but the device does not support it/;
const TOO_LARGE = /SafeIntOnOverflow|SafeIntExceptionHandler/;

/** The session with failures of its runs told in words, as the worker's parent tells them apart. */
export function inWords(session: Session): Session {
  return {
    ...session,
    run: (feeds, outputs) => session.run(feeds, outputs).catch(rethrow),
    prepare(feeds) {
      const prepared = session.prepare(feeds);
      return { ...prepared, run: () => prepared.run().catch(rethrow) };
    },
  };
}

function rethrow(error: unknown): never {
  throw error instanceof UserError ? error : new Error(textOf(error));
}
