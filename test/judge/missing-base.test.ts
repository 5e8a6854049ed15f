import { describe, expect, it } from 'vitest';
import { overallVerdict } from '../../src/judge/judge.js';
import { check, judgeOne, measurement } from './builders.js';

const REGRESSION = { maxRegression: { ratio: 0.05, slack: 0 } };
const unreadable = (more: { model?: string | null; variant?: string | null } = {}) => [
  { model: null, variant: null, reason: 'origin is out of reach.', ...more },
];
const size = measurement('size.file', { value: 10 });

describe('max-regression where the base should be and cannot be read', () => {
  it.each([
    ['error', 'error', 'fail'],
    ['warn', 'error', 'warn'],
    ['error', 'warn', 'warn'],
    ['error', 'info', 'pass'],
  ] as const)(
    'of level %s, with on-unreadable-base %s, makes the run %s',
    (level, onUnreadableBase, verdict) => {
      const result = judgeOne(check('size.file', { ...REGRESSION, level }), size, {
        unreadableBase: unreadable(),
        onUnreadableBase,
      });
      expect(result).toMatchObject({ verdict: 'skipped', reason: 'origin is out of reach.' });
      expect(overallVerdict([result])).toBe(verdict);
    },
  );

  it('is an error unless something else is said', () => {
    const result = judgeOne(check('size.file', REGRESSION), size, { unreadableBase: unreadable() });
    expect(result.level).toBe('error');
  });

  it.each([
    [{ model: 'other' }, 'info'],
    [{ model: 'classifier', variant: 'int4' }, 'info'],
    [{ model: 'classifier', variant: 'int8' }, 'error'],
  ] as const)('counts only where it is: %j', (where, level) => {
    const result = judgeOne(check('size.file', REGRESSION), size, { unreadableBase: unreadable(where) });
    expect(result.level).toBe(level);
  });

  it('counts as on-missing-base says of metrics that no base is measured for', () => {
    const fidelity = measurement('fidelity.sqnr', { value: 30 });
    const result = judgeOne(check('fidelity.sqnr', REGRESSION), fidelity, { unreadableBase: unreadable() });
    expect(result).toMatchObject({ level: 'info', reason: 'fidelity.sqnr is not measured of the base' });
  });
});
