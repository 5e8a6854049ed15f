import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EvaluatorConfig } from '../../../../src/config/config.js';
import { UserError } from '../../../../src/errors.js';
import { SILENT } from '../../../../src/log.js';
import { type CustomRequest, evaluateCustom } from '../../../../src/measure/accuracy/evaluator/custom.js';
import type { Runner } from '../../../../src/measure/accuracy/runner.js';
import { HARMLESS, inJobEnvironment, SECRETS, SEEN } from '../../../system/process/secrets.js';
import { dataset, floats, identity, model } from '../models.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-evaluator-'));
let modules = 0;

function evaluatorModule(source: string, more: Partial<EvaluatorConfig> = {}): EvaluatorConfig {
  const path = join(folder, `evaluator-${modules++}.mjs`);
  writeFileSync(path, source);
  return { module: path, higherIsBetter: true, timeoutMs: 20_000, ...more } as EvaluatorConfig;
}

function evaluatorCommand(script: string, ...args: string[]): EvaluatorConfig {
  return { command: [process.execPath, '-e', script, ...args], higherIsBetter: true, timeoutMs: 20_000 };
}

const ROWS = [
  { x: [9, 1], label: 0 },
  { x: [1, 9], label: 1 },
  { x: [8, 2], label: 0 },
  { x: [6, 7], label: 0 },
];

function withFile(runner: Runner): Runner & { file: string } {
  return { ...runner, file: `/models/${runner.variant}.onnx` };
}

/** Gets the first sample wrong and the last one right. */
const SWAPPED = model('int8', (x) => floats([1, 2], x[0] === 9 ? [0, 1] : x[1] === 7 ? [1, 0] : x));

function request(evaluator: EvaluatorConfig, changes: Partial<CustomRequest> = {}): CustomRequest {
  return {
    model: 'net',
    provider: 'cpu',
    confidence: 0.95,
    evaluator,
    runners: [withFile(identity('original')), withFile(SWAPPED)],
    dataset: dataset(ROWS),
    directory: folder,
    log: SILENT,
    ...changes,
  };
}

/** How many of the job's variables the evaluator saw, by its own count. */
async function variablesSeenBy(evaluator: EvaluatorConfig): Promise<(number | null)[]> {
  const measurements = await inJobEnvironment(() => evaluateCustom(request(evaluator, { dataset: null })));
  return measurements.map(({ value }) => value);
}

/** For each model: no secret, and everything else. */
const ONLY_HARMLESS = [0, 0, ...Array<number>(2).fill(Object.keys(HARMLESS).length)];

const COUNTS = `(() => {
  const seen = ${SEEN}, secrets = ${JSON.stringify(Object.keys(SECRETS))};
  const secret = seen.filter((name) => secrets.includes(name)).length;
  return { secret, harmless: seen.length - secret };
})()`;

/** Scores by the higher of two outputs. */
const EXACT = `
  export async function evaluate({ samples }) {
    const exact = [];
    for await (const { label, outputs } of samples()) {
      const [a, b] = outputs.y.data;
      exact.push((b > a ? 1 : 0) === label ? 1 : 0);
    }
    return { exact };
  }`;

describe('an evaluator module', () => {
  it('gets samples with outputs; numbers per sample are judged by their flips', async () => {
    const [original, int8] = await evaluateCustom(request(evaluatorModule(EXACT)));
    expect(original).toMatchObject({
      metric: 'accuracy.exact',
      variant: 'original',
      value: 0.75,
      n: 4,
      drop: null,
    });
    expect(int8).toMatchObject({ variant: 'int8', value: 0.75, drop: { value: 0, lost: 1, gained: 1 } });
  });

  it('can run the model on what it makes itself, and knows the file', async () => {
    const evaluator = evaluatorModule(`
      export async function evaluate({ model, run }) {
        const x = { type: 'float32', dims: [1, 2], data: Float32Array.of(3, 4) };
        const { y } = await run({ x });
        return { sum: y.data[0] + y.data[1], quantized: model.endsWith('int8.onnx') ? 1 : 0 };
      }`);
    const measurements = await evaluateCustom(request(evaluator, { dataset: null }));
    expect(measurements.map(({ metric, variant, value }) => [metric, variant, value])).toEqual([
      ['accuracy.sum', 'original', 7],
      ['accuracy.sum', 'int8', 7],
      ['accuracy.quantized', 'original', 0],
      ['accuracy.quantized', 'int8', 1],
    ]);
    expect(measurements[1]!.ratio).toEqual({ value: 1, interval: null });
    expect(measurements[3]!.drop!.value).toBe(-1);
  });

  it('turns the drop round where lower is better, and compares means in pairs', async () => {
    const evaluator = evaluatorModule(
      `export const evaluate = async ({ model }) => ({ cer: model.includes('int8') ? [0.1, 0.3, 0.2] : [0.1, 0.1, 0.1] });`,
      { higherIsBetter: { cer: false } },
    );
    const [original, int8] = await evaluateCustom(request(evaluator));
    expect(original!.value).toBeCloseTo(0.1);
    expect(int8!.drop!.value).toBeCloseTo(0.1);
    expect(int8!.drop!.interval!.lo).toBeGreaterThanOrEqual(0);
    expect(int8!.drop!.lost).toBeNull();
  });

  it('compares with the base build', async () => {
    const runners = [identity('original'), SWAPPED, { ...identity('int8'), base: true }].map(withFile);
    const [, int8] = await evaluateCustom(request(evaluatorModule(EXACT), { runners }));
    expect(int8!.base).toMatchObject({ value: 0.75, ratio: { value: 1 } });
  });

  it.each([
    [
      'throws',
      'export const evaluate = () => { throw new Error("no alphabet"); };',
      /failed: Error: no alphabet/,
    ],
    ['returns garbage', 'export const evaluate = async () => "good";', /returned "good".*object of numbers/],
    [
      'returns text as a number',
      'export const evaluate = () => ({ exact: "high" });',
      /returned "high" as 'exact'/,
    ],
    ['returns nothing', 'export const evaluate = () => ({});', /returned no numbers/],
    [
      'uses impossible names',
      'export const evaluate = () => ({ "F1 score": 1 });',
      /'F1 score': names are lower-case/,
    ],
    ['exports no function', 'export const evaluator = 1;', /exports no function `evaluate`/],
    ['does not parse', 'export const = 1;', /failed: .*SyntaxError/s],
    [
      'ends its process',
      'console.error("bye"); process.exit(3);',
      /ended with exit code 3.*It wrote:\s+bye/s,
    ],
    ['asks for data that is not there', EXACT, /no evaluation data/],
  ])('that %s ends the run with its reason', async (_, source, message) => {
    const evaluating = evaluateCustom(request(evaluatorModule(source), { dataset: null }));
    await expect(evaluating).rejects.toThrow(UserError);
    await expect(evaluating).rejects.toThrow(message);
  });

  it("does not see the job's secrets, nor the files that change its later steps", async () => {
    const evaluator = evaluatorModule(`export const evaluate = () => (${COUNTS});`);
    expect(await variablesSeenBy(evaluator)).toEqual(ONLY_HARMLESS);
  });

  it('that hangs is stopped at its timeout', async () => {
    const evaluator = evaluatorModule('export const evaluate = () => { for (;;); };', { timeoutMs: 500 });
    await expect(evaluateCustom(request(evaluator))).rejects.toThrow(
      /took longer than 0.5 s and was stopped/,
    );
  });

  it('that is missing is named', async () => {
    const evaluator = { module: join(folder, 'gone.mjs'), higherIsBetter: true, timeoutMs: 500 };
    await expect(evaluateCustom(request(evaluator))).rejects.toThrow(/gone\.mjs does not exist/);
  });

  it.each([
    ['fails on it', 'throw new Error("odd")', /failed: Error: odd/],
    ['gives NaN for it', 'return { score: NaN }', /returned NaN as 'score'/],
    ['gives no number for it', 'return { other: 1 }', /no single number 'score'/],
  ])('makes a variant invalid that it %s', async (_, statement, reason) => {
    const evaluator = evaluatorModule(
      `export const evaluate = async ({ model }) => { if (model.includes('int8')) { ${statement}; } return { score: 1 }; };`,
    );
    const [original, int8] = await evaluateCustom(request(evaluator));
    expect(original).toMatchObject({ status: 'ok', value: 1 });
    expect(int8).toMatchObject({ status: 'invalid', value: null, reason: expect.stringMatching(reason) });
  });

  it('makes a variant invalid whose model fails while it is evaluated', async () => {
    const crashing = model('int8', () => {
      throw new Error('the worker was ended by SIGSEGV');
    });
    const runners = [identity('original'), crashing].map(withFile);
    const [, int8] = await evaluateCustom(request(evaluatorModule(EXACT), { runners }));
    expect(int8).toMatchObject({ status: 'invalid', reason: expect.stringMatching(/SIGSEGV/) });
  });
});

describe('an evaluator command', () => {
  it('gets the model file and prints numbers after whatever else it says', async () => {
    const script = `console.log('loading', process.argv[1]); console.log(JSON.stringify({ size: process.argv[1].length }))`;
    const measurements = await evaluateCustom(request(evaluatorCommand(script, '{model}')));
    expect(measurements.map(({ value }) => value)).toEqual([
      '/models/original.onnx'.length,
      '/models/int8.onnx'.length,
    ]);
  });

  it('gets the outputs and labels as .npy files, which are removed afterwards', async () => {
    const script = `
      const { readFileSync, readdirSync } = require('node:fs');
      const body = (name) => { const b = readFileSync(process.argv[1] + '/' + name); return b.subarray(10 + b.readUInt16LE(8)); };
      const y = body('y.npy'), labels = body('labels.npy');
      const exact = [];
      for (let i = 0; i < labels.length / 8; i++) {
        const top = y.readFloatLE(i * 8) >= y.readFloatLE(i * 8 + 4) ? 0 : 1;
        exact.push(top === Number(labels.readBigInt64LE(i * 8)) ? 1 : 0);
      }
      console.log(JSON.stringify({ exact }));`;
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('quantgate-outputs-'));
    const [original, int8] = await evaluateCustom(request(evaluatorCommand(script, '{outputs}')));
    expect(original!.value).toBe(0.75);
    expect(int8!.drop).toMatchObject({ lost: 1, gained: 1 });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('quantgate-outputs-'))).toEqual(before);
  });

  it.each([
    ['prints garbage', 'console.log("accuracy is fine")', /must print one JSON object.*'accuracy is fine'/s],
    ['prints nothing', '', /it printed nothing/],
    ['prints a list', 'console.log("[1, 2]")', /returned \[1,2\]/],
    ['fails', 'console.error("no model"); process.exit(2)', /ended with exit code 2.*no model/s],
  ])('that %s ends the run with its reason', async (_, script, message) => {
    await expect(evaluateCustom(request(evaluatorCommand(script)))).rejects.toThrow(message);
  });

  it("does not see the job's secrets, nor the files that change its later steps", async () => {
    const evaluator = evaluatorCommand(`console.log(JSON.stringify(${COUNTS}))`);
    expect(await variablesSeenBy(evaluator)).toEqual(ONLY_HARMLESS);
  });

  it('that hangs is stopped at its timeout', async () => {
    const evaluator = { ...evaluatorCommand('setInterval(() => {}, 1000)'), timeoutMs: 300 };
    await expect(evaluateCustom(request(evaluator))).rejects.toThrow(
      /took longer than 0.3 s and was stopped/,
    );
  });

  it('that does not exist is named', async () => {
    const evaluator = { command: ['no-such-program-here'], higherIsBetter: true, timeoutMs: 1000 };
    await expect(evaluateCustom(request(evaluator))).rejects.toThrow(
      /can't be started.*Is no-such-program-here installed/,
    );
  });
});

describe('an evaluator with figures of the whole set', () => {
  it('has intervals for a ratio of sums, which is no mean of ratios', async () => {
    const evaluator = evaluatorModule(
      `export async function evaluate({ samples, metrics }) {
         const rows = [];
         for await (const { label, outputs } of samples()) {
           const [zero, one] = outputs.y.data;
           rows.push(metrics.wordErrors(label === 1 ? 'one' : 'zero zero zero', one > zero ? 'one' : 'zero zero zero'));
         }
         return { 'word-errors': metrics.ratio(rows), edits: metrics.sum(rows.map(([edits]) => edits)) };
       }`,
      { higherIsBetter: false },
    );
    const [original, int8, , sum] = await evaluateCustom(request(evaluator));
    // Of ten words: the last sample's three are wrong; then the first sample's, and not the last's.
    expect(original!.value).toBeCloseTo(3 / 10, 12);
    expect(int8!.value).toBeCloseTo(3 / 10, 12);
    expect(int8!.drop!.interval!.lo).toBeLessThan(0);
    expect(int8!.drop!.interval!.hi).toBeGreaterThan(0);
    expect(sum!.value).toBe(3);
  });

  it('needs no quantgate beside it for decoding and metrics', async () => {
    const evaluator = evaluatorModule(
      `export function evaluate({ metrics, decode }) {
         const tensor = { type: 'float32', dims: [1, 3, 3], data: Float32Array.of(0, 1, 0, 1, 0, 0, 0, 0, 1) };
         return {
           text: Number(decode.transcript(decode.ctc(tensor), ['<pad>', 'a', 'b']) === 'ab'),
           f1: metrics.answerF1('the cat', 'a cat'),
           ndcg: metrics.ndcg(decode.rank([0.1, 0.9]), { 1: 2 }),
           entities: metrics.entities(['B-PER', 'O'], ['B-PER', 'O'])[0],
           pck: metrics.pck([[0, 0]], [[0, 1]], { threshold: 0.1, size: 20 })[0],
         };
       }`,
    );
    const measurements = await evaluateCustom(
      request(evaluator, { dataset: null, runners: [withFile(identity('original'))] }),
    );
    expect(measurements.map(({ value }) => value)).toEqual([1, 1, 1, 1, 1]);
  });

  it.each([
    ["{ values: [[1, 2, 3]], reduce: 'ratio' }", 'ratio takes one row of 2 numbers per sample'],
    ["{ values: [[1, 2]], reduce: 'mean' }", 'there is no such `reduce`'],
    ["{ values: [[1, 2]], reduce: 'map' }", 'map takes what `metrics.detection` makes'],
    ["{ values: [[1, 2, 3], [1]], reduce: 'miou' }", 'miou takes rows that `metrics.overlaps` makes'],
    ['5n', "returned 5n as 'wer'. It must return an object of numbers"],
  ])('is refused with %s', async (value, message) => {
    const evaluator = evaluatorModule(`export const evaluate = () => ({ wer: ${value} });`);
    const evaluating = evaluateCustom(request(evaluator, { dataset: null }));
    await expect(evaluating).rejects.toThrow(UserError);
    await expect(evaluating).rejects.toThrow(message);
  });

  it('has none of no samples, nor where nothing is counted', async () => {
    const evaluator = evaluatorModule(`export const evaluate = () => ({
      sum: { values: [], reduce: 'sum' }, ratio: { values: [[0, 0]], reduce: 'ratio' },
    });`);
    const runners = [withFile(identity('original'))];
    const measured = await evaluateCustom(request(evaluator, { dataset: null, runners }));
    expect(measured.map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'undefined here: the evaluator returned no samples'],
      ['skipped', 'undefined here: its samples give the ratio nothing to count'],
    ]);
  });

  it('makes a variant invalid that alone gives a ratio nothing to count', async () => {
    const evaluator = evaluatorModule(`export const evaluate = ({ model, metrics }) => ({
      precision: metrics.ratio(model.includes('int8') ? [[0, 0], [0, 0]] : [[1, 2], [0, 0]]),
    });`);
    const [original, int8] = await evaluateCustom(request(evaluator, { dataset: null }));
    expect(original).toMatchObject({ status: 'ok', value: 0.5 });
    expect(int8).toMatchObject({
      status: 'invalid',
      reason: "undefined, unlike the original's: its samples give the ratio nothing to count",
    });
  });

  it('takes typed arrays as it takes arrays', async () => {
    const evaluator = evaluatorModule(`export const evaluate = ({ metrics }) => ({
      sum: metrics.sum(Float32Array.of(1, 2)), ratio: metrics.ratio([Float64Array.of(1, 2), [2, 4]]),
      same: metrics.value(metrics.ratio([Float64Array.of(1, 2), [2, 4]])),
    });`);
    const runners = [withFile(identity('original'))];
    const measured = await evaluateCustom(request(evaluator, { dataset: null, runners }));
    expect(measured.map(({ value }) => value)).toEqual([3, 0.5, 0.5]);
  });
});

it('answers that are right or wrong, as metrics.exactMatch says it, count 1 and 0', async () => {
  const evaluator = evaluatorModule(`export async function evaluate({ metrics }) {
    const right = [metrics.exactMatch('a', 'A'), metrics.exactMatch('a', 'b'), true, false];
    return { exact: right, count: metrics.sum(right) };
  }`);
  const measured = await evaluateCustom(request(evaluator, { dataset: null }));
  const value = (metric: string) => measured.find((one) => one.metric === metric)!.value;
  expect([value('accuracy.exact'), value('accuracy.count')]).toEqual([0.5, 2]);
});
