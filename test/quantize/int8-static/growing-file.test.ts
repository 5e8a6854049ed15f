import { statSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { clockedRuntime } from '../clock.js';
import {
  conv,
  floatValue,
  quantizeSmall,
  run,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

afterEach(() => void vi.restoreAllMocks());

const SHAPE = [1, 8, 128, 128];

/** Many layers of few weights, and one of `head` weights per channel: what is written around the small ones in 8 bits takes more bytes than they save. */
function manySmallLayers(head: number) {
  const names = Array.from({ length: 9 }, (_, at) => (at === 0 ? 'x' : `t${at}`));
  return smallModel({
    inputs: [floatValue('x', SHAPE)],
    nodes: [
      ...names.slice(1).map((name, at) => conv(names[at]!, name, { weight: `w${at}` })),
      makeNode('GlobalAveragePool', [names.at(-1)!], ['pooled']),
      makeNode('Flatten', ['pooled'], ['flat']),
      makeNode('MatMul', ['flat', 'head'], ['y']),
    ],
    initializers: [
      ...names.slice(1).map((_, at) => weight(`w${at}`, [8, 8, 1, 1], at + 1)),
      weight('head', [8, head], 99),
    ],
  });
}

async function made(head: number) {
  using place = scratch();
  const { result, float, file } = await quantizeSmall(manySmallLayers(head), place, {
    include: null,
    samples: samplesOf(SHAPE, 1),
    clocked: clockedRuntime(() => 1),
  });
  const [sample] = samplesOf(SHAPE);
  const [before, after] = [await run(float, sample!), await run(file, sample!)];
  return {
    became: result.decisions.map(({ became }) => became),
    note: result.notes.find(({ code }) => code === 'quantize.only-weights' || code === 'quantize.larger'),
    ratio: statSync(file).size / statSync(float).size,
    sqnr: sqnr(before.y!.data as Float32Array, after.y!.data as Float32Array),
  };
}

it('a model whose file would be larger in 8 bits gets its weights alone compressed', async () => {
  const { became, note, ratio, sqnr } = await made(128);
  expect(became).toContain('int8 weights, folded');
  expect(became).not.toContain('QLinearConv');
  expect(note).toMatchObject({ code: 'quantize.only-weights' });
  expect(note!.message).toMatch(
    /^In 8 bits the file would have \d+ bytes more than the original, .*: only its weights/,
  );
  expect(ratio).toBeLessThan(0.9);
  expect(sqnr).toBeGreaterThan(30);
});

it('one without weights worth it is left as it was, and the note says why', async () => {
  const { became, note, ratio } = await made(16);
  expect(new Set(became)).toEqual(new Set(['float']));
  expect(note).toMatchObject({ code: 'quantize.larger' });
  expect(note!.message).toMatch(
    /^In 8 bits the file would have \d+ bytes more .*: the model was left as it was\.$/,
  );
  expect(ratio).toBeCloseTo(1, 1);
});
