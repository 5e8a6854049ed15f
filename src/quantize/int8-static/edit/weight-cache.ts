/** What weights became in 8 bits, for one attempt: it writes several files, with other ranges but mostly the same weights. */
import type { TensorProto } from 'onnx-buf';
import { throwIfInterrupted } from '../../../errors.js';
import type { RunContext } from '../../../runtime/context.js';
import { sameBytes } from '../../../tensor/same-bytes.js';
import { withMatrices } from '../../gptq/matrices/matrices.js';
import { type QuantizedWeight, quantizeWeight, type WeightOptions } from '../../integers/weights.js';
import {
  fitIntegers,
  isFitted,
  type RoundingOptions,
  roundAdaptively,
} from '../recover/adaptive-rounding.js';
import { outputShift, type ShiftOptions } from '../recover/bias-correction.js';
import { type InputMoments, widenedMoments } from '../recover/covariance.js';
import { quantizeRaised, type Raised, raisedChannels, raisedShift } from './raised-channels.js';

export interface CachedWeightOptions extends WeightOptions {
  /** Says everything that decides the result but the tensor and `smallestScale`. */
  key: string;
}

/** What a tensor became. */
interface Known {
  /** Without the guard on the scales. */
  free: QuantizedWeight;
  /** With the last guard that changes it: files that follow each other mostly have the same ranges, and so the same. */
  guarded: { smallestScale: Float32Array; result: QuantizedWeight } | null;
}

interface Waiting {
  values: Float32Array;
  quantized: QuantizedWeight;
  options: RoundingOptions;
}

/** Results are shared between files: read-only. */
export class WeightCache {
  /** By how the tensor was quantized. */
  readonly #quantized = new Map<TensorProto, Map<string, Known>>();
  readonly #rounded = new Map<InputMoments, { from: QuantizedWeight; to: QuantizedWeight }>();
  /** Weights that are to be rounded, while they are only looked for. */
  #waiting: Map<InputMoments, Waiting> | null = null;
  /** Moments with room for the channels that padding added. */
  readonly #widened = new Map<InputMoments, InputMoments>();
  /** Weights that differ in a few channels from what they are without the guard. */
  readonly #raised = new WeakMap<QuantizedWeight, Raised>();
  readonly #shifts = new WeakMap<QuantizedWeight, Map<Float32Array, Float32Array>>();

  /** As quantizeWeight, which is called only where the result isn't known.
   *  @param tensor whose values these are. */
  quantize(
    tensor: TensorProto,
    weight: { values: Float32Array; dims: readonly number[] },
    { key, ...options }: CachedWeightOptions,
  ): QuantizedWeight {
    const { smallestScale, ...unguarded } = options;
    const results = entry(this.#quantized, tensor, () => new Map<string, Known>());
    const known = entry(results, key, () => ({
      free: quantizeWeight(weight.values, weight.dims, unguarded),
      guarded: null,
    }));
    // The guard takes the larger scale: where it is the smaller one everywhere, it changes nothing.
    const guard = (channel: number) => smallestScale![smallestScale!.length === 1 ? 0 : channel]!;
    if (!smallestScale || known.free.scale.every((scale, channel) => scale >= guard(channel)))
      return known.free;
    if (known.guarded === null || !sameBytes(known.guarded.smallestScale, smallestScale))
      known.guarded = {
        smallestScale,
        result: this.#guarded(known.free, weight, { ...options, smallestScale }),
      };
    return known.guarded.result;
  }

  /** Moments of so many inputs: those that padding added behind the others are always zero. */
  widened(moments: InputMoments, inputs: number): InputMoments {
    return moments.inputs === inputs
      ? moments
      : entry(this.#widened, moments, () => widenedMoments(moments, inputs));
  }

  #guarded(
    free: QuantizedWeight,
    weight: { values: Float32Array; dims: readonly number[] },
    options: WeightOptions & { smallestScale: Float32Array },
  ): QuantizedWeight {
    const raised = raisedChannels(free, options.smallestScale, { ...options, dims: weight.dims });
    if (!raised) return quantizeWeight(weight.values, weight.dims, options);
    const quantized = quantizeRaised(weight, raised, options);
    this.#raised.set(quantized, raised);
    return quantized;
  }

  /** The weight with its integers rounded adaptively, which takes long: known by its moments and the integers it had before. */
  round(values: Float32Array, quantized: QuantizedWeight, options: RoundingOptions): QuantizedWeight {
    const known = this.#rounded.get(options.moments);
    if (known?.from === quantized) return known.to;
    const isKnown = known !== undefined && sameBytes(known.from.data, quantized.data);
    if (!isKnown && this.#waiting && isFitted(quantized, options)) {
      this.#waiting.set(options.moments, { values, quantized, options });
      return quantized;
    }
    const to = { ...quantized, data: isKnown ? known.to.data : quantized.data.slice() };
    if (!isKnown) roundAdaptively(values, to, options);
    this.#rounded.set(options.moments, { from: quantized, to });
    return to;
  }

  /**
   * Makes a model with rounded weights. Large ones are rounded by products of matrices, which have to be waited for: where `make` asks for such that are not
   * known, they are rounded, and it makes the model again.
   */
  async rounded<T>(make: () => T, context: RunContext): Promise<T> {
    const waiting = new Map<InputMoments, Waiting>();
    this.#waiting = waiting;
    let made: T;
    try {
      made = make();
    } finally {
      this.#waiting = null;
    }
    if (waiting.size === 0) return made;
    await this.#fit(waiting, context);
    return make();
  }

  async #fit(waiting: ReadonlyMap<InputMoments, Waiting>, context: RunContext): Promise<void> {
    await withMatrices(context, async (matrices) => {
      for (const { values, quantized, options } of waiting.values()) {
        throwIfInterrupted(context.signal);
        const to = { ...quantized, data: quantized.data.slice() };
        await fitIntegers(values, to, { ...options, matrices });
        this.#rounded.set(options.moments, { from: quantized, to });
      }
    });
  }

  /** As outputShift, by weight and means. */
  shift(values: Float32Array, quantized: QuantizedWeight, options: ShiftOptions): Float32Array {
    const shifts = entry(this.#shifts, quantized, () => new Map<Float32Array, Float32Array>());
    return entry(shifts, options.means, () => {
      const raised = this.#raised.get(quantized);
      if (!raised) return outputShift(values, quantized, options);
      const shift = this.shift(values, raised.free, options);
      return raisedShift(values, quantized, { ...options, channels: raised.channels, shift });
    });
  }
}

interface Entries<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value of a key; made and kept where there is none. */
function entry<K, V>(map: Entries<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
