/**
 * What every verdict rests on: the base whose thresholds judge, the commit that was measured, an original that makes sense of its data,
 * every report that should be there. What can't be established is a check result like any other, so that whoever computes a verdict from
 * checks counts it; but it judges no variant, and nothing waives it. Pure.
 */
import type { Level } from '../terms/level.js';
import type { CheckResult } from '../terms/verdict.js';

/**
 * base: the revision whose thresholds and models count. commit: what was measured is what the pull request proposes. original: the
 * unquantized model makes sense of its data. variant: it isn't the original, unchanged. reports: every job that should have measured reported.
 */
export type EstablishedName = 'base' | 'commit' | 'original' | 'variant' | 'reports';

export interface NotEstablished {
  name: EstablishedName;
  /** `off`: nobody wants to know. */
  level: Level;
  /** One or more sentences: what is not established, and why. May hold untrusted text; renderers escape it. */
  message: string;
  /** What to do about it, in sentences; null: the message says so. */
  remedy: string | null;
  /** Default: it concerns the whole run. */
  model?: string;
  variant?: string;
}

/** A result that concerns no one model or variant. */
const WHOLE_RUN = '*';
const PREFIX = 'established.';

/** One failed result each, in this order; none for level `off`. Observed 0 of 1: `established.base` must be at least 1. */
export function establishedResults(found: readonly NotEstablished[]): CheckResult[] {
  return found
    .filter(({ level }) => level !== 'off')
    .map(({ name, level, message, remedy, model = WHOLE_RUN, variant = WHOLE_RUN }) => ({
      check: `${PREFIX}${name}`,
      metric: `${PREFIX}${name}`,
      condition: 'min',
      unit: 'count',
      level,
      model,
      variant,
      provider: null,
      batch: null,
      threads: null,
      concurrency: null,
      bound: 1,
      slack: null,
      observed: 0,
      interval: null,
      verdict: level === 'error' ? 'fail' : 'warn',
      reason: remedy === null ? message : `${message} ${remedy}`,
      line: null,
    }));
}

/** Whether a result is one of these. Neither a waiver nor the waive label may touch it. */
export function isEstablished({ metric }: Pick<CheckResult, 'metric'>): boolean {
  return metric.startsWith(PREFIX);
}

/** The name in `established.NAME`; null for other results, and for names of later versions. */
export function establishedName({ metric }: Pick<CheckResult, 'metric'>): EstablishedName | null {
  return NAMES.find((name) => metric === `${PREFIX}${name}`) ?? null;
}

const NAMES: readonly EstablishedName[] = ['base', 'commit', 'original', 'variant', 'reports'];
