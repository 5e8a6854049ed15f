import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted, MachineError, UserError } from '../../../src/errors.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import type { Runtime } from '../../../src/runtime/runtime.js';
import { WorkerError } from '../../../src/runtime/worker/connection.js';
import { FeedsFile } from '../../../src/runtime/worker/feeds-file.js';
import { workersPause } from '../../../src/runtime/worker/spawn.js';
import { startWorker, type Worker } from '../../../src/runtime/worker/worker.js';
import { processFolder } from '../../../src/system/files/scratch.js';
import { endlessModel, giantModel, matMulModel, modelFolder, reluModel } from '../models.js';

const folder = modelFolder();
let runtime: Runtime;
const relu = folder.write('relu.onnx', reluModel());
const x = { type: 'float32', dims: [1, 4], data: Float32Array.of(-1, 2, -3, 4) } as const;
const gone = (pid: number) => !existsSync(`/proc/${pid}`) || / \(node\) Z /.test(statOf(pid));
const statOf = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ' (node) Z ';
  }
};

const hasCuda = existsSync(
  'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so',
);

/** Rejection of a promise as a value. */
const failure = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: Error) => error,
  );

beforeAll(async () => {
  runtime = await loadRuntime();
});
afterAll(() => folder.remove());

const withWorker = async (model: string, use: (worker: Worker) => Promise<void>) => {
  const worker = await startWorker({ model, runtime });
  try {
    await use(worker);
  } finally {
    await worker.kill();
  }
};

describe('a worker', () => {
  it('opens a session, tells its inputs and outputs, and runs it', async () => {
    await withWorker(relu, async (worker) => {
      expect(worker.opened.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 4] }]);
      expect(worker.opened.loadMs).toBeGreaterThan(0);
      const { outputs } = await worker.call('run', { feeds: { x }, outputs: null });
      expect(outputs.y).toEqual({ type: 'float32', dims: [1, 4], data: Float32Array.of(0, 2, 0, 4) });
    });
  });

  it('gives the same bits as a session in this process', async () => {
    const model = folder.write('matmul.onnx', matMulModel(3, 64));
    const feeds = { x: { type: 'float32', dims: [1, 64], data: new Float32Array(64).fill(0.5) } } as const;
    const session = await runtime.open(model, { threads: 1 });
    const expected = await session.run(feeds);
    await session.release();
    const worker = await startWorker({ model, runtime, session: { threads: 1 } });
    const { outputs } = await worker.call('run', { feeds, outputs: null });
    expect(outputs).toEqual(expected);
    await worker.close();
    expect(gone(worker.pid)).toBe(true);
  });

  it('answers requests sent ahead in their order', async () => {
    await withWorker(relu, async (worker) => {
      const values = await Promise.all(
        [1, 2, 3, 4, 5].map((value) =>
          worker.call('run', {
            feeds: { x: { type: 'float32', dims: [1, 4], data: new Float32Array(4).fill(value) } },
            outputs: ['y'],
          }),
        ),
      );
      expect(values.map(({ outputs }) => (outputs.y!.data as Float32Array)[0])).toEqual([1, 2, 3, 4, 5]);
    });
  });

  it('runs on inputs that lie in a file which several workers read', async () => {
    const model = folder.write('matmul-2.onnx', matMulModel(3, 64));
    const inputs = [1, 2, 3].map((seed) => ({
      x: {
        type: 'float32' as const,
        dims: [1, 64],
        data: Float32Array.from({ length: 64 }, (_, at) => Math.sin(at * seed)),
      },
    }));
    const feedsFile = FeedsFile.open();
    const workers = [
      await startWorker({ model, runtime, feedsFile }),
      await startWorker({ model, runtime, feedsFile }),
    ];
    const stored = inputs.map((feeds) => feedsFile.store(feeds)!);
    for (const worker of workers) {
      const { outputs } = await worker.call('runStored', { feeds: stored, outputs: ['y'] });
      for (const [at, feeds] of inputs.entries()) {
        const sent = await worker.call('run', { feeds, outputs: ['y'] });
        expect(outputs[at]).toEqual(sent.outputs);
      }
    }
    await Promise.all(workers.map((worker) => worker.close()));
    feedsFile.close();
  });

  it('times blocks on prepared inputs and reports its memory', async () => {
    await withWorker(relu, async (worker) => {
      await worker.call('feeds', { feeds: { x } });
      const warm = await worker.call('warmUp', {
        minRuns: 5,
        minMs: 1,
        maxMs: 1_000,
        windowMs: 1,
        tolerance: 1.5,
      });
      expect(warm.runs).toBeGreaterThanOrEqual(5);
      expect(warm).toMatchObject({ outputsReused: true, nonFinite: 0 });
      const block = await worker.call('block', {
        minRuns: 20,
        minMs: 0,
        maxMs: 60_000,
        dropRuns: 2,
        dropMs: 0,
      });
      expect(block.durationsMs).toHaveLength(20);
      expect(block.wallMs).toBeGreaterThanOrEqual(block.durationsMs.reduce((sum, ms) => sum + ms, 0));
      expect((await worker.call('memory')).peakBytes).toBeGreaterThan(20 * 2 ** 20);
    });
  });

  it.skipIf(!existsSync('/usr/bin/taskset'))(
    'stays on the cores it is pinned to (needs taskset)',
    async () => {
      const worker = await startWorker({ model: relu, runtime, cpus: [0] });
      const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8');
      await worker.kill();
      expect(status).toMatch(/^Cpus_allowed_list:\s+0$/m);
    },
  );

  it.skipIf(!workersPause())(
    'does nothing while it is frozen, and goes on as if nothing had been (needs setpriv)',
    async () => {
      const state = (pid: number) => / \(node\) (\S)/.exec(statOf(pid))?.[1];
      await withWorker(relu, async (worker) => {
        worker.pause();
        await expect.poll(() => state(worker.pid)).toBe('T');
        let answered = false;
        const asked = worker.call('memory').then(() => {
          answered = true;
        });
        await expect.poll(() => state(worker.pid)).toBe('T');
        expect(answered).toBe(false);
        worker.resume();
        await asked;
        worker.pause();
        await worker.close();
        expect(gone(worker.pid)).toBe(true);
      });
    },
  );

  it('profiles without leaving a file behind, not even when it ends while opening', async () => {
    const left = () => readdirSync(processFolder()).filter((name) => name.startsWith('profile-'));
    const worker = await startWorker({ model: relu, runtime, profile: true });
    expect(left()).toEqual([]);
    await worker.call('run', { feeds: { x }, outputs: null });
    const { json, graph } = await worker.call('profile');
    expect(json).toContain('"op_name" : "Relu"');
    expect(graph).toEqual([{ name: 'relu', operator: 'Relu', constants: [null] }]);
    await worker.kill();

    const abort = new AbortController();
    const opening = failure(startWorker({ model: relu, runtime, profile: true, signal: abort.signal }));
    expect(left()).toHaveLength(1);
    abort.abort();
    await opening;
    expect(left()).toEqual([]);
  });
});

describe('a worker that fails', () => {
  it('refuses a model that is not there, as the user’s mistake', async () => {
    const error = await failure(startWorker({ model: join(folder.path, 'none.onnx'), runtime }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain('none.onnx');
  });

  it('refuses inputs that do not fit, and lives on', async () => {
    await withWorker(relu, async (worker) => {
      const wrong = { type: 'float32', dims: [1, 5], data: new Float32Array(5) } as const;
      const error = await failure(worker.call('run', { feeds: { x: wrong }, outputs: null }));
      expect(error).toBeInstanceOf(WorkerError);
      expect(error).toMatchObject({ failure: 'refused' });
      expect(error.message).toMatch(/relu\.onnx.*(dimension|shape)/is);
      await worker.call('run', { feeds: { x }, outputs: null });
    });
  });

  it('says which signal ended it and during what', async () => {
    const worker = await startWorker({ model: folder.write('endless-1.onnx', endlessModel()), runtime });
    const running = failure(worker.call('run', { feeds: { x }, outputs: null }));
    process.kill(worker.pid, 'SIGSEGV');
    const error = await running;
    expect(error).toMatchObject({ name: 'WorkerError', failure: 'crashed' });
    expect(error.message).toMatch(/endless-1\.onnx: the worker was ended by SIGSEGV during 'run'/);
    // Whoever asks next hears the same.
    expect(await failure(worker.call('memory'))).toBe(error);
  });

  it('takes a SIGKILL that nobody here sent for the out-of-memory killer', async () => {
    const worker = await startWorker({ model: relu, runtime });
    process.kill(worker.pid, 'SIGKILL');
    const error = await failure(worker.call('memory'));
    expect(error).toMatchObject({ failure: 'out-of-memory' });
  });

  it('reports an allocation that fails as out of memory', async () => {
    await withWorker(folder.write('giant.onnx', giantModel()), async (worker) => {
      const error = await failure(worker.call('run', { feeds: { x }, outputs: null }));
      expect(error).toMatchObject({ name: 'WorkerError', failure: 'out-of-memory' });
      expect(error.message).toContain('giant.onnx');
    });
  });

  it('is stopped when it does not answer before its deadline', async () => {
    const model = folder.write('endless-2.onnx', endlessModel());
    const worker = await startWorker({ model, runtime, deadlineMs: 1_500 });
    const error = await failure(worker.call('run', { feeds: { x }, outputs: null }));
    expect(error).toMatchObject({ name: 'WorkerError', failure: 'hung' });
    expect(error.message).toMatch(/endless-2\.onnx: no answer to 'run' after 1\.5 s/);
    await worker.kill();
    expect(gone(worker.pid)).toBe(true);
  });

  it('is stopped by an abort, even inside an endless inference', async () => {
    const abort = new AbortController();
    const model = folder.write('endless-3.onnx', endlessModel());
    const worker = await startWorker({ model, runtime, signal: abort.signal });
    const running = failure(worker.call('run', { feeds: { x }, outputs: null }));
    abort.abort(new Interrupted('interrupted'));
    expect(await running).toBeInstanceOf(Interrupted);
    await worker.kill();
    expect(gone(worker.pid)).toBe(true);
    expect(await failure(startWorker({ model, runtime, signal: abort.signal }))).toBeInstanceOf(Interrupted);
  });

  it.skipIf(hasCuda)(
    'names the missing library of a provider that is not there (needs a machine without CUDA)',
    async () => {
      const error = await failure(startWorker({ model: relu, runtime, session: { provider: 'cuda' } }));
      expect(error).toBeInstanceOf(MachineError);
      expect(error.message).toMatch(/'cuda' could not be opened because lib\S+\.so\S* is missing/);
    },
  );

  it('names a provider that no build has', async () => {
    const error = await failure(startWorker({ model: relu, runtime, session: { provider: 'nonsense' } }));
    expect(error).toBeInstanceOf(MachineError);
    expect(error.message).toContain("'nonsense' could not be opened because this build of onnxruntime-node");
  });
});

it.skipIf(!existsSync('/usr/bin/setpriv')).each(['inside an endless inference', 'frozen'])(
  'dies with a parent that is killed outright, %s (needs setpriv)',
  async (how) => {
    const script = join(folder.path, 'parent.mjs');
    const model = folder.write('endless-4.onnx', endlessModel());
    writeFileSync(
      join(folder.path, 'parent.ts'),
      `import { startWorker } from ${JSON.stringify(resolve('src/runtime/worker/worker.ts'))};
     const worker = await startWorker({ model: ${JSON.stringify(model)}, runtime: { directory: ${JSON.stringify(runtime.directory)} } });
     const data = new Float32Array(4);
     if (process.argv[2] === 'frozen') worker.pause();
     else worker.call('run', { feeds: { x: { type: 'float32', dims: [1, 4], data } }, outputs: null });
     console.log(worker.pid);`,
    );
    await build({
      entryPoints: { parent: join(folder.path, 'parent.ts'), worker: 'src/worker.ts' },
      outdir: folder.path,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      platform: 'node',
      external: ['onnxruntime-node'],
      logLevel: 'error',
      banner: {
        js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);",
      },
    });
    // The client looks for worker.js beside itself.
    writeFileSync(join(folder.path, 'worker.js'), "import './worker.mjs';\n");
    writeFileSync(join(folder.path, 'package.json'), '{ "type": "module" }\n');
    const parent = spawn(process.execPath, [script, how], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((done) =>
      parent.stdout.once('data', (text: Buffer) => done(Number(text.toString()))),
    );
    expect(gone(pid)).toBe(false);
    parent.kill('SIGKILL');
    await expect.poll(() => gone(pid), { timeout: 10_000, interval: 20 }).toBe(true);
  },
);
