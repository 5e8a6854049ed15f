/** Posts the sticky comment of a job: under its key, with its run's stamp, with what went wrong as a warning. */

import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { marker as markerOf } from '../../report/words/escape.js';
import type { Api } from '../api/api.js';
import { explainFault, statusOf } from '../api/faults.js';
import type { GitHubContext } from '../event/context.js';
import { MAX_COMMENT_BYTES, type PostedComment, refreshComment, upsertComment } from './comment.js';
import type { RunStamp } from './run-stamp.js';

/** The part of a job that this takes. */
interface Place {
  context: GitHubContext;
  inputs: { commentKey: string };
  api: Api;
  log: Log;
}

export interface StickyText {
  /** Pull request. */
  number: number;
  /** The body, which begins with the marker of the job's comment key, within `maxBytes`. */
  render: (maxBytes: number) => string;
  /** Only a comment that is there is brought up to date. Default: one is made. */
  existingOnly?: boolean;
}

/** Returns the comment that stands now, which may be a newer run's; null: none could or needed to be posted. Never throws. */
export async function postSticky(job: Place, text: StickyText): Promise<PostedComment | null> {
  const { log } = job;
  const { number } = text;
  try {
    const comment = await upsertFitting(job, text);
    if (comment?.ofNewerRun) {
      log.info(`The comment on #${number} is that of a newer run: it is left as it is.`);
    }
    return comment;
  } catch (error) {
    log.warn(explainFault(error, `comment on pull request #${number}`, 'pull-requests: write'));
    return null;
  }
}

/** GitHub may count differently than we do: a body it finds too long is sent once more, much shorter. */
async function upsertFitting(
  { inputs, context, api }: Place,
  { number, render, existingOnly = false }: StickyText,
): Promise<PostedComment | null> {
  const target = { owner: context.owner, repo: context.repo, number };
  const sticky = { marker: markerOf(inputs.commentKey), stamp: stampFor(context) };
  const write = existingOnly ? refreshComment : upsertComment;
  try {
    return await write(api, target, { ...sticky, body: render(MAX_COMMENT_BYTES) });
  } catch (error) {
    if (statusOf(error) !== 422 || !/too long|maximum is/i.test(messageOf(error))) throw error;
    return await write(api, target, { ...sticky, body: render(Math.floor(MAX_COMMENT_BYTES / 4)) });
  }
}

/** Of the run whose result is told: on workflow_run the measuring one. */
function stampFor({ triggeringRun, runId, runAttempt, pullRequest, sha }: GitHubContext): RunStamp | null {
  if (triggeringRun) return triggeringRun;
  return runId === null ? null : { id: runId, attempt: runAttempt, headSha: pullRequest?.headSha ?? sha };
}
