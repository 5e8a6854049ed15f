import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Measurement } from '../../src/terms/measurement.js';
import type { Report } from '../../src/terms/report.js';
import { EXAMPLE, quantgate } from './command-line.js';

/** Of what must be the same bits, more with QUANTGATE_REPEATS; a whole run also waits for its timings, so of those there are fewer. */
const EXACT_RUNS = Number(process.env.QUANTGATE_REPEATS ?? 6);
const WHOLE_RUNS = 2;

const folder = mkdtempSync(join(tmpdir(), 'quantgate-determinism-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a clock or the kernel measured: it may differ from run to run, and nothing else may. */
const MEASURED = /^(latency|throughput|memory)/;

const CONFIG = `version: 1
models:
  - name: digits
    path: ${join(EXAMPLE, 'digits.onnx')}
    task: classification
    data:
      calibration: { path: ${join(EXAMPLE, 'data/calibration.npz')}, limit: 20 }
      evaluation: { path: ${join(EXAMPLE, 'data/evaluation.npz')}, limit: 50 }
      inputs: { image: { from: images, mean: [0.1307], std: [0.3081] } }
    variants: [int8]
# What is compared exactly does not depend on it; memory takes fewer processes.
confidence: 0.8
benchmark: { threads: [2], budget: 1ms }
thresholds:
  size.file: { max-ratio: 0.30 }
  latency.p50: { max-ratio: 0.80 }
  accuracy.top1: { max-drop: 0.5pp }
  fidelity.sqnr: { level: warn, min: 25 dB }
`;

const config = join(folder, 'quantgate.yml');
writeFileSync(config, CONFIG);
const options = ['--config', config, '--model', 'digits', '--threads', '2'];

/** Standard output of a command that must not fail. */
function output(args: readonly string[]): string {
  const { stdout, stderr, status } = quantgate(args);
  expect(status, stderr).toBe(0);
  return stdout;
}

describe(`${EXACT_RUNS} times`, () => {
  const original = join(EXAMPLE, 'digits.onnx');
  const files = Array.from({ length: EXACT_RUNS }, (_, run) => join(folder, `run-${run}.onnx`));
  beforeAll(() => {
    for (const file of files) output(['quantize', original, '--out', file, ...options]);
  }, 300_000);

  it('the same model is quantized to the same bytes', () => {
    const first = readFileSync(files[0]!);
    for (const file of files) expect(readFileSync(file).equals(first)).toBe(true);
  });

  it('its accuracy and fidelity are the same to the last digit', () => {
    // A process of its own for every file; all in one command, so that the original's costs one.
    const evaluate = () =>
      JSON.parse(output(['eval', original, ...files, ...options, '--json'])) as Pick<Report, 'measurements'>;
    const { measurements } = evaluate();
    const of = (variant: string) =>
      measurements.filter((entry) => entry.variant === variant).map((entry) => ({ ...entry, variant: '' }));
    const first = of('run-0');
    const metrics = first.map(({ metric }) => metric);
    for (const metric of ['accuracy.top1', 'fidelity.sqnr', 'fidelity.max-abs'])
      expect(metrics).toContain(metric);
    for (const [run] of files.entries()) expect(of(`run-${run}`)).toEqual(first);
    expect(evaluate().measurements).toEqual(measurements);
  });
});

describe(`${WHOLE_RUNS} whole runs of one configuration`, () => {
  const reports: Report[] = [];
  beforeAll(() => {
    for (let run = 0; run < WHOLE_RUNS; run++) {
      const { stdout, stderr } = quantgate([
        'run',
        '--config',
        config,
        '--out',
        join(folder, 'out'),
        '--json',
      ]);
      expect(stdout, stderr).not.toBe('');
      reports.push(JSON.parse(stdout) as Report);
    }
  }, 120_000);

  it('give the same size, accuracy, fidelity and placement, to the last digit', () => {
    const exact = reports.map(({ measurements }) =>
      measurements.filter(({ metric }) => !MEASURED.test(metric)).map(withoutProfileTimes),
    );
    const metrics = exact[0]!.map(({ metric }) => metric);
    for (const metric of ['size.file', 'accuracy.top1', 'fidelity.sqnr', 'placement.quantized'])
      expect(metrics).toContain(metric);
    for (const other of exact) expect(other).toEqual(exact[0]);
  });

  it('differ in nothing but what was timed', () => {
    for (const report of reports) expect(withoutTimings(report)).toEqual(withoutTimings(reports[0]!));
    expect(new Set(reports.map(({ startedAt }) => startedAt)).size).toBe(WHOLE_RUNS);
  });
});

/** Placement comes from a profile, which tells beside where each operator ran how long it took, and how many threads got work: the system's scheduler decides. */
const TIMED_BY_PROFILE: readonly string[] = ['ms', 'threadsAtWork'];

function withoutProfileTimes(measurement: Measurement): Measurement {
  return JSON.parse(JSON.stringify(measurement), (key, value) =>
    TIMED_BY_PROFILE.includes(key) ? 0 : value,
  ) as Measurement;
}

function withoutTimings(report: Report): unknown {
  const { startedAt, durationMs, verdict, environment, ...rest } = report;
  const { noiseFloor, noiseFloorFrom, ...machine } = environment;
  return {
    ...rest,
    environment: machine,
    measurements: report.measurements.map((measurement) =>
      MEASURED.test(measurement.metric)
        ? {
            ...measurement,
            value: 0,
            interval: 0,
            ratio: 0,
            details: 0,
            distribution: 0,
            n: 0,
            status: 0,
            reason: 0,
          }
        : withoutProfileTimes(measurement),
    ),
    checks: report.checks.map((check) =>
      MEASURED.test(check.metric) ? { ...check, observed: 0, interval: 0, verdict: 0, reason: 0 } : check,
    ),
    notes: report.notes.filter(({ code }) => !/^(latency|noise)\./.test(code)),
  };
}
