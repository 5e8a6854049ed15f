import { describe, expect, it } from 'vitest';
import { renderLine, renderMarkdown } from '../../../src/report/markdown/markdown.js';
import type { CheckResult, Verdict } from '../../../src/terms/verdict.js';
import { parseGfm, tables } from '../gfm.js';
import { check, interval, measurement, model, report, SAMPLES, variant } from '../sample-reports.js';

const first = (markdown: string) => markdown.split('\n')[0]!;

/** Models of one variant each; a model's checks have its verdict. */
function reportOf(verdicts: Readonly<Record<string, Verdict>>, checks: CheckResult[] = []) {
  const names = Object.keys(verdicts);
  return report({
    verdict: Object.values(verdicts).includes('fail') ? 'fail' : 'pass',
    models: names.map((name) => model(name)),
    measurements: names.flatMap((name) => [
      measurement('size.file', 'bytes', 4e6, { model: name, variant: 'original' }),
      measurement('size.file', 'bytes', 1e6, { model: name }),
    ]),
    checks: [
      ...names.map((name) =>
        check('size.file', 'max-ratio', 0.3, 0.25, { model: name, verdict: verdicts[name]! }),
      ),
      ...checks,
    ],
  });
}

const slower = (more: Partial<CheckResult> = {}) =>
  check('latency.p50', 'max-ratio', 0.8, 1.31, {
    model: 'resnet50',
    provider: 'cuda',
    verdict: 'fail',
    ...more,
  });

describe('the headline', () => {
  it('names what failed, how far, where and what was allowed', () => {
    const markdown = renderMarkdown(reportOf({ resnet50: 'pass', mobilenet: 'pass' }, [slower()]));
    expect(first(markdown)).toContain('int8 of resnet50 is 1.31× slower on cuda (allowed at most 0.80×)');
  });

  it('counts the other failures, and leaves out the model where there is one', () => {
    const two = reportOf({ resnet50: 'fail' }, [
      slower({ verdict: 'invalid', observed: null, reason: 'it crashed' }),
    ]);
    expect(first(renderMarkdown({ ...two, verdict: 'fail' }))).toMatch(
      /int8 has no valid latency p50 on cuda: it crashed, and 1 more check failed$/,
    );
  });

  it.each<[Partial<CheckResult>, string, string]>([
    [
      { condition: 'max', observed: 78.1e6, bound: 50e6, unit: 'bytes' },
      'memory.peak',
      'has 78.1 MB peak memory',
    ],
    [
      { condition: 'max-drop', observed: 0.025, bound: 0.005, unit: 'fraction' },
      'accuracy.top1',
      'is 2.5 pp worse in Top-1',
    ],
    [
      { condition: 'max-drop', observed: 0.02, bound: 0.005, unit: 'fraction' },
      'accuracy.wer',
      'is 2.0 pp worse in word error rate',
    ],
    [
      { condition: 'max-regression', observed: 1.12, bound: 1.05 },
      'latency.p50',
      'is 12.0% worse than the base in latency p50',
    ],
    [{ condition: 'max-ratio', observed: 0.86, bound: 0.8 }, 'latency.p50', 'has 0.86× the latency p50'],
  ])('says %o of %s as a sentence', (more, metric, words) => {
    const failing = reportOf({ m: 'pass' }, [
      check(metric, 'max', 0, 0, { model: 'm', verdict: 'fail', ...more }),
    ]);
    expect(first(renderMarkdown({ ...failing, verdict: 'fail' }))).toContain(`int8 ${words}`);
  });

  it('is the same in the one-line comment', () => {
    const failing = reportOf({ resnet50: 'pass', mobilenet: 'pass' }, [slower()]);
    expect(renderLine({ ...failing, verdict: 'fail' })).toContain('int8 of resnet50 is 1.31× slower on cuda');
  });

  it('calls no difference what an interval does not say', () => {
    const timed = (lo: number | null) =>
      renderMarkdown(
        report({
          models: [model('m')],
          measurements: [
            measurement('latency.p50', 'ms', 10, { model: 'm', variant: 'original', provider: 'cpu' }),
            measurement('latency.p50', 'ms', 10, {
              model: 'm',
              provider: 'cpu',
              ratio: { value: 1.001, interval: lo === null ? null : interval(lo, 1.02) },
            }),
          ],
        }),
      );
    expect(timed(0.98)).toContain('no difference that this run can see');
    expect(timed(null)).toContain('**1.00×** the latency.');
    expect(timed(1.0005)).toContain('a little slower');
  });
});

describe('several models', () => {
  const eight = reportOf({
    a: 'pass',
    b: 'pass',
    c: 'inconclusive',
    d: 'pass',
    e: 'fail',
    f: 'pass',
    g: 'pass',
    h: 'pass',
  });
  const markdown = renderMarkdown(eight);

  it('have a line each, failures and open ones on top, passing ones past three folded', () => {
    const lines = markdown.split('\n').filter((line) => line.startsWith('- '));
    expect(lines.slice(0, 6)).toEqual([
      expect.stringMatching(/^- ❌ \*\*e\*\*: int8 has 0\.25× the size/),
      expect.stringMatching(/^- ❔ \*\*c\*\*: .*undecided/),
      '- ✅ **a**: the check passes',
      '- ✅ **b**: the check passes',
      '- ✅ **d**: the check passes',
      '- ✅ 3 more models without a failure, folded below',
    ]);
  });

  it('have their rows in the same order, and those of the folded ones in a table of their own', () => {
    const [shown, folded] = tables(parseGfm(markdown)).map((table) =>
      table.children.slice(1).map((row) => JSON.stringify(row.children[0]).match(/"value":"(\w)"/)?.[1]),
    );
    expect(shown).toEqual(['e', 'c', 'a', 'b', 'd']);
    expect(folded).toEqual(['f', 'g', 'h']);
    expect(markdown.indexOf('folded below')).toBeLessThan(markdown.indexOf('<details>'));
  });

  it('say a note once that is about several', () => {
    const note = (name: string, message: string) =>
      ({ level: 'warn', code: 'x', message, model: name, variant: 'int8' }) as const;
    const noted = renderMarkdown({
      ...eight,
      notes: [...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => note(name, 'Same.')), note('g', 'Other.')],
    });
    expect(noted).toContain('- ⚠️ **a int8, b int8, c int8, d int8** and 2 more: Same.');
    expect(noted.match(/Same\./g)).toHaveLength(1);
    expect(noted).toContain('**g int8**: Other.');
  });
});

describe('below the headline', () => {
  it('stands what to do, about the worst of it', () => {
    const told = (one: CheckResult) => {
      const text = renderMarkdown({ ...reportOf({ m: 'pass' }, [one]), verdict: 'fail' });
      return text.split('\n').find((line) => line.startsWith('**What to do:**')) ?? null;
    };
    const failing = (metric: string, more: Partial<CheckResult> = {}) =>
      check(metric, 'max-ratio', 0.8, 1.31, { model: 'm', verdict: 'fail', ...more });
    expect(told(failing('latency.p50', { line: 25 }))).toMatch(/auto.*latency\.p50\.max-ratio.*line 25/);
    expect(told(failing('accuracy.top1', { condition: 'max-drop' }))).toMatch(/exclude/);
    expect(told(failing('size.file'))).toMatch(/inspect --plan/);
    expect(told(failing('latency.p50', { condition: 'max-regression' }))).toMatch(/this change/);
    expect(renderMarkdown(reportOf({ m: 'pass' }))).not.toContain('What to do');
  });

  it('stand commit and base, linked, before any figure', () => {
    const links = { commits: 'https://github.com/octo-org/vision/commit/' };
    const text = renderMarkdown(SAMPLES.failing, { links });
    const line = text.split('\n').findIndex((each) => each.startsWith('<sub>commit ['));
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThan(text.split('\n').findIndex((each) => each.startsWith('|')));
    expect(text.match(/<sub>commit/g)).toHaveLength(1);
  });
});

describe('against the base', () => {
  const compared = (ratio: { value: number; lo: number; hi: number } | null, size: number) =>
    renderMarkdown(
      report({
        models: [model('m', { variants: [variant('original'), variant('int8')] })],
        measurements: [
          measurement('size.file', 'bytes', 4e6, { model: 'm', variant: 'original' }),
          measurement('size.file', 'bytes', size, {
            model: 'm',
            base: { value: 1e6, ratio: { value: size / 1e6, interval: null }, note: null },
          }),
          measurement('latency.p50', 'ms', 10, { model: 'm', variant: 'original', provider: 'cpu' }),
          measurement('latency.p50', 'ms', 5, {
            model: 'm',
            provider: 'cpu',
            base: {
              value: 5,
              ratio: ratio && { value: ratio.value, interval: interval(ratio.lo, ratio.hi) },
              note: null,
            },
          }),
        ],
      }),
    );

  it('is said in plain words what changed', () => {
    expect(compared({ value: 1.12, lo: 1.1, hi: 1.14 }, 1.02e6)).toContain(
      '- **int8 cpu**: size 2.0% worse; latency p50 12.0% worse',
    );
  });

  it('is said that nothing did only as far as the run can see', () => {
    expect(compared({ value: 1.01, lo: 0.99, hi: 1.03 }, 1e6)).toContain(
      'Nothing changed that this run can see.',
    );
    expect(compared(null, 1e6)).toContain('Nothing changed: no figure differs.');
  });

  it('is not spoken of without a base', () => {
    expect(renderMarkdown(SAMPLES.inconclusive)).not.toContain('Against the base');
  });
});
