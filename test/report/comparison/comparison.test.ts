import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { comparisonText } from '../../../src/cli/commands/compare-reports.js';
import { compareReports } from '../../../src/report/comparison/comparison.js';
import { comparisonHtml } from '../../../src/report/comparison/html.js';
import { comparisonMarkdown } from '../../../src/report/comparison/markdown.js';
import type { Report } from '../../../src/terms/report.js';
import { parseGfm, tables } from '../gfm.js';
import {
  FAILING,
  GPU_MACHINE,
  interval,
  measurement,
  model,
  PASSING,
  report,
  SAMPLES,
  variant,
} from '../sample-reports.js';

const compare = (before: Report, after: Report) =>
  compareReports({ name: 'before.json', report: before }, { name: 'after.json', report: after });
const later = (changes: Partial<Report>): Report => ({
  ...PASSING,
  startedAt: '2026-11-24T08:00:00Z',
  ...changes,
});
const figure = (before: Report, after: Report, metric: string) =>
  compare(before, after).figures.find((one) => one.metric === metric && one.variant === 'int8');

/** One latency with an interval of ±`half`, relative. */
const timed = (value: number, half: number | null, more: Partial<Report> = {}) =>
  report({
    startedAt: `2026-11-2${Math.round(value) % 10}T00:00:00Z`,
    measurements: [
      measurement('latency.p50', 'ms', value, {
        provider: 'cpu',
        interval: half === null ? null : interval(value * (1 - half), value * (1 + half)),
      }),
    ],
    ...more,
  });

describe('a comparison of two reports', () => {
  it('is the golden Markdown', async () => {
    await expect(comparisonMarkdown(compare(PASSING, FAILING))).toMatchFileSnapshot('passing-failing.md');
  });

  it('says which checks are judged worse, better, by another bound, are new or gone', () => {
    const { checks } = compare(FAILING, PASSING);
    expect(checks.map(({ metric, change }) => [metric, change])).toEqual([
      ['placement.fallback', 'new'],
      ['latency.p50', 'better'],
      ['accuracy.top1', 'better'],
      ['memory.peak', 'gone'],
    ]);
    const tighter = PASSING.checks.map((one) => ({ ...one, bound: one.bound * 0.99 }));
    expect(compare(PASSING, later({ checks: tighter })).checks.map(({ change }) => change)).toContain(
      'bound',
    );
  });

  it.each([
    [6, 'worse', '20.0% slower'],
    [4, 'better', '20.0% faster'],
    [5.1, 'unclear', '2.0% slower'],
  ] as const)('judges a latency of 5 ms and %f ms, ±2%% each, as %s', (value, change, words) => {
    expect(figure(timed(5, 0.02), timed(value, 0.02), 'latency.p50')).toMatchObject({ change, words });
  });

  it('knows the quotient of two runs with what remains of both confidences', () => {
    const { ratio } = figure(timed(5, 0.02), timed(6, 0.02), 'latency.p50')!;
    expect(ratio).toEqual({
      value: 1.2,
      interval: { lo: expect.closeTo(5.88 / 5.1), hi: expect.closeTo(6.12 / 4.9), confidence: 0.8 },
    });
  });

  it('calls unclear what has no interval', () => {
    expect(figure(timed(5, null), timed(9, 0.02), 'latency.p50')).toMatchObject({ change: 'unclear' });
  });

  it('compares times between equal machines only, and says otherwise', () => {
    const elsewhere = compare(timed(5, 0.02), timed(6, 0.02, { environment: GPU_MACHINE }));
    expect(elsewhere.figures).toEqual([]);
    expect(elsewhere.notCompared).toEqual([
      { reason: 'machine', count: 1, metrics: ['latency.p50'], models: ['classifier'] },
    ]);
    expect(comparisonMarkdown(elsewhere)).toMatch(
      /1 figure \(latency\.p50\) of classifier: measured on other machines, .*a1b2c3d4\) before and gpu-1 \(e5f6a7b8\) after/,
    );
  });

  it('finds the figures of one machine in a report that several measured', () => {
    const [item] = timed(6, 0.02).measurements;
    const merged = report({
      environments: [GPU_MACHINE, PASSING.environment],
      environment: GPU_MACHINE,
      measurements: [
        { ...item!, value: 1, environment: GPU_MACHINE.fingerprint },
        { ...item!, environment: PASSING.environment.fingerprint },
      ],
    });
    const { figures, notCompared } = compare(timed(5, 0.02), merged);
    expect(figures.map(({ after, change }) => [after, change])).toEqual([[6, 'worse']]);
    expect(notCompared.map(({ reason, count }) => [reason, count])).toEqual([['machine', 1]]);
  });

  it('compares size and accuracy between machines, but accuracy not between other data', () => {
    const other = later({ environment: GPU_MACHINE });
    expect(figure(PASSING, other, 'accuracy.top1')).toMatchObject({ change: 'same' });
    expect(figure(PASSING, other, 'size.file')).toMatchObject({ change: 'same' });
    const fewer = later({
      models: [model('classifier', { evaluation: { description: 'data/val', samples: 50 } })],
    });
    expect(figure(PASSING, fewer, 'accuracy.top1')).toBeUndefined();
    expect(compare(PASSING, fewer).notCompared.find(({ reason }) => reason === 'data')).toMatchObject({
      metrics: expect.arrayContaining(['accuracy.top1', 'fidelity.sqnr']),
    });
  });

  it('tells a count that was 0, which no ratio can, and the direction of what is better when higher', () => {
    const placed = (metric: string, value: number) =>
      report({
        startedAt: `2026-11-2${value}T00:00:00Z`,
        measurements: [measurement(metric, 'count', value)],
      });
    expect(
      figure(placed('placement.fallback', 0), placed('placement.fallback', 5), 'placement.fallback'),
    ).toMatchObject({
      change: 'worse',
      words: '0 → 5',
    });
    const near = (value: number) =>
      report({ durationMs: value, measurements: [measurement('fidelity.sqnr', 'dB', value)] });
    expect(figure(near(20), near(23), 'fidelity.sqnr')).toMatchObject({ change: 'better', words: '+3.0 dB' });
  });

  it('names models, variants and files that are others', () => {
    const variants = [
      variant('original', { sha256: 'f'.repeat(64) }),
      variant('int8', { status: 'failed' }),
      variant('int4'),
    ];
    const { models } = compare(
      PASSING,
      later({ models: [model('classifier', { variants, sha256: '0'.repeat(64) }), model('new')] }),
    );
    expect(models.added).toEqual(['new']);
    expect(models.variants.map(({ variant: name, change }) => [name, change])).toEqual([
      ['original', 'file'],
      ['int8', 'lost'],
      ['int4', 'added'],
    ]);
  });

  it('says that nothing changed', () => {
    expect(comparisonMarkdown(compare(PASSING, later({})))).toMatch(
      /^### ✅ quantgate, compared: the verdict is pass, as it was; no figure changed\n/,
    );
  });

  it('does not wear the sign of a pass where a figure got worse, though every check passes', () => {
    const slower = compare(timed(5, 0.02), timed(6, 0.02));
    expect(slower.after.verdict).toBe('pass');
    const markdown = comparisonMarkdown(slower);
    expect(markdown).toMatch(/^### 🔻 quantgate, compared: the verdict is pass, as it was; 1 figure worse\n/);
    expect(markdown).toContain('| 🔻 20.0% slower |');
    expect(comparisonHtml(slower)).toContain('<header class="banner tone-caution">');
    expect(comparisonMarkdown(compare(timed(5, 0.02), timed(4, 0.02)))).toMatch(
      /^### ✅ .* 1 figure better\n/,
    );
    expect(comparisonMarkdown(compare(timed(5, 0.02), timed(5.1, 0.02)))).toMatch(/^### ✅ /);
  });

  it('leaves hostile names text', () => {
    const comparison = compare(SAMPLES.hostile, {
      ...SAMPLES.hostile,
      durationMs: 1,
      checks: [],
      verdict: 'pass',
    });
    const markdown = comparisonMarkdown(comparison);
    expect(tables(parseGfm(markdown))).toHaveLength(1);
    expect(markdown).not.toMatch(/<img|<script|@octocat/);
    const html = comparisonHtml(comparison);
    expect(html.match(/<(img|script)\b[^>]*>/g)).toEqual([
      '<script type="application/json" id="quantgate-comparison">',
    ]);
    expect(html).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`,
    );
  });
});

describe('quantgate report --compare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quantgate-compare-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, value: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const before = file('before.json', PASSING);
  const after = file('after.json', FAILING);
  const link = join(folder, 'link.json');
  symlinkSync(before, link);
  const text = (files: string[], format = 'markdown', out = '-') => comparisonText(files, { format, out });

  it('is written as Markdown, HTML and JSON', () => {
    expect(text([before, after])).toContain('the verdict was pass and is fail');
    expect(text([before, after], 'html')).toMatch(/^<!doctype html>/);
    expect(JSON.parse(text([before, after], 'json'))).toMatchObject({
      comparisonVersion: 1,
      before: { name: before, verdict: 'pass' },
      after: { verdict: 'fail' },
    });
  });

  it.each<[string, () => unknown, string]>([
    ['one report', () => text([before]), 'takes two reports, the earlier one first; 1 was given'],
    ['three reports', () => text([before, after, before]), '3 were given'],
    ['one file twice', () => text([before, before]), 'is given twice'],
    ['one file by two names', () => text([before, link]), 'is given twice'],
    ['a copy', () => text([before, file('copy.json', PASSING)]), 'hold the same report'],
    [
      'other models',
      () => text([before, file('other.json', report({ models: [model('detector')] }))]),
      "has 'classifier', ",
    ],
    [
      'an older version',
      () => text([file('old.json', { ...PASSING, schemaVersion: 0 }), after]),
      'schemaVersion 0; this quantgate reads version 1. Write it again',
    ],
    ['a file that is no report', () => text([before, file('none.json', {})]), 'Not a valid quantgate report'],
    [
      'another format',
      () => text([before, after], 'junit'),
      'has no format junit: it is written as markdown, html, json',
    ],
    ['its own output', () => text([before, after], 'json', after), 'would overwrite a report'],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ name: 'UserError' }));
  });
});
