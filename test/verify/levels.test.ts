import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { toHalf } from '../../src/tensor/half.js';
import { verifyFile } from '../../src/verify/proof/verify-file.js';
import {
  floats,
  floatValue,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
} from '../quantize/small-models.js';

const [DEPTH, CHANNELS, BLOCK] = [64, 32, 32];
const codes = Uint8Array.from(floats(CHANNELS * DEPTH, 3, 127), (value) => value + 128);

/** y = x · W, W as 8-bit blocks of one scale, 0.01. */
const product = (scales: 'constant' | 'behind a Cast') => {
  const dims = [CHANNELS, DEPTH / BLOCK];
  const values = new Float32Array(dims[0]! * dims[1]!).fill(0.01);
  const isCast = scales === 'behind a Cast';
  const attributes = Object.entries({ K: DEPTH, N: CHANNELS, bits: 8, block_size: BLOCK, accuracy_level: 4 });
  const model = smallModel({
    inputs: [floatValue('x', [2, DEPTH])],
    nodes: [
      ...(isCast ? [makeNode('Cast', ['half'], ['s'], { attributes: { to: { int: DataType.FLOAT } } })] : []),
      makeNode('MatMulNBits', ['x', 'w', 's'], ['y'], {
        domain: 'com.microsoft',
        attributes: Object.fromEntries(attributes.map(([name, int]) => [name, { int }])),
      }),
    ],
    initializers: [
      makeTensor('w', DataType.UINT8, [...dims, BLOCK], codes),
      isCast
        ? makeTensor('half', DataType.FLOAT16, dims, toHalf(values))
        : makeTensor('s', DataType.FLOAT, dims, values),
    ],
  });
  model.setOpset('com.microsoft', 1);
  return model;
};

describe('a file that is proved', () => {
  it.each([
    [
      'is refused where it computes something else at one of the levels',
      'behind a Cast',
      /at optimization level 'disabled': 0\.0 dB/,
    ],
    ['is right where it computes the same at all of them', 'constant', null],
  ] as const)('%s', async (_, scales, fault) => {
    using place = scratch();
    const [original, file] = ['original.onnx', 'made.onnx'].map((name) => join(place.directory, name)) as [
      string,
      string,
    ];
    const weights = Float32Array.from({ length: DEPTH * CHANNELS }, (_, i) => {
      const [row, column] = [Math.floor(i / CHANNELS), i % CHANNELS];
      return 0.01 * (codes[column * DEPTH + row]! - 128);
    });
    writeModel(
      smallModel({
        inputs: [floatValue('x', [2, DEPTH])],
        nodes: [makeNode('MatMul', ['x', 'w'], ['y'])],
        initializers: [makeTensor('w', DataType.FLOAT, [DEPTH, CHANNELS], weights)],
      }),
      original,
    );
    writeModel(product(scales), file);
    const samples = samplesOf([2, DEPTH], 1);
    const expected = [await run(original, samples[0]!)];
    const proof = verifyFile({
      ...{ original, file, samples, expected, representative: true, target: 'cpu', floor: 15 },
      context: { runtime, log: SILENT, threads: 1 },
    });
    if (fault) await expect(proof).rejects.toThrow(fault);
    else
      expect(await proof).toMatchObject({ state: 'full', levels: ['disabled', 'basic', 'extended', 'all'] });
  });
});
