/** Weights of which some channels get larger scales than they need themselves, for the bias to fit: the others are as they were. */
import { firstColumn } from '../../../onnx/query/weighted.js';
import { type QuantizedWeight, quantizeWeight, type WeightOptions } from '../../integers/weights.js';
import { outputShift, type ShiftOptions } from '../recover/bias-correction.js';

/** More are quantized together faster than one by one. */
const MOST_SHARE = 0.25;

interface Weight {
  values: Float32Array;
  dims: readonly number[];
}

/** What a weight became without the guard on its scales, and those of its channels that the guard changes. */
export interface Raised {
  free: QuantizedWeight;
  channels: readonly number[];
}

/** The channels whose scales are below `smallestScale`; null: all of the weight is to be quantized anew. */
export function raisedChannels(
  free: QuantizedWeight,
  smallestScale: Float32Array,
  { axis, pairs, widen, dims }: WeightOptions & Pick<Weight, 'dims'>,
): Raised | null {
  const length = free.data.length / free.scale.length;
  const isByChannel =
    axis === 0 && smallestScale.length === dims[0] && (!pairs || pairs.channelStride === length);
  if (!isByChannel || widen) return null;
  const channels = [...smallestScale.keys()].filter(
    (channel) => free.scale[channel]! < smallestScale[channel]!,
  );
  return channels.length <= MOST_SHARE * smallestScale.length ? { free, channels } : null;
}

/** As quantizeWeight with the guard: the same bits. */
export function quantizeRaised(
  { values, dims }: Weight,
  { free, channels }: Raised,
  options: WeightOptions & { smallestScale: Float32Array },
): QuantizedWeight {
  const [data, scale] = [free.data.slice(), free.scale.slice()];
  const length = data.length / scale.length;
  for (const channel of channels) {
    const own = quantizeWeight(
      values.subarray(channel * length, (channel + 1) * length),
      [1, ...dims.slice(1)],
      {
        ...options,
        smallestScale: options.smallestScale.subarray(channel, channel + 1),
        pairs: options.pairs ? { ...options.pairs, channels: 1 } : null,
      },
    );
    data.set(own.data, channel * length);
    scale[channel] = own.scale[0]!;
  }
  return { ...free, data, scale };
}

/** As outputShift. @param shift of the weight without the guard. */
export function raisedShift(
  values: Float32Array,
  { data, scale, zeroPoint }: QuantizedWeight,
  { layout, means, channels, shift }: ShiftOptions & Pick<Raised, 'channels'> & { shift: Float32Array },
): Float32Array {
  const raised = shift.slice();
  const length = data.length / scale.length;
  for (const channel of channels) {
    const [start, end] = [channel * length, (channel + 1) * length];
    const own = {
      data: data.subarray(start, end),
      scale: scale.subarray(channel, channel + 1),
      zeroPoint: zeroPoint.subarray(channel, channel + 1),
      axis: 0,
    };
    raised[channel] = outputShift(values.subarray(start, end), own, {
      layout: { ...layout, rows: 1, group: 1 },
      means: means.subarray(firstColumn(layout, channel)),
    })[0]!;
  }
  return raised;
}
