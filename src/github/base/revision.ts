/** Which commit to compare with, made available locally: shallow clones are deepened step by step until the merge base is there, and
 *  fetched whole if it isn't there by then. */
import { Interrupted, messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Git } from './git.js';

export interface BaseRequest {
  /** A revision the user named; its merge base with HEAD is taken. */
  ref: string | null;
  /** What the event says: the base of a pull request, of a merge group, or the commit before a push. */
  eventSha: string | null;
  /** Head of the pull request; null outside pull requests, where `eventSha` itself is the base. */
  pullRequestHead: string | null;
  log: Log;
}

export interface BaseRevision {
  sha: string;
  /** Something the reader should know, e.g. that the merge base was out of reach. */
  note: string | null;
}

/** Commits fetched beyond the present boundary, step by step; the last step fetches all there are. */
const DEEPEN_STEPS = [50, 200, 1000] as const;

/** null: there is nothing to compare with, or it can't be had, which is logged. Throws Interrupted. */
export async function findBaseRevision(git: Git, request: BaseRequest): Promise<BaseRevision | null> {
  const { ref, eventSha, pullRequestHead, log } = request;
  const fetcher = new Fetcher(git, request);
  try {
    if (ref) return await mergeBase(git, fetcher, await resolveRef(git, fetcher, ref));
    if (!eventSha) return null;
    const [first, second] = await parents(git, 'HEAD');
    if (first && second && pullRequestHead && second === pullRequestHead) {
      return { sha: await fetcher.require(first), note: null };
    }
    const base = await fetcher.require(eventSha);
    return pullRequestHead ? await mergeBase(git, fetcher, base) : { sha: base, note: null };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const wanted = ref ?? eventSha;
    log.warn(`The base ${wanted} is not available, so nothing is compared with it: ${messageOf(error)}`);
    return null;
  }
}

/** From the commit object itself: in a shallow clone `HEAD^1` doesn't resolve although the merge commit names it. */
async function parents(git: Git, revision: string): Promise<string[]> {
  const commit = await git.run(['cat-file', 'commit', revision]);
  const header = commit.split('\n\n', 1)[0]!;
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, sha]) => sha!);
}

async function resolveRef(git: Git, fetcher: Fetcher, ref: string): Promise<string> {
  for (const name of [ref, `refs/remotes/${await git.remote()}/${ref}`]) {
    const found = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
    if (found) return found;
  }
  await fetcher.fetch(await fetcher.depth(), [ref]);
  return await git.run(['rev-parse', '--verify', 'FETCH_HEAD^{commit}']);
}

async function mergeBase(git: Git, fetcher: Fetcher, sha: string): Promise<BaseRevision> {
  const find = () => git.ask(['merge-base', 'HEAD', sha]);
  let found = await find();
  const steps = [...DEEPEN_STEPS.map((count) => `--deepen=${count}`), '--unshallow'];
  for (const step of steps) {
    if (found || !(await isShallow(git))) break;
    const head = await git.run(['rev-parse', 'HEAD']);
    // --deepen counts from the present boundary; both sides have to reach back.
    const fetched = await fetcher.fetch([step], [head, sha]).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Interrupted) throw error;
        return false;
      },
    );
    if (!fetched) break;
    found = await find();
  }
  if (found) return { sha: found, note: null };
  return {
    sha,
    note: `The merge base with ${sha.slice(0, 12)} is out of reach, so that commit itself is the base.`,
  };
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.run(['rev-parse', '--is-shallow-repository'])) === 'true';
}

class Fetcher {
  readonly #git: Git;
  readonly #request: BaseRequest;

  constructor(git: Git, request: BaseRequest) {
    this.#git = git;
    this.#request = request;
  }

  /** Fetches a commit that isn't here. */
  async require(sha: string): Promise<string> {
    const present = await this.#git.ask(['rev-parse', '--verify', '--quiet', `${sha}^{commit}`]);
    if (!present) await this.fetch(await this.depth(), [sha]);
    return sha;
  }

  /** One commit where history is cut anyway; a full clone must stay one. */
  async depth(): Promise<string[]> {
    return (await isShallow(this.#git)) ? ['--depth=1'] : [];
  }

  async fetch(options: readonly string[], revisions: readonly string[]): Promise<void> {
    const shared = ['--no-tags', '--no-recurse-submodules', '--no-write-commit-graph', '--quiet'];
    const args = ['fetch', ...shared, ...options, '--end-of-options', await this.#git.remote(), ...revisions];
    this.#request.log.debug(`git ${args.join(' ')}`);
    await this.#git.runRemote(args);
  }
}
