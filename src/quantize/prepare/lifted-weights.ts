/** Weights that ONNX Runtime's `basic` rewrites don't look into are kept out of its dump: they need not be read, written and read again.
 *
 *  While the model is dumped, each is an input of its shape; afterwards it is what it was. Only the second factor of a MatMul and the
 *  table of a Gather are lifted: convolutions take BatchNorm and scales into their weights. */
import { create } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  TensorProto_DataLocation,
} from 'onnx-buf';
import { subgraphsOf } from '../../onnx/attributes.js';
import { makeValue } from '../../onnx/build.js';
import { canonicalDomain, Model } from '../../onnx/model.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { dimsOf, tensorByteLength } from '../../onnx/tensor/tensor.js';

/** Smaller ones may be shapes and indices, and cost nothing. */
const SMALLEST_BYTES = 65_536;

/** What may be read from files beside the model to be dumped with it: more would not be worth keeping the weights out. */
const LARGEST_READ_BYTES = 2 ** 26;

/** Position of the input that is only read, by operator. */
const READS: Readonly<Record<string, number>> = { MatMul: 1, Gather: 0 };

/** Where these are, a MatMul's weight changes: a BatchNorm goes into it, and between Q and DQ it is quantized. */
const LOOKS_INTO_PRODUCTS: ReadonlySet<string> = new Set(['BatchNormalization', 'DequantizeLinear']);

/** Weights of `model` (an outline will do) that can be lifted, by name; none where too much would be left. */
export function liftableWeights(model: Model): Map<string, TensorProto> {
  const { graph, proto } = model;
  const lifted = new Map<string, TensorProto>();
  if (hasBodies(model)) return lifted;
  // From IR 4 on, a weight that is declared as an input is a default that callers may replace.
  const replaceable = new Set(proto.irVersion < 4n ? [] : proto.graph!.input.map(({ name }) => name));
  const takesProducts = graph.nodes.some(({ opType }) => LOOKS_INTO_PRODUCTS.has(opType));
  for (const [name, tensor] of graph.initializers) {
    if (tensor.dataType !== DataType.FLOAT || tensorByteLength(tensor) < SMALLEST_BYTES) continue;
    if (replaceable.has(name) || graph.isOutput(name)) continue;
    const readers = graph.consumers(name);
    if (readers.length > 0 && readers.every((node) => onlyReads(node, name, takesProducts)))
      lifted.set(name, tensor);
  }
  // The others are read into what is dumped, wherever they are: biases and the like.
  let readBytes = 0;
  for (const [name, tensor] of graph.initializers)
    if (!lifted.has(name) && tensor.dataLocation === TensorProto_DataLocation.EXTERNAL)
      readBytes += tensorByteLength(tensor);
  return readBytes > LARGEST_READ_BYTES ? new Map() : lifted;
}

/** Whether a graph within the model may read its weights unseen: a body (If, Loop, Scan) or a function, which may bring bodies too. */
export function hasBodies({ graph, proto }: Model): boolean {
  return proto.functions.length > 0 || graph.nodes.some((node) => subgraphsOf(node).length > 0);
}

function onlyReads(node: NodeProto, name: string, takesProducts: boolean): boolean {
  const position = canonicalDomain(node.domain) === '' ? READS[node.opType] : undefined;
  if (position === undefined || (node.opType === 'MatMul' && takesProducts)) return false;
  return node.input.every((input, i) => (input === name) === (i === position));
}

const FLOAT_BYTES = 4;

/** Moves a lifted weight's bytes, a view of the file that was read, back to where floats may lie: reading them then copies nothing. What
 *  they overwrite is their own length, which takes four bytes with its tag at these sizes. */
export function alignInPlace(tensor: TensorProto): void {
  const { buffer, byteOffset, byteLength } = tensor.rawData;
  const back = byteOffset % FLOAT_BYTES;
  if (back === 0 || byteLength < SMALLEST_BYTES) return;
  const bytes = new Uint8Array(buffer);
  bytes.copyWithin(byteOffset - back, byteOffset, byteOffset + byteLength);
  tensor.rawData = bytes.subarray(byteOffset - back, byteOffset - back + byteLength);
}

/** The model with these weights as inputs. */
export function withoutWeights(model: Model, lifted: ReadonlyMap<string, TensorProto>): Model {
  const graph = model.graph.commit();
  return new Model(
    create(ModelProtoSchema, {
      ...model.proto,
      graph: create(GraphProtoSchema, {
        ...graph,
        initializer: graph.initializer.filter(({ name }) => !lifted.has(name)),
        input: [
          // Before IR 4 weights are inputs already, of whatever shape.
          ...graph.input.filter(({ name }) => !lifted.has(name)),
          ...[...lifted.values()].map((tensor) => makeValue(tensor.name, tensor.dataType, dimsOf(tensor))),
        ],
      }),
    }),
    model.graph.directory,
  );
}

/** Factors of a product; what a Gemm adds (it was a MatMul and an Add) doesn't matter for whether they are constant. */
const FACTORS = 2;

/** Lifted weights that ONNX Runtime would have folded with other constants, had they been there when it made this dump. */
export function foldedWeights({ graph }: Model, lifted: ReadonlyMap<string, TensorProto>): string[] {
  const folded = new Set<string>();
  for (const node of graph.nodes) {
    const factors = node.input.slice(0, FACTORS);
    if (factors.every((name) => lifted.has(name) || graph.constant(name)))
      for (const name of factors) if (lifted.has(name)) folded.add(name);
  }
  return [...folded];
}

/** Puts the weights back into what was dumped without them. Those that nothing reads any more (only a shape was asked for) stay out. */
export function withWeights(dump: Model, lifted: ReadonlyMap<string, TensorProto>): Model {
  const { graph, proto } = dump;
  const read = [...lifted.values()].filter(({ name }) => graph.consumers(name).length > 0);
  const kept = graph.commit();
  return new Model(
    create(ModelProtoSchema, {
      ...proto,
      graph: create(GraphProtoSchema, {
        ...kept,
        initializer: [...kept.initializer, ...read],
        input: kept.input.filter(({ name }) => !lifted.has(name)),
      }),
    }),
    graph.directory,
  );
}
