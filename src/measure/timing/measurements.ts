/** From the campaign's records to Measurements: percentiles, first run, load, throughput, each with its interval and its ratios. */

import { fromLogs, fromStagedLogs, jackknifeLogs, meanInterval } from '../../statistics/mean-intervals.js';
import { MIN_SAMPLES, median, percentile } from '../../statistics/order.js';
import { blankMeasurement, type Estimate, type Measurement, ORIGINAL } from '../../terms/measurement.js';
import { distributionOf } from './distribution.js';
import { type LaunchRecord, launchLogRatios } from './launches.js';
import { earnedConfidence } from './plan.js';
import type { CellContext, TimedSubject } from './request.js';

/** How a metric is computed from one subject's launches, and its ratio from two subjects'. */
interface TimingMetric {
  name: string;
  estimate(records: readonly LaunchRecord[], context: CellContext): Estimate;
  ratio(records: readonly LaunchRecord[], reference: readonly LaunchRecord[], context: CellContext): Estimate;
  /** Samples behind the value. */
  samples(records: readonly LaunchRecord[]): number;
  /** Samples needed to state it. */
  minSamples: number;
  /** Only for a single process at a time. */
  alone?: boolean;
}

/** All timing measurements of one cell. */
export function timingMeasurements(cellContext: CellContext): Measurement[] {
  const { campaign, cell, subjects, plan } = cellContext;
  const confidence = earnedConfidence(plan.confidence, campaign.stopped);
  const context = { ...cellContext, plan: { ...plan, confidence } };
  const metrics = METRICS.filter((metric) => cell.concurrency === 1 || !metric.alone);
  return subjects
    .filter((subject) => !subject.base)
    .flatMap((subject) => metrics.map((metric) => measurementOf(metric, subject, context)))
    .filter((measurement) => measurement.status !== 'skipped' || campaign.launches > 0);
}

function measurementOf(metric: TimingMetric, subject: TimedSubject, context: CellContext): Measurement {
  const { request, cell, campaign, subjects } = context;
  const at = {
    model: request.model,
    variant: subject.variant,
    provider: request.provider,
    batch: cell.batch,
    threads: cell.threads,
    concurrency: cell.concurrency,
  };
  const empty = blankMeasurement(at, metric.name);
  if (subject.failure !== null) return { ...empty, status: 'invalid', reason: subject.failure };
  const records = campaign.records.get(subject.key)!;
  const n = metric.samples(records);
  if (n < metric.minSamples) {
    return {
      ...empty,
      status: 'skipped',
      n,
      reason: `${n} samples; at least ${metric.minSamples} are needed`,
    };
  }
  const original = campaign.records.get(ORIGINAL)!;
  const isOriginal = subject.variant === ORIGINAL;
  const { value, interval } = metric.estimate(records, context);
  return {
    ...empty,
    value,
    interval,
    n,
    ratio: isOriginal ? null : metric.ratio(records, original, context),
    base: baseOf(metric, subject, context, subjects),
    details: detailsOf(records, isOriginal ? null : original, context),
    ...(metric === P50 ? { distribution: distributionOf(records) } : {}),
  };
}

function baseOf(
  metric: TimingMetric,
  subject: TimedSubject,
  context: CellContext,
  subjects: readonly TimedSubject[],
): Measurement['base'] {
  const base = subjects.find((other) => other.base && other.variant === subject.variant);
  if (!base || base.failure !== null) return null;
  const records = context.campaign.records.get(base.key)!;
  if (metric.samples(records) < metric.minSamples) return null;
  const head = context.campaign.records.get(subject.key)!;
  return {
    value: metric.estimate(records, context).value,
    ratio: metric.ratio(head, records, context),
    note: null,
  };
}

/** What a reader needs to judge the figure. */
function detailsOf(
  records: readonly LaunchRecord[],
  original: readonly LaunchRecord[] | null,
  context: CellContext,
): Record<string, unknown> {
  const { campaign, plan } = context;
  const spread = original ? meanInterval(launchLogRatios(records, original), plan.confidence) : null;
  return {
    launches: records.length,
    msPerLaunch: Math.round(campaign.tookMs / campaign.launches),
    stopped: campaign.stopped,
    ...(campaign.planned === null ? {} : { planned: campaign.planned }),
    ...(campaign.pilotHalfWidth === null ? {} : { pilotHalfWidth: campaign.pilotHalfWidth }),
    outputs: records.every((record) => record.warmUp.outputsReused) ? 'preallocated' : 'fresh',
    ...(spread ? { ratioDeviation: spread.standardDeviation } : {}),
  };
}

const pooled = (records: readonly LaunchRecord[]): Float64Array => {
  const blocks = records.flatMap((record) => record.blocks);
  const all = new Float64Array(blocks.reduce((sum, block) => sum + block.durationsMs.length, 0));
  let offset = 0;
  for (const block of blocks) {
    all.set(block.durationsMs, offset);
    offset += block.durationsMs.length;
  }
  return all;
};

const runs = (records: readonly LaunchRecord[]): number =>
  records.reduce((sum, { blocks }) => sum + blocks.reduce((n, block) => n + block.durationsMs.length, 0), 0);

/** Records of two subjects from the launches that saw both. */
function shared(a: readonly LaunchRecord[], b: readonly LaunchRecord[]): [LaunchRecord, LaunchRecord][] {
  const byLaunch = new Map(b.map((record) => [record.launch, record]));
  return a.flatMap((record) => {
    const other = byLaunch.get(record.launch);
    return other ? [[record, other] as [LaunchRecord, LaunchRecord]] : [];
  });
}

/** A metric with one number per launch: geometric mean over launches, ratio from the launches' log-ratios. */
function perLaunch(
  name: string,
  of: (record: LaunchRecord, context: CellContext) => number,
  more: { samples?: TimingMetric['samples']; alone?: boolean } = {},
): TimingMetric {
  return {
    name,
    estimate: (records, context) =>
      fromLogs(
        records.map((record) => Math.log(of(record, context))),
        context.plan.confidence,
      ),
    ratio: (records, reference, context) =>
      fromLogs(
        shared(records, reference).map(([a, b]) => Math.log(of(a, context) / of(b, context))),
        context.plan.confidence,
      ),
    samples: more.samples ?? ((records) => records.length),
    minSamples: 1,
    alone: more.alone ?? false,
  };
}

/** A tail percentile of all samples, jackknifed over launches. */
function tail(name: 'p90' | 'p95' | 'p99', fraction: number): TimingMetric {
  const log = (records: readonly LaunchRecord[]) => Math.log(percentile(pooled(records).sort(), fraction));
  return {
    name: `latency.${name}`,
    estimate: (records, { plan }) => jackknifeLogs(records, log, plan.confidence),
    ratio: (records, reference, { plan }) =>
      jackknifeLogs(
        shared(records, reference),
        (pairs) => log(pairs.map(([a]) => a)) - log(pairs.map(([, b]) => b)),
        plan.confidence,
      ),
    samples: runs,
    minSamples: MIN_SAMPLES[name],
  };
}

const P50: TimingMetric = {
  ...perLaunch('latency.p50', (record) => median(pooled([record])), { samples: runs }),
  ratio: (records, reference, { plan }) =>
    fromStagedLogs(launchLogRatios(records, reference), plan.pilotLaunches, plan.confidence),
};

const METRICS: readonly TimingMetric[] = [
  P50,
  tail('p90', 0.9),
  tail('p95', 0.95),
  tail('p99', 0.99),
  perLaunch('latency.first', (record) => record.warmUp.firstMs, { alone: true }),
  perLaunch('latency.load', (record) => record.loadMs, { alone: true }),
  perLaunch(
    'throughput',
    (record, { cell }) => {
      const wallMs = record.blocks.reduce((sum, block) => sum + block.wallMs, 0);
      return (runs([record]) * cell.batch * 1000) / wallMs;
    },
    { samples: runs },
  ),
];
