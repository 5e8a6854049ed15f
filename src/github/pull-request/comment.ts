/** The sticky comment: one per key and author, created once, updated after, never doubled. */
import type { Api } from '../api/api.js';
import { ONCE } from '../api/api.js';
import { MAX_ATTEMPTS, mayHaveHappened, statusOf } from '../api/faults.js';

export interface CommentTarget {
  owner: string;
  repo: string;
  /** Pull request number. */
  number: number;
}

export interface PostedComment {
  id: number;
  url: string;
}

interface FoundComment extends PostedComment {
  body: string;
  author: string;
}

/** GitHub's limit for a comment body, counted here in bytes: never more than the characters it counts. */
export const MAX_COMMENT_BYTES = 65_535;

/**
 * Writes `body` (which begins with `marker`) as the one comment of this marker and author. Duplicates that racing jobs
 * left are deleted; the oldest stays. Throws octokit's RequestError when GitHub refuses.
 */
export async function upsertComment(
  api: Api,
  target: CommentTarget,
  comment: { marker: string; body: string },
): Promise<PostedComment> {
  const { marker, body } = comment;
  for (let attempt = 1; ; attempt++) {
    const [oldest, ...duplicates] = await findOwn(api, target, marker);
    await deleteAll(api, target, duplicates);
    if (oldest) {
      if (oldest.body === body) return posted(oldest);
      const updated = await update(api, target, oldest.id, body);
      if (updated) return updated;
      // Deleted since it was listed, by a racing job or a person: look again.
    } else {
      const created = await create(api, target, body);
      if (created) return settle(api, target, created, comment);
      // The answer was lost: the next look tells whether the comment arrived.
    }
    if (attempt >= MAX_ATTEMPTS) {
      throw new Error(`the comment did not stay on #${target.number} after ${attempt} attempts`);
    }
  }
}

/** After creating: another job may have created one at the same moment. All keep the oldest. */
async function settle(
  api: Api,
  target: CommentTarget,
  created: FoundComment,
  { marker, body }: { marker: string; body: string },
): Promise<PostedComment> {
  const own = await findOwn(api, target, marker, created.author).catch(() => []);
  const [oldest, ...duplicates] = own;
  if (!oldest || duplicates.length === 0) return posted(created);
  await deleteAll(api, target, duplicates);
  if (oldest.id === created.id) return posted(created);
  return (await update(api, target, oldest.id, body).catch(() => null)) ?? posted(oldest);
}

/** Comments with the marker by this token's author, oldest first. */
async function findOwn(
  api: Api,
  target: CommentTarget,
  marker: string,
  author?: string,
): Promise<FoundComment[]> {
  const { owner, repo, number } = target;
  const comments = await api.paginate(api.rest.issues.listComments, {
    owner,
    repo,
    issue_number: number,
    per_page: 100,
  });
  const marked = comments.map(foundComment).filter(({ body }) => body.startsWith(marker));
  if (marked.length === 0) return [];
  // Only asked when there is a candidate: someone else may have copied the marker into their own comment.
  const self = author ?? (await viewer(api));
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
async function create(api: Api, target: CommentTarget, body: string): Promise<FoundComment | null> {
  const { owner, repo, number } = target;
  try {
    const request = { owner, repo, issue_number: number, body, request: ONCE };
    return foundComment((await api.rest.issues.createComment(request)).data);
  } catch (error) {
    if (mayHaveHappened(error)) return null;
    throw error;
  }
}

/** null: there is no such comment any more. */
async function update(
  api: Api,
  target: CommentTarget,
  id: number,
  body: string,
): Promise<PostedComment | null> {
  const { owner, repo } = target;
  try {
    const { data } = await api.rest.issues.updateComment({ owner, repo, comment_id: id, body });
    return { id: data.id, url: data.html_url };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
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
  return {
    id: data.id,
    url: data.html_url,
    body: data.body ?? '',
    author: plainLogin(data.user?.login ?? ''),
  };
}

function posted({ id, url }: PostedComment): PostedComment {
  return { id, url };
}

/** REST says `github-actions[bot]`, GraphQL may say `github-actions`. */
function plainLogin(login: string): string {
  return login.replace(/\[bot\]$/, '');
}
