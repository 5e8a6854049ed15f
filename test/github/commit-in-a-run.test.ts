import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/terms/report.js';
import { PullRequestRepository } from './checkout.js';
import { FakeGitHub } from './fake-github.js';
import { CONFIG, InProcessAction, type InProcessRun } from './in-process.js';
import { commit, git } from './repository.js';
import { ROOT } from './runner.js';
import { sampleReport } from './sample-report.js';

const MODEL = readFileSync(join(ROOT, 'examples/digits/digits.onnx'));
const COMMAND = CONFIG.replace(
  '{ name: int8, method: int8-dynamic }',
  '{ name: int8, method: int8-dynamic }, { name: own, command: [cp, digits.onnx, "{output}"] }',
);

let action: InProcessAction;
let github: FakeGitHub;
let repository: PullRequestRepository;
beforeAll(() => {
  action = new InProcessAction();
  repository = new PullRequestRepository({ 'quantgate.yml': CONFIG, 'digits.onnx': MODEL });
});
afterAll(() => {
  action.dispose();
  repository.dispose();
});
beforeEach(async () => {
  github = await new FakeGitHub().start();
  github.pulls = [{ ...pull(), state: 'open' }];
  publish(repository);
});
afterEach(() => github.stop());

/** GitHub has the commits of its repository; what a step commits it hasn't. */
function publish(at: PullRequestRepository): void {
  for (const sha of git(at.origin, 'rev-list', '--all').split('\n'))
    github.objects.set(sha, { type: 'commit', data: { tree: 'f'.repeat(40) } });
}

const pull = (changes: object = {}) => ({
  number: 7,
  head: { sha: repository.head, label: 'o:feature', repo: { full_name: 'o/r' }, ...changes },
  base: { sha: repository.base, ref: 'main' },
});

/** A run on `ref`; the pipeline's report says that all is well. */
async function run(ref: string, more: Partial<InProcessRun> & { step?: (directory: string) => void } = {}) {
  const directory = repository.checkout(ref, { depth: 2 });
  more.step?.(directory);
  const result = await action.run(sampleReport(), {
    github,
    workspace: directory,
    wholePayload: { repository: { full_name: 'o/r', default_branch: 'main' }, pull_request: pull() },
    ...more,
    env: { GITHUB_SHA: repository.merge, ...more.env },
  });
  const path = result.outputs['report-json'];
  const report = path ? (JSON.parse(readFileSync(path, 'utf8')) as Report) : null;
  const [comment = ''] = github.commentsOn(7).map(({ body }) => /^###.*$/m.exec(body)![0]);
  return { ...result, report, comment, measured: git(directory, 'rev-parse', 'HEAD') };
}

const REFUSED = '### ❌ quantgate: the measured commit is not established';

describe('a pull request', () => {
  it('passes when its merge is checked out, and the report names what was measured', async () => {
    const result = await run('refs/pull/7/merge');
    expect(result.exitCode).toBe(0);
    expect(result.comment).toMatch(/^### ✅ quantgate: all 2 checks pass: /);
    expect(result.report!.source).toMatchObject({
      sha: repository.head,
      measuredSha: repository.merge,
      baseSha: repository.base,
      changed: false,
    });
  });

  it('passes with a commit that a step made', async () => {
    const step = (directory: string) => {
      writeFileSync(join(directory, 'made.txt'), 'x');
      commit(directory, 'made');
    };
    const result = await run('refs/pull/7/merge', { step });
    expect(result.exitCode).toBe(0);
    expect(result.report!.source!.measuredSha).toBe(result.measured);
  });

  it.each(['main', 'feature'])(
    'fails when %s is checked out, which is another commit by now',
    async (ref) => {
      const later = new PullRequestRepository({ 'quantgate.yml': CONFIG, 'digits.onnx': MODEL });
      const previous = repository;
      repository = later;
      try {
        later.push('feature', 'later');
        const wholePayload = { repository: { full_name: 'o/r' }, pull_request: pull({ sha: later.head }) };
        const result = await run(ref, { wholePayload });
        expect(result.exitCode).toBe(1);
        expect(result.comment).toBe(REFUSED);
        expect(result.report!.source).toMatchObject({ sha: later.head, measuredSha: result.measured });
        expect(result.commands.find(({ name }) => name === 'error')!.message).toContain('Checked out is');
      } finally {
        repository = previous;
        later.dispose();
      }
    },
  );

  it('is not passed by the waive label when another commit was measured', async () => {
    github.timeline = [
      {
        event: 'labeled',
        label: { name: 'waive' },
        actor: { login: 'alice' },
        created_at: '2026-11-23T13:00:00Z',
      },
    ];
    github.permissions.alice = 'write';
    const wholePayload = {
      action: 'synchronize',
      repository: { full_name: 'o/r' },
      pull_request: { ...pull(), updated_at: '2026-11-23T12:00:00Z' },
    };
    const result = await run('main', { wholePayload, inputs: { 'waive-label': 'waive' } });
    expect(result.exitCode).toBe(1);
    expect(result.comment).toBe(REFUSED);
  });

  it('on pull_request_target fails with the default checkout, which is the base', async () => {
    const result = await run('main', {
      event: 'pull_request_target',
      env: { GITHUB_SHA: repository.base },
    });
    expect(result.exitCode).toBe(1);
    expect(result.comment).toBe(REFUSED);
    expect(github.commentsOn(7)[0]!.body).toContain(
      'On pull&#95;request&#95;target actions/checkout takes the base',
    );
  });

  it('that a comment is about fails unless its head is checked out', async () => {
    const comment = {
      event: 'issue_comment',
      wholePayload: { repository: { full_name: 'o/r' }, issue: { number: 7, pull_request: {} } },
      env: { GITHUB_SHA: repository.base },
    };
    expect((await run('main', comment)).comment).toBe(REFUSED);
    expect((await run(repository.head, comment)).exitCode).toBe(0);
  });
});

describe('a merge group', () => {
  it('passes when it is what is checked out', async () => {
    const group = {
      event: 'merge_group',
      wholePayload: {
        repository: { full_name: 'o/r' },
        merge_group: {
          head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${repository.base}`,
          head_sha: repository.merge,
          base_sha: repository.base,
        },
      },
    };
    expect((await run('refs/pull/7/merge', group)).exitCode).toBe(0);
    expect((await run('main', group)).comment).toBe(REFUSED);
  });
});

describe('pr-number', () => {
  const dispatch = (changes: Partial<InProcessRun> = {}) => ({
    event: 'workflow_dispatch',
    wholePayload: { repository: { full_name: 'o/r', default_branch: 'main' } },
    ...changes,
    inputs: { 'pr-number': '7', ...changes.inputs },
    env: { GITHUB_SHA: repository.base },
  });

  it('measures the pull request whose head is checked out, against its base, and comments on it', async () => {
    const result = await run(repository.head, dispatch());
    expect(result.exitCode).toBe(0);
    expect(result.comment).toMatch(/^### ✅ quantgate: all 2 checks pass: /);
    const source = { sha: repository.head, baseSha: repository.base, pullRequest: 7 };
    expect(result.report!.source).toMatchObject(source);
    expect(result.request!.thresholds).toMatchObject({ from: 'base', sha: repository.base });
  });

  it('fails when the pull request moved on after its head was taken', async () => {
    github.pulls = [{ ...pull({ sha: 'f'.repeat(40) }), state: 'open' }];
    const result = await run(repository.head, dispatch());
    expect(result.exitCode).toBe(1);
    expect(result.comment).toBe(REFUSED);
  });

  it('writes no badges of the default branch, which was not measured', async () => {
    await run(repository.head, dispatch({ inputs: { 'badge-branch': 'data' } }));
    expect(github.refs.size).toBe(0);
  });

  it('of a fork runs no commands and reads nothing outside of the checkout', async () => {
    github.pulls = [{ ...pull({ repo: { full_name: 'mallory/r' } }), state: 'open' }];
    expect((await run(repository.head, dispatch())).request!.allowCommands).toBe(false);
    const step = (directory: string) => {
      const text = CONFIG.replace('path: digits.onnx', `path: ${join(ROOT, 'examples/digits/digits.onnx')}`);
      writeFileSync(join(directory, 'quantgate.yml'), text);
      commit(directory, 'outside');
    };
    const outside = await run(repository.head, { ...dispatch(), step });
    expect(outside.exitCode).toBe(2);
    expect(outside.summary).toContain('outside of the workspace');
  });

  it('of this repository runs its commands, but not those of a commit that is not its head', async () => {
    const step = (directory: string) => {
      writeFileSync(join(directory, 'quantgate.yml'), COMMAND);
      commit(directory, 'command');
    };
    expect((await run(repository.head, { ...dispatch(), step })).request!.allowCommands).toBe(true);
    expect((await run('main', { ...dispatch(), step })).request!.allowCommands).toBe(false);
  });
});

describe('comment: changes', () => {
  const inputs = { comment: 'changes' };

  it('posts nothing when no file that quantgate.yml names differs from the base', async () => {
    const step = (directory: string) => {
      writeFileSync(join(directory, 'README.md'), 'words');
      commit(directory, 'words');
    };
    expect((await run('refs/pull/7/merge', { inputs, step })).exitCode).toBe(0);
    expect(github.comments).toEqual([]);
  });

  it.each(['quantgate.yml', 'digits.onnx'])('posts when %s differs', async (name) => {
    const step = (directory: string) => {
      const path = join(directory, name);
      // A comment to YAML; to a model an unknown field (number 1000, varint 1), which readers skip.
      const more = name.endsWith('.yml') ? Buffer.from('# more\n') : Buffer.from([0xc0, 0x3e, 0x01]);
      writeFileSync(path, Buffer.concat([readFileSync(path), more]));
    };
    await run('refs/pull/7/merge', { inputs, step });
    expect(github.commentsOn(7)).toHaveLength(1);
  });
});
