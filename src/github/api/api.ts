/** The GitHub client: the runner's API address and proxy, a time limit and retries on every request. */
import { setTimeout as pause } from 'node:timers/promises';
import { getOctokit } from '@actions/github';
import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import { mayHaveHappened, retryDelayMs } from './faults.js';

export type Api = ReturnType<typeof getOctokit>;

export interface ApiOptions {
  token: string;
  /** e.g. https://api.github.com, or https://HOST/api/v3 on GitHub Enterprise Server. */
  apiUrl: string;
  log: Log;
  sleep?: (ms: number) => Promise<unknown>;
  /** Limit of each attempt. */
  timeoutMs?: number;
}

/** No request may take longer: a job that hangs costs more than a missing comment. */
const REQUEST_TIMEOUT_MS = 30_000;

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export function createApi(options: ApiOptions): Api {
  const { token, apiUrl, log, sleep = pause, timeoutMs = REQUEST_TIMEOUT_MS } = options;
  const api = getOctokit(token, { baseUrl: apiUrl, log: quiet, userAgent: 'quantgate' });
  api.hook.wrap('request', async (request, asked) => {
    for (let attempt = 1; ; attempt++) {
      try {
        // Changed in place: what a wrapping hook hands on is ignored when another one, the token's, lies below it.
        asked.request = { ...asked.request, signal: AbortSignal.timeout(timeoutMs) };
        const answer = await request(asked);
        assertNoPage(answer.headers['content-type'], apiUrl);
        return answer;
      } catch (error) {
        const again = !(sentOnce(asked) && mayHaveHappened(error));
        const delayMs = again ? retryDelayMs(error, attempt) : null;
        if (delayMs === null) throw error;
        log.debug(`${asked.method} ${asked.url}: ${messageOf(error)}; again in ${delayMs} ms`);
        await sleep(delayMs);
      }
    }
  });
  return api;
}

/** A proxy or a sign-in page answers any request with 200. */
function assertNoPage(contentType: string | number | undefined, apiUrl: string): void {
  if (!String(contentType ?? '').startsWith('text/html')) return;
  throw new Error(
    `a web page answers at ${apiUrl} in the place of GitHub's API: a proxy, or a page to sign in`,
  );
}

/** Marks a request that must not be sent again when it may have arrived: its caller looks first (comment.ts). */
export const ONCE = { quantgateOnce: true };

function sentOnce(options: { request?: object }): boolean {
  return (options.request as Partial<typeof ONCE> | undefined)?.quantgateOnce === true;
}
