/** Convolutions that share a weight, each with a BatchNormalization of its own (the heads of EfficientDet): ONNX Runtime folds each of
 *  these into a copy of the weight. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../onnx/graph.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { isLargeConstant } from './copy-cost.js';

/** The optimizer without which ONNX Runtime leaves each BatchNormalization behind its convolution. */
export const NORMALIZATION_FUSION = 'ConvBNFusion';

/** Whether folding would copy a large weight. */
export function wouldCopyConvolutions(graph: Graph): boolean {
  return graph.nodes.some((node) => {
    if (node.opType !== 'Conv' || !isNormalized(graph, node)) return false;
    const weight = inputOf(node, 1);
    return graph.consumers(weight).length > 1 && isLargeConstant(graph, weight);
  });
}

function isNormalized(graph: Graph, node: NodeProto): boolean {
  return graph.onlyReader(outputOf(node))?.opType === 'BatchNormalization';
}
