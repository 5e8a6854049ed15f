import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { calibrateMinMax } from '../../../src/quantize/calibrate/minmax.js';
import { dataset, floatValue, runtime, smallModel } from '../small-models.js';

describe('calibration samples', () => {
  const relu = () =>
    smallModel({
      inputs: [floatValue('x', ['n', 3])],
      outputs: [floatValue('y', ['n', 3])],
      nodes: [makeNode('Relu', ['x'], ['y'])],
    });
  const ranges = async (values: number[]) =>
    await calibrateMinMax({
      model: relu(),
      tensors: ['x', 'y'],
      dataset: dataset([
        { x: { type: 'float32', dims: [1, 3], data: Float32Array.of(0, 1, 2) } },
        { x: { type: 'float32', dims: [1, 3], data: Float32Array.from(values) } },
      ]),
      context: { runtime, log: SILENT },
    });

  it('with NaN are refused by name, with the place', async () => {
    await expect(ranges([0, 1, Number.NaN])).rejects.toThrow(UserError);
    await expect(ranges([0, 1, Number.NaN])).rejects.toThrow(/sample .*: element 2 of input 'x' is NaN/);
  });

  it('with infinities are for the plan to judge', async () => {
    expect((await ranges([0, 1, Number.POSITIVE_INFINITY])).get('y')!.max).toBe(Number.POSITIVE_INFINITY);
    const both = [Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY];
    expect((await ranges(both)).get('y')!.max).toBe(Number.POSITIVE_INFINITY);
  });
});
