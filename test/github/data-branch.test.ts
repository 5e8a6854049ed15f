import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../src/github/api/api.js';
import { explainFault } from '../../src/github/api/faults.js';
import { readHistory, writeDataBranch } from '../../src/github/data-branch.js';
import { SILENT } from '../../src/log.js';
import type { Report } from '../../src/terms/report.js';
import { FakeGitHub } from './fake-github.js';
import { FAILED, sampleReport } from './sample-report.js';

const at = { owner: 'o', repo: 'r', branch: 'quantgate-data', directory: '' };
const noSleep = async () => undefined;

let github: FakeGitHub;
beforeEach(async () => {
  github = await new FakeGitHub().start();
});
afterEach(() => github.stop());

const api = () => createApi({ token: 't', apiUrl: github.url, log: SILENT, sleep: noSleep });
const report = (sha: string) =>
  sampleReport({ source: { repository: 'o/r', sha, baseSha: null, pullRequest: null, runUrl: null } });
const historyShas = async () => (await readHistory(api(), at)).map(({ sha }) => sha);

describe('the data branch', () => {
  it('is made by the first run, with badges as endpoint and as picture, and one line of history', async () => {
    await writeDataBranch(api(), at, report('1'), noSleep);
    const files = github.files('quantgate-data');
    expect(JSON.parse(files['badges/quantgate.json']!)).toMatchObject({
      schemaVersion: 1,
      label: 'quantgate',
    });
    expect(files['badges/quantgate.svg']).toContain('<svg');
    expect(files['README.md']).toContain('quantgate');
    expect(files['history.jsonl']!.trim().split('\n')).toHaveLength(1);
  });

  it('has a page of its history, written by the same commit, with links to the commits', async () => {
    const place = { ...at, commits: 'https://github.com/o/r/commit/', historyUrl: 'https://o.github.io/r/' };
    const commits = ['a1'.repeat(20), 'b2'.repeat(20)];
    for (const sha of commits) await writeDataBranch(api(), place, report(sha), noSleep);
    const files = github.files('quantgate-data');
    for (const sha of commits)
      expect(files['index.html']).toContain(`href="https://github.com/o/r/commit/${sha}"`);
    expect(files['badges/quantgate.svg']).toContain('https://o.github.io/r/');
    await writeDataBranch(api(), { ...place, directory: 'gpu/' }, report('9'), noSleep);
    expect(github.files('quantgate-data')['gpu/index.html']).toContain('history of o/r');
    expect(github.files('quantgate-data')['index.html']).toBe(files['index.html']);
  });

  it('grows by one line per run and keeps what others put there', async () => {
    await writeDataBranch(api(), at, report('1'), noSleep);
    await writeDataBranch(api(), { ...at, directory: 'gpu/' }, report('9'), noSleep);
    await writeDataBranch(api(), at, report('2'), noSleep);
    expect(await historyShas()).toEqual(['1', '2']);
    expect(github.files('quantgate-data')['gpu/history.jsonl']).toContain('"9"');
  });

  it('has a line for each run of one commit, and one for a run that is repeated', async () => {
    const of = (runId: number) => {
      const one = report('1');
      return { ...one, source: { ...one.source!, runId } };
    };
    for (const runId of [5, 6, 6]) await writeDataBranch(api(), at, of(runId), noSleep);
    expect((await readHistory(api(), at)).map(({ sha, run }) => [sha, run])).toEqual([
      ['1', 5],
      ['1', 6],
    ]);
  });

  describe('keeps the badges of the newest run', () => {
    const of = (runId: number, sha: string, changes: Partial<Report> = {}) => {
      const one = report(sha);
      return { ...one, ...changes, source: { ...one.source!, runId, ...(changes.source ?? {}) } };
    };
    const badge = () => JSON.parse(github.files('quantgate-data')['badges/quantgate.json']!).message;
    const failing: Partial<Report> = { verdict: 'fail', checks: [FAILED] };

    it('when an older run comes later, whose line stands before the newer one', async () => {
      await writeDataBranch(api(), at, of(6, 'new'), noSleep);
      expect(await writeDataBranch(api(), at, of(5, 'old', failing), noSleep)).toEqual({ badges: [] });
      expect(badge()).toBe('pass');
      expect(await historyShas()).toEqual(['old', 'new']);
      await writeDataBranch(api(), at, of(7, 'newer', failing), noSleep);
      expect(badge()).toBe('fail');
    });

    it('when the older run wins the race for the branch, and when it loses it', async () => {
      const [older, newer] = [of(5, 'old', failing), of(6, 'new')];
      await Promise.all([older, newer].map((one) => writeDataBranch(api(), at, one, noSleep)));
      expect(badge()).toBe('pass');
      expect(await historyShas()).toEqual(['old', 'new']);
    });

    it('but lets an older run that is repeated tell of the commit that the newest is about', async () => {
      await writeDataBranch(api(), at, of(6, 'same'), noSleep);
      const again = of(5, 'same', failing);
      await writeDataBranch(api(), at, { ...again, source: { ...again.source, runAttempt: 2 } }, noSleep);
      expect(badge()).toBe('fail');
      const old = of(4, 'old');
      await writeDataBranch(api(), at, { ...old, source: { ...old.source, runAttempt: 3 } }, noSleep);
      expect(badge()).toBe('fail');
    });
  });

  it('takes the badges of a long run although newer ones measured other models meanwhile', async () => {
    const of = (runId: number, name: string) => {
      const { models, measurements, checks } = sampleReport();
      const named = <T>(items: T[]) => items.map((item) => ({ ...item, model: name }));
      return sampleReport({
        models: models.map((model) => ({ ...model, name })),
        measurements: named(measurements),
        checks: named(checks),
        source: { repository: 'o/r', sha: `${runId}`, baseSha: null, pullRequest: null, runUrl: null, runId },
      });
    };
    await writeDataBranch(api(), at, of(6, 'small'), noSleep);
    expect((await writeDataBranch(api(), at, of(5, 'large'), noSleep)).badges).not.toEqual([]);
  });

  it('has no history before the first run', async () => {
    expect(await readHistory(api(), at)).toEqual([]);
  });

  it('loses no line when 12 runs write at the same moment', async () => {
    const shas = Array.from({ length: 12 }, (_, index) => `sha${index}`);
    // One after the other must win: as many attempts as writers would be needed in lockstep, so they go in threes.
    for (let start = 0; start < shas.length; start += 3) {
      await Promise.all(
        shas.slice(start, start + 3).map((sha) => writeDataBranch(api(), at, report(sha), noSleep)),
      );
    }
    expect((await historyShas()).sort()).toEqual([...shas].sort());
  });

  it('starts again from what another run wrote between reading and writing', async () => {
    await writeDataBranch(api(), at, report('1'), noSleep);
    let once = true;
    github.beforeRefUpdate = () => {
      if (!once) return;
      once = false;
      const parent = github.refs.get('heads/quantgate-data')!;
      const { tree } = github.objects.get(parent)!.data;
      github.refs.set(
        'heads/quantgate-data',
        github.store('commit', { tree, parents: [parent], message: 'other' }),
      );
    };
    await writeDataBranch(api(), at, report('2'), noSleep);
    expect(await historyShas()).toEqual(['1', '2']);
  });

  const REPO = '/repos/{owner}/{repo}';
  const calls = [
    'GET git/ref/{ref}',
    'GET git/commits/{commit_sha}',
    'GET contents/{path}',
    'GET git/blobs/{file_sha}',
    'POST git/trees',
    'POST git/commits',
    'PATCH git/refs/{ref}',
  ];
  const faults = [
    { status: 500 },
    { status: 503 },
    { status: 'cut' },
    { status: 429, headers: { 'retry-after': '0' } },
  ] as const;
  for (const call of calls) {
    for (const fault of faults) {
      it(`gets its line and no second one although ${call} fails once with ${fault.status}`, async () => {
        await writeDataBranch(api(), at, report('1'), noSleep);
        github.faults.push({
          operation: call.replace(' ', ` ${REPO}/`),
          ...fault,
          times: 1,
          afterEffect: true,
        });
        await writeDataBranch(api(), at, report('2'), noSleep);
        expect(await historyShas()).toEqual(['1', '2']);
      });
    }
  }

  it('is left as it was when the token may not write', async () => {
    github.faults.push({ operation: `POST ${REPO}/git/trees`, status: 403 });
    await expect(writeDataBranch(api(), at, report('1'), noSleep)).rejects.toThrow();
    expect(github.refs.size).toBe(0);
  });

  it('keeps its history when GitHub cuts off the listing of a tree', async () => {
    await writeDataBranch(api(), { ...at, directory: 'gpu/' }, report('9'), noSleep);
    await writeDataBranch(api(), at, report('1'), noSleep);
    github.longestTree = 3;
    await writeDataBranch(api(), at, report('2'), noSleep);
    expect(await historyShas()).toEqual(['1', '2']);
  });

  it('is left alone where a folder lies in the place of the history', async () => {
    await writeDataBranch(api(), { ...at, directory: 'history.jsonl/' }, report('1'), noSleep);
    const before = github.refs.get('heads/quantgate-data');
    await expect(writeDataBranch(api(), at, report('2'), noSleep)).rejects.toThrow('not a plain file');
    expect(github.refs.get('heads/quantgate-data')).toBe(before);
  });

  const RULES = [
    [422, 'Repository rule violations found\n\nCannot update this protected ref.'],
    [409, 'Repository rule violations found\n\nChanges must be made through a pull request.'],
    [422, 'Cannot create ref due to creations being restricted.'],
    [403, 'Protected branch update failed for refs/heads/quantgate-data'],
  ] as const;
  it.each(RULES)(
    'that a ruleset protects is not written at again, and again: %i %s',
    async (status, message) => {
      const waits: number[] = [];
      for (const operation of [`PATCH ${REPO}/git/refs/{ref}`, `POST ${REPO}/git/refs`])
        github.faults.push({ operation, status, message });
      const error = await writeDataBranch(api(), at, report('1'), async (ms) => void waits.push(ms)).catch(
        (thrown) => thrown,
      );
      expect(github.operations().filter((operation) => operation?.endsWith('git/refs'))).toHaveLength(1);
      expect(waits).toEqual([]);
      expect(explainFault(error, 'write badges', 'contents: write')).toMatch(
        /GitHub says \d+: .*A ruleset or a branch protection of this repository forbids it/,
      );
    },
  );

  it('that GitHub refuses in words that nobody knows, while nobody else writes, is looked at once more only', async () => {
    await writeDataBranch(api(), at, report('1'), noSleep);
    github.requests.length = 0;
    github.faults.push({
      operation: `PATCH ${REPO}/git/refs/{ref}`,
      status: 422,
      message: 'Computer says no',
    });
    await expect(writeDataBranch(api(), at, report('2'), noSleep)).rejects.toThrow('Computer says no');
    expect(github.operations().filter((operation) => operation?.startsWith('PATCH'))).toHaveLength(1);
  });
});
