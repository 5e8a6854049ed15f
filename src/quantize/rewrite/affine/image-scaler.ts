/** ImageScaler (an experimental operator of old exporters: x · scale + bias[channel]) becomes Mul and Add. */
import { attribute, floatAttribute } from '../../../onnx/attributes.js';
import { makeNode } from '../../../onnx/build.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { RewriteContext } from '../matching/context.js';

export function imageScaler(model: Model, { types, decline }: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.nodes) {
    if (node.domain !== '' || node.opType !== 'ImageScaler') continue;
    const [input, output] = [inputOf(node, 0), outputOf(node)];
    const type = types.get(input);
    if (type?.dataType !== DataType.FLOAT || type.shape?.length !== 4) {
      decline(node, 'its input is not an image of float32');
      continue;
    }
    const constant = (base: string, dims: number[], values: readonly number[]) => {
      const name = graph.addConstant(base, DataType.FLOAT, dims, Float32Array.from(values));
      types.set(name, { dataType: DataType.FLOAT, shape: dims });
      return name;
    };
    const bias = attribute(node, 'bias')?.floats ?? [];
    const scaled = graph.freshName(`${output}_scaled`);
    types.set(scaled, type);
    const scale = constant(`${output}_scale`, [], [floatAttribute(node, 'scale', 1)]);
    const offset = constant(`${output}_bias`, [bias.length, 1, 1], bias);
    graph.removeNode(node);
    graph.addNode(makeNode('Mul', [input, scale], [scaled], { name: scaled }));
    graph.addNode(makeNode('Add', [scaled, offset], [output], { name: node.name }));
    changes++;
  }
  return changes;
}
