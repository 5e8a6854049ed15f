/** How far quantized files are from their original on calibration samples: decides between calibrators, and whether a recovery step is kept. */
import type { Dataset } from '../../../data/samples/dataset.js';
import type { RunContext } from '../../../runtime/context.js';
import { NEVER_SPIN, type Session } from '../../../runtime/runtime.js';
import { isFloatType } from '../../../tensor/elements.js';
import { fromHalf } from '../../../tensor/half.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import type { ValueMeta } from '../../../tensor/value-meta.js';
import { batches } from '../../calibrate/batches.js';
import { refusedSample } from '../../calibrate/refused-sample.js';

export interface OutputErrorOptions {
  /** Path of the float model. */
  reference: string;
  dataset: Dataset;
  /** Samples of it that are at hand, as the model takes them; default: the first ones are read. */
  samples?: readonly Feeds[];
  /** Where the reference's outputs are kept for the next comparison; default: here. */
  known?: Map<Feeds, Feeds>;
  context: RunContext;
}

/** Error power over signal power of a file's float outputs, each output counting alike; lower is better, Infinity for NaN. */
export interface FileError {
  /** Over all samples together. */
  all: number;
  /** Of each sample alone. */
  samples: number[];
  /** What each sample adds to `all`. */
  noise: number[];
}

/** Samples compared where the caller names none. */
const SAMPLES = 16;

/** Bytes of the reference's outputs, and of samples that are read, that are kept for the next comparison. */
const MOST_KEPT_BYTES = 2 ** 24;

/** Compares files with one reference on the same samples, again and again: what the reference gave is kept. */
export class OutputErrors {
  readonly #options: OutputErrorOptions;
  readonly #expected: Map<Feeds, Feeds>;
  #samples: readonly Feeds[] | undefined;
  #keptBytes = 0;

  constructor(options: OutputErrorOptions) {
    this.#options = options;
    this.#expected = options.known ?? new Map();
    this.#samples = options.samples?.slice(0, SAMPLES);
  }

  /** The first of the samples that are at hand; undefined: none has been read. */
  get firstSample(): Feeds | undefined {
    return this.#samples?.[0];
  }

  /** The error of each file on these samples; default: a few of the data set. */
  async of(files: readonly string[], samples?: readonly Feeds[]): Promise<FileError[]> {
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
      if (names.length === 0) return files.map(() => ({ all: 0, samples: [], noise: [] }));
      const sums = files.map(() => new ErrorSums());
      const expectedOf = this.#reference(names, () => open(this.#options.reference));
      for (const feeds of samples ?? (await this.#firstSamples(variants[0]!.inputs))) {
        const expected = await expectedOf(feeds);
        for (const [i, session] of variants.entries()) {
          sums[i]!.add(names, expected, await session.run(feeds, names));
        }
      }
      return sums.map((sum) => sum.result());
    } finally {
      for (const session of sessions) await session.release();
    }
  }

  async #open(file: string): Promise<Session> {
    const { runtime, threads } = this.#options.context;
    return await runtime.open(file, { configEntries: NEVER_SPIN, threads });
  }

  async #firstSamples(inputs: readonly ValueMeta[]): Promise<readonly Feeds[]> {
    if (this.#samples) return this.#samples;
    const { dataset, context } = this.#options;
    const samples: Feeds[] = [];
    let bytes = 0;
    for await (const feeds of batches(dataset, inputs, context.signal)) {
      samples.push(feeds);
      bytes += Object.values(feeds).reduce((sum, { data }) => sum + byteLength(data), 0);
      if (samples.length >= SAMPLES || bytes > MOST_KEPT_BYTES) break;
    }
    this.#samples = samples;
    return samples;
  }

  /** Gives the reference's outputs for a sample: those that are known, or by a session that is opened when it is needed. */
  #reference(names: readonly string[], open: () => Promise<Session>): (feeds: Feeds) => Promise<Feeds> {
    let session: Session | undefined;
    return async (feeds) => {
      const known = this.#expected.get(feeds);
      if (known && names.every((name) => known[name])) return known;
      session ??= await open();
      const expected = await session.run(feeds, names).catch((error: unknown) => {
        throw refusedSample(error, this.#options.dataset, feeds);
      });
      const bytes = names.reduce((sum, name) => sum + valuesOf(expected[name]!).byteLength, 0);
      if (this.#keptBytes + bytes <= MOST_KEPT_BYTES) {
        this.#expected.set(feeds, expected);
        this.#keptBytes += bytes;
      }
      return expected;
    };
  }
}

/** Sums over samples, by output. */
class ErrorSums {
  /** By sample. */
  readonly #errors = new Map<string, number[]>();
  readonly #signals = new Map<string, number>();
  readonly #samples: number[] = [];

  add(names: readonly string[], expected: Feeds, found: Feeds): void {
    let alone = 0;
    for (const name of names) {
      const signal = power(expected[name]!);
      const error = distance(expected[name]!, found[name]!);
      this.#signals.set(name, (this.#signals.get(name) ?? 0) + signal);
      this.#errors.set(name, [...(this.#errors.get(name) ?? []), error]);
      alone += error / (signal || 1);
    }
    this.#samples.push(orInfinity(alone));
  }

  result(): FileError {
    const outputs = [...this.#errors].map(([name, errors]) => ({
      errors,
      signal: this.#signals.get(name) || 1,
    }));
    const noise = this.#samples.map((_, sample) =>
      orInfinity(outputs.reduce((sum, { errors, signal }) => sum + errors[sample]! / signal, 0)),
    );
    const all = outputs.reduce(
      (sum, { errors, signal }) => sum + errors.reduce((a, b) => a + b, 0) / signal,
      0,
    );
    return { all: orInfinity(all), samples: this.#samples, noise };
  }
}

function floatOutputs(session: Session | undefined): string[] {
  return (session?.outputs ?? [])
    .filter(({ type }) => type !== null && isFloatType(type))
    .map(({ name }) => name);
}

function orInfinity(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

function byteLength(data: Tensor['data']): number {
  return Array.isArray(data) ? data.length : data.byteLength;
}

function power(tensor: Tensor): number {
  let sum = 0;
  for (const value of valuesOf(tensor)) sum += value * value;
  return sum;
}

function distance(a: Tensor, b: Tensor): number {
  const [left, right] = [valuesOf(a), valuesOf(b)];
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i]! - right[i]!) ** 2;
  return sum;
}

/** Values of a floating-point tensor. */
function valuesOf({ type, data }: Tensor): Float32Array | Float64Array {
  return type === 'float16' ? fromHalf(data as Uint16Array) : (data as Float32Array | Float64Array);
}
