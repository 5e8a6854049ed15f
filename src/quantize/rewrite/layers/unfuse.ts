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
} from '../../../onnx/attributes.js';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { RewriteContext } from '../matching/context.js';

export function unfuse(model: Model, context: RewriteContext): number {
  let changes = 0;
  for (const node of model.graph.nodes) {
    if (node.domain !== 'com.microsoft') continue;
    const apart = APART[node.opType]?.(node, model, context);
    if (!apart) continue;
    model.graph.replaceNode(node, apart);
    changes++;
  }
  return changes;
}

type Apart = (node: NodeProto, model: Model, context: RewriteContext) => NodeProto[] | null;

const APART: Readonly<Record<string, Apart>> = {
  FusedConv(node, model, context) {
    const name = stringAttribute(node, 'activation', '');
    const params = attribute(node, 'activation_params')?.floats ?? [];
    const activation =
      name === 'Clip' ? clip(params, { model, context }) : activationStep(name, ACTIVATIONS[name]?.(params));
    if (activation === null) {
      context.decline(node, `its activation is ${name}`);
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
    return chain(node, x, [...steps, ...activation], { graph: model.graph, context });
  },
  FusedGemm(node, { graph }, context) {
    const name = stringAttribute(node, 'activation', '');
    const attributes = GEMM_ACTIVATIONS.has(name) ? gemmActivation(node) : undefined;
    const activation = activationStep(name, attributes);
    if (activation === null) {
      context.decline(node, `its activation is ${name}`);
      return null;
    }
    const kept = node.attribute.filter((one) => !one.name.startsWith('activation'));
    const rest = node.input.slice(1);
    const product: Step = (from, to) => sameAttributes(makeNode('Gemm', [from, ...rest], [to]), kept);
    return chain(node, inputOf(node, 0), [product, ...activation], { graph, context });
  },
  FusedMatMul(node, { graph }, context) {
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

/** The activation as a node of its own; none where there is none, null for one that this doesn't know. */
function activationStep(name: string, attributes: Record<string, AttributeValue> | undefined): Step[] | null {
  if (name === '') return [];
  return attributes ? [(from, to) => makeNode(name, [from], [to], { attributes })] : null;
}

/** Attributes of FusedConv's activations by their parameters. */
const ACTIVATIONS: Readonly<Record<string, (params: readonly number[]) => Record<string, AttributeValue>>> = {
  Relu: () => ({}),
  Tanh: () => ({}),
  Sigmoid: () => ({}),
  LeakyRelu: ([alpha = 0.01]) => ({ alpha: { float: alpha } }),
  HardSigmoid: ([alpha = 0.2, beta = 0.5]) => ({ alpha: { float: alpha }, beta: { float: beta } }),
};

/** What FusedGemm may do to its sums: operators of one input, whose attributes it holds under names that begin with `activation_`. */
const GEMM_ACTIVATIONS: ReadonlySet<string> = new Set([
  'Relu',
  'Tanh',
  'Sigmoid',
  'LeakyRelu',
  'HardSigmoid',
  'Elu',
  'Selu',
  'Softplus',
  'Softsign',
  'ThresholdedRelu',
]);

const ACTIVATION_PREFIX = 'activation_';

function gemmActivation(node: NodeProto): Record<string, AttributeValue> {
  const own = node.attribute.filter(({ name }) => name.startsWith(ACTIVATION_PREFIX));
  return Object.fromEntries(own.map(({ name, f }) => [name.slice(ACTIVATION_PREFIX.length), { float: f }]));
}

/** From this opset on Clip has its limits as inputs. */
const CLIP_INPUTS_OPSET = 11;

function clip(
  [lower = 0, upper = 0]: readonly number[],
  { model, context: { types } }: { model: Model; context: RewriteContext },
): Step[] {
  if (model.opset() < CLIP_INPUTS_OPSET) {
    const attributes = { min: { float: lower }, max: { float: upper } };
    return [(from, to) => makeNode('Clip', [from], [to], { attributes })];
  }
  const limit = (name: string, value: number): string => {
    const made = model.graph.addConstant(name, DataType.FLOAT, [], Float32Array.of(value));
    types.set(made, { dataType: DataType.FLOAT, shape: [] });
    return made;
  };
  return [(from, to) => makeNode('Clip', [from, limit(`${to}_min`, lower), limit(`${to}_max`, upper)], [to])];
}

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
