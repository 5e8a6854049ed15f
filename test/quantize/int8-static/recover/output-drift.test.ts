import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../../src/log.js';
import { makeNode } from '../../../../src/onnx/build.js';
import { writeModel } from '../../../../src/onnx/file/write.js';
import { ErrorSums } from '../../../../src/quantize/int8-static/recover/file-error.js';
import { sureDrift } from '../../../../src/quantize/int8-static/recover/output-drift.js';
import { Evidence } from '../../../../src/quantize/method/evidence.js';
import { quantizeModel } from '../../../../src/quantize/quantize.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';
import {
  conv,
  DEFAULTS,
  dataset,
  floats,
  floatValue,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../../small-models.js';

function rowsOf(count: number, shift: number): Float32Array[] {
  const values = floats(count * 200).map((value) => value + shift);
  return Array.from({ length: count }, (_, row) => values.subarray(row * 200, (row + 1) * 200));
}

// A background that is the same everywhere is always rounded to the same side.
const BACKGROUNDS = samplesOf([1, 4, 8, 8], 24).map(({ x }) => ({
  x: { ...x!, data: (x!.data as Float32Array).map((value, at) => (at % 8 < 6 ? 0.31 : value)) },
}));

const withGemm = () =>
  smallModel({
    inputs: [floatValue('x', [1, 4, 8, 8])],
    nodes: [
      conv('x', 'c', { weight: 'k1' }),
      makeNode('Relu', ['c'], ['r']),
      conv('r', 'd', { weight: 'k2' }),
      makeNode('Relu', ['d'], ['s']),
      makeNode('GlobalAveragePool', ['s'], ['p']),
      makeNode('Flatten', ['p'], ['f']),
      makeNode('Gemm', ['f', 'g', 'h'], ['y']),
    ],
    initializers: [
      weight('k1', [16, 4, 3, 3]),
      weight('k2', [32, 16, 3, 3], 2),
      weight('g', [32, 32], 3),
      weight('h', [32], 4),
    ],
  });

describe('what outputs are off by in the mean', () => {
  it('is taken from rows that all show it', () => {
    const drift = sureDrift(rowsOf(16, 2))!;
    const mean = drift.reduce((sum, value) => sum + value / drift.length, 0);
    expect(mean).toBeGreaterThan(1.9);
    expect(mean).toBeLessThan(2.1);
  });

  it('is nothing where rows scatter around zero, or are few', () => {
    expect(sureDrift(rowsOf(16, 0))).toBeNull();
    expect(sureDrift(rowsOf(7, 2))).toBeNull();
    expect(sureDrift(Array.from({ length: 16 }, () => new Float32Array(4)))).toBeNull();
  });

  it('is asked of samples: rows of one sample resemble each other', () => {
    const sums = new ErrorSums();
    const rows = (value: number): Feeds => ({
      y: { type: 'float32', dims: [64, 4], data: new Float32Array(256).fill(value) },
    });
    for (let sample = 0; sample < 7; sample++) sums.add(['y'], rows(0), rows(2));
    expect(sureDrift(sums.result().drifts!.get('y')!)).toBeNull();
    sums.add(['y'], rows(0), rows(2));
    expect(sureDrift(sums.result().drifts!.get('y')!)).toEqual(Float32Array.of(2, 2, 2, 2));
  });

  it('goes into the bias of the layer that gives the output', async () => {
    const found: number[] = [];
    for (const biasCorrection of [false, true]) {
      using place = scratch();
      const { float, file } = await quantizeSmall(withGemm(), place, {
        biasCorrection,
        samples: BACKGROUNDS.slice(0, 16),
      });
      const mean = new Float64Array(32);
      for (const feeds of BACKGROUNDS.slice(16)) {
        const [expected, own] = [(await run(float, feeds)).y!.data, (await run(file, feeds)).y!.data];
        (own as Float32Array).forEach((value, at) => {
          mean[at]! += (value - (expected as Float32Array)[at]!) / 8;
        });
      }
      found.push(mean.reduce((sum, value) => sum + value ** 2, 0));
    }
    expect(found[1]).toBeLessThan(found[0]! / 4);
  });

  it('makes another file, which the check after it has not seen run', async () => {
    const seen: string[][] = [];
    for (const biasCorrection of [false, true]) {
      using place = scratch();
      const [model, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'int8.onnx')];
      writeModel(withGemm(), model);
      const evidence = new Evidence();
      await quantizeModel({
        model,
        out,
        options: { ...DEFAULTS, include: ['*'], biasCorrection },
        target: 'cpu',
        calibration: dataset(BACKGROUNDS.slice(0, 16)),
        context: { runtime, log: SILENT, threads: 1 },
        verify: true,
        evidence,
      });
      seen.push([...evidence.ranAt]);
    }
    expect(seen).toEqual([['extended'], []]);
  });
});
