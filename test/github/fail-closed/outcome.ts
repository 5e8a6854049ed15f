/** A situation run through the action in this process, and what a person sees of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { runAction } from '../../../src/github/action.js';
import { writeReport } from '../../../src/report-files.js';
import { judgeModels } from '../../../src/run/judge-models.js';
import type { RunRequest } from '../../../src/run/request.js';
import type { RunResult } from '../../../src/run.js';
import type { Runtime } from '../../../src/runtime/runtime.js';
import type { Measurement } from '../../../src/terms/measurement.js';
import { makeBaseVariants } from '../../../src/variants/base.js';
import { FakeGitHub } from '../fake-github.js';
import { inputVariables, parseCommands, type WorkflowCommand } from '../runner.js';
import { sampleReport } from '../sample-report.js';
import type { Prepared, Situation } from './situations.js';

export interface Outcome {
  exitCode: number;
  verdict: string;
  /** The comment's heading, without its markup; '–': none. */
  comment: string;
  /** The first error of the log, else its first warning; '–': none. */
  said: string;
  body: string;
}

// core.summary remembers the first file that it was given.
const SUMMARY = mkdtempSync(join(tmpdir(), 'quantgate-fail-closed-summary-'));

export async function outcomeOf(situation: Situation): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'quantgate-fail-closed-'));
  const github = await new FakeGitHub().start();
  try {
    const origin = join(home, 'origin');
    mkdirSync(origin);
    const prepared = situation.prepare({ home, origin });
    const { exitCode, stdout, verdict } = await runPrepared(prepared, home, github);
    const body = github.commentsOn(7)[0]?.body ?? '';
    return { exitCode, ...seen({ body, commands: parseCommands(stdout), verdict }, home), body };
  } finally {
    await github.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Paths and commit ids differ from run to run. */
function seen(
  { body, commands, verdict }: { body: string; commands: readonly WorkflowCommand[]; verdict: string },
  home: string,
): Pick<Outcome, 'verdict' | 'comment' | 'said'> {
  const told =
    commands.find(({ name }) => name === 'error') ?? commands.find(({ name }) => name === 'warning');
  const plain = (text: string) =>
    text
      .split(home)
      .join('…')
      .replace(/\b[0-9a-f]{12,40}\b/g, '0123456')
      .replaceAll('|', '\\|')
      .replace(/\s+/g, ' ');
  return {
    verdict: verdict || '–',
    comment: /^### (.*)$/m.exec(body)?.[1] ?? '–',
    said: told ? cut(plain(told.message)) : '–',
  };
}

const LENGTH = 150;

function cut(text: string): string {
  return text.length > LENGTH ? `${text.slice(0, LENGTH).trimEnd()}…` : text;
}

async function runPrepared(
  prepared: Prepared,
  home: string,
  github: FakeGitHub,
): Promise<{ exitCode: number; stdout: string; verdict: string }> {
  const file = (name: string) => join(SUMMARY, name);
  for (const name of ['output', 'summary']) writeFileSync(file(name), '');
  const event = join(home, 'event.json');
  if (prepared.payload) writeFileSync(event, JSON.stringify(prepared.payload));
  const env = {
    ...inputVariables(prepared.inputs ?? {}),
    GITHUB_EVENT_NAME: prepared.event,
    GITHUB_EVENT_PATH: event,
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_RUN_ID: '77',
    GITHUB_SHA: prepared.sha ?? '',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REF: 'refs/pull/7/merge',
    GITHUB_API_URL: github.url,
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_WORKSPACE: prepared.workspace,
    RUNNER_TOOL_CACHE: '',
    ...prepared.env,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  let stdout = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  try {
    await runAction({ run: halved, openRuntime: async () => ({}) as Runtime, sleep: async () => undefined });
  } finally {
    write.mockRestore();
    vi.unstubAllEnvs();
  }
  const exitCode = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  const verdict = /^verdict<<(\S+)\n(.*)\n\1$/m.exec(readFileSync(file('output'), 'utf8'))?.[2] ?? '';
  return { exitCode, stdout, verdict };
}

/** The pipeline but for measuring: the variant is half as large as its original, and as large as the base's where that is there. */
async function halved(request: RunRequest): Promise<RunResult> {
  const [model] = request.config.models;
  const found = request.base?.models[model!.name];
  const base =
    found?.status === 'found' ? { value: 60_000, ratio: { value: 1, interval: null }, note: null } : null;
  const at = { model: 'digits', provider: null, batch: null, threads: null, concurrency: null } as const;
  const figure = {
    metric: 'size.file',
    unit: 'bytes',
    status: 'ok',
    reason: null,
    interval: null,
    n: null,
    drop: null,
  } as const;
  const measurements: Measurement[] = [
    { ...at, ...figure, variant: 'original', value: 120_000, ratio: null, base: null },
    { ...at, ...figure, variant: 'half', value: 60_000, ratio: { value: 0.5, interval: null }, base },
  ];
  const made =
    found?.status === 'found' ? null : await makeBaseVariants({ head: model!, base: request.base } as never);
  const { results, verdict } = judgeModels(
    request,
    [{ measurements, unreadableBase: made?.unreadable ?? [] }],
    '2026-11-28',
  );
  const sample = sampleReport();
  const report = {
    ...sample,
    models: sample.models.map((one) => ({
      ...one,
      variants: one.variants.map((variant) =>
        variant.name === 'int8' ? { ...variant, name: 'half' } : variant,
      ),
    })),
    measurements,
    checks: results,
    verdict,
    notes: made?.notes ?? [],
    thresholds: request.thresholds,
    source: request.source,
  };
  return { report, files: writeReport(report, request.out) };
}
