/** GitHub's failures: which are worth another try, after how long, and what to tell the user when they stay. */

import { certificateAdvice } from '../../system/certificates.js';

/** A failed request as octokit throws it; `status` is 500 without a response when the connection broke. */
interface RequestFailure {
  status: number;
  message: string;
  response?: { headers: Record<string, string | number | undefined>; data?: unknown };
}

/** Longest wait that a job should spend on a rate limit. */
export const MAX_WAIT_MS = 60_000;
export const MAX_ATTEMPTS = 4;
/** First pause after a server error; doubles each time. */
export const BACKOFF_MS = 500;

/** Milliseconds to wait before attempt `attempt + 1` (attempts count from 1); null: another try won't help. */
export function retryDelayMs(error: unknown, attempt: number, nowMs: number = Date.now()): number | null {
  if (attempt >= MAX_ATTEMPTS) return null;
  const failure = requestFailure(error);
  const backoff = BACKOFF_MS * 2 ** (attempt - 1);
  if (!failure?.response) return backoff; // the connection broke or timed out
  const { status } = failure;
  if (isRateLimit(failure)) {
    const wait = rateLimitWaitMs(failure, nowMs) ?? backoff;
    return wait <= MAX_WAIT_MS ? wait : null;
  }
  return status >= 500 || status === 408 ? backoff : null;
}

/** True when the request may have been carried out although it failed: the answer was lost or the server broke. */
export function mayHaveHappened(error: unknown): boolean {
  const failure = requestFailure(error);
  return !failure?.response || failure.status >= 500 || failure.status === 408;
}

export function statusOf(error: unknown): number | null {
  const failure = requestFailure(error);
  return failure?.response ? failure.status : null;
}

/** A ruleset or a branch protection forbids the change: no later attempt will do better. */
export function isRuleViolation(error: unknown): boolean {
  const failure = requestFailure(error);
  return failure?.response !== undefined && isRule(failure);
}

const RULE_WORDS = /rule violation|repository rules|due to \w+ being restricted|protected (branch|ref)/i;

/** `Repository rule violations found`, `Cannot create ref due to creations being restricted`, `Protected branch update failed` … */
function isRule(failure: RequestFailure): boolean {
  // octokit's own message holds the details of `errors`, too.
  return RULE_WORDS.test(`${answerOf(failure)} ${failure.message}`);
}

/** One sentence or two: what could not be done, why, and what to change. `permission` as in a workflow: `pull-requests: write`. */
export function explainFault(error: unknown, doing: string, permission: string): string {
  const failure = requestFailure(error);
  const message = error instanceof Error ? error.message : String(error);
  if (!failure)
    return `Could not ${doing}: ${plain(message)}. The report is in the job summary and in the report files.`;
  if (!failure.response) {
    const advice = certificateAdvice(error) ?? "Check the runner's network and its https_proxy setting.";
    return `Could not ${doing}: no answer from GitHub (${plain(message)}). ${advice}`;
  }
  const said = `GitHub says ${failure.status}: ${plain(answerOf(failure))}`;
  return `Could not ${doing}. ${said}. ${adviceFor(failure, permission)}`;
}

function adviceFor(failure: RequestFailure, permission: string): string {
  if (isRateLimit(failure)) {
    return 'The rate limit is used up; run the job again later, or give it a token of its own (input `token`).';
  }
  if (isRule(failure)) {
    return 'A ruleset or a branch protection of this repository forbids it: exempt the branch (Settings, Rules), or name another one.';
  }
  if (/\blocked\b/i.test(answerOf(failure))) {
    return 'The conversation is locked; the report is in the job summary and in the report files.';
  }
  switch (failure.status) {
    case 401:
      return 'The token is invalid or expired; check the input `token`.';
    case 403:
      return `The token lacks a permission; add \`permissions: { ${permission} }\` to the job. Pull requests from forks get a read-only token: post their report from a second workflow (docs/github.md, "Pull requests from forks").`;
    case 404:
      return `Either it does not exist, or the token may not see it; the job needs \`permissions: { ${permission} }\`.`;
    case 409:
      return 'Someone else changed it at the same time; run the job again.';
    case 410:
      return 'It is gone or switched off in this repository.';
    case 422:
      return 'GitHub refused the content; the report is complete in the job summary and in the report files.';
    default:
      return failure.status >= 500
        ? 'GitHub has a problem; run the job again later.'
        : 'The report is in the job summary and in the report files.';
  }
}

/** 429, or a 403 that is about limits and not about permissions. */
function isRateLimit(failure: RequestFailure): boolean {
  if (failure.status === 429) return true;
  if (failure.status !== 403) return false;
  const headers = failure.response?.headers ?? {};
  return (
    headers['retry-after'] !== undefined ||
    String(headers['x-ratelimit-remaining']) === '0' ||
    /rate limit|abuse/i.test(answerOf(failure))
  );
}

/** Retry-After (seconds or a date), else the moment the limit resets. */
function rateLimitWaitMs(failure: RequestFailure, nowMs: number): number | null {
  const headers = failure.response?.headers ?? {};
  const after = headers['retry-after'];
  if (after !== undefined) {
    const seconds = Number(after);
    const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(after)) - nowMs;
    return Number.isFinite(wait) ? Math.max(0, wait) : null;
  }
  const reset = Number(headers['x-ratelimit-reset']);
  return Number.isFinite(reset) && reset > 0 ? Math.max(0, reset * 1000 - nowMs) : null;
}

function answerOf(failure: RequestFailure): string {
  const data = failure.response?.data;
  const message = typeof data === 'object' && data !== null ? (data as { message?: unknown }).message : null;
  return typeof message === 'string' ? message : failure.message;
}

/** On one line and short: it goes into a workflow command and a job summary. */
function plain(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function requestFailure(error: unknown): RequestFailure | null {
  const isFailure =
    error instanceof Error && typeof (error as unknown as { status?: unknown }).status === 'number';
  return isFailure ? (error as unknown as RequestFailure) : null;
}
