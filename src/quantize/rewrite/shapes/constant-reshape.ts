/** Reshape to a computed shape becomes Reshape to a constant one, where all that is computed is copied from its own input:
 *  [Shape(x)[0], Shape(x)[1], −1, 32] is [0, 0, 12, 32] for an x of [batch, sequence, 384].
 *
 *  Exporters of transformers write some twenty operators of shape arithmetic per layer; on short sentences their overhead shows. */
import { intAttribute } from '../../../onnx/attributes.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import type { Dimension } from '../../../onnx/shapes/dimension.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { ShapeContext } from '../matching/context.js';

export function constantReshape({ graph }: Model, { types, decline, inferShapes }: ShapeContext): number {
  const reshapes = graph.nodes.filter(
    (node) => node.opType === 'Reshape' && node.domain === '' && !graph.constant(inputOf(node, 1)),
  );
  if (reshapes.length === 0) return 0;
  const { shapes, values } = inferShapes();
  let changes = 0;
  for (const node of reshapes) {
    const [data = '', shape = ''] = node.input;
    const [from, asked, made] = [shapes.get(data), values.get(shape), shapes.get(outputOf(node))];
    if (!from || !asked || !made || intAttribute(node, 'allowzero', 0) !== 0) {
      decline(node, 'how its shape is computed is not known');
      continue;
    }
    const constant = copied(asked, { from, made });
    if (!constant) {
      decline(node, 'several of its dimensions are neither numbers nor copied');
      continue;
    }
    const dims = [constant.length];
    const name = graph.addConstant(shape, DataType.INT64, dims, BigInt64Array.from(constant, BigInt));
    types.set(name, { dataType: DataType.INT64, shape: dims });
    graph.setInput(node, 1, name);
    changes++;
  }
  return changes;
}

/** The constant form of a shape: 0 copies a dimension; one that is neither known nor copied may be inferred (−1). */
function copied(
  asked: readonly Dimension[],
  { from, made }: { from: readonly Dimension[]; made: readonly Dimension[] },
): number[] | null {
  const constant = asked.map((dim, axis) => {
    const size = made[axis]!;
    if (typeof size === 'number' && size > 0) return size;
    return size === from[axis] ? 0 : typeof dim === 'number' ? dim : -1;
  });
  return constant.filter((dim) => dim === -1).length > 1 ? null : constant;
}
