import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/github/api/api.js';
import type { LabelEvent } from '../../../src/github/event/context.js';
import { applyWaive, findWaive, UNKNOWN_EVENT } from '../../../src/github/pull-request/waive.js';
import { establishedResults } from '../../../src/judge/established.js';
import { SILENT } from '../../../src/log.js';
import { FakeGitHub } from '../fake-github.js';
import { check, FAILED, sampleReport } from '../sample-report.js';

const LABEL = 'quantgate-waive';
const target = { owner: 'o', repo: 'r', number: 7 };
const PUSHED = '2026-11-23T12:00:00Z';
const BEFORE = '2026-11-23T11:59:00Z';
const AFTER = '2026-11-23T12:01:00Z';

let github: FakeGitHub;
beforeEach(async () => {
  github = await new FakeGitHub().start();
  github.permissions.alice = 'write';
  github.permissions.root = 'admin';
  github.permissions.mallory = 'read';
});
afterEach(() => github.stop());

const set = (login: string, at: string, event = 'labeled', name = LABEL) =>
  github.timeline.push({ event, label: { name }, actor: { login }, created_at: at });
const push: LabelEvent = { action: 'synchronize', label: null, sender: 'mallory', at: PUSHED };
const find = (event: LabelEvent | null = push) => {
  const api = createApi({ token: 't', apiUrl: github.url, log: SILENT, sleep: async () => undefined });
  return findWaive(api, target, { label: LABEL, event });
};

describe('the waive label', () => {
  it.each(['alice', 'root'])('holds when %s, who may write, set it after the push', async (login) => {
    set(login, AFTER);
    expect(await find()).toEqual({ granted: true, by: login, at: AFTER });
  });

  it('does not hold when someone set it who may not write, or whom GitHub does not know', async () => {
    for (const login of ['mallory', 'labeler[bot]']) {
      set(login, AFTER);
      expect(await find()).toMatchObject({
        granted: false,
        reason: expect.stringContaining(login.split('[')[0]!),
      });
    }
  });

  it('does not hold when it was set before the last push', async () => {
    set('alice', BEFORE);
    expect(await find()).toMatchObject({
      granted: false,
      reason: expect.stringContaining('after the last push'),
    });
  });

  it('does not hold when it was taken off again', async () => {
    set('alice', AFTER);
    set('alice', AFTER, 'unlabeled');
    expect(await find()).toEqual({ granted: false, reason: null });
  });

  it('is another one than any other label', async () => {
    set('alice', AFTER, 'labeled', 'bug');
    expect(await find()).toEqual({ granted: false, reason: null });
  });

  it('holds in the run that its setting started', async () => {
    set('alice', AFTER);
    const event = { action: 'labeled', label: LABEL, sender: 'alice', at: AFTER };
    expect(await find(event)).toMatchObject({ granted: true, by: 'alice' });
  });

  it('does not hold in a run that the setting of another label started: the push may lie between', async () => {
    set('alice', BEFORE);
    expect(await find({ action: 'labeled', label: 'bug', sender: 'bob', at: AFTER })).toMatchObject({
      granted: false,
    });
  });

  it('holds in a merge group, which only those may queue who may write', async () => {
    set('alice', BEFORE);
    expect(await find(null)).toMatchObject({ granted: true });
  });

  it('does not hold where the event says nothing about the last push', async () => {
    set('alice', AFTER);
    expect(await find(UNKNOWN_EVENT)).toMatchObject({ granted: false });
  });

  it('is found behind hundreds of other events', async () => {
    for (let index = 0; index < 250; index++) github.timeline.push({ event: 'commented' });
    set('alice', AFTER);
    expect(await find()).toMatchObject({ granted: true });
  });

  it('does not hold when GitHub does not answer, and the reason says so', async () => {
    set('alice', AFTER);
    github.faults.push({
      operation: 'GET /repos/{owner}/{repo}/issues/{issue_number}/timeline',
      status: 403,
    });
    expect(await find()).toMatchObject({
      granted: false,
      reason: expect.stringContaining('pull-requests: read'),
    });
  });
});

describe('a waived report', () => {
  it('passes, and says at each failed check who waived it and when', () => {
    const report = sampleReport({ verdict: 'fail', checks: [FAILED, check()] });
    const waived = applyWaive(report, { by: 'alice', at: AFTER }, LABEL);
    expect(waived.verdict).toBe('pass');
    expect(waived.checks[0]).toMatchObject({
      verdict: 'waived',
      reason: 'waived by alice on 2026-11-23 with the label quantgate-waive',
    });
    expect(waived.checks[1]).toEqual(check());
  });

  it.each(['base', 'commit', 'original', 'reports'] as const)(
    'fails all the same when its %s is not established',
    (name) => {
      const problem = { name, level: 'error' as const, message: 'It is unknown.', remedy: null };
      const checks = [...establishedResults([problem]), FAILED];
      const waived = applyWaive(sampleReport({ verdict: 'fail', checks }), { by: 'alice', at: AFTER }, LABEL);
      expect(waived.verdict).toBe('fail');
      expect(waived.checks[0]).toEqual(checks[0]);
      expect(waived.checks[1]).toMatchObject({ verdict: 'waived' });
    },
  );

  it('keeps a verdict that no check of it explains', () => {
    const report = sampleReport({ verdict: 'fail', checks: [check({ level: 'warn', verdict: 'warn' })] });
    expect(applyWaive(report, { by: 'alice', at: AFTER }, LABEL).verdict).toBe('fail');
  });

  it('keeps its warnings', () => {
    const warned = check({ level: 'warn', verdict: 'warn' });
    expect(
      applyWaive(sampleReport({ verdict: 'fail', checks: [FAILED, warned] }), { by: 'a', at: null }, LABEL)
        .verdict,
    ).toBe('warn');
  });
});
