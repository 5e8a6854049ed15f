import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/read/load.js';
import { type BaseOutcome, findBase } from '../../../src/github/base/base.js';
import { SILENT } from '../../../src/log.js';
import type { BaseModel } from '../../../src/variants/base-models.js';
import { outsideBodyBytes } from '../../onnx/outside-body.js';
import { commit, git } from '../repository.js';
import { ROOT } from '../runner.js';

const MODEL = readFileSync(join(ROOT, 'examples/digits/digits.onnx'));
/** The same model, other bytes: an unknown field (number 1000, varint 1) at the end, which readers skip. */
const CHANGED = Buffer.concat([MODEL, Buffer.from([0xc0, 0x3e, 0x01])]);

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');

let home: string;
let workspace: string;
let outcome: BaseOutcome;

function write(path: string, content: string | Buffer): void {
  const at = join(workspace, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, content);
}

interface ModelText {
  name?: string;
  path?: string;
  baseline?: string | null;
}

/** quantgate.yml with one model; `baseline` as flow mapping. */
const config = ({ name = 'a', path = 'models/a.onnx', baseline = null }: ModelText = {}) =>
  `version: 1\nmodels:\n  - { name: ${name}, path: ${path}, task: none${baseline ? `, baseline: ${baseline}` : ''}, variants: [{ name: q, method: int8-dynamic }] }\n`;
const OF_BASE = `{ file: baseline/a.onnx, sha256: ${sha256(MODEL).toUpperCase()} }`;

/** What the head's models are compared with: the base is committed, then `head` done and committed; models are fetched, not committed. */
async function compared(base: ModelText, head: () => void): Promise<Record<string, BaseModel>> {
  write('quantgate.yml', config(base));
  write('.gitignore', 'models/\nbaseline/\n');
  const sha = commit(workspace, 'base');
  head();
  commit(workspace, 'head');
  const event = { sha, pullRequestHead: null };
  const read = await loadConfig(join(workspace, 'quantgate.yml'));
  outcome = await findBase({ config: read, ref: null, event, log: SILENT, workspace });
  if (outcome.state !== 'found') throw new Error(JSON.stringify(outcome));
  return outcome.models.models;
}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quantgate-baseline-test-'));
  workspace = join(home, 'workspace');
  mkdirSync(workspace);
  outcome = { state: 'none' };
  git(workspace, 'init', '-q');
  write('models/a.onnx', CHANGED);
});
afterEach(async () => {
  if (outcome.state === 'found') await outcome.dispose();
  rmSync(home, { recursive: true, force: true });
});

describe('a baseline from outside git', () => {
  it("is the base's model: a copy of the file that a step put there, in the base's recipe", async () => {
    const { a } = await compared({ baseline: OF_BASE }, () => write('baseline/a.onnx', MODEL));
    if (a?.status !== 'found') throw new Error(a?.reason);
    expect(readFileSync(a.model.path).equals(MODEL)).toBe(true);
    expect(a.model.path).not.toContain(workspace);
    expect(a).toMatchObject({
      unchanged: false,
      baseline: `baseline/a.onnx, SHA-256 ${sha256(MODEL).slice(0, 16)}`,
    });
    expect(a.model).toMatchObject({ variants: [{ method: 'int8-dynamic' }], baseline: null });
  });

  it('that is the very model of the head is unchanged, also where the head names the next baseline', async () => {
    const { a } = await compared({ baseline: OF_BASE }, () => {
      write('baseline/a.onnx', MODEL);
      write('models/a.onnx', MODEL);
      write('quantgate.yml', config({ baseline: `{ file: next/a.onnx, sha256: ${sha256(CHANGED)} }` }));
    });
    expect(a).toMatchObject({ status: 'found', unchanged: true });
  });

  it("is the base's, whatever the head says of its own", async () => {
    const { a } = await compared({ baseline: OF_BASE }, () => {
      write('baseline/a.onnx', MODEL);
      write('mine.onnx', CHANGED);
      write('quantgate.yml', config({ baseline: `{ file: mine.onnx, sha256: ${sha256(CHANGED)} }` }));
    });
    if (a?.status !== 'found') throw new Error(a?.reason);
    expect(readFileSync(a.model.path).equals(MODEL)).toBe(true);
  });

  it('holds although the head took it away, or gave its model another name', async () => {
    for (const head of [config(), config({ name: 'renamed' })]) {
      const models = await compared({ baseline: OF_BASE }, () => {
        write('baseline/a.onnx', MODEL);
        write('quantgate.yml', head);
      });
      expect(Object.values(models)).toEqual([
        expect.objectContaining({ status: 'found', baseline: expect.stringContaining('baseline/a.onnx') }),
      ]);
      if (outcome.state === 'found') await outcome.dispose();
    }
  });

  it('counts before the file that git has', async () => {
    write('kept.onnx', CHANGED);
    const { a } = await compared({ path: 'kept.onnx', baseline: OF_BASE }, () =>
      write('baseline/a.onnx', MODEL),
    );
    if (a?.status !== 'found') throw new Error(a?.reason);
    expect(readFileSync(a.model.path).equals(MODEL)).toBe(true);
  });

  it('is gone when the run is', async () => {
    const { a } = await compared({ baseline: OF_BASE }, () => write('baseline/a.onnx', MODEL));
    if (a?.status !== 'found' || outcome.state !== 'found') throw new Error(a?.status);
    await outcome.dispose();
    expect(existsSync(a.model.path)).toBe(false);
    expect(existsSync(join(workspace, 'baseline/a.onnx'))).toBe(true);
  });
});

describe('a baseline that is not the one', () => {
  const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`;

  it.each<[string, () => void, RegExp]>([
    ['is not there', () => undefined, /baseline\/a\.onnx is not there\./],
    [
      'is a folder',
      () => mkdirSync(join(workspace, 'baseline/a.onnx'), { recursive: true }),
      /can't be read/,
    ],
    [
      'is another file',
      () => write('baseline/a.onnx', CHANGED),
      new RegExp(
        `another file .* SHA-256 is ${sha256(CHANGED).slice(0, 16)}, not ${sha256(MODEL).slice(0, 16)}`,
      ),
    ],
    ['is a Git LFS pointer', () => write('baseline/a.onnx', POINTER), /, a Git LFS pointer, not/],
    [
      'links to a file outside of the workspace',
      () => {
        writeFileSync(join(home, 'secret'), MODEL);
        mkdirSync(join(workspace, 'baseline'));
        symlinkSync(join(home, 'secret'), join(workspace, 'baseline/a.onnx'));
      },
      /lies, or links, outside of the workspace/,
    ],
    [
      'lies behind a link to a folder outside of the workspace',
      () => {
        mkdirSync(join(home, 'store'));
        writeFileSync(join(home, 'store/a.onnx'), MODEL);
        symlinkSync(join(home, 'store'), join(workspace, 'baseline'));
      },
      /lies, or links, outside of the workspace/,
    ],
  ])('because it %s is unreadable, and what git has is not taken for it', async (_, head, reason) => {
    write('kept.onnx', MODEL);
    const { a } = await compared({ path: 'kept.onnx', baseline: OF_BASE }, head);
    expect(a).toEqual({ status: 'unreadable', reason: expect.stringMatching(reason) });
    expect(a).toHaveProperty(
      'reason',
      expect.stringContaining("docs/github.md, 'A baseline from outside git'"),
    );
  });

  it('says nothing of a file outside of the workspace', async () => {
    writeFileSync(join(home, 'secret'), 'password');
    const outside = `{ file: ../secret, sha256: ${sha256(MODEL)} }`;
    const { a } = await compared({ baseline: outside }, () => undefined);
    expect(a).toMatchObject({ status: 'unreadable' });
    expect(JSON.stringify(a)).not.toContain(sha256('password').slice(0, 8));
  });

  it('is unreadable when its hash fits and it is no model', async () => {
    const text = `{ file: baseline/a.onnx, sha256: ${sha256('not a model')} }`;
    const { a } = await compared({ baseline: text }, () => write('baseline/a.onnx', 'not a model'));
    expect(a).toMatchObject({ status: 'unreadable' });
  });

  it('may lie, or link, anywhere inside', async () => {
    const { a } = await compared({ baseline: OF_BASE }, () => {
      write('cache/ab/cd', MODEL);
      mkdirSync(join(workspace, 'baseline'));
      symlinkSync('../cache/ab/cd', join(workspace, 'baseline/a.onnx'));
    });
    expect(a).toMatchObject({ status: 'found' });
  });
});

describe('a baseline with weights in other files', () => {
  const OUTSIDE = Buffer.from(outsideBodyBytes('a.weights'));
  const WEIGHTS = Buffer.alloc(8, 1);
  const text = (external: string) =>
    `{ file: baseline/a.onnx, sha256: ${sha256(OUTSIDE)}${external ? `, external-data: { ${external} }` : ''} }`;
  const fetched = () => {
    write('baseline/a.onnx', OUTSIDE);
    write('baseline/a.weights', WEIGHTS);
  };

  it('comes with them', async () => {
    const { a } = await compared({ baseline: text(`a.weights: ${sha256(WEIGHTS)}`) }, fetched);
    if (a?.status !== 'found') throw new Error(a?.reason);
    expect(readFileSync(join(dirname(a.model.path), 'a.weights'))).toEqual(WEIGHTS);
    expect(a.unchanged).toBe(false);
  });

  it.each([
    ['whose hash nobody says', '', 'keeps weights in a.weights, whose SHA-256 the base'],
    ['of another hash', `a.weights: ${sha256('x')}`, 'baseline/a.weights is another file'],
    [
      'that is named like what every object has',
      `toString: ${sha256(WEIGHTS)}`,
      'keeps weights in a.weights',
    ],
  ])('%s is unreadable', async (_, external, reason) => {
    const { a } = await compared({ baseline: text(external) }, fetched);
    expect(a).toEqual({ status: 'unreadable', reason: expect.stringContaining(reason) });
  });

  it('that lie outside of its folder is unreadable', async () => {
    const model = Buffer.from(outsideBodyBytes('../up.weights'));
    const named = `{ file: baseline/a.onnx, sha256: ${sha256(model)}, external-data: { ../up.weights: ${sha256(WEIGHTS)} } }`;
    const { a } = await compared({ baseline: named }, () => {
      write('baseline/a.onnx', model);
      write('up.weights', WEIGHTS);
    });
    expect(a).toEqual({ status: 'unreadable', reason: expect.stringMatching(/up\.weights/) });
  });
});

describe('a model that git does not have', () => {
  it('has nothing to be compared with when its baseline is new', async () => {
    const { a } = await compared({}, () => {
      write('baseline/a.onnx', MODEL);
      write('quantgate.yml', config({ baseline: OF_BASE }));
    });
    expect(a).toEqual({ status: 'missing', reason: expect.stringContaining('no baseline of it') });
  });

  it('is unreadable without a baseline, and told of it', async () => {
    const { a } = await compared({}, () => write('readme', 'x'));
    expect(a).toEqual({ status: 'unreadable', reason: expect.stringContaining('`baseline`') });
  });

  it("is not new under a new name and path while the base's has a baseline that nobody claims", async () => {
    const head = (more: object) => () => {
      write('baseline/a.onnx', MODEL);
      renameSync(join(workspace, 'models/a.onnx'), join(workspace, 'models/b.onnx'));
      write('quantgate.yml', config({ name: 'b', path: 'models/b.onnx', ...more }));
    };
    const { b } = await compared({ baseline: OF_BASE }, head({ baseline: OF_BASE }));
    expect(b).toEqual({
      status: 'unreadable',
      reason: expect.stringContaining("whose 'a' with a baseline is not in this one"),
    });
  });

  it('is new beside one that keeps its baseline', async () => {
    const models = await compared({ baseline: OF_BASE }, () => {
      write('baseline/a.onnx', MODEL);
      linkSync(join(workspace, 'models/a.onnx'), join(workspace, 'models/b.onnx'));
      const both = `${config({ baseline: OF_BASE })}${config({ name: 'b', path: 'models/b.onnx', baseline: OF_BASE }).split('models:\n')[1]}`;
      write('quantgate.yml', both);
    });
    expect(models.a).toMatchObject({ status: 'found' });
    expect(models.b).toMatchObject({ status: 'missing' });
  });
});
