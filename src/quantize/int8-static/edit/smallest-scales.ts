/** The smallest scales that a weight may have so that the biases of all its readers fit int32: one tensor has one set of scales. */
import type { Weighted } from '../../../onnx/query/weighted.js';
import { smallestWeightScale } from '../../integers/bias.js';

export interface ReaderBias {
  bias: Float32Array;
  inputScale: number;
  /** Scales of the weight: one per output channel, or 1. */
  channels: number;
}

type WeightForm = Pick<Weighted, 'weight' | 'alpha'>;

export class SmallestScales {
  readonly #scales = new Map<string, Float32Array>();

  /** Takes the bias of one of a weight's readers into account. */
  add(weighted: WeightForm, { bias, inputScale, channels }: ReaderBias): void {
    const scales = smallestWeightScale(bias, inputScale, channels);
    const others = this.of(weighted, channels);
    this.#scales.set(
      keyOf(weighted, channels),
      others ? scales.map((scale, channel) => Math.max(scale, others[channel]!)) : scales,
    );
  }

  /** One per channel, enough for every reader; undefined where none has a bias. */
  of(weighted: WeightForm, channels: number): Float32Array | undefined {
    return this.#scales.get(keyOf(weighted, channels));
  }
}

function keyOf({ weight, alpha }: WeightForm, channels: number): string {
  return JSON.stringify([weight, alpha, channels]);
}
