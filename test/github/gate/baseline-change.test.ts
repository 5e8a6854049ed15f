import { describe, expect, it } from 'vitest';
import type { BaselineConfig } from '../../../src/config/config.js';
import { defaultConfig, defaultModel } from '../../../src/config/defaults.js';
import { baselineChanges } from '../../../src/github/gate/baseline-change.js';
import { sampleReport } from '../sample-report.js';

const OLD = '1'.repeat(64);
const NEW = '2'.repeat(64);
const MEASURED = '3'.repeat(64);

const baseline = (sha256: string, file = '/project/b.onnx'): BaselineConfig => ({
  file,
  sha256,
  externalData: {},
});
const config = (value: BaselineConfig | null, name = 'digits') =>
  defaultConfig([defaultModel('/project/digits.onnx', { name, baseline: value })]);
const report = () => {
  const { models } = sampleReport();
  return { models: models.map((model) => ({ ...model, name: 'digits', sha256: MEASURED })) };
};
const changes = (base: BaselineConfig | null, head: BaselineConfig | null, headName?: string) =>
  baselineChanges(config(head, headName), config(base), report());

describe('a pull request', () => {
  it('that leaves the baseline as it is, or moves its file, is told nothing', () => {
    expect(changes(null, null)).toEqual([]);
    expect(changes(baseline(OLD), baseline(OLD, '/project/elsewhere.onnx'))).toEqual([]);
  });

  it.each([
    [
      'changes the baseline to the model that it brings',
      baseline(OLD),
      baseline(MEASURED),
      'info',
      "sets the baseline from 1111111111111111 to 3333333333333333. The base's holds for this run. Later ones are compared with the model that is measured here.",
    ],
    [
      'changes it to another one',
      baseline(OLD),
      baseline(NEW),
      'warn',
      "The base's holds for this run. Later ones are compared with it, which is not the model that is measured here (3333333333333333).",
    ],
    ['takes it away', baseline(OLD), null, 'warn', 'takes the baseline away (1111111111111111).'],
    ['adds one', null, baseline(MEASURED), 'info', 'sets the baseline to 3333333333333333. Later ones'],
    [
      'changes only the data beside it',
      baseline(MEASURED),
      { ...baseline(MEASURED), externalData: { w: NEW } },
      'info',
      'sets the baseline',
    ],
  ])('that %s is told what holds, and what later ones are compared with', (_, base, head, level, message) => {
    expect(changes(base, head)).toEqual([
      {
        level,
        code: 'baseline.changed',
        message: expect.stringContaining(message),
        model: 'digits',
        variant: null,
      },
    ]);
  });

  it('that renames the model keeps its baseline', () => {
    expect(changes(baseline(OLD), baseline(OLD), 'renamed')).toEqual([]);
    expect(changes(baseline(OLD), baseline(NEW), 'renamed')).toMatchObject([
      { level: 'warn', model: 'renamed' },
    ]);
  });
});
