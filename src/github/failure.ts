/** A job that ends without a report: the reason goes to the log, the summary, the comment and the exit code. */
import { setFailed } from '@actions/core';
import { EXIT, exitCodeOf, Interrupted, messageOf, UserError } from '../errors.js';
import type { Log } from '../log.js';
import { marker } from '../report/escape.js';
import { explainFault } from './api/faults.js';
import type { Job } from './job.js';
import { upsertComment } from './pull-request/comment.js';
import { writeSummary } from './pull-request/summary.js';

/** Enough for any sentence of ours; the whole text is in the log. */
const MAX_TEXT_LENGTH = 8_000;

/** Sets the exit code. `job` null: not even the inputs could be read. Never throws. */
export async function giveUp(error: unknown, log: Log, job: Job | null): Promise<void> {
  const exitCode = exitCodeOf(error);
  const text =
    exitCode !== EXIT.bug ? messageOf(error) : `quantgate has a bug: ${(error as Error)?.stack ?? error}`;
  setFailed(text);
  process.exitCode = exitCode;
  await writeSummary(`### quantgate could not run\n\n${fenced(text)}\n`, log);
  // A cancelled job is followed by another one, which will say how things are.
  if (job && !(error instanceof Interrupted)) await replaceComment(job, error);
}

/** The comment of an earlier push must not go on saying that all is well. */
async function replaceComment({ inputs, context, log, api }: Job, error: unknown): Promise<void> {
  const number = context.pullRequest?.number;
  if (!inputs.comment || !api || number === undefined) return;
  const body = [
    marker(inputs.commentKey),
    '### ⚠️ quantgate could not run',
    '',
    // What the machine says may hold what the log hides: addresses, paths, credentials of a mirror.
    error instanceof UserError ? fenced(messageOf(error)) : 'The log of the job says why.',
    '',
    context.runUrl ? `<sub>[workflow run](${context.runUrl})</sub>` : '',
  ].join('\n');
  try {
    const target = { owner: context.owner, repo: context.repo, number };
    await upsertComment(api, target, { marker: marker(inputs.commentKey), body });
  } catch (fault) {
    log.warn(explainFault(fault, `comment on pull request #${number}`, 'pull-requests: write'));
  }
}

/** A fence longer than any run of backticks in the text. */
function fenced(text: string): string {
  const shown = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${shown}\n${fence}`;
}
