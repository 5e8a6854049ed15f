/** Reports as runs write them: passing, failing, undecided, broken, wide, waived, hostile. Inputs of the golden files. */

import { establishedResults } from '../../src/judge/established.js';
import type { Interval, Measurement } from '../../src/terms/measurement.js';
import type { Unit } from '../../src/terms/metrics.js';
import { withDoubt } from '../../src/terms/original-doubt.js';
import type { Environment, ModelReport, Report, VariantReport } from '../../src/terms/report.js';
import type { CheckResult } from '../../src/terms/verdict.js';
import { measurement as measured } from '../judge/builders.js';

const sha256 = (seed: string) => seed.repeat(64).slice(0, 64);

export const CPU_MACHINE: Environment = {
  fingerprint: 'a1b2c3d4',
  os: 'Linux 6.8.0 (Ubuntu 24.04)',
  arch: 'x64',
  cpu: 'AMD EPYC 9V74 80-Core Processor',
  cores: 2,
  memoryBytes: 8_325_000_000,
  cpuFeatures: ['avx2', 'avx512f', 'vnni'],
  node: '24.11.0',
  onnxruntime: '1.30.0',
  gpu: [],
  container: null,
  noiseFloor: 0.012,
  noiseFloorFrom: 'ratios',
};

export const GPU_MACHINE: Environment = {
  ...CPU_MACHINE,
  fingerprint: 'e5f6a7b8',
  runner: 'gpu-1',
  cpu: 'Intel Xeon Platinum 8480C',
  cores: 16,
  memoryBytes: 135_000_000_000,
  cpuFeatures: ['avx2', 'avx512f', 'vnni', 'amx'],
  gpu: [{ name: 'NVIDIA L4', driver: '570.86.15', memoryBytes: 24_152_000_000 }],
  container: 'docker',
  noiseFloor: 0.004,
};

export function interval(lo: number, hi: number): Interval {
  return { lo, hi, confidence: 0.9 };
}

export function measurement(
  metric: string,
  unit: Unit,
  value: number,
  more: Partial<Measurement> = {},
): Measurement {
  return measured(metric, { unit, value, ...more });
}

export function check(
  metric: string,
  condition: CheckResult['condition'],
  bound: number,
  observed: number | null,
  more: Partial<CheckResult> = {},
): CheckResult {
  return {
    model: 'classifier',
    variant: 'int8',
    provider: null,
    batch: null,
    threads: null,
    concurrency: null,
    check: metric,
    metric,
    condition,
    unit: metric.startsWith('accuracy') ? 'fraction' : metric.startsWith('latency') ? 'ms' : 'bytes',
    level: 'error',
    bound,
    slack: null,
    observed,
    interval: null,
    verdict: 'pass',
    reason: null,
    line: null,
    ...more,
  };
}

function placed(operator: string, nodes: number, reduced: boolean, ms: number) {
  return { operator, provider: 'CPUExecutionProvider', nodes, reduced, macs: 0, ms, shapeArithmetic: false };
}

export function variant(name: string, more: Partial<VariantReport> = {}): VariantReport {
  return {
    name,
    method: 'int8-static',
    preset: null,
    target: 'cpu',
    file: `models/classifier.${name}.onnx`,
    sha256: sha256('5d1f'),
    status: 'ok',
    reason: null,
    groups: { quantized: 51, float: 2 },
    // As the method writes it.
    provenance: {
      quantgate: '0.1.0',
      scheme: {
        activation: { type: 'uint8', symmetry: 'affine' },
        weight: { perChannel: true, saturationSafe: true, fullRange: false },
        bias: 'int32',
        calibrator: 'minmax',
        placement: 'fused',
        padsChannels: true,
        everything: false,
      },
      calibrationSamples: 200,
      rewrites: {},
      recovery: { equalized: 3, biasCorrection: true, adaptiveRounding: true },
      runtime: '1.30.0',
      estimate: { float: 938.8, planned: 350.1 },
    },
    ...more,
  };
}

const ORIGINAL_FILE = variant('original', {
  method: 'original',
  target: null,
  file: 'models/classifier.onnx',
  sha256: sha256('9c0a'),
  groups: null,
  provenance: {},
});

export function model(name = 'classifier', more: Partial<ModelReport> = {}): ModelReport {
  return {
    name,
    path: `models/${name}.onnx`,
    task: 'classification',
    sha256: sha256('9c0a'),
    opset: 13,
    operators: 117,
    parameters: 4_652_008,
    evaluation: { description: 'data/val (image-folder)', samples: 400 },
    calibration: { description: 'data/train (image-folder)', samples: 200 },
    variants: [ORIGINAL_FILE, variant('int8')],
    ...more,
  };
}

export function report(more: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    tool: { name: 'quantgate', version: '0.1.0' },
    startedAt: '2026-11-23T20:15:00Z',
    durationMs: 48_200,
    verdict: 'pass',
    environment: CPU_MACHINE,
    models: [model()],
    measurements: [],
    checks: [],
    notes: [],
    thresholds: { file: 'quantgate.yml', from: 'base', changed: false },
    source: {
      repository: 'octo-org/vision',
      sha: '4f2c9e6b1a7d3058c2e4f6a8b0d1c3e5f7091a2b',
      baseSha: 'b7e1d0c9a8f7e6d5c4b3a29180f1e2d3c4b5a697',
      baseName: 'main',
      pullRequest: 42,
      runUrl: 'https://github.com/octo-org/vision/actions/runs/1234567890',
    },
    ...more,
  };
}

const CPU = { provider: 'cpu', batch: 1, threads: 2, concurrency: 1 } as const;
const ORIGINAL = { variant: 'original' } as const;

/** Size, latency and top-1 of one model in its original form and one variant. */
function threeFigures(
  figures: {
    size: [number, number];
    latency: [number, number];
    latencyRatio: Interval;
    top1: [number, number];
    drop: Interval;
    lost: number;
    gained: number;
  },
  at: Partial<Measurement> = {},
  place: Partial<Measurement> = CPU,
): Measurement[] {
  const { size, latency, top1 } = figures;
  return [
    measurement('size.file', 'bytes', size[0], { ...at, ...ORIGINAL }),
    measurement('size.file', 'bytes', size[1], {
      ...at,
      ratio: { value: size[1] / size[0], interval: null },
    }),
    measurement('latency.p50', 'ms', latency[0], {
      ...at,
      ...place,
      ...ORIGINAL,
      interval: interval(latency[0] * 0.98, latency[0] * 1.02),
      n: 640,
    }),
    measurement('latency.p50', 'ms', latency[1], {
      ...at,
      ...place,
      interval: interval(latency[1] * 0.98, latency[1] * 1.02),
      n: 640,
      ratio: { value: latency[1] / latency[0], interval: figures.latencyRatio },
    }),
    measurement('accuracy.top1', 'fraction', top1[0], { ...at, ...ORIGINAL, n: 400 }),
    measurement('accuracy.top1', 'fraction', top1[1], {
      ...at,
      n: 400,
      drop: {
        value: top1[0] - top1[1],
        interval: figures.drop,
        lost: figures.lost,
        gained: figures.gained,
        p: 0.194,
        resolvable: 0.0125,
      },
    }),
  ];
}

const GOOD = {
  size: [18_560_000, 5_100_000] as [number, number],
  latency: [12.81, 5.26] as [number, number],
  latencyRatio: interval(0.402, 0.419),
  top1: [0.8775, 0.875] as [number, number],
  drop: interval(-0.0101, 0.0151),
  lost: 5,
  gained: 4,
};

const passChecks = (): CheckResult[] => [
  check('size.file', 'max-ratio', 0.3, 5.1 / 18.56, { line: 24 }),
  check('latency.p50', 'max-ratio', 0.8, 5.26 / 12.81, {
    ...CPU,
    interval: interval(0.402, 0.419),
    line: 25,
  }),
  check('accuracy.top1', 'max-drop', 0.005, 0.0025, { interval: interval(-0.0101, 0.0151), line: 26 }),
];

export const PASSING = report({
  measurements: [
    ...threeFigures(GOOD),
    measurement('fidelity.sqnr', 'dB', 21.6, {
      details: {
        outputs: {
          logits: { sqnr: 21.6, cosine: 0.99658, maxAbs: 0.412 },
          embedding: { sqnr: 33.2, cosine: 0.999761, maxAbs: 0.0211 },
        },
      },
    }),
    measurement('fidelity.cosine', 'value', 0.99658),
    measurement('fidelity.agreement', 'fraction', 0.9725, { n: 400, interval: interval(0.957, 0.984) }),
    measurement('memory.peak', 'bytes', 96_500_000, { ...CPU, ...ORIGINAL }),
    measurement('memory.peak', 'bytes', 78_100_000, {
      ...CPU,
      ratio: { value: 0.809, interval: interval(0.8, 0.82) },
      details: { baselineBytes: 61_300_000 },
    }),
    measurement('placement.fallback', 'count', 0, {
      provider: 'cpu',
      n: 61,
      details: {
        operators: [
          placed('QLinearConv', 49, true, 4.61),
          placed('QLinearAdd', 10, true, 0.31),
          placed('Gemm', 1, false, 0.22),
          placed('Softmax', 1, false, 0.01),
        ],
        transfers: 0,
      },
    }),
    measurement('placement.quantized', 'fraction', 0.986, { provider: 'cpu' }),
  ],
  checks: [
    ...passChecks(),
    check('placement.fallback', 'max', 0, 0, { provider: 'cpu', unit: 'count', line: 28 }),
  ],
  notes: [
    {
      level: 'info',
      code: 'quantize.not-fused',
      message: '2 groups stay float: /stem/Conv (not faster as INT8 here), /head/Softmax.',
      model: 'classifier',
      variant: 'int8',
    },
  ],
});

export const FAILING = report({
  verdict: 'fail',
  measurements: threeFigures({
    ...GOOD,
    latency: [12.81, 11.02],
    latencyRatio: interval(0.843, 0.878),
    top1: [0.8775, 0.8525],
    drop: interval(0.0079, 0.0421),
    lost: 14,
    gained: 4,
  }),
  checks: [
    passChecks()[0]!,
    check('latency.p50', 'max-ratio', 0.8, 11.02 / 12.81, {
      ...CPU,
      interval: interval(0.843, 0.878),
      verdict: 'fail',
      line: 25,
    }),
    check('accuracy.top1', 'max-drop', 0.005, 0.025, {
      interval: interval(0.0079, 0.0421),
      verdict: 'fail',
      line: 26,
    }),
    check('memory.peak', 'max', 50_000_000, 78_100_000, {
      ...CPU,
      level: 'warn',
      verdict: 'warn',
      line: 27,
    }),
  ],
  thresholds: { file: 'quantgate.yml', from: 'base', changed: true },
});

const INCONCLUSIVE = report({
  verdict: 'warn',
  measurements: threeFigures({
    ...GOOD,
    latency: [12.81, 10.31],
    latencyRatio: interval(0.761, 0.852),
  }),
  checks: [
    passChecks()[0]!,
    check('latency.p50', 'max-ratio', 0.8, 10.31 / 12.81, {
      ...CPU,
      interval: interval(0.761, 0.852),
      verdict: 'inconclusive',
      level: 'warn',
      reason:
        'The interval lies across the bound; about 4 min more would decide it (benchmark.budget: 6 min)',
      line: 25,
    }),
    passChecks()[2]!,
  ],
  notes: [
    {
      level: 'warn',
      code: 'noise.load',
      message:
        'Another process used 0.9 of 2 cores while this was measured; intervals are wide. Run on an idle runner, or give one job at a time.',
      model: null,
      variant: null,
    },
  ],
});

const INVALID = report({
  verdict: 'fail',
  models: [
    model('classifier', {
      variants: [
        ORIGINAL_FILE,
        variant('int8'),
        variant('trt', {
          method: 'command',
          target: null,
          file: null,
          sha256: null,
          status: 'failed',
          groups: null,
          reason: 'python export.py exited with code 1: ModuleNotFoundError: No module named "torch"',
          provenance: { command: ['python', 'export.py', '{output}'] },
        }),
      ],
    }),
  ],
  measurements: [
    ...threeFigures(GOOD).slice(0, 4),
    measurement('accuracy.top1', 'fraction', 0.8775, { ...ORIGINAL, n: 400 }),
    measurement('accuracy.top1', 'fraction', 0, {
      status: 'invalid',
      value: null,
      reason: 'the output "logits" holds NaN for 12 of 400 samples',
    }),
  ],
  checks: [
    passChecks()[0]!,
    passChecks()[1]!,
    check('accuracy.top1', 'max-drop', 0.005, null, {
      verdict: 'invalid',
      reason: 'The output "logits" holds NaN for 12 of 400 samples',
      line: 26,
    }),
    check('memory.gpu', 'max', 2e9, null, {
      provider: 'cpu',
      verdict: 'skipped',
      reason: 'There is no nvidia-smi on this machine',
      level: 'warn',
      line: 29,
    }),
  ],
});

/** Three models on two providers and two batch sizes. */
export const WIDE = (() => {
  const names = ['classifier', 'detector', 'encoder'];
  const providers = ['cpu', 'cuda'];
  const measurements: Measurement[] = [];
  const checks: CheckResult[] = [];
  for (const [index, name] of names.entries()) {
    for (const [variantIndex, variantName] of ['int8', 'fp16'].entries()) {
      const at = { model: name, variant: variantName };
      const shrink = variantName === 'int8' ? 0.26 : 0.5;
      const size = 18_560_000 * (index + 1);
      // The original is measured once, whatever the number of variants.
      const originals = variantIndex === 0;
      if (originals) measurements.push(measurement('size.file', 'bytes', size, { model: name, ...ORIGINAL }));
      measurements.push(measurement('size.file', 'bytes', size * shrink, at));
      checks.push(check('size.file', 'max-ratio', 0.55, shrink, at));
      const accuracy = name === 'encoder' ? 'accuracy.recall1' : 'accuracy.top1';
      if (originals)
        measurements.push(measurement(accuracy, 'fraction', 0.9, { model: name, ...ORIGINAL, n: 400 }));
      measurements.push(
        measurement(accuracy, 'fraction', 0.9 - 0.002 * (variantIndex + 1), {
          ...at,
          n: 400,
          drop: {
            value: 0.002 * (variantIndex + 1),
            interval: interval(-0.004, 0.009),
            lost: 3,
            gained: 2,
            p: 0.4,
            resolvable: 0.012,
          },
        }),
      );
      for (const [providerIndex, provider] of providers.entries()) {
        for (const batch of [1, 8]) {
          const place = { provider, batch, threads: 2, concurrency: 1 };
          const ratio = shrink + 0.15 + 0.1 * providerIndex + (name === 'encoder' ? 0.2 : 0);
          const original = (40 * batch * (index + 1)) / (1 + 4 * providerIndex);
          if (originals)
            measurements.push(
              measurement('latency.p50', 'ms', original, { model: name, ...ORIGINAL, ...place }),
            );
          measurements.push(
            measurement('latency.p50', 'ms', original * ratio, {
              ...at,
              ...place,
              ratio: { value: ratio, interval: interval(ratio - 0.02, ratio + 0.02) },
            }),
          );
          checks.push(
            check('latency.p50', 'max-ratio', 0.8, ratio, {
              ...at,
              ...place,
              interval: interval(ratio - 0.02, ratio + 0.02),
              verdict: ratio > 0.82 ? 'fail' : 'pass',
            }),
          );
        }
      }
    }
  }
  return report({
    verdict: 'fail',
    environment: GPU_MACHINE,
    models: names.map((name) =>
      model(name, {
        task: name === 'encoder' ? 'embedding' : 'classification',
        variants: [ORIGINAL_FILE, variant('int8'), variant('fp16', { method: 'float16' })],
      }),
    ),
    measurements,
    checks,
  });
})();

const WAIVED = report({
  verdict: 'pass',
  measurements: threeFigures({ ...GOOD, size: [18_560_000, 6_310_000] }),
  checks: [
    check('size.file', 'max-ratio', 0.3, 0.34, {
      verdict: 'waived',
      reason: 'Waived by ada until 2026-12-31: the head moves to int4 next sprint',
      line: 24,
    }),
    ...passChecks().slice(1),
  ],
});

/** Compared with the base branch's variant in the same run. */
const REGRESSION = report({
  verdict: 'fail',
  measurements: threeFigures(GOOD).map((item) =>
    item.variant === 'int8' && item.metric === 'latency.p50'
      ? {
          ...item,
          base: { value: 4.72, ratio: { value: 5.26 / 4.72, interval: interval(1.09, 1.14) }, note: null },
        }
      : item.variant === 'int8' && item.metric === 'size.file'
        ? { ...item, base: { value: 5_100_000, ratio: { value: 1, interval: null }, note: null } }
        : item,
  ),
  checks: [
    passChecks()[0]!,
    check('size.file', 'max-regression', 1.01, 1, { check: 'size.file' }),
    check('latency.p50', 'max-regression', 1.05, 5.26 / 4.72, {
      ...CPU,
      slack: 0.1,
      interval: interval(1.09, 1.14),
      verdict: 'fail',
      line: 25,
    }),
    passChecks()[2]!,
  ],
});

const HOSTILE_NAME =
  'a|b`c`<img src=x onerror=alert(1)>\\| @octocat #1 [x](javascript:alert(1)) \u202Egnp.exe\u200B\n## h';

/** Every string that a fork can choose is an attack. */
const HOSTILE = report({
  verdict: 'fail',
  models: [
    model(HOSTILE_NAME, {
      path: '../../etc/`passwd`|x',
      task: '</summary><script>alert(1)</script>',
      evaluation: { description: '</details>@everyone https://evil.example/ www.evil.example', samples: 3 },
      variants: [
        { ...ORIGINAL_FILE, file: '<a href="https://evil.example">x</a>' },
        variant('int8|**x**', {
          file: 'models/]](https://evil.example)|.onnx',
          provenance: { note: '`</code></details>|\n# owned @octocat' },
        }),
      ],
    }),
  ],
  measurements: threeFigures(GOOD, { model: HOSTILE_NAME, variant: 'int8|**x**' }).map((item, index) =>
    index % 2 === 0 ? { ...item, variant: 'original' } : item,
  ),
  checks: [
    check('accuracy.top1', 'max-drop', 0.005, 0.025, {
      model: HOSTILE_NAME,
      variant: 'int8|**x**',
      verdict: 'fail',
      reason:
        '-->\n| a | b |\n|---|---|\n![x](https://evil.example/p.png) octo/repo#1 GH-1 <!-- quantgate:key -->',
    }),
  ],
  notes: [
    {
      level: 'warn',
      code: 'noise.load',
      message: '```\n</details>\n@team/all &lt;b&gt; \u001b[31mred\u0007 $x^2$ ~~gone~~ :+1:',
      model: HOSTILE_NAME,
      variant: null,
    },
  ],
  environment: {
    ...CPU_MACHINE,
    cpu: '<b>|`cpu`',
    fingerprint: '"><script>',
    runner: '</sub>|`gpu`\u202E @octocat <img src=x>',
  },
});

/** Nothing but the original: `quantgate bench` of one file, or a run without thresholds. */
const UNCHECKED = report({
  thresholds: { file: null, from: 'arguments', changed: false },
  source: null,
  measurements: threeFigures(GOOD).slice(0, 4),
});

/** Passing figures, and a base that nobody could read. */
const UNESTABLISHED = report({
  ...FAILING,
  thresholds: { ...FAILING.thresholds, from: 'head', sha: 'c'.repeat(40) },
  checks: [
    ...FAILING.checks,
    ...establishedResults([
      {
        name: 'original',
        level: 'warn',
        message: 'Top-1 of the original is 0.1 %, that of guessing is 0.1 %.',
        remedy: 'Check `mean`, `std` and `label-offset`.',
        model: 'classifier',
        variant: 'original',
      },
      {
        name: 'base',
        level: 'error',
        message: "git can't read /work: detected dubious ownership, and <b>@octocat</b> | fork.",
        remedy: 'Give the container the user of the checkout.',
      },
    ]),
  ],
});

/** Figures of a variant that is the original: they pass, and say nothing. */
const UNCHANGED = report({
  ...PASSING,
  verdict: 'warn',
  models: [
    model('classifier', {
      variants: [
        ORIGINAL_FILE,
        variant('int8', { groups: { quantized: 0, float: 53 }, unchanged: 'nothing in it was quantized' }),
      ],
    }),
  ],
  measurements: PASSING.measurements.map((one) =>
    one.metric === 'accuracy.top1' && one.variant === 'original'
      ? withDoubt(one, {
          standing: 'untold',
          explained: false,
          message: 'Top-1 of the original is 52 % on 400 samples; chance reaches 50 %.',
          remedy: 'Evaluate more samples.',
          figures: { value: 0.52, chance: 0.5, skill: 0.04, upper: 0.16, p: 0.22, n: 400 },
          tried: [],
        })
      : one,
  ),
  checks: [
    ...establishedResults([
      {
        name: 'variant',
        level: 'warn',
        message: 'Nothing in it was quantized: that its checks pass says nothing.',
        remedy: 'Choose another method, or remove the variant.',
        model: 'classifier',
        variant: 'int8',
      },
    ]),
    ...PASSING.checks,
  ],
});

export const SAMPLES = {
  passing: PASSING,
  failing: FAILING,
  inconclusive: INCONCLUSIVE,
  invalid: INVALID,
  wide: WIDE,
  waived: WAIVED,
  regression: REGRESSION,
  hostile: HOSTILE,
  unchecked: UNCHECKED,
  unestablished: UNESTABLISHED,
  unchanged: UNCHANGED,
} as const;
