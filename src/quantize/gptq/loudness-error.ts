/**
 * How surely samples tell how loud inputs are. The vectors of one sample are no separate witnesses: a text's tokens, a recording's frames resemble each
 * other. So what is chance is seen between two halves of the samples, where the number of vectors says too little.
 */

/** Sums over the vectors of every other sample. */
interface Half {
  squares: Float64Array;
  rows: number;
}

export class LoudnessError {
  readonly #halves: readonly [Half, Half];
  #samples = 0;

  /** @param size inputs of the layer. */
  constructor(size: number) {
    const half = (): Half => ({ squares: new Float64Array(size), rows: 0 });
    this.#halves = [half(), half()];
  }

  /** What is added from now on is of another sample. */
  nextSample(): void {
    this.#samples++;
  }

  /** @param vector [size]. */
  add(vector: Float32Array): void {
    const half = this.#halves[this.#samples % 2]!;
    for (let k = 0; k < vector.length; k++) half.squares[k]! += vector[k]! ** 2;
    half.rows++;
  }

  /** The standard error of an input's mean square over all samples, as a share of that: root mean square over the inputs that are ever heard. 0 with fewer than two samples. */
  result(): number {
    const [{ squares: first, rows: n }, { squares: second, rows: m }] = this.#halves;
    if (n === 0 || m === 0) return 0;
    // The variance of the mean of all is that much of the squared difference between the means of the halves.
    const share = (n * m) / (n + m) ** 2;
    let [sum, heard] = [0, 0];
    first.forEach((square, k) => {
      const mean = (square + second[k]!) / (n + m);
      if (!(mean > 0)) return;
      sum += share * ((square / n - second[k]! / m) / mean) ** 2;
      heard++;
    });
    return heard > 0 ? Math.sqrt(sum / heard) : 0;
  }
}
