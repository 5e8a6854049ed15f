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
import { validateReport } from '../../../src/report/schema.js';
import { type ActionResult, ROOT, runBundledAction } from '../runner.js';

const config = (recipe: string) => `version: 1
models:
  - { name: one, path: one.onnx, task: none, variants: [{ name: half, method: float16 }] }
  - { name: two, path: two.onnx, task: none, variants: [{ name: half, ${recipe} }] }
confidence: 0.8
benchmark: { threads: [1], budget: 1ms }
thresholds:
  size.file: { max-ratio: 0.8 }
`;

/** dist/action.js with the real pipeline: a push, then another that changes the recipe of one of two models. */
describe('a push that changes one of two models', () => {
  let home: string;
  let first: ActionResult;
  let second: ActionResult;
  const workspace = () => join(home, 'workspace');

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'quantgate-skipped-'));
    mkdirSync(workspace());
    for (const name of ['one.onnx', 'two.onnx'])
      copyFileSync(join(ROOT, 'examples/digits/digits.onnx'), join(workspace(), name));
    const push = (recipe: string) => {
      writeFileSync(join(workspace(), 'quantgate.yml'), config(recipe));
      rmSync(join(workspace(), 'quantgate-out'), { recursive: true, force: true });
      return runBundledAction({
        entry: join(ROOT, 'dist/action.js'),
        event: 'push',
        inputs: { token: '' },
        workspace: workspace(),
        env: { RUNNER_TOOL_CACHE: join(home, 'tools') },
      });
    };
    first = await push('method: float16');
    second = await push('method: float16, exclude: [/stem/Conv]');
  }, 300_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const measured = ({ stdout }: ActionResult) =>
    ['one', 'two'].filter((name) => stdout.includes(`${name}: measuring latency`));

  it('measures only that one again', () => {
    expect([first.exitCode, second.exitCode], second.stdout).toEqual([0, 0]);
    expect(measured(first)).toEqual(['one', 'two']);
    expect(measured(second)).toEqual(['two']);
    expect(second.stdout).toContain('one: Not measured again');
  });

  it('reports both, says which figures are older, and leaves the files of both', () => {
    const report = validateReport(
      JSON.parse(readFileSync(join(workspace(), 'quantgate-out/quantgate-report.json'), 'utf8')),
    );
    expect(report.models.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(report.checks.map(({ model, verdict }) => [model, verdict])).toEqual([
      ['one', 'pass'],
      ['two', 'pass'],
    ]);
    const reused = report.notes.filter(({ code }) => code === 'result.reused');
    expect(reused.map(({ model }) => model)).toEqual(['one']);
    for (const name of ['one', 'two'])
      expect(existsSync(join(second.outputs.models!, name, 'half.onnx')), name).toBe(true);
  });
});
