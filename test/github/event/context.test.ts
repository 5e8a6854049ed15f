import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { contextOf, sourceRevision } from '../../../src/github/event/context.js';

interface EventExamples {
  name: string;
  examples: Record<string, never>[];
}
const EVENTS = createRequire(import.meta.url)('@octokit/webhooks-examples') as EventExamples[];
const examplesOf = (name: string) => EVENTS.find((event) => event.name === name)!.examples;

const env = (event: string, more: NodeJS.ProcessEnv = {}) => ({
  GITHUB_EVENT_NAME: event,
  GITHUB_SHA: 'c'.repeat(40),
  GITHUB_RUN_ID: '5',
  ...more,
});
const SHA = { head: 'a'.repeat(40), base: 'b'.repeat(40) };
const pullRequest = (changes: object = {}) => ({
  repository: { full_name: 'o/r', default_branch: 'main' },
  pull_request: {
    number: 7,
    head: { sha: SHA.head, repo: { full_name: 'o/r' } },
    base: { sha: SHA.base, ref: 'main', repo: { full_name: 'o/r' } },
    ...changes,
  },
});

describe("every event of GitHub's own examples", () => {
  it.each(EVENTS.map(({ name }) => name))('%s can be read', (name) => {
    for (const payload of examplesOf(name)) {
      const context = contextOf(payload, env(name));
      expect(context.event).toBe(name);
      expect(typeof context.fromFork).toBe('boolean');
    }
  });

  it.each([
    null,
    [],
    'text',
    7,
    { pull_request: 'x' },
    { pull_request: { number: 'NaN', head: null } },
    { workflow_run: [] },
  ])('and what no event looks like: %j', (payload) => {
    expect(contextOf(payload, env('pull_request')).pullRequest).toBeNull();
  });
});

describe('a pull request', () => {
  it('names its number, head and base', () => {
    const context = contextOf(pullRequest(), env('pull_request'));
    expect(context).toMatchObject({
      owner: 'o',
      repo: 'r',
      pullRequest: { number: 7, headSha: SHA.head, baseSha: SHA.base, baseRef: 'main' },
      baseSha: SHA.base,
      fromFork: false,
      runUrl: 'https://github.com/o/r/actions/runs/5',
    });
  });

  it('is from a fork when its head is another repository, or one that is gone', () => {
    for (const repo of [{ full_name: 'mallory/r' }, null]) {
      const payload = pullRequest({ head: { sha: SHA.head, repo } });
      expect(contextOf(payload, env('pull_request_target')).fromFork).toBe(true);
    }
  });

  it('is reported under its head, not under the merge commit', () => {
    const context = contextOf(pullRequest(), env('pull_request'));
    expect(sourceRevision(context, { baseSha: 'd'.repeat(40), measuredSha: 'e'.repeat(40) })).toEqual({
      repository: 'o/r',
      sha: SHA.head,
      baseSha: 'd'.repeat(40),
      pullRequest: 7,
      runUrl: 'https://github.com/o/r/actions/runs/5',
      measuredSha: 'e'.repeat(40),
      runId: 5,
      runAttempt: 1,
    });
  });
});

describe('a merge group', () => {
  it('names its pull request and its base', () => {
    const context = contextOf(examplesOf('merge_group')[0], env('merge_group'));
    expect(context.pullRequest!.number).toBe(104);
    expect(context.baseSha).toBe('380387fbc80638b734a49e1be1c4dfec1c01b33c');
  });
});

describe('a push', () => {
  it('is compared with the commit before it, a new branch with nothing', () => {
    expect(contextOf({ before: SHA.base }, env('push')).baseSha).toBe(SHA.base);
    expect(contextOf({ before: '0'.repeat(40) }, env('push')).baseSha).toBeNull();
  });
});

describe('schedule and workflow_dispatch', () => {
  it.each(['schedule', 'workflow_dispatch'])(
    '%s has no pull request and nothing to compare with',
    (event) => {
      const context = contextOf({ repository: { full_name: 'o/r' } }, env(event));
      expect(context).toMatchObject({ pullRequest: null, baseSha: null, fromFork: false });
    },
  );
});

describe('a comment', () => {
  it('on a pull request names it, and its code is trusted no more than a fork', () => {
    const payload = { issue: { number: 9, pull_request: {} }, repository: { full_name: 'o/r' } };
    expect(contextOf(payload, env('issue_comment'))).toMatchObject({
      pullRequest: { number: 9 },
      fromFork: true,
    });
  });

  it('on an issue names none', () => {
    expect(contextOf({ issue: { number: 9 } }, env('issue_comment')).pullRequest).toBeNull();
  });
});

describe('a run of another workflow', () => {
  const run = (changes: object) => ({
    repository: { full_name: 'o/r', url: 'https://api.github.com/repos/o/r' },
    workflow_run: {
      id: 3,
      event: 'pull_request',
      head_sha: SHA.head,
      head_branch: 'feature',
      head_repository: { full_name: 'mallory/r', owner: { login: 'mallory' } },
      pull_requests: [],
      ...changes,
    },
  });

  it('is known by head branch and commit, which is how its pull request is found', () => {
    expect(contextOf(run({}), env('workflow_run'))).toMatchObject({
      fromFork: true,
      pullRequest: null,
      triggeringRun: { id: 3, attempt: 1, headSha: SHA.head, head: 'mallory:feature', conclusion: null },
    });
  });

  it('that somebody ran again, or that ended badly, is known as that', () => {
    const again = contextOf(run({ run_attempt: 2, conclusion: 'failure' }), env('workflow_run'));
    expect(again.triggeringRun).toMatchObject({ attempt: 2, conclusion: 'failure' });
  });
});
