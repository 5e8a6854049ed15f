import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { marker } from '../../src/report/words/escape.js';
import type { Report } from '../../src/terms/report.js';
import { FakeGitHub, type Fault } from './fake-github.js';
import { InProcessAction } from './in-process.js';
import { FAILED, sampleReport } from './sample-report.js';

const LABEL = 'quantgate-waive';
const REPO = '/repos/{owner}/{repo}';
const FAILING = sampleReport({ verdict: 'fail', checks: [FAILED] });

let github: FakeGitHub;
let action: InProcessAction;
/** The data branch as an earlier run left it. */
let refs: [string, string][];

beforeAll(() => {
  action = new InProcessAction();
});
afterAll(() => action.dispose());
beforeEach(async () => {
  github = await new FakeGitHub().start();
  await runOnce(sampleReport(), 'push', 'false');
  refs = [...github.refs];
});
afterEach(async () => {
  await github.stop();
});

const runOnce = (report: Report, event: 'pull_request' | 'push', comment: string) =>
  action.run(report, {
    github,
    event,
    inputs: { 'waive-label': LABEL, 'badge-branch': 'data', comment },
    ...(event === 'pull_request' && { payload: { updated_at: '2026-11-23T12:00:00Z' } }),
  });

type Failure = Omit<Fault, 'operation'>;
/** One of each kind of treatment … */
const KINDS: Failure[] = [{ status: 403 }, { status: 'cut' }];
/** … and the rest, with QUANTGATE_ALL_FAULTS. */
const OTHERS: Failure[] = [
  { status: 401 },
  { status: 403, headers: { 'retry-after': '1' }, message: 'You have exceeded a secondary rate limit' },
  { status: 404 },
  { status: 409 },
  { status: 410 },
  { status: 422 },
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 500 },
  { status: 502 },
  { status: 503 },
];
const FAULTS = process.env.QUANTGATE_ALL_FAULTS ? [...KINDS, ...OTHERS] : KINDS;

const CALLS = {
  pull_request: [
    `GET ${REPO}/issues/{issue_number}/timeline`,
    `GET ${REPO}/collaborators/{username}/permission`,
    `GET ${REPO}/git/ref/{ref}`,
    `GET ${REPO}/git/commits/{commit_sha}`,
    `GET ${REPO}/contents/{path}`,
    `GET ${REPO}/git/blobs/{file_sha}`,
    `GET ${REPO}/issues/{issue_number}/comments`,
    `POST ${REPO}/issues/{issue_number}/comments`,
    `GET ${REPO}/issues/comments/{comment_id}`,
    `PATCH ${REPO}/issues/comments/{comment_id}`,
    `DELETE ${REPO}/issues/comments/{comment_id}`,
    'POST /graphql',
  ],
  push: [
    `GET ${REPO}/git/ref/{ref}`,
    `GET ${REPO}/git/commits/{commit_sha}`,
    `GET ${REPO}/contents/{path}`,
    `GET ${REPO}/git/blobs/{file_sha}`,
    `POST ${REPO}/git/trees`,
    `POST ${REPO}/git/commits`,
    `PATCH ${REPO}/git/refs/{ref}`,
  ],
};

/** A repository that was used before: history on the data branch, an old comment and a duplicate; the label is set. */
function used({ comments }: { comments: boolean }): void {
  github.comments.length = 0;
  github.faults.length = 0;
  github.requests.length = 0;
  for (const [name, sha] of refs) github.refs.set(name, sha);
  if (comments) {
    github.addComment(7, `${marker('default')}\nold`);
    github.addComment(7, `${marker('default')}\nduplicate`);
  }
  github.permissions.alice = 'write';
  github.timeline = [
    {
      event: 'labeled',
      label: { name: LABEL },
      actor: { login: 'alice' },
      created_at: '2026-11-23T13:00:00Z',
    },
  ];
}

const shown = ({ status, message }: Failure) => `${status}${message ? ' (secondary limit)' : ''}`;

/** Once before and once after the request was carried out, and for ever. */
const TIMES: Pick<Fault, 'times' | 'afterEffect'>[] = [
  { times: 1 },
  { times: 1, afterEffect: true },
  { times: Number.POSITIVE_INFINITY },
];

describe.each(['pull_request', 'push'] as const)('a %s during which GitHub fails', (event) => {
  it.each(CALLS[event])(
    `at %s (${FAULTS.map(shown).join(', ')}) is reported, and ends by its verdict`,
    async (operation) => {
      for (const fault of FAULTS) {
        for (const times of TIMES) {
          const name = `${shown(fault)} ${JSON.stringify(times)}`;
          used({ comments: event === 'pull_request' && !operation.startsWith(`POST ${REPO}/issues`) });
          github.faults.push({ operation, ...fault, ...times });
          const result = await runOnce(FAILING, event, 'true');
          expect(github.operations(), 'the call is made in this run').toContain(operation);
          expect(result.summary, name).toContain('digits');
          expect(result.outputs['report-json'], name).toBeTruthy();
          // Only the answer about the label can change the verdict: unknown is not granted.
          const waived = result.outputs.verdict === 'pass';
          expect(result.exitCode, name).toBe(waived ? 0 : 1);
          if (!/timeline|permission/.test(operation)) expect(waived, name).toBe(event === 'pull_request');
          if (event === 'pull_request' && times.times === 1 && PASSES(fault)) {
            expect(own(), name).toHaveLength(1);
            expect(result.outputs['comment-id']).toBe(String(own()[0]!.id));
          }
        }
        // The next run finds everything in order again.
        github.faults.length = 0;
        await runOnce(FAILING, event, 'true');
        expect(own(), shown(fault)).toHaveLength(event === 'pull_request' ? 1 : 0);
        expect(github.files('data')['history.jsonl']!.trim().split('\n')).not.toEqual([]);
      }
    },
  );
});

const own = () => github.commentsOn(7).filter(({ body }) => body.startsWith(marker('default')));
const PASSES = ({ status, headers }: Failure) =>
  status === 'cut' || Number(status) >= 429 || headers !== undefined;
