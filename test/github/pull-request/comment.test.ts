import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/github/api/api.js';
import { upsertComment } from '../../../src/github/pull-request/comment.js';
import { SILENT } from '../../../src/log.js';
import { marker as markerOf } from '../../../src/report/escape.js';
import { FakeGitHub } from '../fake-github.js';

const target = { owner: 'o', repo: 'r', number: 7 };
const marker = markerOf('default');
const comment = (text: string) => ({ marker, body: `${marker}\n${text}` });
const REPO = '/repos/{owner}/{repo}';
const LIST = `GET ${REPO}/issues/{issue_number}/comments`;
const CREATE = `POST ${REPO}/issues/{issue_number}/comments`;
const UPDATE = `PATCH ${REPO}/issues/comments/{comment_id}`;
const DELETE = `DELETE ${REPO}/issues/comments/{comment_id}`;

let github: FakeGitHub;
let waits: number[];

beforeEach(async () => {
  github = await new FakeGitHub().start();
  waits = [];
});
afterEach(() => github.stop());

const api = (token = 'token') =>
  createApi({ token, apiUrl: github.url, log: SILENT, sleep: async (ms) => void waits.push(ms) });
const bodies = () => github.commentsOn(7).map(({ body }) => body);

describe('the sticky comment', () => {
  it('is created on the first run', async () => {
    const posted = await upsertComment(api(), target, comment('first'));
    expect(bodies()).toEqual([`${marker}\nfirst`]);
    expect(posted).toEqual({
      id: github.comments[0]!.id,
      url: `https://github.com/o/r/pull/7#issuecomment-${github.comments[0]!.id}`,
    });
  });

  it('is updated on later runs', async () => {
    const first = await upsertComment(api(), target, comment('first'));
    const second = await upsertComment(api(), target, comment('second'));
    expect(second.id).toBe(first.id);
    expect(bodies()).toEqual([`${marker}\nsecond`]);
  });

  it('is left alone when nothing changed', async () => {
    await upsertComment(api(), target, comment('same'));
    await upsertComment(api(), target, comment('same'));
    expect(github.operations()).not.toContain(UPDATE);
  });

  it('is found behind hundreds of other comments', async () => {
    for (let index = 0; index < 250; index++) github.addComment(7, `chat ${index}`, 'someone');
    const own = github.addComment(7, `${marker}\nold`);
    for (let index = 0; index < 60; index++) github.addComment(7, `more ${index}`, 'someone');
    expect((await upsertComment(api(), target, comment('new'))).id).toBe(own.id);
    expect(github.comments.filter(({ body }) => body.startsWith(marker))).toHaveLength(1);
  });

  it("never touches another author's comment with the same marker", async () => {
    const forged = github.addComment(7, `${marker}\nforged`, 'mallory');
    await upsertComment(api(), target, comment('ours'));
    expect(bodies()).toEqual([`${marker}\nforged`, `${marker}\nours`]);
    expect(forged.body).toBe(`${marker}\nforged`);
  });

  it("belongs to whoever the token is, also a person's or another app's", async () => {
    for (const viewer of ['octocat', 'my-app[bot]']) {
      github.viewer = viewer;
      const first = await upsertComment(api(), target, comment(`first by ${viewer}`));
      expect((await upsertComment(api(), target, comment(`second by ${viewer}`))).id).toBe(first.id);
    }
    expect(github.comments).toHaveLength(2);
  });

  it('keeps one comment per key', async () => {
    await upsertComment(api(), target, { marker: markerOf('gpu'), body: `${markerOf('gpu')}\nx` });
    await upsertComment(api(), target, comment('y'));
    expect(github.comments).toHaveLength(2);
  });

  it('is not mistaken for one whose key begins the same', async () => {
    await upsertComment(api(), target, {
      marker: markerOf('default 2'),
      body: `${markerOf('default 2')}\nx`,
    });
    await upsertComment(api(), target, comment('y'));
    expect(github.comments).toHaveLength(2);
  });

  it('replaces duplicates that an earlier race left', async () => {
    const oldest = github.addComment(7, `${marker}\n1`);
    github.addComment(7, `${marker}\n2`);
    github.addComment(7, `${marker}\n3`);
    expect((await upsertComment(api(), target, comment('new'))).id).toBe(oldest.id);
    expect(bodies()).toEqual([`${marker}\nnew`]);
  });

  it('is written anew when it was deleted between looking and updating', async () => {
    github.addComment(7, `${marker}\nold`);
    github.faults.push({ operation: UPDATE, status: 404, times: 1 });
    await upsertComment(api(), target, comment('new'));
    expect(bodies()).toEqual([`${marker}\nnew`]);
  });

  it('is one after 20 pairs of jobs that start at the same moment', async () => {
    for (let pair = 0; pair < 20; pair++) {
      const number = 100 + pair;
      const jobs = ['a', 'b'].map((job) =>
        upsertComment(api(job), { ...target, number }, comment(`by ${job}`)),
      );
      const posted = await Promise.all(jobs);
      expect(github.commentsOn(number)).toHaveLength(1);
      expect(posted.map(({ id }) => id)).toContain(github.commentsOn(number)[0]!.id);
    }
  });
});

describe('a fault while commenting', () => {
  const transient = [
    { status: 500 },
    { status: 502 },
    { status: 503 },
    { status: 'cut' },
    { status: 429, headers: { 'retry-after': '3' } },
    { status: 403, headers: { 'retry-after': '2' }, message: 'You have exceeded a secondary rate limit' },
  ] as const;

  for (const operation of [LIST, CREATE, UPDATE, DELETE, 'POST /graphql']) {
    for (const fault of transient) {
      for (const afterEffect of [false, true]) {
        const effect = afterEffect ? 'after it was carried out' : 'before it was carried out';
        it(`leaves one comment: ${operation}, ${fault.status}, ${effect}`, async () => {
          github.addComment(7, 'chat', 'someone');
          if (operation !== CREATE) {
            github.addComment(7, `${marker}\nold`);
            github.addComment(7, `${marker}\nduplicate`);
          }
          github.faults.push({ operation, ...fault, times: 1, afterEffect });
          await upsertComment(api(), target, comment('new'));
          const own = bodies().filter((body) => body.startsWith(marker));
          expect(own).toEqual([`${marker}\nnew`]);
        });
      }
    }
  }

  it.each([LIST, CREATE, UPDATE])('leaves one comment when the server hangs: %s', async (operation) => {
    if (operation === UPDATE) github.addComment(7, `${marker}\nold`);
    github.faults.push({ operation, status: 'hang', times: 1, afterEffect: true });
    const impatient = createApi({
      token: 't',
      apiUrl: github.url,
      log: SILENT,
      sleep: async () => {},
      timeoutMs: 100,
    });
    await upsertComment(impatient, target, comment('new'));
    expect(bodies()).toEqual([`${marker}\nnew`]);
  });

  it('waits as long as Retry-After says', async () => {
    github.faults.push({ operation: CREATE, status: 429, headers: { 'retry-after': '7' }, times: 1 });
    await upsertComment(api(), target, comment('new'));
    expect(waits).toEqual([7000]);
  });

  it('does not wait for an hour', async () => {
    github.faults.push({ operation: LIST, status: 429, headers: { 'retry-after': '3600' } });
    await expect(upsertComment(api(), target, comment('new'))).rejects.toThrow();
    expect(waits).toEqual([]);
  });

  it('gives up after four attempts', async () => {
    github.faults.push({ operation: LIST, status: 500 });
    await expect(upsertComment(api(), target, comment('new'))).rejects.toThrow();
    expect(github.requests).toHaveLength(4);
  });

  it.each([401, 403, 404, 410, 422])('is not tried again when it is final: %i', async (status) => {
    github.faults.push({ operation: LIST, status });
    await expect(upsertComment(api(), target, comment('new'))).rejects.toThrow();
    expect(github.requests).toHaveLength(1);
  });
});

describe('an Enterprise Server', () => {
  it('is reached below its own base address', async () => {
    github.basePath = '/api/v3';
    github.addComment(7, `${marker}\nold`);
    await upsertComment(api(), target, comment('new'));
    expect(bodies()).toEqual([`${marker}\nnew`]);
  });
});
