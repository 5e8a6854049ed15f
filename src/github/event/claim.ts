/** Which commit a run is about, so that another one that is checked out is not taken for it. Pure. */
import type { GitHubContext } from './context.js';
import { isProposal } from './proposal.js';

export interface Claim {
  /** Head of the pull request, or the merge group's commit; null: the event doesn't say. */
  headSha: string | null;
  /** Commit that is checked out by default (GITHUB_SHA); null: unknown. */
  defaultSha: string | null;
  /** Number of the pull request; null: it is none, or unknown. */
  pullRequest: number | null;
  /** `pull request #7`, for messages. */
  subject: string;
  /** What to do when another commit is checked out: whole sentences. */
  remedy: string;
}

/** null: the run is nobody's proposal; whatever is checked out is what it is about. */
export function claimOf(context: GitHubContext): Claim | null {
  if (!isProposal(context)) return null;
  const { event, pullRequest, triggeringRun, sha } = context;
  const claim = {
    defaultSha: DEFAULT_IS_THE_PROPOSAL.has(event) ? sha : null,
    pullRequest: event === 'merge_group' ? null : (pullRequest?.number ?? null),
    remedy: remedyFor(context),
  };
  // A merge group names the last of its pull requests; what is measured is the group.
  if (event === 'merge_group') return { ...claim, headSha: sha, subject: 'the merge group' };
  if (pullRequest)
    return { ...claim, headSha: pullRequest.headSha, subject: `pull request #${pullRequest.number}` };
  return triggeringRun
    ? { ...claim, headSha: triggeringRun.headSha, subject: `run ${triggeringRun.id}` }
    : { ...claim, headSha: null, subject: 'the pull request' };
}

/** Of the others it is the base, or the default branch. */
const DEFAULT_IS_THE_PROPOSAL: ReadonlySet<string> = new Set(['pull_request', 'merge_group']);

function remedyFor({ event, lookedUp, pullRequest, triggeringRun }: GitHubContext): string {
  if (lookedUp) {
    return 'Take the id of its head once, give it to `ref` of actions/checkout (examples/workflows/on-demand-gpu.yml), and start the run again where the pull request has moved on since.';
  }
  if (event === 'pull_request_target') {
    return 'On pull_request_target actions/checkout takes the base branch. Measure on pull_request; docs/github.md, "Pull requests from forks", says how forks get their comment.';
  }
  if (triggeringRun) return 'Measure in that run, and report from this one with `mode: report`.';
  if (pullRequest && pullRequest.headSha === null) {
    return 'Give the job `pull-requests: read` and the input `token`, so that it can be looked up.';
  }
  return 'Leave `ref` of actions/checkout out, or give it the id of the head, `github.event.pull_request.head.sha`. What steps commit is pushed after measuring.';
}
