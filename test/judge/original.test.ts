/** What the comparison of original and variant rests on, as check results. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/judge/judge.js';
import type { Measurement } from '../../src/terms/measurement.js';
import { type OriginalDoubt, withDoubt } from '../../src/terms/original-doubt.js';
import { check, drop, input, measurement } from './builders.js';

const doubt: OriginalDoubt = {
  standing: 'chance',
  explained: false,
  message: 'Top-1 of the original is 0.1 %.',
  remedy: 'Check the labels.',
  figures: {},
  tried: [],
};

const original = (changes: Partial<OriginalDoubt> | null, more: Partial<Measurement> = {}) => {
  const one = measurement('accuracy.top1', { variant: 'original', provider: 'cpu', value: 0.001, ...more });
  return changes === null ? one : withDoubt(one, { ...doubt, ...changes });
};
const variant = measurement('accuracy.top1', { provider: 'cpu', value: 0.001, drop: drop(0, -0.001, 0.001) });
const checks = [check('accuracy.top1', { maxDrop: 0.005 })];
const judged = (one: Measurement, changes = {}) =>
  judge(input({ checks, measurements: [one, variant], ...changes }));

describe('an original that makes no sense of its data', () => {
  it('fails the run before the checks that pass', () => {
    const { results, verdict } = judged(original({}));
    expect(verdict).toBe('fail');
    expect(results.map(({ check: id, verdict: own }) => [id, own])).toEqual([
      ['established.original', 'fail'],
      ['accuracy.top1', 'pass'],
    ]);
    expect(results[0]).toMatchObject({
      model: 'classifier',
      variant: 'original',
      reason: 'Top-1 of the original is 0.1 %. Check the labels.',
    });
  });

  it.each([
    ['warn', 'warn', 2],
    ['info', 'pass', 2],
    ['off', 'pass', 1],
  ] as const)('counts as on-chance says: %s', (onChance, overall, count) => {
    const { results, verdict } = judged(original({}), { onChance });
    expect([verdict, results.length]).toEqual([overall, count]);
  });

  it('is told once, whatever the number of providers', () => {
    const cuda = original({}, { provider: 'cuda' });
    const { results } = judge(input({ checks: [], measurements: [original({}), cuda, variant] }));
    expect(results).toHaveLength(1);
  });

  it.each([
    ['hardly', true, 'fail'],
    ['weak', true, 'fail'],
    ['untold', true, 'fail'],
    ['hardly', false, 'pass'],
    ['untold', false, 'pass'],
    ['low', true, 'pass'],
  ] as const)('of standing %s, explained %s: %s', (standing, explained, overall) => {
    expect(judged(original({ standing, explained })).verdict).toBe(overall);
  });

  it('says in the row of a bound on it what would reach the bound', () => {
    const bound = check('accuracy.top1', { min: 0.8, where: { variant: ['original'] } });
    const { results } = judged(original({ standing: 'low', explained: true, remedy: 'Swap the channels.' }), {
      checks: [bound],
    });
    expect(results).toMatchObject([
      { verdict: 'fail', variant: 'original', reason: expect.stringMatching(/Swap the channels\.$/) },
    ]);
  });
});

describe('a variant that is the original', () => {
  const unchanged = [{ model: 'classifier', variant: 'int8', reason: 'nothing in it was quantized' }];

  it('is a warning of its own, for its checks say nothing', () => {
    const { results, verdict } = judged(original(null), { unchanged });
    expect(verdict).toBe('warn');
    expect(results[0]).toMatchObject({
      check: 'established.variant',
      variant: 'int8',
      verdict: 'warn',
      reason: expect.stringMatching(/^Nothing in it was quantized: that its checks pass says nothing\./),
    });
  });

  it('fails or is silent as on-unchanged says', () => {
    expect(judged(original(null), { unchanged, onUnchanged: 'error' }).verdict).toBe('fail');
    expect(judged(original(null), { unchanged, onUnchanged: 'off' })).toMatchObject({ verdict: 'pass' });
  });
});
