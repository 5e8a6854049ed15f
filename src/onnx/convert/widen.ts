/** A half or bfloat16 model in float32: the same operators on the same values, none of which is rounded any more. Inputs and outputs keep their
 *  types behind Casts. */
import type {
  AttributeProto,
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from 'onnx-buf';
import { fromBfloat16, fromHalf } from '../../tensor/half.js';
import { subgraphsOf, tensorAttribute } from '../attributes.js';
import { makeNode } from '../build.js';
import type { Model } from '../model.js';
import { outputOf } from '../node.js';
import { DataType } from '../tensor/element-type.js';
import { dimsOf, makeTensor, tensorValues } from '../tensor/tensor.js';
import { tensorType } from '../tensor/tensor-type.js';

/** Element types that this makes float32. */
export type NarrowFloat = typeof DataType.FLOAT16 | typeof DataType.BFLOAT16;

/** Attributes that hold an element type, by operator; of the others, a number of the same value means something else. */
const TYPE_ATTRIBUTES: Readonly<Record<string, string>> = {
  Cast: 'to',
  RandomNormal: 'dtype',
  RandomNormalLike: 'dtype',
  RandomUniform: 'dtype',
  RandomUniformLike: 'dtype',
  EyeLike: 'dtype',
  Bernoulli: 'dtype',
  SequenceEmpty: 'dtype',
  HannWindow: 'output_datatype',
  HammingWindow: 'output_datatype',
  BlackmanWindow: 'output_datatype',
  MelWeightMatrix: 'output_datatype',
  LayerNormalization: 'stash_type',
  RMSNormalization: 'stash_type',
};

/** Operators that hand a constant on, or make float32 of it: half scales of 8-bit weights are no half arithmetic. */
const HANDS_ON: ReadonlySet<string> = new Set(['Cast', 'Gather', 'Identity']);

/** The type in which a model computes beside float32: that of most of its half or bfloat16 inputs, outputs, Casts and constants that operators
 *  read; null when it has none. An outline will do. */
export function narrowFloatOf({ graph, functions }: ModelProto): NarrowFloat | null {
  const found: number[] = [];
  const constants = new Map<string, number>();
  const read = new Set<string>();
  const visit = ({ node, input, output, initializer }: Scope): void => {
    for (const { name, dataType } of initializer) constants.set(name, dataType);
    for (const value of [...input, ...output]) found.push(tensorType(value)?.dataType ?? 0);
    for (const one of node) {
      found.push(Number(typeAttribute(one)?.i ?? 0));
      const constant = one.opType === 'Constant' ? tensorAttribute(one, 'value') : undefined;
      if (constant) constants.set(outputOf(one), constant.dataType);
      if (!HANDS_ON.has(one.opType)) for (const name of one.input) read.add(name);
      for (const body of subgraphsOf(one)) visit(body);
    }
  };
  if (graph) visit(graph);
  for (const { node } of functions) visit({ node, input: [], output: [], initializer: [] });
  for (const [name, type] of constants) if (read.has(name)) found.push(type);
  const [halves, brains] = [DataType.FLOAT16, DataType.BFLOAT16].map(
    (type) => found.filter((one) => one === type).length,
  ) as [number, number];
  if (halves + brains === 0) return null;
  return halves >= brains ? DataType.FLOAT16 : DataType.BFLOAT16;
}

type Scope = Pick<GraphProto, 'node' | 'input' | 'output' | 'initializer'>;

function isNarrow(type: number | undefined): type is NarrowFloat {
  return type === DataType.FLOAT16 || type === DataType.BFLOAT16;
}

function typeAttribute(node: NodeProto): AttributeProto | undefined {
  const name = TYPE_ATTRIBUTES[node.opType];
  return name === undefined ? undefined : node.attribute.find((attribute) => attribute.name === name);
}

/** Makes every half and bfloat16 value of the model float32, bodies and functions included. */
export function widen(model: Model): void {
  const { graph, proto } = model;
  const { directory } = graph;
  for (const tensor of [...graph.initializers.values()])
    if (isNarrow(tensor.dataType)) graph.setInitializer(wide(tensor, directory));
  widenNodes(graph.nodes, directory);
  for (const { node } of proto.functions) widenNodes(node, directory);
  graph.setValueInfo([]);
  for (const value of graph.inputs) castInput(model, value);
  for (const value of graph.outputs) castOutput(model, value);
}

function widenNodes(nodes: readonly NodeProto[], directory: string | null): void {
  for (const node of nodes) {
    const type = typeAttribute(node);
    if (type && isNarrow(Number(type.i))) type.i = BigInt(DataType.FLOAT);
    for (const attribute of node.attribute) {
      if (attribute.t && isNarrow(attribute.t.dataType)) attribute.t = wide(attribute.t, directory);
    }
    for (const body of subgraphsOf(node)) widenBody(body, directory);
  }
}

function widenBody(body: GraphProto, directory: string | null): void {
  body.initializer = body.initializer.map((tensor) =>
    isNarrow(tensor.dataType) ? wide(tensor, directory) : tensor,
  );
  body.valueInfo = [];
  for (const { type } of [...body.input, ...body.output])
    if (type?.value.case === 'tensorType' && isNarrow(type.value.value.elemType))
      type.value.value.elemType = DataType.FLOAT;
  widenNodes(body.node, directory);
}

function wide(tensor: TensorProto, directory: string | null): TensorProto {
  const bits = tensorValues(tensor, directory) as Uint16Array;
  const values = tensor.dataType === DataType.FLOAT16 ? fromHalf(bits) : fromBfloat16(bits);
  return makeTensor(tensor.name, DataType.FLOAT, dimsOf(tensor), values);
}

/** Readers of a narrow input read a Cast of it. */
function castInput({ graph }: Model, value: ValueInfoProto): void {
  if (!isNarrow(tensorType(value)?.dataType)) return;
  const { name } = value;
  const float = graph.freshName(`${name}_float`);
  const readers = new Set(graph.consumers(name));
  graph.replaceUses(name, float, readers);
  graph.addNode(cast(name, float, DataType.FLOAT));
}

/** A narrow output is a Cast of what is computed. */
function castOutput({ graph }: Model, value: ValueInfoProto): void {
  const type = tensorType(value)?.dataType;
  const { name } = value;
  const producer = graph.producer(name);
  if (!isNarrow(type) || !producer) return;
  const float = graph.freshName(`${name}_float`);
  graph.setOutput(producer, producer.output.indexOf(name), float);
  graph.replaceUses(name, float);
  graph.addNode(cast(float, name, type));
}

function cast(from: string, to: string, dataType: DataType): NodeProto {
  return makeNode('Cast', [from], [to], { name: `${to}_cast`, attributes: { to: { int: dataType } } });
}
