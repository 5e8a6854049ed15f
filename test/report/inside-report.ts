/** A report with everything that the panels about a model's inside show. */
import type { Distribution, Measurement } from '../../src/terms/measurement.js';
import type { Report } from '../../src/terms/report.js';
import { PASSING } from './sample-reports.js';

/** Launches around a median, as a quiet machine gives them. */
export function distribution(median: number, launches = 8): Distribution {
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

export const INSIDE: Report = { ...PASSING, measurements: PASSING.measurements.map(withDistribution) };
