import { expect, it } from 'vitest';
import { apiDescription } from './api-description.js';

const problem = (method: string, path: string, query: Record<string, string>, body: unknown = null) =>
  apiDescription().find(method, path)?.problem(query, body) ?? null;

it("GitHub's description finds requests that it would refuse", () => {
  const comments = '/repos/o/r/issues/7/comments';
  expect(apiDescription().find('GET', '/repos/o/r/issues/7/nothing')).toBeNull();
  expect(problem('POST', comments, {}, { body: 'x' })).toBeNull();
  expect(problem('POST', comments, {}, { bdy: 'x' })).toContain('body');
  expect(problem('GET', comments, { per_page: '100' })).toBeNull();
  expect(problem('GET', comments, { per_page: 'many' })).toContain('per_page');
  expect(problem('GET', comments, { pages: '2' })).toContain('unknown query parameter pages');
  expect(problem('GET', '/repos/o/r/pulls', { state: 'ajar' })).toContain('state');
});

it('a ref may hold slashes, encoded or not', () => {
  for (const ref of ['heads/a/b', 'heads%2Fa%2Fb'])
    expect(apiDescription().find('GET', `/repos/o/r/git/ref/${ref}`)).toMatchObject({
      name: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
      parameters: { owner: 'o', repo: 'r', ref: 'heads/a/b' },
    });
});
