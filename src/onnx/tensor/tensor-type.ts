/** Element type and shape of a value. */
import type { TensorShapeProto_Dimension, ValueInfoProto } from 'onnx-buf';
import type { DataType } from './element-type.js';

export interface TensorType {
  dataType: DataType;
  /** Symbolic dimensions are strings, unknown ones ''; null when the rank is unknown. */
  shape: (number | string)[] | null;
}

/** The type of a declared value; undefined for values that aren't tensors or aren't typed. */
export function tensorType(value: ValueInfoProto): TensorType | undefined {
  if (value.type?.value.case !== 'tensorType') return undefined;
  const { elemType, shape } = value.type.value.value;
  return {
    dataType: elemType,
    shape: shape ? shape.dim.map(({ value }) => dimOf(value)) : null,
  };
}

/** Some exporters write a size that isn't fixed as -1. */
function dimOf(dim: TensorShapeProto_Dimension['value']): number | string {
  if (dim.case === 'dimParam') return dim.value;
  return dim.case === 'dimValue' && dim.value >= 0n ? Number(dim.value) : '';
}
