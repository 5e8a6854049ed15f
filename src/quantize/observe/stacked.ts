/** Runs several samples at once where that gives the same as one by one: threads wait for each other less often.
 *
 *  Only where the model leaves its batch dimension open, and only after a first stack gave, bit for bit, what its samples gave alone:
 *  some models mix what lies along their first axis. */
import type { Dataset } from '../../data/samples/dataset.js';
import { stack } from '../../data/samples/stack.js';
import type { RunContext } from '../../runtime/context.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import { batches } from './batches.js';
import type { ObservedRun, ObservedValues, ObserverSession } from './observer.js';

/** Samples and elements of one input in a stack: more would save nothing, and hold more memory. */
const MOST_SAMPLES = 8;
const MOST_ELEMENTS = 3 * 2 ** 17;

/** What was observed in each run, and how many samples it took.
 *  @throws Interrupted when the signal is aborted. */
export async function* stackedRuns(
  session: ObserverSession,
  { dataset, context }: { dataset: Dataset; context: Pick<RunContext, 'signal'> },
): AsyncGenerator<ObservedRun> {
  const { inputs } = session;
  /** null: not yet known. */
  let trusted: boolean | null = leavesBatchOpen(inputs) ? null : false;
  let waiting: Feeds[] = [];
  let stacked: Feeds | undefined;
  async function* flush(): AsyncGenerator<ObservedRun> {
    const samples = waiting;
    waiting = [];
    if (trusted && samples.length > 1) {
      stacked = stack(samples, inputs, stacked);
      yield { values: await session.run(stacked), feeds: stacked, samples: samples.length };
      return;
    }
    const alone: ObservedValues[] = [];
    for (const feeds of samples) {
      const values = await session.run(feeds);
      alone.push(values);
      yield { values, feeds, samples: 1 };
    }
    if (trusted === null && samples.length > 1) trusted = await agrees(session, samples, alone);
  }
  for await (const feeds of batches(dataset, inputs, context.signal)) {
    if (waiting.length > 0 && !sameShapes(waiting[0]!, feeds)) yield* flush();
    waiting.push(feeds);
    if (trusted === false || waiting.length >= stackSize(feeds)) yield* flush();
  }
  yield* flush();
}

/** All inputs begin with one and the same symbol. */
function leavesBatchOpen(inputs: readonly ValueMeta[]): boolean {
  const symbols = new Set(inputs.map(({ shape }) => shape?.[0]));
  const [symbol] = symbols;
  return symbols.size === 1 && typeof symbol === 'string' && symbol !== '';
}

function stackSize(feeds: Feeds): number {
  const tensors = Object.values(feeds);
  if (tensors.some(({ dims }) => dims[0] !== 1)) return 1;
  const elements = Math.max(1, ...tensors.map(({ data }) => data.length));
  return Math.max(1, Math.min(MOST_SAMPLES, Math.floor(MOST_ELEMENTS / elements)));
}

function sameShapes(a: Feeds, b: Feeds): boolean {
  return Object.keys(a).every((name) => a[name]!.dims.join() === b[name]!.dims.join());
}

/** Whether the stack gives every value of its samples one after the other, or their smallest or largest where it is one number. */
async function agrees(
  session: ObserverSession,
  samples: readonly Feeds[],
  alone: readonly ObservedValues[],
): Promise<boolean> {
  let together: ObservedValues;
  try {
    together = await session.run(stack(samples, session.inputs));
  } catch {
    // Shapes that are written into the model for a batch of one.
    return false;
  }
  for (const [name, value] of together) {
    const parts = alone.map((values) => values.get(name)!);
    const joined = parts.flatMap((part) => [...part]);
    const same =
      value.length === joined.length
        ? joined.every((element, i) => element === value[i])
        : value.length === 1 && (value[0] === Math.max(...joined) || value[0] === Math.min(...joined));
    if (!same) return false;
  }
  return true;
}
