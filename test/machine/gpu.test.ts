import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/errors.js';
import { judge } from '../../src/judge/judge.js';
import { SILENT } from '../../src/log.js';
import { countGpusAsNvidiaSmi, doubted, gpuNotes, gpuUsers, snapshotGpu } from '../../src/machine/gpu.js';
import { aloneOnGpu, withGpuLock } from '../../src/machine/lock.js';
import type { RunNvidiaSmi } from '../../src/machine/nvidia-smi.js';
import { watchGpu } from '../../src/machine/watch.js';
import type { Measurement } from '../../src/terms/measurement.js';
import { A10G_THROTTLED, A100_MIG, MIG_LIST, PROCESSES, T4_IDLE } from '../measure/fixtures/nvidia-smi.js';

/** An nvidia-smi that gives these outputs. */
const smi =
  (gpus: string, processes = '', list = ''): RunNvidiaSmi =>
  async ([query]) =>
    query === '-L' ? list : query!.startsWith('--query-gpu') ? gpus : processes;

const quiet = { during: [], isOurs: () => false };

/** What is said of a GPU that looks like this before and after. */
const codes = async (gpus: string, processes = '', after = gpus) => {
  const before = await snapshotGpu('cuda', 0, smi(gpus, processes));
  const notes = gpuNotes({ ...quiet, before, after: await snapshotGpu('cuda', 0, smi(after, processes)) });
  return notes.map(({ code }) => code);
};

describe('the GPU of a measurement', () => {
  it('is looked at only for providers that use an NVIDIA GPU', async () => {
    expect(await snapshotGpu('cpu', 0, smi(T4_IDLE))).toBeNull();
    expect(await snapshotGpu('webgpu', 0, smi(T4_IDLE))).toBeNull();
    expect((await snapshotGpu('cuda', 0, smi(T4_IDLE)))!.gpu.name).toBe('Tesla T4');
    expect((await snapshotGpu('tensorrt', 1, smi(A100_MIG)))!.gpu.mig).toBe(true);
    expect(await snapshotGpu('cuda', 0, async () => null)).toBeNull();
  });

  it('is the one that CUDA_VISIBLE_DEVICES leaves: by number, UUID, its beginning, or that of a MIG instance', async () => {
    const index = async (visible: string, device = 0) =>
      (await snapshotGpu('cuda', device, smi(A100_MIG, '', MIG_LIST), visible))?.gpu.index;
    expect(await index('1')).toBe(1);
    expect(await index('1,0', 1)).toBe(0);
    expect(await index('GPU-b2e4d1f0-7777-8888-9999-000011112222')).toBe(1);
    expect(await index('GPU-b2e4d1f0-1')).toBe(0);
    expect(await index('MIG-a7c51f6e-9c3c-5f4e-8f0b-2f4e35f3a101')).toBe(1);
    expect(await index('MIG-unknown')).toBeUndefined();
    expect(await index('')).toBe(0);
  });

  it('is counted by CUDA as nvidia-smi counts, unless the user decided otherwise', () => {
    const environment: NodeJS.ProcessEnv = {};
    countGpusAsNvidiaSmi(environment);
    expect(environment.CUDA_DEVICE_ORDER).toBe('PCI_BUS_ID');
    const decided = { CUDA_DEVICE_ORDER: 'FASTEST_FIRST' };
    countGpusAsNvidiaSmi(decided);
    expect(decided.CUDA_DEVICE_ORDER).toBe('FASTEST_FIRST');
  });

  it('in use by others is named with who they are', async () => {
    const before = await snapshotGpu('cuda', 0, smi(T4_IDLE, PROCESSES));
    const [note] = gpuNotes({ ...quiet, before, after: before });
    expect(note!.code).toBe('noise.gpu-shared');
    expect(note!.message).toContain('/usr/bin/python3 (pid 12345)');
  });

  it('held down by its limits is named with the reason, and its heat', async () => {
    expect(await codes(A10G_THROTTLED)).toEqual([
      'noise.gpu-shared',
      'noise.gpu-throttled',
      'noise.gpu-hot',
      'noise.gpu-persistence',
    ]);
  });

  it('with a clock that floats is noted, and a quiet one is not', async () => {
    expect(await codes(T4_IDLE, '', T4_IDLE.replace(' 300, 1590', ' 1590, 1590'))).toEqual([
      'noise.gpu-clocks',
    ]);
    expect(await codes(T4_IDLE)).toEqual([]);
    expect(gpuNotes({ ...quiet, before: null, after: null })).toEqual([]);
  });

  it('divided into instances is noted', async () => {
    const gpu = await snapshotGpu('cuda', 1, smi(A100_MIG));
    expect(gpuNotes({ ...quiet, before: gpu, after: gpu }).map(({ code }) => code)).toEqual([
      'noise.gpu-mig',
    ]);
  });

  it('is watched while a measurement runs: our own processes don’t count, others do', async () => {
    const looks = [
      '',
      `GPU-5f8e1c2a-6c1d-9b1e-3c5e-0f2b7a9d4e11, ${process.pid}, node, 100\n`,
      PROCESSES.split('\n')[0]!,
      '',
    ];
    let look = 0;
    let done = () => {};
    const seenAll = new Promise<void>((resolve) => {
      done = resolve;
    });
    const { result, watch } = await watchGpu(
      async () => {
        const processes = looks[Math.min(look++, looks.length - 1)]!;
        if (look === looks.length) done();
        return snapshotGpu('cuda', 0, smi(T4_IDLE, processes));
      },
      async () => {
        await seenAll;
        return 'measured';
      },
      { everyMs: 1 },
    );
    expect(result).toBe('measured');
    expect(gpuUsers(watch)).toBe('/usr/bin/python3 (pid 12345)');
  });
});

describe('our own process on the GPU', () => {
  const mine = `GPU-5f8e1c2a-6c1d-9b1e-3c5e-0f2b7a9d4e11, ${process.pid}, node, 100\n`;
  /** `node` of another container: its pid means nothing here. */
  const hidden = 'GPU-5f8e1c2a-6c1d-9b1e-3c5e-0f2b7a9d4e11, 4194305, node, 100\n';
  const users = async (...looks: string[]) => {
    let look = 0;
    const { watch } = await watchGpu(
      () => snapshotGpu('cuda', 0, smi(T4_IDLE, looks[Math.min(look++, looks.length - 1)])),
      async () => {},
    );
    return gpuUsers(watch);
  };

  it('does not count, whether it was there before or is seen at the end only', async () => {
    expect(await users(mine)).toBeNull();
    expect(await users('', mine)).toBeNull();
  });

  it('is known by name where pids are the host’s, but not when it was there before', async () => {
    expect(await users('', hidden)).toBeNull();
    expect(await users(hidden)).toBe('node (pid 4194305)');
  });
});

describe('a GPU that is busy though nobody is seen on it', () => {
  const busy = T4_IDLE.replace(', 36, 0, ', ', 36, 80, ');
  /** Looks that show these GPUs one after the other, then the last. */
  const watched = async (...gpus: string[]) => {
    let look = 0;
    const { watch } = await watchGpu(
      () => snapshotGpu('cuda', 0, smi(gpus[Math.min(look++, gpus.length - 1)]!)),
      async () => {},
      { settleMs: 1 },
    );
    return gpuUsers(watch);
  };

  it('is taken for idle when that was the past second’s work', async () => {
    expect(await watched(busy, busy, T4_IDLE)).toBeNull();
  });

  it('is taken for shared when it stays so', async () => {
    expect(await watched(busy)).toBe('a process that nvidia-smi does not show');
  });
});

describe('times taken beside another process', () => {
  const check = (measurement: Measurement) =>
    judge({
      checks: [{ id: 'latency.p50', metric: 'latency.p50', level: 'error', where: {}, max: 5, line: 1 }],
      measurements: [measurement],
      waivers: [],
      confidence: 0.95,
      onInconclusive: 'warn',
      onMissingBase: 'info',
      onSkipped: 'warn',
      onChance: 'error',
      onUnchanged: 'warn',
      today: '2026-01-01',
    } as unknown as Parameters<typeof judge>[0]).results[0]!;
  const interval = { lo: 0.9, hi: 1.1, confidence: 0.9 };
  const p50: Measurement = {
    model: 'm',
    variant: 'int8',
    provider: 'cuda',
    batch: 1,
    threads: 1,
    concurrency: 1,
    metric: 'latency.p50',
    unit: 'ms',
    status: 'ok',
    reason: null,
    value: 1,
    interval,
    n: 100,
    ratio: { value: 0.5, interval },
    drop: null,
    base: null,
  };

  it('decide nothing: a check that would pass is inconclusive, and says who was there', () => {
    expect(check(p50).verdict).toBe('pass');
    const [doubtful] = doubted([p50], 'python3 (pid 7)');
    expect(check(doubtful!)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'another process used the GPU during the timing: python3 (pid 7)',
    });
    expect(doubtful!.ratio).toEqual({ value: 0.5, interval: { lo: null, hi: null, confidence: 0.9 } });
  });

  it('leave other figures and failures alone', () => {
    const others: Measurement[] = [
      { ...p50, metric: 'accuracy.top1' },
      { ...p50, status: 'invalid', reason: 'it crashed' },
    ];
    expect(doubted(others, 'python3')).toEqual(others);
  });
});

describe('the lock of a GPU', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-lock-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const context = { log: SILENT };
  const options = { directory, pollMs: 5, context };

  it('lets one measurement at a time on it, and leaves nothing behind', async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    };
    await Promise.all([1, 2, 3].map(() => withGpuLock('GPU-1', work, options)));
    expect(most).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is let go when the measurement fails', async () => {
    const failing = withGpuLock('GPU-2', () => Promise.reject(new Error('failed')), options);
    await expect(failing).rejects.toThrow('failed');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is broken when its owner is gone', async () => {
    mkdirSync(join(directory, 'quantgate-gpu-GPU-3.lock'));
    // No process has the largest pid plus one.
    writeFileSync(join(directory, 'quantgate-gpu-GPU-3.lock', 'pid'), '4194305');
    expect(await withGpuLock('GPU-3', async () => 'done', options)).toBe('done');
  });

  it('is broken once, however many see that its owner is gone', async () => {
    mkdirSync(join(directory, 'quantgate-gpu-GPU-5.lock'));
    writeFileSync(join(directory, 'quantgate-gpu-GPU-5.lock', 'pid'), '4194305');
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      running--;
    };
    await Promise.all(
      Array.from({ length: 16 }, () => withGpuLock('GPU-5', work, { ...options, pollMs: 1 })),
    );
    expect(most).toBe(1);
    expect(readdirSync(directory).filter((name) => name.includes('GPU-5'))).toEqual([]);
  });

  it('can be given up waiting for: the run is interrupted', async () => {
    mkdirSync(join(directory, 'quantgate-gpu-GPU-4.lock'));
    writeFileSync(join(directory, 'quantgate-gpu-GPU-4.lock', 'pid'), String(process.pid));
    const abort = new AbortController();
    const waiting = withGpuLock('GPU-4', async () => 'done', {
      ...options,
      context: { ...context, signal: abort.signal },
    });
    abort.abort();
    await expect(waiting).rejects.toThrow(Interrupted);
  });

  it('is that of the GPU behind the provider; the CPU has none', async () => {
    const mine = `GPU-${process.pid}`;
    const nvidiaSmi = smi(T4_IDLE.replace('GPU-5f8e1c2a-6c1d-9b1e-3c5e-0f2b7a9d4e11', mine));
    const lock = join(tmpdir(), `quantgate-gpu-${mine}.lock`);
    const held = (provider: string) =>
      aloneOnGpu({ provider, nvidiaSmi, context }, async () => existsSync(lock));
    expect([await held('tensorrt'), await held('cuda'), await held('cpu')]).toEqual([true, true, false]);
    expect(existsSync(lock)).toBe(false);
  });

  it('does not exist without a GPU', async () => {
    expect(await withGpuLock(null, async () => 'done', options)).toBe('done');
  });
});
