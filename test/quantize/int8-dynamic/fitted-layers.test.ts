import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/samples/dataset.js';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { dynamicallyQuantized } from '../../../src/quantize/integers/dynamic.js';
import { MAX_PAIR_SUM } from '../../../src/quantize/integers/saturation.js';
import { Evidence } from '../../../src/quantize/method/evidence.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import {
  DEFAULTS,
  dataset,
  floats,
  floatValue,
  type Quantized,
  quantizeSmall,
  run,
  runtime,
  scratch,
  smallModel,
  sqnr,
} from '../small-models.js';
import { samplesWithCauses, twoProducts } from '../two-products.js';

const KIND = { rows: 8, causes: 3, noise: 0.02 };

const samples = samplesWithCauses(40, 100, KIND);
const options = { method: 'int8-dynamic' as const, include: ['*'], saturationSafe: true, samples };

async function heldOut({ file, float }: Quantized): Promise<number> {
  const [sample] = samplesWithCauses(1, 9000, KIND);
  const [a, b] = [await run(float, sample!), await run(file, sample!)];
  return sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array);
}

const codes = ({ result }: Quantized) => result.notes.map(({ code }) => code);

describe('int8-dynamic with calibration data', () => {
  it('fits its weights to the activations in 8 bits, unless asked for the nearest integers: held-out samples gain', async () => {
    using one = scratch();
    using other = scratch();
    const fitted = await quantizeSmall(twoProducts(), one, options);
    const nearest = await quantizeSmall(twoProducts(), other, { ...options, rounding: 'nearest' });
    expect(await heldOut(fitted)).toBeGreaterThan((await heldOut(nearest)) + 0.3);
    expect([codes(fitted), codes(nearest)]).toEqual([['quantize.weights-fitted'], []]);
    expect([fitted, nearest].map(({ result }) => result.provenance.rounding)).toEqual([
      'adaptive',
      'nearest',
    ]);
  });

  it('fits a layer to what the one before it gives, whether its inputs are smoothed or not', async () => {
    // Smoothing makes all inputs quieter for the few that are loud.
    const loud = samplesWithCauses(16, 100, KIND);
    for (const { x } of loud)
      for (let at = 0; at < x!.data.length; at += 16) (x!.data as Float32Array)[at]! *= 40;
    const integersWith = async (smoothQuant: boolean) => {
      using place = scratch();
      const { file, result } = await quantizeSmall(twoProducts(), place, {
        ...options,
        smoothQuant,
        samples: loud,
      });
      const smoothed = result.provenance.smoothed as { activation: string }[];
      const { graph } = readModel(file);
      return {
        smoothed: smoothed.map(({ activation }) => activation),
        integers: graph.constantValues('w2_quantized') as Int8Array,
        constants: [...graph.initializers.keys()],
      };
    };
    const [smooth, plain] = [await integersWith(true), await integersWith(false)];
    expect([smooth.smoothed, plain.smoothed]).toEqual([['x'], []]);
    const others = smooth.integers.filter((value, at) => value !== plain.integers[at]);
    // Sums in float32 are not the same.
    expect(others.length / smooth.integers.length).toBeLessThan(0.01);
    expect(smooth.constants.filter((name) => !plain.constants.includes(name))).toEqual(['x_smoothing']);
  });

  it.each(['adaptive', 'gptq'] as const)(
    'keeps pairs of neighbours within the bound of machines without VNNI, and fits the scales a little: %s',
    async (rounding) => {
      using one = scratch();
      using other = scratch();
      const { graph } = readModel((await quantizeSmall(twoProducts(), one, { ...options, rounding })).file);
      const nearest = readModel(
        (await quantizeSmall(twoProducts(), other, { ...options, rounding: 'nearest' })).file,
      ).graph;
      const integers = graph.constantValues('w1_quantized') as Int8Array;
      const sums = Array.from(integers, (value, at) => {
        const [row, channel] = [Math.floor(at / 192), at % 192];
        return row % 2 === 0 ? Math.abs(value + integers[(row + 1) * 192 + channel]!) : 0;
      });
      expect(Math.max(...sums)).toBeLessThanOrEqual(MAX_PAIR_SUM);
      const [scales, before] = [graph.floats('w1_scale'), nearest.floats('w1_scale')];
      expect(scales).not.toEqual(before);
      for (const [channel, scale] of scales.entries()) expect(scale / before[channel]!).toBeCloseTo(1, 1);
      expect(integers).not.toEqual(nearest.constantValues('w1_quantized'));
    },
  );

  it('fits a weight once for all files that a repair makes', async () => {
    using place = scratch();
    const float = join(place.directory, 'float.onnx');
    writeModel(twoProducts(), float);
    const plain = dataset(samples);
    let read = 0;
    const counted: Dataset = {
      ...plain,
      async *samples() {
        for await (const sample of plain.samples()) {
          read++;
          yield sample;
        }
      },
    };
    const evidence = new Evidence();
    const make = async () => {
      read = 0;
      const { notes } = await quantizeModel({
        model: float,
        out: join(place.directory, 'int8.onnx'),
        options: { ...DEFAULTS, method: 'int8-dynamic', include: ['*'], smoothQuant: false },
        target: 'cpu',
        calibration: counted,
        context: { runtime, log: SILENT },
        verify: false,
        evidence,
      });
      const made = readModel(join(place.directory, 'int8.onnx')).graph;
      return { notes, read, integers: made.constantValues('w2_quantized') };
    };
    const [first, second] = [await make(), await make()];
    expect(first.read).toBeGreaterThan(0);
    expect(second).toEqual({ ...first, read: 0 });
  });

  it('needs data for fitted rounding', async () => {
    using place = scratch();
    const without = quantizeSmall(twoProducts(), place, { ...options, samples: null, rounding: 'adaptive' });
    await expect(without).rejects.toThrow(/calibration data/);
  });
});

describe('activations as they are fitted to', () => {
  it.each([
    ['of both signs', floats(999, 5, 3)],
    ['above zero', floats(64, 6).map((value) => value + 2)],
    ['below zero', floats(64, 7).map((value) => value - 2)],
    ['of nothing but zeros', new Float32Array(8)],
  ])('are those that DynamicQuantizeLinear makes, in float32: values %s', async (_, data) => {
    using place = scratch();
    const file = join(place.directory, 'dynamic.onnx');
    writeModel(
      smallModel({
        inputs: [floatValue('x', ['n'])],
        outputs: [makeValue('y', DataType.FLOAT, ['n'])],
        nodes: [
          makeNode('DynamicQuantizeLinear', ['x'], ['q', 's', 'z']),
          makeNode('DequantizeLinear', ['q', 's', 'z'], ['y']),
        ],
      }),
      file,
    );
    const { y } = await run(file, { x: { type: 'float32', dims: [data.length], data } });
    expect(dynamicallyQuantized(data)).toEqual(y!.data);
  });
});
