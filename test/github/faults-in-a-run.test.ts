import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runAction } from '../../src/github/action.js';
import { marker } from '../../src/report/escape.js';
import type { Report } from '../../src/report/report.js';
import { writeReport } from '../../src/report-files.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { FakeGitHub, type Fault } from './fake-github.js';
import { inputVariables, parseFileCommands, ROOT } from './runner.js';
import { FAILED, sampleReport } from './sample-report.js';

const LABEL = 'quantgate-waive';
const REPO = '/repos/{owner}/{repo}';
const FAILING = sampleReport({ verdict: 'fail', checks: [FAILED] });

let github: FakeGitHub;
let workspace: string;
/** The data branch as an earlier run left it. */
let refs: [string, string][];

// One workspace for all: core.summary remembers the first file that it was given.
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'quantgate-faults-'));
  copyFileSync(join(ROOT, 'examples/digits/digits.onnx'), join(workspace, 'digits.onnx'));
  writeFileSync(
    join(workspace, 'quantgate.yml'),
    'version: 1\nmodels:\n  - { name: digits, path: digits.onnx, task: none }\n',
  );
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));
beforeEach(async () => {
  github = await new FakeGitHub().start();
  await runOnce(sampleReport(), 'push', 'false');
  refs = [...github.refs];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await github.stop();
});

/** The action in this process, without waiting: exit code and outputs. */
async function runOnce(report: Report, event: 'pull_request' | 'push', comment: string) {
  const payload = {
    action: 'synchronize',
    repository: { full_name: 'o/r', default_branch: 'main' },
    ...(event === 'pull_request' && {
      pull_request: {
        number: 7,
        updated_at: '2026-11-23T12:00:00Z',
        head: { sha: 'a'.repeat(40), repo: { full_name: 'o/r' } },
      },
    }),
  };
  const at = (name: string) => join(workspace, name);
  for (const name of ['output', 'summary']) writeFileSync(at(name), '');
  writeFileSync(at('event.json'), JSON.stringify(payload));
  const inputs = { 'waive-label': LABEL, 'badge-branch': 'data', comment };
  const env = {
    ...inputVariables(inputs),
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: at('event.json'),
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_API_URL: github.url,
    GITHUB_OUTPUT: at('output'),
    GITHUB_STEP_SUMMARY: at('summary'),
    GITHUB_WORKSPACE: workspace,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  let stdout = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  await runAction({
    run: async ({ out }) => ({ report, files: writeReport(report, out) }),
    openRuntime: async () => ({}) as Runtime,
    sleep: async () => undefined,
  });
  vi.mocked(process.stdout.write).mockRestore();
  const exitCode = process.exitCode ?? 0;
  process.exitCode = undefined;
  return {
    exitCode,
    stdout,
    outputs: parseFileCommands(readFileSync(at('output'), 'utf8')),
    summary: readFileSync(at('summary'), 'utf8'),
  };
}

type Failure = Omit<Fault, 'operation'>;
/** One of each kind of treatment … */
const KINDS: Failure[] = [
  { status: 403 },
  { status: 422 },
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 500 },
  { status: 'cut' },
];
/** … and the rest, with QUANTGATE_ALL_FAULTS. */
const OTHERS: Failure[] = [
  { status: 401 },
  { status: 403, headers: { 'retry-after': '1' }, message: 'You have exceeded a secondary rate limit' },
  { status: 404 },
  { status: 409 },
  { status: 410 },
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
    `GET ${REPO}/git/trees/{tree_sha}`,
    `GET ${REPO}/git/blobs/{file_sha}`,
    `GET ${REPO}/issues/{issue_number}/comments`,
    `POST ${REPO}/issues/{issue_number}/comments`,
    `PATCH ${REPO}/issues/comments/{comment_id}`,
    `DELETE ${REPO}/issues/comments/{comment_id}`,
    'POST /graphql',
  ],
  push: [
    `GET ${REPO}/git/ref/{ref}`,
    `GET ${REPO}/git/commits/{commit_sha}`,
    `GET ${REPO}/git/trees/{tree_sha}`,
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
