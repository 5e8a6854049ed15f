import { describe, expect, it } from 'vitest';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import { WeightCache } from '../../../../src/quantize/int8-static/edit/weight-cache.js';
import { outputShift } from '../../../../src/quantize/int8-static/recover/bias-correction.js';
import { reductionOrder } from '../../../../src/quantize/integers/saturation.js';
import { quantizeWeight } from '../../../../src/quantize/integers/weights.js';
import { floats } from '../../small-models.js';

const dims = [3, 8];
const values = floats(24, 5);
const options = { type: 'int8', axis: 0, symmetric: true } as const;

describe('a weight that is quantized again', () => {
  const tensor = makeTensor('w', DataType.FLOAT, dims, values);
  const cache = new WeightCache();
  const first = cache.quantize(tensor, { values, dims }, { ...options, key: 'rows' });

  it('is what it became the first time, where the guard on its scales does not bind', () => {
    const smallestScale = first.scale.map((scale) => scale / 2);
    expect(cache.quantize(tensor, { values, dims }, { ...options, smallestScale, key: 'rows' })).toBe(first);
    expect(first).toEqual(quantizeWeight(values, dims, { ...options, smallestScale }));
  });

  it('is quantized anew where the guard binds in one channel', () => {
    const smallestScale = first.scale.map((scale, channel) => (channel === 1 ? 3 * scale : 0));
    const guarded = cache.quantize(tensor, { values, dims }, { ...options, smallestScale, key: 'rows' });
    expect(guarded).toEqual(quantizeWeight(values, dims, { ...options, smallestScale }));
    expect(guarded.scale[1]).toBeGreaterThan(first.scale[1]!);
    // The next file has the same ranges.
    const again = { ...options, smallestScale: smallestScale.slice(), key: 'rows' };
    expect(cache.quantize(tensor, { values, dims }, again)).toBe(guarded);
    const other = { ...again, smallestScale: smallestScale.map((scale) => 2 * scale) };
    expect(cache.quantize(tensor, { values, dims }, other)).toEqual(quantizeWeight(values, dims, other));
    expect(cache.quantize(tensor, { values, dims }, { ...options, key: 'rows' })).toBe(first);
  });

  it('is another thing under another key, and for another tensor of the same values', () => {
    const whole = cache.quantize(tensor, { values, dims }, { ...options, axis: null, key: 'whole' });
    expect(whole.scale).toHaveLength(1);
    const twin = makeTensor('w', DataType.FLOAT, dims, values);
    expect(cache.quantize(twin, { values, dims }, { ...options, key: 'rows' })).not.toBe(first);
  });

  it('keeps its integers under adaptive rounding, and is rounded the same again', () => {
    const before = first.data.slice();
    // Inputs that go together: it pays to round some of them the other way.
    const moments = { inputs: 8, covariances: [new Float32Array(64).fill(1)] };
    const rounded = cache.round(values, first, { moments, pairs: null });
    expect(first.data).toEqual(before);
    expect(rounded.data).not.toEqual(before);
    expect(cache.round(values, first, { moments, pairs: null })).toBe(rounded);
    // Other scales with the same integers: from files with other ranges.
    const wider = { ...first, scale: first.scale.map((scale) => 2 * scale) };
    expect(cache.round(values, wider, { moments, pairs: null })).toEqual({ ...wider, data: rounded.data });
  });

  it('shifts its outputs by the same for the same means only', () => {
    const layout = { rows: 3, columns: 8, kernel: 1, rowsAreOutputs: true, group: 1 };
    const means = floats(8, 7);
    const shift = cache.shift(values, first, { layout, means });
    expect(shift).toEqual(outputShift(values, first, { layout, means }));
    expect(cache.shift(values, first, { layout, means })).toBe(shift);
    expect(cache.shift(values, first, { layout, means: floats(8, 8) })).not.toEqual(shift);
  });

  it('is quantized anew in the channels where the guard binds, in pairs and in groups of channels, and shifts by as much', () => {
    // Two groups of 4 outputs, each of which reads 3 channels by 2 × 2.
    const [own, kernel] = [floats(96, 9), [8, 3, 2, 2]];
    const conv = makeTensor('conv', DataType.FLOAT, kernel, own);
    const layout = { rows: 8, columns: 3, kernel: 4, rowsAreOutputs: true, group: 2 };
    const means = floats(6, 7);
    const pairs = reductionOrder(layout);
    const of = { ...options, fullRange: true, pairs };
    const free = cache.quantize(conv, { values: own, dims: kernel }, { ...of, key: 'conv' });
    for (const channel of [0, 6]) {
      const smallestScale = free.scale.map((scale, at) => (at === channel ? 1.7 * scale : scale / 2));
      const guarded = { ...of, smallestScale, key: 'conv' };
      const found = cache.quantize(conv, { values: own, dims: kernel }, guarded);
      const whole = quantizeWeight(own, kernel, { ...of, smallestScale });
      expect(found).toEqual(whole);
      expect(found.data).not.toEqual(free.data);
      expect(cache.shift(own, found, { layout, means })).toEqual(outputShift(own, whole, { layout, means }));
    }
  });
});
