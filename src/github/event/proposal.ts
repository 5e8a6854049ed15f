/** Whether a run is about someone's proposal, which its base must judge, and what is missing where the event names no base. Pure. */
import type { GitHubContext } from './context.js';

/** A pull request or a merge group, or what is measured on behalf of one. */
export function isProposal({ event, pullRequest, triggeringRun }: GitHubContext): boolean {
  return pullRequest !== null || PROPOSING.has(event) || PROPOSING.has(triggeringRun?.event ?? '');
}

const PROPOSING: ReadonlySet<string> = new Set(['pull_request', 'pull_request_target', 'merge_group']);

/** Of a proposal whose event names no base. */
export function noBaseNamed({ event, pullRequest }: GitHubContext): { cause: string; remedy: string } {
  if (PROPOSING.has(event) && pullRequest === null) {
    return {
      cause: `The payload of the event ${event} (GITHUB_EVENT_PATH) is missing, or names no base.`,
      remedy:
        'Let the action run in the job that the event started, with the environment that the runner gives it.',
    };
  }
  return {
    cause: `The event ${event} doesn't tell the base of the pull request.`,
    remedy: 'Name the branch that it is to be merged into in the input `base`.',
  };
}
