/** Numbers in JSON as tensors. */
import { UserError } from '../../../errors.js';
import { allocate, isFloatType, type NumericType } from '../../../tensor/elements.js';
import { halfBits } from '../../../tensor/half.js';
import type { Tensor } from '../../../tensor/tensor.js';

/**
 * A number or nested arrays of equal lengths as a tensor: of a float type its decimals are rounded to it, else float64 for
 * castLossless to judge. Throws UserError that names `place`.
 */
export function jsonTensor(value: unknown, type: NumericType, place: string): Tensor {
  const dims: number[] = [];
  for (let part = value; Array.isArray(part); part = part[0]) dims.push(part.length);
  const numbers: number[] = [];
  const collect = (part: unknown, axis: number): void => {
    if (axis < dims.length) {
      if (!Array.isArray(part) || part.length !== dims[axis]) throw ragged(place, dims);
      for (const inner of part) collect(inner, axis + 1);
    } else if (typeof part === 'number' || typeof part === 'boolean') numbers.push(Number(part));
    else throw ragged(place, dims);
  };
  collect(value, 0);
  if (isFloatType(type)) {
    const data = allocate(type, numbers.length) as Float32Array;
    numbers.forEach((number, at) => {
      data[at] = type === 'float16' ? halfBits(number) : number;
    });
    return { type, dims, data };
  }
  return { type: 'float64', dims, data: Float64Array.from(numbers) };
}

function ragged(place: string, dims: readonly number[]): UserError {
  return new UserError(
    'data.record',
    `${place}: values must be numbers in nested arrays of equal lengths (the first ones make the shape [${dims.join(', ')}]).`,
  );
}
