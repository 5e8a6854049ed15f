import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import type { WorkerRequest } from '../../../src/measure/subject/subject.js';
import { engineSubjects } from '../../../src/measure/tensorrt/engine-subjects.js';
import { TensorRtEngines } from '../../../src/measure/tensorrt/tensorrt-engines.js';
import type { LatencyRequest } from '../../../src/measure/timing/request.js';
import { measureTensorRt } from '../../../src/measure/timing/trtexec-latency.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { openTrtexec } from '../../../src/runtime/trtexec.js';
import { FAILED_BUILD, HELP_10 } from '../../runtime/fixtures/trtexec.js';
import { modelFolder, reluModel } from '../../runtime/models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
const original = folder.write('original.onnx', reluModel());
const variant = folder.write('variant.onnx', reluModel());
const broken = folder.write('broken.onnx', reluModel());

/** Engines of a trtexec that "builds" any file but the broken one, and times the original at 2 ms, any other at 1 ms. */
async function fakeEngines(calls: string[][] = []): Promise<TensorRtEngines> {
  const builtFrom = new Map<string, string>();
  const trtexec = await openTrtexec(async (args) => {
    calls.push([...args]);
    const option = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
    if (args.includes('--help')) return { code: 0, output: HELP_10 };
    const model = option('onnx');
    if (model) {
      if (model === broken) return { code: 1, output: FAILED_BUILD };
      builtFrom.set(option('saveEngine')!, model);
      return { code: 0, output: '&&&& PASSED' };
    }
    const ms = builtFrom.get(option('loadEngine')!) === original ? 2 : 1;
    const run = { computeMs: ms, latencyMs: ms + 0.5 };
    writeFileSync(option('exportTimes')!, JSON.stringify([run, run, run]));
    return { code: 0, output: '&&&& PASSED' };
  });
  return new TensorRtEngines(trtexec, mkdtempSync(join(folder.path, 'engines-')), SILENT);
}

const request = (more: Partial<LatencyRequest> = {}): LatencyRequest => ({
  model: 'm',
  original: { file: original },
  variants: [{ name: 'int8', file: variant }],
  provider: 'tensorrt',
  context: { runtime: { directory: '' }, log: SILENT },
  benchmark: {
    providers: ['tensorrt'],
    batch: [8],
    threads: 'auto',
    concurrency: [1],
    budgetMs: 60_000,
    shapes: {},
  },
  confidence: 0.95,
  ...more,
});

const builds = (calls: string[][]) => calls.filter((args) => args.some((arg) => arg.startsWith('--onnx')));

describe('latency by trtexec', () => {
  it('is GPU time, with the copies beside it, from one engine build per file and alternating processes', async () => {
    const calls: string[][] = [];
    const { measurements, notes } = await measureTensorRt(request(), await fakeEngines(calls));
    const int8 = measurements.filter(({ variant: name }) => name === 'int8');
    expect(int8.map(({ metric, value, batch }) => [metric, value, batch])).toEqual([
      ['latency.p50', 1, 8],
      ['latency.end-to-end', 1.5, 8],
    ]);
    expect(int8.map(({ ratio }) => ratio!.value.toFixed(3))).toEqual(['0.500', '0.600']);
    expect(builds(calls)).toHaveLength(2);
    expect(calls.flat()).toContain('--optShapes=x:8x4');
    const timed = calls.flatMap(
      (args) => args.find((arg) => arg.startsWith('--loadEngine'))?.match(/(\d)\.engine/)?.[1] ?? [],
    );
    expect(timed.slice(0, 8).join('')).toBe('00111100');
    expect(notes[0]!.message).toContain('trtexec 10.3.0');
  });

  it('compares with the base branch’s build of the same variant', async () => {
    const base = folder.write('base.onnx', reluModel());
    const variants = [{ name: 'int8', file: variant, base }];
    const { measurements } = await measureTensorRt(request({ variants }), await fakeEngines());
    expect(measurements).toHaveLength(4);
    expect(measurements[2]!.base).toMatchObject({ value: 1, ratio: { value: 1 } });
  });

  it('of a variant that TensorRT refuses is invalid, and of an original ends the run', async () => {
    const { measurements } = await measureTensorRt(
      request({ variants: [{ name: 'broken', file: broken }] }),
      await fakeEngines(),
    );
    const [p50] = measurements.filter(({ variant: name }) => name === 'broken');
    expect(p50).toMatchObject({ status: 'invalid', value: null });
    expect(p50!.reason).toContain('Could not find any implementation for node /model/Mod');
    await expect(
      measureTensorRt(request({ original: { file: broken } }), await fakeEngines()),
    ).rejects.toThrow(UserError);
  });
});

describe('accuracy on TensorRT', () => {
  const worker = (file: string, directory = '/nowhere'): WorkerRequest => ({
    model: 'm',
    subjects: [{ variant: 'original', file }],
    context: { runtime: { directory }, log: SILENT },
    session: { provider: 'tensorrt' },
    inputs: { batch: 1, shapes: {}, sample: null },
  });

  it('is meant for the engine that was timed: built once, wrapped in a model of the same inputs and outputs', async () => {
    const calls: string[][] = [];
    const engines = await fakeEngines(calls);
    const inputs = { batch: 1, shapes: {}, sample: null };
    const { engine } = await engines.engineOf({ file: original, inputs });
    const wrapper = await engines.wrapperOf({ file: original, inputs });
    expect(builds(calls)).toHaveLength(1);
    expect(wrapper).toBe(engine.replace('.engine', '.onnx'));
    expect(readModel(wrapper).graph.nodes.map(({ opType }) => opType)).toEqual(['EPContext']);
    await engines.remove();
    expect(() => readFileSync(wrapper)).toThrow();
  });

  it('is that of the file, and says so, where ONNX Runtime can’t load the engine', async () => {
    const { subjects, notes } = await engineSubjects(worker(original), await fakeEngines());
    expect(subjects[0]!.file).toBe(original);
    expect(notes.map(({ code }) => code)).toEqual(['tensorrt.engine-not-judged']);
  });

  it('is that of the file where samples vary in length: an engine is built for one', async () => {
    const sequence = makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [1, 'sequence'])],
      outputs: [makeValue('y', DataType.FLOAT, [1, 'sequence'])],
      nodes: [makeNode('Relu', ['x'], ['y'])],
    });
    const file = folder.write('sequence.onnx', sequence);
    const calls: string[][] = [];
    const { subjects, notes } = await engineSubjects(worker(file), await fakeEngines(calls));
    expect(subjects[0]!.file).toBe(file);
    expect(notes[0]!.message).toContain('vary in more than the batch');
    expect(builds(calls)).toEqual([]);
  });
});
