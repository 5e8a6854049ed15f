import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { overallVerdict } from '../../../src/judge/judge.js';
import { renderMarkdown } from '../../../src/report/markdown/markdown.js';
import { mergeReports } from '../../../src/report/merge/merge.js';
import { reportRows } from '../../../src/report/rows/rows.js';
import { validateReport } from '../../../src/report/schema.js';
import { MAX_MODELS, type Report } from '../../../src/terms/report.js';
import {
  check,
  FAILING,
  GPU_MACHINE,
  measurement,
  model,
  PASSING,
  report,
  SAMPLES,
  variant,
  WIDE,
} from '../sample-reports.js';

/** The same run on another machine. */
function onGpuMachine(of: Report, latencyMs: number): Report {
  return {
    ...of,
    environment: GPU_MACHINE,
    measurements: of.measurements.map((item) =>
      item.metric === 'latency.p50' && item.variant === 'int8' ? { ...item, value: latencyMs } : item,
    ),
  };
}

const codes = (merged: Report) => merged.notes.map((note) => note.code);

describe('merging reports', () => {
  it('of different models gives one with all of them', () => {
    const other = report({
      models: [model('detector')],
      measurements: [measurement('size.file', 'bytes', 1e6, { model: 'detector' })],
      checks: [check('size.file', 'max', 2e6, 1e6, { model: 'detector' })],
    });
    const merged = mergeReports([PASSING, other]);
    expect(merged.models.map((item) => item.name)).toEqual(['classifier', 'detector']);
    expect(merged.measurements).toHaveLength(PASSING.measurements.length + 1);
    expect(merged.checks).toHaveLength(PASSING.checks.length + 1);
    expect(merged.environments).toBeUndefined();
  });

  it('of more models, or variants of one, than a report holds is refused', () => {
    const of = (from: number, count: number) =>
      report({ models: Array.from({ length: count }, (_, i) => model(`m${from + i}`)) });
    expect(mergeReports([of(0, 100), of(100, 100)]).models).toHaveLength(MAX_MODELS);
    expect(() => mergeReports([of(0, 101), of(101, 100)])).toThrow(/have 201 models together.*at most 200/);
    const variants = (from: number) =>
      report({
        models: [{ ...model('m'), variants: Array.from({ length: 26 }, (_, i) => variant(`v${from + i}`)) }],
      });
    expect(() => mergeReports([variants(0), variants(26)])).toThrow(
      /52 variants of 'm' together.* 50 variants/,
    );
  });

  it('takes the worst verdict', () => {
    expect(mergeReports([PASSING, { ...WIDE, environment: PASSING.environment }]).verdict).toBe('fail');
  });

  it('keeps what several machines measured apart, and tells the facts they agree on once', () => {
    const merged = mergeReports([PASSING, onGpuMachine(PASSING, 2.1)]);
    expect(merged.environments?.map((machine) => machine.fingerprint)).toEqual(['a1b2c3d4', 'e5f6a7b8']);
    const latencies = merged.measurements.filter(
      (item) => item.metric === 'latency.p50' && item.variant === 'int8',
    );
    expect(latencies.map((item) => [item.environment, item.value])).toEqual([
      ['a1b2c3d4', 5.26],
      ['e5f6a7b8', 2.1],
    ]);
    const sizes = merged.measurements.filter(
      (item) => item.metric === 'size.file' && item.variant === 'int8',
    );
    expect(sizes).toHaveLength(1);
    expect(sizes[0]).not.toHaveProperty('environment');
    expect(reportRows(merged)).toHaveLength(2);
    expect(renderMarkdown(merged)).toContain('cpu, on gpu-1');
    expect(codes(merged)).not.toContain('merge.conflict');
  });

  it('lets the newest of two runs on one machine count, and names the conflict', () => {
    const older = { ...FAILING, startedAt: '2026-11-22T08:00:00Z' };
    for (const order of [
      [older, PASSING],
      [PASSING, older],
    ]) {
      const merged = mergeReports(order);
      const latency = merged.measurements.find(
        (item) => item.metric === 'latency.p50' && item.variant === 'int8',
      );
      expect(latency?.value).toBe(5.26);
      expect(codes(merged)).toContain('merge.conflict');
    }
  });

  it.each([
    ['by name', { expected: ['cpu', 'gpu @x'] }, 'No report came from gpu @x'],
    ['by number', { count: 3 }, '1 of 3 expected reports are here: cpu'],
  ])('fails for shards that are missing %s, before every other check', (_, options, message) => {
    const merged = mergeReports([PASSING], { ...options, names: ['cpu'] });
    expect(merged.verdict).toBe('fail');
    expect(merged.checks[0]).toMatchObject({
      check: 'established.reports',
      verdict: 'fail',
      reason: expect.stringContaining(message),
    });
    expect(overallVerdict(merged.checks)).toBe('fail');
  });

  it('of as many shards as were expected adds nothing', () => {
    const options = { expected: ['cpu'], count: 1, names: ['cpu'] };
    expect(mergeReports([PASSING], options)).toBe(PASSING);
  });

  it('warns about different files under one name, other commits and other versions', () => {
    const other = report({
      tool: { name: 'quantgate', version: '0.2.0' },
      models: [model('classifier', { sha256: 'f'.repeat(64) })],
      source: { ...PASSING.source!, sha: 'c'.repeat(40) },
    });
    expect(codes(mergeReports([PASSING, other]))).toEqual(
      expect.arrayContaining(['merge.model', 'merge.versions', 'merge.commits']),
    );
  });

  it('warns about other runs of the same commit, not about other attempts of one run', () => {
    const of = (runId: number, runAttempt = 1) =>
      report({ source: { ...PASSING.source!, runId, runAttempt } });
    expect(codes(mergeReports([of(1), of(2)]))).toContain('merge.runs');
    expect(codes(mergeReports([of(1), of(1, 2)]))).not.toContain('merge.runs');
  });

  it.each([
    [[false, false], false],
    [[false, true], true],
    [[undefined, true], true],
    [[false, undefined], undefined],
  ])('of reports that know of changes %j knows %s', (told, expected) => {
    const reports = told.map((changed, index) =>
      report({
        source: { ...PASSING.source!, runAttempt: index + 1, ...(changed !== undefined && { changed }) },
      }),
    );
    expect(mergeReports(reports).source!.changed).toBe(expected);
  });

  it('does not hide a variant that one run could not make', () => {
    const merged = mergeReports([PASSING, SAMPLES.invalid]);
    expect(merged.models[0]!.variants.find((item) => item.name === 'trt')?.status).toBe('failed');
  });

  it('of nothing is an error of the user', () => {
    expect(() => mergeReports([])).toThrow(UserError);
  });

  it('of one report is that report', () => {
    expect(mergeReports([WIDE])).toBe(WIDE);
  });

  it('gives a valid report, keeps every failed check, and merging again changes nothing', () => {
    const reports = fc.subarray(
      [...Object.values(SAMPLES), onGpuMachine(PASSING, 3), onGpuMachine(FAILING, 9)],
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(reports, (chosen) => {
        const merged = mergeReports(chosen);
        expect(validateReport(JSON.parse(JSON.stringify(merged)))).toEqual(merged);
        expect(mergeReports([merged, merged])).toEqual(merged);
        if (chosen.some((item) => item.verdict === 'fail')) expect(merged.verdict).toBe('fail');
      }),
      { numRuns: 60, seed: 3 },
    );
  });
});
