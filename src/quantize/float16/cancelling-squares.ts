/** Variances that are computed as a difference: the mean of squares less the square of the mean.
 *
 *  Where a mean is large against the deviation, the two are nearly equal, and in half precision, which has 11 bits, nothing right is left of their
 *  difference. It happens on a few inputs, which calibration data need not have (a file type classifier lost 20 dB on one input in 24). The statistics
 *  are small tensors without weights: in float32 they cost nothing. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../onnx/graph.js';
import { inputOf } from '../../onnx/node.js';
import type { TypedGraph } from './safety.js';

const REDUCTIONS = new Set([
  'ReduceMean',
  'ReduceSum',
  'ReduceSumSquare',
  'GlobalAveragePool',
  'AveragePool',
]);

/** What scales a sum to a mean, or gives it another shape. */
const SCALING = new Set([
  'Mul',
  'Div',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Identity',
  'Transpose',
  'Flatten',
]);

/** What makes a factor of a variance: a variance near zero has few bits in half, too. */
const DEVIATION = new Set(['Add', 'Max', 'Relu', 'Abs', 'Clip', 'Sqrt', 'Reciprocal']);

/** From the squares and the means to the reciprocal of the deviation; empty where the graph has no such difference. */
export function cancellingSquares({ graph }: Pick<TypedGraph, 'graph'>): Set<NodeProto> {
  const found = new Set<NodeProto>();
  for (const node of graph.nodes) {
    if (node.opType !== 'Sub' || node.domain !== '') continue;
    const squares = statistics(graph, inputOf(node, 0));
    const mean = squareOf(graph, graph.producer(inputOf(node, 1)));
    const means = mean === null ? null : statistics(graph, mean);
    if (!squares?.ofSquares || means === null) continue;
    for (const each of [node, graph.producer(inputOf(node, 1))!, ...squares.nodes, ...means.nodes])
      found.add(each);
    addDeviation(graph, node, found);
  }
  return found;
}

interface Statistics {
  /** The reduction and what follows it; the squares before it. */
  nodes: NodeProto[];
  ofSquares: boolean;
}

/** How a value comes of a reduction; null: it does not, or not directly. */
function statistics(graph: Graph, name: string): Statistics | null {
  const node = graph.producer(name);
  if (node?.domain !== '') return null;
  if (REDUCTIONS.has(node.opType)) {
    const before = graph.producer(inputOf(node, 0));
    const isSquare = squareOf(graph, before) !== null;
    return {
      nodes: isSquare ? [node, before!] : [node],
      ofSquares: isSquare || node.opType === 'ReduceSumSquare',
    };
  }
  if (!SCALING.has(node.opType) || squareOf(graph, node) !== null) return null;
  for (const input of node.opType === 'Mul' ? node.input : node.input.slice(0, 1)) {
    const reduced = statistics(graph, input);
    if (reduced) return { ...reduced, nodes: [node, ...reduced.nodes] };
  }
  return null;
}

/** What a node squares; null: it squares nothing. */
function squareOf(graph: Graph, node: NodeProto | undefined): string | null {
  if (node?.domain !== '') return null;
  const [first = '', second = ''] = node.input;
  if (node.opType === 'Mul') return first === second ? first : null;
  return node.opType === 'Pow' && graph.constant(second) && graph.floats(second).every((value) => value === 2)
    ? first
    : null;
}

function addDeviation(graph: Graph, variance: NodeProto, found: Set<NodeProto>): void {
  for (const name of variance.output) {
    for (const reader of graph.consumers(name)) {
      if (!DEVIATION.has(reader.opType) || reader.domain !== '' || found.has(reader)) continue;
      found.add(reader);
      addDeviation(graph, reader, found);
    }
  }
}
