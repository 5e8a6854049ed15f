import { afterEach, describe, expect, it, vi } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { slowdownText, speedRatio, sureSlowdown } from '../../../src/quantize/method/compare-speed.js';
import type { Runtime, Session } from '../../../src/runtime/runtime.js';
import { clockwork, cores } from './clockwork.js';

vi.mock('node:os', async (original) => (await import('./clockwork.js')).osOfCores(original));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the quick look at the speed of a quantized file', () => {
  const WARM_UP = 2;

  it('is over after six rounds when every run of one was faster than every run of the other', async () => {
    const { runtime, runs } = clockwork({ original: [10, 11, 12], quantized: [4, 5, 9] });
    expect(
      await speedRatio('original', 'quantized', { context: { runtime, log: SILENT }, feeds: {} }),
    ).toBeCloseTo(4 / 10);
    expect(runs).toEqual({ original: WARM_UP + 6, quantized: WARM_UP + 6 });
  });

  it('goes on to its budget while the times overlap', async () => {
    const { runtime, runs } = clockwork({ original: [10, 14], quantized: [9, 13] });
    expect(
      await speedRatio('original', 'quantized', { context: { runtime, log: SILENT }, feeds: {} }),
    ).toBeCloseTo(9 / 10);
    // 500 ms hold 22 rounds of 23 ms on average.
    expect(runs.original).toBe(WARM_UP + 22);
  });

  it('stops as early for the slower file', async () => {
    const { runtime, runs } = clockwork({ original: [5], quantized: [8] });
    expect(
      await speedRatio('original', 'quantized', { context: { runtime, log: SILENT }, feeds: {} }),
    ).toBeCloseTo(8 / 5);
    expect(runs.quantized).toBe(WARM_UP + 6);
  });
});

describe('whether a file is slower for sure', () => {
  const context = (runtime: Runtime) => ({ context: { runtime, log: SILENT }, feeds: {} });

  it('is said only if it is slower in each of four comparisons', async () => {
    const slow = clockwork({ original: [10], quantized: [12] });
    expect(await sureSlowdown('original', 'quantized', context(slow.runtime))).toEqual({
      least: 1.2,
      most: 1.2,
      looks: 4,
    });
    const noisy = clockwork({ original: [10], quantized: [10.2] });
    expect(await sureSlowdown('original', 'quantized', context(noisy.runtime))).toBeNull();
  });

  it('is said of a busy machine only if it is slower on one thread, too', async () => {
    const onThreads = (threads: Record<number, readonly number[]>) => {
      let now = 0;
      vi.spyOn(performance, 'now').mockImplementation(() => now);
      const open = async (file: string, { threads: count = 2 }: { threads?: number }): Promise<Session> => {
        const run = async (): Promise<void> => {
          now += threads[count]![file === 'original' ? 0 : 1]!;
        };
        return { prepare: () => ({ run }), release: async () => {} } as unknown as Session;
      };
      return context({ open } as unknown as Runtime);
    };
    const slowOnTwo = { 2: [10, 15], 1: [20, 12] };
    const slowOnBoth = { 2: [10, 15], 1: [20, 25] };
    cores.othersShare = 0.5;
    expect(await sureSlowdown('original', 'quantized', onThreads(slowOnTwo))).toBeNull();
    expect(await sureSlowdown('original', 'quantized', onThreads(slowOnBoth))).toMatchObject({ least: 1.25 });
    cores.othersShare = 0;
    expect(await sureSlowdown('original', 'quantized', onThreads(slowOnTwo))).toMatchObject({ least: 1.5 });
  });

  it('is told in a sentence', () => {
    expect(slowdownText({ least: 1.101, most: 1.2, looks: 4 })).toBe(
      "takes 1.10 to 1.20 times the original's time here (in each of 4 comparisons)",
    );
  });
});
