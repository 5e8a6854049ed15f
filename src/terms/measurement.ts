/** What measuring yields: flat facts, each with its coordinates, unit, interval and relation to the original. */
import type { NoteCode } from './codes/codes.js';
import { metricDefinition, type Unit } from './metrics.js';
import type { WorstSample } from './worst-sample.js';

/** Name of the unquantized model among the variants. */
export const ORIGINAL = 'original';

/** Where in the measured space a value lies. null: the metric doesn't depend on it (size has no provider). */
export interface Coordinates {
  model: string;
  variant: string;
  provider: string | null;
  batch: number | null;
  threads: number | null;
  concurrency: number | null;
  /** `Environment.fingerprint` of the machine that measured it; only in a report merged from several machines. */
  environment?: string;
}

/** Two-sided interval at `confidence`; null bounds are unbounded. */
export interface Interval {
  lo: number | null;
  hi: number | null;
  confidence: number;
}

/** A value with the interval it is known to. */
export interface Estimate {
  value: number;
  interval: Interval | null;
}

/** Same samples through both models. */
export interface Paired extends Estimate {
  /** Original right, variant wrong. */
  lost: number | null;
  /** Variant right, original wrong. */
  gained: number | null;
  /** McNemar mid-p, one-sided: is there any drop? */
  p: number | null;
  /** Smallest drop this sample can resolve (unit of the metric). */
  resolvable: number | null;
}

/** How single runs spread: what a percentile and its interval leave out. */
export interface Distribution {
  /** Fresh processes, in the order they were started: runs counted, and the percentiles 5, 25, 50, 75 and 95 of their times. */
  launches: { runs: number; percentiles: number[] }[];
  /** Runs of all launches by time: bins of equal width from `from` to `to`, and how many outliers were slower. */
  histogram: { from: number; to: number; counts: number[]; slower: number };
}

export interface Measurement extends Coordinates {
  metric: string;
  unit: Unit;
  status: 'ok' | 'skipped' | 'invalid';
  /** Why it is skipped or invalid; of status ok: why its interval is unbounded. */
  reason: string | null;
  /** null unless status is ok. */
  value: number | null;
  interval: Interval | null;
  /** Samples behind the value: runs, images, … */
  n: number | null;
  /** variant ÷ original, same provider, same run. */
  ratio: Estimate | null;
  /** original − variant, signed so that positive is worse. */
  drop: Paired | null;
  /** The same variant built from the base branch, measured in this run: value, and head ÷ base. */
  base: { value: number; ratio: Estimate | null; note: string | null } | null;
  /** Metric-specific facts for the report's details (placement per provider and operator, worst layers, …). */
  details?: Record<string, unknown>;
  /** Of a latency, in its unit; absent: single runs weren't kept. */
  distribution?: Distribution;
  /** Of an accuracy: samples where this variant lost most; only where the configuration asks for them. */
  worst?: WorstSample[];
}

/** A measurement of the metric at these coordinates, to be filled in: status ok, and no figure yet. */
export function blankMeasurement(
  at: Coordinates,
  metric: string,
  unit: Unit = metricDefinition(metric)!.unit,
): Measurement {
  return {
    ...at,
    metric,
    unit,
    status: 'ok',
    reason: null,
    value: null,
    interval: null,
    n: null,
    ratio: null,
    drop: null,
    base: null,
  };
}

/** Something the reader of the report should know, with what to do about it. */
export interface Note {
  level: 'info' | 'warn';
  /** Of the one list (`terms/codes/`): `noise.load`, `quantize.not-fused`, … */
  code: NoteCode;
  message: string;
  model: string | null;
  variant: string | null;
}
