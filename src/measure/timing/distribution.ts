/** How the single runs of a latency spread, small enough for a report: percentiles per launch, and one histogram. */

import { percentile, sorted } from '../../statistics/order.js';
import type { Distribution } from '../../terms/measurement.js';
import type { LaunchRecord } from './launches.js';

const PERCENTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
const BINS = 30;
/** Tukey's outer fence (Exploratory Data Analysis, 1977): so many interquartile ranges past the third quartile. What lies beyond is counted,
 *  not drawn, for one interrupted run would squeeze all others into a bin. */
const FENCE = 3;

/** Times in ms. Launches without runs are left out. */
export function distributionOf(records: readonly LaunchRecord[]): Distribution | undefined {
  return distributionOfTimes(
    records.map(({ blocks }) => sorted(blocks.flatMap(({ durationsMs }) => Array.from(durationsMs)))),
  );
}

/** `launches` hold their sorted times in ms. undefined: nobody ran. */
export function distributionOfTimes(launches: readonly ArrayLike<number>[]): Distribution | undefined {
  const ran = launches.filter(({ length }) => length > 0);
  if (ran.length === 0) return undefined;
  const all = sorted(ran.flatMap((times) => Array.from(times)));
  return {
    launches: ran.map((times) => ({
      runs: times.length,
      percentiles: PERCENTILES.map((fraction) => rounded(percentile(times, fraction))),
    })),
    histogram: histogramOf(all),
  };
}

function histogramOf(order: Float64Array): Distribution['histogram'] {
  const from = order[0]!;
  const [first, third] = [percentile(order, 0.25), percentile(order, 0.75)];
  const shown = order.filter((time) => time <= third + FENCE * (third - first));
  const to = shown.at(-1)!;
  const bins = to > from ? BINS : 1;
  const counts = Array.from({ length: bins }, () => 0);
  for (const time of shown) {
    const bin = to > from ? Math.floor(((time - from) / (to - from)) * bins) : 0;
    counts[Math.min(bins - 1, bin)]!++;
  }
  return { from: rounded(from), to: rounded(to), counts, slower: order.length - shown.length };
}

/** Four digits: more is the clock's noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
