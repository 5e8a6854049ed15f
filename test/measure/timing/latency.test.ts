import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchmarkConfig } from '../../../src/config/config.js';
import { Interrupted, MachineError, UserError } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { measureMemory } from '../../../src/measure/memory.js';
import { measureLatency } from '../../../src/measure/timing/latency.js';
import type { LatencyRequest } from '../../../src/measure/timing/request.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import type { Runtime } from '../../../src/runtime/runtime.js';
import type { Measurement } from '../../../src/terms/measurement.js';
import { endlessModel, infiniteModel, matMulModel, modelFolder, reluModel } from '../../runtime/models.js';

const folder = modelFolder();
let runtime: Runtime;
beforeAll(async () => {
  runtime = await loadRuntime();
});
afterAll(() => folder.remove());

const BENCHMARK: BenchmarkConfig = {
  providers: ['cpu'],
  batch: [1],
  threads: [1],
  concurrency: [1],
  budgetMs: 3_000,
  shapes: {},
};

const request = (original: string, more: Partial<LatencyRequest> = {}): LatencyRequest => ({
  model: 'm',
  original: { file: original },
  variants: [],
  provider: 'cpu',
  context: { runtime, log: SILENT },
  benchmark: BENCHMARK,
  confidence: 0.95,
  ...more,
});

const find = (measurements: readonly Measurement[], variant: string, metric = 'latency.p50') =>
  measurements.find((entry) => entry.variant === variant && entry.metric === metric)!;

/** Children of this process that run a worker. */
const workers = () =>
  readdirSync('/proc').filter((pid) => {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
      return parent === process.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker.js');
    } catch {
      return false;
    }
  });

describe('latency', () => {
  it('of a model ten times as large is several times as high, with every figure that was asked for', async () => {
    const small = folder.write('small.onnx', matMulModel(2, 128));
    const large = folder.write('large.onnx', matMulModel(40, 128));
    const { measurements } = await measureLatency(
      request(small, {
        original: { file: small, base: small },
        variants: [{ name: 'large', file: large, base: small }],
        benchmark: { ...BENCHMARK, budgetMs: 4_000 },
      }),
    );
    const p50 = find(measurements, 'large');
    expect(p50).toMatchObject({
      status: 'ok',
      unit: 'ms',
      provider: 'cpu',
      batch: 1,
      threads: 1,
      concurrency: 1,
    });
    expect(p50.ratio!.value).toBeGreaterThan(2);
    // How soon it is precise is this machine's business.
    const sure = p50.details!.stopped === 'precise' ? 0.9 : 0.98;
    expect(p50.ratio!.interval!.confidence).toBe(sure);
    expect(p50.base!.ratio!.interval!.confidence).toBe(sure);
    expect(p50.base!.ratio!.value).toBeGreaterThan(2);
    expect(p50.value! / find(measurements, 'original').value!).toBeCloseTo(p50.ratio!.value, -1);
    for (const metric of ['latency.p90', 'latency.p95', 'latency.first', 'latency.load', 'throughput']) {
      expect(find(measurements, 'large', metric)).toMatchObject({ status: 'ok' });
      expect(find(measurements, 'large', metric).value).toBeGreaterThan(0);
    }
    expect(find(measurements, 'large', 'latency.p90').value!).toBeGreaterThanOrEqual(p50.value! * 0.5);
    expect(find(measurements, 'original').ratio).toBeNull();
  });

  it('of a variant that hangs or is refused is invalid, and the others are still measured', async () => {
    const original = folder.write('relu.onnx', reluModel());
    const stuck = folder.write('stuck.onnx', endlessModel());
    const refused = folder.write(
      'refused.onnx',
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, ['batch', 4])],
        outputs: [makeValue('y', DataType.FLOAT, ['batch', 4])],
        nodes: [makeNode('NoSuchOperator', ['x'], ['y'])],
      }),
    );
    const { measurements } = await measureLatency(
      request(original, {
        variants: [
          { name: 'stuck', file: stuck },
          { name: 'refused', file: refused },
          { name: 'copy', file: original },
        ],
        deadlineMs: 1_500,
      }),
    );
    expect(find(measurements, 'stuck')).toMatchObject({ status: 'invalid', value: null });
    expect(find(measurements, 'stuck').reason).toMatch(/no answer to 'warmUp' after 1\.5 s/);
    expect(find(measurements, 'refused').reason).toMatch(/NoSuchOperator/);
    expect(find(measurements, 'copy')).toMatchObject({ status: 'ok' });
    expect(workers()).toEqual([]);
  });

  it('of an original that hangs ends the run as the machine’s failure', async () => {
    const original = folder.write('stuck-original.onnx', endlessModel());
    const running = measureLatency(request(original, { deadlineMs: 1_500 }));
    await expect(running).rejects.toThrow(MachineError);
    await expect(running).rejects.toThrow(/original model can't be measured.*stuck-original\.onnx/s);
  });

  it('on inputs that the original refuses is the user’s to mend, and says how', async () => {
    const picky = folder.write(
      'picky.onnx',
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, ['batch', 'features'])],
        outputs: [makeValue('y', DataType.FLOAT, ['batch', 7])],
        nodes: [makeNode('Reshape', ['x', 's'], ['y'])],
        initializers: [makeTensor('s', DataType.INT64, [2], BigInt64Array.of(-1n, 7n))],
      }),
    );
    await expect(measureLatency(request(picky))).rejects.toThrow(UserError);
    await expect(measureLatency(request(picky))).rejects.toThrow(/benchmark\.shapes/);
    const { measurements } = await measureLatency(
      request(picky, { benchmark: { ...BENCHMARK, budgetMs: 500, shapes: { features: 14 } } }),
    );
    expect(find(measurements, 'original').status).toBe('ok');
  });

  it('of a variant that gives infinities where the original does not is invalid', async () => {
    const original = folder.write('finite.onnx', reluModel());
    const infinite = folder.write('infinite.onnx', infiniteModel());
    const { measurements } = await measureLatency(
      request(original, {
        variants: [{ name: 'infinite', file: infinite }],
        benchmark: { ...BENCHMARK, budgetMs: 500 },
      }),
    );
    expect(find(measurements, 'infinite')).toMatchObject({ status: 'invalid', value: null });
    expect(find(measurements, 'infinite').reason).toMatch(/4 output values are NaN or infinite/);
  });

  it('sweeps batches and concurrent processes, each with its throughput', async () => {
    const model = folder.write('sweep.onnx', matMulModel(4, 64));
    const { measurements } = await measureLatency(
      request(model, { benchmark: { ...BENCHMARK, batch: [1, 4], concurrency: [1, 2], budgetMs: 4_000 } }),
    );
    const cells = measurements
      .filter(({ metric }) => metric === 'throughput')
      .map(({ batch, concurrency }) => [batch, concurrency]);
    expect(cells).toEqual([
      [1, 1],
      [1, 2],
      [4, 1],
      [4, 2],
    ]);
    expect(measurements.filter(({ metric }) => metric === 'latency.load')).toHaveLength(2);
  });

  it('can be interrupted, and leaves no process behind', async () => {
    const abort = new AbortController();
    const model = folder.write('interrupted.onnx', matMulModel(4, 64));
    let launches = 0;
    const log = {
      info() {},
      warn() {},
      debug() {},
      progress() {
        if (++launches === 1) abort.abort(new Interrupted('interrupted'));
      },
    };
    const context = { runtime, log, signal: abort.signal };
    await expect(measureLatency(request(model, { context }))).rejects.toThrow(Interrupted);
    expect(workers()).toEqual([]);
  });
});

describe('memory', () => {
  it('of the model is its weights’, over what the runtime takes anyway', async () => {
    const original = folder.write('heavy.onnx', matMulModel(4, 1024));
    const light = folder.write('light.onnx', matMulModel(1, 64));
    const measurements = await measureMemory({
      model: 'm',
      subjects: [
        { variant: 'original', file: original },
        { variant: 'light', file: light },
      ],
      context: { runtime, log: SILENT },
      session: { threads: 1 },
      inputs: { batch: 1, shapes: {}, sample: null },
      confidence: 0.95,
    });
    const model = find(measurements, 'original', 'memory.model');
    // 16 MiB of weights.
    expect(model.value!).toBeGreaterThan(15 * 2 ** 20);
    expect(model.value!).toBeLessThan(60 * 2 ** 20);
    expect(find(measurements, 'original', 'memory.peak').value!).toBeGreaterThan(model.value!);
    const lightModel = find(measurements, 'light', 'memory.model');
    expect(lightModel.value!).toBeLessThan(4 * 2 ** 20);
    expect(lightModel.ratio!.interval!.hi!).toBeLessThan(0.5);
    expect(find(measurements, 'light', 'memory.peak').ratio!.value).toBeGreaterThan(lightModel.ratio!.value);
  });
});
