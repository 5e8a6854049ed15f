import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/config/config.js';
import { judge, overallVerdict } from '../../src/judge/judge.js';
import { type Measurement, ORIGINAL } from '../../src/terms/measurement.js';
import { check, drop, estimate, input, judgeOne, measurement } from './builders.js';

const latency = (value: number, ratio: Measurement['ratio'], more: Partial<Measurement> = {}) =>
  measurement('latency.p50', { value, ratio, provider: 'cpu', batch: 1, ...more });

describe('interval metrics', () => {
  const cases: [string, Partial<Check>, Measurement, string][] = [
    [
      'whole ratio interval below the bound',
      { maxRatio: 0.8 },
      latency(4, estimate(0.7, 0.68, 0.72)),
      'pass',
    ],
    ['interval ends on the bound', { maxRatio: 0.8 }, latency(4, estimate(0.75, 0.7, 0.8)), 'pass'],
    [
      'whole ratio interval above the bound',
      { maxRatio: 0.8 },
      latency(4, estimate(0.9, 0.85, 0.95)),
      'fail',
    ],
    ['interval starts on the bound', { maxRatio: 0.8 }, latency(4, estimate(0.85, 0.8, 0.9)), 'inconclusive'],
    ['interval crosses the bound', { maxRatio: 0.8 }, latency(4, estimate(0.79, 0.7, 0.88)), 'inconclusive'],
    ['unbounded above', { maxRatio: 0.8 }, latency(4, estimate(0.7, 0.68, null)), 'inconclusive'],
    ['no interval at all', { maxRatio: 0.8 }, latency(4, { value: 0.1, interval: null }), 'inconclusive'],
    [
      'absolute bound by the own interval',
      { max: 5 },
      latency(4, null, { interval: { lo: 3.9, hi: 4.1, confidence: 0.9 } }),
      'pass',
    ],
    [
      'absolute bound exceeded by the whole interval',
      { max: 3.5 },
      latency(4, null, { interval: { lo: 3.9, hi: 4.1, confidence: 0.9 } }),
      'fail',
    ],
    ['throughput has to reach its ratio', { minRatio: 1.2 }, latency(4, estimate(1.1, 1.05, 1.15)), 'fail'],
  ];
  it.each(cases)('%s', (_, conditions, measured, verdict) => {
    expect(judgeOne(check('latency.p50', conditions), measured).verdict).toBe(verdict);
  });

  it('says that too few processes tell no interval', () => {
    const result = judgeOne(check('latency.p50', { maxRatio: 0.8 }), latency(4, estimate(0.5, null, null)));
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      reason: 'latency.p50 was measured in too few processes to tell its interval; raise benchmark.budget',
    });
  });

  it('says how much longer it would take to decide', () => {
    const result = judgeOne(check('latency.p50', { maxRatio: 0.8 }), latency(4, estimate(0.76, 0.68, 0.84)));
    expect(result.reason).toBe(
      'the interval [0.68×, 0.84×] crosses the bound 0.8×; about 4× the measuring would decide, if the value stays',
    );
  });

  it('does not promise a decision when the value lies on the bound', () => {
    const result = judgeOne(check('latency.p50', { maxRatio: 0.8 }), latency(4, estimate(0.8, 0.7, 0.9)));
    expect(result.reason).toContain('too near the bound');
  });

  it('does not take an interval of less confidence than the config asks for', () => {
    const measured = latency(4, estimate(0.7, 0.68, 0.72));
    const result = judgeOne(check('latency.p50', { maxRatio: 0.8 }), measured, { confidence: 0.99 });
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toContain('90 %');
    expect(result.reason).toContain('98 %');
  });

  it('derives a drop in milliseconds from the ratio and the original', () => {
    const original = latency(10, null, { variant: ORIGINAL });
    const { results } = judge(
      input({
        checks: [check('latency.p50', { maxDrop: 2 })],
        measurements: [original, latency(11, estimate(1.1, 1.05, 1.15))],
      }),
    );
    expect(results).toMatchObject([{ verdict: 'pass', observed: 1, bound: 2 }]);
    expect(results[0]!.interval!.hi).toBeCloseTo(1.5);
  });
});

describe('exact metrics', () => {
  const size = (value: number, more: Partial<Measurement> = {}) =>
    measurement('size.file', { value, ...more });
  const original = size(1000, { variant: ORIGINAL });

  it.each([
    [{ max: 300 }, 300, 'pass'],
    [{ max: 300 }, 301, 'fail'],
    [{ min: 300 }, 299, 'fail'],
    [{ maxRatio: 0.3 }, 300, 'pass'],
    [{ maxRatio: 0.3 }, 301, 'fail'],
    [{ minRatio: 0.3 }, 299, 'fail'],
    [{ maxDrop: 0 }, 1000, 'pass'],
    [{ maxDrop: 0 }, 1001, 'fail'],
  ] as [Partial<Check>, number, string][])('%o on %d of 1000 bytes: %s', (conditions, value, verdict) => {
    const { results } = judge(
      input({ checks: [check('size.file', conditions)], measurements: [original, size(value)] }),
    );
    expect(results).toMatchObject([{ verdict, variant: 'int8' }]);
  });

  it('finds no ratio to a value of zero, and says so', () => {
    const fallback = (value: number, variant = 'int8') =>
      measurement('placement.fallback', { value, variant });
    const grown = judge(
      input({
        checks: [check('placement.fallback', { maxRatio: 1 })],
        measurements: [fallback(0, ORIGINAL), fallback(3)],
      }),
    );
    expect(grown.results).toMatchObject([{ verdict: 'fail', observed: null }]);
    expect(grown.results[0]!.reason).toContain("the original's value is 0");
    const same = judge(
      input({
        checks: [check('placement.fallback', { maxRatio: 1 })],
        measurements: [fallback(0, ORIGINAL), fallback(0)],
      }),
    );
    expect(same.results).toMatchObject([{ verdict: 'pass', observed: 1 }]);
  });

  it('is skipped where the original has no such value', () => {
    const result = judgeOne(check('size.file', { maxRatio: 0.3 }), size(1));
    expect(result).toMatchObject({ verdict: 'skipped', overall: 'warn' });
    expect(result.reason).toContain('the original has no size.file');
  });
});

describe('accuracy on the same samples', () => {
  const top1 = (measured: Measurement['drop'], n = 1000) =>
    measurement('accuracy.top1', { value: 0.8, drop: measured, n });

  it('is judged by its value, so that the same model gets the same verdict', () => {
    expect(judgeOne(check('accuracy.top1', { maxDrop: 0.005 }), top1(drop(0.004, -0.01, 0.02))).verdict).toBe(
      'pass',
    );
    expect(judgeOne(check('accuracy.top1', { maxDrop: 0.005 }), top1(drop(0.006, -0.01, 0.02))).verdict).toBe(
      'fail',
    );
  });

  it('names what the sample can resolve when that is more than the bound', () => {
    const result = judgeOne(
      check('accuracy.top1', { maxDrop: 0.005 }),
      top1(drop(0.004, -0.01, 0.02, 0.013)),
    );
    expect(result.verdict).toBe('pass');
    expect(result.reason).toBe(
      '1000 samples, of which 4 changed, can resolve a drop of 1.3 pp or more, the bound is 0.5 pp: judged by value (about 6800 such samples would resolve it)',
    );
  });

  it('fails a confident check whose value holds and whose interval does not', () => {
    const result = judgeOne(
      check('accuracy.top1', { maxDrop: 0.005, confident: true }),
      top1(drop(0.004, -0.01, 0.02)),
    );
    expect(result.verdict).toBe('fail');
    expect(result.reason).toContain('confident: true');
    const narrow = top1(drop(0.001, -0.001, 0.004));
    expect(judgeOne(check('accuracy.top1', { maxDrop: 0.005, confident: true }), narrow).verdict).toBe(
      'pass',
    );
  });

  it('cannot be confident without an interval', () => {
    const measured = top1({ ...drop(0.004, 0, 0), interval: null });
    expect(judgeOne(check('accuracy.top1', { maxDrop: 0.005, confident: true }), measured).verdict).toBe(
      'inconclusive',
    );
  });

  it('takes a drop of a score that was not paired as original − variant', () => {
    const top1Of = (value: number, variant: string) => measurement('accuracy.top1', { value, variant });
    const { results } = judge(
      input({
        checks: [check('accuracy.top1', { maxDrop: 0.1 })],
        measurements: [top1Of(0.75, ORIGINAL), top1Of(0.5, 'int8'), top1Of(1, 'fp16')],
      }),
    );
    expect(results).toMatchObject([
      { verdict: 'fail', observed: 0.25 },
      { verdict: 'pass', observed: -0.25 },
    ]);
  });

  it('fails by its value however little is known about the interval', () => {
    const measured = top1({ ...drop(0.02, 0.01, 0.03), interval: { lo: 0.01, hi: 0.03, confidence: 0.5 } });
    const confident = check('accuracy.top1', { maxDrop: 0.005, confident: true });
    expect(judgeOne(confident, measured).verdict).toBe('fail');
  });

  it('takes a drop of an error metric as variant − original', () => {
    const original = measurement('accuracy.mae', { value: 2, variant: ORIGINAL });
    const worse = measurement('accuracy.mae', { value: 2.5 });
    const { results } = judge(
      input({ checks: [check('accuracy.mae', { maxDrop: 0.4 })], measurements: [original, worse] }),
    );
    expect(results).toMatchObject([{ verdict: 'fail', observed: 0.5 }]);
  });
});

describe('max-regression', () => {
  const regression = (ratio: number, slack = 0) => ({ maxRegression: { ratio, slack } });
  const beside = (value: number, ratio: ReturnType<typeof estimate> | null) => ({ value, ratio, note: null });

  it.each([
    ['within', estimate(1.02, 1.0, 1.04), 'pass'],
    ['beyond', estimate(1.1, 1.06, 1.14), 'fail'],
    ['across', estimate(1.04, 1.0, 1.08), 'inconclusive'],
  ])('of latency %s 5 %', (_, ratio, verdict) => {
    const measured = latency(10, null, { base: beside(9.5, ratio) });
    expect(judgeOne(check('latency.p50', regression(0.05)), measured)).toMatchObject({
      verdict,
      bound: 1.05,
    });
  });

  it('turns the ratio around where higher is better', () => {
    const measured = measurement('throughput', { value: 90, base: beside(100, estimate(0.9, 0.88, 0.92)) });
    const result = judgeOne(check('throughput', regression(0.05)), measured);
    expect(result).toMatchObject({ verdict: 'fail', bound: 1.05 });
    expect(result.observed).toBeCloseTo(1 / 0.9);
    expect(result.interval!.lo).toBeCloseTo(1 / 0.92);
    const better = measurement('throughput', { value: 200, base: beside(100, estimate(2, 1.9, 2.1)) });
    expect(judgeOne(check('throughput', regression(0.05)), better).verdict).toBe('pass');
  });

  it('fails only when ratio and slack are both exceeded', () => {
    const doubled = latency(0.02, null, { base: beside(0.01, estimate(2, 1.9, 2.1)) });
    const result = judgeOne(check('latency.p50', regression(0.05, 0.05)), doubled);
    expect(result).toMatchObject({ verdict: 'pass', bound: 1.05, slack: 0.05 });
    expect(result.reason).toContain('within the slack of 0.05 ms');
    const slow = latency(20, null, { base: beside(10, estimate(2, 1.9, 2.1)) });
    expect(judgeOne(check('latency.p50', regression(0.05, 0.05)), slow).verdict).toBe('fail');
  });

  it('compares exact metrics by value', () => {
    const size = (value: number) => measurement('size.file', { value, base: beside(100, null) });
    expect(judgeOne(check('size.file', regression(0.05)), size(105)).verdict).toBe('pass');
    expect(judgeOne(check('size.file', regression(0.05)), size(106)).verdict).toBe('fail');
  });

  it('relates values that may be negative to the magnitude of the base', () => {
    const r2 = (value: number, base: number) =>
      measurement('accuracy.r2', { value, base: beside(base, null) });
    expect(judgeOne(check('accuracy.r2', regression(0.05)), r2(-0.21, -0.2)).verdict).toBe('pass');
    expect(judgeOne(check('accuracy.r2', regression(0.05)), r2(-0.3, -0.2)).verdict).toBe('fail');
    expect(judgeOne(check('accuracy.r2', regression(0.05, 0.2)), r2(-0.3, -0.2)).verdict).toBe('pass');
    expect(judgeOne(check('accuracy.r2', regression(0.05)), r2(-0.1, -0.2)).verdict).toBe('pass');
  });

  it('of a count from zero fails without slack and passes within it', () => {
    const fallback = (value: number) => measurement('placement.fallback', { value, base: beside(0, null) });
    expect(judgeOne(check('placement.fallback', regression(0.05)), fallback(0)).verdict).toBe('pass');
    expect(judgeOne(check('placement.fallback', regression(0.05)), fallback(1))).toMatchObject({
      verdict: 'fail',
      observed: null,
    });
    expect(judgeOne(check('placement.fallback', regression(0.05, 2)), fallback(1)).verdict).toBe('pass');
  });

  it('without a base is skipped and counts as on-missing-base says', () => {
    const measured = latency(10, null);
    const one = (onMissingBase: 'error' | 'warn' | 'info') =>
      judgeOne(check('latency.p50', regression(0.05)), measured, { onMissingBase });
    expect(one('info')).toMatchObject({ verdict: 'skipped', level: 'info', overall: 'pass' });
    expect(one('warn')).toMatchObject({ verdict: 'skipped', overall: 'warn' });
    expect(one('error')).toMatchObject({ verdict: 'skipped', overall: 'fail' });
    expect(one('info').reason).toContain('no base');
    const off = judge(
      input({
        checks: [check('latency.p50', regression(0.05))],
        measurements: [measured],
        onMissingBase: 'off',
      }),
    );
    expect(off).toEqual({ results: [], verdict: 'pass' });
  });
});

describe('levels', () => {
  const tooBig = measurement('size.file', { value: 10 });

  it.each([
    ['error', 'fail', 'fail'],
    ['warn', 'warn', 'warn'],
    ['info', 'warn', 'pass'],
  ] as const)('a failed check of level %s is %s, the run %s', (level, verdict, overall) => {
    expect(judgeOne(check('size.file', { max: 1, level }), tooBig)).toMatchObject({
      verdict,
      level,
      overall,
    });
  });

  it('a check that is off has no result', () => {
    const off = input({ checks: [check('size.file', { max: 1, level: 'off' })], measurements: [tooBig] });
    expect(judge(off)).toEqual({ results: [], verdict: 'pass' });
  });

  it.each([
    ['error', 'fail'],
    ['warn', 'warn'],
    ['info', 'pass'],
  ] as const)('on-inconclusive %s makes the run %s', (onInconclusive, overall) => {
    const measured = latency(4, estimate(0.79, 0.7, 0.88));
    const result = judgeOne(check('latency.p50', { maxRatio: 0.8 }), measured, { onInconclusive });
    expect(result).toMatchObject({ verdict: 'inconclusive', overall });
  });

  it.each([
    ['error', 'fail'],
    ['warn', 'warn'],
    ['info', 'pass'],
  ] as const)('on-skipped %s makes the run %s', (onSkipped, overall) => {
    const measured = measurement('memory.gpu', { status: 'skipped', value: null, reason: 'no nvidia-smi' });
    const result = judgeOne(check('memory.gpu', { max: 1 }), measured, { onSkipped });
    expect(result).toMatchObject({ verdict: 'skipped', reason: 'no nvidia-smi', overall });
  });

  it('a check of level warn never fails the run, whatever the knobs say', () => {
    const measured = latency(4, estimate(0.79, 0.7, 0.88));
    const warned = check('latency.p50', { maxRatio: 0.8, level: 'warn' });
    expect(judgeOne(warned, measured, { onInconclusive: 'error' }).overall).toBe('warn');
  });

  it('no checks pass', () => {
    expect(judge(input({}))).toEqual({ results: [], verdict: 'pass' });
    expect(overallVerdict([])).toBe('pass');
  });
});

describe('a variant that crashes, hangs or gives NaN', () => {
  const crashed = measurement('latency.p50', {
    status: 'invalid',
    value: null,
    reason: 'crashed with SIGSEGV',
  });
  const size = measurement('size.file', { value: 1 });

  it('is invalid in every check on it and fails the run', () => {
    const { results, verdict } = judge(
      input({
        checks: [check('latency.p50', { maxRatio: 1 }), check('size.file', { max: 5 })],
        measurements: [crashed, size],
      }),
    );
    expect(results.map((result) => [result.metric, result.verdict, result.reason])).toEqual([
      ['latency.p50', 'invalid', 'crashed with SIGSEGV'],
      ['size.file', 'invalid', 'latency.p50: crashed with SIGSEGV'],
    ]);
    expect(verdict).toBe('fail');
  });

  it('says so even where a figure of it was skipped for another reason', () => {
    const skipped = measurement('memory.gpu', { status: 'skipped', value: null, reason: 'no nvidia-smi' });
    const { results } = judge(
      input({ checks: [check('memory.gpu', { max: 1 })], measurements: [crashed, skipped] }),
    );
    expect(results).toMatchObject([{ verdict: 'invalid', reason: 'latency.p50: crashed with SIGSEGV' }]);
  });

  it('is judged on the providers where it runs', () => {
    const interval = { lo: 4, hi: 4, confidence: 0.9 };
    const onCpu = measurement('latency.p50', { value: 4, interval, provider: 'cpu' });
    const onGpu = { ...crashed, provider: 'webgpu' };
    const { results } = judge(
      input({ checks: [check('latency.p50', { max: 5 })], measurements: [onCpu, onGpu] }),
    );
    expect(results.map(({ provider, verdict }) => [provider, verdict])).toEqual([
      ['cpu', 'pass'],
      ['webgpu', 'invalid'],
    ]);
  });

  it('fails the run even when no check is on it', () => {
    const fp16 = measurement('size.file', { value: 1, variant: 'fp16' });
    const onFp16 = check('size.file', { max: 5, where: { variant: ['fp16'] } });
    const { results, verdict } = judge(input({ checks: [onFp16], measurements: [crashed, fp16] }));
    expect(results.map((result) => result.verdict)).toEqual(['pass']);
    expect(verdict).toBe('fail');
  });

  it('leaves other variants and models alone', () => {
    const others = [
      measurement('size.file', { value: 1, variant: 'fp16' }),
      measurement('size.file', { value: 1, model: 'detector' }),
    ];
    const { results } = judge(
      input({ checks: [check('size.file', { max: 5 })], measurements: [crashed, size, ...others] }),
    );
    expect(results.map(({ verdict }) => verdict)).toEqual(['invalid', 'pass', 'pass']);
  });

  it('is invalid when the value itself is NaN', () => {
    const result = judgeOne(
      check('accuracy.mae', { max: 1 }),
      measurement('accuracy.mae', { value: Number.NaN }),
    );
    expect(result).toMatchObject({ verdict: 'invalid', overall: 'fail' });
  });
});

describe('min-samples', () => {
  it('skips a check that too few samples stand behind', () => {
    const measured = measurement('accuracy.top1', { value: 0.1, n: 99 });
    const result = judgeOne(check('accuracy.top1', { min: 0.9, minSamples: 100 }), measured);
    expect(result).toMatchObject({ verdict: 'skipped', reason: '99 samples, the check asks for 100' });
    const enough = judgeOne(check('accuracy.top1', { min: 0.9, minSamples: 99 }), measured);
    expect(enough.verdict).toBe('fail');
  });

  it('does not apply to what has no samples', () => {
    expect(judgeOne(check('size.file', { max: 5, minSamples: 10 }), measurement('size.file')).verdict).toBe(
      'pass',
    );
  });
});

describe('what a check applies to', () => {
  const everywhere = [ORIGINAL, 'int8', 'fp16'].flatMap((variant) =>
    ['cpu', 'cuda'].map((provider) =>
      measurement('latency.p50', {
        variant,
        provider,
        batch: 1,
        interval: { lo: 1, hi: 1, confidence: 0.9 },
      }),
    ),
  );
  const judged = (where: Check['where']) =>
    judge(input({ checks: [check('latency.p50', { max: 5, where })], measurements: everywhere })).results.map(
      ({ variant, provider }) => `${variant} ${provider}`,
    );

  it('is every variant on every provider, and not the original', () => {
    expect(judged({})).toEqual(['int8 cpu', 'int8 cuda', 'fp16 cpu', 'fp16 cuda']);
  });

  it('is what all keys of where list, with patterns', () => {
    expect(judged({ variant: ['int*'], provider: ['cuda'] })).toEqual(['int8 cuda']);
    expect(judged({ variant: ['*'] })).toEqual(['int8 cpu', 'int8 cuda', 'fp16 cpu', 'fp16 cuda']);
  });

  it('is the original where an absolute bound names it', () => {
    expect(judged({ variant: [ORIGINAL] })).toEqual(['original cpu', 'original cuda']);
  });

  it('includes values that do not depend on the coordinate asked for', () => {
    const result = judgeOne(
      check('size.file', { max: 5, where: { provider: ['cpu'], batch: [8] } }),
      measurement('size.file'),
    );
    expect(result.verdict).toBe('pass');
  });

  it('gives a skipped result when the run measured nothing of it', () => {
    const { results, verdict } = judge(
      input({ checks: [check('memory.gpu', { max: 5, min: 1, where: { variant: ['int8'] } })] }),
    );
    expect(results).toMatchObject([
      { condition: 'max', verdict: 'skipped', variant: 'int8', model: '*' },
      { condition: 'min', verdict: 'skipped' },
    ]);
    expect(results[0]!.reason).toBe('this run has no measurement of memory.gpu with variant int8');
    expect(verdict).toBe('warn');
  });

  it('gives a skipped result for a variant that lacks what its model yields', () => {
    const { results } = judge(
      input({
        checks: [check('latency.p50', { max: 5, where: { provider: ['cpu'] } })],
        measurements: [...everywhere, measurement('size.file', { variant: 'best' })],
      }),
    );
    expect(results.map(({ variant, verdict }) => [variant, verdict])).toEqual([
      ['int8', 'pass'],
      ['fp16', 'pass'],
      ['best', 'skipped'],
    ]);
    expect(results[2]!.reason).toBe(
      'this run has no measurement of latency.p50 for this variant with provider cpu',
    );
  });

  it('does not miss what the model does not yield at all', () => {
    const { results } = judge(
      input({
        checks: [check('latency.p50', { max: 5 })],
        measurements: [...everywhere, measurement('size.file', { model: 'tokenizer' })],
      }),
    );
    expect(results.map(({ model }) => model)).not.toContain('tokenizer');
  });

  it('judges every condition on its own', () => {
    const { results } = judge(
      input({
        checks: [check('size.file', { max: 5, min: 3 })],
        measurements: [measurement('size.file', { value: 1 })],
      }),
    );
    expect(results.map(({ condition, verdict }) => [condition, verdict])).toEqual([
      ['max', 'pass'],
      ['min', 'fail'],
    ]);
  });
});

describe('custom evaluators', () => {
  it('say which way their numbers are better', () => {
    const measured = measurement('accuracy.cer', {
      value: 0.2,
      base: { value: 0.1, ratio: null, note: null },
    });
    const scoredBy = (higherIsBetter: boolean | Record<string, boolean>) => ({
      models: [{ name: 'classifier', evaluator: { module: 'eval.mjs', higherIsBetter, timeoutMs: 1000 } }],
    });
    const checked = check('accuracy.cer', { maxRegression: { ratio: 0.05, slack: 0 } });
    expect(judgeOne(checked, measured, scoredBy({ cer: false })).verdict).toBe('fail');
    // Although a task's metric of that name is better when lower.
    expect(judgeOne(checked, measured, scoredBy(true)).verdict).toBe('pass');
  });
});
