/** The action from inputs to exit code. What it does with a report is publish.ts, what it does without one failure.ts. */
import { setFailed, setSecret } from '@actions/core';
import { EXIT, Interrupted } from '../errors.js';
import { isEstablished } from '../judge/established.js';
import type { Log } from '../log.js';
import { establishedLine } from '../report/words/established.js';
import type { Report } from '../terms/report.js';
import type { OverallVerdict } from '../terms/verdict.js';
import { type Api, createApi } from './api/api.js';
import { type GitHubContext, readContext } from './event/context.js';
import { lookUpPullRequest } from './event/look-up.js';
import { giveUp } from './failure.js';
import { type FailOn, type Inputs, readInputs } from './job/inputs.js';
import type { Job } from './job/job.js';
import { actionLog } from './job/log.js';
import { failedChecks } from './job/outputs.js';
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
  let job: Job | null = null;
  try {
    const context = readContext();
    const inputs = readInputs(context.workspace);
    if (inputs.token) setSecret(inputs.token);
    job = {
      inputs,
      context,
      log,
      api: apiOf(inputs, context, { log, ...parts }),
      signal: interruption.signal,
    };
    job = { ...job, context: await lookUpPullRequest(context, { ...job, wanted: inputs.prNumber }) };
    const report = inputs.mode === 'run' ? await runJob(job, parts) : await reportJob(job);
    if (report) failBy(report, inputs.failOn);
  } catch (error) {
    await giveUp(error, log, job);
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
  return token ? createApi({ token, apiUrl, log, sleep }) : null;
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
  const grounds = failed.filter(isEstablished).map(establishedLine);
  if (grounds.length > 0) {
    setFailed(grounds.map(({ title, reason }) => `${title}: ${reason}`).join('\n'));
    process.exitCode = EXIT.failedCheck;
    return;
  }
  const names = [...new Set(failed.map((check) => check.metric))].join(', ');
  setFailed(
    failed.length > 0
      ? `${failed.length} of ${report.checks.length} checks failed: ${names}.`
      : `The verdict is ${report.verdict} and \`fail-on\` is ${failOn}.`,
  );
  process.exitCode = EXIT.failedCheck;
}
