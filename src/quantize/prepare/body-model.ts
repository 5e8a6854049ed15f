/** A body of an If, a Loop or a Scan as a model of its own. */

import { create } from '@bufbuild/protobuf';
import {
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { makeValue } from '../../onnx/build.js';
import { Model } from '../../onnx/model.js';
import { outerReferences } from '../../onnx/scopes.js';
import type { DataType } from '../../onnx/tensor/element-type.js';
import { renamedTensor } from '../../onnx/tensor/tensor.js';
import { type TensorType, tensorType } from '../../onnx/tensor/tensor-type.js';

/** What a body sees of the graphs around it. */
export interface BodySurroundings {
  model: Model;
  types: ReadonlyMap<string, TensorType>;
  /** The constant behind a name; undefined: it is none, or is to be taken for an input. */
  constant(name: string): TensorProto | undefined;
}

/** The body as a model of its own: what it sees from outside becomes its constants and inputs. */
export function bodyModel(
  body: GraphProto,
  inputs: readonly ValueInfoProto[],
  { model, types, constant }: BodySurroundings,
): Model {
  const outer = outerReferences(body);
  const constants = outer.flatMap((name) => {
    const tensor = constant(name);
    return tensor ? [tensor.name === name ? tensor : renamedTensor(tensor, name)] : [];
  });
  const known = new Set(constants.map(({ name }) => name));
  const seen = outer.flatMap((name) => {
    const type = types.get(name);
    // Without a shape: what a body sees may differ from one iteration to the next.
    return type && !known.has(name) ? [makeValue(name, type.dataType)] : [];
  });
  const proto = create(ModelProtoSchema, {
    irVersion: model.proto.irVersion,
    opsetImport: [...model.proto.opsetImport],
    functions: model.proto.functions,
    graph: create(GraphProtoSchema, {
      name: 'body',
      node: [...body.node],
      input: [...inputs, ...seen],
      initializer: [...body.initializer, ...constants],
      output: body.output.map(({ name }) => makeValue(name)),
    }),
  });
  return new Model(proto, model.graph.directory, model.graph);
}

/** The body's inputs with the types that it declares, or else those of what the node reads. */
export function typedInputs(
  body: GraphProto,
  node: NodeProto,
  types: BodySurroundings['types'],
): ValueInfoProto[] | null {
  const typed: ValueInfoProto[] = [];
  for (const [index, value] of body.input.entries()) {
    const dataType: DataType | undefined =
      tensorType(value)?.dataType ||
      (READS_IN_ORDER.has(node.opType) ? types.get(node.input[index] ?? '')?.dataType : undefined);
    if (dataType === undefined) return null;
    typed.push(makeValue(value.name, dataType));
  }
  return typed;
}

/** Operators whose body's inputs are the node's, one by one. */
const READS_IN_ORDER = new Set(['Loop', 'Scan']);
