import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/report/html/html.js';
import { renderLine, renderMarkdown } from '../../../src/report/markdown/markdown.js';
import { renderTerminal } from '../../../src/report/terminal/terminal.js';
import type { CheckResult, Verdict } from '../../../src/terms/verdict.js';
import { parseGfm, tables } from '../gfm.js';
import { manyModels } from '../many-models.js';
import {
  CPU_MACHINE,
  check,
  GPU_MACHINE,
  interval,
  measurement,
  model,
  report,
  SAMPLES,
  variant,
} from '../sample-reports.js';

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
      'is 12.0% slower than the base (allowed at most 5.0% slower)',
    ],
    [
      { condition: 'max-regression', observed: 1.12, bound: 1.05, unit: 'bytes' },
      'memory.peak',
      'is 12.0% higher than the base in peak memory (allowed at most 5.0% higher)',
    ],
    [{ condition: 'max-ratio', observed: 1.2, bound: 0.8 }, 'latency.load', 'has 1.20× the load'],
    [{ condition: 'max-ratio', observed: 0.86, bound: 0.8 }, 'latency.p50', 'has 0.86× the latency p50'],
  ])('says %o of %s as a sentence', (more, metric, words) => {
    const failing = reportOf({ m: 'pass' }, [
      check(metric, 'max', 0, 0, { model: 'm', verdict: 'fail', ...more }),
    ]);
    expect(first(renderMarkdown({ ...failing, verdict: 'fail' }))).toContain(`int8 ${words}`);
  });

  it('names the place where a metric is farthest beyond its bound', () => {
    const at = (provider: string, observed: number) => slower({ provider, observed });
    const three = reportOf({ resnet50: 'pass' }, [at('cpu', 0.85), at('cuda', 1.31), at('dml', 0.9)]);
    expect(first(renderMarkdown({ ...three, verdict: 'fail' }))).toMatch(
      /int8 is 1\.31× slower on cuda \(allowed at most 0\.80×\), and 2 more checks failed$/,
    );
  });

  it('writes a figure with the digits that tell it from its bound', () => {
    expect(renderMarkdown(SAMPLES.inconclusive)).toContain('**0.805×** the latency');
  });

  it('says in how many models checks failed', () => {
    const verdicts = { a: 'fail', b: 'pass', c: 'fail', d: 'fail' } as const;
    expect(first(renderMarkdown(reportOf(verdicts)))).toMatch(
      /, and 2 more checks failed, in 3 of 4 models$/,
    );
  });

  it('names what is undecided or warned of, and whether that fails the run', () => {
    const open = slower({ model: 'm', verdict: 'inconclusive', observed: 0.805 });
    const blocked = { ...reportOf({ m: 'pass' }, [open]), verdict: 'fail' } as const;
    expect(first(renderMarkdown(blocked))).toMatch(/int8 has 0\.81× the latency p50 .*0\.80×\), undecided$/);
    const warned = { ...reportOf({ m: 'pass' }, [{ ...open, level: 'warn' }]), verdict: 'warn' } as const;
    expect(first(renderMarkdown(warned))).toMatch(/, undecided; 1 of 2 checks passes$/);
    const told = [
      slower({ model: 'm', verdict: 'warn', level: 'warn' }),
      { ...open, level: 'warn' } as const,
    ];
    const both = renderMarkdown({ ...reportOf({ m: 'pass' }, told), verdict: 'warn' });
    expect(first(both)).toMatch(
      /^### ⚠️ .*int8 is 1\.31× slower on cuda .*, a warning; 1 of 3 checks passes$/,
    );
    expect(both).toMatch(/\*\*What to do:\*\* try method/);
  });

  it('tells of a single row that passes all that there is to tell', () => {
    const text = renderMarkdown(SAMPLES.passing);
    expect(first(text)).toContain(
      'all 4 checks pass: int8 is 0.27× the size, 0.41× the latency (2.4× as fast)',
    );
    expect(text.match(/2\.4× as fast/g)).toHaveLength(1);
  });

  it('has the range of the figures where several pass', () => {
    expect(first(renderMarkdown(manyModels({ models: 3 })))).toMatch(
      /all 36 checks pass: 0\.16× to 0\.50× the size, 0\.36× to 0\.70× the latency, at worst −0\.3 pp Top-1$/,
    );
  });

  it('says with the one line of a quiet comment which commit it is about', () => {
    const links = { commits: 'https://github.com/octo-org/vision/commit/' };
    expect(renderLine(SAMPLES.passing, { links })).toMatch(/ · commit \[4f2c9e6\]\(http.*\) against /);
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
    expect(first(timed(null))).toMatch(/int8 is 1\.00× the latency$/);
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
      '- ✅ **a**: the check passes (0.25× the size)',
      '- ✅ **b**: the check passes (0.25× the size)',
      '- ✅ **d**: the check passes (0.25× the size)',
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

  it('have what failed or is undecided on top of the table, above what passes of the same models', () => {
    const mixed = manyModels({
      models: 2,
      latency: ({ model: name, variant: its, provider }) =>
        provider === 'cuda' && its === 'int4' ? (name === 'resnet50' ? 'inconclusive' : 'fail') : 'pass',
    });
    const [shown] = tables(parseGfm(renderMarkdown(mixed))).map((table) =>
      table.children
        .slice(1)
        .map((row) => JSON.stringify(row.children.at(-1)).match(/pass|fail|inconcl/)?.[0]),
    );
    expect(shown).toEqual(['fail', 'inconcl', ...Array.from({ length: 10 }, () => 'pass')]);
  });

  it('say a note once that is about several', () => {
    const note = (name: string, message: string) =>
      ({ level: 'warn', code: 'noise.load', message, model: name, variant: 'int8' }) as const;
    const noted = renderMarkdown({
      ...eight,
      notes: [...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => note(name, 'Same.')), note('g', 'Other.')],
    });
    expect(noted).toContain('- ⚠️ **int8 of a, b, c, d** and 2 more: Same.');
    expect(noted.match(/Same\./g)).toHaveLength(1);
    expect(noted).toContain('**g int8**: Other.');
  });
});

describe('a figure that got worse than the base, within its bound', () => {
  const worse = manyModels({
    models: 2,
    base: ({ model: of, variant: its, provider }) =>
      of === 'mobilenet' && its === 'int8' && provider === 'cpu' ? [1.04, 0.01] : [1.004, 0.02],
  });
  const row = (text: string) => text.split('\n').filter((line) => line.includes('worse than the base'));

  it('does not read as all good: the title, the model and its row tell of it', () => {
    const lines = row(renderMarkdown(worse));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^### ✅ quantgate: all 24 checks pass, 1 figure worse than the base: /);
    expect(lines[1]).toContain('- ✅ **mobilenet**: all 12 checks pass, 1 figure worse than the base (');
    expect(lines[2]).toContain('✅ **pass** <sub>3 checks</sub> 🔻 worse than the base: latency p50 |');
  });

  it('is told by the page and the terminal too', () => {
    const page = renderHtml(worse).replace(/<svg.*?<\/svg>/g, '');
    expect(page.match(/<span class="bound"> worse than the base: latency p50<\/span>/g)).toHaveLength(1);
    expect(renderTerminal(worse, { width: 140 })).toMatch(/▼ worse than the base:\n.* {2}latency p50\n/);
  });

  it('is not told of what may be chance', () => {
    const noise = manyModels({ models: 2, base: () => [1.02, 0.03] });
    expect(row(renderMarkdown(noise) + renderHtml(noise) + renderTerminal(noise))).toEqual([]);
  });
});

describe('the first pull request, whose base has nothing to compare with', () => {
  const plain = manyModels({ models: 3 });
  const without = plain.checks
    .filter(({ metric }) => metric === 'latency.p50')
    .map(({ model: of, variant: its, provider }) =>
      check('latency.p50', 'max-regression', 1.05, null, {
        model: of,
        variant: its,
        ...{ provider, batch: 1, threads: 2, concurrency: 1 },
        verdict: 'skipped',
        level: 'info',
        reason: 'No base to compare with',
      }),
    );
  const markdown = renderMarkdown({ ...plain, checks: [...plain.checks, ...without] });

  it('passes where everything that could be checked does, and counts what was skipped', () => {
    expect(first(markdown)).toContain('✅ quantgate: 36 of 54 checks pass, 18 skipped');
    expect(markdown).toContain('- ✅ **resnet50**: 12 of 18 checks pass, 6 skipped (');
    expect(markdown).toContain('✅ **pass** <sub>3 of 4 checks</sub>');
    expect(markdown.split('<details>')[0]!.match(/➖/g)).toHaveLength(1);
  });

  it('says why once', () => {
    expect(markdown).toContain(
      '- ➖ **skipped** <code>latency.p50</code> of **resnet50 int8 cpu** and 17 more: allowed at most 5.0% slower than the base (level info). No base to compare with',
    );
  });

  it('does not pass where a skipped check counts', () => {
    const counted = without.map((one) => ({ ...one, level: 'error' as const }));
    const text = renderMarkdown({ ...plain, verdict: 'fail', checks: [...plain.checks, ...counted] });
    expect(text).toContain('- ➖ **resnet50**: int8 could not be judged by latency p50 on cpu');
    expect(text).toContain('➖ **skipped** <sub>1 of 4 checks</sub>');
  });
});

describe('one model of several variants', () => {
  const lines = (markdown: string) =>
    markdown.split('\n').filter((line) => /^- .. ?\*\*|^- .\*\*/u.test(line));
  it('has a line of verdict for each, the worst first', () => {
    const failing = manyModels({
      models: 1,
      latency: ({ variant: name, provider }) => (name === 'int4' && provider === 'cuda' ? 'fail' : 'pass'),
    });
    expect(lines(renderMarkdown(failing)).slice(0, 3)).toEqual([
      '- ❌ **int4** is 1.31× slower on cuda (allowed at most 0.80×)',
      '- ✅ **int8** passes all 4 checks (0.26× the size, 0.46× the latency, −0.1 pp Top-1)',
      '- ✅ **fp16** passes all 4 checks (0.50× the size, 0.70× the latency, −0.2 pp Top-1)',
    ]);
  });
});

describe('the machines', () => {
  it('are called by the names of their runners', () => {
    expect(renderMarkdown(SAMPLES.wide)).toContain('gpu-1 (Intel Xeon Platinum 8480C, 16 cores)');
    const two = { ...SAMPLES.wide, environments: [GPU_MACHINE, { ...CPU_MACHINE, runner: 'cpu-7' }] };
    expect(renderMarkdown(two)).toContain(' · 2 machines: gpu-1, cpu-7 · ');
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
      '- **int8**: size 2.0% larger; latency p50 12.0% slower on cpu',
    );
  });

  it('is said that nothing did only as far as the run can see', () => {
    expect(compared({ value: 1.01, lo: 0.99, hi: 1.03 }, 1e6)).toContain(
      'Nothing changed that this run can see.',
    );
    expect(compared(null, 1e6)).toContain('Nothing changed.');
  });

  it('is not said of what is exact that it is a matter of seeing', () => {
    const sized = report({
      models: [model('m')],
      measurements: [
        measurement('size.file', 'bytes', 1e6, { model: 'm', base: { value: 1e6, ratio: null, note: null } }),
      ],
    });
    expect(renderMarkdown(sized)).toContain('- Nothing changed.\n');
  });

  it('is told of a single value that it may be chance', () => {
    const timed = report({
      models: [model('m')],
      measurements: [
        measurement('latency.p50', 'ms', 6, {
          model: 'm',
          provider: 'cpu',
          base: { value: 5, ratio: { value: 1.2, interval: null }, note: null },
        }),
      ],
    });
    expect(first(renderMarkdown(timed))).toContain('int8 was measured, with no original beside it');
    expect(renderMarkdown(timed)).toContain(
      'latency p50 20.0% slower on cpu, which may be chance: it has no interval',
    );
  });

  it('is told of twelve lines at most', () => {
    const text = renderMarkdown(manyModels({ models: 8, base: () => [1.12, 0.02] }));
    expect(text.match(/^- \*\*.*latency p50 12\.0% slower on cpu, 12\.0% slower on cuda$/gm)).toHaveLength(
      12,
    );
    expect(text).toContain('- 12 more changed: the details tell.');
  });

  it('is not spoken of without a base', () => {
    expect(renderMarkdown(SAMPLES.inconclusive)).not.toContain('Against the base');
  });
});
