/** A report with one model, one variant and two checks, and the changes a test wants. */

import type { Measurement } from '../../src/terms/measurement.js';
import type { Report } from '../../src/terms/report.js';
import type { CheckResult } from '../../src/terms/verdict.js';

const AT = { model: 'digits', variant: 'int8' };

export function check(changes: Partial<CheckResult> = {}): CheckResult {
  return {
    ...AT,
    provider: 'cpu',
    batch: 1,
    threads: 2,
    concurrency: 1,
    check: 'latency.p50',
    metric: 'latency.p50',
    condition: 'max-ratio',
    unit: 'ms',
    level: 'error',
    bound: 0.8,
    slack: null,
    observed: 0.5,
    interval: { lo: 0.48, hi: 0.52, confidence: 0.9 },
    verdict: 'pass',
    reason: null,
    line: 12,
    ...changes,
  };
}

export const FAILED = check({
  observed: 0.95,
  interval: { lo: 0.93, hi: 0.97, confidence: 0.9 },
  verdict: 'fail',
});

function measurement(changes: Partial<Measurement>): Measurement {
  return {
    ...AT,
    provider: null,
    batch: null,
    threads: null,
    concurrency: null,
    metric: 'size.file',
    unit: 'bytes',
    status: 'ok',
    reason: null,
    value: 30_000,
    interval: null,
    n: null,
    ratio: { value: 0.25, interval: null },
    drop: null,
    base: null,
    ...changes,
  };
}

export function sampleReport(changes: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    tool: { name: 'quantgate', version: '0.1.0' },
    startedAt: '2026-11-23T12:00:00.000Z',
    durationMs: 12_345,
    verdict: 'pass',
    environment: {
      fingerprint: 'abcdef012345',
      os: 'Linux 6.8',
      arch: 'x64',
      cpu: 'Test CPU',
      cores: 2,
      memoryBytes: 8_000_000_000,
      cpuFeatures: ['avx2'],
      node: '24.0.0',
      onnxruntime: '1.30.0',
      gpu: [],
      container: null,
      noiseFloor: 0.01,
    },
    models: [
      {
        name: 'digits',
        path: 'digits.onnx',
        task: 'classification',
        sha256: 'a'.repeat(64),
        opset: 17,
        operators: 10,
        parameters: 1000,
        evaluation: { description: 'npz', samples: 100 },
        calibration: null,
        variants: ['original', 'int8'].map((name) => ({
          name,
          method: name === 'original' ? 'original' : 'int8-static',
          preset: null,
          target: null,
          file: null,
          sha256: 'b'.repeat(64),
          status: 'ok' as const,
          reason: null,
          groups: null,
          provenance: {},
        })),
      },
    ],
    measurements: [
      measurement({ variant: 'original', value: 120_000, ratio: null }),
      measurement({}),
      measurement({
        ...{ variant: 'original', metric: 'latency.p50', unit: 'ms', value: 2, ratio: null },
        ...{ provider: 'cpu', batch: 1, threads: 2, concurrency: 1 },
      }),
      measurement({
        ...{
          metric: 'latency.p50',
          unit: 'ms',
          value: 1,
          provider: 'cpu',
          batch: 1,
          threads: 2,
          concurrency: 1,
        },
        ratio: { value: 0.5, interval: { lo: 0.48, hi: 0.52, confidence: 0.9 } },
      }),
    ],
    checks: [
      check(),
      check({ check: 'size.file', metric: 'size.file', unit: 'bytes', observed: 0.25, interval: null }),
    ],
    notes: [],
    thresholds: { file: 'quantgate.yml', from: 'head', changed: false },
    source: null,
    ...changes,
  };
}
