import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/terms/report.js';
import { FakeGitHub } from './fake-github.js';
import { InProcessAction, type InProcessRun } from './in-process.js';
import { FAILED, sampleReport } from './sample-report.js';

const HEAD = 'a'.repeat(40);
const REPO = '/repos/{owner}/{repo}';

let action: InProcessAction;
let github: FakeGitHub;
let workspace: string;

beforeAll(() => {
  action = new InProcessAction();
  workspace = action.workspace;
});
afterAll(() => action.dispose());
beforeEach(async () => {
  github = await new FakeGitHub().start();
  github.pulls = [
    { number: 3, head: { sha: 'f'.repeat(40), label: 'mallory:other' }, state: 'open' },
    { number: 9, head: { sha: HEAD, label: 'mallory:feature' }, state: 'open' },
  ];
});
afterEach(async () => {
  await github.stop();
  for (const name of ['reports', 'quantgate-out'])
    rmSync(join(workspace, name), { recursive: true, force: true });
});

/** What a workflow_run event tells about a fork's run. */
const FORK_RUN = {
  action: 'completed',
  repository: { full_name: 'o/r', default_branch: 'main', url: 'https://api.github.com/repos/o/r' },
  workflow_run: {
    id: 55,
    event: 'pull_request',
    head_sha: HEAD,
    head_branch: 'feature',
    html_url: 'https://github.com/o/r/actions/runs/55',
    head_repository: { full_name: 'mallory/r', owner: { login: 'mallory' } },
    pull_requests: [],
  },
};

const sourceOf = (changes: object = {}) => ({
  repository: 'o/r',
  sha: HEAD,
  baseSha: null,
  pullRequest: 9,
  runUrl: null,
  runId: 55,
  runAttempt: 1,
  ...changes,
});

/** A report that another job left; default: of the measuring run. */
function shard(name: string, content: Report | string, runId = 55): void {
  mkdirSync(join(workspace, 'reports', name), { recursive: true });
  const report = typeof content === 'object' && { ...content, source: content.source ?? sourceOf({ runId }) };
  const text = typeof content === 'string' ? content : JSON.stringify(report);
  writeFileSync(join(workspace, 'reports', name, 'quantgate-report.json'), text);
}
const run = (inputs: Record<string, string> = {}, more: Partial<InProcessRun> = {}) =>
  action.run(sampleReport(), {
    github,
    event: 'workflow_run',
    wholePayload: FORK_RUN,
    inputs: { mode: 'report', ...inputs },
    ...more,
  });
const named = (model: string, changes: Partial<Report> = {}): Report => {
  const report = sampleReport(changes);
  return JSON.parse(JSON.stringify(report).replaceAll('"digits"', JSON.stringify(model)));
};

describe("a fork's report", () => {
  it('is posted to the pull request that the API names, whatever number the report claims', async () => {
    const source = sourceOf({ repository: 'evil/evil', pullRequest: 3, runUrl: 'https://evil.example/' });
    shard('measure', sampleReport({ source }));
    const result = await run();
    expect(result.exitCode).toBe(0);
    expect(github.commentsOn(3)).toEqual([]);
    const [comment] = github.commentsOn(9);
    expect(comment!.body).not.toContain('evil');
    expect(comment!.body).toContain('https://github.com/o/r/actions/runs/77');
  });

  it('is posted nowhere when the pull request has moved on', async () => {
    github.pulls[1]!.head.sha = 'd'.repeat(40);
    shard('measure', sampleReport());
    const result = await run();
    expect(result.exitCode).toBe(0);
    expect(github.comments).toEqual([]);
    expect(result.stdout).toContain('No open pull request');
  });

  it('has no active text: names are rendered anew and escaped', async () => {
    shard('measure', named('@octocat <img src=x> [link](https://evil.example) `code` | cell\n# heading'));
    await run();
    const { body } = github.commentsOn(9)[0]!;
    expect(body).not.toMatch(/(^|[^\\\w])@octocat/);
    expect(body).not.toContain('<img');
    expect(body).not.toContain('](https://evil.example');
    expect(body).not.toMatch(/^# heading/m);
  });

  it('decides the exit code by its verdict, and fail-on never leaves it to the measuring job', async () => {
    shard('measure', sampleReport({ verdict: 'fail', checks: [FAILED] }));
    expect((await run()).exitCode).toBe(1);
    expect((await run({ 'fail-on': 'never' })).exitCode).toBe(0);
    expect(github.commentsOn(9)).toHaveLength(1);
  });

  it.each([
    ['is no JSON', '{', 'is not JSON'],
    ['does not fit the schema', '{"schemaVersion":1}', 'Not a valid quantgate report'],
    ['is of a later version', '{"schemaVersion":2}', 'schemaVersion 2'],
  ])('is refused when it %s', async (_, content, message) => {
    shard('measure', content);
    const result = await run();
    expect(result.exitCode).toBe(2);
    const error = result.commands.find(({ name }) => name === 'error')!.message;
    expect(error).toContain('reports/measure/quantgate-report.json');
    expect(error).toContain(message);
    expect(github.commentsOn(9)[0]!.body).toContain('quantgate could not run');
  });

  it('is not read through a link out of the working directory', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'quantgate-outside-'));
    writeFileSync(join(outside, 'quantgate-report.json'), JSON.stringify(sampleReport()));
    mkdirSync(join(workspace, 'reports'));
    symlinkSync(outside, join(workspace, 'reports', 'measure'));
    symlinkSync(join(outside, 'quantgate-report.json'), join(workspace, 'reports', 'quantgate-report.json'));
    const result = await run();
    rmSync(outside, { recursive: true });
    expect(result.exitCode).toBe(2);
    expect(github.commentsOn(9)[0]!.body).not.toContain('digits');
  });
});

/** The event of a run of this repository's own branch, which lists its pull request. */
const ownRun = (changes: object = {}) => ({
  ...FORK_RUN,
  workflow_run: {
    ...FORK_RUN.workflow_run,
    head_repository: { full_name: 'o/r', owner: { login: 'o' } },
    pull_requests: [{ number: 9, base: { repo: { url: FORK_RUN.repository.url } } }],
    ...changes,
  },
});

describe("a pull request of the repository's own branch", () => {
  const own = { wholePayload: ownRun() };
  beforeEach(() => {
    github.pulls[1]!.head.label = 'o:feature';
  });

  it('gets the report of the run that measured its head', async () => {
    shard('measure', sampleReport());
    await run({}, own);
    expect(github.commentsOn(9)).toHaveLength(1);
  });

  it('gets none when it has moved on, although the event lists it', async () => {
    github.pulls[1]!.head.sha = 'd'.repeat(40);
    shard('measure', sampleReport());
    const result = await run({}, own);
    expect(github.comments).toEqual([]);
    expect(result.stdout).toContain('No open pull request');
  });

  it('gets none when it was closed meanwhile', async () => {
    github.pulls[1]!.state = 'closed';
    shard('measure', sampleReport());
    await run({}, own);
    expect(github.comments).toEqual([]);
  });

  it('gets the report that names it where another one has the same head, and none that names neither', async () => {
    github.pulls.push({ number: 10, head: { sha: HEAD, label: 'o:feature' }, state: 'open' });
    shard('measure', sampleReport({ source: sourceOf({ pullRequest: 10 }) }));
    await run({}, own);
    expect(github.comments.map(({ issue }) => issue)).toEqual([10]);
    shard('measure', sampleReport({ source: sourceOf({ pullRequest: 3 }) }));
    const result = await run({}, own);
    expect(github.comments.map(({ issue }) => issue)).toEqual([10]);
    expect(result.stdout).toContain('#9, #10 have');
  });

  it('keeps the comment of the newer run when the older run is reported later', async () => {
    shard('measure', sampleReport({ verdict: 'fail', checks: [FAILED] }), 56);
    await run({}, { wholePayload: ownRun({ id: 56 }) });
    shard('measure', sampleReport());
    const older = await run({}, own);
    expect(github.commentsOn(9)[0]!.body).toContain('❌');
    expect(older.stdout).toContain('that of a newer run');
    expect(older.exitCode).toBe(0);
  });
});

describe('a measuring run that left no report', () => {
  const ended = (conclusion: string) => ({
    wholePayload: { ...FORK_RUN, workflow_run: { ...FORK_RUN.workflow_run, conclusion } },
  });
  beforeEach(async () => {
    shard('measure', sampleReport());
    await run();
    rmSync(join(workspace, 'reports'), { recursive: true });
    expect(github.commentsOn(9)[0]!.body).toContain('✅');
  });

  it.each(['failure', 'timed_out', 'startup_failure', 'success'])(
    'and ended with %s takes the place of the comment that says all is well',
    async (conclusion) => {
      const result = await run({ 'fail-on': 'never' }, ended(conclusion));
      expect(result.exitCode).toBe(2);
      const [comment, ...others] = github.commentsOn(9);
      expect(others).toEqual([]);
      expect(comment!.body).not.toContain('✅');
      expect(comment!.body).toContain(`The measuring run ended with ${conclusion} and left no report`);
      expect(comment!.body).toContain('[measuring run](https://github.com/o/r/actions/runs/55)');
    },
  );

  it.each(['cancelled', 'skipped', 'action_required'])(
    'because it was %s changes nothing',
    async (conclusion) => {
      const before = structuredClone(github.comments);
      github.requests.length = 0;
      const result = await run({}, ended(conclusion));
      expect(result.exitCode).toBe(0);
      expect(result.summary).toContain(`ended as ${conclusion}`);
      expect(github.comments).toEqual(before);
      expect(github.requests).toEqual([]);
    },
  );

  it('says nothing on a pull request that has moved on', async () => {
    const before = structuredClone(github.comments);
    github.pulls[1]!.head.sha = 'd'.repeat(40);
    await run({}, ended('failure'));
    expect(github.comments).toEqual(before);
  });

  it('that was cancelled after one of its jobs reported is not told as a result', async () => {
    shard('measure', sampleReport({ verdict: 'fail', checks: [FAILED] }));
    await run({}, ended('cancelled'));
    expect(github.commentsOn(9)[0]!.body).toContain('✅');
  });
});

describe('reports of a matrix', () => {
  const event = {
    event: 'pull_request',
    wholePayload: {
      repository: { full_name: 'o/r' },
      pull_request: {
        number: 7,
        head: { sha: HEAD, repo: { full_name: 'o/r' } },
        base: { sha: 'b'.repeat(40) },
      },
    },
  };

  it('become one comment', async () => {
    shard('cpu', named('alpha'), 77);
    shard('gpu', named('beta', { startedAt: '2026-11-23T12:01:00.000Z' }), 77);
    const result = await run({ 'expected-reports': 'cpu, gpu' }, event);
    expect(result.exitCode).toBe(0);
    expect(github.comments).toHaveLength(1);
    expect(github.commentsOn(7)[0]!.body).toMatch(/alpha[\s\S]*beta/);
  });

  it('fail, and name the one that is missing', async () => {
    shard('cpu', sampleReport(), 77);
    const result = await run({ 'expected-reports': 'cpu\ngpu' }, event);
    expect(result.exitCode).toBe(1);
    expect(result.outputs.verdict).toBe('fail');
    expect(github.commentsOn(7)[0]!.body).toMatch(/No report came from gpu/);
  });

  it('fail for the missing one whatever label is set: who set it has seen no figure of it', async () => {
    const label = 'quantgate-waive';
    github.permissions.alice = 'write';
    github.timeline.push({
      event: 'labeled',
      label: { name: label },
      actor: { login: 'alice' },
      created_at: '2026-11-23T12:01:00Z',
    });
    const inputs = { 'expected-reports': 'cpu, gpu', 'waive-label': label };
    shard('cpu', sampleReport({ verdict: 'fail', checks: [FAILED] }), 77);
    const { wholePayload } = event;
    const pull_request = { ...wholePayload.pull_request, updated_at: '2026-11-23T12:00:00Z' };
    const payload = { ...wholePayload, action: 'synchronize', pull_request };
    const result = await run(inputs, { ...event, wholePayload: payload });
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'fail', 'failed-checks': '1' });
    expect(github.commentsOn(7)[0]!.body).toMatch(
      /^<!-- .* -->\n\n### ❌ quantgate: reports are missing\n\n- ❌ \*\*Reports are missing\*\*: No report came from gpu/,
    );
    expect(github.commentsOn(7)[0]!.body).toContain('waived by alice');
  });

  it('fail when fewer came than were expected', async () => {
    shard('cpu', sampleReport(), 77);
    const result = await run({ 'expected-reports': '3' }, event);
    expect(result.exitCode).toBe(1);
    expect(github.commentsOn(7)[0]!.body).toContain('1 of 3 expected reports');
  });

  it('that nobody uploaded are exit code 2, with where they were looked for', async () => {
    const result = await run({}, event);
    expect(result.exitCode).toBe(2);
    expect(result.commands.find(({ name }) => name === 'error')!.message).toContain(
      'reports/**/quantgate-report.json',
    );
  });

  it('are not mixed with the merged report of an earlier attempt', async () => {
    shard('cpu', sampleReport(), 77);
    await run({}, event);
    const second = await run({ reports: '**/quantgate-report.json', 'expected-reports': '1' }, event);
    expect(second.exitCode).toBe(0);
    expect(github.comments).toHaveLength(1);
  });
});

describe('a report of another run or commit', () => {
  const OTHER = 'd'.repeat(40);
  const comment = () => github.commentsOn(9)[0]!.body;

  it('that an earlier job left on the runner is refused by name, with what is reported instead', async () => {
    shard('cpu', sampleReport());
    shard('gpu', sampleReport(), 41);
    const result = await run();
    expect(result.exitCode).toBe(2);
    const { message } = result.commands.find(({ name }) => name === 'error')!;
    expect(message).toContain('reports/gpu/quantgate-report.json (run 41, commit aaaaaaaaaaaa): refused');
    expect(message).toContain('Reported is run 55, commit aaaaaaaaaaaa');
    expect(message).not.toContain('reports/cpu');
    expect(comment()).toContain('quantgate could not run');
    expect(comment()).not.toContain('✅');
  });

  it.each([
    ['of another commit', sourceOf({ sha: OTHER }), 'run 55, commit dddddddddddd'],
    ['of no known run', sourceOf({ runId: null }), 'commit aaaaaaaaaaaa'],
    ['from outside of GitHub', null, 'it does not say of which run'],
  ])('%s is refused', async (_, source, named) => {
    mkdirSync(join(workspace, 'reports', 'gpu'), { recursive: true });
    const report = JSON.stringify(sampleReport({ source }));
    writeFileSync(join(workspace, 'reports', 'gpu', 'quantgate-report.json'), report);
    const result = await run();
    expect(result.exitCode).toBe(2);
    expect(result.summary).toContain(`reports/gpu/quantgate-report.json (${named}): refused`);
  });

  it('is none when a failed job was run again: attempts may differ', async () => {
    shard('cpu', named('alpha', { source: sourceOf() }));
    shard('gpu', named('beta', { source: sourceOf({ runAttempt: 2 }) }));
    expect((await run()).exitCode).toBe(0);
    expect(comment()).toMatch(/alpha[\s\S]*beta/);
  });

  it('is refused in the run that measured, too', async () => {
    const event = {
      event: 'pull_request',
      wholePayload: {
        repository: { full_name: 'o/r' },
        pull_request: { number: 9, head: { sha: HEAD, repo: { full_name: 'o/r' } } },
      },
    };
    shard('cpu', sampleReport(), 77);
    expect((await run({}, event)).exitCode).toBe(0);
    shard('gpu', sampleReport({ source: sourceOf({ runId: 77, sha: OTHER }) }));
    const result = await run({}, event);
    expect(result.exitCode).toBe(2);
    expect(result.summary).toContain('reports/gpu/quantgate-report.json (run 77, commit dddddddddddd)');
    expect(comment()).not.toContain('✅');
  });

  it('is looked for among those of a run that measured a commit it looked up: all are about one', async () => {
    const dispatched = {
      wholePayload: {
        ...FORK_RUN,
        workflow_run: { ...FORK_RUN.workflow_run, event: 'workflow_dispatch', head_sha: OTHER },
      },
    };
    shard('cpu', sampleReport());
    expect((await run({}, dispatched)).exitCode).toBe(0);
    shard('gpu', sampleReport({ source: sourceOf({ sha: 'e'.repeat(40) }) }));
    expect((await run({}, dispatched)).exitCode).toBe(2);
  });

  it('is what the merged one can be told from: it says of which run and commit it is', async () => {
    const source = sourceOf({ baseSha: 'b'.repeat(40), measuredSha: 'c'.repeat(40) });
    shard('cpu', sampleReport({ source }));
    const result = await run();
    const merged = JSON.parse(readFileSync(result.outputs['report-json']!, 'utf8')) as Report;
    expect(merged.source).toEqual({ ...source, runUrl: 'https://github.com/o/r/actions/runs/55' });
  });
});

describe('the merged report', () => {
  it('is on disk and in the outputs before GitHub is asked whose pull request it is', async () => {
    shard('measure', sampleReport());
    const seen: boolean[] = [];
    github.onRequest = () => seen.push(existsSync(action.outputs()['report-json'] ?? ''));
    await run();
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).not.toContain(false);
  });
});

describe('the report of the step before', () => {
  it('is posted when it is named, with the address that its upload got', async () => {
    mkdirSync(join(workspace, 'quantgate-out'));
    const own = join('quantgate-out', 'quantgate-report.json');
    writeFileSync(
      join(workspace, own),
      JSON.stringify(sampleReport({ verdict: 'fail', checks: [FAILED], source: sourceOf() })),
    );
    const url = 'https://github.com/o/r/actions/runs/77/artifacts/5';
    const result = await run({ reports: own, 'report-url': url });
    expect(result.exitCode).toBe(1);
    expect(github.commentsOn(9)[0]!.body).toContain(`[HTML report](${url})`);
  });
});

describe('the pull request of a measuring run', () => {
  it.each([401, 403, 404, 500])(
    'that cannot be looked up (%i) costs the comment, not the report',
    async (status) => {
      github.faults.push({ operation: `GET ${REPO}/pulls`, status });
      shard('measure', sampleReport());
      const result = await run();
      expect(result.exitCode).toBe(0);
      expect(result.summary).toContain('digits');
      expect(result.commands.find(({ name }) => name === 'warning')!.message).toContain(
        'look up the pull request',
      );
    },
  );
});

it('outputs that can not be handed on end with 3: a later step would read empty ones', async () => {
  shard('measure', sampleReport());
  const result = await run({}, { outputFile: join(workspace, 'gone', 'output') });
  expect(result.exitCode).toBe(3);
  expect(result.stdout).toMatch(
    /The output 'verdict' can't be handed on: Missing file at path.*GITHUB_OUTPUT/,
  );
});
