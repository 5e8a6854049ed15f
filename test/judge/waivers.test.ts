import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { assertWaiversCurrent, covers } from '../../src/judge/waivers.js';
import { check, estimate, judgeOne, measurement } from './builders.js';

const waiver = (until: string, name = 'size.file') => ({
  check: name,
  reason: 'tracked in #123',
  until,
  line: 12,
});
const tooBig = measurement('size.file', { value: 10 });

describe('waivers', () => {
  it('turn a failed check into a waived one that says why and until when', () => {
    const result = judgeOne(check('size.file', { max: 1 }), tooBig, { waivers: [waiver('2026-11-30')] });
    expect(result).toMatchObject({
      verdict: 'waived',
      reason: 'waived until 2026-11-30: tracked in #123',
      observed: 10,
      overall: 'pass',
    });
  });

  it('turn an inconclusive one into a waived one too', () => {
    const measured = measurement('latency.p50', { ratio: estimate(0.8, 0.7, 0.9) });
    const result = judgeOne(check('latency.p50', { maxRatio: 0.8 }), measured, {
      waivers: [waiver('2026-11-30', 'latency.p50')],
      onInconclusive: 'error',
    });
    expect(result).toMatchObject({ verdict: 'waived', overall: 'pass' });
  });

  it('hold on their last day and not on the day after', () => {
    const on = (today: string) =>
      judgeOne(check('size.file', { max: 1 }), tooBig, { waivers: [waiver('2026-11-30')], today }).verdict;
    expect(on('2026-11-30')).toBe('waived');
    expect(on('2026-12-01')).toBe('fail');
  });

  it('do not touch a check that passes, or a variant that crashed', () => {
    const waivers = [waiver('2026-11-30')];
    expect(judgeOne(check('size.file', { max: 10 }), tooBig, { waivers }).verdict).toBe('pass');
    const crashed = measurement('size.file', { status: 'invalid', value: null, reason: 'NaN' });
    expect(judgeOne(check('size.file', { max: 10 }), crashed, { waivers }).verdict).toBe('invalid');
  });

  it.each([
    ['latency.p50', true],
    ['latency.p50.max', true],
    ['latency.p50[1]', true],
    ['latency.p50[1].max', true],
    ['latency.p50[0]', false],
    ['latency.p50.max-ratio', false],
    ['latency.p5', false],
  ])('named %s cover max of latency.p50[1]: %s', (name, expected) => {
    expect(covers(name, { id: 'latency.p50[1]', metric: 'latency.p50' }, 'max')).toBe(expected);
  });

  it('that are expired are an error naming file, line and day', () => {
    const waivers = [waiver('2026-11-22'), waiver('2026-11-23')];
    expect(() => assertWaiversCurrent(waivers, '2026-11-23', 'quantgate.yml')).toThrow(UserError);
    expect(() => assertWaiversCurrent(waivers, '2026-11-23', 'quantgate.yml')).toThrow(
      /^quantgate\.yml:12: waivers\[0\]: the waiver of size\.file expired on 2026-11-22 \(tracked in #123\); remove it.*$/,
    );
    expect(() => assertWaiversCurrent([waiver('2026-11-23')], '2026-11-23')).not.toThrow();
  });
});
