/** Signal-to-quantization-noise ratio: how closely values follow others. */

/** NumPy's float64 machine epsilon: keeps the ratio of norms finite when an error is zero (as ONNX Runtime's SQNR does). */
const EPSILON = 2 ** -52;

/** Signal-to-quantization-noise ratio in dB from the sums of squares of signal and error. Of norms below 1 the epsilon is a share: values
 *  of 1e-20 have a ratio like others. 0 where both are 0. */
export function sqnrOf(signal: number, noise: number): number {
  const [norm, error] = [Math.sqrt(signal), Math.sqrt(noise)];
  const least = EPSILON * Math.min(1, Math.max(norm, error));
  return least === 0 ? 0 : 20 * Math.log10(Math.max(norm, least) / Math.max(error, least));
}

/** Whether both are the same infinity, or NaN: no error of the second's, and no signal that it could follow. */
export function bothUnusable(a: number, b: number): boolean {
  return !Number.isFinite(a) && Object.is(a, b);
}

/** Sums of squares over arrays of values and those that stand for them. */
export class SignalAndNoise {
  signal = 0;
  noise = 0;

  /** Adds arrays of equal length. Infinities and NaN that both share don't count. */
  add(values: ArrayLike<number>, others: ArrayLike<number>): void {
    let [signal, noise] = [0, 0];
    for (let at = 0; at < values.length; at++) {
      const a = values[at]!;
      const b = others[at]!;
      if (bothUnusable(a, b)) continue;
      signal += a * a;
      noise += (a - b) ** 2;
    }
    this.signal += signal;
    this.noise += noise;
  }

  /** 20·log10(‖x‖ ÷ ‖x − y‖), in dB. */
  get sqnr(): number {
    return sqnrOf(this.signal, this.noise);
  }
}
