/** How closely one output of a variant follows the original's, over all samples. */

import { indexOfMaximum } from '../../tensor/argmax.js';
import { elementCount } from '../../tensor/dims.js';
import { isFloatType, numbersOf } from '../../tensor/elements.js';
import { bothUnusable, sqnrOf } from '../../tensor/sqnr.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Task } from '../../terms/metrics.js';
import { divergenceAt } from './divergence.js';

/** Axis over which scores compete: of [N, C] and [N, T, C] the last, of segmentation's [N, C, H, W] the second. */
export type ClassAxis = 'last' | 'second' | 'none';

export function classAxisOf(task: Task): ClassAxis {
  if (task === 'segmentation') return 'second';
  return task === 'regression' || task === 'embedding' || task === 'detection' ? 'none' : 'last';
}

/** Figures of one output. */
export interface Fidelity {
  /** 20·log10(‖x‖ ÷ ‖x − y‖) over all samples, in dB; null for outputs that are not floating-point, and of zeros
   *  that are zero in the variant, too: they have no ratio. */
  sqnr: number | null;
  /** Mean over samples of the cosine between the flattened outputs. */
  cosine: number | null;
  maxAbs: number | null;
  /** Share of positions where the same class is highest (or, of integer outputs, where the values are equal); padding doesn't count. */
  agreement: number | null;
  /** Mean over samples and their positions of the Kullback–Leibler divergence of competing scores, in nats, padding left out; null where
   *  none compete. */
  kl: number | null;
  identical: boolean;
}

/** Sums over samples, from which the figures follow. One instance per output and variant. */
export class OutputFidelity {
  private signal = 0;
  private noise = 0;
  private cosines = 0;
  private maxAbs = 0;
  private samples = 0;
  private floats = false;
  /** Any value that has an error: neither the same infinity in both, nor NaN. */
  private compared = false;
  /** Per sample: agreeing positions, all positions. */
  readonly agreements: [number, number][] = [];
  private divergence = 0;
  /** That have a divergence. */
  private positions = 0;

  /** @param options.divergence whether `kl` is asked for: it takes longer than all the others. */
  constructor(
    private readonly axis: ClassAxis,
    private readonly options: { divergence: boolean } = { divergence: true },
  ) {}

  /**
   * Adds one sample's output, equal in shape. Infinities and NaN that both share don't count.
   * @param attended of an output with one vector per token: where it is 0 stands padding, whose answers nobody reads. They are in SQNR, cosine and
   *   maxAbs, which are about values, but neither in agreement nor in kl. Default: every position counts.
   */
  add(original: Tensor, variant: Tensor, attended: ArrayLike<number> | null = null): void {
    const [x, y] = [numbersOf(original), numbersOf(variant)];
    this.samples++;
    this.floats ||= isFloatType(original.type);
    this.addErrors(x, y);
    if (!isFloatType(original.type)) this.agreements.push([countEqual(x, y), x.length]);
    else if (this.axis !== 'none') this.addAnswers(original.dims, { x, y, attended });
  }

  result(): Fidelity {
    const agreeing = this.agreements.reduce((sum, [equal]) => sum + equal, 0);
    const positions = this.agreements.reduce((sum, [, all]) => sum + all, 0);
    const known = this.floats && this.samples > 0;
    const isZero = this.compared && this.signal === 0 && this.noise === 0;
    return {
      sqnr: known && !isZero ? sqnrOf(this.signal, this.noise) : null,
      cosine: known ? this.cosines / this.samples : null,
      maxAbs: known ? this.maxAbs : null,
      agreement: positions > 0 ? agreeing / positions : null,
      kl: this.positions > 0 ? this.divergence / this.positions : null,
      identical: this.noise === 0,
    };
  }

  private addErrors(x: ArrayLike<number>, y: ArrayLike<number>): void {
    let [signal, noise, product, variantSquares] = [0, 0, 0, 0];
    for (let at = 0; at < x.length; at++) {
      const [a, b] = [x[at]!, y[at]!];
      if (bothUnusable(a, b)) continue;
      this.compared = true;
      const error = a - b;
      signal += a * a;
      noise += error * error;
      product += a * b;
      variantSquares += b * b;
      const distance = Math.abs(error);
      if (distance > this.maxAbs) this.maxAbs = distance;
    }
    this.signal += signal;
    this.noise += noise;
    const norms = Math.sqrt(signal) * Math.sqrt(variantSquares);
    // Two zero vectors agree; of one alone the direction is lost.
    this.cosines += noise === 0 ? 1 : norms === 0 ? 0 : Math.min(1, product / norms);
  }

  /** Of the positions where scores compete. */
  private addAnswers(
    dims: readonly number[],
    { x, y, attended }: { x: ArrayLike<number>; y: ArrayLike<number>; attended: ArrayLike<number> | null },
  ): void {
    const axis = this.axis === 'second' ? 1 : dims.length - 1;
    const classes = dims[axis] ?? 1;
    if (classes < 2 || axis === 0) return;
    const inner = elementCount(dims.slice(axis + 1));
    let [equal, counted] = [0, 0];
    const positions = x.length / classes;
    for (let position = 0; position < positions; position++) {
      if (inner === 1 && attended?.[position] === 0) continue;
      counted++;
      const from = Math.floor(position / inner) * classes * inner + (position % inner);
      const place = { from, classes, step: inner };
      const divergence = this.options.divergence ? divergenceAt(x, y, place) : null;
      if (divergence !== null) {
        this.divergence += divergence;
        this.positions++;
      }
      if (inner === 1) {
        if (indexOfMaximum(x, from, from + classes) === indexOfMaximum(y, from, from + classes)) equal++;
      } else if (highest(x, from, classes, inner) === highest(y, from, classes, inner)) equal++;
    }
    if (counted > 0) this.agreements.push([equal, counted]);
  }
}

function highest(values: ArrayLike<number>, from: number, classes: number, step: number): number {
  let best = 0;
  for (let index = 1; index < classes; index++) {
    if (values[from + index * step]! > values[from + best * step]!) best = index;
  }
  return best;
}

function countEqual(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let equal = 0;
  for (let at = 0; at < x.length; at++) if (x[at] === y[at]) equal++;
  return equal;
}
