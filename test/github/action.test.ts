import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { INPUT_NAMES } from '../../src/github/inputs.js';
import { OUTPUT_NAMES } from '../../src/github/outputs.js';
import { marker } from '../../src/report/escape.js';
import type { Report } from '../../src/report/report.js';
import { bundleFixture } from './bundle.js';
import { FakeGitHub } from './fake-github.js';
import { ACTION, type ActionRun, ROOT, runBundledAction } from './runner.js';
import { check, FAILED, sampleReport } from './sample-report.js';

const NODE_24 = process.env.NODE24;
const REPO = '/repos/{owner}/{repo}';

let entry: string;
let github: FakeGitHub;
let workspace: string;

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
});
afterEach(async () => {
  await github.stop();
  rmSync(workspace, { recursive: true, force: true });
});

const PULL_REQUEST = {
  action: 'synchronize',
  number: 7,
  repository: { full_name: 'o/r', default_branch: 'main' },
  pull_request: {
    number: 7,
    head: { sha: 'a'.repeat(40), repo: { full_name: 'o/r' } },
    base: { sha: 'b'.repeat(40), ref: 'main', repo: { full_name: 'o/r' } },
  },
};

const run = (report: Report, more: Partial<ActionRun> = {}) => {
  const path = join(workspace, 'prepared.json');
  writeFileSync(path, JSON.stringify(report));
  return runBundledAction({
    entry,
    event: 'pull_request',
    payload: PULL_REQUEST,
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
    for (const name of ['report-json', 'report-markdown', 'report-html']) {
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

  it('is annotated on the line of quantgate.yml that sets the bound', async () => {
    const result = await run(failing());
    const annotation = result.commands.find(({ properties }) => properties.file);
    expect(annotation).toMatchObject({ name: 'error', properties: { file: 'quantgate.yml', line: '6' } });
    expect(annotation!.message).toContain('digits int8 (cpu, batch 1): latency.p50');
    expect(annotation!.message).toContain('at most 0.8');
  });

  it('gets at most ten annotations of a kind, the last of which says how many more there are', async () => {
    const report = sampleReport({ verdict: 'fail', checks: Array.from({ length: 25 }, () => FAILED) });
    const errors = (await run(report)).commands.filter(
      ({ name, properties }) => name === 'error' && properties.title,
    );
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)!.message).toMatch(/^16 more/);
  });

  it.each([
    ['error', 'fail', 1],
    ['error', 'warn', 0],
    ['warn', 'warn', 1],
    ['never', 'fail', 0],
  ] as const)('fail-on %s with verdict %s exits %i', async (failOn, verdict, exitCode) => {
    const level = verdict === 'fail' ? 'error' : 'warn';
    const report = sampleReport({ verdict, checks: [check({ level, verdict })] });
    expect((await run(report, { inputs: { 'fail-on': failOn } })).exitCode).toBe(exitCode);
  });
});

describe('a token that cannot comment', () => {
  it.each([401, 403, 404, 410])(
    'leaves report, outputs, summary and verdict as they are (%i)',
    async (status) => {
      github.faults.push({ operation: `GET ${REPO}/issues/{issue_number}/comments`, status });
      for (const [report, exitCode] of [
        [sampleReport(), 0],
        [failing(), 1],
      ] as const) {
        const result = await run(report);
        expect(result.exitCode).toBe(exitCode);
        expect(result.outputs).toMatchObject({ verdict: report.verdict, 'comment-id': '' });
        expect(result.summary).toContain('digits');
        const warning = result.commands.find(({ name }) => name === 'warning');
        expect(warning!.message).toContain('comment on pull request #7');
        if (status === 403) expect(warning!.message).toContain('pull-requests: write');
      }
    },
  );

  it('that is empty is not even tried', async () => {
    const result = await run(sampleReport(), { inputs: { token: '' } });
    expect(result.exitCode).toBe(0);
    expect(github.requests).toEqual([]);
    expect(result.commands.find(({ name }) => name === 'warning')!.message).toContain('`token` is empty');
  });
});

describe('a report larger than a comment may be', () => {
  it('is shortened to fit, and complete in the summary', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `model-${index}-${'ü'.repeat(100)}`);
    const base = sampleReport();
    const report = sampleReport({
      models: names.map((name) => ({ ...base.models[0]!, name })),
      measurements: names.flatMap((model) => base.measurements.map((one) => ({ ...one, model }))),
      checks: names.flatMap((model) => base.checks.map((one) => ({ ...one, model }))),
    });
    const result = await run(report);
    expect(result.exitCode).toBe(0);
    expect(Buffer.byteLength(github.commentsOn(7)[0]!.body)).toBeLessThanOrEqual(65_535);
    expect(result.summary).toContain('model-299');
    expect(Buffer.byteLength(result.summary)).toBeLessThanOrEqual(1024 * 1024);
  });

  it('is sent once more, shorter, when GitHub still finds it too long', async () => {
    const operation = `POST ${REPO}/issues/{issue_number}/comments`;
    const message = 'Validation Failed: body is too long (maximum is 65536 characters)';
    github.faults.push({ operation, status: 422, message, times: 1 });
    await run(sampleReport());
    expect(github.commentsOn(7)).toHaveLength(1);
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
  it.each([
    [{ mode: 'banana' }, "Input 'mode' is 'banana'. It must be run or report."],
    [{ 'fail-on': 'sometimes' }, "Input 'fail-on' is 'sometimes'. It must be error, warn or never."],
    [{ comment: 'maybe' }, "Input 'comment' is 'maybe'. It must be true or false."],
    [{ 'comment-key': 'a --> b' }, "Input 'comment-key' is 'a --> b'."],
    [{ base: '--upload-pack=x' }, "Input 'base' is '--upload-pack=x'"],
    [{ 'badge-branch': '../main' }, "Input 'badge-branch' is '../main'"],
    [{ config: 'nowhere.yml' }, 'nowhere.yml'],
  ])('%o ends with exit code 2 and says so', async (inputs, message) => {
    const result = await run(sampleReport(), { inputs: inputs as Record<string, string> });
    expect(result.exitCode).toBe(2);
    expect(result.commands.find(({ name }) => name === 'error')!.message).toContain(message);
    expect(result.summary).toContain('quantgate could not run');
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
  expect(JSON.parse(readFileSync(result.outputs['report-json']!, 'utf8'))).toEqual(failing());
});
