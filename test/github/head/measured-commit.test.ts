import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/github/event/claim.js';
import { measuredCommit } from '../../../src/github/head/measured-commit.js';
import { PullRequestRepository } from '../checkout.js';
import { commit, git } from '../repository.js';

let repository: PullRequestRepository;
beforeEach(() => {
  repository = new PullRequestRepository();
});
afterEach(() => repository.dispose());

const claim = (changes: Partial<Claim> = {}): Claim => ({
  headSha: repository.head,
  defaultSha: repository.merge,
  pullRequest: 7,
  subject: 'pull request #7',
  remedy: 'Do this.',
  ...changes,
});
/** GitHub has what lies in its repository. */
const isPublished = async (sha: string) =>
  git(repository.origin, 'cat-file', '--batch-check', '--batch-all-objects').includes(sha);
const look = (directory: string, changes: Partial<Claim> = {}) =>
  measuredCommit(directory, claim(changes), { isPublished });
const claimed = (sha: string) => ({ state: 'claimed', sha, problem: null });
const stepCommits = (directory: string) => {
  writeFileSync(join(directory, 'model.onnx'), 'made by a step');
  return commit(directory, 'model');
};

describe('what is checked out is the pull request', () => {
  it.each([1, 2, 0])("as GitHub's merge of it, the default (depth %i)", async (depth) => {
    const directory = repository.checkout('refs/pull/7/merge', { depth });
    expect(await look(directory)).toEqual(claimed(repository.merge));
  });

  it.each([1, 0])('as its head, by id or by branch (depth %i)', async (depth) => {
    for (const ref of [repository.head, 'feature'])
      expect(await look(repository.checkout(ref, { depth })), ref).toEqual(claimed(repository.head));
  });

  it.each(['refs/pull/7/merge', 'feature'])('with a commit that a step made on top of %s', async (ref) => {
    const directory = repository.checkout(ref);
    stepCommits(directory);
    const last = stepCommits(directory);
    expect(await look(directory)).toEqual(claimed(last));
  });

  it('as the head with main merged in by a step, whichever parent comes first', async () => {
    repository.push('main', 'later');
    const directory = repository.checkout('feature', { depth: 0 });
    git(directory, 'merge', '-q', '-m', 'merge', 'origin/main');
    expect((await look(directory)).state).toBe('claimed');
    const turned = repository.checkout('main', { depth: 0 });
    git(turned, 'merge', '-q', '--no-ff', '-m', 'merge', 'origin/feature');
    expect((await look(turned)).state).toBe('claimed');
  });

  it("as GitHub's newer merge, when the base has moved on", async () => {
    repository.push('main', 'later');
    const merge = repository.mergeOf(7, repository.head);
    const directory = repository.checkout('refs/pull/7/merge');
    expect(await look(directory, { defaultSha: null })).toEqual(claimed(merge));
  });

  it('in a folder that links lead to', async () => {
    const directory = repository.checkout('refs/pull/7/merge');
    const link = `${directory}-link`;
    symlinkSync(directory, link);
    expect((await look(link)).state).toBe('claimed');
  });

  it('as the default commit of an event without a payload', async () => {
    const directory = repository.checkout('refs/pull/7/merge');
    expect(await look(directory, { headSha: null })).toEqual(claimed(repository.merge));
  });
});

describe('another commit than the pull request', () => {
  const other = async (directory: string, changes: Partial<Claim> = {}) => {
    const found = await look(directory, changes);
    expect(found.state).toBe('other');
    expect(found.sha).toBe(git(directory, 'rev-parse', 'HEAD'));
    expect(found.problem!.remedy).toBe('Do this.');
    return found.problem!.cause;
  };

  it.each([1, 0])('is the base branch, as pull_request_target checks it out (depth %i)', async (depth) => {
    const cause = await other(repository.checkout('main', { depth }), { defaultSha: null });
    expect(cause).toContain(repository.base.slice(0, 12));
    expect(cause).toContain(`which is not ${repository.head.slice(0, 12)}, the head of pull request #7`);
  });

  it.each([1, 2, 0])('is a later push to the same branch (depth %i)', async (depth) => {
    repository.push('feature', 'later');
    const cause = await other(repository.checkout('feature', { depth }));
    expect(cause).toContain('comes from origin/feature: that branch has moved on');
  });

  it('is a later push with a commit of a step on top', async () => {
    const later = repository.push('feature', 'later');
    const directory = repository.checkout('feature');
    stepCommits(directory);
    expect(await other(directory)).toContain(`${later.slice(0, 12)} comes from origin/feature`);
  });

  it('is a later push that a step fetched, which no branch here has', async () => {
    repository.push('feature', 'later');
    for (const args of [
      ['-q', '--detach', 'FETCH_HEAD'],
      ['-q', '-b', 'feature', 'FETCH_HEAD'],
    ]) {
      const directory = repository.checkout('main');
      git(directory, 'fetch', '-q', '--depth=2', repository.origin, 'feature');
      git(directory, 'checkout', ...args);
      expect(await other(directory)).toContain('was not made here: GitHub has it');
      stepCommits(directory);
      expect(await other(directory)).toContain('was not made here: GitHub has it');
    }
  });

  it("is what somebody pushed on top of GitHub's merge", async () => {
    git(repository.origin, 'checkout', '-qb', 'on-top', repository.merge);
    repository.push('on-top', 'on top');
    expect(await other(repository.checkout('on-top', { depth: 3 }))).toContain('comes from origin/on-top');
  });

  it('is not known not to be one when GitHub cannot be asked', async () => {
    const directory = repository.checkout('feature');
    stepCommits(directory);
    const alone = await measuredCommit(directory, claim());
    expect(alone).toMatchObject({
      state: 'other',
      problem: { cause: expect.stringContaining("GitHub can't be asked") },
    });
    const fails = async () => {
      throw new Error('GitHub is away.');
    };
    const away = await measuredCommit(directory, claim(), { isPublished: fails });
    expect(away).toMatchObject({
      state: 'other',
      problem: { cause: expect.stringContaining('GitHub is away.') },
    });
  });

  it('is what was pushed over it', async () => {
    git(repository.origin, 'reset', '-q', '--hard', repository.base);
    repository.push('feature', 'instead');
    expect(await other(repository.checkout('feature'))).toContain('nor holds it');
  });

  it("is GitHub's merge of a later push", async () => {
    repository.mergeOf(7, repository.push('feature', 'later'));
    await other(repository.checkout('refs/pull/7/merge', { depth: 0 }), { defaultSha: null });
  });

  it('is another branch that merged it', async () => {
    git(repository.origin, 'checkout', '-qb', 'develop', 'main');
    git(repository.origin, 'merge', '-q', '--no-ff', '-m', 'merge', 'feature');
    expect(await other(repository.checkout('develop'))).toContain('comes from origin/develop');
  });

  it('is what a step rebased', async () => {
    repository.push('main', 'later');
    const directory = repository.checkout('feature', { depth: 0 });
    git(directory, 'rebase', '-q', 'origin/main');
    await other(directory);
  });

  it('is what a step committed and pushed: its own run measures it', async () => {
    const directory = repository.checkout('feature');
    stepCommits(directory);
    git(repository.origin, 'checkout', '-q', '--detach');
    git(directory, 'push', '-q', 'origin', 'feature');
    expect(await other(directory)).toContain('comes from origin/feature');
  });

  it("is another pull request's merge", async () => {
    git(repository.origin, 'checkout', '-qb', 'second', 'main');
    repository.mergeOf(8, repository.push('second', 'second'));
    await other(repository.checkout('refs/pull/8/merge', { depth: 0 }));
  });

  it('is a merge into a merge group, for the pull request of the group', async () => {
    const directory = repository.checkout('refs/pull/7/merge');
    expect((await look(directory, { headSha: repository.merge })).state).toBe('claimed');
    await other(repository.checkout('feature'), { headSha: repository.merge });
  });
});

describe('a submodule', () => {
  const withSubmodule = () => {
    const models = new PullRequestRepository({ 'model.onnx': 'one' });
    git(repository.origin, 'submodule', '--quiet', 'add', `file://${models.origin}`, 'models');
    const head = repository.push('feature', 'with models');
    const directory = repository.checkout('feature');
    git(directory, 'submodule', '--quiet', 'update', '--init');
    return { models, head, directory, inside: join(directory, 'models') };
  };

  it('counts by the commit of the repository that holds it', async () => {
    const { models, head, inside } = withSubmodule();
    expect(await look(inside, { headSha: head })).toEqual(claimed(head));
    models.dispose();
  });

  it('is not the pull request when it lies at another commit than that names', async () => {
    const { models, head, inside } = withSubmodule();
    commit(inside, 'elsewhere');
    const found = await look(inside, { headSha: head });
    expect(found.state).toBe('other');
    expect(found.problem!.cause).toMatch(/^The submodule models is at [0-9a-f]{12}, not at [0-9a-f]{12}/);
    models.dispose();
  });
});

describe('what git cannot tell', () => {
  it('is said with its cause, where a pull request is to be measured', async () => {
    const directory = repository.checkout('feature');
    rmSync(join(directory, '.git'), { recursive: true });
    const found = await look(directory);
    expect(found).toMatchObject({ state: 'unknown', sha: null });
    expect(found.problem!.cause).toContain('is not in a git work tree');
    expect(await measuredCommit(directory, null)).toEqual({ state: 'claimed', sha: null, problem: null });
  });

  it('is a work tree without a commit', async () => {
    const directory = join(repository.origin, 'fresh');
    mkdirSync(directory);
    execFileSync('git', ['init', '-q'], { cwd: directory });
    expect((await look(directory)).state).toBe('unknown');
  });

  it('is the head that nobody names', async () => {
    const found = await look(repository.checkout('main'), { headSha: null, defaultSha: null });
    expect(found).toMatchObject({ state: 'unknown', sha: repository.base });
    expect(found.problem!.cause).toContain('Nobody says which commit is the head of pull request #7');
  });

  it('is nothing where no pull request is to be measured', async () => {
    expect(await measuredCommit(repository.checkout('main'), null)).toEqual(claimed(repository.base));
  });
});
