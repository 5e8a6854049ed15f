import { describe, expect, it } from 'vitest';
import { isSurelyBetter, nearestOf } from '../../../src/quantize/int8-static/choose-calibrator.js';
import { HeldOutSamples } from '../../../src/quantize/int8-static/held-out-samples.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { conv, floatValue, quantizeSmall, samplesOf, scratch, smallModel, weight } from '../small-models.js';

const SHAPE = [1, 4, 96, 96];
const PLANE = 96 * 96;

/** Two convolutions; the first doesn't read the last channel of its input where `mutes` says so. */
const network = ({ mutes = false } = {}) => {
  const first = weight('wa', [8, 4, 3, 3], 2);
  if (mutes) {
    const values = new Float32Array(first.rawData.buffer, first.rawData.byteOffset, 8 * 4 * 9);
    for (let channel = 0; channel < 8; channel++) values.fill(0, channel * 36 + 27, channel * 36 + 36);
  }
  return smallModel({
    inputs: [floatValue('x', SHAPE)],
    nodes: [conv('x', 'a', { weight: 'wa' }), conv('a', 'y', { weight: 'wb' })],
    initializers: [first, weight('wb', [4, 8, 3, 3], 4)],
  });
};

/** Puts one value that reaches far into the last channel of every sample. */
function withWildValues(samples: readonly Feeds[]): Feeds[] {
  for (const [index, { x }] of samples.entries()) (x!.data as Float32Array)[3 * PLANE + 37 * index] = 100;
  return [...samples];
}

/** Makes one sample ten times as large. */
function withOddSample(samples: readonly Feeds[], odd: number): Feeds[] {
  const { x } = samples[odd]!;
  for (let i = 0; i < x!.data.length; i++) (x!.data as Float32Array)[i]! *= 10;
  return [...samples];
}

describe('the default calibrator', () => {
  it('is a percentile where clipping what reaches far brings every sample nearer', async () => {
    using place = scratch();
    const samples = withWildValues(samplesOf(SHAPE, 24));
    const { result } = await quantizeSmall(network({ mutes: true }), place, { samples });
    expect(result.provenance.percentile).toBeLessThan(100);
  });

  it('is minmax where one odd sample needs the whole range, wherever it stands', async () => {
    for (const odd of [3, 20]) {
      using place = scratch();
      const samples = withOddSample(samplesOf(SHAPE, 24), odd);
      const { result } = await quantizeSmall(network(), place, { samples });
      expect(result.provenance.percentile).toBe(100);
    }
  });

  it('is minmax where there are too few samples to judge', async () => {
    using place = scratch();
    const samples = withWildValues(samplesOf(SHAPE, 6));
    const { result } = await quantizeSmall(network({ mutes: true }), place, { samples });
    expect(result.provenance.percentile).toBe(100);
  });
});

describe('what a candidate must do against minmax', () => {
  /** One fold: samples of one power, and the noise that each choice adds to them. */
  const fold = (noises: Record<string, readonly number[]>) =>
    new Map(
      Object.entries(noises).map(([choice, noise]) => [
        choice === 'mse' ? ('mse' as const) : Number(choice),
        {
          all: noise.reduce((sum, one) => sum + one, 0),
          samples: noise.map((one) => one * 4),
          noise: [...noise],
        },
      ]),
    );
  const minmax = [4, 5, 6, 5];

  it('is to be the nearest of those that lose at most half a decibel on the worst sample', () => {
    expect(nearestOf(fold({ 100: minmax, 99.999: [4, 5, 5, 5], mse: [3, 4, 5, 4] }))).toBe('mse');
    expect(nearestOf(fold({ 100: minmax, 99.999: [4, 5, 5, 5], mse: [1, 1, 7, 1] }))).toBe(99.999);
    expect(nearestOf(fold({ 100: minmax, 99.999: [4, 6, 6, 5] }))).toBe(100);
  });

  it('is to win by more than the chance of a few samples', () => {
    const even = fold({ 100: minmax, mse: [3.6, 4.4, 5.5, 4.6] });
    expect(isSurelyBetter('mse', [even, even])).toBe(true);
    // In all it wins as much, by one sample.
    const odd = fold({ 100: minmax, mse: [4.2, 5.2, 3.2, 5.2] });
    expect(isSurelyBetter('mse', [odd, odd])).toBe(false);
  });

  it('is to win a fifth of a decibel', () => {
    const little = fold({ 100: minmax, mse: minmax.map((one) => one * 0.97) });
    expect(isSurelyBetter('mse', [little, little])).toBe(false);
  });
});

describe('samples held out to judge ranges', () => {
  const sample = (id: number, length = 1): Feeds => ({
    x: { type: 'float32', dims: [length], data: new Float32Array(length).fill(id) },
  });
  const idOf = ({ x }: Feeds): number => Number(x!.data[0]);

  it('are the first of each fold and those that reach farthest', () => {
    const samples = new HeldOutSamples(2);
    for (let id = 0; id < 100; id++) samples.add(sample(id), [id === 60 || id === 81 ? 50 : 1, id % 7]);
    expect(samples.of(0).map(idOf)).toEqual(expect.arrayContaining([0, 2, 14, 60]));
    expect(samples.of(1).map(idOf)).toEqual(expect.arrayContaining([1, 3, 15, 81]));
    expect([...samples.of(0), ...samples.of(1)]).toHaveLength(32);
    const ofAll = samples.ofAll().map(idOf);
    expect(ofAll.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(ofAll.slice(8, 10).sort()).toEqual([60, 81]);
    expect(ofAll).toHaveLength(16);
  });

  it('are fewer where they are large', () => {
    const samples = new HeldOutSamples(2);
    for (let id = 0; id < 20; id++) samples.add(sample(id, 2 ** 21), [id]);
    expect(samples.of(0).length + samples.of(1).length).toBeLessThanOrEqual(8);
  });
});
