import { afterEach, describe, expect, it, vi } from 'vitest';
import { OutOfTime, withinTime } from '../../../src/auto/candidates/time-left.js';
import { Interrupted, throwIfInterrupted } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import type { Runtime } from '../../../src/runtime/runtime.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Work of ten equal parts, with a clock that only it moves. @returns how many parts were done, and what ended it. */
function work(
  budgetMs: number,
  partMs: number,
  { signal, times = 1, betweenMs = 0 }: { signal?: AbortSignal; times?: number; betweenMs?: number } = {},
): { done: number; error: unknown } {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const context = { runtime: {} as Runtime, log: SILENT, ...(signal && { signal }) };
  const within = withinTime(context, { leftMs: () => budgetMs - now });
  let done = 0;
  try {
    for (; done < 10 * times; done++) {
      throwIfInterrupted(within.signal);
      now += partMs + (done > 0 && done % 10 === 0 ? betweenMs : 0);
      within.log.progress('fitting', (done % 10) + 1, 10);
    }
    return { done, error: null };
  } catch (error) {
    return { done, error };
  }
}

describe('work within a time', () => {
  it('goes on to its end where that is in time', () => {
    expect(work(1000, 100)).toEqual({ done: 10, error: null });
  });

  it('is given up as soon as its progress tells that the rest takes too long', () => {
    const { done, error } = work(900, 100);
    expect(error).toBeInstanceOf(OutOfTime);
    expect(error).toMatchObject({ message: 'fitting would take 1 s more' });
    expect(done).toBe(2);
  });

  it('is timed anew where a step comes again: what was between is none of its time', () => {
    expect(work(5000, 100, { times: 2, betweenMs: 1500 })).toEqual({ done: 20, error: null });
  });

  it('is given up at once where the first part took longer than there is time', () => {
    expect(work(900, 500).done).toBe(1);
  });

  it('ends with an interruption as other work does', () => {
    const { done, error } = work(1000, 100, {
      signal: AbortSignal.abort(new Interrupted('interrupted')),
    });
    expect(done).toBe(0);
    expect(error).not.toBeInstanceOf(OutOfTime);
    expect(error).toBeInstanceOf(Interrupted);
  });
});
