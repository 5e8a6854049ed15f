/** How far quantized files are from their original on calibration samples: decides whether a recovery step is kept. */
import type { Dataset } from '../../../data/samples/dataset.js';
import type { RunContext } from '../../../runtime/context.js';
import { type Session, SPIN_WITHIN_RUNS } from '../../../runtime/runtime.js';
import { type Feeds, floatsOf, type Tensor } from '../../../tensor/tensor.js';
import { batches } from '../../calibrate/batches.js';
import { refusedSample } from '../../calibrate/refused-sample.js';

export interface OutputErrorOptions {
  /** Path of the float model. */
  reference: string;
  dataset: Dataset;
  context: RunContext;
}

/** Samples read at most. */
const SAMPLES = 8;

/** Bytes of the reference's outputs that are kept for the next comparison. */
const MOST_KEPT_BYTES = 2 ** 24;

/** Compares files with one reference on the same samples, again and again: what the reference gave for the first ones is kept. */
export class OutputErrors {
  readonly #options: OutputErrorOptions;
  readonly #expected: Feeds[] = [];
  #keptBytes = 0;

  constructor(options: OutputErrorOptions) {
    this.#options = options;
  }

  /** Error power over signal power of each file's float outputs, each output counting alike; lower is better, Infinity for NaN. */
  async of(files: readonly string[], samples = SAMPLES): Promise<number[]> {
    const { reference, dataset, context } = this.#options;
    const sessions: Session[] = [];
    const open = async (file: string): Promise<Session> => {
      const session = await this.#open(file);
      sessions.push(session);
      return session;
    };
    try {
      for (const file of files) await open(file);
      const variants = [...sessions];
      const names = floatOutputs(variants[0]);
      if (names.length === 0) return files.map(() => 0);
      const powers = files.map(() => new Map<string, number>());
      const signals = new Map<string, number>();
      const expectedOf = this.#reference(names, () => open(reference));
      let done = 0;
      for await (const feeds of batches(dataset, variants[0]!.inputs, context.signal)) {
        const expected = await expectedOf(done, feeds);
        for (const name of names) add(signals, name, power(expected[name]!));
        for (const [i, session] of variants.entries()) {
          const found = await session.run(feeds, names);
          for (const name of names) add(powers[i]!, name, distance(expected[name]!, found[name]!));
        }
        if (++done >= samples) break;
      }
      return powers.map((byName) => relativeError(byName, signals));
    } finally {
      for (const session of sessions) await session.release();
    }
  }

  async #open(file: string): Promise<Session> {
    const { runtime, threads } = this.#options.context;
    // Several sessions wait for each other here: none may spin between its runs.
    return await runtime.open(file, { configEntries: SPIN_WITHIN_RUNS, threads });
  }

  /** Gives the reference's outputs for the n-th feeds: those that are known, or by a session that is opened when it is needed. */
  #reference(
    names: readonly string[],
    open: () => Promise<Session>,
  ): (index: number, feeds: Feeds) => Promise<Feeds> {
    let session: Session | undefined;
    return async (index, feeds) => {
      const known = this.#expected[index];
      if (known && names.every((name) => known[name])) return known;
      session ??= await open();
      const expected = await session.run(feeds, names).catch((error: unknown) => {
        throw refusedSample(error, this.#options.dataset);
      });
      const bytes = names.reduce((sum, name) => sum + floatsOf(expected[name]!).byteLength, 0);
      if (index === this.#expected.length && this.#keptBytes + bytes <= MOST_KEPT_BYTES) {
        this.#expected.push(expected);
        this.#keptBytes += bytes;
      }
      return expected;
    };
  }
}

function floatOutputs(session: Session | undefined): string[] {
  return (session?.outputs ?? []).filter(({ type }) => type === 'float32').map(({ name }) => name);
}

function relativeError(powers: ReadonlyMap<string, number>, signals: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const [name, error] of powers) total += error / (signals.get(name) || 1);
  return Number.isNaN(total) ? Number.POSITIVE_INFINITY : total;
}

function add(sums: Map<string, number>, name: string, value: number): void {
  sums.set(name, (sums.get(name) ?? 0) + value);
}

function power(tensor: Tensor): number {
  let sum = 0;
  for (const value of floatsOf(tensor)) sum += value * value;
  return sum;
}

function distance(a: Tensor, b: Tensor): number {
  const [left, right] = [floatsOf(a), floatsOf(b)];
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i]! - right[i]!) ** 2;
  return sum;
}
