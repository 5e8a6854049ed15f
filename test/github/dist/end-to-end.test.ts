import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeGitHub } from '../fake-github.js';
import { type ActionResult, ROOT, runBundledAction } from '../runner.js';

const ENTRY = join(ROOT, 'dist/action.js');
/** The quantized file is 0.27 × the original. */
const LIMITS = { strict: 0.2, relaxed: 1.5 };
const config = (limit: number) => `version: 1
models:
  - { name: digits, path: digits.onnx, task: none, variants: [{ name: q, method: int8-dynamic }] }
confidence: 0.8
benchmark: { threads: [1], budget: 1ms }
thresholds:
  size.file: [{ max-ratio: ${limit} }, { level: warn, max-regression: 1% }]
`;

/** The whole product, as GitHub runs it: dist/action.js, a checkout of a merge commit, the real pipeline on a real model. */
describe('a pull request that changes its model and relaxes its threshold', () => {
  let home: string;
  let github: FakeGitHub;
  let result: ActionResult;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'quantgate-e2e-'));
    github = await new FakeGitHub().start();
    const workspace = join(home, 'workspace');
    mkdirSync(workspace);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: workspace,
        encoding: 'utf8',
      }).trim();
    git('init', '-q', '-b', 'main');
    copyFileSync(join(ROOT, 'examples/digits/digits.onnx'), join(workspace, 'digits.onnx'));
    writeFileSync(join(workspace, 'quantgate.yml'), config(LIMITS.strict));
    git('add', '-A');
    git('commit', '-qm', 'base');
    const base = git('rev-parse', 'HEAD');
    git('checkout', '-qb', 'feature');
    // An unknown field at the end, 2 kB long: the same model in a larger file.
    const padding = Buffer.concat([Buffer.from([0xc2, 0x3e, 0x80, 0x10]), Buffer.alloc(2048)]);
    writeFileSync(
      join(workspace, 'digits.onnx'),
      Buffer.concat([readFileSync(join(workspace, 'digits.onnx')), padding]),
    );
    writeFileSync(join(workspace, 'quantgate.yml'), config(LIMITS.relaxed));
    git('commit', '-qam', 'head');
    const head = git('rev-parse', 'HEAD');
    git('checkout', '-q', '--detach', base);
    git('merge', '-q', '--no-ff', head, '-m', 'merge');
    result = await runBundledAction({
      entry: ENTRY,
      event: 'pull_request',
      payload: {
        action: 'synchronize',
        repository: { full_name: 'o/r', default_branch: 'main' },
        pull_request: { number: 7, head: { sha: head, repo: { full_name: 'o/r' } }, base: { sha: base } },
      },
      github,
      workspace,
    });
  }, 300_000);
  afterAll(async () => {
    await github.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it("fails by the base's threshold, and is told what its own would have said", () => {
    expect(result.stderr).toBe('');
    expect(result.outputs.verdict).toBe('fail');
    expect(result.exitCode).toBe(1);
    expect(result.summary).toContain('the verdict is fail; by its own it would be pass');
  });

  it('gets one comment with its figures', () => {
    const [comment, ...others] = github.commentsOn(7);
    expect(others).toEqual([]);
    expect(comment!.body).toContain('digits');
    expect(comment!.body).toMatch(/0\.\d\d×/);
  });

  it("was compared with the base's model, built in the same run", () => {
    expect(result.summary).not.toContain('not in the base');
    expect(result.stdout).not.toContain('nothing is compared');
    expect(result.summary).toMatch(/base/i);
  });

  it('left no temporary file', () => {
    expect(existsSync(join(home, 'workspace', 'quantgate-out', '.base'))).toBe(false);
  });
});
