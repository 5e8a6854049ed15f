import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gpuNotes, snapshotGpu, withGpuLock } from '../../src/measure/gpu.js';
import type { RunNvidiaSmi } from '../../src/measure/nvidia-smi.js';
import { A10G_THROTTLED, A100_MIG, PROCESSES, T4_IDLE } from './fixtures/nvidia-smi.js';

/** An nvidia-smi that gives these outputs. */
const smi =
  (gpus: string, processes = ''): RunNvidiaSmi =>
  async ([query]) =>
    query!.startsWith('--query-gpu') ? gpus : processes;

describe('the GPU of a measurement', () => {
  it('is looked at only for providers that use an NVIDIA GPU', async () => {
    expect(await snapshotGpu('cpu', 0, smi(T4_IDLE))).toBeNull();
    expect(await snapshotGpu('webgpu', 0, smi(T4_IDLE))).toBeNull();
    expect((await snapshotGpu('cuda', 0, smi(T4_IDLE)))!.gpu.name).toBe('Tesla T4');
    expect((await snapshotGpu('tensorrt', 1, smi(A100_MIG)))!.gpu.mig).toBe(true);
    expect(await snapshotGpu('cuda', 0, async () => null)).toBeNull();
  });

  it('in use by others is named with who they are', async () => {
    const before = await snapshotGpu('cuda', 0, smi(T4_IDLE, PROCESSES));
    const notes = gpuNotes(before, before);
    expect(notes.map(({ code }) => code)).toEqual(['noise.gpu-shared']);
    expect(notes[0]!.message).toContain('/usr/bin/python3 (pid 12345)');
  });

  it('held down by its limits is named with the reason', async () => {
    const idle = await snapshotGpu('cuda', 0, smi(A10G_THROTTLED));
    expect(gpuNotes(idle, idle).map(({ code }) => code)).toEqual([
      'noise.gpu-shared',
      'noise.gpu-throttled',
      'noise.gpu-persistence',
    ]);
  });

  it('with a clock that floats is noted, and a quiet one is not', async () => {
    const before = await snapshotGpu('cuda', 0, smi(T4_IDLE));
    const after = await snapshotGpu('cuda', 0, smi(T4_IDLE.replace(' 300, 1590', ' 1590, 1590')));
    expect(gpuNotes(before, after).map(({ code }) => code)).toEqual(['noise.gpu-clocks']);
    expect(gpuNotes(before, before)).toEqual([]);
    expect(gpuNotes(null, null)).toEqual([]);
  });
});

describe('the lock of a GPU', () => {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-lock-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const options = { directory, pollMs: 5 };

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

  it('can be given up waiting for', async () => {
    mkdirSync(join(directory, 'quantgate-gpu-GPU-4.lock'));
    writeFileSync(join(directory, 'quantgate-gpu-GPU-4.lock', 'pid'), String(process.pid));
    const abort = new AbortController();
    const waiting = withGpuLock('GPU-4', async () => 'done', { ...options, signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
  });

  it('does not exist without a GPU', async () => {
    expect(await withGpuLock(null, async () => 'done', options)).toBe('done');
  });
});
