/**
 * A report as full as runs write them: models × three variants × two providers, every metric, each panel's data at the most that a report holds
 * (60 + 16 tensors, 20 largest layers of each of two files, 30 bins). For the page's size and its layout.
 */
import type { Distribution, Measurement } from '../../src/terms/measurement.js';
import type { Unit } from '../../src/terms/metrics.js';
import type { LayerError, Report, VariantReport } from '../../src/terms/report.js';
import { manyModels } from './many-models.js';
import { interval, measurement } from './sample-reports.js';

const PROVIDERS = ['cpu', 'cuda'] as const;
const OPERATORS =
  'FusedConv Add Mul QuickGelu Gemm MatMul Softmax Transpose Reshape LayerNormalization Concat Slice Cast Gather'.split(
    ' ',
  );
const REASONS = [
  'not faster as INT8 here',
  'loses too much: its output would be 9.1 dB from the original',
  'has no 8-bit kernel',
  'too small to pay: 864 values',
  'its weights are computed in the graph',
];
const LAUNCHES = 10;

/** Numbers in [0, 1) that are always the same: digits as measurements have them, which no compressor guesses. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function largeReport(models: number): Report {
  const plain = manyModels({ models });
  const random = noise(models);
  return {
    ...plain,
    models: plain.models.map((model) => ({
      ...model,
      variants: model.variants.map((variant) => ({ ...variant, ...insideOf(variant, random) })),
    })),
    measurements: plain.measurements.flatMap((item) => withMore(item, random)),
  };
}

const layerName = (at: number) =>
  `/features/features.${Math.floor(at / 3)}/block/${['expand', 'depthwise', 'project'][at % 3]}/conv/Conv`;

function insideOf({ name }: VariantReport, random: () => number): Partial<VariantReport> {
  const types = ['float32', 'int8', 'float16', 'int64'].map((type) => ({
    type,
    bytes: Math.round(random() * 2e7),
  }));
  const layers = Array.from({ length: 40 }, (_, at) => ({
    node: layerName(at),
    operator: 'Conv',
    bytes: Math.round(random() * 1e6),
  }));
  if (name === 'original') return { weights: { types: types.slice(0, 2), layers } };
  return {
    weights: { types, layers },
    provenance: {
      quantgate: '0.1.0',
      calibration: { method: 'entropy', samples: 128, percentile: 99.99 },
      perChannel: true,
      saturationSafe: true,
      rewrites: { 'fold-batch-normalization': 17, 'merge-pads': 3 },
    },
    layerErrors: {
      samples: 4,
      madeUp: false,
      compared: 210,
      tensors: Array.from(
        { length: 76 },
        (_, at): LayerError => ({
          at: Math.round((at * 209) / 75),
          node: layerName(at),
          operator: 'Conv',
          sqnr: Math.round((50 - at / 3 + random() * 6) * 10) / 10,
          loss: at === 0 ? null : Math.round((random() * 8 - 4) * 10) / 10,
          became: at % 5 === 0 ? 'float' : 'QLinearConv',
        }),
      ),
    },
    keptFloat: REASONS.flatMap((reason, at) =>
      ['Conv', 'Gemm'].map((operator) => ({
        operator,
        reason,
        nodes: 3 + at * 4,
        examples: Array.from({ length: 5 }, (_, index) => layerName(at * 5 + index)),
        weightBytes: Math.round(random() * 1e6),
      })),
    ),
    candidates: Array.from({ length: name === 'int8' ? 8 : 0 }, (_, at) => ({
      name: `int8-static, ${at} groups left in float`,
      chosen: at === 0,
      sizeRatio: 0.25 + random() / 10,
      latencyRatio: 0.4 + random(),
      sqnr: 20 + random() * 20,
      broken: at > 5 ? ['cosine 0.981 < 0.99'] : [],
    })),
  };
}

/** A measurement of `manyModels` with what a run knows besides it. */
function withMore(item: Measurement, random: () => number): Measurement[] {
  const { model, variant } = item;
  const original = variant === 'original';
  const of = (provider: string | null) => ({
    model,
    variant,
    ...(provider === null ? {} : { provider, batch: 1, threads: 2, concurrency: 1 }),
  });
  const more = (
    metric: string,
    unit: Unit,
    scale: number,
    provider: string | null,
    extra: Partial<Measurement> = {},
  ) => {
    const value = scale * (0.5 + random());
    const ratio = 0.2 + random();
    const width = 0.02 + random() / 10;
    return measurement(metric, unit, value, {
      ...of(provider),
      interval: interval(value * 0.98, value * 1.02),
      ...(original
        ? {}
        : { ratio: { value: ratio, interval: interval(ratio * (1 - width), ratio * (1 + width)) } }),
      ...extra,
    });
  };
  const timed = () => ({
    details: {
      launches: LAUNCHES,
      msPerLaunch: 8000 + Math.round(random() * 999),
      stopped: 'precise',
      outputs: 'preallocated',
      ratioDeviation: random() / 100,
    },
  });
  if (item.metric === 'size.file')
    return [
      item,
      ...['size.compressed', 'size.brotli'].map((metric) => more(metric, 'bytes', 1e7, null)),
      more('size.parameters', 'count', 5e6, null),
    ];
  if (item.metric === 'latency.p50') {
    const { provider } = item;
    return [
      { ...item, ...timed(), distribution: distribution(item.value!, random) },
      ...['latency.p90', 'latency.p95', 'latency.p99', 'latency.first', 'latency.load'].map((metric) =>
        more(metric, 'ms', 25, provider, timed()),
      ),
      more('throughput', 'per-second', 80, provider, timed()),
      ...['memory.peak', 'memory.model'].map((metric) =>
        more(metric, 'bytes', 2e8, provider, { details: { baselineBytes: 82067456 } }),
      ),
      placement(of(provider), { original, provider: provider!, random }),
    ];
  }
  if (original) return [item];
  return [
    item,
    ...PROVIDERS.flatMap((provider) =>
      fidelity.map(([metric, unit, scale]) => more(metric, unit, scale, provider)),
    ),
  ];
}

const fidelity = [
  ['fidelity.sqnr', 'dB', 40],
  ['fidelity.cosine', 'value', 0.9],
  ['fidelity.max-abs', 'value', 0.03],
  ['fidelity.agreement', 'fraction', 0.6],
  ['fidelity.kl', 'value', 0.0003],
] as const;

function placement(
  of: Partial<Measurement>,
  { original, provider, random }: { original: boolean; provider: string; random: () => number },
): Measurement {
  const operators = [
    ...OPERATORS,
    ...(original ? [] : ['QLinearConv', 'QuantizeLinear', 'DequantizeLinear', 'QGemm']),
  ];
  return measurement('placement.fallback', 'count', 0, {
    ...of,
    n: 210,
    details: {
      operators: operators.map((operator) => ({
        operator,
        provider: provider === 'cpu' ? 'CPUExecutionProvider' : 'CUDAExecutionProvider',
        nodes: Math.round(random() * 50),
        reduced: operator.startsWith('Q'),
        macs: Math.round(random() * 1e8),
        ms: random() * 5,
        shapeArithmetic: false,
      })),
      transfers: 0,
    },
  });
}

function distribution(median: number, random: () => number): Distribution {
  const rounded = (value: number) => Number(value.toPrecision(4));
  return {
    launches: Array.from({ length: LAUNCHES }, () => ({
      runs: 80,
      percentiles: [0.97, 0.99, 1, 1.02, 1.09].map((factor) =>
        rounded(median * factor * (1 + random() / 100)),
      ),
    })),
    histogram: {
      from: rounded(median * 0.95),
      to: rounded(median * 1.12),
      counts: Array.from({ length: 30 }, (_, bin) =>
        Math.round((50 + random() * 20) * Math.exp(-((bin - 10) ** 2) / 40)),
      ),
      slower: 3,
    },
  };
}
