/** BatchNormalization beside an operator that can take it becomes Mul and Add, which the other rewrites fold.
 *  (ONNX Runtime folds the one that follows a Conv; not the one before a Conv, nor one behind Gemm.) */
import type { NodeProto } from 'onnx-buf';
import { floatAttribute } from '../../../onnx/attributes.js';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { TensorType } from '../../../onnx/tensor/tensor-type.js';
import { type Declined, isDeclined, type RewriteContext } from '../matching/context.js';
import { readLinear } from '../matching/linear.js';

export function batchNormToAffine(model: Model, { types, decline }: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.nodes) {
    if (node.domain !== '' || node.opType !== 'BatchNormalization') continue;
    const parts = readParts(graph, node, types);
    if (isDeclined(parts)) {
      decline(node, parts.reason);
      continue;
    }
    replace(graph, node, { parts, types });
    changes++;
  }
  return changes;
}

interface Parts {
  type: TensorType;
  rank: number;
  gamma: Float32Array;
  beta: Float32Array;
  mean: Float32Array;
  variance: Float32Array;
}

function readParts(graph: Graph, node: NodeProto, types: RewriteContext['types']): Parts | Declined {
  if (node.output.filter((name) => name !== '').length !== 1) return { reason: 'it has several outputs' };
  const [input, output] = [inputOf(node, 0), outputOf(node)];
  const type = types.get(input);
  const parts = node.input.slice(1, 5).map((name) => graph.constantValues(name));
  if (!parts.every((part) => part instanceof Float32Array))
    return { reason: 'its parameters are not constant float32' };
  if (type?.dataType !== DataType.FLOAT || !type.shape)
    return { reason: 'its input is not float32 of a known rank' };
  const isBesideLinear =
    (graph.onlyReader(input) && isLinear(graph, graph.producer(input))) ||
    (!graph.isOutput(output) && graph.consumers(output).every((reader) => isLinear(graph, reader)));
  if (!isBesideLinear) return { reason: 'no operator with weights beside it could take it' };
  const [gamma, beta, mean, variance] = parts as [Float32Array, Float32Array, Float32Array, Float32Array];
  return { type, rank: type.shape.length, gamma, beta, mean, variance };
}

function replace(
  graph: Graph,
  node: NodeProto,
  { parts, types }: { parts: Parts; types: RewriteContext['types'] },
): void {
  const { type, rank, gamma, beta, mean, variance } = parts;
  const [input, output] = [inputOf(node, 0), outputOf(node)];
  const epsilon = floatAttribute(node, 'epsilon', 1e-5);
  const scale = Float64Array.from(gamma, (value, i) => value / Math.sqrt(variance[i]! + epsilon));
  const offset = scale.map((value, i) => beta[i]! - mean[i]! * value);
  const dims = [gamma.length, ...new Array<number>(Math.max(0, rank - 2)).fill(1)];
  const constant = (base: string, values: Float64Array) => {
    const name = graph.addConstant(base, DataType.FLOAT, dims, Float32Array.from(values));
    types.set(name, { dataType: DataType.FLOAT, shape: dims });
    return name;
  };
  const scaled = graph.freshName(`${output}_scaled`);
  types.set(scaled, type);
  graph.removeNode(node);
  graph.addNode(makeNode('Mul', [input, constant(`${output}_scale`, scale)], [scaled], { name: scaled }));
  graph.addNode(
    makeNode('Add', [scaled, constant(`${output}_offset`, offset)], [output], { name: node.name }),
  );
}

function isLinear(graph: Graph, node: Parameters<typeof readLinear>[1] | undefined): boolean {
  return node !== undefined && readLinear(graph, node) !== null;
}
