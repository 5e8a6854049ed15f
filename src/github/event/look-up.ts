/** The pull request that a run is about although its event doesn't carry it: head, base and whose code it is, as the API says. */
import { MachineError, UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Api } from '../api/api.js';
import { explainFault, statusOf } from '../api/faults.js';
import type { GitHubContext } from './context.js';

export interface LookUpRequest {
  /** Input `pr-number`; null: none was given. */
  wanted: number | 'auto' | null;
  api: Api | null;
  log: Log;
}

/**
 * The context with the pull request that `wanted` names. What the event itself carries holds: it is the commit that the run was started
 * for. Without `wanted` only a comment's pull request is looked up, whose head the event lacks; its code stays untrusted, as it is without.
 * Throws UserError when GitHub knows no such pull request or there is no token, MachineError when GitHub can't be asked.
 */
export async function lookUpPullRequest(
  context: GitHubContext,
  { wanted, api, log }: LookUpRequest,
): Promise<GitHubContext> {
  const known = context.pullRequest;
  const number = await numberOf(context, { wanted, api, log });
  if (number === null || (number === known?.number && known.headSha !== null)) return context;
  if (wanted !== null) return await withPullRequest(context, number, needed(api));
  if (!api) return context;
  try {
    return { ...(await withPullRequest(context, number, api)), fromFork: context.fromFork };
  } catch (error) {
    log.warn(error instanceof Error ? error.message : String(error));
    return context;
  }
}

/** null: the event says enough, or there is no pull request. */
async function numberOf(context: GitHubContext, { wanted, api, log }: LookUpRequest): Promise<number | null> {
  if (typeof wanted === 'number') return wanted;
  const { event, pullRequest } = context;
  // A merge group's commit is its own, not its pull request's head.
  if (event === 'merge_group') return null;
  if (pullRequest || wanted === null) return pullRequest?.number ?? null;
  return await openFor(context, needed(api), log);
}

/** `auto`: the open pull request whose head is the commit of the run's branch. null: there is none, or several; the log says so. */
async function openFor(context: GitHubContext, api: Api, log: Log): Promise<number | null> {
  const { event, owner, repo } = context;
  const head = headOf(context);
  if (!head) {
    log.info(`pr-number: auto finds no pull request for the event ${event}; name it by its number.`);
    return null;
  }
  const pulls = await asked(
    () => api.paginate(api.rest.pulls.list, { owner, repo, head: head.branch, state: 'open', per_page: 100 }),
    `look up the pull request of ${head.branch}`,
  );
  const found = pulls.filter((pull) => pull.head.sha === head.sha).map(({ number }) => `#${number}`);
  if (found.length === 1) return Number(found[0]!.slice(1));
  log.info(
    found.length === 0
      ? `pr-number: auto: no open pull request has ${head.sha} of ${head.branch} as its head; the run goes on without one.`
      : `pr-number: auto: ${found.join(', ')} have ${head.sha} of ${head.branch} as their head; name one by its number.`,
  );
  return null;
}

/** The branch that the run was started for (`owner:branch`) and its commit; null: the event names none. */
function headOf(context: GitHubContext): { branch: string; sha: string } | null {
  const { event, ref, sha, owner, triggeringRun } = context;
  if (triggeringRun?.head) return { branch: triggeringRun.head, sha: triggeringRun.headSha };
  const branch = /^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1];
  // Other events run on the default branch, whatever they are about.
  const ofBranch = event === 'push' || event === 'workflow_dispatch';
  return ofBranch && branch && sha ? { branch: `${owner}:${branch}`, sha } : null;
}

async function withPullRequest(context: GitHubContext, number: number, api: Api): Promise<GitHubContext> {
  const { owner, repo } = context;
  const { data } = await asked(
    () => api.rest.pulls.get({ owner, repo, pull_number: number }),
    `look up pull request #${number}`,
  );
  const { head, base } = data;
  return {
    ...context,
    pullRequest: { number, headSha: head.sha, baseSha: base.sha, baseRef: base.ref },
    baseSha: base.sha,
    fromFork: head.repo?.full_name.toLowerCase() !== `${owner}/${repo}`.toLowerCase(),
    lookedUp: true,
    // Whatever happened here, it is not known to have been after the last push.
    labelEvent: null,
  };
}

function needed(api: Api | null): Api {
  if (api) return api;
  throw new UserError('github.token', 'Input `pr-number` needs a token: give the input `token`.');
}

async function asked<T>(ask: () => Promise<T>, doing: string): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const text = explainFault(error, doing, 'pull-requests: read');
    throw statusOf(error) === 404 ? new UserError('github.api', text) : new MachineError('github.api', text);
  }
}
