/** How far channels may grow before a Clip without ever being cut off: proved from the weights, not seen on data.
 *
 *  What a convolution writes is bounded when what it reads is: between Clip(0, 6) and Clip(0, 6), a channel with few or small positive
 *  weights can't reach 6 whatever the image. Before such a channel, the Clip is a Relu, and may be scaled through as one. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf } from '../../../onnx/node.js';
import { clampLimits, isClamp } from '../../../onnx/query/clamp.js';
import type { Linear } from '../../rewrite/matching/linear.js';

/** Operators whose results lie in [0, 1]. */
const UNIT = new Set(['Sigmoid', 'HardSigmoid', 'Softmax']);

/** Largest factor for every output channel of `conv` that leaves Clip(a · x) = a · Clip(x) for all inputs of the model; 1 where nothing
 *  can be proved. null when the clamp doesn't begin at zero. A Relu has no end: its channels may grow without limit. */
export function clipHeadroom(graph: Graph, conv: Linear, clamp: NodeProto): Float64Array | null {
  const limits = clampLimits(clamp, graph);
  if (limits === null || limits[0] !== 0 || !(limits[1] > 0)) return null;
  const [, upper] = limits;
  if (upper === Number.POSITIVE_INFINITY) return new Float64Array(conv.rows).fill(upper);
  const input = interval(graph, inputOf(conv.node, 0));
  if (!input) return new Float64Array(conv.rows).fill(1);
  return largestOutputs(conv, input).map((largest) => (largest > 0 ? Math.max(1, upper / largest) : 1));
}

/** Bounds of a tensor, zero included: padding adds zeros. */
function interval(graph: Graph, name: string): [number, number] | null {
  const producer = graph.producer(name);
  if (producer?.domain !== '') return null;
  if (UNIT.has(producer.opType)) return [0, 1];
  const limits = isClamp(producer) ? clampLimits(producer, graph) : null;
  if (!limits?.every(Number.isFinite)) return null;
  return [Math.min(0, limits[0]), Math.max(0, limits[1])];
}

/** Interval arithmetic: every weight meets the end of the interval that makes the sum larger. */
function largestOutputs(
  { weight, rows, columns, kernel, bias }: Linear,
  [lower, upper]: readonly [number, number],
): Float64Array {
  const largest = new Float64Array(rows);
  const length = columns * kernel;
  for (let row = 0; row < rows; row++) {
    let sum = bias?.[row] ?? 0;
    for (let i = row * length; i < (row + 1) * length; i++) {
      const value = weight[i]!;
      sum += value * (value > 0 ? upper : lower);
    }
    largest[row] = sum;
  }
  return largest;
}
