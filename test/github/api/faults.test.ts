import { describe, expect, it } from 'vitest';
import {
  BACKOFF_MS,
  explainFault,
  MAX_WAIT_MS,
  mayHaveHappened,
  retryDelayMs,
} from '../../../src/github/api/faults.js';

const NOW = Date.parse('2026-11-23T12:00:00Z');

function failure(status: number, message = 'no', headers: Record<string, string> | null = {}): Error {
  const response = headers && { headers, data: { message } };
  return Object.assign(new Error(message), { status, ...(response ? { response } : {}) });
}
const broken = failure(500, 'socket hang up', null);
/** As octokit and fetch throw it: the reason is what caused the cause. */
const untrusted = Object.assign(failure(500, 'fetch failed', null), {
  cause: Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('unable to get local issuer certificate'), {
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    }),
  }),
});

describe('another try', () => {
  it('comes after pauses that double', () => {
    expect([1, 2, 3].map((attempt) => retryDelayMs(failure(503), attempt))).toEqual(
      [1, 2, 4].map((n) => n * BACKOFF_MS),
    );
  });

  it('does not come for ever', () => {
    expect(retryDelayMs(failure(503), 4)).toBeNull();
  });

  it.each([
    ['Retry-After in seconds', { 'retry-after': '5' }, 5000],
    ['Retry-After as a date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:09 GMT' }, 9000],
    [
      'the reset of an exhausted limit',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 20) },
      20_000,
    ],
    [
      'nothing when the limit resets in an hour',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 3600) },
      null,
    ],
  ])('waits for %s', (_, headers, expected) => {
    expect(retryDelayMs(failure(403, 'limit', headers), 1, NOW)).toBe(expected);
    expect(expected ?? 0).toBeLessThanOrEqual(MAX_WAIT_MS);
  });

  it('comes when the connection broke', () => {
    expect(retryDelayMs(broken, 1)).toBe(BACKOFF_MS);
  });

  it.each([400, 401, 403, 404, 409, 410, 422])('does not come for a final answer: %i', (status) => {
    expect(retryDelayMs(failure(status), 1)).toBeNull();
  });
});

describe('whether a request may have been carried out', () => {
  it('is open after a broken connection or a server error, and clear after a refusal', () => {
    expect([broken, failure(502)].map(mayHaveHappened)).toEqual([true, true]);
    expect([failure(403), failure(422), failure(429)].map(mayHaveHappened)).toEqual([false, false, false]);
  });
});

describe('the sentence for the user', () => {
  it('names NODE_EXTRA_CA_CERTS for a certificate of an unknown authority, and the proxy for other silence', () => {
    expect(explainFault(untrusted, 'comment', 'x')).toMatch(/set NODE_EXTRA_CA_CERTS to its PEM file/);
    expect(explainFault(broken, 'comment', 'x')).toMatch(/https_proxy setting\.$/);
    const circular = Object.assign(new Error('a'), { status: 500 });
    Object.assign(circular, { cause: circular });
    expect(explainFault(circular, 'comment', 'x')).toMatch(/https_proxy setting\.$/);
  });

  it.each([
    [failure(401, 'Bad credentials'), /Bad credentials.*input `token`/],
    [
      failure(403, 'Resource not accessible by integration'),
      /permissions: \{ pull-requests: write \}.*forks/,
    ],
    [failure(403, 'You have exceeded a secondary rate limit'), /rate limit is used up/],
    [failure(403, 'Unable to create comment because issue is locked.'), /conversation is locked/],
    [failure(404), /pull-requests: write/],
    [failure(409), /run the job again/],
    [failure(410), /gone or switched off/],
    [failure(422, 'Validation Failed'), /Validation Failed.*job summary/],
    [failure(429), /rate limit/],
    [failure(503), /GitHub has a problem/],
    [broken, /no answer from GitHub \(socket hang up\).*https_proxy/],
    [new Error('a web page answers'), /#7: a web page answers\. The report is in the job summary/],
  ])('%s', (error, expected) => {
    const sentence = explainFault(error, 'comment on pull request #7', 'pull-requests: write');
    expect(sentence).toMatch(/^Could not comment on pull request #7/);
    expect(sentence).toMatch(expected);
  });

  it('stays on one line and short, whatever GitHub or a proxy answers', () => {
    const sentence = explainFault(failure(502, `<html>\n${'x'.repeat(5000)}`), 'comment', 'x');
    expect(sentence).not.toContain('\n');
    expect(sentence.length).toBeLessThan(500);
  });
});
