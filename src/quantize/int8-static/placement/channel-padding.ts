/** A convolution that reads the model's input gets zero channels until they come in fours.
 *
 *  ONNX Runtime's symmetric kernel (QLinearConv, signed weights) reads the image in place when the input channels come in fours and
 *  there are at least 16 output channels; else every patch is first copied into a matrix, three bytes at a time for a photograph.
 *  A Pad of the 8-bit image and zero weights for its new channels change no bit of the result and cost less than that copy. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import { dimsOf, elementCount } from '../../../onnx/tensor.js';

/** Channels are packed in fours for one VNNI multiplication. */
const CHANNEL_PACK = 4;
/** Fewer output channels don't fill the symmetric kernel's vectors: it is not taken. */
const LEAST_OUTPUT_CHANNELS = 16;

/** How many input channels a convolution is padded to; null where padding has no use. */
export function paddedChannels(node: NodeProto, graph: Graph): number | null {
  if (node.opType !== 'Conv' || !graph.isInput(node.input[0]!) || intAttribute(node, 'group', 1) !== 1) {
    return null;
  }
  const [outputs = 0, channels = 0, ...kernel] = dimsOf(graph.constant(node.input[1]!)!);
  const fits = outputs >= LEAST_OUTPUT_CHANNELS && outputs % CHANNEL_PACK === 0;
  if (!fits || kernel.length !== 2 || elementCount(kernel) === 1 || channels % CHANNEL_PACK === 0)
    return null;
  return Math.ceil(channels / CHANNEL_PACK) * CHANNEL_PACK;
}
