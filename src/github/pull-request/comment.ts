/** The sticky comment: one per key and author, created once, updated after, never doubled. */
import type { Api } from '../api/api.js';
import { ONCE } from '../api/api.js';
import { MAX_ATTEMPTS, mayHaveHappened, statusOf } from '../api/faults.js';
import { mayReplace, type RunStamp, STAMP_BYTES, sameRun, stampOf, withStamp } from './run-stamp.js';

export interface CommentTarget {
  owner: string;
  repo: string;
  /** Pull request number. */
  number: number;
}

export interface PostedComment {
  id: number;
  url: string;
  /** The comment is that of a newer run, and was left as it is. */
  ofNewerRun: boolean;
}

export interface StickyComment {
  marker: string;
  /** Begins with `marker`. */
  body: string;
  /** Default: none; then any run may replace the comment. */
  stamp?: RunStamp | null;
}

interface FoundComment {
  id: number;
  url: string;
  body: string;
  author: string;
  stamp: RunStamp | null;
}

/** Told of a writing whose answer was lost, or that broke GitHub: the next look says whether it arrived. */
type OnLost = (error: unknown) => void;

/** GitHub's limit for a comment body, counted here in bytes: never more than the characters it counts. */
export const MAX_COMMENT_BYTES = 65_535 - STAMP_BYTES;

/**
 * Writes `body` as the one comment of this marker and author, unless a newer run has written it. Duplicates that racing jobs left are
 * deleted; the oldest stays, with the newest run's text. Throws octokit's RequestError when GitHub refuses.
 */
export async function upsertComment(
  api: Api,
  target: CommentTarget,
  comment: StickyComment,
): Promise<PostedComment> {
  const posted = await converge(api, target, comment, (mine, onLost) => create(api, target, mine, onLost));
  if (posted) return posted;
  throw new Error(`the comment did not stay on #${target.number} after ${MAX_ATTEMPTS} attempts`);
}

/** The same for a comment that is there; null: there is none, and none is made. */
export async function refreshComment(
  api: Api,
  target: CommentTarget,
  comment: StickyComment,
): Promise<PostedComment | null> {
  return await converge(api, target, comment, null);
}

/** `make` is for a comment that isn't there yet; null when it may not be made, or didn't stay. Throws the last failure when each writing failed. */
async function converge(
  api: Api,
  target: CommentTarget,
  { marker, body, stamp = null }: StickyComment,
  make: ((body: string, onLost: OnLost) => Promise<FoundComment | null>) | null,
): Promise<PostedComment | null> {
  const mine = { body: withStamp(body, stamp), stamp };
  let written: FoundComment | null = null;
  let lost: unknown = null;
  const onLost: OnLost = (error) => {
    lost = error;
  };
  // Every writing is followed by another look: of two that write at the same moment, one sees both.
  for (let look = 1; look <= MAX_ATTEMPTS; look++) {
    const own: FoundComment[] = await findOwn(api, target, marker, written);
    const [oldest, ...duplicates] = own;
    if (!oldest) {
      if (written || !make) break; // a listing may lag behind
      written = await make(mine.body, onLost);
      continue;
    }
    const holds = holding(own, mine, written !== null);
    if (oldest.body === holds.body && duplicates.length === 0) return posted(oldest, holds.ofNewerRun);
    const upToDate =
      oldest.body === holds.body ||
      (await update(api, target, { comment: oldest, body: holds.body, onLost }));
    if (!upToDate) continue;
    await deleteAll(api, target, duplicates);
    written = oldest;
  }
  if (!written && lost !== null) throw lost;
  return written && posted(written, false);
}

/** What the one comment should say: ours, or what stands there already. */
function holding(
  own: readonly FoundComment[],
  mine: { body: string; stamp: RunStamp | null },
  written: boolean,
): { body: string; ofNewerRun: boolean } {
  // Of several that racing jobs left, the one that none of the others may replace.
  const newest = own.reduce((found, one) => (mayReplace(one.stamp, found.stamp) ? one : found));
  const ours = sameRun(mine.stamp, newest.stamp);
  if (!mayReplace(mine.stamp, newest.stamp)) return { body: newest.body, ofNewerRun: !ours };
  // What another job of this run wrote after us stands as well as ours.
  return { body: written && ours ? newest.body : mine.body, ofNewerRun: false };
}

/** Comments with the marker by this token's author, oldest first. */
async function findOwn(
  api: Api,
  { owner, repo, number }: CommentTarget,
  marker: string,
  written: FoundComment | null,
): Promise<FoundComment[]> {
  const list = api.paginate(api.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  // Whether what was written stays is worth a look, but not a failure.
  const comments = await (written ? list.catch(() => []) : list);
  const marked = comments.map(foundComment).filter(({ body }) => body.startsWith(marker));
  if (marked.length === 0) return [];
  // Only asked when there is a candidate: someone else may have copied the marker into their own comment.
  const self = written?.author ?? (await viewer(api));
  return marked.filter((comment) => comment.author === self).sort((a, b) => a.id - b.id);
}

/** Author of what this token posts, without `[bot]`: GraphQL answers for every kind of token, `GET /user` doesn't. */
async function viewer(api: Api): Promise<string> {
  try {
    const answer = await api.graphql<{ viewer: { login: string } }>('query { viewer { login } }');
    return plainLogin(answer.viewer.login);
  } catch {
    return 'github-actions';
  }
}

/** null: the request may or may not have been carried out. */
async function create(
  api: Api,
  target: CommentTarget,
  body: string,
  onLost: OnLost,
): Promise<FoundComment | null> {
  const { owner, repo, number } = target;
  try {
    const request = { owner, repo, issue_number: number, body, request: ONCE };
    return foundComment((await api.rest.issues.createComment(request)).data);
  } catch (error) {
    if (!mayHaveHappened(error)) throw error;
    onLost(error);
    return null;
  }
}

/** false: it is gone or changed since it was listed, or the answer was lost. The next look tells. */
async function update(
  api: Api,
  { owner, repo }: CommentTarget,
  { comment, body, onLost }: { comment: FoundComment; body: string; onLost: OnLost },
): Promise<boolean> {
  const { id, body: listed } = comment;
  const at = { owner, repo, comment_id: id };
  try {
    // GitHub has no conditional update: the last look comes right before it, and it is sent once. What is sent again
    // after half a minute could replace what a newer run wrote meanwhile.
    const { data } = await api.rest.issues.getComment(at);
    if (foundComment(data).body !== listed) return false;
    await api.rest.issues.updateComment({ ...at, body, request: ONCE });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    if (!mayHaveHappened(error)) throw error;
    onLost(error);
    return false;
  }
}

/** A duplicate that can't be deleted now is deleted by the next run; one that is gone already is what we want. */
async function deleteAll(api: Api, { owner, repo }: CommentTarget, comments: FoundComment[]): Promise<void> {
  for (const { id } of comments) {
    await api.rest.issues.deleteComment({ owner, repo, comment_id: id }).catch(() => undefined);
  }
}

function foundComment(data: {
  id: number;
  html_url: string;
  body?: string;
  user: { login: string } | null;
}): FoundComment {
  const body = data.body ?? '';
  const author = plainLogin(data.user?.login ?? '');
  return { id: data.id, url: data.html_url, body, author, stamp: stampOf(body) };
}

function posted({ id, url }: FoundComment, ofNewerRun: boolean): PostedComment {
  return { id, url, ofNewerRun };
}

/** REST says `github-actions[bot]`, GraphQL may say `github-actions`. */
function plainLogin(login: string): string {
  return login.replace(/\[bot\]$/, '');
}
