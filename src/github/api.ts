/** The GitHub client: the runner's API address and proxy, a time limit and retries on every request. */
import { setTimeout as pause } from 'node:timers/promises';
import { getOctokit } from '@actions/github';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { mayHaveHappened, retryDelayMs } from './faults.js';

export type Api = ReturnType<typeof getOctokit>;

export interface ApiOptions {
  token: string;
  /** e.g. https://api.github.com, or https://HOST/api/v3 on GitHub Enterprise Server. */
  apiUrl: string;
  log: Log;
  sleep?: (ms: number) => Promise<unknown>;
}

/** No request may take longer: a job that hangs costs more than a missing comment. */
const REQUEST_TIMEOUT_MS = 30_000;

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export function createApi({ token, apiUrl, log, sleep = pause }: ApiOptions): Api {
  const api = getOctokit(token, { baseUrl: apiUrl, log: quiet, userAgent: 'quantgate' });
  api.hook.wrap('request', async (request, options) => {
    for (let attempt = 1; ; attempt++) {
      try {
        const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
        return await request({ ...options, request: { ...options.request, signal } });
      } catch (error) {
        const again = !(sentOnce(options) && mayHaveHappened(error));
        const delayMs = again ? retryDelayMs(error, attempt) : null;
        if (delayMs === null) throw error;
        log.debug(`${options.method} ${options.url}: ${messageOf(error)}; again in ${delayMs} ms`);
        await sleep(delayMs);
      }
    }
  });
  return api;
}

/** Marks a request that must not be sent again when it may have arrived: its caller looks first (comment.ts). */
export const ONCE = { quantgateOnce: true };

function sentOnce(options: { request?: object }): boolean {
  return (options.request as Partial<typeof ONCE> | undefined)?.quantgateOnce === true;
}
