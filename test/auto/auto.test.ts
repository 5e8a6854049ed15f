import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { quantizeVariant } from '../../src/auto/auto.js';
import { type PlanStage, readPlan, writePlan } from '../../src/auto/plan/plan.js';
import type { Check } from '../../src/config/config.js';
import { UserError } from '../../src/errors.js';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/file/read.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { sha256OfFile } from '../../src/system/files/file-hash.js';
import { clockedRuntime } from '../quantize/clock.js';
import { floatValue, run, samplesOf, scratch, smallModel, sqnr, weight } from '../quantize/small-models.js';
import { requestFor } from './auto-request.js';

const SHAPE = [1, 16, 24, 24];

/** Three convolutions, large enough for 8 bits to pay. */
const network = (batch = 1) => {
  const layer = (input: string, output: string, kernel: string) =>
    makeNode('Conv', [input, kernel], [output], {
      name: output,
      attributes: { pads: { ints: [1, 1, 1, 1] } },
    });
  return smallModel({
    inputs: [floatValue('x', [batch, ...SHAPE.slice(1)])],
    nodes: [
      layer('x', 'c1', 'k1'),
      makeNode('Relu', ['c1'], ['r1']),
      layer('r1', 'c2', 'k2'),
      makeNode('Relu', ['c2'], ['r2']),
      layer('r2', 'c3', 'k3'),
      makeNode('GlobalAveragePool', ['c3'], ['p']),
      makeNode('Flatten', ['p'], ['y']),
    ],
    initializers: [
      weight('k1', [48, 16, 3, 3], 1),
      weight('k2', [48, 48, 3, 3], 2),
      weight('k3', [32, 48, 3, 3], 3),
    ],
  });
};

const least = (min: number): Check => ({
  id: 'q',
  metric: 'fidelity.sqnr',
  level: 'error',
  where: {},
  line: null,
  min,
});

function requestOf(directory: string, out: string) {
  const request = requestFor(network(), directory, { shape: SHAPE });
  return { ...request, out: join(directory, out), options: { ...request.options, budgetMs: 4000 } };
}

const runsIn8Bits = (file: string): boolean =>
  readModel(file).graph.nodes.some(({ opType }) => opType === 'QuantizeLinear');

afterEach(() => {
  vi.restoreAllMocks();
});

describe('method auto', () => {
  it.each([20, 45])('keeps a threshold of %i dB, and its plan makes the same file again', async (min) => {
    using place = scratch();
    const request = requestOf(place.directory, 'auto.onnx');
    const checks = [least(min)];
    const result = await quantizeVariant({ ...request, checks });
    const [feeds] = samplesOf(SHAPE);
    const [a, b] = [await run(request.model, feeds!), await run(result.file, feeds!)];
    expect(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array)).toBeGreaterThan(min - 3);

    const again = await quantizeVariant({
      ...request,
      out: join(place.directory, 'again.onnx'),
      options: { ...request.options, plan: `${request.out}.plan.yml` },
    });
    expect(Buffer.compare(readFileSync(again.file), readFileSync(result.file))).toBe(0);
  });

  it('names the methods that there was no time to try, and claims nothing of them', async () => {
    using place = scratch();
    const request = requestOf(place.directory, 'auto.onnx');
    const log: string[] = [];
    const context = { ...request.context, log: { ...SILENT, info: (text: string) => log.push(text) } };
    const options = { ...request.options, budgetMs: 1 };
    const { notes } = await quantizeVariant({ ...request, context, options });
    const said = notes[0]!.message;
    expect(said).toMatch(/For lack of time .*(were|was) not tried: a larger `budget`/);
    expect(said).not.toContain('Nothing tried');
    // Whoever asked tells the note: it is not said twice.
    expect(log).not.toContain(said);
  });

  it('says what it tried and why it chose', async () => {
    using place = scratch();
    const request = requestOf(place.directory, 'auto.onnx');
    // On a busy machine, too, there is time to try all.
    const options = { ...request.options, budgetMs: 60_000 };
    const { notes, provenance } = await quantizeVariant({ ...request, options });
    expect(notes[0]!.message).toMatch(
      /^auto (chose .+: .* × the size, .* × the time, SQNR|left the model float)/,
    );
    const tried = (provenance.tried as { name: string }[]).map(({ name }) => name);
    expect(tried).toContain('int8-static');
    expect(tried).toContain('int8-dynamic');
    expect(tried).toContain('int8-weights');
  });

  it('leaves the model float when no candidate keeps the thresholds, and says so', async () => {
    using place = scratch();
    const request = requestOf(place.directory, 'auto.onnx');
    const result = await quantizeVariant({ ...request, checks: [least(500)] });
    expect(readPlan(`${request.out}.plan.yml`).stages).toEqual([]);
    expect(result.notes[0]!.code).toBe('quantize.nothing-pays');
    const [feeds] = samplesOf(SHAPE);
    expect((await run(result.file, feeds!)).y!.data).toEqual((await run(request.model, feeds!)).y!.data);
  });

  it('takes the names in a plan for single operators, even if one is called as a type or a tensor', async () => {
    using place = scratch();
    const request = requestOf(place.directory, 'planned.onnx');
    const named = network();
    // As TensorFlow's exporters call them: the first of a type bears its name.
    const convolutions = named.graph.nodes.filter(({ opType }) => opType === 'Conv');
    for (const [index, name] of ['Conv', 'Conv__1', 'c1'].entries()) convolutions[index]!.name = name;
    writeModel(named, request.model);
    for (const operators of [['Conv'], ['c1'], ['Conv__*']]) {
      const plan = join(place.directory, 'plan.yml');
      const stages: PlanStage[] = [{ method: 'int8-static', operators }];
      const model = await sha256OfFile(request.model);
      writeFileSync(plan, writePlan({ version: 1, model, target: 'cpu', objective: 'latency', stages }));
      const { decisions } = await quantizeVariant({ ...request, options: { ...request.options, plan } });
      const quantized = decisions.filter(({ opType, became }) => opType === 'Conv' && became !== 'float');
      expect(quantized.map(({ node }) => node)).toEqual(operators.map((name) => name.replace('*', '1')));
    }
  });

  it('makes the same file again from the plan alone, where a percentile was asked for', async () => {
    using place = scratch();
    // 8 bits win on this clock: on a busy machine's, auto may leave the model float.
    const timed = clockedRuntime((file) => (runsIn8Bits(file) ? 3 : 10));
    const context = { runtime: timed, log: SILENT, threads: 1 };
    const request = { ...requestOf(place.directory, 'auto.onnx'), context };
    const { options } = request;
    const asked = { ...options, calibrator: 'percentile' as const, percentile: 99.99 };
    const { provenance, file } = await quantizeVariant({ ...request, options: asked });
    expect(provenance.plan).toMatch(/percentile: 99.99\n/);
    const out = join(place.directory, 'again.onnx');
    await quantizeVariant({ ...request, out, options: { ...options, plan: `${file}.plan.yml` } });
    expect(Buffer.compare(readFileSync(out), readFileSync(file))).toBe(0);
  });

  it('gives the very file that int8-static gives by itself where nothing beats it, and says so', async () => {
    using place = scratch();
    const timed = clockedRuntime((file) => (runsIn8Bits(file) ? 3 : 10));
    const context = { runtime: timed, log: SILENT, threads: 1 };
    const request = { ...requestOf(place.directory, 'auto.onnx'), context };
    const { notes, file } = await quantizeVariant(request);
    expect(notes[0]!.message).toMatch(
      /^auto chose int8-static: .* Nothing tried within the limits is surely faster/,
    );
    const options = { ...request.options, method: 'int8-static' as const };
    const plain = await quantizeVariant({ ...request, out: join(place.directory, 'plain.onnx'), options });
    expect(Buffer.compare(readFileSync(file), readFileSync(plain.file))).toBe(0);
  });

  it('stacks samples for a model whose batch is fixed', async () => {
    using place = scratch();
    const request = requestOf(place.directory, 'auto.onnx');
    writeModel(network(2), request.model);
    const { provenance } = await quantizeVariant(request);
    expect(provenance.tried).toContainEqual({
      name: 'int8-static',
      seen: expect.stringMatching(/SQNR (about )?[2-9]/),
    });
  });

  it('refuses a plan that was made for another model', async () => {
    using place = scratch();
    const request = requestOf(place.directory, 'auto.onnx');
    await quantizeVariant({ ...request, checks: [least(500)] });
    const other = join(place.directory, 'other.onnx');
    writeModel(smallModel({ nodes: [makeNode('Relu', ['x'], ['y'])] }), other);
    const options = { ...request.options, plan: `${request.out}.plan.yml` };
    await expect(quantizeVariant({ ...request, model: other, options })).rejects.toThrow(
      /was made for another model/,
    );
  });

  it('needs samples, and leaves nothing behind without them', async () => {
    using place = scratch();
    const request = { ...requestOf(place.directory, 'auto.onnx'), calibration: null };
    await expect(quantizeVariant(request)).rejects.toThrow(UserError);
    expect(existsSync(request.out)).toBe(false);
  });
});
