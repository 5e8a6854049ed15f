import { describe, expect, it } from 'vitest';
import { explanationOf } from '../../../src/cli/commands/explain.js';
import { annotationsOf } from '../../../src/github/pull-request/annotations.js';
import { establishedResults } from '../../../src/judge/established.js';
import type { Verdict } from '../../../src/terms/verdict.js';
import { check, report } from '../../report/sample-reports.js';

const PLACE = { file: null, lineOf: () => null };
const judged = (verdict: Verdict) =>
  check('size.file', 'max-ratio', 0.5, 0.7, { verdict, level: 'error', reason: null });
const titlesOf = (checks: ReturnType<typeof judged>[]) =>
  annotationsOf(report({ checks }), PLACE).map(({ properties }) => properties.title ?? '');

describe('the title of an annotation', () => {
  it.each([
    ['fail', 'check.failed'],
    ['warn', 'check.failed'],
    ['inconclusive', 'check.inconclusive'],
    ['skipped', 'check.skipped'],
    ['invalid', 'check.invalid'],
  ] as const)('of a check with verdict %s has the code %s', (verdict, code) => {
    expect(titlesOf([judged(verdict)])).toEqual([`quantgate: size.file [${code}]`]);
  });

  it('of what could not be established has its code, all of which explain knows', () => {
    const names = ['base', 'commit', 'original', 'variant', 'reports'] as const;
    const checks = establishedResults(
      names.map((name) => ({ name, level: 'error', message: 'm', remedy: null })),
    );
    const titles = titlesOf(checks);
    expect(titles).toHaveLength(names.length);
    for (const title of titles) expect(explanationOf(/\[.*\]/.exec(title)![0]).kind).toBe('check');
  });

  it('of what only a later version knows has none', () => {
    const [known] = establishedResults([{ name: 'base', level: 'error', message: 'm', remedy: null }]);
    expect(titlesOf([{ ...known!, metric: 'established.weather' }])).toEqual([
      'quantgate: established.weather',
    ]);
  });
});
