/** How far a file's outputs are from those of its original, summed over samples. */
import { fromHalf } from '../../../tensor/half.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';

/** Error power over signal power of a file's float outputs, each output counting alike; lower is better, Infinity for NaN. */
export interface FileError {
  /** Over all samples together. */
  all: number;
  /** Of each sample alone. */
  samples: number[];
  /** What each sample adds to `all`. */
  noise: number[];
  /** Of outputs [rows, values], by their names: what each sample's rows are off by in the mean. Not of very wide ones. */
  drifts?: ReadonlyMap<string, readonly Float32Array[]>;
}

/** Values of a row, at most, that are kept. */
const MOST_DRIFTING = 2 ** 14;

/** Sums over samples, by output. */
export class ErrorSums {
  /** By sample. */
  readonly #errors = new Map<string, number[]>();
  readonly #signals = new Map<string, number>();
  readonly #samples: number[] = [];
  readonly #drifts = new Map<string, Float32Array[]>();

  add(names: readonly string[], expected: Feeds, found: Feeds): void {
    let alone = 0;
    for (const name of names) {
      const signal = power(expected[name]!);
      const error = distance(expected[name]!, found[name]!);
      this.#signals.set(name, (this.#signals.get(name) ?? 0) + signal);
      this.#errors.set(name, [...(this.#errors.get(name) ?? []), error]);
      alone += error / (signal || 1);
      this.#addDrifts(name, expected[name]!, found[name]!);
    }
    this.#samples.push(orInfinity(alone));
  }

  #addDrifts(name: string, expected: Tensor, found: Tensor): void {
    const length = found.dims[1] ?? 0;
    const [left, right] = [expected.data, found.data];
    if (found.dims.length !== 2 || length > MOST_DRIFTING || left.length !== right.length) return;
    if (!(left instanceof Float32Array && right instanceof Float32Array)) return;
    if (right.length === 0) return;
    const rows = right.length / length;
    const drift = new Float32Array(length);
    right.forEach((value, at) => {
      drift[at % length]! += (value - left[at]!) / rows;
    });
    this.#drifts.set(name, [...(this.#drifts.get(name) ?? []), drift]);
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
    return {
      all: orInfinity(all),
      samples: this.#samples,
      noise,
      ...(this.#drifts.size > 0 ? { drifts: this.#drifts } : {}),
    };
  }
}

function orInfinity(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/** Of what the original gives: several files are compared with the same. */
const powers = new WeakMap<Tensor, number>();

function power(tensor: Tensor): number {
  const known = powers.get(tensor);
  if (known !== undefined) return known;
  const values = valuesOf(tensor);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  powers.set(tensor, sum);
  return sum;
}

function distance(a: Tensor, b: Tensor): number {
  const [left, right] = [valuesOf(a), valuesOf(b)];
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < left.length; i++) {
    const difference = left[i]! - right[i]!;
    sum += difference * difference;
  }
  return sum;
}

/** Values of a floating-point tensor. */
function valuesOf({ type, data }: Tensor): Float32Array | Float64Array {
  return type === 'float16' ? fromHalf(data as Uint16Array) : (data as Float32Array | Float64Array);
}
