/** What the event tells: repository, revisions, pull request, fork or not. Pure over the environment and the payload. */
import { readFileSync } from 'node:fs';
import { UserError } from '../../errors.js';
import type { SourceRevision } from '../../terms/report.js';

export interface GitHubContext {
  /** GITHUB_EVENT_NAME; '' outside Actions. */
  event: string;
  owner: string;
  repo: string;
  /** Commit that is checked out by default (GITHUB_SHA): for pull requests the merge commit. */
  sha: string | null;
  ref: string | null;
  defaultBranch: string | null;
  pullRequest: PullRequest | null;
  /** Revision the event says this one should be compared with; null: nothing to compare with. */
  baseSha: string | null;
  /** The run that a workflow_run event reports on: where `mode: report` finds its pull request. */
  triggeringRun: TriggeringRun | null;
  /** What happened to the pull request; null for events that are about something else. */
  labelEvent: LabelEvent | null;
  /** Code that someone without write access may have written. */
  fromFork: boolean;
  /** The pull request is not the event's own: the API was asked. */
  lookedUp: boolean;
  workspace: string;
  serverUrl: string;
  apiUrl: string;
  runUrl: string | null;
  /** GITHUB_RUN_ID: the same for all jobs and attempts of a run; null outside Actions. */
  runId: number | null;
  /** 2 and more when somebody ran it again. */
  runAttempt: number;
}

export interface PullRequest {
  number: number;
  /** null: the event names only the number (issue_comment, merge_group). */
  headSha: string | null;
  baseSha: string | null;
  baseRef: string | null;
}

export interface TriggeringRun {
  id: number;
  attempt: number;
  headSha: string;
  /** owner:branch, as the API's `head` filter wants it; null when the fork is gone. */
  head: string | null;
  event: string;
  /** How it ended: success, failure, cancelled, skipped, timed_out, action_required …; null: not told. */
  conclusion: string | null;
  url: string | null;
}

export interface LabelEvent {
  /** Of the event that started this run. */
  action: string | null;
  label: string | null;
  sender: string | null;
  /** When the event happened, by GitHub's clock: `pull_request.updated_at`. */
  at: string | null;
}

/** Payloads come from outside: every field may be missing. */
type Json = { readonly [key: string]: unknown } | undefined;

/** Reads the context of the running job. Throws UserError when the payload file isn't JSON. */
export function readContext(env: NodeJS.ProcessEnv = process.env): GitHubContext {
  return contextOf(readPayload(env.GITHUB_EVENT_PATH), env);
}

export function contextOf(payload: unknown, env: NodeJS.ProcessEnv): GitHubContext {
  const root = object(payload);
  const repository = object(root?.repository);
  const [owner = '', repo = ''] = (env.GITHUB_REPOSITORY || text(repository?.full_name) || '').split('/');
  const event = env.GITHUB_EVENT_NAME ?? '';
  const serverUrl = (env.GITHUB_SERVER_URL || 'https://github.com').replace(/\/+$/, '');
  const triggeringRun = triggeringRunOf(root);
  return {
    event,
    owner,
    repo,
    sha: env.GITHUB_SHA || null,
    ref: env.GITHUB_REF || null,
    defaultBranch: text(repository?.default_branch),
    pullRequest: pullRequestOf(root, event),
    baseSha: baseShaOf(root, event),
    triggeringRun,
    labelEvent: labelEventOf(root),
    fromFork: isFork(root, `${owner}/${repo}`),
    lookedUp: false,
    workspace: env.GITHUB_WORKSPACE || process.cwd(),
    serverUrl,
    apiUrl: (env.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
    runUrl:
      owner && env.GITHUB_RUN_ID ? `${serverUrl}/${owner}/${repo}/actions/runs/${env.GITHUB_RUN_ID}` : null,
    runId: integer(Number(env.GITHUB_RUN_ID)),
    runAttempt: integer(Number(env.GITHUB_RUN_ATTEMPT)) ?? 1,
  };
}

/** The report's `source` for this event. `baseSha` null: as the event says; `measuredSha`: of the checkout. */
export function sourceRevision(
  context: GitHubContext,
  { baseSha = null, measuredSha = null }: { baseSha?: string | null; measuredSha?: string | null } = {},
): SourceRevision {
  return {
    repository: context.owner ? `${context.owner}/${context.repo}` : null,
    sha: context.pullRequest?.headSha ?? context.sha,
    baseSha: baseSha ?? context.baseSha,
    pullRequest: context.pullRequest?.number ?? null,
    runUrl: context.runUrl,
    measuredSha,
    runId: context.runId,
    runAttempt: context.runAttempt,
  };
}

/** Runs of other events may measure a pull request that they looked up: its commit is not the run's. */
export function isAboutItsHead({ event }: TriggeringRun): boolean {
  return event === 'pull_request' || event === 'merge_group';
}

function readPayload(path: string | undefined): unknown {
  if (!path) return {};
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    return {}; // local runs of the bundle set GITHUB_EVENT_NAME without a payload
  }
  try {
    return JSON.parse(content);
  } catch {
    throw new UserError('github.event', `The event payload ${path} (GITHUB_EVENT_PATH) is not JSON.`);
  }
}

function pullRequestOf(root: Json, event: string): PullRequest | null {
  const pull = object(root?.pull_request);
  const number = integer(pull?.number);
  if (number) {
    const [head, base] = [object(pull?.head), object(pull?.base)];
    return { number, headSha: sha(head?.sha), baseSha: sha(base?.sha), baseRef: text(base?.ref) };
  }
  const issue = object(root?.issue);
  if (event === 'issue_comment' && object(issue?.pull_request) && integer(issue?.number)) {
    return { number: integer(issue?.number)!, headSha: null, baseSha: null, baseRef: null };
  }
  const group = object(root?.merge_group);
  // refs/heads/gh-readonly-queue/<base>/pr-<number>-<sha of the base>
  const queued = /\/pr-(\d+)-[0-9a-f]+$/.exec(text(group?.head_ref) ?? '');
  if (queued) {
    return { number: Number(queued[1]), headSha: null, baseSha: sha(group?.base_sha), baseRef: null };
  }
  return null;
}

function baseShaOf(root: Json, event: string): string | null {
  if (event === 'push') return sha(root?.before);
  return sha(object(root?.merge_group)?.base_sha) ?? sha(object(object(root?.pull_request)?.base)?.sha);
}

function labelEventOf(root: Json): LabelEvent | null {
  const pull = object(root?.pull_request);
  if (!pull) return null;
  return {
    action: text(root?.action),
    label: text(object(root?.label)?.name),
    sender: text(object(root?.sender)?.login),
    at: text(pull.updated_at),
  };
}

function triggeringRunOf(root: Json): TriggeringRun | null {
  const run = object(root?.workflow_run);
  const id = integer(run?.id);
  const headSha = sha(run?.head_sha);
  if (!run || !id || !headSha) return null;
  const headOwner = text(object(object(run.head_repository)?.owner)?.login);
  const branch = text(run.head_branch);
  return {
    id,
    attempt: integer(run.run_attempt) ?? 1,
    headSha,
    head: headOwner && branch ? `${headOwner}:${branch}` : null,
    event: text(run.event) ?? '',
    conclusion: text(run.conclusion),
    url: text(run.html_url),
  };
}

/** A head whose repository is another one, or is gone. */
function isFork(root: Json, repository: string): boolean {
  const pull = object(root?.pull_request);
  if (pull) {
    const name = text(object(object(pull.head)?.repo)?.full_name);
    return name?.toLowerCase() !== repository.toLowerCase();
  }
  const run = object(root?.workflow_run);
  if (run) {
    return text(object(run.head_repository)?.full_name)?.toLowerCase() !== repository.toLowerCase();
  }
  // A comment on a pull request: the payload doesn't tell whose code it is.
  return Boolean(object(object(root?.issue)?.pull_request));
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function integer(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** A full commit id; the all-zero id stands for "none" (a branch that was just created). */
function sha(value: unknown): string | null {
  const found = text(value);
  return found && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(found) && !/^0+$/.test(found) ? found : null;
}
