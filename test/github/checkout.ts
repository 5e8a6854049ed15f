/** A repository as GitHub has it, with a pull request, and checkouts of it as actions/checkout makes them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { commit, git } from './repository.js';

export class PullRequestRepository {
  readonly #home = mkdtempSync(join(tmpdir(), 'quantgate-pull-request-'));
  readonly origin = join(this.#home, 'origin');
  /** Commit of `main` that the pull request was opened against. */
  readonly base: string;
  /** Head of pull request 7, the branch `feature`. */
  readonly head: string;
  /** GitHub's merge of the two: refs/pull/7/merge. */
  readonly merge: string;
  #checkouts = 0;

  /** `files`: of the base, by path. */
  constructor(files: Record<string, string | Buffer> = { 'README.md': 'base\n' }) {
    mkdirSync(this.origin);
    git(this.origin, 'init', '-q');
    git(this.origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    for (const [path, content] of Object.entries(files)) this.write(path, content);
    this.base = commit(this.origin, 'base');
    git(this.origin, 'checkout', '-qb', 'feature');
    this.head = this.push('feature', 'head');
    this.merge = this.mergeOf(7, this.head);
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.origin, path)), { recursive: true });
    writeFileSync(join(this.origin, path), content);
  }

  /** One more commit on a branch, with whatever was written. */
  push(branch: string, message: string): string {
    git(this.origin, 'checkout', '-q', branch);
    return commit(this.origin, message);
  }

  /** What GitHub makes of a pull request: a merge into `main` that no branch has. */
  mergeOf(number: number, head: string): string {
    git(this.origin, 'checkout', '-q', '--detach', 'main');
    git(this.origin, 'merge', '-q', '--no-ff', '-m', `Merge ${head} into main`, head);
    const merge = git(this.origin, 'rev-parse', 'HEAD');
    git(this.origin, 'update-ref', `refs/pull/${number}/merge`, merge);
    git(this.origin, 'checkout', '-q', 'feature');
    return merge;
  }

  /** `ref`: a branch, refs/pull/N/merge, or a commit. One commit deep unless `depth` says otherwise; 0: everything. */
  checkout(ref: string, { depth = 1 }: { depth?: number } = {}): string {
    const directory = join(this.#home, `checkout-${++this.#checkouts}`);
    mkdirSync(directory);
    git(directory, 'init', '-q');
    git(directory, 'remote', 'add', 'origin', `file://${this.origin}`);
    const isBranch = !/^(refs\/|[0-9a-f]{40}$)/.test(ref);
    const pull = /^refs\/(pull\/\d+\/merge)$/.exec(ref)?.[1];
    const tracked = pull ? `refs/remotes/${pull}` : `refs/remotes/origin/${ref}`;
    const all = depth === 0 ? ['+refs/heads/*:refs/remotes/origin/*'] : [`--depth=${depth}`];
    const wanted = pull ? `+${ref}:${tracked}` : isBranch ? `+refs/heads/${ref}:${tracked}` : ref;
    git(directory, 'fetch', '-q', '--no-tags', ...all.slice(0, depth === 0 ? 0 : 1), 'origin', wanted);
    if (depth === 0) git(directory, 'fetch', '-q', 'origin', ...all);
    if (isBranch) git(directory, 'checkout', '-q', '-B', ref, tracked);
    else git(directory, 'checkout', '-q', '--detach', pull ? tracked : ref);
    return directory;
  }

  dispose(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}
