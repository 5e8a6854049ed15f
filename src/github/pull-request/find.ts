/** Which pull request gets the comment: from the event and the API, never from a report, whose author may write any number into it. */

import type { Log } from '../../log.js';
import type { Api } from '../api/api.js';
import { explainFault } from '../api/faults.js';
import type { GitHubContext, TriggeringRun } from '../event/context.js';

/** The part of a job that this takes. */
interface Place {
  context: GitHubContext;
  api: Api | null;
  log: Log;
}

export interface Reported {
  /** Commit that the report is about; null: there is no report. */
  sha: string | null;
  /** Pull request that the report names. */
  pullRequest: number | null;
}

/**
 * The event's pull request; of a workflow_run, the open one whose head is the commit that was measured. Where several have that head, the
 * report's word chooses among them. null: there is none (any more), and the log says so. Never throws.
 */
export async function findPullRequest(job: Place, reported: Reported | null = null): Promise<number | null> {
  const { context, log } = job;
  const { pullRequest, triggeringRun: run } = context;
  const sha = reported?.sha ?? run?.headSha ?? null;
  if (pullRequest && (!run || !reported || pullRequest.headSha === sha)) return pullRequest.number;
  if (!run) return null;
  const found = pullRequest ? [] : await withHead(job, run);
  if (!found) return null;
  if (found.length === 0) {
    log.info(`No open pull request has ${sha} as its head (any more): no comment is posted.`);
    return null;
  }
  const number =
    found.length === 1 ? found[0]! : (found.find((one) => one === reported?.pullRequest) ?? null);
  if (number === null) {
    const all = found.map((one) => `#${one}`).join(', ');
    log.info(
      `${all} have ${sha} as their head, and which of them was measured is not known: no comment is posted.`,
    );
  }
  return number;
}

/** The event has a list of its own; GitHub says of it that it need not be the ones that started the run, so that it isn't used. */
async function withHead({ context, log, api }: Place, run: TriggeringRun): Promise<number[] | null> {
  if (!api || !run.head) return null;
  const { owner, repo } = context;
  try {
    const pulls = await api.paginate(api.rest.pulls.list, {
      owner,
      repo,
      head: run.head,
      state: 'open',
      per_page: 100,
    });
    return pulls.filter(({ head }) => head.sha === run.headSha).map(({ number }) => number);
  } catch (error) {
    log.warn(explainFault(error, 'look up the pull request of the measuring run', 'pull-requests: read'));
    return null;
  }
}
