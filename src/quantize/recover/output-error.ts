/** How far quantized files are from their original on calibration samples: decides whether a recovery step is kept. */
import type { Dataset } from '../../data/dataset.js';
import type { Runtime, Session } from '../../runtime/runtime.js';
import type { Tensor } from '../../runtime/tensor.js';
import { batches } from '../calibrate/batches.js';

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

/** Error power over signal power of each file's float outputs, each output counting alike; lower is better, Infinity for NaN. */
export async function outputErrors(files: readonly string[], options: OutputErrorOptions): Promise<number[]> {
  const { reference, dataset, runtime, threads, signal, samples = SAMPLES } = options;
  const sessions: Session[] = [];
  const errors = files.map(() => new Map<string, number>());
  const signals = new Map<string, number>();
  try {
    for (const file of [reference, ...files]) {
      // Several sessions wait for each other here: none may spin meanwhile.
      const configEntries = { 'session.intra_op.allow_spinning': '0' };
      sessions.push(
        await runtime.open(file, { configEntries, ...(threads === undefined ? {} : { threads }) }),
      );
    }
    const [original, ...variants] = sessions as [Session, ...Session[]];
    const names = original.outputs.filter(({ type }) => type === 'float32').map(({ name }) => name);
    if (names.length === 0) return files.map(() => 0);
    let done = 0;
    for await (const feeds of batches(dataset, original.inputs, signal)) {
      const expected = await original.run(feeds, names);
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
