import { describe, expect, it } from 'vitest';
import { defaultConfig, defaultModel } from '../../../src/config/defaults.js';
import { type EstablishedBaseRequest, establishedBase } from '../../../src/github/gate/established-base.js';
import type { Level } from '../../../src/terms/level.js';
import type { BaseModel } from '../../../src/variants/base-models.js';

const PROBLEM = { cause: 'origin is out of reach.', remedy: 'See to it.' };
const regression = (level: Level, model?: string) => ({
  id: 'size.file',
  metric: 'size.file',
  level,
  where: model === undefined ? {} : { model: [model] },
  maxRegression: { ratio: 0.05, slack: 0 },
  line: 1,
});
const base = defaultConfig([defaultModel('a.onnx')]);
const results = (changes: Partial<EstablishedBaseRequest>) =>
  establishedBase({
    problem: null,
    judging: { state: 'read', config: base },
    models: null,
    config: base,
    thresholdsFrom: 'base',
    level: 'error',
    ...changes,
  });
const models = (model: BaseModel) => ({ sha: 'a'.repeat(40), config: null, models: { a: model } });
const UNREADABLE: BaseModel = { status: 'unreadable', reason: 'a.onnx is a link.' };

describe('established.base of a proposal', () => {
  it('is silent when the base was read, or has no configuration', () => {
    expect(results({})).toEqual([]);
    expect(results({ judging: { state: 'absent' } })).toEqual([]);
  });

  it.each(['error', 'warn', 'info'] as const)(
    'fails at level %s when the base should judge and is out of reach',
    (level) => {
      const [result] = results({ problem: PROBLEM, judging: { state: 'unreadable', ...PROBLEM }, level });
      expect(result).toMatchObject({ check: 'established.base', level });
      expect(result!.reason).toContain(
        'origin is out of reach. The thresholds of the pull request itself were used.',
      );
      expect(result!.reason).toContain('See to it.');
    },
  );

  it('fails when only the configuration of the base is out of reach', () => {
    expect(results({ judging: { state: 'unreadable', ...PROBLEM } })).toHaveLength(1);
  });

  it('is nothing at level off', () => {
    expect(results({ problem: PROBLEM, judging: { state: 'unreadable', ...PROBLEM }, level: 'off' })).toEqual(
      [],
    );
  });

  it('counts, where the thresholds are those of the head, only as much as the checks that compare with the base', () => {
    const head = {
      problem: PROBLEM,
      judging: { state: 'unreadable', ...PROBLEM } as const,
      thresholdsFrom: 'head' as const,
    };
    expect(results(head)).toEqual([]);
    const config = { ...base, checks: [regression('warn')] };
    expect(results({ ...head, config })).toMatchObject([{ level: 'warn' }]);
  });

  it('names a model that is out of reach, when a check compares with it', () => {
    const config = { ...base, checks: [regression('error', 'a')] };
    expect(results({ models: models(UNREADABLE), config })).toMatchObject([
      { model: 'a', level: 'error', reason: expect.stringContaining('a.onnx is a link.') },
    ]);
    const other = { ...base, checks: [regression('error', 'b'), regression('off', 'a')] };
    expect(results({ models: models(UNREADABLE), config: other })).toEqual([]);
    expect(results({ models: models({ status: 'missing', reason: 'new' }), config })).toEqual([]);
  });
});
