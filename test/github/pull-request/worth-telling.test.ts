import { describe, expect, it } from 'vitest';
import { isWorthTelling } from '../../../src/github/pull-request/worth-telling.js';
import type { Report } from '../../../src/terms/report.js';
import { check, FAILED, sampleReport } from '../sample-report.js';

const source = { repository: 'o/r', sha: null, baseSha: null, pullRequest: 7, runUrl: null };
const UNCHANGED = sampleReport({ source: { ...source, changed: false } });
const undecided = (level: 'error' | 'info' | 'off') =>
  sampleReport({ ...UNCHANGED, checks: [check({ level, verdict: 'inconclusive' })] });

describe('a comment of its own', () => {
  it.each<[string, Report, { failures: boolean; changes: boolean }]>([
    ['in which nothing changed and all passes', UNCHANGED, { failures: false, changes: false }],
    [
      'with a failed check',
      sampleReport({ ...UNCHANGED, verdict: 'fail', checks: [FAILED] }),
      { failures: true, changes: true },
    ],
    ['with a warning', sampleReport({ ...UNCHANGED, verdict: 'warn' }), { failures: true, changes: true }],
    ['with an undecided check', undecided('error'), { failures: true, changes: true }],
    ['with one undecided that does not count', undecided('info'), { failures: true, changes: true }],
    [
      'with one undecided that nobody wants to know of',
      undecided('off'),
      { failures: false, changes: false },
    ],
    [
      'with other thresholds',
      sampleReport({ ...UNCHANGED, thresholds: { file: 'quantgate.yml', from: 'base', changed: true } }),
      { failures: false, changes: true },
    ],
    [
      'with another file',
      sampleReport({ source: { ...source, changed: true } }),
      { failures: false, changes: true },
    ],
    ['of which nobody knows what changed', sampleReport({ source }), { failures: false, changes: true }],
    ['of no known commit', sampleReport({ source: null }), { failures: false, changes: true }],
  ])('for a report %s: %o', (_, report, expected) => {
    expect(isWorthTelling(report, 'always', { waived: false })).toBe(true);
    expect(isWorthTelling(report, 'never', { waived: false })).toBe(false);
    for (const mode of ['failures', 'changes'] as const)
      expect(isWorthTelling(report, mode, { waived: false }), mode).toBe(expected[mode]);
  });

  it('is due to whoever waived what failed', () => {
    expect(isWorthTelling(UNCHANGED, 'failures', { waived: true })).toBe(true);
  });
});
