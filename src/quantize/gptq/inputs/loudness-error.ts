/**
 * How surely samples tell how loud inputs are, and what they are in the mean. The vectors of one sample are no separate witnesses: a text's tokens, a recording's
 * frames resemble each other. So what is chance is seen between two halves of the samples, where the number of vectors says too little.
 */

/** Sums over the vectors of every other sample. */
interface Half {
  sums: Float64Array;
  squares: Float64Array;
  rows: number;
}

/** What a layer reads in the mean. */
export interface InputMean {
  /** Of each input. */
  values: Float64Array;
  /** The share of it (of its squares) that is expected to be chance: 0.01 at least, 1 with fewer than two samples. */
  chance: number;
  /** As LoudnessError.result has it, of how loud inputs are around their mean. */
  loudnessError: number;
  /** Vectors that it is the mean of. */
  rows: number;
}

/** Inputs that never differ on the samples may do so elsewhere. */
const LEAST_CHANCE = 0.01;

export class LoudnessError {
  readonly #size: number;
  readonly #halves: readonly [Half, Half];
  #samples = 0;

  /** @param size inputs of the layer. */
  constructor(size: number) {
    const half = (): Half => ({ sums: new Float64Array(size), squares: new Float64Array(size), rows: 0 });
    this.#size = size;
    this.#halves = [half(), half()];
  }

  /** What is added from now on is of another sample. */
  nextSample(): void {
    this.#samples++;
  }

  /** @param vector [size]. */
  add(vector: Float32Array): void {
    const half = this.#halves[this.#samples % 2]!;
    for (let k = 0; k < vector.length; k++) {
      half.sums[k]! += vector[k]!;
      half.squares[k]! += vector[k]! ** 2;
    }
    half.rows++;
  }

  /** The standard error of an input's mean square over all samples, as a share of that: root mean square over the inputs that are ever heard. 0 with fewer than two samples. */
  result(): number {
    return this.#errorOf(({ squares }, k) => squares[k]!);
  }

  /** Of all vectors, of which there is at least one. */
  mean(): InputMean {
    const [first, second] = this.#halves;
    const [n, m] = [first.rows, second.rows];
    const values = first.sums.map((sum, k) => (sum + second.sums[k]!) / (n + m));
    const loudnessError = this.#errorOf(
      ({ sums, squares, rows }, k) => squares[k]! - 2 * values[k]! * sums[k]! + rows * values[k]! ** 2,
    );
    return { values, chance: this.#chanceOf(values), loudnessError, rows: n + m };
  }

  /** @param of each half: the sum of the squares of an input. */
  #errorOf(squaresOf: (half: Half, input: number) => number): number {
    const [first, second] = this.#halves;
    const [n, m] = [first.rows, second.rows];
    if (n === 0 || m === 0) return 0;
    // The variance of the mean of all is that much of the squared difference between the means of the halves.
    const share = (n * m) / (n + m) ** 2;
    let [sum, heard] = [0, 0];
    for (let k = 0; k < this.#size; k++) {
      const [own, other] = [squaresOf(first, k), squaresOf(second, k)];
      const mean = (own + other) / (n + m);
      if (!(mean > 0)) continue;
      sum += share * ((own / n - other / m) / mean) ** 2;
      heard++;
    }
    return heard > 0 ? Math.sqrt(sum / heard) : 0;
  }

  #chanceOf(mean: Float64Array): number {
    const [{ sums: first, rows: n }, { sums: second, rows: m }] = this.#halves;
    if (n === 0 || m === 0) return 1;
    const share = (n * m) / (n + m) ** 2;
    let [power, chance] = [0, 0];
    mean.forEach((value, k) => {
      power += value ** 2;
      chance += share * (first[k]! / n - second[k]! / m) ** 2;
    });
    return chance < power ? Math.max(LEAST_CHANCE, chance / power) : 1;
  }
}
