/** Posts the sticky comment of a job: under its key, with its run's stamp, with what went wrong as a warning. */

import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { marker as markerOf } from '../../report/escape.js';
import type { Api } from '../api/api.js';
import { explainFault, statusOf } from '../api/faults.js';
import type { GitHubContext } from '../event/context.js';
import { MAX_COMMENT_BYTES, type PostedComment, upsertComment } from './comment.js';
import type { RunStamp } from './run-stamp.js';

/** The part of a job that this takes. */
interface Place {
  context: GitHubContext;
  inputs: { commentKey: string };
  api: Api;
  log: Log;
}

/**
 * `render` makes the body, which begins with the marker of the job's comment key, within `maxBytes`. Returns the comment that stands now,
 * which may be a newer run's; null: none could be posted. Never throws.
 */
export async function postSticky(
  job: Place,
  number: number,
  render: (maxBytes: number) => string,
): Promise<PostedComment | null> {
  const { log } = job;
  try {
    const comment = await upsertFitting(job, number, render);
    if (comment.ofNewerRun) {
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
  number: number,
  render: (maxBytes: number) => string,
): Promise<PostedComment> {
  const target = { owner: context.owner, repo: context.repo, number };
  const sticky = { marker: markerOf(inputs.commentKey), stamp: stampFor(context) };
  try {
    return await upsertComment(api, target, { ...sticky, body: render(MAX_COMMENT_BYTES) });
  } catch (error) {
    if (statusOf(error) !== 422 || !/too long|maximum is/i.test(messageOf(error))) throw error;
    return await upsertComment(api, target, { ...sticky, body: render(Math.floor(MAX_COMMENT_BYTES / 4)) });
  }
}

/** Of the run whose result is told: on workflow_run the measuring one. */
function stampFor({ triggeringRun, runId, runAttempt, pullRequest, sha }: GitHubContext): RunStamp | null {
  if (triggeringRun) return triggeringRun;
  return runId === null ? null : { id: runId, attempt: runAttempt, headSha: pullRequest?.headSha ?? sha };
}
