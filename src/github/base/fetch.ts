/** Commits and refs that a shallow or narrow checkout lacks: fetched from the remote, as deep as it takes, no deeper. */
import type { Log } from '../../log.js';
import { type Git, GitError } from './git.js';
import { Unreadable } from './unreadable.js';

/** Commits fetched per step towards the merge base. */
const DEEPEN_STEPS = [50, 200, 1000] as const;

export class Fetcher {
  readonly #git: Git;
  readonly #log: Log;

  constructor(git: Git, log: Log) {
    this.#git = git;
    this.#log = log;
  }

  /** Whether the commit is here. */
  async has(sha: string): Promise<boolean> {
    return (await this.#git.ask(['rev-parse', '--verify', '--quiet', `${sha}^{commit}`])) !== null;
  }

  /** Makes sure that the commit and its trees are here. Throws Unreadable. */
  async require(sha: string): Promise<string> {
    if (!(await this.has(sha))) await this.#fetchOne(sha, `The base commit ${sha.slice(0, 12)}`);
    return sha;
  }

  /**
   * The commit that a branch, a tag or `refs/…` of the remote stands for now. Every name is asked for in full, so that none is taken for a
   * refspec or for another kind of ref. Throws Unreadable.
   */
  async tip(name: string): Promise<string> {
    const what = `The base '${name}'`;
    const names = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
    for (const full of names) {
      try {
        await this.#fetchOne(full, what);
        return await this.#git.run(['rev-parse', '--verify', 'FETCH_HEAD^{commit}']);
      } catch (error) {
        const last = full === names.at(-1);
        if (
          last ||
          !(error instanceof Unreadable) ||
          !(error.cause instanceof GitError) ||
          !isMissing(error.cause)
        )
          throw error;
      }
    }
    throw new Error('unreachable');
  }

  /** The best common ancestor of HEAD and `sha`; null: there is none within reach. `known`: commits of HEAD's side that the remote has. */
  async mergeBase(sha: string, known: readonly string[]): Promise<string | null> {
    const find = () => this.#git.ask(['merge-base', 'HEAD', sha]);
    let found = await find();
    for (const step of [...DEEPEN_STEPS.map((count) => `--deepen=${count}`), '--unshallow']) {
      if (found || !(await this.#isShallow())) break;
      if (!(await this.#deepen(step, sha, known))) break;
      found = await find();
    }
    return found;
  }

  /** --deepen counts from the present boundary; both sides have to reach back. A commit made in this job is not on the remote. */
  async #deepen(step: string, sha: string, known: readonly string[]): Promise<boolean> {
    const head = await this.#git.run(['rev-parse', 'HEAD']);
    for (const side of new Set([head, ...known])) {
      try {
        await this.#fetch([step], [side, sha]);
        return true;
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        this.#log.debug(error.message);
      }
    }
    return false;
  }

  async #fetchOne(revision: string, what: string): Promise<void> {
    // One commit where history is cut anyway; a full clone must stay one.
    const depth = (await this.#isShallow()) ? ['--depth=1'] : [];
    try {
      await this.#fetch(depth, [revision]);
    } catch (error) {
      throw unfetched(error, what, (await this.#git.remote()) ?? 'origin');
    }
  }

  async #fetch(options: readonly string[], revisions: readonly string[]): Promise<void> {
    const remote = await this.#git.remote();
    if (remote === null) throw new GitError('git fetch: the repository has no remote');
    const shared = ['--no-tags', '--no-recurse-submodules', '--no-write-commit-graph', '--quiet'];
    const args = ['fetch', ...shared, ...options, '--end-of-options', remote, ...revisions];
    this.#log.debug(`git ${args.join(' ')}`);
    await this.#git.runRemote(args);
  }

  async #isShallow(): Promise<boolean> {
    return (await this.#git.run(['rev-parse', '--is-shallow-repository'])) === 'true';
  }
}

/** The remote answered, and has no such thing. */
function isMissing({ message }: GitError): boolean {
  return /couldn't find remote ref|not our ref|no such remote ref|unadvertised object|did not send all necessary objects/i.test(
    message,
  );
}

const HAVE_IT = 'Or check out with `fetch-depth: 0`, so that nothing has to be fetched.';

/** Why a fetch failed, and what to do. */
function unfetched(error: unknown, what: string, remote: string): unknown {
  if (!(error instanceof GitError)) return error;
  const told = (message: string, remedy: string) =>
    new Unreadable({ cause: `${what} ${message}`, remedy }, { cause: error });
  const { message } = error;
  if (isMissing(error)) {
    return told(
      `is not on ${remote} (any more).`,
      'See whether it was rewritten or removed, and check the input `base` where it is set.',
    );
  }
  if (/has no remote/.test(message)) {
    return told(
      'is not in this checkout, which has no remote to fetch it from.',
      'Check out with `fetch-depth: 0`.',
    );
  }
  if (
    /Authentication failed|could not read (Username|Password)|Permission denied|returned error: 40[13]|Repository not found/i.test(
      message,
    )
  ) {
    return told(
      `can't be fetched: ${remote} refuses (${message}).`,
      `Give the job \`contents: read\` and the input \`token\`. ${HAVE_IT}`,
    );
  }
  return told(
    `can't be fetched from ${remote}: ${message}.`,
    `See that the runner reaches ${remote}. ${HAVE_IT}`,
  );
}
