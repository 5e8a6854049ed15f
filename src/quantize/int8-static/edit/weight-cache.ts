/** What weights became in 8 bits, for one attempt: it writes several files, with other ranges but mostly the same weights. */
import type { TensorProto } from 'onnx-buf';
import { throwIfInterrupted } from '../../../errors.js';
import type { RunContext } from '../../../runtime/context.js';
import { sameBytes } from '../../../tensor/same-bytes.js';
import { withMatrices } from '../../gptq/matrices.js';
import { type QuantizedWeight, quantizeWeight, type WeightOptions } from '../../integers/weights.js';
import {
  fitIntegers,
  isFitted,
  type RoundingOptions,
  roundAdaptively,
} from '../recover/adaptive-rounding.js';
import { outputShift, type ShiftOptions } from '../recover/bias-correction.js';
import type { InputMoments } from '../recover/input-moments.js';

export interface CachedWeightOptions extends WeightOptions {
  /** Says everything that decides the result but the tensor and `smallestScale`. */
  key: string;
}

interface Waiting {
  values: Float32Array;
  quantized: QuantizedWeight;
  options: RoundingOptions;
}

/** Results are shared between files: read-only. */
export class WeightCache {
  /** Without the guard on the scales, by how the tensor was quantized. */
  readonly #quantized = new Map<TensorProto, Map<string, QuantizedWeight>>();
  readonly #rounded = new Map<InputMoments, { from: QuantizedWeight; to: QuantizedWeight }>();
  /** Weights that are to be rounded, while they are only looked for. */
  #waiting: Map<InputMoments, Waiting> | null = null;
  readonly #shifts = new Map<QuantizedWeight, Map<Float32Array, Float32Array>>();

  /** As quantizeWeight, which is called only where the result isn't known.
   *  @param tensor whose values these are. */
  quantize(
    tensor: TensorProto,
    weight: { values: Float32Array; dims: readonly number[] },
    { key, ...options }: CachedWeightOptions,
  ): QuantizedWeight {
    const { smallestScale, ...unguarded } = options;
    const results = entry(this.#quantized, tensor, () => new Map<string, QuantizedWeight>());
    const result = entry(results, key, () => quantizeWeight(weight.values, weight.dims, unguarded));
    // The guard takes the larger scale: where it is the smaller one everywhere, it changes nothing.
    const guard = (channel: number) => smallestScale![smallestScale!.length === 1 ? 0 : channel]!;
    if (!smallestScale || result.scale.every((scale, channel) => scale >= guard(channel))) return result;
    return quantizeWeight(weight.values, weight.dims, options);
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
   * Writes a file with rounded weights. Large ones are rounded by products of matrices, which have to be waited for: where `write` asks for such that are not
   * known, they are rounded, and it writes again.
   */
  async writeRounded<T>(write: () => Promise<T>, context: RunContext): Promise<T> {
    const waiting = new Map<InputMoments, Waiting>();
    this.#waiting = waiting;
    let written: T;
    try {
      written = await write();
    } finally {
      this.#waiting = null;
    }
    if (waiting.size === 0) return written;
    await this.#fit(waiting, context);
    return await write();
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
    return entry(shifts, options.means, () => outputShift(values, quantized, options));
  }
}

/** The value of a key; made and kept where there is none. */
function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
