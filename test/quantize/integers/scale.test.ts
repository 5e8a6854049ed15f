import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import {
  computeScale,
  dequantizeValue,
  FULL_RANGE,
  quantizeValue,
  roundHalfEven,
} from '../../../src/quantize/integers/scale.js';
import { floats, runtime, smallModel } from '../small-models.js';

const types = ['uint8', 'int8'] as const;

describe('rounding', () => {
  it('takes halves to the even neighbour', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5, 127.5].map(roundHalfEven)).toEqual([
      0, 2, 2, 0, -2, -2, 126, 128,
    ]);
  });

  it('differs from the true value by at most a half, everywhere', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (x) => {
        const rounded = roundHalfEven(x);
        return Number.isInteger(rounded) && Math.abs(rounded - x) <= 0.5;
      }),
    );
  });
});

describe('scale and zero-point', () => {
  const finite = fc.float({ min: Math.fround(-1e6), max: Math.fround(1e6), noNaN: true });

  it.each(types)('represent zero exactly and every value of the range within one step (%s)', (type) => {
    fc.assert(
      fc.property(
        finite,
        finite,
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b, symmetric, at) => {
          const [min, max] = [Math.min(a, b, 0), Math.max(a, b, 0)];
          const parameters = computeScale(min, max, { type, symmetric });
          const { min: low, max: high } = FULL_RANGE[type];
          expect(parameters.zeroPoint).toBeGreaterThanOrEqual(low);
          expect(parameters.zeroPoint).toBeLessThanOrEqual(high);
          expect(dequantizeValue(quantizeValue(0, parameters, type), parameters)).toBe(0);
          const value = Math.fround(min + (max - min) * at);
          const error = Math.abs(dequantizeValue(quantizeValue(value, parameters, type), parameters) - value);
          expect(error).toBeLessThanOrEqual(parameters.scale * 1.001 + Math.abs(value) * 1e-6);
        },
      ),
    );
  });

  it('of an all-zero tensor are 1 and 0', () => {
    expect(computeScale(0, 0, { type: 'uint8' })).toEqual({ scale: 1, zeroPoint: 0 });
  });

  it('of positive values put zero at the lower end, of negative ones at the upper', () => {
    expect(computeScale(2, 51, { type: 'uint8' }).zeroPoint).toBe(0);
    expect(computeScale(-51, -2, { type: 'uint8' }).zeroPoint).toBe(255);
    expect(computeScale(2, 51, { type: 'uint8' }).scale).toBe(Math.fround(0.2));
  });

  it('are symmetric on request: zero-point 0 for int8 and 128 for uint8', () => {
    expect(computeScale(-1, 127, { type: 'int8', symmetric: true })).toEqual({ scale: 1, zeroPoint: 0 });
    expect(computeScale(-1, 1, { type: 'uint8', symmetric: true }).zeroPoint).toBe(128);
  });

  it('refuse ranges that are not finite', () => {
    expect(() => computeScale(Number.NaN, 1, { type: 'uint8' })).toThrow(/can't be quantized/);
    expect(() => computeScale(0, Number.POSITIVE_INFINITY, { type: 'uint8' })).toThrow(/can't be quantized/);
  });
});

describe.each(types)('QuantizeLinear and DequantizeLinear (%s)', (type) => {
  it('equal ONNX Runtime bit for bit, halves and saturation included', async () => {
    const dataType = type === 'uint8' ? DataType.UINT8 : DataType.INT8;
    const array = type === 'uint8' ? Uint8Array : Int8Array;
    for (const parameters of [
      { scale: 0.5, zeroPoint: 3 },
      { scale: Math.fround(0.0123), zeroPoint: type === 'uint8' ? 131 : -7 },
    ]) {
      const halves = Float32Array.from({ length: 600 }, (_, i) => ((i - 300) / 2) * parameters.scale);
      const x = Float32Array.from([...halves, ...floats(4000, 5, 4), 1e30, -1e30, -0]);
      const model = smallModel({
        inputs: [makeValue('x', DataType.FLOAT, ['n'])],
        outputs: [makeValue('q'), makeValue('d')],
        nodes: [
          makeNode('QuantizeLinear', ['x', 's', 'z'], ['q']),
          makeNode('DequantizeLinear', ['q', 's', 'z'], ['d']),
        ],
        initializers: [
          makeTensor('s', DataType.FLOAT, [], Float32Array.of(parameters.scale)),
          makeTensor('z', dataType, [], array.of(parameters.zeroPoint)),
        ],
      });
      const session = await runtime.open(encodeModel(model), { graphOptimizationLevel: 'disabled' });
      const { q, d } = await session.run({ x: { type: 'float32', dims: [x.length], data: x } });
      const ours = (array as Uint8ArrayConstructor).from(x, (value) =>
        quantizeValue(value, parameters, type),
      );
      expect(q!.data).toEqual(ours);
      // A zero has no sign that matters.
      expect(Array.from(d!.data as Float32Array, (value) => value + 0)).toEqual(
        Array.from(ours, (value) => dequantizeValue(value, parameters) + 0),
      );
    }
  });
});
