/** Layers that ONNX Runtime's optimizer has fused with what is around them (FusedConv, FusedGemm, FusedMatMul of the domain com.microsoft,
 *  docs/ContribOperators.md) become the ordinary operators that they stand for: so they are quantized like any others, and the runtime fuses
 *  again what it fuses. */
import type { NodeProto } from 'onnx-buf';
import {
  type AttributeValue,
  attribute,
  floatAttribute,
  intAttribute,
  stringAttribute,
} from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { RewriteContext } from './matching/context.js';

export function unfuse(model: Model, context: RewriteContext): number {
  let changes = 0;
  for (const node of model.graph.nodes) {
    if (node.domain !== 'com.microsoft') continue;
    const apart = APART[node.opType]?.(node, model.graph, context);
    if (!apart) continue;
    model.graph.replaceNode(node, apart);
    changes++;
  }
  return changes;
}

type Apart = (node: NodeProto, graph: Graph, context: RewriteContext) => NodeProto[] | null;

const APART: Readonly<Record<string, Apart>> = {
  FusedConv(node, graph, context) {
    const { decline } = context;
    const name = stringAttribute(node, 'activation', '');
    const params = attribute(node, 'activation_params')?.floats ?? [];
    if (name !== '' && !activationNodes(name, params)) {
      decline(node, `its activation is ${name}`);
      return null;
    }
    const kept = node.attribute.filter((one) => !one.name.startsWith('activation'));
    const [x, w, b, z] = [0, 1, 2, 3].map((index) => inputOf(node, index)) as [
      string,
      string,
      string,
      string,
    ];
    const steps: Step[] = [
      (from, to) => sameAttributes(makeNode('Conv', b === '' ? [from, w] : [from, w, b], [to]), kept),
    ];
    if (z !== '') steps.push((from, to) => makeNode('Add', [from, z], [to]));
    if (name !== '') steps.push(activationNodes(name, params)!);
    return chain(node, x, steps, { graph, context });
  },
  FusedGemm(node, graph, context) {
    const name = stringAttribute(node, 'activation', '');
    const params = ['alpha', 'beta'].flatMap((one) => attribute(node, `activation_${one}`)?.f ?? []);
    if (name !== '' && !activationNodes(name, params)) {
      context.decline(node, `its activation is ${name}`);
      return null;
    }
    const kept = node.attribute.filter((one) => !one.name.startsWith('activation'));
    const rest = node.input.slice(1);
    const steps: Step[] = [(from, to) => sameAttributes(makeNode('Gemm', [from, ...rest], [to]), kept)];
    if (name !== '') steps.push(activationNodes(name, params)!);
    return chain(node, inputOf(node, 0), steps, { graph, context });
  },
  FusedMatMul(node, graph, context) {
    const set = (name: string) => intAttribute(node, name, 0) !== 0;
    if (set('transA') || set('transBatchA') || set('transBatchB')) return null;
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const alpha = floatAttribute(node, 'alpha', 1);
    if (!graph.isFloats(b) || graph.dims(b).length !== 2) return null;
    const changes = set('transB') || alpha !== 1;
    if (changes && graph.consumers(b).length > 1) {
      context.decline(node, 'others read its weight too');
      return null;
    }
    const weight = changes ? factor(graph, b, { alpha, transposed: set('transB'), context }) : b;
    return chain(node, a, [(from, to) => makeNode('MatMul', [from, weight], [to])], { graph, context });
  },
};

/** A node that reads `from` and writes `to`. */
type Step = (from: string, to: string) => NodeProto;

/** The steps one after the other; the last one has the node's name and output. */
function chain(
  node: NodeProto,
  input: string,
  steps: readonly Step[],
  { graph, context: { types } }: { graph: Graph; context: RewriteContext },
): NodeProto[] {
  const output = outputOf(node);
  let from = input;
  return steps.map((step, index) => {
    const isLast = index === steps.length - 1;
    const to = isLast ? output : graph.freshName(`${output}_unfused`);
    const type = types.get(output);
    if (type) types.set(to, type);
    const made = step(from, to);
    made.name = index === 0 ? node.name : graph.freshName(`${to}_${made.opType}`);
    from = to;
    return made;
  });
}

function sameAttributes(made: NodeProto, attributes: NodeProto['attribute']): NodeProto {
  made.attribute = attributes;
  return made;
}

/** The activation as a node of its own; null for one that this doesn't know. */
function activationNodes(name: string, params: readonly number[]): Step | null {
  const attributes = ACTIVATIONS[name]?.(params);
  return attributes ? (from, to) => makeNode(name, [from], [to], { attributes }) : null;
}

/** Attributes of activations by their parameters. Clip has its limits as inputs from opset 11 on: it stays fused. */
const ACTIVATIONS: Readonly<Record<string, (params: readonly number[]) => Record<string, AttributeValue>>> = {
  Relu: () => ({}),
  Tanh: () => ({}),
  Sigmoid: () => ({}),
  LeakyRelu: ([alpha = 0.01]) => ({ alpha: { float: alpha } }),
  HardSigmoid: ([alpha = 0.2, beta = 0.5]) => ({ alpha: { float: alpha }, beta: { float: beta } }),
};

/** The weight [depth, channels] with what the product does to it done beforehand; a shared one stays: it would be there twice. */
function factor(
  graph: Graph,
  name: string,
  { alpha, transposed, context }: { alpha: number; transposed: boolean; context: RewriteContext },
): string {
  const [rows = 0, columns = 0] = graph.dims(name);
  const values = graph.floats(name);
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[transposed ? column * rows + row : row * columns + column] =
        values[row * columns + column]! * alpha;
  const shape = transposed ? [columns, rows] : [rows, columns];
  const made = graph.addConstant(`${name}_factor`, DataType.FLOAT, shape, result);
  context.types.set(made, { dataType: DataType.FLOAT, shape });
  return made;
}
