/** Weights that ONNX Runtime's `basic` rewrites don't look into are kept out of its dump: they need not be read, written and read again.
 *
 *  While the model is dumped, each is an input of its shape; afterwards it is what it was. Only the second factor of a MatMul and the
 *  table of a Gather are lifted: convolutions take BatchNorm and scales into their weights, and so does a MatMul before a BatchNorm. */
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
import { DataType } from '../../onnx/element-type.js';
import { canonicalDomain, Model } from '../../onnx/model.js';
import { dimsOf, tensorByteLength } from '../../onnx/tensor.js';

/** Smaller ones may be shapes and indices, and cost nothing. */
const SMALLEST_BYTES = 65_536;

/** Position of the input that is only read, by operator. */
const READS: Readonly<Record<string, number>> = { MatMul: 1, Gather: 0 };

/** Weights of `model` (an outline will do) that can be lifted, by name; none where what is left could not be opened by itself. */
export function liftableWeights(model: Model): Map<string, TensorProto> {
  const { graph, proto } = model;
  const lifted = new Map<string, TensorProto>();
  // Bodies and functions may read a weight unseen.
  if (proto.functions.length > 0 || graph.nodes.some((node) => subgraphsOf(node).length > 0)) return lifted;
  const hasBatchNorm = graph.nodes.some(({ opType }) => opType === 'BatchNormalization');
  for (const [name, tensor] of graph.initializers) {
    if (tensor.dataType !== DataType.FLOAT || tensorByteLength(tensor) < SMALLEST_BYTES) continue;
    if (graph.isInput(name) || graph.isOutput(name)) continue;
    const readers = graph.consumers(name);
    if (readers.length > 0 && readers.every((node) => onlyReads(node, name, hasBatchNorm)))
      lifted.set(name, tensor);
  }
  // A model in memory has no folder to look for files in.
  const left = [...graph.initializers.values()].filter(({ name }) => !lifted.has(name));
  return left.some(({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL)
    ? new Map()
    : lifted;
}

function onlyReads(node: NodeProto, name: string, hasBatchNorm: boolean): boolean {
  const position = canonicalDomain(node.domain) === '' ? READS[node.opType] : undefined;
  if (position === undefined || (node.opType === 'MatMul' && hasBatchNorm)) return false;
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
          ...graph.input,
          ...[...lifted.values()].map((tensor) => makeValue(tensor.name, tensor.dataType, dimsOf(tensor))),
        ],
      }),
    }),
    model.graph.directory,
  );
}

/** Puts the weights back into what was dumped without them; null where ONNX Runtime would have folded one with other constants. */
export function withWeights(dump: Model, lifted: ReadonlyMap<string, TensorProto>): Model | null {
  const { graph, proto } = dump;
  for (const node of graph.nodes) {
    if (!node.input.some((input) => lifted.has(input))) continue;
    if (node.input.every((input) => input === '' || lifted.has(input) || graph.constant(input))) return null;
  }
  const kept = graph.commit();
  return new Model(
    create(ModelProtoSchema, {
      ...proto,
      graph: create(GraphProtoSchema, {
        ...kept,
        initializer: [...kept.initializer, ...lifted.values()],
        input: kept.input.filter(({ name }) => !lifted.has(name)),
      }),
    }),
    graph.directory,
  );
}
