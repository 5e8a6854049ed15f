/** A tensor by a function of its places. */
import { elementCount } from './dims.js';
import { allocate, type NumericType } from './elements.js';
import { halfBits } from './half.js';
import type { Tensor } from './tensor.js';

/** `value` gets the place in row-major order; what the type can't hold is cut as typed arrays do. */
export function filled(type: NumericType, dims: readonly number[], value: (at: number) => number): Tensor {
  const data = allocate(type, elementCount(dims));
  for (let at = 0; at < data.length; at++) {
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[at] = BigInt(value(at));
    else data[at] = type === 'float16' ? halfBits(value(at)) : value(at);
  }
  return { type, dims, data };
}
