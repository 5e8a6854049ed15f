/** Which runs read and write the data branch: every report shows the trend, only the default branch writes it. */

import type { HistoryEntry } from '../report/history.js';
import { fileName } from '../report/words/escape.js';
import type { Report } from '../terms/report.js';
import { explainFault } from './api/faults.js';
import { type DataBranch, readHistory, writeDataBranch } from './data-branch.js';
import type { GitHubContext } from './event/context.js';
import { DEFAULT_KEY } from './job/inputs.js';
import type { Job } from './job/job.js';

/** For the trend lines; a report without them is a report all the same. */
export async function earlierRuns(job: Job): Promise<HistoryEntry[]> {
  const at = dataBranchOf(job);
  if (!at || !job.api) return [];
  return await readHistory(job.api, at).catch((error) => {
    job.log.info(explainFault(error, `read the history on the branch ${at.branch}`, 'contents: read'));
    return [];
  });
}

/** Of the default branch only: a badge tells what is merged, not what is proposed. */
export async function publishBadges(job: Job, report: Report): Promise<void> {
  const { context, log, api } = job;
  const at = dataBranchOf(job);
  if (!at || !api || !describesDefaultBranch(context)) return;
  try {
    const { badges } = await writeDataBranch(api, at, report);
    log.info(
      badges.length > 0
        ? `${badges.length} badges, the history and its page are on the branch ${at.branch}.`
        : `The history on the branch ${at.branch} and its page have this run; its badges are those of a newer one, and stay.`,
    );
  } catch (error) {
    log.warn(explainFault(error, `write badges to the branch ${at.branch}`, 'contents: write'));
  }
}

function describesDefaultBranch({ event, ref, defaultBranch, pullRequest }: GitHubContext): boolean {
  if (pullRequest || !['push', 'schedule', 'workflow_dispatch'].includes(event)) return false;
  return defaultBranch === null || ref === `refs/heads/${defaultBranch}`;
}

function dataBranchOf({ inputs, context }: Job): DataBranch | null {
  if (!inputs.badgeBranch) return null;
  const directory = inputs.commentKey === DEFAULT_KEY ? '' : `${fileName(inputs.commentKey)}/`;
  const { owner, repo, serverUrl } = context;
  return {
    ...{ owner, repo, branch: inputs.badgeBranch, directory },
    commits: `${serverUrl}/${owner}/${repo}/commit/`,
    historyUrl: inputs.historyUrl,
  };
}
