/**
 * What checkouts, events and machines are like on which a gate opened by accident, with real git repositories. In each the base's bound fails
 * the pull request and its own would let it pass, or the base is what it has grown from.
 */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { commit, git } from '../repository.js';
import { ROOT } from '../runner.js';

export interface Situation {
  /** As the table in docs/fail-closed.md names it. */
  name: string;
  prepare(place: Place): Prepared;
  /** Why it can't be made on this machine; null: it can. */
  skip?: string | null;
}

/** Repositories of one situation: `origin` holds what GitHub would. */
export interface Place {
  home: string;
  origin: string;
}

export interface Prepared {
  /** GITHUB_WORKSPACE. */
  workspace: string;
  event: string;
  /** null: the file is missing. */
  payload: object | null;
  inputs?: Record<string, string>;
  /** GITHUB_SHA. */
  sha?: string;
  env?: Record<string, string>;
}

export const MODEL = readFileSync(join(ROOT, 'examples/digits/digits.onnx'));
/** The same model in another file: an unknown field at its end, which readers skip. */
export const CHANGED = Buffer.concat([MODEL, Buffer.from([0xc0, 0x3e, 0x01])]);
/** No float16 model is a thousandth of its original; every one is smaller. */
const [STRICT, RELAXED] = ['0.001', '0.99'];

export const config = (bound: string) =>
  `version: 1
models:
  - { name: digits, path: models/digits.onnx, task: none, variants: [{ name: half, method: float16 }] }
benchmark: { budget: 1s }
thresholds:
  size.file: { ${bound} }
`;
const limit = (ratio: string) => config(`max-ratio: ${ratio}`);
const REGRESSION = config('max-regression: 5%');

export function write(path: string, content: string | Buffer): void {
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

interface History {
  base: string;
  head: string;
  /** GitHub's merge of the two. */
  merge: string;
}

/** A pull request of one commit that relaxes its bound. */
function propose({ origin }: Place, change: { base?: () => void; head?: () => void } = {}): History {
  git(origin, 'init', '-q');
  for (const name of ['allowReachableSHA1InWant', 'allowTipSHA1InWant'])
    git(origin, 'config', `uploadpack.${name}`, 'true');
  write(join(origin, 'models/digits.onnx'), MODEL);
  write(join(origin, 'quantgate.yml'), limit(STRICT));
  change.base?.();
  const base = commit(origin, 'base');
  git(origin, 'checkout', '-qb', 'feature');
  write(join(origin, 'models/digits.onnx'), CHANGED);
  (change.head ?? (() => write(join(origin, 'quantgate.yml'), limit(RELAXED))))();
  const head = commit(origin, 'head');
  git(origin, 'checkout', '-q', 'main');
  git(
    origin,
    'update-ref',
    'refs/pull/7/merge',
    git(origin, 'commit-tree', '-p', base, '-p', head, '-m', 'merge', `${head}^{tree}`),
  );
  return { base, head, merge: git(origin, 'rev-parse', 'refs/pull/7/merge') };
}

/** As actions/checkout leaves it: detached, `depth` commits of `revision`; null: everything. */
function checkout({ home, origin }: Place, revision: string, depth: number | null = 1): string {
  const workspace = join(home, 'work');
  mkdirSync(workspace);
  git(workspace, 'init', '-q');
  git(workspace, 'remote', 'add', 'origin', `file://${origin}`);
  const all = ['+refs/heads/*:refs/remotes/origin/*', '+refs/pull/*:refs/remotes/pull/*'];
  git(
    workspace,
    'fetch',
    '-q',
    ...(depth === null ? ['origin', ...all] : [`--depth=${depth}`, 'origin', revision]),
  );
  git(workspace, 'checkout', '-q', '--detach', revision);
  return workspace;
}

const REPOSITORY = { full_name: 'o/r', default_branch: 'main' };

const pullRequest = ({ base, head, merge }: History, workspace: string): Prepared => ({
  workspace,
  event: 'pull_request',
  sha: merge,
  payload: {
    action: 'synchronize',
    repository: REPOSITORY,
    pull_request: {
      number: 7,
      head: { sha: head, ref: 'feature', repo: { full_name: 'o/r' } },
      base: { sha: base, ref: 'main', repo: { full_name: 'o/r' } },
    },
  },
});

/** The default: GitHub's merge commit, alone. */
export const merged = (
  place: Place,
  change?: Parameters<typeof propose>[1],
): Prepared & { history: History } => {
  const history = propose(place, change);
  return { ...pullRequest(history, checkout(place, history.merge)), history };
};

/** What no branch leads to any more goes, as it does on GitHub some day. */
function forget({ origin }: Place): void {
  git(origin, 'update-ref', '-d', 'refs/pull/7/merge');
  git(origin, 'reflog', 'expire', '--expire=now', '--all');
  git(origin, 'gc', '--quiet', '--prune=now');
}

const ROOT_ONLY = process.getuid?.() === 0 ? null : 'only root can give files to another user';

/** Everything below belongs to another user, as a checkout does in a container. */
function giveAway(path: string): void {
  chownSync(path, 12_345, 12_345);
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' }))
    chownSync(join(path, name), 12_345, 12_345);
}

/** A folder whose `git` doesn't hear `-c safe.directory`: git before 2.38, else today's without it. */
function oldGit({ home }: Place): Record<string, string> {
  const folder = process.env.QUANTGATE_OLD_GIT ?? join(home, 'bin');
  if (!process.env.QUANTGATE_OLD_GIT) {
    write(
      join(folder, 'git'),
      '#!/bin/bash\nargs=()\nwhile (($#)); do\n  if [[ $1 == -c && $2 == safe.directory=* ]]; then shift 2; else args+=("$1"); shift; fi\ndone\n' +
        `PATH="\${PATH#${folder}:}" exec git "\${args[@]}"\n`,
    );
    chmodSync(join(folder, 'git'), 0o755);
  }
  return { PATH: `${folder}:${process.env.PATH}` };
}

export const SITUATIONS: readonly Situation[] = [
  { name: "GitHub's merge commit alone, the default of actions/checkout", prepare: (place) => merged(place) },
  {
    name: "the pull request's head, with all history (`fetch-depth: 0`)",
    prepare: (place) => {
      const history = propose(place);
      return pullRequest(history, checkout(place, history.head, null));
    },
  },
  {
    name: 'the head of a branch that was begun before the base had a quantgate.yml',
    prepare: (place) => {
      const { origin } = place;
      git(origin, 'init', '-q');
      git(origin, 'config', 'uploadpack.allowReachableSHA1InWant', 'true');
      write(join(origin, 'models/digits.onnx'), MODEL);
      commit(origin, 'long ago');
      git(origin, 'checkout', '-qb', 'feature');
      write(join(origin, 'quantgate.yml'), limit(RELAXED));
      const head = commit(origin, 'head');
      git(origin, 'checkout', '-q', 'main');
      write(join(origin, 'quantgate.yml'), limit(STRICT));
      const base = commit(origin, 'adopted');
      return pullRequest({ base, head, merge: head }, checkout(place, head));
    },
  },
  {
    name: '`_work` is a link to another disk',
    prepare: (place) => {
      const run = merged(place);
      symlinkSync(run.workspace, join(place.home, 'link'));
      return { ...run, workspace: join(place.home, 'link') };
    },
  },
  {
    name: '`working-directory` is a link that git does not know',
    prepare: (place) => {
      const { origin } = place;
      const move = (bound: string) => () => {
        rmSync(join(origin, 'quantgate.yml'), { force: true });
        write(join(origin, 'pkg/quantgate.yml'), limit(bound));
        write(join(origin, 'pkg/models/digits.onnx'), MODEL);
      };
      const run = merged(place, { base: move(STRICT), head: move(RELAXED) });
      symlinkSync('pkg', join(run.workspace, 'current'));
      return { ...run, inputs: { 'working-directory': 'current' } };
    },
  },
  {
    name: 'a container whose user does not own the checkout',
    skip: ROOT_ONLY,
    prepare: (place) => {
      const run = merged(place);
      giveAway(run.workspace);
      return run;
    },
  },
  {
    name: 'the same with a git that ignores `-c safe.directory` (Debian 11, Ubuntu 22.04)',
    skip: ROOT_ONLY,
    prepare: (place) => {
      const run = merged(place);
      giveAway(run.workspace);
      return { ...run, env: oldGit(place) };
    },
  },
  {
    name: '`base: origin/main` in a shallow clone',
    prepare: (place) => ({ ...merged(place), inputs: { base: 'origin/main' } }),
  },
  { name: 'a typo in `base`', prepare: (place) => ({ ...merged(place), inputs: { base: 'mian' } }) },
  {
    name: "`base` names the pull request's own branch",
    prepare: (place) => ({ ...merged(place), inputs: { base: 'feature' } }),
  },
  {
    name: 'origin can not be reached',
    prepare: (place) => {
      const run = merged(place);
      git(run.workspace, 'remote', 'set-url', 'origin', `file://${place.home}/nowhere`);
      return run;
    },
  },
  {
    name: 'git is not installed',
    prepare: (place) => ({ ...merged(place), env: { PATH: place.home } }),
  },
  {
    name: 'an archive instead of a clone',
    prepare: (place) => {
      const run = merged(place);
      rmSync(join(run.workspace, '.git'), { recursive: true });
      return run;
    },
  },
  {
    name: 'the base commit is gone: the branch was rewritten',
    prepare: (place) => {
      const history = propose(place);
      const workspace = checkout(place, history.head);
      git(place.origin, 'checkout', '-q', '--orphan', 'other');
      commit(place.origin, 'rewritten');
      git(place.origin, 'branch', '-qD', 'feature');
      git(place.origin, 'branch', '-qM', 'main');
      forget(place);
      return pullRequest(history, workspace);
    },
  },
  {
    name: 'the base commit and its branch are gone',
    prepare: (place) => {
      const history = propose(place);
      const workspace = checkout(place, history.head);
      git(place.origin, 'checkout', '-q', '--orphan', 'other');
      commit(place.origin, 'unrelated');
      for (const name of ['main', 'feature']) git(place.origin, 'branch', '-qD', name);
      forget(place);
      return pullRequest(history, workspace);
    },
  },
  {
    name: 'quantgate.yml lies in a submodule',
    prepare: (place) => {
      const part = join(place.home, 'part');
      mkdirSync(part);
      git(part, 'init', '-q');
      write(join(part, 'models/digits.onnx'), MODEL);
      write(join(part, 'quantgate.yml'), limit(RELAXED));
      commit(part, 'part');
      const run = merged(place, {
        base: () => git(place.origin, 'submodule', '--quiet', 'add', part, 'part'),
      });
      git(run.workspace, 'submodule', '--quiet', 'update', '--init');
      return { ...run, inputs: { 'working-directory': 'part' } };
    },
  },
  {
    name: 'quantgate.yml is a link in git to another file of the repository',
    prepare: (place) => {
      const { origin } = place;
      const base = () => {
        rmSync(join(origin, 'quantgate.yml'));
        write(join(origin, 'ci/gate.yml'), limit(STRICT));
        symlinkSync('ci/gate.yml', join(origin, 'quantgate.yml'));
      };
      const head = () => {
        rmSync(join(origin, 'quantgate.yml'));
        write(join(origin, 'quantgate.yml'), limit(RELAXED));
      };
      return merged(place, { base, head });
    },
  },
  {
    name: 'quantgate.yml is a link in git to a file outside of it',
    prepare: (place) => {
      const outside = join(place.home, 'gate.yml');
      write(outside, limit(STRICT));
      const { origin } = place;
      const base = () => {
        rmSync(join(origin, 'quantgate.yml'));
        symlinkSync(outside, join(origin, 'quantgate.yml'));
      };
      const head = () => {
        rmSync(join(origin, 'quantgate.yml'));
        write(join(origin, 'quantgate.yml'), limit(RELAXED));
      };
      return merged(place, { base, head });
    },
  },
  {
    name: 'a pull request makes quantgate.yml a link to a new file',
    prepare: (place) => {
      const { origin } = place;
      const head = () => {
        rmSync(join(origin, 'quantgate.yml'));
        write(join(origin, 'relaxed.yml'), limit(RELAXED));
        symlinkSync('relaxed.yml', join(origin, 'quantgate.yml'));
      };
      return merged(place, { head });
    },
  },
  {
    name: "the base's quantgate.yml is not valid",
    prepare: (place) =>
      merged(place, { base: () => write(join(place.origin, 'quantgate.yml'), 'version: 7\n') }),
  },
  {
    name: 'quantgate.yml is written by a step and ignored by git',
    prepare: (place) => {
      const { origin } = place;
      const ignore = () => {
        rmSync(join(origin, 'quantgate.yml'), { force: true });
        write(join(origin, '.gitignore'), 'quantgate.yml\n');
      };
      const run = merged(place, { base: ignore, head: () => undefined });
      write(join(run.workspace, 'quantgate.yml'), limit(RELAXED));
      return run;
    },
  },
  {
    name: 'the base has no quantgate.yml: the first adoption',
    prepare: (place) => merged(place, { base: () => rmSync(join(place.origin, 'quantgate.yml')) }),
  },
  {
    name: 'the payload of the event is missing',
    prepare: (place) => ({ ...merged(place), payload: null }),
  },
  {
    name: '`issue_comment`, whose payload names only the number',
    prepare: (place) => ({
      ...merged(place),
      event: 'issue_comment',
      payload: { repository: REPOSITORY, issue: { number: 7, pull_request: {} } },
    }),
  },
  {
    name: '`merge_group`, alone',
    prepare: (place) => {
      const history = propose(place);
      const group = {
        base_sha: history.base,
        head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${history.base}`,
      };
      return {
        workspace: checkout(place, history.merge),
        event: 'merge_group',
        sha: history.merge,
        payload: { repository: REPOSITORY, merge_group: group },
      };
    },
  },
  {
    name: "max-regression, and the base's model is new",
    prepare: (place) => {
      const { origin } = place;
      const base = () => {
        write(join(origin, 'quantgate.yml'), REGRESSION);
        rmSync(join(origin, 'models'), { recursive: true });
      };
      return merged(place, { base, head: () => undefined });
    },
  },
  {
    name: "max-regression, and the base's model is a link to a file outside of git",
    prepare: (place) => {
      const { origin } = place;
      const base = () => {
        write(join(origin, 'quantgate.yml'), REGRESSION);
        rmSync(join(origin, 'models/digits.onnx'));
        symlinkSync('/srv/models/digits.onnx', join(origin, 'models/digits.onnx'));
      };
      const head = () => {
        rmSync(join(origin, 'models/digits.onnx'), { force: true });
        write(join(origin, 'models/digits.onnx'), CHANGED);
      };
      return merged(place, { base, head });
    },
  },
  {
    name: 'max-regression, and the model is ignored by git',
    prepare: (place) => {
      const { origin } = place;
      const ignore = () => {
        write(join(origin, 'quantgate.yml'), REGRESSION);
        write(join(origin, '.gitignore'), '*.onnx\n');
        rmSync(join(origin, 'models'), { recursive: true, force: true });
      };
      const run = merged(place, {
        base: ignore,
        head: () => rmSync(join(origin, 'models'), { recursive: true }),
      });
      write(join(run.workspace, 'models/digits.onnx'), MODEL);
      return run;
    },
  },
  {
    name: "max-regression, and the base's model is a Git LFS pointer that can't be fetched",
    prepare: (place) => {
      const { origin } = place;
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`;
      const base = () => {
        write(join(origin, 'quantgate.yml'), REGRESSION);
        write(join(origin, 'models/digits.onnx'), pointer);
      };
      return merged(place, { base, head: () => undefined });
    },
  },
  {
    name: 'a push with max-regression, and the commit before it is gone',
    prepare: (place) => {
      const run = merged(place, {
        base: () => write(join(place.origin, 'quantgate.yml'), REGRESSION),
        head: () => undefined,
      });
      return { ...run, event: 'push', payload: { repository: REPOSITORY, before: 'd'.repeat(40) } };
    },
  },
  {
    name: 'a push without max-regression, and the commit before it is gone',
    prepare: (place) => ({
      ...merged(place),
      event: 'push',
      payload: { repository: REPOSITORY, before: 'd'.repeat(40) },
    }),
  },
];
