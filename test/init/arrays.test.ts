/** Arrays of images whose normalization nobody wrote down: init finds it by trying. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { quantgate, ROOT } from '../cli/command-line.js';
import { temporaryFolder } from '../data/samples.js';

describe('init on arrays that have to be normalized', () => {
  it('takes the preprocessing that the original makes sense of, and the task with it', () => {
    const folder = temporaryFolder();
    const digits = join(ROOT, 'examples', 'digits');
    cpSync(join(digits, 'digits.onnx'), join(folder, 'digits.onnx'));
    mkdirSync(join(folder, 'data'));
    for (const name of ['calibration.npz', 'evaluation.npz'])
      cpSync(join(digits, 'data', name), join(folder, 'data', name));
    const init = quantgate(['init', '--explain', '--budget', '1s'], { cwd: folder, input: '' });
    expect(init.status, init.stderr).toBe(0);
    expect(init.stdout).toMatch(
      /tried: classification .* with the data's own mean and std: Top-1 \d+(\.\d+)? %/,
    );
    const { models } = parse(readFileSync(join(folder, 'quantgate.yml'), 'utf8'));
    expect(models[0]).toMatchObject({ task: 'classification', data: { evaluation: 'data/evaluation.npz' } });
    expect(models[0].data.input.mean[0]).toBeCloseTo(0.13, 1);
    expect(models[0].data.input.std[0]).toBeCloseTo(0.31, 1);
  }, 120_000);
});
