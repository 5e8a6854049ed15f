/** What a float16 file computes where half precision really is half precision.
 *
 *  ONNX Runtime's CPU provider has no half kernels for most operators: it computes them in float32, and takes out the Casts that it put in
 *  between itself. What it gives says nothing of a GPU. So the file is written anew for float32: every value that it holds in half is
 *  rounded to half and back by a pair of Casts of its own, which stay, and every half constant is its float32 value. Sums inside of an
 *  operator stay float32, as on GPUs that accumulate in float32. Inputs and outputs keep their types. */
import { clone } from '@bufbuild/protobuf';
import { AttributeProtoSchema, type NodeProto, type TensorProto } from 'onnx-buf';
import { intAttribute, setAttribute, subgraphsOf } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import { readModel } from '../../onnx/file/read.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { dimsOf, makeTensor, tensorValues } from '../../onnx/tensor/tensor.js';
import { type TensorType, tensorType } from '../../onnx/tensor/tensor-type.js';
import { inferTypes } from '../../quantize/prepare/prepare.js';
import type { RunContext } from '../../runtime/context.js';
import { fromHalf } from '../../tensor/half.js';

/** What a file that holds half values is judged by. */
export type HalfReference =
  /** Where its reference was written. */
  | { file: string; reason: null }
  /** Why it has none. */
  | { file: null; reason: string };

/** Writes the reference of a file. The file is opened in this process to learn its types: it must be known to open.
 *  @returns null: it holds no half values.
 *  @throws what the runtime throws at a file that it refuses. */
export async function writeHalfReference(
  file: string,
  path: string,
  context: Pick<RunContext, 'runtime' | 'signal'>,
): Promise<HalfReference | null> {
  if (!mayHoldHalf(readModelOutline(file))) return null;
  const reference = await halfReference(readModel(file), context);
  if (reference === null) return null;
  if (reference === 'bodies') return { file: null, reason: 'bodies of If, Loop or Scan hold half values' };
  await writeModelUnlessInterrupted(reference, path, { durable: false, signal: context.signal });
  return { file: path, reason: null };
}

/** The same of a model in memory; null: it holds no half values, 'bodies': bodies of If, Loop or Scan hold some. */
export async function halfReference(
  model: Model,
  context: Pick<RunContext, 'runtime'>,
): Promise<Model | 'bodies' | null> {
  if (!mayHoldHalf(model)) return null;
  const types = await inferTypes(model, { context });
  if (![...types.values()].some(({ dataType }) => dataType === DataType.FLOAT16)) return null;
  return spelledOut(model, types) ?? 'bodies';
}

/** Half values begin at an input, a constant, or an operator that is told to give them. */
function mayHoldHalf({ graph }: Model): boolean {
  return (
    graph.inputs.some((value) => tensorType(value)?.dataType === DataType.FLOAT16) ||
    [...graph.initializers.values()].some((tensor) => isHalfTensor(tensor) && !isWidened(graph, tensor)) ||
    graph.nodes.some((node) => namesHalf(node) || subgraphsOf(node).length > 0)
  );
}

/** Whether a constant is only stored in half: what reads it makes float32 of it first, which is exact. */
function isWidened(graph: Graph, { name }: TensorProto): boolean {
  const readers = graph.consumers(name);
  return (
    readers.length > 0 &&
    !graph.isOutput(name) &&
    readers.every(
      (node) =>
        node.domain === '' && node.opType === 'Cast' && intAttribute(node, 'to', 0) === DataType.FLOAT,
    )
  );
}

const isHalfTensor = ({ dataType }: TensorProto) => dataType === DataType.FLOAT16;

/** Attributes that say what an operator gives: Cast, EyeLike and the random ones, DequantizeLinear. */
const TYPE_ATTRIBUTES = ['to', 'dtype', 'output_dtype'];

function namesHalf(node: NodeProto): boolean {
  return node.attribute.some(
    ({ name, i, t }) =>
      (TYPE_ATTRIBUTES.includes(name) && Number(i) === DataType.FLOAT16) ||
      (t !== undefined && isHalfTensor(t)),
  );
}

/** The model in float32 with half precision spelled out; null: bodies of If, Loop or Scan hold half values.
 *  @param types of every tensor of the main graph. */
function spelledOut(model: Model, types: ReadonlyMap<string, TensorType>): Model | null {
  const isHalf = (name: string) => types.get(name)?.dataType === DataType.FLOAT16;
  if (model.graph.nodes.some((node) => subgraphsOf(node).length > 0 && readsHalf(node, isHalf))) return null;
  const copy = copyModel(model);
  const { graph } = copy;
  const inFloat32 = (tensor: TensorProto) =>
    makeTensor(
      tensor.name,
      DataType.FLOAT,
      dimsOf(tensor),
      fromHalf(tensorValues(tensor, graph.directory) as Uint16Array),
    );
  for (const tensor of [...graph.initializers.values()]) {
    if (isHalfTensor(tensor) && !graph.isOutput(tensor.name)) graph.setInitializer(inFloat32(tensor));
  }
  const written = [...graph.nodes];
  for (const node of written) {
    node.attribute = node.attribute.map((attribute) => {
      const { t } = attribute;
      return t && isHalfTensor(t)
        ? clone(AttributeProtoSchema, { ...attribute, t: inFloat32(t) })
        : attribute;
    });
    for (const { name, i } of node.attribute) {
      if (TYPE_ATTRIBUTES.includes(name) && Number(i) === DataType.FLOAT16)
        setAttribute(node, name, { int: DataType.FLOAT });
    }
    node.output.forEach((name, index) => {
      if (name !== '' && isHalf(name) && !isCache(node, index)) roundBehind(graph, node, index);
    });
  }
  const given = [
    ...graph.inputs.map(({ name }) => name),
    ...[...graph.initializers.values()].filter(isHalfTensor).map(({ name }) => name),
  ];
  for (const name of given) if (isHalf(name)) readInFloat32(graph, name);
  graph.setValueInfo([]);
  return copy;
}

/** Whether an output hands a cache on, of which ONNX Runtime 1.30 takes the old length for the new one: what would round it would be given the old one's
 *  memory, and refused. It is of values that are rounded already. */
function isCache({ domain, opType }: NodeProto, index: number): boolean {
  return domain === 'com.microsoft' && opType === 'GroupQueryAttention' && index > 0;
}

function readsHalf(node: NodeProto, isHalf: (name: string) => boolean): boolean {
  const inner = subgraphsOf(node).flatMap((body) => [
    ...body.initializer.map(isHalfTensor),
    ...body.node.flatMap(({ input }) => input.map(isHalf)),
  ]);
  return node.input.some(isHalf) || node.output.some(isHalf) || inner.some(Boolean);
}

/** Puts a pair of Casts, to half and back, behind an output of a node. */
function roundBehind(graph: Graph, node: NodeProto, index: number): void {
  const name = node.output[index]!;
  const exact = graph.freshName(`${name}_exact`);
  graph.setOutput(node, index, exact);
  if (graph.isOutput(name)) {
    addCast(graph, exact, name, DataType.FLOAT16);
    readInFloat32(graph, name);
    return;
  }
  const half = graph.freshName(`${name}_half`);
  addCast(graph, exact, half, DataType.FLOAT16);
  addCast(graph, half, name, DataType.FLOAT);
}

/** Whoever reads a value that stays half reads it in float32. */
function readInFloat32(graph: Graph, name: string): void {
  const full = graph.freshName(`${name}_float32`);
  graph.replaceUses(name, full);
  addCast(graph, name, full, DataType.FLOAT);
}

function addCast(graph: Graph, from: string, to: string, dataType: DataType): void {
  graph.addNode(
    makeNode('Cast', [from], [to], {
      name: graph.freshName(`${to}_cast`),
      attributes: { to: { int: dataType } },
    }),
  );
}
