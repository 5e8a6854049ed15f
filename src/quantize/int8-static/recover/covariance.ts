/** Covariances and the sums of products that they come of: symmetric, so that of large ones little more than half is computed and held. */
import { meanDiagonal } from '../../gptq/matrices/damping.js';
import type { Matrices } from '../../gptq/matrices/matrices.js';

/** One that is held whole, row by row. */
export type WholeMatrix = Float32Array;

/** Rows from which on a matrix is held in bands: the products of smaller ones are done before those of several have begun. */
const SMALLEST_IN_BANDS = 384;
/** More would save little more, and products of fewer rows take longer for each. */
const BANDS = 4;

/** Some of a matrix's rows, as far as the diagonal of their last one. */
interface Band {
  /** First row, and the one behind the last, up to which columns are held. */
  from: number;
  to: number;
  /** [to − from, to]. */
  values: Float32Array;
}

/** A symmetric matrix [size, size], of which the bands below the diagonal are held. */
export class BandedMatrix {
  readonly size: number;
  readonly #bands: readonly Band[];

  /** @param bands default: zeros. */
  constructor(size: number, bands: readonly Band[] = bandsOf(size)) {
    this.size = size;
    this.#bands = bands;
  }

  /** Adds x · xᵀ. @param x [size, columns]. */
  async addGram(x: { columns: number; data: Float32Array }, matrices: Matrices): Promise<void> {
    const { columns, data } = x;
    for (const { from, to, values } of this.#bands) {
      const rows = { rows: to - from, columns, data: data.subarray(from * columns, to * columns) };
      const before = { rows: to, columns, data: data.subarray(0, to * columns) };
      await matrices.addTransposed(rows, before, values);
    }
  }

  /** Changes the values of a row that are held, all of one after those of the row before. */
  changeRows(change: (row: number, held: Float32Array) => void): void {
    for (const { from, to, values } of this.#bands)
      for (let row = from; row < to; row++)
        change(row, values.subarray((row - from) * to, (row - from + 1) * to));
  }

  /** A copy of all of it, row by row. */
  whole(): WholeMatrix {
    const { size } = this;
    const whole = new Float32Array(size * size);
    this.changeRows((row, held) => whole.set(held, row * size));
    for (const { from } of this.#bands.slice(1)) {
      for (let row = 0; row < from; row++) {
        for (let column = from; column < size; column++)
          whole[row * size + column] = whole[column * size + row]!;
      }
    }
    return whole;
  }

  /** The mean of matrices of this size. */
  meanWith(others: readonly BandedMatrix[]): BandedMatrix {
    const bands = this.#bands.map((band, at) => {
      const values = meanOf(
        band.values,
        others.map((other) => other.#bands[at]!.values),
      );
      return { ...band, values };
    });
    return new BandedMatrix(this.size, bands);
  }
}

function bandsOf(size: number): Band[] {
  return Array.from({ length: BANDS }, (_, band) => {
    const [from, to] = [Math.floor((band * size) / BANDS), Math.floor(((band + 1) * size) / BANDS)];
    return { from, to, values: new Float32Array((to - from) * to) };
  });
}

export type Covariance = WholeMatrix | BandedMatrix;

/** One covariance matrix [inputs, inputs] for all output channels, or one per group of them. */
export interface InputMoments {
  /** Inputs of one output channel: weights per row. */
  inputs: number;
  /** One per convolution group. */
  covariances: Covariance[];
}

/** Whether a matrix with so many rows is held in bands. */
export function isBanded(size: number): boolean {
  return size >= SMALLEST_IN_BANDS;
}

/** All of a covariance, row by row: read-only. */
export function wholeOf(covariance: Covariance): WholeMatrix {
  return covariance instanceof BandedMatrix ? covariance.whole() : covariance;
}

/** The mean of covariances of one size. */
export function meanCovariance([first, ...others]: readonly [Covariance, ...Covariance[]]): Covariance {
  if (first instanceof BandedMatrix) return first.meanWith(others as BandedMatrix[]);
  return meanOf(first, others as WholeMatrix[]);
}

function meanOf(first: Float32Array, others: readonly Float32Array[]): Float32Array {
  return first.map(
    (value, at) => others.reduce((sum, other) => sum + other[at]!, value) / (others.length + 1),
  );
}

/** Those of a convolution that got further inputs behind its own, which are always zero. They count as loud as the others do in the mean, so that the damping stays
 *  what it was: their weights are zero and stay so. */
export function widenedMoments({ inputs, covariances }: InputMoments, wider: number): InputMoments {
  return {
    inputs: wider,
    covariances: covariances.map((covariance) => {
      const [values, wide] = [wholeOf(covariance), new Float32Array(wider * wider)];
      for (let row = 0; row < inputs; row++)
        wide.set(values.subarray(row * inputs, (row + 1) * inputs), row * wider);
      const mean = meanDiagonal(values, inputs);
      for (let row = inputs; row < wider; row++) wide[row * wider + row] = mean;
      return wide;
    }),
  };
}
