import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { INPUT_NAMES } from '../../src/github/job/inputs.js';
import { OUTPUT_NAMES } from '../../src/github/job/outputs.js';
import { marker } from '../../src/report/words/escape.js';
import type { Report } from '../../src/terms/report.js';
import { bundleFixture } from './bundle.js';
import { FakeGitHub } from './fake-github.js';
import { proposeIn } from './repository.js';
import { ACTION, type ActionRun, ROOT, runBundledAction } from './runner.js';
import { FAILED, sampleReport } from './sample-report.js';

/** Races of two processes; more with QUANTGATE_RACES. */
const RACES = Number(process.env.QUANTGATE_RACES ?? 1);
const NODE_24 = process.env.NODE24;
const REPO = '/repos/{owner}/{repo}';

let entry: string;
let github: FakeGitHub;
let workspace: string;
let revisions: { base: string; head: string };

beforeAll(async () => {
  entry = await bundleFixture('action-with-report');
});
afterAll(() => rmSync(dirname(entry), { recursive: true, force: true }));
beforeEach(async () => {
  github = await new FakeGitHub().start();
  workspace = mkdtempSync(join(tmpdir(), 'quantgate-workspace-'));
  copyFileSync(join(ROOT, 'examples/digits/digits.onnx'), join(workspace, 'digits.onnx'));
  writeFileSync(
    join(workspace, 'quantgate.yml'),
    'version: 1\nmodels:\n  - { name: digits, path: digits.onnx, task: none, variants: [{ name: int8, method: int8-dynamic }] }\nthresholds:\n  size.file: { max-ratio: 0.8 }\n  latency.p50: { max-ratio: 0.8 }\n',
  );
  revisions = proposeIn(workspace);
});
afterEach(async () => {
  await github.stop();
  rmSync(workspace, { recursive: true, force: true });
});

const pullRequest = () => ({
  action: 'synchronize',
  number: 7,
  repository: { full_name: 'o/r', default_branch: 'main' },
  pull_request: {
    number: 7,
    head: { sha: revisions.head, repo: { full_name: 'o/r' } },
    base: { sha: revisions.base, ref: 'main', repo: { full_name: 'o/r' } },
  },
});

const run = (report: Report, more: Partial<ActionRun> = {}) => {
  const path = join(workspace, 'prepared.json');
  writeFileSync(path, JSON.stringify(report));
  return runBundledAction({
    entry,
    event: 'pull_request',
    payload: pullRequest(),
    github,
    workspace,
    ...more,
    env: { TEST_REPORT: path, ...more.env },
  });
};
const failing = () => sampleReport({ verdict: 'fail', checks: [FAILED] });

describe('action.yml', () => {
  it('declares the inputs that the code reads, each with a default and a description', () => {
    expect(Object.keys(ACTION.inputs).sort()).toEqual([...INPUT_NAMES].sort());
    for (const { description, default: value } of Object.values(ACTION.inputs)) {
      expect(description.length).toBeGreaterThan(10);
      expect(typeof value).toBe('string');
    }
  });

  it('declares the outputs that the code sets', () => {
    expect(Object.keys(ACTION.outputs).sort()).toEqual([...OUTPUT_NAMES].sort());
  });

  it('runs the bundle on node24', () => {
    expect(ACTION.runs).toEqual({ using: 'node24', main: 'dist/action.js' });
  });
});

describe('a pull request that passes', () => {
  it('gets one comment, a summary, every output, and exit code 0', async () => {
    const result = await run(sampleReport());
    expect(result.exitCode).toBe(0);
    const [comment, ...others] = github.commentsOn(7);
    expect(others).toEqual([]);
    expect(comment!.body.split('\n')[0]).toBe(marker('default'));
    expect(result.summary).toContain('digits');
    expect(result.outputs).toMatchObject({
      verdict: 'pass',
      'failed-checks': '0',
      'comment-id': String(comment!.id),
      'comment-url': `https://github.com/o/r/pull/7#issuecomment-${comment!.id}`,
      models: '',
    });
    expect(Object.keys(result.outputs).sort()).toEqual([...OUTPUT_NAMES].sort());
    for (const name of ['report-json', 'report-markdown', 'report-html', 'report-junit']) {
      expect(existsSync(result.outputs[name]!), name).toBe(true);
    }
    expect(result.commands.filter(({ name }) => name === 'error' || name === 'warning')).toEqual([]);
  });

  it('gets its comment updated by the next run', async () => {
    await run(failing());
    await run(sampleReport());
    expect(github.commentsOn(7)).toHaveLength(1);
    expect(github.operations()).toContain(`PATCH ${REPO}/issues/comments/{comment_id}`);
  });

  it.skipIf(!NODE_24)(
    'does so on the Node that the runner uses (needs NODE24=path of a Node 24)',
    async () => {
      const result = await run(sampleReport(), { node: NODE_24! });
      expect(result.exitCode).toBe(0);
      expect(github.commentsOn(7)).toHaveLength(1);
    },
  );
});

describe('a pull request that fails a check', () => {
  it('ends with exit code 1 after everything was reported', async () => {
    const result = await run(failing());
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'fail', 'failed-checks': '1' });
    expect(github.commentsOn(7)).toHaveLength(1);
    const errors = result.commands.filter(({ name }) => name === 'error');
    expect(errors.at(-1)!.message).toBe('1 of 1 checks failed: latency.p50.');
  });
});

describe('a token that cannot comment', () => {
  it('leaves report, outputs, summary and verdict as they are, and is told which permission it lacks', async () => {
    github.faults.push({ operation: `GET ${REPO}/issues/{issue_number}/comments`, status: 403 });
    const result = await run(failing());
    expect(result.exitCode).toBe(1);
    expect(result.outputs).toMatchObject({ verdict: 'fail', 'comment-id': '' });
    expect(result.summary).toContain('digits');
    const warning = result.commands.find(({ name }) => name === 'warning');
    expect(warning!.message).toMatch(/comment on pull request #7.*pull-requests: write/);
  });
});

describe('a report larger than a comment may be', () => {
  it('is shortened to fit, and complete in the summary', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `model-${index}-${'ü'.repeat(150)}`);
    const base = sampleReport();
    const report = sampleReport({
      models: names.map((name) => ({ ...base.models[0]!, name })),
      measurements: names.flatMap((model) => base.measurements.map((one) => ({ ...one, model }))),
      checks: names.flatMap((model) => base.checks.map((one) => ({ ...one, model }))),
    });
    const result = await run(report);
    expect(result.commands.filter(({ name }) => name === 'error')).toEqual([]);
    expect(result.exitCode).toBe(0);
    expect(Buffer.byteLength(github.commentsOn(7)[0]!.body)).toBeLessThanOrEqual(65_535);
    expect(result.summary).toContain('model-199');
    expect(Buffer.byteLength(result.summary)).toBeLessThanOrEqual(1024 * 1024);
  });
});

describe('behind a proxy', () => {
  it('GitHub is reached through it', async () => {
    const asked: string[] = [];
    const proxy = createServer().on('connect', (request, socket, head) => {
      asked.push(request.url!);
      const upstream = connect(Number(new URL(github.url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      for (const end of [upstream, socket]) end.on('error', () => end.destroy());
    });
    await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready));
    try {
      const { port } = proxy.address() as AddressInfo;
      const host = `github.test:${new URL(github.url).port}`;
      const env = { GITHUB_API_URL: `http://${host}`, http_proxy: `http://127.0.0.1:${port}` };
      const result = await run(sampleReport(), { env });
      expect(result.outputs['comment-id']).not.toBe('');
      expect(new Set(asked)).toEqual(new Set([host]));
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});

describe('two jobs that report at the same moment', () => {
  it(`leave one comment (${RACES} times)`, async () => {
    for (let race = 0; race < RACES; race++) {
      github.comments.length = 0;
      await Promise.all([run(sampleReport()), run(sampleReport())]);
      expect(github.commentsOn(7)).toHaveLength(1);
    }
  });
});

describe('a run without a job summary file', () => {
  it('reports all the same', async () => {
    const result = await run(sampleReport(), { env: { GITHUB_STEP_SUMMARY: '' } });
    expect(result.exitCode).toBe(0);
    expect(github.commentsOn(7)).toHaveLength(1);
  });
});

describe('what the user gave is wrong', () => {
  it('ends with exit code 2, a sentence in the log and in the summary, and no request', async () => {
    const result = await run(sampleReport(), { inputs: { mode: 'banana' } });
    expect(result.exitCode).toBe(2);
    const sentence = "Input 'mode' is 'banana'. It must be run or report.";
    expect(result.commands.find(({ name }) => name === 'error')!.message).toBe(sentence);
    expect(result.summary).toContain(sentence);
    expect(github.requests).toEqual([]);
  });
});

describe('a job that is cancelled', () => {
  it('ends with exit code 130 and says so', async () => {
    const result = await run(sampleReport(), { env: { TEST_ENDLESS: '1' }, cancelAt: 'request {' });
    expect(result.exitCode).toBe(130);
    expect(result.summary).toContain('Interrupted by SIGINT');
    expect(github.requests).toEqual([]);
  });
});

describe('text from a report', () => {
  it('cannot give the runner a command', async () => {
    const message = '\n::error::forged\n::add-mask::x';
    const report = sampleReport({
      verdict: 'fail',
      checks: [{ ...FAILED, model: message, reason: message }],
    });
    const result = await run(report);
    expect(result.commands.filter((command) => command.message === 'forged')).toEqual([]);
    expect(
      result.commands.filter(({ name }) => name === 'add-mask').map((command) => command.message),
    ).toEqual(['test-token']);
  });
});

it('the report on disk is the one that was posted', async () => {
  const result = await run(failing());
  const { notes, ...rest } = JSON.parse(readFileSync(result.outputs['report-json']!, 'utf8'));
  expect(rest).toEqual((({ notes: _, ...prepared }) => prepared)(failing()));
  expect(notes).toEqual([]);
});
