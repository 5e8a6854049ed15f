import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MachineError, UserError } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import { parseProfile } from '../../../src/runtime/profile.js';
import { locateWasm } from '../../../src/runtime/provision/provision.js';
import { startWorker, type Worker } from '../../../src/runtime/worker/worker.js';
import { floatsOf } from '../../../src/tensor/tensor.js';
import { doubleConvolution, giantOutput, matMulModel, modelFolder, reluModel } from '../models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
const runtime = await loadRuntime({ locateWasm: () => locateWasm({ log: SILENT }) });
/** What the heap starts with, and a page of WebAssembly. */
const INITIAL_HEAP_BYTES = 16 * 2 ** 20;
const PAGE_BYTES = 65_536;

async function withWorker<T>(
  model: string | Uint8Array,
  use: (worker: Worker) => Promise<T>,
  { threads = 1, profile = false, provider = 'wasm' } = {},
): Promise<T> {
  const worker = await startWorker({ model, runtime, session: { provider, threads }, profile });
  try {
    return await use(worker);
  } finally {
    await worker.kill();
  }
}

const x = {
  type: 'float32',
  dims: [1, 64],
  data: Float32Array.from({ length: 64 }, (_, i) => i / 64),
} as const;
const outputOf = async (file: string, options: Parameters<typeof withWorker>[2]) => {
  const { outputs } = await withWorker(
    file,
    (worker) => worker.call('run', { feeds: { x }, outputs: null }),
    options,
  );
  return floatsOf(outputs.y!);
};

describe('the provider wasm', () => {
  it('tells inputs and outputs, and computes what the CPU provider does, with one thread and with two', async () => {
    const file = folder.write('matmul.onnx', matMulModel(3, 64));
    await withWorker(file, async ({ opened }) => {
      expect(opened.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 64] }]);
      expect(opened.outputs.map(({ name }) => name)).toEqual(['y']);
      expect(opened.loadMs).toBeGreaterThan(0);
      expect(opened.onnxruntime).toBe(runtime.version);
      expect(opened.threads).toBe(1);
    });
    const native = await outputOf(file, { provider: 'cpu' });
    for (const threads of [1, 2]) {
      const computed = await outputOf(file, { threads });
      expect(computed.length).toBe(native.length);
      for (const [i, value] of computed.entries()) expect(value).toBeCloseTo(native[i]!, 4);
    }
  });

  it('times blocks of runs', async () => {
    await withWorker(folder.write('relu.onnx', reluModel()), async (worker) => {
      await worker.call('feeds', {
        feeds: { x: { type: 'float32', dims: [1, 4], data: Float32Array.of(-1, 2, -3, 4) } },
      });
      const block = { minRuns: 5, minMs: 0, maxMs: Infinity, dropRuns: 1, dropMs: 0 };
      expect((await worker.call('block', block)).durationsMs.length).toBeGreaterThanOrEqual(5);
    });
  });

  it('reads weights that lie beside the model', async () => {
    const file = join(folder.path, 'external.onnx');
    writeModel(matMulModel(1, 64), file, { externalData: 'always' });
    expect(await outputOf(file, {})).toEqual(
      await outputOf(folder.write('inside.onnx', matMulModel(1, 64)), {}),
    );
  });

  it('takes and gives half values as their bits', async () => {
    const value = (name: string) => makeValue(name, DataType.FLOAT16, [2]);
    const file = folder.write(
      'half.onnx',
      makeModel({ inputs: [value('x')], outputs: [value('y')], nodes: [makeNode('Neg', ['x'], ['y'])] }),
    );
    const ones = { type: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xbc00) } as const;
    await withWorker(file, async (worker) => {
      const { outputs } = await worker.call('run', { feeds: { x: ones }, outputs: null });
      expect(outputs.y).toEqual({ type: 'float16', dims: [2], data: Uint16Array.of(0xbc00, 0x3c00) });
    });
  });

  it('tells its heap as the memory that it takes', async () => {
    const peak = (model: Model, name: string) =>
      withWorker(folder.write(name, model), async (worker) => (await worker.call('memory')).peakBytes);
    expect(await peak(reluModel(), 'relu.onnx')).toBe(INITIAL_HEAP_BYTES);
    const large = await peak(matMulModel(6, 1024), 'large.onnx');
    expect(large).toBeGreaterThan(6 * 4 * 2 ** 20);
    expect(large % PAGE_BYTES).toBe(0);
  });

  it('tells which operators ran, out of the profile that it prints', async () => {
    const file = folder.write('matmul.onnx', matMulModel(2, 64));
    await withWorker(
      file,
      async (worker) => {
        await worker.call('run', { feeds: { x }, outputs: null });
        const { json, graph } = await worker.call('profile');
        expect(graph).toBeNull();
        const nodes = parseProfile(json);
        expect(nodes.map(({ operator }) => operator)).toEqual(['MatMul', 'MatMul']);
        expect(nodes[0]!.outputs).toEqual([{ type: 'float', dims: [1, 64] }]);
      },
      { profile: true },
    );
  });

  it('names the operator that WebAssembly has no kernel for', async () => {
    const file = folder.write('double.onnx', doubleConvolution());
    const opening = withWorker(file, async () => undefined);
    await expect(opening).rejects.toThrow(UserError);
    await expect(opening).rejects.toThrow(/for WebAssembly refuses .*double\.onnx: .*Conv/s);
  });

  it('says that the heap is full where a run needs more than 4 GB', async () => {
    const file = folder.write('giant.onnx', giantOutput());
    await withWorker(file, async (worker) => {
      const one = { type: 'float32', dims: [1], data: Float32Array.of(1) } as const;
      await expect(worker.call('run', { feeds: { x: one }, outputs: null })).rejects.toMatchObject({
        name: 'WorkerError',
        failure: 'out-of-memory',
      });
    });
  });

  it('says which package does not load', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'quantgate-no-wasm-'));
    try {
      mkdirSync(join(empty, 'dist'));
      const opening = startWorker({
        model: folder.write('relu.onnx', reluModel()),
        runtime: { directory: runtime.directory, locateWasm: async () => empty },
        session: { provider: 'wasm' },
      });
      await expect(opening).rejects.toThrow(MachineError);
      await expect(opening).rejects.toThrow(/WebAssembly in .*quantgate-no-wasm-/);
    } finally {
      rmSync(empty, { recursive: true });
    }
  });
});
