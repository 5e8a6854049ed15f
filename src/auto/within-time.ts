/** Work that is given up once its own progress tells that there is no time for the rest of it. */
import { Interrupted } from '../errors.js';
import type { RunContext } from '../runtime/context.js';

/** What ends such work; nobody else's interruption is of this kind. */
export class OutOfTime extends Interrupted {}

/** Before this share of a step is done it doesn't tell how long the rest takes. */
const TELLING_SHARE = 0.2;

/** The context for such work. @param leftMs how long it may still take, whenever it is asked. */
export function withinTime(context: RunContext, leftMs: () => number): RunContext {
  const own = new AbortController();
  const { signal } = context;
  const pass = () => own.abort(signal!.reason);
  if (signal?.aborted) pass();
  else signal?.addEventListener('abort', pass, { once: true, signal: own.signal });
  let [current, begun] = ['', performance.now()];
  const progress = (step: string, done: number, total: number): void => {
    context.log.progress(step, done, total);
    const now = performance.now();
    // What was before the first word of a step belongs to it.
    if (step !== current && current !== '') begun = now;
    current = step;
    const pastMs = now - begun;
    // The first part may be a slow one; but the rest takes no less than that.
    const restMs = done < TELLING_SHARE * total ? pastMs : (pastMs * (total - done)) / done;
    if (done < total && restMs > leftMs())
      own.abort(new OutOfTime(`${step} would take ${Math.round(restMs / 1000)} s more`));
  };
  return { ...context, signal: own.signal, log: { ...context.log, progress } };
}
