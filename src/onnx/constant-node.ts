/** Constant nodes: weights that are no initializers. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import { attribute, tensorAttribute } from './attributes.js';
import { outputOf } from './node.js';
import { DataType } from './tensor/element-type.js';
import { makeTensor } from './tensor/tensor.js';

/** The tensor of a Constant node, whichever attribute holds it; undefined for strings and sparse tensors. */
export function constantTensor(node: NodeProto): TensorProto | undefined {
  const name = outputOf(node);
  const value = tensorAttribute(node, 'value');
  if (value) return value;
  const float = attribute(node, 'value_float');
  if (float) return makeTensor(name, DataType.FLOAT, [], Float32Array.of(float.f));
  const floats = attribute(node, 'value_floats');
  if (floats)
    return makeTensor(name, DataType.FLOAT, [floats.floats.length], Float32Array.from(floats.floats));
  const int = attribute(node, 'value_int');
  if (int) return makeTensor(name, DataType.INT64, [], BigInt64Array.of(int.i));
  const ints = attribute(node, 'value_ints');
  if (ints) return makeTensor(name, DataType.INT64, [ints.ints.length], BigInt64Array.from(ints.ints));
  return undefined;
}
