/** How far quantized files are from their original on calibration samples: decides whether a recovery step is kept. */
import type { Dataset } from '../../../data/samples/dataset.js';
import { type Runtime, type Session, SPIN_WITHIN_RUNS } from '../../../runtime/runtime.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import { batches } from '../../calibrate/batches.js';

export interface OutputErrorOptions {
  /** Path of the float model. */
  reference: string;
  dataset: Dataset;
  runtime: Runtime;
  threads?: number;
  signal?: AbortSignal;
  /** Samples read at most. */
  samples?: number;
}

const SAMPLES = 8;

/** Bytes of outputs that are kept for the next comparison. */
const MOST_KEPT_BYTES = 2 ** 24;

/** What the reference gave for the first samples: recovery steps are judged one after the other on the same ones. */
const knownOutputs = new WeakMap<Dataset, { reference: string; outputs: Feeds[]; bytes: number }>();

/** Error power over signal power of each file's float outputs, each output counting alike; lower is better, Infinity for NaN. */
export async function outputErrors(files: readonly string[], options: OutputErrorOptions): Promise<number[]> {
  const { reference, dataset, runtime, threads, signal, samples = SAMPLES } = options;
  const sessions: Session[] = [];
  const errors = files.map(() => new Map<string, number>());
  const signals = new Map<string, number>();
  const open = async (file: string): Promise<Session> => {
    // Several sessions wait for each other here: none may spin between its runs.
    const session = await runtime.open(file, {
      configEntries: SPIN_WITHIN_RUNS,
      ...(threads === undefined ? {} : { threads }),
    });
    sessions.push(session);
    return session;
  };
  try {
    const variants: Session[] = [];
    for (const file of files) variants.push(await open(file));
    const [first] = variants;
    const names = (first?.outputs ?? []).filter(({ type }) => type === 'float32').map(({ name }) => name);
    if (!first || names.length === 0) return files.map(() => 0);
    const expectedOf = referenceOutputs({ reference, dataset, names, open: () => open(reference) });
    let done = 0;
    for await (const feeds of batches(dataset, first.inputs, signal)) {
      const expected = await expectedOf(done, feeds);
      for (const name of names) add(signals, name, power(expected[name]!));
      for (const [i, session] of variants.entries()) {
        const found = await session.run(feeds, names);
        for (const name of names) add(errors[i]!, name, distance(expected[name]!, found[name]!));
      }
      if (++done >= samples) break;
    }
    return errors.map((byName) => {
      const total = names.reduce((sum, name) => sum + byName.get(name)! / (signals.get(name) || 1), 0);
      return Number.isNaN(total) ? Number.POSITIVE_INFINITY : total;
    });
  } finally {
    for (const session of sessions) await session.release();
  }
}

/** Gives the reference's outputs for the n-th feeds: those that are known, or by a session that is opened when it is needed. */
function referenceOutputs({
  reference,
  dataset,
  names,
  open,
}: {
  reference: string;
  dataset: Dataset;
  names: readonly string[];
  open: () => Promise<Session>;
}): (index: number, feeds: Feeds) => Promise<Feeds> {
  let known = knownOutputs.get(dataset);
  if (known?.reference !== reference) known = { reference, outputs: [], bytes: 0 };
  knownOutputs.set(dataset, known);
  const { outputs } = known;
  let session: Session | undefined;
  return async (index, feeds) => {
    const kept = outputs[index];
    if (kept && names.every((name) => kept[name])) return kept;
    session ??= await open();
    const expected = await session.run(feeds, names);
    const bytes = names.reduce((sum, name) => sum + (expected[name]!.data as Float32Array).byteLength, 0);
    if (index === outputs.length && known.bytes + bytes <= MOST_KEPT_BYTES) {
      outputs.push(expected);
      known.bytes += bytes;
    }
    return expected;
  };
}

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}

function power({ data }: Tensor): number {
  let sum = 0;
  for (const value of data as Float32Array) sum += value * value;
  return sum;
}

function distance(a: Tensor, b: Tensor): number {
  const [left, right] = [a.data as Float32Array, b.data as Float32Array];
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i]! - right[i]!) ** 2;
  return sum;
}
