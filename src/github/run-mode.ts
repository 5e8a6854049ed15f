/** `mode: run`: configuration, base, runtime, pipeline; then the report is published. */
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/read/load.js';
import { runVerdict } from '../judge/judge.js';
import type { Log } from '../log.js';
import type { RunRequest } from '../run/request.js';
import type { RunResult } from '../run.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Measurement } from '../terms/measurement.js';
import type { CudaChoice } from '../terms/provider.js';
import type { Report } from '../terms/report.js';
import { type BaseOutcome, type FoundBase, findBase } from './base/base.js';
import type { JudgingConfig } from './base/configuration.js';
import { assertConfined, assertInside } from './base/confine.js';
import type { Problem } from './base/unreadable.js';
import { claimOf } from './event/claim.js';
import { type GitHubContext, sourceRevision } from './event/context.js';
import { isProposal, noBaseNamed } from './event/proposal.js';
import { baselineChanges } from './gate/baseline-change.js';
import { establishedBase } from './gate/established-base.js';
import { establishedCommit } from './gate/established-commit.js';
import { chooseThresholds, ownVerdictNote } from './gate/thresholds.js';
import { unjudgedResults } from './gate/unjudged.js';
import { changesFiles } from './head/changed-files.js';
import { type MeasuredCommit, measuredCommit } from './head/measured-commit.js';
import { isPublished } from './head/published.js';
import type { Inputs } from './job/inputs.js';
import { type Job, OUTPUT_DIRECTORY } from './job/job.js';
import { publish } from './publish.js';
import { keptResults } from './reuse.js';

export interface RunParts {
  /** The pipeline (src/run.ts). */
  run(request: RunRequest): Promise<RunResult>;
  /** Finds or installs ONNX Runtime and loads it. */
  openRuntime(options: RuntimeOptions): Promise<Runtime>;
  /** Waits before another attempt at GitHub; default: really. */
  sleep?: (ms: number) => Promise<unknown>;
}

export interface RuntimeOptions {
  path: string | null;
  cacheDir: string | null;
  cuda: CudaChoice;
  log: Log;
  signal: AbortSignal;
}

export async function runJob(job: Job, parts: RunParts): Promise<Report> {
  const { inputs, context, api, log, signal } = job;
  const claim = claimOf(context);
  const known = claim?.headSha;
  const measured = await measuredCommit(dirname(inputs.config), claim, {
    ...(api && known && { isPublished: (sha) => isPublished(api, context, { sha, known }) }),
    signal,
  });
  if (measured.problem) log.warn(`${measured.problem.cause} ${measured.problem.remedy}`);
  const foreign = isForeign(context, measured);
  if (foreign) assertInside(inputs.config, context.workspace);
  const head = await loadConfig(inputs.config);
  if (foreign) assertConfined(head, context.workspace);
  const proposed = isProposal(context);
  const base = await findBase({
    config: head,
    ref: inputs.base,
    event: {
      sha: baseShaFor(context, head),
      branch: context.pullRequest?.baseRef ?? null,
      pullRequestHead: context.pullRequest?.headSha ?? null,
      checkedOut: context.sha,
    },
    credentials: { token: inputs.token, serverUrl: context.serverUrl },
    workspace: context.workspace,
    log,
    signal,
  });
  const found = base.state === 'found' ? base : null;
  const problem = problemOf(base, proposed ? noBaseNamed(context) : null);
  const judging: JudgingConfig =
    found?.judging ?? (problem ? { state: 'unreadable', ...problem } : { state: 'absent' });
  try {
    const today = new Date().toISOString().slice(0, 10);
    const chosen = chooseThresholds({
      head,
      base: judging,
      from: inputs.thresholdsFrom,
      proposed,
      file: relative(inputs.workingDirectory, inputs.config),
      today,
      isThere: existsSync,
    });
    const runtime = await parts.openRuntime({
      path: inputs.onnxruntimePath,
      cacheDir: inputs.cacheDir,
      cuda: inputs.cuda,
      log,
      signal,
    });
    const changed = found && (await changesFiles(head, found.revision.sha, { signal }));
    const source = {
      ...sourceRevision(context, { measuredSha: measured.sha }),
      ...(changed !== null && { changed }),
      baseSha: found?.revision.sha ?? null,
      baseName: found?.revision.name ?? null,
    };
    const out = join(inputs.workingDirectory, OUTPUT_DIRECTORY);
    const request: RunRequest = {
      config: chosen.config,
      out,
      base: found?.models ?? null,
      baseProblem: problem && `${problem.cause} ${problem.remedy}`,
      onUnreadableBase: inputs.onUnreadableBase,
      context: { runtime, log, signal },
      allowCommands: commandsAllowed(inputs, foreign),
      source,
      thresholds: {
        ...chosen.thresholds,
        sha: chosen.thresholds.from === 'base' ? (found?.revision.tip ?? null) : (source.sha ?? null),
      },
    };
    const results = resultsDirectory(inputs.cacheDir);
    const fresh = !REUSING_EVENTS.has(context.event) || Number(process.env.GITHUB_RUN_ATTEMPT ?? 1) > 1;
    const { report: judged } = await parts.run({
      ...request,
      kept: results === null ? null : keptResults(request, { directory: results, fresh }),
    });
    const established = proposed
      ? [
          ...establishedBase({
            problem,
            judging,
            models: found?.models ?? null,
            config: chosen.config,
            thresholdsFrom: inputs.thresholdsFrom,
            level: inputs.onUnreadableBase,
          }),
          ...establishedCommit(measured, inputs.onUnreadableBase),
        ]
      : [];
    const checks = [...established, ...judged.checks, ...unjudgedResults(chosen.unjudged, head)];
    const report = {
      ...judged,
      checks,
      verdict: runVerdict(checks, judged.measurements as Measurement[]),
    };
    const own = ownVerdictNote(head, chosen, report, today);
    const baselines =
      proposed && found?.models.config ? baselineChanges(head, found.models.config, report) : [];
    const notes = [...baseNotes(found), ...chosen.notes, ...(own ? [own] : []), ...baselines];
    return await publish(
      job,
      { ...report, notes: [...report.notes, ...notes] },
      { out, pullRequest: context.pullRequest?.number ?? null, lineOf: lineFinder(head) },
    );
  } finally {
    await found?.dispose();
  }
}

/** A push has no reviewer to show its base to: it is measured only for a check that compares with it. */
function baseShaFor({ event, pullRequest, baseSha }: GitHubContext, { checks }: Config): string | null {
  const shown = event !== 'push' || pullRequest !== null;
  return shown || checks.some(({ maxRegression }) => maxRegression) ? baseSha : null;
}

/** A schedule or a click wants a measurement; so does running a job again. */
const REUSING_EVENTS: ReadonlySet<string> = new Set(['pull_request', 'merge_group', 'push']);

/** Why there is no base where there should be one; `unnamed`: what to say when the event names none. */
function problemOf(base: BaseOutcome, unnamed: Problem | null): Problem | null {
  if (base.state === 'unreadable') return { cause: base.cause, remedy: base.remedy };
  return base.state === 'none' ? unnamed : null;
}

/** Beside the runtime; null: this is no runner, and nobody said where to. */
function resultsDirectory(cacheDir: string | null): string | null {
  const toolCache = process.env.RUNNER_TOOL_CACHE;
  if (cacheDir) return join(cacheDir, 'results');
  return toolCache ? join(toolCache, 'quantgate', 'results') : null;
}

function baseNotes(base: FoundBase | null): Report['notes'] {
  const message = base?.revision.note;
  return message ? [{ level: 'info', code: 'base.revision', message, model: null, variant: null }] : [];
}

/**
 * Whether someone without write access may have written what is checked out. Of a commit that is not the one it should be nobody knows who
 * wrote it; of one that can't be told the event's word holds, but not that of a number which somebody named.
 */
function isForeign({ fromFork, lookedUp }: GitHubContext, { state }: MeasuredCommit): boolean {
  return fromFork || state === 'other' || (state === 'unknown' && lookedUp);
}

/** Such commands are code of someone without write access: never by default. */
function commandsAllowed({ allowCommands }: Inputs, foreign: boolean): boolean {
  return allowCommands === 'same-repository' ? !foreign : allowCommands === 'always';
}

function lineFinder(config: Config): (check: { check: string }) => number | null {
  const lines = new Map(config.checks.map(({ id, line }) => [id, line]));
  return ({ check }) => lines.get(check) ?? null;
}
