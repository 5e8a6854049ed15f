import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApi } from '../../../src/github/api/api.js';
import { refreshComment, upsertComment } from '../../../src/github/pull-request/comment.js';
import {
  type RunStamp,
  STAMP_BYTES,
  stampOf,
  withStamp,
} from '../../../src/github/pull-request/run-stamp.js';
import { SILENT } from '../../../src/log.js';
import { marker as markerOf } from '../../../src/report/words/escape.js';
import { FakeGitHub } from '../fake-github.js';

const target = { owner: 'o', repo: 'r', number: 7 };
const marker = markerOf('default');
const comment = (text: string) => ({ marker, body: `${marker}\n${text}` });
const REPO = '/repos/{owner}/{repo}';
const LIST = `GET ${REPO}/issues/{issue_number}/comments`;
const CREATE = `POST ${REPO}/issues/{issue_number}/comments`;
const GET = `GET ${REPO}/issues/comments/{comment_id}`;
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
      ofNewerRun: false,
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

describe('a comment of several runs', () => {
  const [H1, H2] = ['a'.repeat(40), 'b'.repeat(40)];
  const stamp = (id: number, attempt = 1, headSha = H1) => ({ id, attempt, headSha });
  const by = (text: string, of: RunStamp) => upsertComment(api(), target, { ...comment(text), stamp: of });
  const texts = () => bodies().map((body) => body.split('\n')[1]);

  it('keeps what the newer run wrote when an older one ends later, and the older one is told', async () => {
    const newer = await by('newer', stamp(12, 1, H2));
    const older = await by('older', stamp(11));
    expect(texts()).toEqual(['newer']);
    expect(older).toEqual({ ...newer, ofNewerRun: true });
  });

  it('is that of the newer run although the older one commented first', async () => {
    await by('older', stamp(11));
    expect((await by('newer', stamp(12))).ofNewerRun).toBe(false);
    expect(texts()).toEqual(['newer']);
  });

  it('follows a run that somebody runs again, not an attempt that was given up', async () => {
    await by('second attempt', stamp(11, 2));
    await by('first attempt', stamp(11, 1));
    expect(texts()).toEqual(['second attempt']);
    await by('third attempt', stamp(11, 3));
    expect(texts()).toEqual(['third attempt']);
  });

  it('is replaced by an older run that is run again for the same commit, never for an earlier commit', async () => {
    await by('labelled', stamp(12, 1, H1));
    await by('pushed, run again', stamp(11, 2, H1));
    expect(texts()).toEqual(['pushed, run again']);
    await by('next push', stamp(13, 1, H2));
    await by('pushed, run a third time', stamp(11, 3, H1));
    expect(texts()).toEqual(['next push']);
  });

  it('of a version that did not stamp is replaced by any run', async () => {
    github.addComment(7, `${marker}\nunstamped`);
    await by('stamped', stamp(1));
    expect(texts()).toEqual(['stamped']);
  });

  it('has the newest text when racing runs created two', async () => {
    for (const [first, second] of [
      [11, 12],
      [12, 11],
    ] as const) {
      github.comments.length = 0;
      for (const id of [first, second])
        github.addComment(7, withStamp(`${marker}\nrun ${id}`, stamp(id, 1, H2)));
      const [oldest] = github.comments;
      expect(await by('run 10', stamp(10))).toMatchObject({ id: oldest!.id, ofNewerRun: true });
      expect(texts()).toEqual(['run 12']);
    }
  });

  it('keeps the newer text when it is written between the look and the update of the older', async () => {
    github.addComment(7, withStamp(`${marker}\nfirst`, stamp(1)));
    let looked = false;
    github.onRequest = (operation) => {
      if (operation === LIST) looked = true;
      else if (looked && operation === 'POST /graphql')
        github.comments[0]!.body = withStamp(`${marker}\nnewer`, stamp(12, 1, H2));
    };
    expect((await by('older', stamp(11))).ofNewerRun).toBe(true);
    expect(texts()).toEqual(['newer']);
    expect(github.operations()).not.toContain(UPDATE);
  });

  it('gets the newer text again when the older overwrote it at the same moment', async () => {
    github.addComment(7, withStamp(`${marker}\nfirst`, stamp(1)));
    let updates = 0;
    github.onRequest = (operation) => {
      // Right after ours was written, the older one's update arrives.
      if (operation === UPDATE) updates++;
      else if (operation === LIST && updates === 1)
        github.comments[0]!.body = withStamp(`${marker}\nolder`, stamp(11));
    };
    await by('newer', stamp(12, 1, H2));
    expect(texts()).toEqual(['newer']);
  });

  it('is not sent again when its answer was lost, without another look', async () => {
    github.addComment(7, withStamp(`${marker}\nfirst`, stamp(1)));
    github.faults.push({ operation: UPDATE, status: 'cut', times: 1 });
    github.onRequest = (operation) => {
      // While the lost update is waited for, a newer run comments.
      if (operation === UPDATE) setNewer();
    };
    const setNewer = () => {
      github.comments[0]!.body = withStamp(`${marker}\nnewer`, stamp(12, 1, H2));
    };
    expect((await by('older', stamp(11))).ofNewerRun).toBe(true);
    expect(texts()).toEqual(['newer']);
  });

  it('is the newer one after 20 pairs of an older and a newer run at the same moment', async () => {
    for (let pair = 0; pair < 20; pair++) {
      const number = 100 + pair;
      const of = [stamp(11), stamp(12, 1, H2)];
      await Promise.all(
        of.map((one) =>
          upsertComment(
            api(`job ${one.id}`),
            { ...target, number },
            { ...comment(`run ${one.id}`), stamp: one },
          ),
        ),
      );
      const [only, ...others] = github.commentsOn(number);
      expect(others).toEqual([]);
      expect(stampOf(only!.body)).toEqual(of[1]);
    }
  });
});

describe('the stamp of a run', () => {
  it('is read back as it was written, and never from text inside', () => {
    for (const stamp of [
      { id: 36_976_702_838, attempt: 3, headSha: 'a'.repeat(64) },
      { id: 1, attempt: 1, headSha: null },
    ]) {
      expect(stampOf(withStamp('text', stamp))).toEqual(stamp);
      expect(Buffer.byteLength(withStamp('', stamp))).toBeLessThanOrEqual(STAMP_BYTES);
      expect(stampOf(`${withStamp('text', stamp)}\nmore text`)).toBeNull();
    }
    expect(stampOf('text')).toBeNull();
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

  for (const operation of [LIST, GET, CREATE, UPDATE, DELETE, 'POST /graphql']) {
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

  it.each([LIST, GET, CREATE, UPDATE])('leaves one comment when the server hangs: %s', async (operation) => {
    if (operation === UPDATE || operation === GET) github.addComment(7, `${marker}\nold`);
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

  it.each([
    ['creating', CREATE, false],
    ['updating', UPDATE, true],
  ])('says what GitHub answered when %s fails to the end', async (_, operation, there) => {
    if (there) github.addComment(7, `${marker}\nold`);
    github.faults.push({ operation, status: 502, times: 9 });
    await expect(upsertComment(api(), target, comment('new'))).rejects.toMatchObject({ status: 502 });
    const refreshed = refreshComment(api(), target, comment('new'));
    await (there
      ? expect(refreshed).rejects.toMatchObject({ status: 502 })
      : expect(refreshed).resolves.toBeNull());
  });

  it('is told from a web page that a proxy answers with', async () => {
    github.faults.push({ operation: LIST, status: 200, headers: { 'content-type': 'text/html' } });
    await expect(upsertComment(api(), target, comment('new'))).rejects.toThrow(/a web page answers at http/);
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
