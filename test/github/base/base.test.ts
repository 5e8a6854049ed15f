import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../../src/config/read/load.js';
import { Interrupted } from '../../../src/errors.js';
import { type BaseOutcome, type FoundBase, findBase } from '../../../src/github/base/base.js';
import { SILENT } from '../../../src/log.js';
import { outsideBodyBytes } from '../../onnx/outside-body.js';
import { commit, git } from '../repository.js';
import { ROOT } from '../runner.js';

const MODEL = readFileSync(join(ROOT, 'examples/digits/digits.onnx'));
/** The same model, other bytes: an unknown field (number 1000, varint 1) at the end, which readers skip. */
const CHANGED = Buffer.concat([MODEL, Buffer.from([0xc0, 0x3e, 0x01])]);
const CONFIG =
  'version: 1\nmodels:\n  - { name: a, path: models/a.onnx, task: none, variants: [{ name: q, method: int8-dynamic }] }\n';

let home: string;
let origin: string;
let found: BaseOutcome;
let warnings: string[];
const log = { ...SILENT, warn: (message: string) => void warnings.push(message) };

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A clone as actions/checkout makes it: one commit deep, detached. */
function checkout(revision: string, depth = 1): string {
  const directory = join(home, `checkout-${depth}-${revision.slice(0, 7)}`);
  mkdirSync(directory);
  git(directory, 'init', '-q');
  git(directory, 'remote', 'add', 'origin', `file://${origin}`);
  git(directory, 'fetch', '-q', `--depth=${depth}`, 'origin', revision);
  git(directory, 'checkout', '-q', '--detach', 'FETCH_HEAD');
  return directory;
}

type Request = Partial<Parameters<typeof findBase>[0]>;

const look = async (directory: string, more: Request): Promise<BaseOutcome> => {
  const config = await loadConfig(join(directory, 'quantgate.yml'));
  found = await findBase({ config, ref: null, log, ...more });
  return found;
};
const find = async (directory: string, more: Request): Promise<FoundBase> => {
  const outcome = await look(directory, more);
  if (outcome.state !== 'found') throw new Error(JSON.stringify(outcome));
  return outcome;
};

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quantgate-base-test-'));
  origin = join(home, 'origin');
  mkdirSync(origin);
  warnings = [];
  found = { state: 'none' };
  git(origin, 'init', '-q');
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  write(join(origin, 'quantgate.yml'), CONFIG);
  write(join(origin, 'models/a.onnx'), MODEL);
});
afterEach(async () => {
  if (found.state === 'found') await found.dispose();
  rmSync(home, { recursive: true, force: true });
});

describe('the base of a pull request', () => {
  it('is the first parent of the merge commit that actions/checkout fetched alone', async () => {
    const base = commit(origin, 'base');
    git(origin, 'checkout', '-qb', 'feature');
    write(join(origin, 'models/a.onnx'), CHANGED);
    const head = commit(origin, 'head');
    git(origin, 'checkout', '-q', 'main');
    write(join(origin, 'other'), 'x');
    const ahead = commit(origin, 'main went on');
    git(origin, 'merge', '-q', '--no-ff', 'feature', '-m', 'merge');
    const merge = git(origin, 'rev-parse', 'HEAD');
    const event = { sha: base, pullRequestHead: head, checkedOut: merge };
    const result = await find(checkout(merge), { event });
    expect(result.models.sha).toBe(ahead);
    const model = result.models.models.a!;
    if (model.status !== 'found') throw new Error(model.reason);
    expect(readFileSync(model.model.path).equals(MODEL)).toBe(true);
    expect(model.unchanged).toBe(false);
  });

  it('is the merge base when the head itself is checked out, however far back', async () => {
    const fork = commit(origin, 'fork point');
    git(origin, 'checkout', '-qb', 'feature');
    write(join(origin, 'models/a.onnx'), CHANGED);
    for (let index = 0; index < 70; index++) commit(origin, `feature ${index}`);
    const head = git(origin, 'rev-parse', 'HEAD');
    git(origin, 'checkout', '-q', 'main');
    const tip = commit(origin, 'main went on');
    const result = await find(checkout(head), { event: { sha: tip, pullRequestHead: head } });
    expect(result.models.sha).toBe(fork);
    expect(warnings).toEqual([]);
  });
});

describe('a merge commit', () => {
  const mergeOf = (first: string, second: string) =>
    git(origin, 'commit-tree', '-p', first, '-p', second, '-m', 'merge', `${second}^{tree}`);

  it("that a step made of the pull request's own commits is not taken for GitHub's: its first parent is no base", async () => {
    const base = commit(origin, 'base');
    git(origin, 'checkout', '-qb', 'feature');
    write(join(origin, 'quantgate.yml'), CONFIG.replace('int8-dynamic', 'float16'));
    const head = commit(origin, 'head');
    const github = mergeOf(base, head);
    git(origin, 'checkout', '-q', '--detach', mergeOf(github, head));
    const event = { sha: base, pullRequestHead: head, checkedOut: github };
    expect((await find(origin, { event })).revision).toMatchObject({ sha: base, tip: base });
  });

  it("of a newer base than the event's is compared with the event's", async () => {
    const base = commit(origin, 'base');
    git(origin, 'checkout', '-qb', 'feature');
    const head = commit(origin, 'head');
    git(origin, 'checkout', '-q', 'main');
    const newer = commit(origin, 'main went on');
    git(origin, 'checkout', '-q', '--detach', mergeOf(newer, head));
    const event = { sha: base, pullRequestHead: head, checkedOut: mergeOf(base, head) };
    expect((await find(origin, { event })).revision.sha).toBe(base);
  });

  it('with a commit on top, made by a step in a shallow clone, still finds its base', async () => {
    const base = commit(origin, 'base');
    git(origin, 'checkout', '-qb', 'feature');
    const head = commit(origin, 'head');
    const merge = mergeOf(base, head);
    git(origin, 'update-ref', 'refs/pull/7/merge', merge);
    const directory = checkout(merge);
    write(join(directory, 'models/a.onnx'), CHANGED);
    commit(directory, 'a step');
    const event = { sha: base, pullRequestHead: head, checkedOut: merge };
    const { models, revision } = await find(directory, { event });
    expect(revision).toMatchObject({ sha: base, note: null });
    expect(models.models.a).toMatchObject({ status: 'found', unchanged: false });
  });
});

describe('thresholds and models of a branch that fell behind', () => {
  it("are the base's of today and those of the fork point", async () => {
    const fork = commit(origin, 'fork point');
    git(origin, 'checkout', '-qb', 'feature');
    const head = commit(origin, 'head');
    git(origin, 'checkout', '-q', 'main');
    write(join(origin, 'quantgate.yml'), `${CONFIG}confidence: 0.99\n`);
    const tip = commit(origin, 'stricter');
    const { judging, models, revision } = await find(checkout(head), {
      event: { sha: tip, pullRequestHead: head },
    });
    expect(revision).toMatchObject({ sha: fork, tip });
    expect(judging).toMatchObject({ state: 'read', config: { confidence: 0.99 } });
    expect(models).toMatchObject({ sha: fork, config: { confidence: 0.95 } });
  });
});

describe('what the checkout can do to the base', () => {
  it('is not to change how its configuration is read: .gitattributes of the head have no say', async () => {
    const base = commit(origin, 'base');
    git(origin, 'config', 'filter.relax.clean', 'cat');
    git(origin, 'config', 'filter.relax.smudge', 'echo no: thresholds');
    write(join(origin, '.gitattributes'), 'quantgate.yml filter=relax\n');
    commit(origin, 'head');
    const { judging } = await find(origin, { event: { sha: base, pullRequestHead: null } });
    expect(judging.state).toBe('read');
  });

  it("is not to change the base's model: .gitattributes of the head make no text of it", async () => {
    const base = commit(origin, 'base');
    write(join(origin, '.gitattributes'), '*.onnx text eol=crlf\n');
    commit(origin, 'head');
    const { models } = await find(origin, { event: { sha: base, pullRequestHead: null } });
    const model = models.models.a!;
    if (model.status !== 'found') throw new Error(model.reason);
    expect(readFileSync(model.model.path).equals(MODEL)).toBe(true);
  });

  it('is not to choose the repository: variables that point git elsewhere are not heard', async () => {
    const base = commit(origin, 'base');
    commit(origin, 'head');
    vi.stubEnv('GIT_DIR', join(home, 'elsewhere'));
    const { models } = await find(origin, { event: { sha: base, pullRequestHead: null } });
    vi.unstubAllEnvs();
    expect(models.sha).toBe(base);
  });

  it('is not to choose the repository: a link in place of the folder leads to no other one', async () => {
    rmSync(join(origin, 'quantgate.yml'));
    write(join(origin, 'pkg/quantgate.yml'), CONFIG);
    write(join(origin, 'pkg/models/a.onnx'), MODEL);
    const base = commit(origin, 'base');
    const other = join(home, 'other');
    write(join(other, 'quantgate.yml'), CONFIG.replace('int8-dynamic', 'float16'));
    write(join(other, 'models/a.onnx'), MODEL);
    git(other, 'init', '-q');
    commit(other, 'another repository');
    rmSync(join(origin, 'pkg'), { recursive: true });
    symlinkSync(other, join(origin, 'pkg'));
    commit(origin, 'head');
    const { models, judging } = await find(join(origin, 'pkg'), {
      event: { sha: base, pullRequestHead: null },
    });
    expect(judging.state).toBe('read');
    expect(models.models.a).toHaveProperty('model.variants[0].method', 'int8-dynamic');
  });

  it('is not to be compared with itself: a file of the recipe that git does not have makes no base', async () => {
    const made = CONFIG.replace('method: int8-dynamic', 'file: models/q.onnx');
    write(join(origin, 'quantgate.yml'), made);
    write(join(origin, '.gitignore'), 'models/q.onnx\n');
    const base = commit(origin, 'base');
    commit(origin, 'head');
    write(join(origin, 'models/q.onnx'), CHANGED);
    const { models } = await find(origin, { event: { sha: base, pullRequestHead: null } });
    expect(models.models.a).toMatchObject({
      status: 'found',
      model: { variants: [] },
      unreadable: { q: expect.stringContaining('git has no models/q.onnx there') },
    });
  });
});

describe('the base named by the user', () => {
  it('is the merge base with that branch', async () => {
    const fork = commit(origin, 'fork point');
    git(origin, 'checkout', '-qb', 'feature');
    const head = commit(origin, 'feature');
    git(origin, 'checkout', '-q', 'main');
    commit(origin, 'main went on');
    expect((await find(checkout(head), { ref: 'main' })).models.sha).toBe(fork);
  });

  it('is fetched when the clone does not have it', async () => {
    const old = commit(origin, 'old');
    git(origin, 'tag', 'v1');
    const head = commit(origin, 'new');
    expect((await find(checkout(head), { ref: 'v1' })).models.sha).toBe(old);
  });

  it('is not given up when the job is interrupted while git fetches it: the job ends', async () => {
    commit(origin, 'old');
    git(origin, 'tag', 'v1');
    const directory = checkout(commit(origin, 'new'));
    const abort = new AbortController();
    const signal = abort.signal;
    const interruption = new Interrupted('Interrupted by SIGINT.');
    const interrupting = { ...log, debug: () => abort.abort(interruption) };
    await expect(find(directory, { ref: 'v1', signal, log: interrupting })).rejects.toBe(interruption);
    expect(warnings).toEqual([]);
  });

  it("is asked of the remote first: a runner's clone may be old", async () => {
    const old = commit(origin, 'old');
    const clone = join(home, 'full');
    git(home, 'clone', '-q', `file://${origin}`, clone);
    const fresh = commit(origin, 'new');
    git(clone, 'fetch', '-q', 'origin', fresh);
    git(clone, 'checkout', '-q', '--detach', fresh);
    const event = { sha: null, pullRequestHead: null };
    expect((await find(clone, { ref: 'main', event })).revision.tip).toBe(fresh);
    expect((await find(clone, { ref: 'main' })).revision.tip).toBe(old);
  });

  it('is what this clone knows, with a word about it, when the remote is out of reach', async () => {
    const only = commit(origin, 'only');
    const clone = join(home, 'full');
    git(home, 'clone', '-q', `file://${origin}`, clone);
    git(clone, 'remote', 'set-url', 'origin', `file://${home}/nowhere`);
    const { revision } = await find(clone, { ref: 'main', event: { sha: null, pullRequestHead: null } });
    expect(revision.tip).toBe(only);
    expect(revision.note).toContain("This checkout's own copy is the base.");
  });

  it('is never taken for a refspec', async () => {
    const head = commit(origin, 'one');
    const directory = checkout(head);
    for (const ref of ['main:refs/heads/stolen', '+main', 'refs/heads/*:refs/heads/*']) {
      expect(await look(directory, { ref, event: { sha: head, pullRequestHead: null } })).toMatchObject({
        state: 'unreadable',
      });
    }
    expect(git(directory, 'for-each-ref')).toBe('');
  });

  it('leaves a full clone a full clone', async () => {
    commit(origin, 'old');
    const clone = join(home, 'full');
    git(home, 'clone', '-q', `file://${origin}`, clone);
    git(origin, 'checkout', '-qb', 'later');
    commit(origin, 'made after the clone');
    await find(clone, { ref: 'later' });
    expect(git(clone, 'rev-parse', '--is-shallow-repository')).toBe('false');
  });

  it('that does not exist is said, and nothing is compared', async () => {
    const head = commit(origin, 'one');
    expect(await look(checkout(head), { ref: 'nonsense' })).toMatchObject({
      state: 'unreadable',
      cause: "The base 'nonsense' is not on origin (any more).",
      remedy: expect.stringContaining('check the input `base`'),
    });
    expect(warnings.join()).toContain('nonsense');
  });
});

describe("the base's configuration", () => {
  it.each([
    ['absent', () => rmSync(join(origin, 'quantgate.yml'))],
    ['unreadable', () => write(join(origin, 'quantgate.yml'), 'version: 7\n')],
    [
      'unreadable',
      () => {
        renameSync(join(origin, 'quantgate.yml'), join(home, 'real.yml'));
        symlinkSync(join(home, 'real.yml'), join(origin, 'quantgate.yml'));
      },
    ],
  ] as const)('may be %s', async (state, change) => {
    change();
    const base = commit(origin, 'base');
    rmSync(join(origin, 'quantgate.yml'), { force: true });
    write(join(origin, 'quantgate.yml'), CONFIG);
    commit(origin, 'head');
    const result = await find(origin, { event: { sha: base, pullRequestHead: null } });
    expect(result.judging.state).toBe(state);
    expect(result.models.config).toBeNull();
  });

  it('that names its models by a pattern gives each its recipe, whatever files the head adds', async () => {
    const pattern = CONFIG.replace('name: a, path: models/a.onnx', 'path: "models/*.onnx"');
    write(join(origin, 'quantgate.yml'), pattern);
    const base = commit(origin, 'base');
    write(join(origin, 'models/b.onnx'), CHANGED);
    write(join(origin, 'quantgate.yml'), pattern.replace('int8-dynamic', 'float16'));
    commit(origin, 'head');
    const { judging, models } = await find(origin, { event: { sha: base, pullRequestHead: null } });
    expect(judging.state).toBe('read');
    const a = models.models.a!;
    if (a.status !== 'found') throw new Error(a.reason);
    expect(a.model.variants[0]).toMatchObject({ method: 'int8-dynamic' });
    expect(models.models.b).toMatchObject({ status: 'missing', reason: expect.stringContaining('is new') });
  });
});

describe("the base's model", () => {
  const headOf = async (change: () => void) => {
    const base = commit(origin, 'base');
    change();
    const head = commit(origin, 'head');
    const directory = checkout(head, 2);
    return (await find(directory, { event: { sha: base, pullRequestHead: null } })).models.models;
  };

  it('is unchanged when file and recipe are the same', async () => {
    const models = await headOf(() => write(join(origin, 'readme'), 'x'));
    expect(models.a).toMatchObject({ status: 'found', unchanged: true, renamedFrom: null });
  });

  it("is changed when only the recipe is, and keeps the base's recipe", async () => {
    const models = await headOf(() =>
      write(join(origin, 'quantgate.yml'), CONFIG.replace('int8-dynamic', 'float16')),
    );
    expect(models.a).toMatchObject({ status: 'found', unchanged: false });
    expect(models.a).toHaveProperty('model.variants[0].method', 'int8-dynamic');
  });

  it('is found under its old name after a rename', async () => {
    const models = await headOf(() => {
      renameSync(join(origin, 'models/a.onnx'), join(origin, 'models/b.onnx'));
      write(join(origin, 'quantgate.yml'), CONFIG.replace('a.onnx', 'b.onnx').replace('name: a', 'name: b'));
    });
    expect(models.b).toMatchObject({ status: 'found', renamedFrom: 'models/a.onnx' });
  });

  it('is missing, with the reason, when the model is new', async () => {
    const models = await headOf(() => {
      write(join(origin, 'models/new.onnx'), Buffer.concat([CHANGED, CHANGED]));
      write(join(origin, 'quantgate.yml'), `${CONFIG}  - { name: new, path: models/new.onnx, task: none }\n`);
    });
    expect(models.new).toEqual({
      status: 'missing',
      reason: 'models/new.onnx is new: the base has no such model.',
    });
  });

  it('is unreadable, with the reason, when the base holds something that is no model', async () => {
    write(join(origin, 'models/a.onnx'), 'not a model');
    const models = await headOf(() => write(join(origin, 'models/a.onnx'), MODEL));
    expect(models.a).toMatchObject({
      status: 'unreadable',
      reason: expect.stringContaining('models/a.onnx'),
    });
  });

  it('goes through the smudge filter, as Git LFS needs', async () => {
    write(join(origin, '.gitattributes'), '*.onnx filter=rot\n');
    git(origin, 'config', 'filter.rot.clean', 'base64');
    git(origin, 'config', 'filter.rot.smudge', 'base64 -d');
    const base = commit(origin, 'base');
    write(join(origin, 'models/a.onnx'), CHANGED);
    commit(origin, 'head');
    const result = await find(origin, { event: { sha: base, pullRequestHead: null } });
    const model = result.models.models.a!;
    if (model.status !== 'found') throw new Error(model.reason);
    expect(readFileSync(model.model.path).equals(MODEL)).toBe(true);
  });

  it.each([
    ['gets the token when the checkout kept no credentials', 'https://github.com/o/r', 'found'],
    ["never gets it for another server's remote", 'https://example.com/o/r', 'unreadable'],
  ])('from Git LFS %s', async (_, remote, status) => {
    write(join(origin, '.gitattributes'), '*.onnx filter=lfs\n');
    git(origin, 'config', 'filter.lfs.clean', 'base64');
    // git-lfs reads the header from git's configuration, as this does.
    git(
      origin,
      'config',
      'filter.lfs.smudge',
      'test -n "$(git config http.https://github.com/.extraheader)" && base64 -d',
    );
    git(origin, 'config', 'filter.lfs.required', 'true');
    git(origin, 'remote', 'add', 'origin', remote);
    const base = commit(origin, 'base');
    write(join(origin, 'models/a.onnx'), CHANGED);
    commit(origin, 'head');
    const credentials = { token: 'secret', serverUrl: 'https://github.com' };
    const result = await find(origin, { event: { sha: base, pullRequestHead: null }, credentials });
    expect(result.models.models.a).toMatchObject({ status });
    expect(JSON.stringify(result.models.models.a)).not.toContain('secret');
  });

  it('comes with its external data, whose change counts', async () => {
    const model = (bytes: number) =>
      toBinary(
        ModelProtoSchema,
        create(ModelProtoSchema, {
          irVersion: 8n,
          opsetImport: [{ version: 17n }],
          graph: {
            name: 'g',
            initializer: [
              {
                name: 'w',
                dataType: 1,
                dims: [BigInt(bytes / 4)],
                dataLocation: 1,
                externalData: [{ key: 'location', value: 'a.weights' }],
              },
            ],
          },
        }),
      );
    write(join(origin, 'models/a.onnx'), Buffer.from(model(8)));
    write(join(origin, 'models/a.weights'), Buffer.alloc(8, 1));
    const models = await headOf(() => write(join(origin, 'models/a.weights'), Buffer.alloc(8, 2)));
    const found = models.a!;
    if (found.status !== 'found') throw new Error(found.reason);
    expect(found.unchanged).toBe(false);
    expect(readFileSync(join(dirname(found.model.path), 'a.weights'))).toEqual(Buffer.alloc(8, 1));
  });

  it('comes with the external data of its bodies, whose change counts', async () => {
    write(join(origin, 'models/a.onnx'), outsideBodyBytes('a.weights'));
    write(join(origin, 'models/a.weights'), Buffer.alloc(8, 1));
    const models = await headOf(() => write(join(origin, 'models/a.weights'), Buffer.alloc(8, 2)));
    const found = models.a!;
    if (found.status !== 'found') throw new Error(found.reason);
    expect(found.unchanged).toBe(false);
    expect(readFileSync(join(dirname(found.model.path), 'a.weights'))).toEqual(Buffer.alloc(8, 1));
  });

  it('is refused when git yields only a Git LFS pointer', async () => {
    write(
      join(origin, 'models/a.onnx'),
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
    );
    const models = await headOf(() => write(join(origin, 'models/a.onnx'), MODEL));
    expect(models.a).toMatchObject({ status: 'unreadable', reason: expect.stringContaining('Git LFS') });
  });
});

describe('without git', () => {
  it('nothing is compared, and the log says why', async () => {
    rmSync(join(origin, '.git'), { recursive: true });
    expect(await look(origin, { ref: 'main' })).toMatchObject({ state: 'unreadable' });
    expect(warnings.join()).toContain('not in a git work tree');
  });
});

it('leaves no temporary file behind', async () => {
  const base = commit(origin, 'base');
  const result = await find(origin, { event: { sha: base, pullRequestHead: null } });
  const model = result.models.models.a!;
  if (model.status !== 'found') throw new Error(model.reason);
  await result.dispose();
  expect(() => readFileSync(model.model.path)).toThrow('ENOENT');
});
