import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeGitHub } from './fake-github.js';
import { InProcessAction, type InProcessRun } from './in-process.js';
import { check, FAILED, sampleReport } from './sample-report.js';

const REPO = '/repos/{owner}/{repo}';
const FAILING = sampleReport({ verdict: 'fail', checks: [FAILED] });

let action: InProcessAction;
let github: FakeGitHub;
beforeAll(() => {
  action = new InProcessAction();
});
afterAll(() => action.dispose());
beforeEach(async () => {
  github = await new FakeGitHub().start();
});
afterEach(() => github.stop());

const run = (report = sampleReport(), more: Partial<InProcessRun> = {}) =>
  action.run(report, { github, ...more });

describe('annotations', () => {
  it('are on the line of quantgate.yml that sets the bound', async () => {
    const annotation = (await run(FAILING)).commands.find(({ properties }) => properties.file);
    expect(annotation).toMatchObject({ name: 'error', properties: { file: 'quantgate.yml', line: '6' } });
    expect(annotation!.message).toContain('digits int8 (cpu, batch 1): latency.p50');
    expect(annotation!.message).toContain('at most 0.8');
  });

  it('name the file as the repository does that is checked out in a folder of the workspace', async () => {
    const folder = join(action.workspace, 'checkout');
    mkdirSync(join(folder, '.git'), { recursive: true });
    for (const name of ['quantgate.yml', 'digits.onnx'])
      copyFileSync(join(action.workspace, name), join(folder, name));
    const { commands } = await run(FAILING, { inputs: { 'working-directory': 'checkout' } });
    rmSync(folder, { recursive: true });
    const annotation = commands.find(({ properties }) => properties.file);
    expect(annotation!.properties).toMatchObject({ file: 'quantgate.yml', line: '6' });
  });

  it('are at most ten of a kind, the last of which says how many more there are', async () => {
    const report = sampleReport({ verdict: 'fail', checks: Array.from({ length: 25 }, () => FAILED) });
    const { commands } = await run(report);
    const errors = commands.filter(({ name, properties }) => name === 'error' && properties.title);
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)!.message).toMatch(/^16 more/);
  });

  it('are errors, warnings and notices by level', async () => {
    const checks = (['error', 'warn', 'info'] as const).map((level) => check({ level, verdict: 'fail' }));
    const { commands } = await run(sampleReport({ verdict: 'fail', checks }));
    const kinds = commands.filter(({ properties }) => properties.file).map(({ name }) => name);
    expect(kinds).toEqual(['error', 'warning', 'notice']);
  });
});

describe('the exit code', () => {
  it.each([
    ['error', 'fail', 1],
    ['error', 'warn', 0],
    ['warn', 'warn', 1],
    ['warn', 'pass', 0],
    ['never', 'fail', 0],
  ] as const)('with fail-on %s and verdict %s is %i', async (failOn, verdict, exitCode) => {
    const checks =
      verdict === 'pass' ? [] : [check({ level: verdict === 'fail' ? 'error' : 'warn', verdict })];
    const result = await run(sampleReport({ verdict, checks }), { inputs: { 'fail-on': failOn } });
    expect(result.exitCode).toBe(exitCode);
  });
});

describe('wrong inputs', () => {
  it.each([
    [{ 'fail-on': 'sometimes' }, "Input 'fail-on' is 'sometimes'. It must be error, warn or never."],
    [
      { comment: 'maybe' },
      "Input 'comment' is 'maybe'. It must be always, changes, failures, never, true or false.",
    ],
    [{ 'comment-key': 'a --> b' }, "Input 'comment-key' is 'a --> b'."],
    [{ base: '--upload-pack=x' }, "Input 'base' is '--upload-pack=x'"],
    [{ base: 'main:refs/heads/main' }, "Input 'base' is 'main:refs/heads/main', which is not a commit"],
    [{ base: '+main' }, "Input 'base' is '+main', which is not a commit"],
    [{ base: 'refs/heads/*' }, "Input 'base' is 'refs/heads/*', which is not a commit"],
    [{ base: 'main..feature' }, "Input 'base' is 'main..feature', which is not a commit"],
    [{ 'badge-branch': '../main' }, "Input 'badge-branch' is '../main'"],
    [{ 'allow-commands': 'please' }, "Input 'allow-commands' is 'please'."],
  ] as [Record<string, string>, string][])(
    '%o end with exit code 2 and a sentence',
    async (inputs, sentence) => {
      const result = await run(sampleReport(), { inputs });
      expect(result.exitCode).toBe(2);
      expect(result.commands.find(({ name }) => name === 'error')!.message).toContain(sentence);
      expect(result.summary).toContain('quantgate could not run');
      expect(github.requests).toEqual([]);
    },
  );

  it('written as YAML writes them are understood', async () => {
    expect((await run(sampleReport(), { inputs: { comment: 'False' } })).exitCode).toBe(0);
    expect(github.comments).toEqual([]);
  });
});

describe('a run that comes to no report', () => {
  it('replaces the comment of an earlier push, which would go on saying that all is well', async () => {
    await run();
    const result = await run(sampleReport(), { inputs: { config: '`a`/@octocat/nowhere.yml' } });
    expect(result.exitCode).toBe(2);
    expect(result.commands.find(({ name }) => name === 'error')!.message).toContain('nowhere.yml');
    expect(result.summary).toContain('quantgate could not run');
    expect(github.commentsOn(7)).toHaveLength(1);
    const { body } = github.commentsOn(7)[0]!;
    expect(body).toMatch(
      /^<!-- .* -->\n### ⚠️ quantgate could not run\n\n```text\nNo config file at .*nowhere\.yml/,
    );
    expect(body).toContain('/actions/runs/77');
  });

  it('says the same with a token that cannot comment, and ends the same', async () => {
    github.faults.push({ operation: `GET ${REPO}/issues/{issue_number}/comments`, status: 403 });
    const result = await run(sampleReport(), { inputs: { config: 'nowhere.yml' } });
    expect(result.exitCode).toBe(2);
    expect(result.commands.find(({ name }) => name === 'warning')!.message).toContain('pull-requests: write');
  });

  it('leaves the comment alone when the workflow wants none', async () => {
    await run(sampleReport(), { inputs: { config: 'nowhere.yml', comment: 'false' } });
    expect(github.requests).toEqual([]);
  });
});

describe('comment: failures', () => {
  const inputs = { comment: 'failures' };
  const body = () => github.commentsOn(7)[0]!.body;

  it('posts nothing while all is well', async () => {
    const result = await run(sampleReport(), { inputs });
    expect(github.comments).toEqual([]);
    expect(result.outputs['comment-id']).toBe('');
    expect(result.summary).toContain('digits');
  });

  it('posts what failed, keeps it up to date, and leaves one line when all is well again', async () => {
    await run(FAILING, { inputs });
    expect(body()).toContain('❌');
    expect(body()).toContain('latency.p50');
    const again = await run(sampleReport(), { inputs });
    expect(github.commentsOn(7)).toHaveLength(1);
    expect(again.outputs['comment-id']).toBe(String(github.comments[0]!.id));
    const [first, line, ...rest] = body().split('\n');
    expect(first).toMatch(/^<!-- quantgate:default -->$/);
    expect(line).toMatch(
      /^✅ \*\*quantgate\*\*: all 2 checks pass: int8 is 0\.25× the size, .* · \[workflow run\]\(https:\/\/github\.com\/o\/r\/actions\/runs\/77\)$/,
    );
    expect(rest.filter((one) => !one.startsWith('<!--'))).toEqual([]);
    await run(FAILING, { inputs });
    expect(body()).toContain('latency.p50');
  });

  it('replaces the line when a later run comes to no report', async () => {
    await run(FAILING, { inputs });
    await run(sampleReport(), { inputs });
    await run(sampleReport(), { inputs: { ...inputs, config: 'nowhere.yml' } });
    expect(body()).toContain('quantgate could not run');
  });

  it('posts that it could not run although there was no comment', async () => {
    await run(sampleReport(), { inputs: { ...inputs, config: 'nowhere.yml' } });
    expect(body()).toContain('quantgate could not run');
  });
});

describe('commands of a configuration', () => {
  const fork = { head: { sha: 'a'.repeat(40), repo: { full_name: 'mallory/r' } } };
  it.each([
    ['same-repository', {}, true],
    ['same-repository', fork, false],
    ['never', {}, false],
    ['always', fork, true],
  ])('with allow-commands %s and pull request %j: %s', async (allow, payload, expected) => {
    const { request } = await run(sampleReport(), { inputs: { 'allow-commands': allow }, payload });
    expect(request!.allowCommands).toBe(expected);
  });
});

describe('the comment links to the HTML report', () => {
  it('by the artifacts of the run, where a later step uploads it', async () => {
    await run();
    expect(github.commentsOn(7)[0]!.body).toContain(
      '[artifacts](https://github.com/o/r/actions/runs/77#artifacts)',
    );
  });

  it('by its own address when the workflow knows it', async () => {
    await run(sampleReport(), {
      inputs: {
        'report-url': 'https://o.github.io/r/7/report.html',
        'history-url': 'https://o.github.io/r/',
      },
    });
    const { body } = github.commentsOn(7)[0]!;
    expect(body).toContain('[history](https://o.github.io/r/)');
    expect(body).toContain('[HTML report](https://o.github.io/r/7/report.html)');
    const page = readFileSync(action.outputs()['report-html']!, 'utf8');
    expect(page).toContain('<a href="https://o.github.io/r/" rel="noreferrer">history</a>');
    expect(body).not.toContain('#artifacts');
  });

  it.each(['javascript:alert(1)', 'report.html', 'https://user:secret@example.com/'])(
    'but not to what is no plain address: %s',
    async (url) => {
      const result = await run(sampleReport(), { inputs: { 'report-url': url } });
      expect(result.exitCode).toBe(2);
      expect(result.summary).toContain('is not an http(s) address');
      expect(github.requests).toEqual([]);
    },
  );
});

describe('a failed check in the comment', () => {
  it.each([
    ["the head's file when it judges as the base's does", false, () => action.head],
    ["the base's file when they differ, for it judged", true, () => action.base],
  ])('links to the line of %s', async (_, changed, sha) => {
    const thresholds = { file: 'quantgate.yml', from: 'base' as const, changed };
    const source = { repository: 'o/r', sha: null, baseSha: action.base, pullRequest: 7, runUrl: null };
    await run(sampleReport({ verdict: 'fail', checks: [{ ...FAILED, line: 6 }], thresholds, source }));
    expect(github.commentsOn(7)[0]!.body).toContain(`https://github.com/o/r/blob/${sha()}/quantgate.yml#L6`);
  });
});

describe('the report and the outputs', () => {
  it('are on disk before the first request', async () => {
    const seen: string[] = [];
    github.onRequest = () => {
      const { verdict, 'report-json': path } = action.outputs();
      seen.push(`${verdict} ${existsSync(path!)}`);
    };
    await run(FAILING, { inputs: { 'waive-label': 'waive', 'badge-branch': 'data' } });
    expect(seen.length).toBeGreaterThan(3);
    expect(new Set(seen)).toEqual(new Set(['fail true']));
  });
});

describe("a fork's configuration that is a link to a file of the runner", () => {
  it('is not read, let alone shown', async () => {
    const secret = join(action.workspace, '..', `secret-${process.pid}`);
    writeFileSync(secret, 'password: hunter2\n');
    symlinkSync(secret, join(action.workspace, 'link.yml'));
    const result = await run(sampleReport(), {
      inputs: { config: 'link.yml' },
      payload: { head: { sha: 'a'.repeat(40), repo: { full_name: 'mallory/r' } } },
    });
    for (const path of [secret, join(action.workspace, 'link.yml')]) rmSync(path);
    expect(result.exitCode).toBe(2);
    expect(result.stdout + result.summary).toContain('outside of the workspace');
    expect(result.stdout + result.summary).not.toMatch(/password|hunter2/);
  });
});

describe('without a token', () => {
  it('no request is made, and the report is where it was said to be', async () => {
    const result = await run(sampleReport(), { inputs: { token: '' } });
    expect(result.exitCode).toBe(0);
    expect(github.requests).toEqual([]);
    const warning = result.commands.find(({ name }) => name === 'warning')!;
    expect(warning.message).toContain('`token` is empty');
  });
});

describe('a comment that GitHub finds too long all the same', () => {
  it('is sent once more, shorter', async () => {
    const operation = `POST ${REPO}/issues/{issue_number}/comments`;
    const message = 'Validation Failed: body is too long (maximum is 65536 characters)';
    github.faults.push({ operation, status: 422, message, times: 1 });
    await run();
    expect(github.commentsOn(7)).toHaveLength(1);
  });
});

describe('badges', () => {
  it('are written after a push to the default branch, not for a pull request', async () => {
    const inputs = { 'badge-branch': 'quantgate-data' };
    await run(sampleReport(), { inputs });
    expect(github.refs.size).toBe(0);
    await run(sampleReport(), { inputs, event: 'push' });
    expect(Object.keys(github.files('quantgate-data'))).toContain('badges/quantgate.svg');
  });

  it('of another comment key have their own directory', async () => {
    const inputs = { 'badge-branch': 'quantgate-data', 'comment-key': 'gpu' };
    await run(sampleReport(), { inputs, event: 'push' });
    expect(Object.keys(github.files('quantgate-data'))).toContain('gpu/history.jsonl');
  });

  it('and comments of one device each are kept apart by a key that names the device', async () => {
    for (const key of ['gpu:0', 'gpu:1', 'gpu-0']) {
      const inputs = { 'badge-branch': 'quantgate-data', 'comment-key': key };
      await run(sampleReport(), { inputs });
      await run(sampleReport(), { inputs, event: 'push' });
    }
    expect(new Set(github.commentsOn(7).map(({ body }) => body.split('\n')[0])).size).toBe(3);
    const histories = Object.keys(github.files('quantgate-data')).filter((path) => path.endsWith('.jsonl'));
    expect(histories).toHaveLength(3);
    for (const path of histories) expect(path).toMatch(/^[\w.-]+\/history\.jsonl$/);
  });

  it('that the token may not write cost a warning, not the verdict', async () => {
    github.faults.push({ operation: `POST ${REPO}/git/trees`, status: 403 });
    const result = await run(sampleReport(), { inputs: { 'badge-branch': 'quantgate-data' }, event: 'push' });
    expect(result.exitCode).toBe(0);
    expect(result.commands.find(({ name }) => name === 'warning')!.message).toContain('contents: write');
  });
});
