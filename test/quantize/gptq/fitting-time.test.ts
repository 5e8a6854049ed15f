import { describe, expect, it } from 'vitest';
import { fittingTime, stagesOf, toldTime, vectorsIn } from '../../../src/quantize/gptq/fitting-time.js';
import type { SharedWeight } from '../../../src/quantize/gptq/shared-weight.js';
import { dataset } from '../small-models.js';

const weight = (input: string, depth: number, channels: number) =>
  ({ layers: [{ input, depth, channels }] }) as unknown as SharedWeight;

/** Layers of a transformer: queries, keys, values, their output, and the two or three products behind. */
const transformer = (
  blocks: number,
  { width, inner, gated }: { width: number; inner: number; gated: boolean },
) =>
  Array.from({ length: blocks }, (_, block) => [
    ...['q', 'k', 'v'].map(() => weight(`${block} normalized`, width, width)),
    weight(`${block} attended`, width, width),
    weight(`${block} between`, width, inner),
    ...(gated ? [weight(`${block} between`, width, inner)] : []),
    weight(`${block} inner`, inner, width),
  ]).flat();

const seconds = (weights: SharedWeight[], vectors: number, forms = 1) =>
  fittingTime(stagesOf(weights), { vectors, forms }).total;

describe('the time that fitting weights is said to take', () => {
  it.each([
    // MiniLM, in 4 bits, and in 4 and 8: the CPU time of one thread, less half of what the matrix library takes.
    ['MiniLM', transformer(6, { width: 384, inner: 1536, gated: false }), 2350, 1, 15],
    ['MiniLM in two forms', transformer(6, { width: 384, inner: 1536, gated: false }), 2120, 1.3, 18],
  ])('is within a factor of 1.5 of what was measured: %s', (_, weights, vectors, forms, measured) => {
    const ratio = seconds(weights, vectors, forms) / measured;
    expect(ratio).toBeGreaterThan(1 / 1.5);
    expect(ratio).toBeLessThan(1.5);
  });

  it('knows the passes over the samples, and what each weight adds', () => {
    const weights = transformer(6, { width: 384, inner: 1536, gated: false });
    const { reading, weights: own, total } = fittingTime(stagesOf(weights), { vectors: 2000, forms: 1 });
    expect(reading).toHaveLength(6);
    expect(own.map((stage) => stage.length)).toEqual([6, 6, 6, 6, 6, 6]);
    expect(reading[5]).toBeGreaterThan(reading[0]!);
    // Keys and values read what queries do: its matrix is factored.
    expect(own[0]![0]).toBeGreaterThan(own[0]![1]!);
    expect(own[0]![1]).toBe(own[0]![2]);
    expect([...reading, ...own.flat()].reduce((a, b) => a + b)).toBeCloseTo(total, 6);
  });

  it('grows with the cube of a layer’s inputs', () => {
    const factoring = (depth: number) =>
      seconds([weight('x', depth, 1)], 0) - seconds([weight('x', 1, 1)], 0);
    expect(factoring(32_768) / factoring(16_384)).toBeGreaterThan(6);
  });

  it('is told in words', () => {
    expect(toldTime(1, 0.2)).toBe('fitting 1 weight to the calibration data: about 1 s on two cores');
    expect(toldTime(224, 7200)).toBe('fitting 224 weights to the calibration data: about 2.0 h on two cores');
  });

  it('counts tokens, or whatever has its values along the last axis, of 128 samples at most', async () => {
    const tokens = (count: number) => ({
      ids: { type: 'int64' as const, dims: [1, count], data: int64sOf(count) },
    });
    expect(await vectorsIn(dataset([10, 20, 30].map(tokens)))).toBe(60);
    expect(await vectorsIn(dataset(Array.from({ length: 300 }, () => tokens(8))))).toBe(128 * 8);
    const frames = { x: { type: 'float32' as const, dims: [1, 50, 80], data: new Float32Array(4000) } };
    expect(await vectorsIn(dataset([frames]))).toBe(50);
    expect(await vectorsIn(dataset([]))).toBe(0);
  });
});

const int64sOf = (count: number) => new BigInt64Array(count);
