/** Decoders that Optimum merged are quantized like any other: by every method, whichever branches the calibration data take. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { LAYERS, type MergedDecoderOptions, mergedDecoder, prompt, step } from './merged-decoder.js';
import { type Quantized, quantizeSmall, run, runtime, scratch, sqnr } from './small-models.js';

const PLACE = scratch();
const ORIGINAL = `${PLACE.directory}/original.onnx`;
writeModel(mergedDecoder(), ORIGINAL);

/** The same texts for all: the first calibrate. */
const TEXTS = 13;
const CALIBRATING = 10;
const prompts = Array.from({ length: TEXTS }, (_, text) => prompt(12 + text, 50 + 7 * text));
const steps = await Promise.all(prompts.map((_, text) => step(ORIGINAL, 6 + text, 1050 + 7 * text)));

type Taken = 'both' | 'prompts' | 'steps' | 'none';

function calibration(taken: Taken): Feeds[] | null {
  if (taken === 'none') return null;
  const [texts, next] = [prompts.slice(0, CALIBRATING), steps.slice(0, CALIBRATING)];
  return taken === 'both' ? texts.flatMap((text, at) => [text, next[at]!]) : taken === 'steps' ? next : texts;
}

/** Of the logits, of texts that calibrated nothing. */
async function heldOut({ file, float }: Quantized, of: readonly Feeds[]): Promise<number> {
  const [expected, found]: [number[], number[]] = [[], []];
  for (const feeds of of.slice(CALIBRATING)) {
    expected.push(...((await run(float, feeds)).logits!.data as Float32Array));
    found.push(...((await run(file, feeds)).logits!.data as Float32Array));
  }
  return sqnr(expected, found);
}

async function quantized(
  method: 'int8-static' | 'int8-dynamic' | 'int8-weights' | 'int4-weights' | 'float16',
  { taken = 'both', ...options }: MergedDecoderOptions & { taken?: Taken } = {},
) {
  using place = scratch();
  const made = await quantizeSmall(mergedDecoder(options), place, {
    method,
    // Whatever the machine's speed.
    ...(method === 'int8-dynamic' ? { include: ['*'], saturationSafe: true } : { include: null }),
    samples: calibration(taken),
  });
  for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const)
    await (await runtime.open(made.file, { graphOptimizationLevel })).release();
  return {
    size: statSync(made.file).size / statSync(made.float).size,
    prompts: await heldOut(made, prompts),
    steps: await heldOut(made, steps),
    notes: new Map(made.result.notes.map(({ code, message }) => [code, message])),
  };
}

let known: ReturnType<typeof quantized> | undefined;

/** Made once. */
async function int4OfBoth(): ReturnType<typeof quantized> {
  known ??= quantized('int4-weights');
  return await known;
}

/** Products in each branch: queries, keys, values, what attention gives, two of the feed-forward part; and the head. */
const PRODUCTS = 6 * LAYERS + 1;

describe('a merged decoder', () => {
  it.each([
    ['int8-static', 0.28, 38],
    ['int8-dynamic', 0.28, 31],
    ['int8-weights', 0.29, 35],
    ['int4-weights', 0.18, 17],
    ['float16', 0.51, 60],
  ] as const)(
    'becomes small by %s: at most %f × the size, both branches near',
    async (method, size, near) => {
      const made = method === 'int4-weights' ? await int4OfBoth() : await quantized(method);
      expect(made.size).toBeLessThan(size);
      expect(made.prompts).toBeGreaterThan(near);
      expect(made.steps).toBeGreaterThan(near);
      if (method.endsWith('weights') || method === 'int8-dynamic')
        expect(made.notes.get('quantize.weights-fitted')).toContain(`median of ${PRODUCTS} layers`);
      expect([...made.notes.keys()]).not.toContain('quantize.weights-unseen');
    },
  );

  it.each([
    ['int8-static', 0.42],
    ['int8-dynamic', 0.29],
    ['int8-weights', 0.3],
    ['int4-weights', 0.18],
    ['float16', 0.51],
  ] as const)(
    'stores a table that is the head, too, once, and keeps outputs that a step gives empty: %s',
    async (method, size) => {
      const made = await quantized(method, { tied: true, emptyOutputs: true });
      expect(made.size).toBeLessThan(size);
      expect(Math.min(made.prompts, made.steps)).toBeGreaterThan(method === 'int4-weights' ? 15 : 30);
    },
  );

  it('with copies of the weights in each branch is fitted and stored like one with shared weights', async () => {
    const shared = await int4OfBoth();
    const copied = await quantized('int4-weights', { copied: true });
    expect(copied.size).toBeLessThan(0.1);
    expect(copied.prompts).toBeCloseTo(shared.prompts, 3);
    expect(copied.steps).toBeCloseTo(shared.steps, 3);
  });

  it('gains from calibration data that take either branch, most from those that take both', async () => {
    const none = await quantized('int4-weights', { taken: 'none' });
    expect(none.notes.has('quantize.weights-fitted')).toBe(false);
    for (const taken of ['prompts', 'steps'] as const) {
      const made = await quantized('int4-weights', { taken });
      expect(made.notes.get('quantize.weights-fitted')).toContain(`median of ${PRODUCTS} layers`);
      expect(made.notes.has('quantize.weights-unseen')).toBe(false);
      expect(made[taken]).toBeGreaterThan(none[taken] + 0.5);
    }
    const both = await int4OfBoth();
    expect(both.prompts).toBeGreaterThan(none.prompts + 1);
    expect(both.steps).toBeGreaterThan(none.steps + 1);
  });
});
