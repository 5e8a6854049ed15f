import { describe, expect, it } from 'vitest';
import { evaluate, makeReference } from '../../src/auto/evaluate.js';
import { SILENT } from '../../src/log.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/element-type.js';
import { makeTensor } from '../../src/onnx/tensor.js';
import { writeModel } from '../../src/onnx/write.js';
import { toHalf } from '../../src/tensor/half.js';
import { runtime, scratch } from '../quantize/small-models.js';

/** x [1, 3] through `opType`, as float16. */
function half(opType: string) {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1, 3])],
    outputs: [makeValue('y', DataType.FLOAT16, [1, 3])],
    nodes: [
      makeNode(opType, ['x'], ['f']),
      makeNode('Cast', ['f'], ['y'], { attributes: { to: { int: DataType.FLOAT16 } } }),
    ],
  });
}

describe('a candidate’s quality', () => {
  it('counts lost labels by values, where the output is float16 too', async () => {
    using place = scratch();
    const [original, candidate] = [`${place.directory}/a.onnx`, `${place.directory}/b.onnx`];
    writeModel(half('Identity'), original);
    writeModel(half('Neg'), candidate);
    const x = { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(-3, 1, 2) };
    const samples = [{ id: 'one', feeds: { x }, label: 2 }];
    const options = { context: { runtime, log: SILENT, threads: 1 }, provider: 'cpu' };
    const reference = await makeReference(original, samples, options);
    expect((await evaluate(original, reference, options)).top1Drop).toBe(0);
    expect((await evaluate(candidate, reference, options)).top1Drop).toBe(1);
  });

  it('of half precision is that of a device that computes in half', async () => {
    using place = scratch();
    const [original, candidate] = [`${place.directory}/a.onnx`, `${place.directory}/b.onnx`];
    const large = Float32Array.of(2048);
    const around = (half: boolean) => {
      const type = half ? DataType.FLOAT16 : DataType.FLOAT;
      const cast = (from: string, to: string, dataType: DataType) =>
        makeNode('Cast', [from], [to], { attributes: { to: { int: dataType } } });
      return makeModel({
        inputs: [makeValue('x', DataType.FLOAT, [1, 3])],
        outputs: [makeValue('y', DataType.FLOAT, [1, 3])],
        nodes: [
          cast('x', 'a', type),
          makeNode('Add', ['a', 'large'], ['sum']),
          makeNode('Sub', ['sum', 'large'], ['rest']),
          cast('rest', 'y', DataType.FLOAT),
        ],
        initializers: [makeTensor('large', type, [], half ? toHalf(large) : large)],
      });
    };
    writeModel(around(false), original);
    writeModel(around(true), candidate);
    const x = { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(0.7, 1.2, 2.9) };
    const samples = [{ id: 'one', feeds: { x }, label: null }];
    const options = { context: { runtime, log: SILENT, threads: 1 }, provider: 'cpu' };
    const reference = await makeReference(original, samples, options);
    // Around 2048 half numbers are 2 apart.
    expect((await evaluate(candidate, reference, options)).maxAbs).toBeGreaterThan(0.5);
  });
});
