/** A clock that only runs of models move: what is chosen by time doesn't depend on the machine. */
import { vi } from 'vitest';
import type { Runtime } from '../../src/runtime/runtime.js';
import { runtime } from './small-models.js';

/** The runtime, with `performance.now()` standing still but for prepared runs. Undone by `vi.restoreAllMocks()`.
 *  @param timeOf milliseconds of one run of a file, asked when it is opened. */
export function clockedRuntime(timeOf: (file: string) => number): Runtime {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return {
    ...runtime,
    async open(model, options) {
      const session = await runtime.open(model, options);
      let timeMs: number | null = null;
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        run: (feeds, outputs) => session.run(feeds, outputs),
        runInto: (feeds, outputs) => session.runInto(feeds, outputs),
        prepare(feeds) {
          timeMs ??= timeOf(String(model));
          const prepared = session.prepare(feeds);
          return {
            async run() {
              await prepared.run();
              now += timeMs!;
            },
            reuseOutputs: () => prepared.reuseOutputs(),
            outputs: () => prepared.outputs(),
          };
        },
        endProfiling: () => session.endProfiling(),
        release: () => session.release(),
      };
    },
  };
}
