/** Spelled-out LayerNormalization (opset 17) and Gelu (opset 20) become the operator, where the model's opset has it. */
import { makeNode } from '../../onnx/build.js';
import type { Model } from '../../onnx/model.js';
import type { RewriteContext } from './context.js';
import { findPatterns, type Pattern } from './patterns.js';

const LAYER_NORMALIZATION_OPSET = 17;
const GELU_OPSET = 20;

export function fusePatterns(model: Model, _context: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const pattern of findPatterns(graph)) {
    const made = operatorFor(pattern, model.opset());
    if (!made) continue;
    for (const node of pattern.nodes) graph.removeNode(node);
    graph.addNode(made);
    changes++;
  }
  return changes;
}

function operatorFor(pattern: Pattern, opset: number): ReturnType<typeof makeNode> | null {
  const { kind, input, output, scale, bias, epsilon } = pattern;
  const name = pattern.nodes.at(-1)!.name;
  if (kind === 'layer-normalization') {
    if (opset < LAYER_NORMALIZATION_OPSET) return null;
    const attributes = { axis: { int: -1 }, epsilon: { float: epsilon! } };
    return makeNode('LayerNormalization', bias ? [input, scale!, bias] : [input, scale!], [output], {
      name,
      attributes,
    });
  }
  if (opset < GELU_OPSET) return null;
  const approximate = { string: kind === 'gelu-tanh' ? 'tanh' : 'none' };
  return makeNode('Gelu', [input], [output], { name, attributes: { approximate } });
}
