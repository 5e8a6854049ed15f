import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeGitHub } from './fake-github.js';
import { InProcessAction } from './in-process.js';
import { FAILED, sampleReport } from './sample-report.js';

let action: InProcessAction;
let github: FakeGitHub;
beforeEach(async () => {
  action = new InProcessAction();
  github = await new FakeGitHub().start();
  github.basePath = '/api/v3';
});
// Throws when a request is not in the description of that server.
afterEach(async () => {
  action.dispose();
  await github.stop();
});

const REPOSITORY = { full_name: 'o/r', default_branch: 'main', url: 'https://ghe.example/api/v3/repos/o/r' };

describe('the oldest Enterprise Server that GitHub describes', () => {
  it('takes every request of a run: label, comment, history, badges, and the look-up of a pull request', async () => {
    const inputs = { 'waive-label': 'waive', 'badge-branch': 'data' };
    const label = {
      event: 'labeled',
      label: { name: 'waive' },
      actor: { login: 'alice' },
      created_at: '2026-11-23T13:00:00Z',
    };
    github.timeline = [label];
    github.permissions.alice = 'write';
    const failing = sampleReport({ verdict: 'fail', checks: [FAILED] });
    for (const event of ['push', 'push', 'pull_request', 'pull_request'])
      await action.run(failing, { github, event, inputs, payload: { updated_at: '2026-11-23T12:00:00Z' } });
    expect(github.commentsOn(7)).toHaveLength(1);
    expect(github.files('data')['history.jsonl']).toBeTruthy();

    github.pulls = [
      {
        number: 7,
        head: { sha: action.head, label: 'o:feature', repo: { full_name: 'o/r' } },
        base: { sha: action.base, ref: 'main' },
        state: 'open',
      },
    ];
    const branch = { GITHUB_REF: 'refs/heads/feature', GITHUB_SHA: action.head };
    const found = await action.run(sampleReport(), {
      github,
      event: 'workflow_dispatch',
      wholePayload: { repository: REPOSITORY },
      inputs: { 'pr-number': 'auto' },
      env: branch,
    });
    expect(found.exitCode).toBe(0);
    expect(found.request!.source).toMatchObject({ pullRequest: 7 });
    expect(github.requests.length).toBeGreaterThan(30);
    // 404: there is no data branch yet.
    for (const { status, path } of github.requests) expect([200, 201, 404], path).toContain(status);
  });
});
