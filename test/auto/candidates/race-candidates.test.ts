import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Candidate } from '../../../src/auto/candidates/candidate.js';
import { Races } from '../../../src/auto/candidates/race-candidates.js';
import type { SearchRequest } from '../../../src/auto/candidates/search-request.js';
import { SILENT } from '../../../src/log.js';
import type { Runtime, Session, SessionOptions } from '../../../src/runtime/runtime.js';
import { scratch } from '../../quantize/small-models.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Candidates whose runs take so many milliseconds, of time and of CPU, beside a float model's ten. */
function racing(directory: string, { isShared, ms }: { isShared: boolean; ms: Record<string, number> }) {
  const model = join(directory, 'float.onnx');
  writeFileSync(model, '0123456789');
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: 1000 * now, system: 0 }));
  const opened: { file: string; threads: number | undefined }[] = [];
  const open = async (file: string, { threads }: SessionOptions = {}): Promise<Session> => {
    opened.push({ file, threads });
    const run = async (): Promise<void> => {
      now += ms[file] ?? 10;
    };
    return { prepare: () => ({ run }), release: async () => {} } as unknown as Session;
  };
  const context = { runtime: { open } as unknown as Runtime, log: SILENT, threads: 2 };
  const search = {
    request: { model, target: 'cpu', context },
    samples: [{ feeds: {} }],
    budgetMs: 30_000,
  } as unknown as SearchRequest;
  const races = new Races(search, { options: { context, provider: 'cpu' }, time: { isShared } });
  const candidates = Object.keys(ms).map(
    (file) => ({ name: file, file, sizeRatio: 0.25, latencyRatio: Number.NaN }) as unknown as Candidate,
  );
  return { races, candidates, opened };
}

describe('the races of a search', () => {
  it('believe that one of two is faster by sessions opened anew, and ask once', async () => {
    using place = scratch();
    const ms = { fast: 5, near: 5.1, slow: 8 };
    const { races, candidates, opened } = racing(place.directory, { isShared: true, ms });
    const [fast, near, slow] = candidates as [Candidate, Candidate, Candidate];
    await races.race(candidates);
    expect(candidates.map(({ latencyRatio }) => latencyRatio)).toEqual([
      expect.closeTo(0.5),
      expect.closeTo(0.51),
      expect.closeTo(0.8),
    ]);
    const before = opened.length;
    expect(await races.isSurelyFaster(fast, slow)).toBe(true);
    expect(opened.slice(before).filter(({ file }) => file === 'fast')).toHaveLength(4);
    const after = opened.length;
    expect(await races.isSurelyFaster(fast, slow)).toBe(true);
    expect(opened).toHaveLength(after);
    expect(await races.isSurelySlower(slow)).toBe(false);
    expect(await races.isSurelyFaster(fast, near)).toBe(false);
  });

  it('are run on one thread from the start where others have kept the machine busy so far', async () => {
    using place = scratch();
    const { races, candidates, opened } = racing(place.directory, {
      isShared: true,
      ms: { fast: 5, slow: 8 },
    });
    await races.race(candidates);
    expect(races.onBusyMachine).toBe(true);
    expect(opened.map(({ threads }) => threads)).toEqual([1, 1, 1]);
  });
});
