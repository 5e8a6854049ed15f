/** Spelled-out LayerNormalization (opset 17) and Gelu (opset 20) become the operator, where the model's opset has it. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Model } from '../../onnx/model.js';
import type { RewriteContext } from './matching/context.js';
import { findPatterns, type Pattern } from './matching/patterns.js';

/** The operator, and the first opset that has it. */
const OPERATORS = {
  'layer-normalization': { opType: 'LayerNormalization', opset: 17 },
  gelu: { opType: 'Gelu', opset: 20 },
  'gelu-tanh': { opType: 'Gelu', opset: 20 },
} as const;

export function fusePatterns(model: Model, { decline }: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const pattern of findPatterns(graph)) {
    const { opType, opset } = OPERATORS[pattern.kind];
    if (model.opset() < opset) {
      decline(
        pattern.nodes.at(-1)!,
        `it ends a spelled-out ${opType}, which opset ${model.opset()} doesn't have as one operator (${opset} does)`,
      );
      continue;
    }
    for (const node of pattern.nodes) graph.removeNode(node);
    graph.addNode(operatorFor(pattern));
    changes++;
  }
  return changes;
}

function operatorFor({ kind, input, output, scale, bias, epsilon, nodes }: Pattern): NodeProto {
  const { opType } = OPERATORS[kind];
  const name = nodes.at(-1)!.name;
  if (kind === 'layer-normalization') {
    const attributes = { axis: { int: -1 }, epsilon: { float: epsilon! } };
    return makeNode(opType, bias ? [input, scale!, bias] : [input, scale!], [output], { name, attributes });
  }
  const approximate = { string: kind === 'gelu-tanh' ? 'tanh' : 'none' };
  return makeNode(opType, [input], [output], { name, attributes: { approximate } });
}
