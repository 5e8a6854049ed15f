/** What the accuracy pass found out about the original itself: kept in its measurement, for the judge to read. */
import type { Measurement } from './measurement.js';

/**
 * chance: no better than chance, and the samples would show it. untold: the samples are too few to tell. hardly, weak: better than chance, and far
 * from what models reach. low: under a bound that the configuration sets on the original.
 */
export type Standing = 'chance' | 'untold' | 'hardly' | 'weak' | 'low';

export interface OriginalDoubt {
  standing: Standing;
  /** Whether other labels or another preprocessing were found to make sense of the data: then the configuration is wrong. */
  explained: boolean;
  /** Sentences. Hold names from the data: untrusted. */
  message: string;
  /** What to do, in sentences. */
  remedy: string | null;
  /** The figures behind it: value, chance, skill, upper, p, n (docs/method.md). */
  figures: Record<string, number>;
  /** What was tried. */
  tried: string[];
}

const KEY = 'doubt';

export function withDoubt(measurement: Measurement, doubt: OriginalDoubt): Measurement {
  return { ...measurement, details: { ...measurement.details, [KEY]: doubt } };
}

export function doubtOf({ details }: Measurement): OriginalDoubt | null {
  return (details?.[KEY] as OriginalDoubt | undefined) ?? null;
}
