import { afterEach, expect, describe as group, it, vi } from 'vitest';
import { TimeLeft } from '../../../src/auto/candidates/time-left.js';
import type { PlanStage } from '../../../src/auto/plan/plan.js';

const STATIC: PlanStage[] = [{ method: 'int8-static', operators: ['c'] }];

const NO_OTHERS = { share: 0, isMuch: false };

/** A clock that stands still but for what is told to take time. */
function clock() {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return {
    pass(ms: number): void {
      now += ms;
    },
    async make(time: TimeLeft, kind: 'rough' | 'final', ms: number): Promise<void> {
      await time.timed(kind, async () => {
        now += ms;
        return { stages: STATIC };
      });
    },
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

group('the time of a search', () => {
  it('ends before its budget does: the chosen file has still to be put in its place and proved', () => {
    const { pass } = clock();
    const time = new TimeLeft(30_000, NO_OTHERS);
    pass(26_000);
    expect(time.isLate()).toBe(false);
    pass(2000);
    expect(time.isLate()).toBe(true);
  });

  it('is enough for a file as it should be by what the rough one took, then by what the last such file took', async () => {
    const { pass, make } = clock();
    const time = new TimeLeft(30_000, NO_OTHERS);
    await make(time, 'rough', 2000);
    expect(time.mayMake(STATIC)).toBe(true);
    pass(15_000);
    expect(time.mayMake(STATIC)).toBe(false);
    await make(time, 'final', 4000);
    expect(time.mayMake(STATIC)).toBe(true);
    pass(3000);
    expect(time.mayMake(STATIC)).toBe(false);
  });

  it('is kept for the first file as it should be, up to half of it', async () => {
    const { make } = clock();
    const time = new TimeLeft(30_000, NO_OTHERS);
    expect(time.mayTry(20_000)).toBe(true);
    await make(time, 'rough', 1000);
    expect(time.mayTry(13_000)).toBe(true);
    expect(time.mayTry(15_000)).toBe(false);
    await make(time, 'rough', 5000);
    expect(time.mayTry(0)).toBe(true);
    expect(time.mayTry(1000)).toBe(false);
  });

  it('does not count what other processes take of it, up to three quarters of what goes by', async () => {
    const { pass, make } = clock();
    const others = { share: 0.25, isMuch: true };
    const time = new TimeLeft(30_000, others);
    await make(time, 'rough', 4000);
    expect(time.spentMs).toBe(3000);
    expect(time.roughMs('int8-static')).toBe(3000);
    others.share = 0.9;
    pass(46_000);
    expect(time.spentMs).toBe(12_500);
    expect(time.isLate()).toBe(false);
    others.isMuch = false;
    expect(time.isLate()).toBe(true);
  });

  it('is never so short that what is nearly done, or done sooner than anything else, is given up', () => {
    const { pass } = clock();
    const time = new TimeLeft(30_000, NO_OTHERS);
    expect([time.restMs(null), time.restMs(2000)]).toEqual([27_000, 42_000]);
    pass(45_000);
    expect([time.restMs(null), time.restMs(2000)]).toEqual([1500, 2000]);
  });
});
