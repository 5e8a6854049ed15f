import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/config/config.js';
import { matchesPattern, matchesWhere } from '../../src/config/where.js';
import { compareInterval, shrinkToDecide } from '../../src/judge/bound.js';
import { concerns } from '../../src/judge/coverage.js';
import { judge } from '../../src/judge/judge.js';
import { type Measurement, ORIGINAL } from '../../src/terms/measurement.js';
import { METRICS } from '../../src/terms/metrics.js';
import { check, input, measurement } from './builders.js';

const number = fc.double({ min: 0.01, max: 100, noNaN: true });
const interval = fc
  .tuple(number, number, fc.constantFrom(0.8, 0.9, 0.95))
  .map(([a, b, confidence]) => ({ lo: Math.min(a, b), hi: Math.max(a, b), confidence }));
const estimated = fc.record({ value: number, interval: fc.option(interval) });
const paired = estimated.map((e) => ({ ...e, lost: 1, gained: 0, p: 0.5, resolvable: 0.01 }));

const anyMeasurement: fc.Arbitrary<Measurement> = fc
  .record({
    metric: fc.constantFrom('size.file', 'latency.p50', 'throughput', 'accuracy.top1', 'accuracy.mae'),
    model: fc.constantFrom('a', 'b'),
    variant: fc.constantFrom(ORIGINAL, 'int8', 'fp16'),
    provider: fc.constantFrom(null, 'cpu', 'cuda'),
    batch: fc.constantFrom(null, 1, 8),
    status: fc.constantFrom('ok', 'ok', 'ok', 'skipped', 'invalid') as fc.Arbitrary<Measurement['status']>,
    value: number,
    interval: fc.option(interval),
    n: fc.option(fc.integer({ min: 1, max: 2000 })),
    ratio: fc.option(estimated),
    drop: fc.option(paired),
    base: fc.option(fc.record({ value: number, ratio: fc.option(estimated), note: fc.constant(null) })),
  })
  .map(({ metric, ...rest }) =>
    measurement(metric, { ...rest, value: rest.status === 'ok' ? rest.value : null }),
  );

const anyCheck: fc.Arbitrary<Check> = fc
  .record(
    {
      max: number,
      min: number,
      maxRatio: number,
      minRatio: number,
      maxDrop: number,
      maxRegression: fc.record({ ratio: number, slack: fc.constantFrom(0, 1) }),
      minSamples: fc.integer({ min: 1, max: 1000 }),
      confident: fc.boolean(),
      level: fc.constantFrom('error', 'warn', 'info', 'off') as fc.Arbitrary<Check['level']>,
    },
    { requiredKeys: [] },
  )
  .chain((conditions) =>
    fc
      .record({
        metric: fc.constantFrom(...METRICS.map(({ name }) => name)),
        where: fc.record(
          {
            model: fc.subarray(['a', 'b', '*'], { minLength: 1 }),
            variant: fc.subarray(['int8', 'fp16', 'int*', ORIGINAL], { minLength: 1 }),
            provider: fc.subarray(['cpu', 'cuda'], { minLength: 1 }),
            batch: fc.subarray([1, 8], { minLength: 1 }),
          },
          { requiredKeys: [] },
        ),
      })
      .map(({ metric, where }) => check(metric, { ...conditions, where })),
  );

const knobs = fc.record({
  onInconclusive: fc.constantFrom('error', 'warn', 'info') as fc.Arbitrary<'error' | 'warn' | 'info'>,
  onMissingBase: fc.constantFrom('error', 'warn', 'info') as fc.Arbitrary<'error' | 'warn' | 'info'>,
  onSkipped: fc.constantFrom('error', 'warn', 'info') as fc.Arbitrary<'error' | 'warn' | 'info'>,
});

describe('three-valued comparison', () => {
  it('is within, beyond or undecided exactly as all, none or some of the interval satisfies the bound', () => {
    fc.assert(
      fc.property(
        interval,
        number,
        fc.constantFrom('upper', 'lower') as fc.Arbitrary<'upper' | 'lower'>,
        (i, value, side) => {
          const satisfied = [i.lo, (i.lo + i.hi) / 2, i.hi].map((x) =>
            side === 'upper' ? x <= value : x >= value,
          );
          const outcome = compareInterval(i, { side, value });
          if (outcome === 'within') expect(satisfied).toEqual([true, true, true]);
          if (outcome === 'beyond') expect(satisfied).toEqual([false, false, false]);
          if (outcome === 'undecided') expect(new Set([satisfied[0], satisfied[2]]).size).toBe(2);
        },
      ),
    );
  });

  it('never decides the other way when the interval shrinks', () => {
    fc.assert(
      fc.property(
        interval,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        number,
        (wide, a, b, value) => {
          const width = wide.hi - wide.lo;
          const lo = wide.lo + Math.min(a, b) * width;
          const narrow = {
            ...wide,
            lo,
            hi: Math.max(lo, Math.min(wide.hi, wide.lo + Math.max(a, b) * width)),
          };
          const before = compareInterval(wide, { side: 'upper', value });
          const after = compareInterval(narrow, { side: 'upper', value });
          if (before !== 'undecided') expect(after).toBe(before);
        },
      ),
    );
  });

  it('asks for a narrower interval only where the interval crosses the bound', () => {
    fc.assert(
      fc.property(interval, number, (i, value) => {
        const estimate = { value: (i.lo + i.hi) / 2, interval: i };
        const share = shrinkToDecide(estimate, { side: 'upper', value });
        if (compareInterval(i, { side: 'upper', value }) === 'undecided' && share !== null) {
          expect(share).toBeLessThanOrEqual(1.001);
        }
      }),
    );
  });
});

describe('judge', () => {
  const SEVERITY: Record<string, number> = { pass: 0, inconclusive: 1, fail: 2 };

  it('never turns stricter when a bound is relaxed', () => {
    const loosen: ((check: Check, by: number) => Check)[] = [
      (c, by) => ({ ...c, max: 1 + by }),
      (c, by) => ({ ...c, min: 1 - by }),
      (c, by) => ({ ...c, maxRatio: 1 + by }),
      (c, by) => ({ ...c, minRatio: 1 - by }),
      (c, by) => ({ ...c, maxDrop: 1 + by }),
      (c, by) => ({ ...c, maxRegression: { ratio: 1 + by, slack: 0 } }),
      (c, by) => ({ ...c, maxRegression: { ratio: 0.1, slack: 1 + by } }),
    ];
    fc.assert(
      fc.property(
        anyMeasurement.filter((m) => m.status === 'ok' && m.variant !== ORIGINAL),
        fc.constantFrom(...loosen),
        fc.tuple(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true })),
        fc.boolean(),
        (measured, set, [a, b], confident) => {
          const verdict = (by: number) =>
            judge(
              input({
                checks: [set(check(measured.metric, { confident }), by)],
                measurements: [measured],
                confidence: 0.9,
              }),
            ).results[0]!.verdict;
          const [strict, loose] = [verdict(Math.min(a, b)), verdict(Math.max(a, b))];
          if (strict === 'skipped') expect(loose).toBe('skipped');
          else expect(SEVERITY[loose]).toBeLessThanOrEqual(SEVERITY[strict]!);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives the same results for the same input, and leaves the input as it was', () => {
    fc.assert(
      fc.property(
        fc.array(anyCheck, { maxLength: 4 }),
        fc.array(anyMeasurement, { maxLength: 8 }),
        knobs,
        (checks, measurements, k) => {
          const given = input({ checks, measurements, ...k });
          const before = structuredClone(given);
          const first = judge(given);
          expect(judge(structuredClone(given))).toEqual(first);
          expect(given).toEqual(before);
        },
      ),
    );
  });

  it('applies a check exactly to the measurements of its metric that its where matches', () => {
    fc.assert(
      fc.property(anyCheck, fc.array(anyMeasurement, { maxLength: 10 }), (given, measurements) => {
        const checked: Check = { ...check(given.metric, { where: given.where }), maxRatio: 1 };
        const { results } = judge(input({ checks: [checked], measurements }));
        const expected = measurements.filter(
          (m) => m.metric === checked.metric && m.variant !== ORIGINAL && matchesWhere(checked.where, m),
        );
        const rows = results.map(({ model, variant, provider, batch }) => [model, variant, provider, batch]);
        expect(rows.slice(0, expected.length)).toEqual(
          expected.map(({ model, variant, provider, batch }) => [model, variant, provider, batch]),
        );
        if (expected.length === 0) expect(results.length).toBeGreaterThan(0);
        const rest = results.slice(expected.length);
        expect(rest.every(({ verdict }) => verdict === 'skipped' || verdict === 'invalid')).toBe(true);
      }),
    );
  });

  it('fails the run exactly when a result of level error is not passed or waived, or an invalid variant has no result', () => {
    fc.assert(
      fc.property(
        fc.array(anyCheck, { maxLength: 4 }),
        fc.array(anyMeasurement, { maxLength: 8 }),
        knobs,
        (checks, measurements, k) => {
          const { results, verdict } = judge(input({ checks, measurements, ...k }));
          const bad = results.filter((r) => !['pass', 'waived'].includes(r.verdict));
          const unnoticed = measurements.some(
            (measured) => measured.status === 'invalid' && !results.some((r) => concerns(measured, r)),
          );
          expect(verdict === 'fail').toBe(unnoticed || bad.some(({ level }) => level === 'error'));
          expect(verdict === 'pass').toBe(!unnoticed && bad.every(({ level }) => level === 'info'));
        },
      ),
    );
  });

  it('gives a reason with everything that is skipped, invalid or inconclusive, and JSON can hold it all', () => {
    fc.assert(
      fc.property(
        fc.array(anyCheck, { maxLength: 4 }),
        fc.array(anyMeasurement, { maxLength: 8 }),
        (checks, measurements) => {
          const { results } = judge(input({ checks, measurements }));
          for (const result of results) {
            if (['skipped', 'invalid', 'inconclusive'].includes(result.verdict))
              expect(result.reason).toBeTruthy();
          }
          expect(JSON.parse(JSON.stringify(results))).toEqual(results);
        },
      ),
    );
  });
});

describe('patterns', () => {
  it('match a name cut into pieces and joined with *', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string().filter((s) => !s.includes('*')),
          { minLength: 1, maxLength: 5 },
        ),
        (pieces) => {
          const name = pieces.join('');
          expect(matchesPattern(name, pieces.join('*'))).toBe(true);
          expect(matchesPattern(name, '*')).toBe(true);
          expect(matchesPattern(name, name)).toBe(true);
          expect(matchesPattern(`${name}x`, name)).toBe(false);
        },
      ),
    );
  });

  it.each([
    ['int8', 'int*8*8', false],
    ['aba', 'ab*ba', false],
    ['int8', '*8', true],
    ['int8', 'i*t*', true],
    ['int8', 'INT8', false],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
  ])('%s against %s: %s', (name, pattern, expected) => {
    expect(matchesPattern(name, pattern)).toBe(expected);
  });
});
