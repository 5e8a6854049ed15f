/** A convolution that reads the model's input gets zero channels until they come in fours.
 *
 *  ONNX Runtime's symmetric kernel (QLinearConv, signed weights) reads the image in place when the input channels come in fours and
 *  there are at least 16 output channels; else every patch is first copied into a matrix, three bytes at a time for a photograph.
 *  A Pad of the 8-bit image and zero weights for its new channels change no bit of the result and cost less than that copy. */
import type { Graph } from '../../../onnx/graph.js';
import type { Weighted } from '../../../onnx/query/weighted.js';

/** Channels are packed in fours for one VNNI multiplication. */
const CHANNEL_PACK = 4;
/** Fewer output channels don't fill the symmetric kernel's vectors: it is not taken. */
const LEAST_OUTPUT_CHANNELS = 16;

/** How many input channels a convolution is padded to; null where padding has no use. */
export function paddedChannels(weighted: Weighted, graph: Graph): number | null {
  const { opType, input, inputs, outputs, kernel, dims, group } = weighted;
  if (opType !== 'Conv' || !graph.isInput(input) || group !== 1) return null;
  const fits = outputs >= LEAST_OUTPUT_CHANNELS && outputs % CHANNEL_PACK === 0;
  if (!fits || dims.length !== 4 || kernel === 1 || inputs % CHANNEL_PACK === 0) return null;
  return Math.ceil(inputs / CHANNEL_PACK) * CHANNEL_PACK;
}
