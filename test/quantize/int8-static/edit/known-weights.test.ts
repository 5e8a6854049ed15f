import { describe, expect, it } from 'vitest';
import { DataType } from '../../../../src/onnx/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor.js';
import { quantizeOnce } from '../../../../src/quantize/int8-static/edit/known-weights.js';
import { quantizeWeight } from '../../../../src/quantize/integers/weights.js';
import { floats } from '../../small-models.js';

const dims = [3, 8];
const values = floats(24, 5);
const options = { type: 'int8', axis: 0, symmetric: true } as const;

describe('a weight that is quantized again', () => {
  const tensor = makeTensor('w', DataType.FLOAT, dims, values);
  const first = quantizeOnce(tensor, { values, dims }, { ...options, key: 'rows' });

  it('is what it became the first time, where the guard on its scales does not bind', () => {
    const smallestScale = first.scale.map((scale) => scale / 2);
    expect(quantizeOnce(tensor, { values, dims }, { ...options, smallestScale, key: 'rows' })).toBe(first);
    expect(first).toEqual(quantizeWeight(values, dims, { ...options, smallestScale }));
  });

  it('is quantized anew where the guard binds in one channel', () => {
    const smallestScale = first.scale.map((scale, channel) => (channel === 1 ? 3 * scale : 0));
    const guarded = quantizeOnce(tensor, { values, dims }, { ...options, smallestScale, key: 'rows' });
    expect(guarded).toEqual(quantizeWeight(values, dims, { ...options, smallestScale }));
    expect(guarded.scale[1]).toBeGreaterThan(first.scale[1]!);
    expect(quantizeOnce(tensor, { values, dims }, { ...options, key: 'rows' })).toBe(first);
  });

  it('is another thing under another key, and for another tensor of the same values', () => {
    const whole = quantizeOnce(tensor, { values, dims }, { ...options, axis: null, key: 'whole' });
    expect(whole.scale).toHaveLength(1);
    const twin = makeTensor('w', DataType.FLOAT, dims, values);
    expect(quantizeOnce(twin, { values, dims }, { ...options, key: 'rows' })).not.toBe(first);
  });
});
