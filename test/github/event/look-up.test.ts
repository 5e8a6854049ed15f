import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MachineError, UserError } from '../../../src/errors.js';
import { createApi } from '../../../src/github/api/api.js';
import { contextOf } from '../../../src/github/event/context.js';
import { lookUpPullRequest } from '../../../src/github/event/look-up.js';
import { SILENT } from '../../../src/log.js';
import { FakeGitHub } from '../fake-github.js';

const [HEAD, BASE, OTHER] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
const REPO = '/repos/{owner}/{repo}';
const REPOSITORY = { full_name: 'o/r', default_branch: 'main' };

let github: FakeGitHub;
let said: string[];
beforeEach(async () => {
  github = await new FakeGitHub().start();
  github.pulls = [pull(7, { label: 'o:feature' }), pull(8, { label: 'mallory:feature', repo: 'mallory/r' })];
  said = [];
});
afterEach(() => github.stop());

const pull = (
  number: number,
  { sha = HEAD, label, repo = 'o/r' }: { sha?: string; label: string; repo?: string | null },
) => ({
  number,
  head: { sha, label, repo: repo === null ? null : { full_name: repo } },
  base: { sha: BASE, ref: 'main' },
  state: 'open',
});

const eventOf = (event: string, payload: object = {}, env: NodeJS.ProcessEnv = {}) =>
  contextOf(
    { repository: REPOSITORY, ...payload },
    {
      GITHUB_EVENT_NAME: event,
      GITHUB_SHA: HEAD,
      GITHUB_REF: 'refs/heads/feature',
      GITHUB_RUN_ID: '5',
      ...env,
    },
  );
const note = (message: string) => void said.push(message);
const lookUp = (context: ReturnType<typeof contextOf>, wanted: number | 'auto' | null) =>
  lookUpPullRequest(context, {
    wanted,
    api: createApi({ token: 't', apiUrl: github.url, log: SILENT, sleep: async () => undefined }),
    log: { ...SILENT, info: note, warn: note },
  });

const COMMENT = { issue: { number: 7, pull_request: {} }, comment: { body: '/quantgate' } };

describe('a number', () => {
  it.each(['workflow_dispatch', 'repository_dispatch', 'push', 'issue_comment', 'schedule'])(
    'on %s sets head, base and fork from the API',
    async (event) => {
      const payload = event === 'issue_comment' ? COMMENT : { before: OTHER };
      const expected = { headSha: HEAD, baseSha: BASE, baseRef: 'main' };
      expect(await lookUp(eventOf(event, payload), 7)).toMatchObject({
        pullRequest: { number: 7, ...expected },
        baseSha: BASE,
        fromFork: false,
        lookedUp: true,
      });
      expect(await lookUp(eventOf(event, payload), 8)).toMatchObject({
        pullRequest: { number: 8, ...expected },
        fromFork: true,
      });
    },
  );

  it('of a pull request whose fork is gone is a fork', async () => {
    github.pulls = [pull(9, { label: 'ghost:feature', repo: null })];
    expect((await lookUp(eventOf('workflow_dispatch'), 9)).fromFork).toBe(true);
  });

  it('of the event itself asks nothing: the commit that the run was started for counts, not a later one', async () => {
    const context = eventOf('pull_request', {
      pull_request: { number: 7, head: { sha: OTHER, repo: { full_name: 'o/r' } }, base: { sha: BASE } },
    });
    expect(await lookUp(context, 7)).toBe(context);
    expect(github.requests).toEqual([]);
  });

  it("of another pull request than the event's brings none of the event's labels along", async () => {
    const context = eventOf('pull_request', {
      action: 'labeled',
      label: { name: 'waive' },
      pull_request: { number: 8, head: { sha: HEAD, repo: { full_name: 'mallory/r' } } },
    });
    expect(await lookUp(context, 7)).toMatchObject({ pullRequest: { number: 7 }, labelEvent: null });
  });

  it('that GitHub does not know is the mistake of who gave it', async () => {
    await expect(lookUp(eventOf('workflow_dispatch'), 99)).rejects.toThrow(UserError);
    await expect(lookUp(eventOf('workflow_dispatch'), 99)).rejects.toThrow(/#99.*404/);
  });

  it('that GitHub does not answer for ends the run: nothing is measured under another name', async () => {
    github.faults.push({ operation: `GET ${REPO}/pulls/{pull_number}`, status: 500 });
    await expect(lookUp(eventOf('workflow_dispatch'), 7)).rejects.toThrow(MachineError);
  });

  it('without a token is refused', async () => {
    const request = { wanted: 7, api: null, log: SILENT };
    await expect(lookUpPullRequest(eventOf('workflow_dispatch'), request)).rejects.toThrow(/needs a token/);
  });
});

describe('auto', () => {
  it.each(['push', 'workflow_dispatch'])('on %s is the open pull request of the branch', async (event) => {
    expect((await lookUp(eventOf(event), 'auto')).pullRequest).toMatchObject({ number: 7, headSha: HEAD });
  });

  it('is none when the branch has moved on, is closed, or has two', async () => {
    for (const pulls of [
      [pull(7, { label: 'o:feature', sha: OTHER })],
      [{ ...pull(7, { label: 'o:feature' }), state: 'closed' }],
      [pull(7, { label: 'o:feature' }), pull(11, { label: 'o:feature' })],
    ]) {
      github.pulls = pulls;
      const context = eventOf('push');
      expect(await lookUp(context, 'auto')).toBe(context);
    }
    expect(said.at(-1)).toContain('#7, #11 have');
  });

  it('is none for an event that names no branch of its own, and says so', async () => {
    const context = eventOf('repository_dispatch', {}, { GITHUB_REF: 'refs/heads/main' });
    expect(await lookUp(context, 'auto')).toBe(context);
    expect(said.join()).toContain('finds no pull request for the event repository_dispatch');
  });

  it("is a comment's pull request, whose code is trusted only when it lies in this repository", async () => {
    const on = (number: number) => eventOf('issue_comment', { issue: { number, pull_request: {} } });
    expect(await lookUp(on(7), 'auto')).toMatchObject({ pullRequest: { headSha: HEAD }, fromFork: false });
    expect(await lookUp(on(8), 'auto')).toMatchObject({ pullRequest: { headSha: HEAD }, fromFork: true });
  });

  it('leaves a merge group what it is', async () => {
    const group = {
      head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${BASE}`,
      head_sha: OTHER,
      base_sha: BASE,
    };
    const context = eventOf('merge_group', { merge_group: group });
    expect(await lookUp(context, 'auto')).toBe(context);
  });
});

describe('nothing given', () => {
  it('leaves every event as it is', async () => {
    for (const event of ['workflow_dispatch', 'push', 'repository_dispatch']) {
      const context = eventOf(event);
      expect(await lookUp(context, null)).toBe(context);
    }
    expect(github.requests).toEqual([]);
  });

  it("finds the head of a comment's pull request, whose code stays untrusted", async () => {
    expect(await lookUp(eventOf('issue_comment', COMMENT), null)).toMatchObject({
      pullRequest: { number: 7, headSha: HEAD, baseSha: BASE },
      fromFork: true,
    });
  });

  it('goes on without the head of a comment that GitHub does not answer for', async () => {
    github.faults.push({ operation: `GET ${REPO}/pulls/{pull_number}`, status: 403 });
    const context = eventOf('issue_comment', COMMENT);
    expect(await lookUp(context, null)).toBe(context);
    expect(said.join()).toContain('look up pull request #7');
  });
});
