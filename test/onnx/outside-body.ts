/** A model whose only weight lies in external data, and belongs to the body of an If. */
import { create, toBinary } from '@bufbuild/protobuf';
import { TensorProto_DataLocation as Location, ModelProtoSchema, TensorProtoSchema } from 'onnx-buf';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';

/** cond → If(then: x + w, else: x); w is two floats in the file `location`. */
export function modelWithOutsideBody(location: string): Model {
  const value = (name: string) => makeValue(name, DataType.FLOAT, [2]);
  const weight = create(TensorProtoSchema, {
    name: 'w',
    dataType: DataType.FLOAT,
    dims: [2n],
    dataLocation: Location.EXTERNAL,
    externalData: [{ key: 'location', value: location }],
  });
  const then = makeModel({
    inputs: [],
    outputs: [value('sum')],
    nodes: [makeNode('Add', ['x', 'w'], ['sum'])],
    initializers: [weight],
  });
  const otherwise = makeModel({
    inputs: [],
    outputs: [value('same')],
    nodes: [makeNode('Identity', ['x'], ['same'])],
  });
  const attributes = {
    then_branch: { graph: then.graph.commit() },
    else_branch: { graph: otherwise.graph.commit() },
  };
  return makeModel({
    inputs: [makeValue('cond', DataType.BOOL, []), value('x')],
    outputs: [value('y')],
    nodes: [makeNode('If', ['cond'], ['y'], { name: 'if', attributes })],
  });
}

/** That model as a file's bytes: writing it through the document would take the weight inside. */
export function outsideBodyBytes(location: string): Buffer {
  const model = modelWithOutsideBody(location);
  model.graph.commit();
  return Buffer.from(toBinary(ModelProtoSchema, model.proto));
}
