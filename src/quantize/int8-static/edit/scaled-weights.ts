/** Weights that are another one's times a factor for each output channel, as a shared convolution's are once a BatchNormalization of its own is
 *  folded into each copy: they are stored as the same integers, with scales of their own. */
import { factorsByChannel } from '../../integers/scaled-twins.js';
import type { QuantizedWeight } from '../../integers/weights.js';

export interface ScaledWeightOptions {
  /** Weights of the same key have the same shape, output channels first, and are quantized alike. */
  key: string;
  channels: number;
  /** Smallest scale that each channel (or all) may have. */
  smallestScale: Float32Array | undefined;
  /** Whether scales may be negative, for factors that are (default: not). ONNX Runtime's CPU kernels multiply by them whatever their sign; other
   *  runtimes refuse them. */
  signs?: 'any' | 'positive';
}

/** The scale of a channel that is zero, whose integers are not. */
const NEXT_TO_ZERO = 1e-30;

export class ScaledWeights {
  readonly #known = new Map<string, { values: Float32Array; quantized: QuantizedWeight }[]>();

  add(key: string, values: Float32Array, quantized: QuantizedWeight): void {
    this.#known.set(key, [...(this.#known.get(key) ?? []), { values, quantized }]);
  }

  /** The integers of a weight that was added, under the scales that make this one of them; null where there is none. */
  find(values: Float32Array, options: ScaledWeightOptions): QuantizedWeight | null {
    const { key, channels, smallestScale } = options;
    const smallest = (channel: number) => smallestScale?.[smallestScale.length === 1 ? 0 : channel] ?? 0;
    for (const known of this.#known.get(key) ?? []) {
      if (known.values === values) continue;
      const factors = factorsByChannel(known.values, values, channels);
      if (factors === null) continue;
      if (options.signs !== 'any' && factors.some((factor) => factor < 0)) continue;
      const scale = known.quantized.scale.map((each, channel) =>
        // Beside a bias that needs the smallest scale, integers times it are next to nothing.
        factors[channel] === 0 ? smallest(channel) || NEXT_TO_ZERO : each * factors[channel]!,
      );
      if (scale.every((each, channel) => Math.abs(each) >= smallest(channel)))
        return { ...known.quantized, scale };
    }
    return null;
  }
}
