import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import type { LatencyRequest } from '../../src/measure/latency.js';
import { measureTensorRt } from '../../src/measure/tensorrt.js';
import type { RunTrtexec } from '../../src/runtime/trtexec.js';
import { FAILED_BUILD, HELP_10 } from '../runtime/fixtures/trtexec.js';
import { modelFolder, reluModel } from '../runtime/models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
const original = folder.write('original.onnx', reluModel());
const variant = folder.write('variant.onnx', reluModel());
const broken = folder.write('broken.onnx', reluModel());

/** A trtexec that "builds" any file but the broken one, and times the original at 2 ms, the variant at 1 ms. */
function fakeTrtexec(calls: string[][]): RunTrtexec {
  const builtFrom = new Map<string, string>();
  return async (args) => {
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
  };
}

const request = (more: Partial<LatencyRequest> = {}): LatencyRequest => ({
  model: 'm',
  original: { file: original },
  variants: [{ name: 'int8', file: variant }],
  provider: 'tensorrt',
  runtime: { directory: '' },
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

describe('latency by trtexec', () => {
  it('is GPU time, with the copies beside it, from one engine build per file and alternating processes', async () => {
    const calls: string[][] = [];
    const { measurements, notes } = await measureTensorRt(request(), fakeTrtexec(calls));
    const int8 = measurements.filter(({ variant: name }) => name === 'int8');
    expect(int8.map(({ metric, value, batch }) => [metric, value, batch])).toEqual([
      ['latency.p50', 1, 8],
      ['latency.end-to-end', 1.5, 8],
    ]);
    expect(int8.map(({ ratio }) => ratio!.value.toFixed(3))).toEqual(['0.500', '0.600']);
    expect(calls.filter((args) => args.some((arg) => arg.startsWith('--onnx')))).toHaveLength(2);
    expect(calls.flat()).toContain('--optShapes=x:8x4');
    const timed = calls.flatMap(
      (args) => args.find((arg) => arg.startsWith('--loadEngine'))?.match(/(\d)-8/)?.[1] ?? [],
    );
    expect(timed.slice(0, 8).join('')).toBe('00111100');
    expect(notes[0]!.message).toContain('trtexec 10.3.0');
  });

  it('of a variant that TensorRT refuses is invalid, and of an original ends the run', async () => {
    const { measurements } = await measureTensorRt(
      request({ variants: [{ name: 'broken', file: broken }] }),
      fakeTrtexec([]),
    );
    const [p50] = measurements.filter(({ variant: name }) => name === 'broken');
    expect(p50).toMatchObject({ status: 'invalid', value: null });
    expect(p50!.reason).toContain('Could not find any implementation for node /model/Mod');
    await expect(measureTensorRt(request({ original: { file: broken } }), fakeTrtexec([]))).rejects.toThrow(
      UserError,
    );
  });
});
