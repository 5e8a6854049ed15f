/** The smallest model there is: what a runtime costs before any model, and whether it computes at all. */
import { makeModel, makeNode, makeValue } from '../build.js';
import { DataType } from '../tensor/element-type.js';
import { encodeModel } from './write.js';

/** One operator from `x` to `y`, each one float32 number; encoded. */
export function oneNodeModel(operator: 'Abs' | 'Relu'): Uint8Array {
  return encodeModel(
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [1])],
      outputs: [makeValue('y', DataType.FLOAT, [1])],
      nodes: [makeNode(operator, ['x'], ['y'])],
    }),
  );
}
