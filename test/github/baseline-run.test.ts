import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeGitHub } from './fake-github.js';
import { InProcessAction, type InProcessResult } from './in-process.js';
import { commit } from './repository.js';
import { sampleReport } from './sample-report.js';

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

let action: InProcessAction;
let github: FakeGitHub;
let model: Buffer;
beforeAll(() => {
  action = new InProcessAction();
  model = readFileSync(at('digits.onnx'));
});
afterAll(() => action.dispose());
beforeEach(async () => {
  github = await new FakeGitHub().start();
  rmSync(at('baseline'), { recursive: true, force: true });
});
afterEach(() => github.stop());

const at = (name: string) => join(action.workspace, name);

function configure(sha: string | null): void {
  const baseline = sha === null ? '' : `, baseline: { file: baseline/digits.onnx, sha256: ${sha} }`;
  writeFileSync(
    at('quantgate.yml'),
    `version: 1
models:
  - { name: digits, path: digits.onnx, task: none, variants: [{ name: int8, method: int8-dynamic }]${baseline} }
thresholds:
  latency.p50: { max-ratio: 0.8, max-regression: 5% }
`,
  );
}

/** A pull request into a base whose configuration names the model as its baseline; `fetched` is what a step put in its place. */
async function propose({
  fetched,
  own,
  inputs = {},
}: {
  fetched: Buffer | null;
  own?: string | null;
  inputs?: Record<string, string>;
}): Promise<InProcessResult> {
  writeFileSync(at('.gitignore'), 'baseline/\n');
  configure(sha256(model));
  const base = commit(action.workspace, 'base');
  configure(own === undefined ? sha256(model) : own);
  const head = commit(action.workspace, 'head');
  if (fetched) {
    mkdirSync(at('baseline'));
    writeFileSync(at('baseline/digits.onnx'), fetched);
  }
  const payload = { head: { sha: head, repo: { full_name: 'o/r' } }, base: { sha: base, ref: 'main' } };
  return await action.run(sampleReport(), { github, payload, inputs });
}

describe('a pull request whose base has a baseline from outside git', () => {
  it('is compared with the file that a step fetched', async () => {
    const result = await propose({ fetched: model });
    expect(result.exitCode).toBe(0);
    expect(result.request!.base!.models.digits).toMatchObject({ status: 'found', unchanged: true });
    expect(github.commentsOn(7)[0]!.body).toContain('### ✅ quantgate: ');
  });

  it.each([
    ['no step fetched it', null, 'baseline/digits.onnx is not there.'],
    ['another file was fetched', Buffer.from('other'), 'baseline/digits.onnx is another file than the base'],
  ])('fails when %s, and the comment says so first', async (_, fetched, reason) => {
    const result = await propose({ fetched });
    expect(result.exitCode).toBe(1);
    expect(result.outputs.verdict).toBe('fail');
    const { body } = github.commentsOn(7)[0]!;
    expect(body).toContain('### ❌ quantgate: the base could not be read');
    expect(body).toContain(reason);
    expect(result.commands.find(({ name }) => name === 'error')!.message).toContain(reason);
  });

  it('passes without it where `on-unreadable-base` allows that, and says so', async () => {
    const result = await propose({ fetched: null, inputs: { 'on-unreadable-base': 'warn' } });
    expect(result.exitCode).toBe(0);
    expect(github.commentsOn(7)[0]!.body).toContain('baseline/digits.onnx is not there.');
  });

  it('does not fall back to the file that git has when it takes the baseline away', async () => {
    const result = await propose({ fetched: null, own: null });
    expect(result.exitCode).toBe(1);
    expect(result.summary).toContain('takes the baseline away');
  });

  it('is told when it sets the baseline of later ones to a model that nobody measured', async () => {
    const result = await propose({ fetched: model, own: 'f'.repeat(64) });
    expect(result.exitCode).toBe(0);
    expect(result.summary).toContain('which is not the model that is measured here');
    expect(result.request!.base!.models.digits).toMatchObject({ status: 'found' });
  });
});
