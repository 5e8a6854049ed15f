/** Error of one tensor inside a model, before and after undoing a factor per channel. */
import { elementCount } from '../../tensor/dims.js';
import { numbersOf } from '../../tensor/elements.js';
import { SignalAndNoise, sqnrOf } from '../../tensor/sqnr.js';
import type { Tensor } from '../../tensor/tensor.js';

/** Per channel: Σx², Σxy, Σy². */
type Sums = { xx: Float64Array; xy: Float64Array; yy: Float64Array };

/** Where the channels of a tensor lie, and which of its values are at hand. */
interface Channels {
  axis: 'second' | 'last';
  channels: number;
  /** Values of one channel that lie behind one another. */
  inner: number;
  stride: number;
}

/** Sums over samples of a tensor of the original (x) and the variant (y). */
export class TensorError {
  private count = 0;
  private readonly sums = new SignalAndNoise();
  /** By the axis that may hold the channels: the second, as of convolutions, and the last, as of matrix products. */
  private readonly byAxis = new Map<'second' | 'last', Sums>();

  /** Adds one sample, equal in shape. Infinities and NaN that both share don't count.
   *  @param stride only every so many-th value is at hand, though the dimensions are those of the whole. */
  add(original: Tensor, variant: Tensor, stride = 1): void {
    const [x, y] = [numbersOf(original), numbersOf(variant)];
    this.count++;
    this.sums.add(x, y);
    const { dims } = original;
    if (dims.length < 2) return;
    this.addChannels(x, y, { axis: 'last', channels: dims.at(-1)!, inner: 1, stride });
    const inner = elementCount(dims.slice(2));
    if (dims.length > 2) this.addChannels(x, y, { axis: 'second', channels: dims[1]!, inner, stride });
  }

  /** Whether any sample could be compared. */
  get compared(): boolean {
    return this.count > 0;
  }

  /** 20·log10(‖x‖ ÷ ‖x − y‖), in dB. */
  sqnr(): number {
    return this.sums.sqnr;
  }

  /** The same after each channel of y is multiplied by what brings it nearest to x (least squares: Σxy ÷ Σy²). */
  sqnrOfRescaled(): number {
    const noises = [...this.byAxis.values()].map(({ xx, xy, yy }) =>
      xx.reduce(
        (sum, square, c) => sum + (yy[c]! > 0 ? Math.max(0, square - xy[c]! ** 2 / yy[c]!) : square),
        0,
      ),
    );
    return sqnrOf(this.sums.signal, Math.min(this.sums.noise, ...noises));
  }

  private addChannels(
    x: ArrayLike<number>,
    y: ArrayLike<number>,
    { axis, channels, inner, stride }: Channels,
  ): void {
    const zeros = () => new Float64Array(channels);
    const sums = this.byAxis.get(axis) ?? { xx: zeros(), xy: zeros(), yy: zeros() };
    // Axes whose length follows the sample hold no channels.
    if (sums.xx.length !== channels) {
      this.byAxis.delete(axis);
      return;
    }
    this.byAxis.set(axis, sums);
    const { xx, xy, yy } = sums;
    for (let at = 0, place = 0; at < x.length; at++, place += stride) {
      const channel = Math.floor(place / inner) % channels;
      const a = x[at]!;
      const b = y[at]!;
      // Not so where either is infinite or NaN.
      if (a - a !== 0 || b - b !== 0) continue;
      xx[channel]! += a * a;
      xy[channel]! += a * b;
      yy[channel]! += b * b;
    }
  }
}
