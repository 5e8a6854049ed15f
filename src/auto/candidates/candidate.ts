/** One way to quantize, what was seen of it, and which of two is preferred. */

import type { Objective } from '../../config/choices.js';
import type { Decision, QuantizeNote } from '../../quantize/method/result.js';
import type { AutoCandidate } from '../../terms/report.js';
import type { JudgedFile, SampleError } from '../judging/evaluate.js';
import { type Limits, nearnessText, type Quality } from '../judging/limits.js';
import { sureGainDb } from '../judging/nearness.js';
import type { PlanStage } from '../plan/plan.js';

/** What is said of a file that was made of all calibration samples. */
export interface Made {
  decisions: Decision[];
  notes: QuantizeNote[];
  /** Levels at which it was opened and run. Default: none. */
  ranAt?: readonly string[];
}

/** What an attempt gives: the file lies where it was asked for. */
export interface Attempted {
  stages: PlanStage[];
  /** Of the file, where it was made of all samples. */
  made?: Made;
  /** Files that judge it; default: the file itself, by the first fold. */
  judged?: readonly JudgedFile[];
}

export interface Candidate {
  name: string;
  stages: PlanStage[];
  /** That of all samples where it was made, else the one that is judged. */
  file: string;
  /** Files that judge it. */
  judged: readonly JudgedFile[];
  /** Of `file`, where that is the one to hand over. */
  made: Made | null;
  /** Made as one of the plain methods makes it. */
  isPlain: boolean;
  /** Made without what takes long and changes no speed: it is not yet as near to the original as the final file would be. */
  isRough: boolean;
  /** A rough one of which it is known that the file as it should be would break a limit: `broken` says which. */
  isRuledOut?: boolean;
  quality: Quality;
  /** By sample; null for those that didn't judge. */
  errors: readonly (SampleError | null)[];
  /** Limits it breaks, in words. */
  broken: string[];
  sizeRatio: number;
  /** Time of one run ÷ the float model's; NaN before the race. */
  latencyRatio: number;
}

/** Two latencies nearer than this are the same. */
const RACE_NOISE = 0.03;
/** Two sizes nearer than this are the same: of two fast files, and where size is the objective. */
const SIZE_TIE = { latency: 0.05, size: 0.01 };
/** Of two fast files the nearer one may be this much larger. */
const SIZE_FOR_NEARNESS = 0.15;
/** A file must be this much faster than float to be worth its error (objective latency). */
const WORTHWHILE = 0.97;
/** And, where size is the objective or a threshold is about it, and none is about latency, at most this much slower. */
const MOST_TIME_FOR_SIZE = 1.25;

/** What candidates are compared for. */
export interface Preference {
  limits: Pick<Limits, 'maxSizeRatio' | 'maxLatencyRatio'>;
  objective: Objective;
}

/** The preferred one of those that keep all limits and are worth their error. */
export function bestOf(candidates: readonly Candidate[], preference: Preference): Candidate | undefined {
  return candidates
    .filter((candidate) => candidate.broken.length === 0 && isWorthwhile(candidate, preference))
    .reduce<Candidate | undefined>(
      (best, candidate) => (!best || isBetter(candidate, best, preference) ? candidate : best),
      undefined,
    );
}

function isWorthwhile(candidate: Candidate, preference: Preference): boolean {
  const { latencyRatio, sizeRatio } = candidate;
  if (Number.isNaN(latencyRatio)) return false;
  const isSmaller = sizeRatio < 1 && !isTooSlow(candidate, preference);
  return isSmaller || (preference.objective === 'latency' && latencyRatio < WORTHWHILE);
}

/** Whether a file takes more time than a smaller one is worth; one that was never raced does not. */
export function isTooSlow(
  { latencyRatio, sizeRatio }: Candidate,
  { limits: { maxSizeRatio, maxLatencyRatio }, objective }: Preference,
): boolean {
  const timeForSize = maxLatencyRatio ?? MOST_TIME_FOR_SIZE;
  if (objective === 'size') return latencyRatio > timeForSize;
  // The original itself breaks such a limit.
  const isAsked = maxSizeRatio !== undefined && maxSizeRatio < 1 && sizeRatio <= maxSizeRatio;
  return latencyRatio > Math.max(1 + RACE_NOISE, isAsked ? timeForSize : 0);
}

/** A file that keeps the limits on size and time comes first, then the faster (objective size: the smaller). Of two that are as fast: the one that is surely nearer
 *  to the original, if it is hardly larger; then the smaller (objective size: the faster), then the plain one, then the nearer. */
export function isBetter(a: Candidate, b: Candidate, { limits, objective }: Preference): boolean {
  const { maxSizeRatio = Number.POSITIVE_INFINITY, maxLatencyRatio = Number.POSITIVE_INFINITY } = limits;
  const fits = ({ sizeRatio, latencyRatio }: Candidate) =>
    sizeRatio <= maxSizeRatio && latencyRatio <= maxLatencyRatio;
  if (fits(a) !== fits(b)) return fits(a);
  const bySize = differ(a.sizeRatio, b.sizeRatio, SIZE_TIE[objective]);
  const byTime = differ(a.latencyRatio, b.latencyRatio, RACE_NOISE);
  if (bySize && objective === 'size') return a.sizeRatio < b.sizeRatio;
  if (byTime) return a.latencyRatio < b.latencyRatio;
  const gain = gainDb(a, b);
  if (gain !== 0 && !differ(a.sizeRatio, b.sizeRatio, SIZE_FOR_NEARNESS)) return gain > 0;
  if (bySize) return a.sizeRatio < b.sizeRatio;
  if (a.isPlain !== b.isPlain) return a.isPlain;
  return a.quality.sqnr > b.quality.sqnr;
}

/** The plain method's file that would be preferred to `best` if both were as fast: `best` owes its place to its time alone. */
export function rivalInTime(
  best: Candidate,
  tried: readonly Candidate[],
  preference: Preference,
): Candidate | undefined {
  const rivals = tried.filter(
    (other) =>
      other.isPlain &&
      other.file !== best.file &&
      bestOf([other], preference) !== undefined &&
      isBetter(best, other, preference) &&
      !isBetter({ ...best, latencyRatio: other.latencyRatio }, other, preference),
  );
  const asFast = rivals.map((other) => ({ ...other, latencyRatio: best.latencyRatio }));
  const first = bestOf(asFast, preference);
  return rivals.find(({ file }) => file === first?.file);
}

/** What making a file in full takes is worth so much less time of a run. */
const WORTH_A_FILE = 0.05;
/** And so is twice the noise power: a race of one sample is no nearer than this to the times of others, which may be longer. */
const WORTH_DECIBELS = 0.1;
const MANY_DECIBELS = 3;

/** Whether a candidate that owes its place before a plain method's to its time alone is faster by so much that it is worth what it costs: making it, which takes as
 *  long as the plain method's own file, and may break a limit that its rough file keeps; and what it is farther from the original. */
export function isWorthItsCost(candidate: Candidate, rival: Candidate): boolean {
  const ofMaking = candidate.isPlain || !candidate.isRough ? 0 : WORTH_A_FILE;
  const ofError = gainDb(rival, candidate) > MANY_DECIBELS ? WORTH_DECIBELS : 0;
  const least = Math.max(ofMaking, ofError);
  return least === 0 || candidate.latencyRatio < (1 - least) * rival.latencyRatio;
}

/** Of files that were slower than the float model in the race, the first that isn't for sure, in the order of preference were they as fast: it counts as
 *  that. */
export async function notSurelySlower(
  tried: readonly Candidate[],
  preference: Preference,
  isSurelySlower: (candidate: Candidate) => Promise<boolean>,
): Promise<Candidate | undefined> {
  const asFast = new Map(
    tried
      .filter(({ latencyRatio }) => latencyRatio > 1)
      .map((candidate) => [{ ...candidate, latencyRatio: 1 }, candidate]),
  );
  for (;;) {
    const best = bestOf([...asFast.keys()], preference);
    const candidate = best && asFast.get(best);
    if (!candidate) return undefined;
    asFast.delete(best);
    if (await isSurelySlower(candidate)) continue;
    candidate.latencyRatio = 1;
    return candidate;
  }
}

function differ(x: number, y: number, tie: number): boolean {
  return Math.abs(Math.log(x / y)) > tie;
}

/** What the file as it should be may be nearer than a rough one, in dB: the calibrator's choice has won up to 4.3 dB, fitted integers up to 3.3. */
const MOST_WON_DB = 6;

/** How much nearer the first surely is, in dB; of a rough file and one as it should be, how much nearer it may be. */
function gainDb(a: Candidate, b: Candidate): number {
  if (a.isRough === b.isRough) return sureGainDb(a.errors, b.errors);
  return a.isRough ? mayWinDb(a, b) : -mayWinDb(b, a);
}

/** One beside the plain methods must be faster or smaller than they are: that it may be nearer to the original counts for nothing before it is seen. */
function mayWinDb(rough: Candidate, final: Candidate): number {
  return rough.isPlain ? rough.quality.sqnr + MOST_WON_DB - final.quality.sqnr : 0;
}

/** JSON knows no infinity. */
const SAME_DB = 200;

/** A candidate as the report holds it. */
export function reported(candidate: Candidate, winner: Candidate | null): AutoCandidate {
  const { name, sizeRatio, latencyRatio, quality, broken } = candidate;
  return {
    name,
    chosen: candidate === winner,
    sizeRatio,
    latencyRatio: Number.isNaN(latencyRatio) ? null : latencyRatio,
    sqnr: Number.isNaN(quality.sqnr) ? -SAME_DB : Math.max(-SAME_DB, Math.min(SAME_DB, quality.sqnr)),
    broken,
  };
}

/** A candidate in one line, for the log and the report. */
export function describe(candidate: Candidate): string {
  const { quality, sizeRatio, latencyRatio, broken, isRough, isRuledOut } = candidate;
  const speed = Number.isNaN(latencyRatio) ? '' : `, ${latencyRatio.toFixed(2)} × the time`;
  const verdict = broken.length > 0 && (!isRough || isRuledOut) ? `; breaks ${broken.join(', ')}` : '';
  return `${sizeRatio.toFixed(2)} × the size${speed}, ${nearnessText(quality, { isRough })}${verdict}`;
}
