/** Measures a config once and proposes thresholds that what was measured holds with a margin. */

import { type Measurement, ORIGINAL } from '../terms/measurement.js';
import { METRICS, metricDefinition, type Task } from '../terms/metrics.js';
import type { Report } from '../terms/report.js';

/** A threshold as it is written, with the remark behind it. */
export interface Proposed {
  metric: string;
  keys: Record<string, string | number>;
  remark: string;
}

/** The ratio may grow by this. */
const SIZE_MARGIN = 1.05;
/** A variant is faster, beyond what a short measurement leaves open. */
const FASTER = 0.95;
/** Points of a percentage that a drop may grow by, and are allowed at least. */
const POINTS = 1;
const RATIO_MARGIN = 0.02;
/** A variant that costs more accuracy is not proposed: points, or share of an error. */
const MOST_POINTS = 5;
const MOST_RATIO = 1.1;
/** Twice as far from 1. */
const COSINE_MARGIN = 2;
/** Below this, closeness says nothing. */
const LEAST_COSINE = 0.9;

/** Metrics that speak for their task, where it isn't the first of the list. */
const SPEAKS: Partial<Record<Task, string>> = {
  retrieval: 'accuracy.ndcg10',
  'text-recognition': 'accuracy.cer',
};

/** Why the variant is not worth proposing; null: it is. */
export function fault({ models, measurements, checks }: Report, task: Task): string | null {
  const variant = models[0]!.variants.find(({ name }) => name !== ORIGINAL);
  if (variant === undefined) return 'nothing was made';
  if (variant.status !== 'ok') return variant.reason ?? 'no file was made';
  if (variant.sha256 !== null && variant.sha256 === models[0]!.sha256) return 'nothing was quantized';
  const invalid = measurements.find(({ status, variant: name }) => status === 'invalid' && name !== ORIGINAL);
  if (invalid) return invalid.reason ?? 'it does not run';
  const failed = checks.find(
    ({ verdict, metric }) => verdict === 'fail' && metric !== 'established.original',
  );
  if (failed) return failed.reason ?? failed.check;
  const size = ofVariant(measurements, 'size.file');
  if (size?.ratio && size.ratio.value >= 1) return 'the file is not smaller';
  const metric = speaking(measurements, task);
  if (metric === null) return null;
  const points = (metric.drop?.value ?? 0) * 100;
  if (metric.unit === 'fraction' && points > MOST_POINTS)
    return `${titleOf(metric)} falls by ${points.toFixed(1)} points`;
  const ratio = worseRatio(metric, measurements);
  if (metric.unit !== 'fraction' && ratio > MOST_RATIO)
    return `${titleOf(metric)} gets worse by ${((ratio - 1) * 100).toFixed(0)} %`;
  return null;
}

export function proposals({ measurements }: Report, task: Task): Proposed[] {
  return [
    ...sizeProposal(measurements),
    ...latencyProposal(measurements),
    ...accuracyProposal(measurements, task),
    ...fidelityProposal(measurements, task),
  ];
}

function ofVariant(measurements: readonly Measurement[], metric: string): Measurement | null {
  return (
    measurements.find((one) => one.metric === metric && one.variant !== ORIGINAL && one.status === 'ok') ??
    null
  );
}

/** The measured metric that speaks for the task. */
function speaking(measurements: readonly Measurement[], task: Task): Measurement | null {
  const own = METRICS.filter(({ tasks }) => tasks?.includes(task)).map(({ name }) => name);
  const first = SPEAKS[task];
  const ordered = first === undefined ? own : [first, ...own];
  for (const metric of ordered) {
    const found = ofVariant(measurements, metric);
    if (found?.value !== null && found !== null) return found;
  }
  return null;
}

/** Above 1: worse, whichever way is better. */
function worseRatio({ metric, value }: Measurement, measurements: readonly Measurement[]): number {
  const original =
    measurements.find((one) => one.metric === metric && one.variant === ORIGINAL)?.value ?? null;
  if (original === null || value === null || original === 0 || value === 0) return 1;
  return metricDefinition(metric)!.higherIsBetter ? original / value : value / original;
}

const titleOf = ({ metric }: Measurement) => metricDefinition(metric)?.title ?? metric;
const up = (value: number, step: number) => Number((Math.ceil(value / step - 1e-9) * step).toFixed(4));

function sizeProposal(measurements: readonly Measurement[]): Proposed[] {
  const ratio = ofVariant(measurements, 'size.file')?.ratio?.value;
  if (ratio === undefined || ratio >= 1) return [];
  const bound = Math.min(1, up(ratio * SIZE_MARGIN, 0.01));
  return [
    {
      metric: 'size.file',
      keys: { 'max-ratio': bound },
      remark: `measured: ${percent(ratio)} of the original`,
    },
  ];
}

function latencyProposal(measurements: readonly Measurement[]): Proposed[] {
  const ratio = ofVariant(measurements, 'latency.p50')?.ratio;
  const high = ratio?.interval?.hi ?? null;
  if (!ratio || high === null || high > FASTER) return [];
  const remark = `measured: ${ratio.value.toFixed(2)} of the original's`;
  return [{ metric: 'latency.p50', keys: { 'max-ratio': 1, 'max-regression': '10%' }, remark }];
}

function accuracyProposal(measurements: readonly Measurement[], task: Task): Proposed[] {
  const found = speaking(measurements, task);
  if (found === null) return [];
  const { metric, n } = found;
  if (found.unit === 'fraction') {
    const points = (found.drop?.value ?? 0) * 100;
    // One sample more that another machine answers otherwise is no failure.
    const margin = Math.max(POINTS, 100 / (n ?? 100));
    const bound = Math.max(POINTS, up(Math.max(0, points) + margin, 0.5));
    return [{ metric, keys: { 'max-drop': `${bound}pp` }, remark: `measured: ${dropped(points)}` }];
  }
  const ratio = worseRatio(found, measurements);
  const bound = up(Math.max(1, ratio) + RATIO_MARGIN, 0.01);
  const higher = metricDefinition(metric)!.higherIsBetter;
  const keys: Record<string, number> = higher
    ? { 'min-ratio': Number((1 / bound).toFixed(3)) }
    : { 'max-ratio': bound };
  return [{ metric, keys, remark: `measured: ${(higher ? 1 / ratio : ratio).toFixed(3)} of the original's` }];
}

function dropped(points: number): string {
  return points > 0 ? `${points.toFixed(1)} points less than the original` : 'no drop';
}

/** Without labels it is all there is; with labels a warning. */
function fidelityProposal(measurements: readonly Measurement[], task: Task): Proposed[] {
  const cosine = ofVariant(measurements, 'fidelity.cosine')?.value ?? null;
  if (cosine === null || cosine < LEAST_COSINE) return [];
  const bound = Math.min(0.999, Math.floor((1 - (1 - cosine) * COSINE_MARGIN) * 1000) / 1000);
  const level: Record<string, string> = task === 'none' ? {} : { level: 'warn' };
  return [
    { metric: 'fidelity.cosine', keys: { ...level, min: bound }, remark: `measured: ${cosine.toFixed(4)}` },
  ];
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(0)} %`;
}

/** Of several models' proposals for a metric the one that all hold. */
export function loosest(all: readonly Proposed[]): Proposed[] {
  const merged = new Map<string, Proposed>();
  for (const one of all) {
    const known = merged.get(one.metric);
    merged.set(one.metric, known === undefined || looseness(one) > looseness(known) ? one : known);
  }
  return [...merged.values()];
}

function looseness({ keys }: Proposed): number {
  if (keys['max-drop'] !== undefined) return Number.parseFloat(String(keys['max-drop']));
  if (keys['max-ratio'] !== undefined) return Number(keys['max-ratio']);
  return -Number(keys['min-ratio'] ?? keys.min ?? 0);
}
