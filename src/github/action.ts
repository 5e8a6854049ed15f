/** The action from inputs to exit code. What it does with a report is publish.ts; what ends it badly is told here. */
import { setFailed, setSecret } from '@actions/core';
import { EXIT, exitCodeOf, Interrupted, MachineError, messageOf, UserError } from '../errors.js';
import type { OverallVerdict } from '../judge/verdict.js';
import type { Log } from '../log.js';
import type { Report } from '../report/report.js';
import { type Api, createApi } from './api.js';
import { type GitHubContext, readContext } from './context.js';
import { type FailOn, type Inputs, readInputs } from './inputs.js';
import { actionLog } from './log.js';
import { failedChecks } from './outputs.js';
import { writeSummary } from './pull-request/summary.js';
import { reportJob } from './report-mode.js';
import { type RunParts, runJob } from './run-mode.js';

/** Runs the action and sets the process's exit code; never throws. */
export async function runAction(parts: RunParts): Promise<void> {
  const log = actionLog();
  const interruption = new AbortController();
  const interrupt = (signal: NodeJS.Signals) =>
    interruption.abort(new Interrupted(`Interrupted by ${signal}.`));
  // The runner cancels a job with SIGINT, then SIGTERM: children are ended and temporary files removed first.
  for (const signal of CANCELLING) process.once(signal, interrupt);
  try {
    const context = readContext();
    const inputs = readInputs(context.workspace);
    if (inputs.token) setSecret(inputs.token);
    const job = {
      inputs,
      context,
      log,
      api: apiOf(inputs, context, { log, ...parts }),
      signal: interruption.signal,
    };
    const report = inputs.mode === 'run' ? await runJob(job, parts) : await reportJob(job);
    failBy(report, inputs.failOn);
  } catch (error) {
    await giveUp(error, log);
  } finally {
    for (const signal of CANCELLING) process.off(signal, interrupt);
  }
}

const CANCELLING = ['SIGINT', 'SIGTERM'] as const;

function apiOf(
  { token }: Inputs,
  { apiUrl }: GitHubContext,
  { log, sleep }: { log: Log; sleep?: RunParts['sleep'] },
): Api | null {
  return token ? createApi({ token, apiUrl, log, ...(sleep ? { sleep } : {}) }) : null;
}

const FAILING: Readonly<Record<FailOn, readonly OverallVerdict[]>> = {
  error: ['fail'],
  warn: ['fail', 'warn'],
  never: [],
};

/** The last thing that happens: the verdict alone decides, never whether something could be posted. */
function failBy(report: Report, failOn: FailOn): void {
  if (!FAILING[failOn].includes(report.verdict)) return;
  const failed = failedChecks(report);
  const names = [...new Set(failed.map((check) => check.metric))].join(', ');
  setFailed(
    failed.length > 0
      ? `${failed.length} of ${report.checks.length} checks failed: ${names}.`
      : `The verdict is ${report.verdict} and \`fail-on\` is ${failOn}.`,
  );
  process.exitCode = EXIT.failedCheck;
}

/** No report: the reason goes to the log, to the summary and to the exit code. */
async function giveUp(error: unknown, log: Log): Promise<void> {
  const expected = [UserError, MachineError, Interrupted].some((kind) => error instanceof kind);
  const text = expected ? messageOf(error) : `quantgate has a bug: ${(error as Error)?.stack ?? error}`;
  setFailed(text);
  process.exitCode = exitCodeOf(error);
  await writeSummary(`### quantgate could not run\n\n${fenced(text)}\n`, log);
}

/** A fence longer than any run of backticks in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
