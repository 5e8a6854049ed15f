/** Constants of any floating-point type that layers add: read and made as numbers. */
import { fromHalf, toHalf } from '../../tensor/half.js';
import type { Graph } from '../graph.js';
import { DataType } from '../tensor/element-type.js';

export type FloatType = DataType.FLOAT | DataType.FLOAT16 | DataType.DOUBLE;

export interface FloatConstant {
  type: FloatType;
  dims: readonly number[];
  /** A copy. */
  values: Float64Array;
}

/** A constant of float32, half or double; null: the name is none. */
export function floatConstant(graph: Graph, name: string): FloatConstant | null {
  const type = graph.constant(name)?.dataType;
  if (type !== DataType.FLOAT && type !== DataType.FLOAT16 && type !== DataType.DOUBLE) return null;
  const stored = graph.constantValues(name) as Float32Array | Float64Array | Uint16Array;
  const values = Float64Array.from(stored instanceof Uint16Array ? fromHalf(stored) : stored);
  return { type, dims: graph.dims(name), values };
}

/** @returns the constant's name, made of the given one. */
export function addFloatConstant(graph: Graph, name: string, { type, dims, values }: FloatConstant): string {
  const single = () => Float32Array.from(values);
  const stored = type === DataType.DOUBLE ? values : type === DataType.FLOAT16 ? toHalf(single()) : single();
  return graph.addConstant(name, type, dims, stored);
}
