import { execFileSync } from 'node:child_process';
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { Interrupted } from '../../../src/errors.js';
import { type FoundBase, findBaseModels } from '../../../src/github/base/base.js';
import { SILENT } from '../../../src/log.js';
import { outsideBodyBytes } from '../../onnx/outside-body.js';
import { ROOT } from '../runner.js';

const MODEL = readFileSync(join(ROOT, 'examples/digits/digits.onnx'));
/** The same model, other bytes: an unknown field (number 1000, varint 1) at the end, which readers skip. */
const CHANGED = Buffer.concat([MODEL, Buffer.from([0xc0, 0x3e, 0x01])]);
const CONFIG =
  'version: 1\nmodels:\n  - { name: a, path: models/a.onnx, task: none, variants: [{ name: q, method: int8-dynamic }] }\n';

let home: string;
let origin: string;
let found: FoundBase | null;
let warnings: string[];
const log = { ...SILENT, warn: (message: string) => void warnings.push(message) };

const git = (directory: string, ...args: string[]) =>
  execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args],
    {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  ).trim();

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function commit(directory: string, message: string): string {
  git(directory, 'add', '-A');
  git(directory, 'commit', '-qm', message, '--allow-empty');
  return git(directory, 'rev-parse', 'HEAD');
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

const find = async (directory: string, more: Partial<Parameters<typeof findBaseModels>[0]>) => {
  const config = await loadConfig(join(directory, 'quantgate.yml'));
  found = await findBaseModels({ config, ref: null, log, ...more });
  return found!;
};

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quantgate-base-test-'));
  origin = join(home, 'origin');
  mkdirSync(origin);
  warnings = [];
  found = null;
  git(origin, 'init', '-q');
  git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  write(join(origin, 'quantgate.yml'), CONFIG);
  write(join(origin, 'models/a.onnx'), MODEL);
});
afterEach(async () => {
  await found?.dispose();
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
    const result = await find(checkout(merge), { event: { sha: base, pullRequestHead: head } });
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
    expect(await find(checkout(head), { ref: 'nonsense' })).toBeNull();
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
        renameSync(join(origin, 'quantgate.yml'), join(origin, 'real.yml'));
        symlinkSync('real.yml', join(origin, 'quantgate.yml'));
      },
    ],
  ] as const)('may be %s', async (state, change) => {
    change();
    const base = commit(origin, 'base');
    rmSync(join(origin, 'quantgate.yml'), { force: true });
    write(join(origin, 'quantgate.yml'), CONFIG);
    commit(origin, 'head');
    const result = await find(origin, { event: { sha: base, pullRequestHead: null } });
    expect(result.configState).toBe(state);
    expect(result.models.config).toBeNull();
  });

  it('that names its models by a pattern gives each its recipe, whatever files the head adds', async () => {
    const pattern = CONFIG.replace('name: a, path: models/a.onnx', 'path: "models/*.onnx"');
    write(join(origin, 'quantgate.yml'), pattern);
    const base = commit(origin, 'base');
    write(join(origin, 'models/b.onnx'), CHANGED);
    write(join(origin, 'quantgate.yml'), pattern.replace('int8-dynamic', 'float16'));
    commit(origin, 'head');
    const { configState, models } = await find(origin, { event: { sha: base, pullRequestHead: null } });
    expect(configState).toBe('read');
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

  it('is missing, with the reason, when the base holds something that is no model', async () => {
    write(join(origin, 'models/a.onnx'), 'not a model');
    const models = await headOf(() => write(join(origin, 'models/a.onnx'), MODEL));
    expect(models.a).toMatchObject({ status: 'missing', reason: expect.stringContaining('models/a.onnx') });
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
    ["never gets it for another server's remote", 'https://example.com/o/r', 'missing'],
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
    expect(models.a).toMatchObject({ status: 'missing', reason: expect.stringContaining('Git LFS') });
  });
});

describe('without git', () => {
  it('nothing is compared, and the log says why', async () => {
    rmSync(join(origin, '.git'), { recursive: true });
    expect(await find(origin, { ref: 'main' })).toBeNull();
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
