/** Which commit to compare with, made available locally. */
import type { Log } from '../../log.js';
import { Fetcher } from './fetch.js';
import type { Git } from './git.js';
import { Unreadable } from './unreadable.js';

export interface BaseRequest {
  /** A revision the user named; its merge base with HEAD is taken. */
  ref: string | null;
  event: BaseEvent;
  /** Whether a name is asked of the remote first (a runner's clone may be old), or looked up in this clone (whose owner works with it). */
  names: 'remote' | 'local';
  log: Log;
}

/** What the event says. */
export interface BaseEvent {
  /** The base of a pull request, of a merge group, or the commit before a push; null: nothing to compare with. */
  sha: string | null;
  /** Branch that `sha` is the tip of: it holds when history was rewritten meanwhile. */
  branch?: string | null;
  /** Head of the pull request; null outside pull requests, where `sha` itself is the base. */
  pullRequestHead: string | null;
  /** Commit that is checked out by default (GITHUB_SHA). */
  checkedOut?: string | null;
}

export interface BaseRevision {
  /** The models' revision: where the head's history left the base's. */
  sha: string;
  /** The thresholds' revision: the base as it is now. A branch that was begun long ago is not judged by the rules of that day. */
  tip: string;
  /** As the user or the event names it; null: by its commit only. */
  name: string | null;
  /** Something the reader should know, e.g. that the merge base was out of reach. */
  note: string | null;
}

/** null: there is nothing to compare with. Throws Unreadable: there is, and it can't be had. */
export async function findBaseRevision(git: Git, request: BaseRequest): Promise<BaseRevision | null> {
  const { ref, event } = request;
  const fetcher = new Fetcher(git, request.log);
  if (ref) {
    const { tip, note } = await resolveRef(git, fetcher, request);
    const found = await fromTip(tip, fetcher, { name: ref, event });
    if (event.pullRequestHead) await assertNotWithin(git, found, event.pullRequestHead);
    return withNote(found, note);
  }
  if (!event.sha) return null;
  const name = event.branch ?? null;
  const merged = await mergedInto(git, event);
  if (merged && (await isHad(fetcher, merged))) return { sha: merged, tip: merged, name, note: null };
  const { tip, note } = await eventTip(fetcher, event);
  const found = event.pullRequestHead
    ? await fromTip(tip, fetcher, { name, event })
    : { sha: tip, tip, name, note: null };
  return withNote(found, note);
}

/**
 * The first parent of the merge commit that GitHub made of base and head. Only of that one, or of one whose first parent is the event's
 * base: a step may have merged anything else.
 */
async function mergedInto(git: Git, { sha, pullRequestHead, checkedOut }: BaseEvent): Promise<string | null> {
  const [first, second, ...more] = await parents(git, 'HEAD');
  if (!first || !second || more.length > 0 || !pullRequestHead || second !== pullRequestHead) return null;
  const head = await git.run(['rev-parse', 'HEAD']);
  return head === checkedOut || first === sha ? first : null;
}

/** From the commit object itself: in a shallow clone `HEAD^1` doesn't resolve although the merge commit names it. */
async function parents(git: Git, revision: string): Promise<string[]> {
  const commit = await git.run(['cat-file', 'commit', revision]);
  const header = commit.split('\n\n', 1)[0]!;
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, sha]) => sha!);
}

async function isHad(fetcher: Fetcher, sha: string): Promise<boolean> {
  return await fetcher.require(sha).then(
    () => true,
    (error) => {
      if (error instanceof Unreadable) return false;
      throw error;
    },
  );
}

/** The event's base; where that commit is gone, its branch as it is now. */
async function eventTip(
  fetcher: Fetcher,
  { sha, branch }: BaseEvent,
): Promise<{ tip: string; note: string | null }> {
  try {
    return { tip: await fetcher.require(sha!), note: null };
  } catch (error) {
    if (!(error instanceof Unreadable) || !branch) throw error;
    const tip = await fetcher.tip(`refs/heads/${branch}`).catch((second: unknown) => {
      throw second instanceof Unreadable ? error : second;
    });
    return { tip, note: `${error.message} The base is ${branch} as it is now.` };
  }
}

async function fromTip(
  tip: string,
  fetcher: Fetcher,
  { name, event }: { name: string | null; event: BaseEvent },
): Promise<BaseRevision> {
  const known = [event.checkedOut, event.pullRequestHead].filter((sha) => typeof sha === 'string');
  const sha = await fetcher.mergeBase(tip, known);
  if (sha) return { sha, tip, name, note: null };
  const note = `The merge base with ${tip.slice(0, 12)} is out of reach, so that commit itself is the base.`;
  return { sha: tip, tip, name, note };
}

/** A base that holds the pull request's commits (its own branch, by mistake) would let it judge itself. */
async function assertNotWithin(git: Git, { tip, name }: BaseRevision, head: string): Promise<void> {
  const within = tip === head || (await git.ask(['merge-base', '--is-ancestor', head, tip])) !== null;
  if (!within) return;
  throw new Unreadable({
    cause: `The base '${name}' contains the pull request itself (${head.slice(0, 12)}), which would be judged by its own thresholds.`,
    remedy: 'Name the branch that it is to be merged into in the input `base`, or leave the input out.',
  });
}

function withNote(revision: BaseRevision, note: string | null): BaseRevision {
  const notes = [note, revision.note].filter((one) => one !== null);
  return { ...revision, note: notes.length > 0 ? notes.join(' ') : null };
}

const FULL_ID = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
/** What git check-ref-format allows: nothing that a refspec or a revision expression is made of. */
const REF_NAME = /^(?![-+./]|@$)(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\s~^:?*[\]\\\p{Cc}]+(?<![./])$/u;

/** A commit, a branch (also as `origin/main`) or a tag. */
async function resolveRef(
  git: Git,
  fetcher: Fetcher,
  { ref, names }: BaseRequest,
): Promise<{ tip: string; note: string | null }> {
  const name = ref!;
  if (FULL_ID.test(name)) return { tip: await fetcher.require(name), note: null };
  const remote = await git.remote();
  const branch = remote !== null && name.startsWith(`${remote}/`) ? name.slice(remote.length + 1) : name;
  const local = () => lookUp(git, [name, `refs/remotes/${remote}/${branch}`]);
  if (names === 'local' || remote === null || !REF_NAME.test(branch)) {
    const found = await local();
    if (found) return { tip: found, note: null };
    if (!REF_NAME.test(branch)) {
      throw new Unreadable({
        cause: `The base '${name}' is no commit of this checkout.`,
        remedy: 'Name a commit by its full id, a branch or a tag.',
      });
    }
  }
  try {
    return { tip: await fetcher.tip(branch), note: null };
  } catch (error) {
    // Not on the remote, or out of reach: a commit in short, or what this clone knew of it.
    const found = error instanceof Unreadable ? await local() : null;
    if (!found) throw error;
    return {
      tip: found,
      note: isShortId(name) ? null : `${(error as Unreadable).message} This checkout's own copy is the base.`,
    };
  }
}

function isShortId(name: string): boolean {
  return /^[0-9a-f]{4,40}$/.test(name);
}

async function lookUp(git: Git, names: readonly string[]): Promise<string | null> {
  for (const name of names) {
    const found = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    if (found) return found;
  }
  return null;
}
