/** Constants that a model makes of next to nothing. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { prepareModel } from '../../../src/quantize/prepare/prepare.js';
import {
  floatValue,
  int64s,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

/** A filter bank of 64 × 64 with two values in it, scattered into zeros; a product beside it. */
const filterBank = (columns = 64) =>
  smallModel({
    inputs: [floatValue('x', [1, 64])],
    nodes: [
      makeNode('ConstantOfShape', ['length'], ['zeros']),
      makeNode('ScatterElements', ['zeros', 'places', 'values'], ['flat']),
      makeNode('Reshape', ['flat', 'shape'], ['bank']),
      makeNode('MatMul', ['x', 'bank'], ['spectrum']),
      makeNode('MatMul', ['spectrum', 'w'], ['y']),
    ],
    initializers: [
      int64s('length', [64 * columns]),
      int64s('places', [3, 100]),
      makeTensor('values', DataType.FLOAT, [2], Float32Array.of(0.5, -0.25)),
      int64s('shape', [64, columns]),
      weight('w', [columns, 64]),
    ],
  });

describe('a constant that is made of next to nothing', () => {
  it('is not written out by the preparation', async () => {
    using place = scratch();
    const file = join(place.directory, 'float.onnx');
    writeModel(filterBank(), file);
    const { model, types } = await prepareModel(file, { context: { runtime, log: SILENT } });
    expect(model.graph.producer('bank')?.opType).toBe('Reshape');
    expect([...model.graph.initializers.keys()]).not.toContain('bank');
    expect(types.get('bank')?.shape).toEqual([64, 64]);
  });

  it('stays folded where it weighs nothing', async () => {
    using place = scratch();
    const file = join(place.directory, 'float.onnx');
    writeModel(filterBank(8), file);
    const { model } = await prepareModel(file, { context: { runtime, log: SILENT } });
    expect([...model.graph.initializers.keys()]).toContain('bank');
  });

  it.each(['int8-weights', 'float16'] as const)('lets %s shrink the other weights', async (method) => {
    using place = scratch();
    const samples = samplesOf([1, 64]);
    const { float, file } = await quantizeSmall(filterBank(), place, { method, include: null, samples });
    expect(statSync(file).size).toBeLessThan(0.7 * statSync(float).size);
    const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(35);
  });
});
