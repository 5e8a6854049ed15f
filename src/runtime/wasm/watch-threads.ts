/** How many threads onnxruntime-web works with, which it keeps to itself: in Node and in a page. */
import { MachineError } from '../../errors.js';

/** Whatever holds the class of which each thread but the first is an object: a page's globals, Node's worker_threads. */
export interface WorkerHolder {
  Worker: new (...given: never[]) => object;
}

/** Sees every worker that is made of `holder.Worker` from here on. `count`: the threads there are, with the one that makes them. */
export function watchThreads(holder: WorkerHolder): { count(): number } {
  let made = 0;
  const Original = holder.Worker;
  holder.Worker = class extends Original {
    constructor(...given: never[]) {
      super(...given);
      made++;
    }
  };
  return { count: () => 1 + made };
}

/** onnxruntime-web goes on with one thread where it can't have several, and says so on the console alone. Throws MachineError. */
export function requireThreads(asked: number, started: number, place: string): void {
  if (started === asked) return;
  throw new MachineError(
    'runtime.threads',
    `ONNX Runtime for the web was asked for ${asked} threads and works with ${started} in ${place}. Set \`benchmark.threads: [1]\` (command line: --threads 1) to measure what this place can do.`,
  );
}
