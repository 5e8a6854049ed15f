import { ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  nvidiaSmi,
  parseGpuProcesses,
  parseGpus,
  type RunNvidiaSmi,
  readGpus,
} from '../../src/machine/nvidia-smi.js';
import {
  A10G_THROTTLED,
  A100_MIG,
  OLD_DRIVER_REFUSAL,
  PROCESSES,
  T4_IDLE,
} from '../measure/fixtures/nvidia-smi.js';

describe('nvidia-smi', () => {
  it('tells an idle GPU’s memory and clocks; idling is no throttling', () => {
    expect(parseGpus(T4_IDLE)).toEqual([
      {
        index: 0,
        uuid: 'GPU-5f8e1c2a-6c1d-9b1e-3c5e-0f2b7a9d4e11',
        name: 'Tesla T4',
        driver: '550.90.07',
        memoryTotalBytes: 15360 * 2 ** 20,
        memoryUsedBytes: 3 * 2 ** 20,
        smClockMHz: 300,
        smClockMaxMHz: 1590,
        temperatureCelsius: 36,
        utilization: 0,
        performanceState: 'P8',
        persistence: true,
        mig: false,
        throttling: [],
      },
    ]);
  });

  it('says why clocks are held down', () => {
    expect(parseGpus(A10G_THROTTLED)[0]).toMatchObject({
      persistence: false,
      throttling: ['power cap', 'thermal limit (software)'],
    });
  });

  it('leaves open what a MIG instance does not tell', () => {
    expect(parseGpus(A100_MIG)[1]).toMatchObject({ index: 1, mig: true, utilization: null, throttling: [] });
  });

  it('lists processes, with memory where it is shown', () => {
    expect(parseGpuProcesses(PROCESSES).map(({ pid, usedBytes }) => [pid, usedBytes])).toEqual([
      [12345, 1234 * 2 ** 20],
      [23456, null],
    ]);
    expect(parseGpuProcesses('')).toEqual([]);
  });

  it('asks an older driver by the older field name', async () => {
    const asked: string[] = [];
    const old: RunNvidiaSmi = async ([query]) => {
      asked.push(query!);
      return query!.includes('clocks_event_reasons') ? OLD_DRIVER_REFUSAL : T4_IDLE;
    };
    expect(await readGpus(old)).toHaveLength(1);
    expect(asked).toHaveLength(2);
  });

  it('is no GPU when it is absent, garbled or says nothing', async () => {
    expect(await readGpus(async () => null)).toBeNull();
    expect(await readGpus(async () => 'NVIDIA-SMI has failed because it couldn’t communicate\n')).toEqual([]);
  });

  describe('that hangs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'quantgate-smi-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const asked = join(folder, 'asked');
    const stuck = join(folder, 'nvidia-smi');
    writeFileSync(stuck, `#!/bin/sh\necho $$ >> ${asked}\nexec tail -f /dev/null\n`);
    chmodSync(stuck, 0o755);
    /** Of the processes that were started; a loaded machine may start one late. */
    const started = async () => {
      const pids = () => (readFileSync(asked, 'utf8').match(/\d+\n/g) ?? []).map(Number);
      await vi.waitFor(() => expect(pids()).not.toEqual([]), { timeout: 10_000 });
      return pids();
    };

    it('is given up, and not asked again', async () => {
      writeFileSync(asked, '');
      const run = nvidiaSmi({ command: stuck, timeoutMs: 1_000 });
      expect(await readGpus(run)).toBeNull();
      expect(await run(['-L'])).toBeNull();
      expect(await started()).toHaveLength(1);
    });

    it('in the kernel, where no signal reaches it, is not waited for', async () => {
      writeFileSync(asked, '');
      const unheard = [
        vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true),
        vi.spyOn(process, 'kill').mockReturnValue(true),
      ];
      try {
        expect(await nvidiaSmi({ command: stuck, timeoutMs: 500 })(['-L'])).toBeNull();
        const calls: unknown[][] = unheard.flatMap(({ mock }): unknown[][] => mock.calls);
        expect(calls.flat()).toContain('SIGKILL');
      } finally {
        for (const spy of unheard) spy.mockRestore();
      }
      const [pid] = await started();
      expect(process.kill(pid!, 0)).toBe(true);
      process.kill(pid!, 'SIGKILL');
    });
  });
});
