/** A report with everything that the panels about a model's inside show. */
import type { Distribution, Measurement } from '../../src/terms/measurement.js';
import type { Report, VariantReport } from '../../src/terms/report.js';
import { measurement, PASSING } from './sample-reports.js';

/** Launches around a median, as a quiet machine gives them. */
function distribution(median: number, launches = 8): Distribution {
  return {
    launches: Array.from({ length: launches }, (_, at) => {
      const middle = median * (1 + 0.01 * Math.sin(at * 2.1));
      return { runs: 80, percentiles: [0.97, 0.99, 1, 1.02, 1.09].map((factor) => middle * factor) };
    }),
    histogram: {
      from: median * 0.95,
      to: median * 1.12,
      counts: Array.from({ length: 40 }, (_, bin) => Math.round(60 * Math.exp(-((bin - 12) ** 2) / 40))),
      slower: 3,
    },
  };
}

function withDistribution(item: Measurement): Measurement {
  return item.metric === 'latency.p50' && item.value !== null
    ? { ...item, distribution: distribution(item.value) }
    : item;
}

const placed = (operator: string, nodes: number, reduced: boolean, ms: number) => ({
  operator,
  provider: 'CPUExecutionProvider',
  nodes,
  reduced,
  macs: 0,
  ms,
  shapeArithmetic: false,
});

const ORIGINAL_PLACEMENT = measurement('placement.fallback', 'count', 0, {
  variant: 'original',
  provider: 'cpu',
  n: 61,
  details: {
    operators: [
      placed('FusedConv', 49, false, 11.2),
      placed('Add', 10, false, 0.9),
      placed('Gemm', 1, false, 0.21),
      placed('Softmax', 1, false, 0.01),
    ],
    transfers: 0,
  },
});

const LAYERS = ['/stem/Conv', '/blocks.0/depthwise/Conv', '/blocks.0/project/Conv', '/head/Gemm'];

const layersOf = (factor: number) =>
  LAYERS.map((node, at) => ({
    node,
    operator: node.endsWith('Gemm') ? 'Gemm' : 'Conv',
    bytes: Math.round((4_000_000 * factor) / (at + 1)),
  }));

const WEIGHTS: Record<string, Partial<VariantReport>> = {
  original: { weights: { types: [{ type: 'float32', bytes: 18_500_000 }], layers: layersOf(1) } },
  int8: {
    weights: {
      types: [
        { type: 'int8', bytes: 4_600_000 },
        { type: 'float32', bytes: 400_000 },
        { type: 'int64', bytes: 64 },
      ],
      layers: layersOf(0.26),
    },
    layerErrors: {
      samples: 4,
      madeUp: false,
      compared: 60,
      tensors: Array.from({ length: 60 }, (_, at) => ({
        at,
        node: `/blocks.${at}/Conv`,
        operator: 'Conv',
        sqnr: 48 - at / 4 - (at > 20 ? 9 : 0) + (at > 40 ? 3 : 0),
        loss: at === 0 ? null : at === 21 ? 9.3 : at === 41 ? -2.8 : 0.3,
        became: at % 7 === 0 ? 'float' : 'QLinearConv',
      })),
    },
    candidates: [
      ['int8-static', 0.27, 0.41, 31, []],
      ['int8-dynamic', 0.27, 1.3, 38, []],
      ['int8-weights', 0.28, 0.98, 44, []],
      ['int8-static, weights folded', 0.26, 0.43, 29, []],
      ['int4-weights', 0.16, 1.02, 17, ['cosine 0.981 < 0.99']],
    ].map(([name, sizeRatio, latencyRatio, sqnr, broken], at) => ({
      name: name as string,
      chosen: at === 0,
      sizeRatio: sizeRatio as number,
      latencyRatio: latencyRatio as number,
      sqnr: sqnr as number,
      broken: broken as string[],
    })),
    keptFloat: [
      {
        operator: 'Gemm',
        reason: 'not faster as INT8 here',
        nodes: 5,
        examples: ['/head/Gemm', '/head/Gemm_1', '/head/Gemm_2', '/head/Gemm_3', '/head/Gemm_4'],
        weightBytes: 1_000_000,
      },
      {
        operator: 'Softmax',
        reason: 'has no 8-bit kernel',
        nodes: 1,
        examples: ['/Softmax'],
        weightBytes: 0,
      },
    ],
  },
};

export const INSIDE: Report = {
  ...PASSING,
  models: PASSING.models.map((model) => ({
    ...model,
    variants: model.variants.map((variant) => ({ ...variant, ...WEIGHTS[variant.name] })),
  })),
  measurements: [ORIGINAL_PLACEMENT, ...PASSING.measurements.map(withDistribution)],
};
