import { describe, expect, it } from 'vitest';
import {
  type ScaledWeightOptions,
  ScaledWeights,
} from '../../../../src/quantize/int8-static/edit/scaled-weights.js';
import { quantizeWeight } from '../../../../src/quantize/integers/weights.js';
import { floats } from '../../small-models.js';

const [CHANNELS, DEPTH] = [4, 18];
const values = floats(CHANNELS * DEPTH, 3);
const quantized = quantizeWeight(values, [CHANNELS, DEPTH], { type: 'int8', axis: 0, symmetric: true });

const times = (factors: readonly number[]) =>
  values.map((value, i) => Math.fround(value * factors[Math.floor(i / DEPTH)]!));

function found(
  weight: Float32Array,
  { smallestScale, key = 'conv', signs }: Partial<ScaledWeightOptions> = {},
) {
  const known = new ScaledWeights();
  known.add('conv', values, quantized);
  return known.find(weight, { key, channels: CHANNELS, smallestScale, ...(signs && { signs }) });
}

describe('a weight that is another one times a factor per channel', () => {
  it('has its integers, under scales of its own', () => {
    const factors = [0.5, 3, 1, 0.01];
    const twin = found(times(factors))!;
    expect(twin.data).toBe(quantized.data);
    for (const [channel, factor] of factors.entries())
      expect(twin.scale[channel]).toBeCloseTo(quantized.scale[channel]! * factor, 6);
  });

  it('has them under negative scales where the kernels take those', () => {
    const twin = found(times([0.5, -3, 1, -0.01]), { signs: 'any' })!;
    expect(twin.data).toBe(quantized.data);
    expect([...twin.scale].map(Math.sign)).toEqual([1, -1, 1, -1]);
  });

  it('has them under scales next to zero where it is zero, but no smaller ones than its bias needs', () => {
    expect(found(times([1, 0, 1, 1]))!.scale[1]).toBeLessThan(1e-20);
    expect(
      found(times([1, 0, 1, 1]), { smallestScale: Float32Array.of(0, 1e-9, 0, 0) })!.scale[1],
    ).toBeCloseTo(1e-9, 15);
  });

  it.each([
    ['a factor is negative', times([1, 1, -1, 1])],
    ['a single value differs', times([1, 2, 3, 4]).with(20, 0.25)],
  ])('has not where %s', (_, weight) => {
    expect(found(weight)).toBeNull();
  });

  it('has not where its bias needs larger scales', () => {
    expect(
      found(times([1, 1, 1, 1e-3]), { smallestScale: Float32Array.of(0, 0, 0, quantized.scale[3]!) }),
    ).toBeNull();
  });

  it('has not where the two are quantized in different ways', () => {
    expect(found(times([1, 2, 3, 4]), { key: 'another' })).toBeNull();
  });
});
