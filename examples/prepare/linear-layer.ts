/** Fits a linear layer to embeddings: multinomial logistic regression by gradient descent. */

export interface LinearLayer {
  /** [classes, width] */
  weights: Float32Array<ArrayBuffer>;
  /** [classes] */
  bias: Float32Array<ArrayBuffer>;
}

const STEPS = 60;
const RATE = 1;
/** Weights shrink by this share of themselves per step: embeddings are few beside their width. */
const DECAY = 0.002;

/** @param embeddings one row per sample, all of one width.
 *  @param labels class index of each row. */
export function fitLinearLayer(
  embeddings: readonly Float32Array[],
  labels: readonly number[],
  classes: number,
): LinearLayer {
  const width = embeddings[0]!.length;
  const weights = new Float32Array(classes * width);
  const bias = new Float32Array(classes);
  for (let step = 0; step < STEPS; step++) {
    const slope = new Float64Array(classes * width);
    const biasSlope = new Float64Array(classes);
    for (const [row, embedding] of embeddings.entries()) {
      const scores = Float64Array.from({ length: classes }, (_, k) => {
        let sum = bias[k]!;
        for (let i = 0; i < width; i++) sum += weights[k * width + i]! * embedding[i]!;
        return sum;
      });
      const highest = scores.reduce((a, b) => Math.max(a, b));
      const powers = scores.map((score) => Math.exp(score - highest));
      const total = powers.reduce((a, b) => a + b);
      for (let k = 0; k < classes; k++) {
        const error = powers[k]! / total - (labels[row] === k ? 1 : 0);
        biasSlope[k]! += error;
        for (let i = 0; i < width; i++) slope[k * width + i]! += error * embedding[i]!;
      }
    }
    const rate = RATE / embeddings.length;
    for (let i = 0; i < weights.length; i++) weights[i]! -= rate * slope[i]! + DECAY * RATE * weights[i]!;
    for (let k = 0; k < classes; k++) bias[k]! -= rate * biasSlope[k]!;
  }
  return { weights, bias };
}
