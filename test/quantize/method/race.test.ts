import { afterEach, describe, expect, it, vi } from 'vitest';
import { Interrupted } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { isSurelyFaster, race } from '../../../src/quantize/method/race.js';
import { clockwork, cores, machine } from './clockwork.js';

vi.mock('node:os', async (original) => (await import('./clockwork.js')).osOfCores(original));

afterEach(() => {
  cores.othersShare = 0;
  vi.restoreAllMocks();
});

describe('a race of several files', () => {
  const options = { provider: 'cpu', feeds: {}, budgetMs: 600 };

  it('gives the time of one run of each, by blocks that are long enough for the clock', async () => {
    const { runtime, runs } = clockwork({ float: [3], int8: [1.25], slow: [30] });
    const { times } = await race(['float', 'int8', 'slow'], {
      ...options,
      context: { runtime, log: SILENT },
    });
    expect(times[0]).toBeCloseTo(3);
    expect(times[1]).toBeCloseTo(1.25);
    expect(times[2]).toBeCloseTo(30);
    // Two runs before; a round of blocks takes 15 + 15 + 30 ms, and none begins after 600.
    expect(runs).toEqual({ float: 2 + 11 * 5, int8: 2 + 11 * 12, slow: 2 + 11 });
  });

  it('is over early when the even and the odd rounds agree on every file, and goes on while they do not', async () => {
    const raced = async (int8: number[]) => {
      const { runtime, runs } = clockwork({ float: [20], int8 });
      const context = { runtime, log: SILENT };
      await race(['float', 'int8'], { ...options, context, budgetMs: 100_000 });
      return runs.int8;
    };
    expect(await raced([16])).toBe(2 + 12);
    expect(await raced([16, 18])).toBe(2 + 60);
  });

  it('says that one of two is surely faster if it is in each of four comparisons', async () => {
    const { runtime } = clockwork({ fast: [10], slow: [12], near: [10.2] });
    const isFaster = async (file: string, other: string) =>
      await isSurelyFaster(file, other, { provider: 'cpu', feeds: {}, context: { runtime, log: SILENT } });
    expect(await isFaster('fast', 'slow')).toBe(true);
    expect(await isFaster('fast', 'near')).toBe(false);
    expect(await isFaster('slow', 'fast')).toBe(false);
  });

  it('takes six rounds whatever the budget, and ends when it is interrupted', async () => {
    const { runtime, runs } = clockwork({ float: [20], int8: [10] });
    await race(['float', 'int8'], { ...options, context: { runtime, log: SILENT }, budgetMs: 0 });
    expect(runs.float).toBe(2 + 6);
    const signal = AbortSignal.abort(new Interrupted('interrupted'));
    await expect(race(['float'], { ...options, context: { runtime, log: SILENT, signal } })).rejects.toThrow(
      'interrupted',
    );
  });

  it('asked for the fastest, does not wait for files that are far behind to be steady', async () => {
    const roundsOf = async (asks: 'times' | 'fastest', slow: number[]) => {
      const { runtime } = clockwork({ float: slow, int8: [16] });
      const context = { runtime, log: SILENT };
      const files = ['float', 'int8'];
      return (await race(files, { ...options, asks, context, budgetMs: 100_000 })).rounds[0]!.length;
    };
    expect(await roundsOf('times', [20, 30])).toBe(60);
    expect(await roundsOf('fastest', [20, 30])).toBe(12);
    expect(await roundsOf('fastest', [16.5, 20])).toBe(60);
  });

  describe('on a machine that other processes keep busy', () => {
    /** On two threads the file of more operators waits more than it computes; alone it takes less CPU time, whatever the clock says. */
    const waiting = () =>
      machine((model, _, threads) => {
        if (threads === 2) return model === 'many' ? { ms: 30, cpuMs: 20 } : { ms: 20, cpuMs: 40 };
        return model === 'many' ? { ms: 90, cpuMs: 15 } : { ms: 50, cpuMs: 30 };
      });
    const raced = async (busy: number, more: Partial<Parameters<typeof race>[1]> = {}) => {
      cores.othersShare = busy;
      const { runtime, opened } = waiting();
      const context = { runtime, log: SILENT };
      return { ...(await race(['few', 'many'], { ...options, context, ...more })), opened };
    };

    it('goes by the CPU time of runs on one thread', async () => {
      expect(await raced(0)).toMatchObject({ times: [20, 30], onBusyMachine: false, opened: [2, 2] });
      expect(await raced(0.5)).toMatchObject({ times: [30, 15], onBusyMachine: true, opened: [2, 2, 1, 1] });
    });

    it('does so at once where that is known, and not at all where it is not to count', async () => {
      expect(await raced(0, { otherWork: 'expected' })).toMatchObject({ times: [30, 15], opened: [1, 1] });
      expect(await raced(0.5, { otherWork: 'ignored' })).toMatchObject({ times: [20, 30], opened: [2, 2] });
    });

    it('leaves a run on one thread as it is: it waits for no other', async () => {
      cores.othersShare = 0.5;
      const { runtime, opened } = waiting();
      await race(['few', 'many'], { ...options, context: { runtime, log: SILENT, threads: 1 } });
      expect(opened).toEqual([1, 1]);
    });

    it('takes the one for surely faster that is so by CPU time', async () => {
      cores.othersShare = 0.5;
      const { runtime, opened } = waiting();
      const context = { runtime, log: SILENT };
      expect(await isSurelyFaster('many', 'few', { ...options, context })).toBe(true);
      // The first look shows that the machine is busy.
      expect(opened.filter((threads) => threads === 2)).toHaveLength(2);
    });
  });
});
