import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../../src/onnx/build.js';
import { outputShift } from '../../../../src/quantize/int8-static/recover/bias-correction.js';
import type { QuantizedWeight } from '../../../../src/quantize/integers/weights.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';
import { convLayout } from '../../layouts.js';
import { conv, floats, quantizeSmall, run, scratch, smallModel, weight } from '../../small-models.js';

/** Samples whose channels have means far from zero, as behind a Relu. */
const positive = (count: number, first = 1): Feeds[] =>
  Array.from({ length: count }, (_, i) => ({
    x: {
      type: 'float32' as const,
      dims: [1, 4, 8, 8],
      data: floats(256, first + i, 1).map((value, at) => value + 1 + Math.floor(at / 64)),
    },
  }));

describe('bias correction', () => {
  it('takes the mean error out of every channel', async () => {
    const model = () =>
      smallModel({
        nodes: [
          makeNode('Conv', ['x', 'w'], ['c'], { name: 'first' }),
          makeNode('Relu', ['c'], ['r']),
          makeNode('Conv', ['r', 'v', 'b'], ['d'], { name: 'second', attributes: { group: { int: 8 } } }),
          makeNode('GlobalAveragePool', ['d'], ['p']),
          makeNode('Flatten', ['p'], ['f']),
          makeNode('Gemm', ['f', 'g'], ['y'], { name: 'third' }),
        ],
        initializers: [
          weight('w', [8, 4, 1, 1]),
          weight('v', [8, 1, 3, 3], 3),
          weight('b', [8], 4),
          weight('g', [8, 5], 6),
        ],
      });
    const errors: Record<string, number> = {};
    for (const biasCorrection of [false, true]) {
      using place = scratch();
      const { float, file } = await quantizeSmall(model(), place, { samples: positive(16), biasCorrection });
      const sums = new Float64Array(5);
      for (const feeds of positive(16, 100)) {
        const [before, after] = [(await run(float, feeds)).y!, (await run(file, feeds)).y!];
        before.data.forEach((value, i) => {
          sums[i]! += Number(after.data[i]) - Number(value);
        });
      }
      errors[String(biasCorrection)] = Math.hypot(...sums);
    }
    expect(errors.true).toBeLessThan(errors.false! / 2);
  });

  it('adds a bias to a convolution that had none, and the group still fuses', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [conv('x', 'c', { weight: 'w' }), conv('c', 'y', { weight: 'v' })],
      initializers: [weight('w', [8, 4, 3, 3]), weight('v', [8, 8, 3, 3], 3)],
    });
    const { result } = await quantizeSmall(model, place, { samples: positive(8), biasCorrection: true });
    expect(result.decisions[0]).toMatchObject({ became: 'QLinearConv' });
    expect(result.notes.map(({ code }) => code)).not.toContain('quantize.not-fused');
  });

  it('predicts the shift of any weights exactly', () => {
    // Rows, columns, kernel and groups of a convolution; weights are integers in halves, so that rounding leaves a rest.
    const layouts = fc.record({
      perGroup: fc.integer({ min: 1, max: 3 }),
      columns: fc.integer({ min: 1, max: 3 }),
      kernel: fc.integer({ min: 1, max: 4 }),
      group: fc.integer({ min: 1, max: 3 }),
      seed: fc.integer({ min: 1, max: 1000 }),
    });
    fc.assert(
      fc.property(layouts, ({ perGroup, columns, kernel, group, seed }) => {
        const rows = perGroup * group;
        const values = floats(rows * columns * kernel, seed, 10);
        const quantized: QuantizedWeight = {
          data: Int8Array.from(values, Math.round),
          scale: new Float32Array(rows).fill(1),
          zeroPoint: new Int8Array(rows),
          axis: 0,
        };
        const means = floats(columns * group, seed + 1, 3);
        const layout = convLayout([rows, columns, kernel], group);
        const shift = outputShift(values, quantized, { layout, means });
        for (let row = 0; row < rows; row++) {
          let expected = 0;
          for (let k = 0; k < columns * kernel; k++) {
            const i = row * columns * kernel + k;
            const channel = Math.floor(row / perGroup) * columns + Math.floor(k / kernel);
            expected += (quantized.data[i]! - values[i]!) * means[channel]!;
          }
          expect(shift[row]).toBeCloseTo(expected, 3);
        }
      }),
    );
  });
});
