/** A job that ends without a report: the reason goes to the log, the summary, the comment and the exit code. */
import { error as annotateError } from '@actions/core';
import { EXIT, errorCodeOf, exitCodeOf, Interrupted, messageOf, UserError } from '../errors.js';
import type { Log } from '../log.js';
import { markdownLink, marker } from '../report/words/escape.js';
import type { Job } from './job/job.js';
import { findPullRequest } from './pull-request/find.js';
import { postSticky } from './pull-request/post.js';
import { writeSummary } from './pull-request/summary.js';

/** Enough for any sentence of ours; the whole text is in the log. */
const MAX_TEXT_LENGTH = 8_000;

const TROUBLESHOOTING = 'https://github.com/quantgate/quantgate/blob/main/docs/troubleshooting.md';

/** Sets the exit code. `job` null: not even the inputs could be read. Never throws. */
export async function giveUp(error: unknown, log: Log, job: Job | null): Promise<void> {
  const exitCode = exitCodeOf(error);
  const text =
    exitCode !== EXIT.bug ? messageOf(error) : `quantgate has a bug: ${(error as Error)?.stack ?? error}`;
  annotateError(text, { title: ['quantgate', ...bracketed(error)].join(' ') });
  process.exitCode = exitCode;
  await writeSummary(`### quantgate could not run\n\n${fenced(text)}\n\n${explanationLink(error)}\n`, log);
  // A cancelled job is followed by another one, which will say how things are.
  if (job && !(error instanceof Interrupted)) await replaceComment(job, error);
}

/** The comment of an earlier push must not go on saying that all is well. */
async function replaceComment(job: Job, error: unknown): Promise<void> {
  const { inputs, context, api } = job;
  if (inputs.comment === 'never' || !api) return;
  const number = await findPullRequest(job);
  if (number === null) return;
  const links = [
    markdownLink('measuring run', context.triggeringRun?.url),
    markdownLink('workflow run', context.runUrl),
  ].filter((link) => link !== null);
  const body = [
    marker(inputs.commentKey),
    '### ⚠️ quantgate could not run',
    '',
    // What the machine says may hold what the log hides: addresses, paths, credentials of a mirror.
    error instanceof UserError ? fenced(messageOf(error)) : 'The log of the job says why.',
    '',
    explanationLink(error),
    '',
    links.length > 0 ? `<sub>${links.join(' · ')}</sub>` : '',
  ].join('\n');
  await postSticky({ ...job, api }, { number, render: () => body });
}

function bracketed(error: unknown): string[] {
  const code = errorCodeOf(error);
  return code === null ? [] : [`[${code}]`];
}

/** Where the code's cause and cure stand; '' without a code. */
function explanationLink(error: unknown): string {
  const code = errorCodeOf(error);
  return code === null
    ? ''
    : `[\`${code}\`](${TROUBLESHOOTING}#${code.replaceAll('.', '')}): why, and what to do.`;
}

/** A fence longer than any run of backticks in the text. */
function fenced(text: string): string {
  const shown = text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${shown}\n${fence}`;
}
