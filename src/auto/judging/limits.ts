/** Thresholds as the search needs them: what a candidate may lose, and what it must gain. */
import type { Check } from '../../config/config.js';
import { matchesWhere } from '../../config/where.js';
import type { Task } from '../../terms/metrics.js';

/** Each is undefined when no threshold asks for it. */
export interface Limits {
  /** Decibels. */
  minSqnr?: number;
  minCosine?: number;
  minAgreement?: number;
  maxAbs?: number;
  /** Nats. */
  maxKl?: number;
  /** Share of samples (0.005 is half a point): top-1 of the float model less the candidate's. */
  maxTop1Drop?: number;
  /** File size ÷ the float file's. */
  maxSizeRatio?: number;
  /** Time of a run ÷ the float model's. */
  maxLatencyRatio?: number;
}

/** Names of the model and the variant in the config. */
export interface Subject {
  model: string;
  variant: string;
  /** As the config says it of the model. Default: the first output is scored, and labels are its indices. */
  scored?: Scored;
}

export interface Scored {
  /** Name of the only output that counts; null: none is named. */
  output: string | null;
  /** What is added to a label to get its index in the output. */
  labelOffset: number;
  task: Task;
}

/** What a plan must keep when no threshold says anything about quality. */
export const DEFAULT_LIMITS: Limits = { minCosine: 0.99 };

/** What a race, which tells one time of each file, stands for. */
const LATENCIES: ReadonlySet<string> = new Set(['latency.p50', 'latency.p90', 'latency.p95', 'latency.p99']);

/** The limits that `error` checks put on a variant. Quality that can't be watched on calibration data (recall, a custom score)
 *  is watched through the default. */
export function limitsOf(checks: readonly Check[], subject: Subject): Limits {
  const limits: Limits = {};
  // What a search runs on is not known yet: it keeps the limits of every provider, batch and number of threads.
  const at = { ...subject, provider: null, batch: null, threads: null, concurrency: null };
  for (const check of checks) {
    if (check.level !== 'error' || !matchesWhere(check.where, at)) continue;
    const least = (value: number | undefined, known: number | undefined) =>
      value === undefined ? known : Math.max(value, known ?? Number.NEGATIVE_INFINITY);
    const most = (value: number | undefined, known: number | undefined) =>
      value === undefined ? known : Math.min(value, known ?? Number.POSITIVE_INFINITY);
    const set = <K extends keyof Limits>(key: K, value: Limits[K] | undefined) => {
      if (value !== undefined) limits[key] = value;
    };
    if (check.metric === 'fidelity.sqnr') set('minSqnr', least(check.min, limits.minSqnr));
    if (check.metric === 'fidelity.cosine') set('minCosine', least(check.min, limits.minCosine));
    if (check.metric === 'fidelity.agreement') set('minAgreement', least(check.min, limits.minAgreement));
    if (check.metric === 'fidelity.max-abs') set('maxAbs', most(check.max, limits.maxAbs));
    if (check.metric === 'fidelity.kl') set('maxKl', most(check.max, limits.maxKl));
    if (check.metric === 'accuracy.top1') set('maxTop1Drop', most(check.maxDrop, limits.maxTop1Drop));
    if (LATENCIES.has(check.metric)) set('maxLatencyRatio', most(check.maxRatio, limits.maxLatencyRatio));
    if (check.metric === 'size.file') set('maxSizeRatio', most(check.maxRatio, limits.maxSizeRatio));
  }
  const { maxSizeRatio: _, maxLatencyRatio: __, ...quality } = limits;
  return Object.keys(quality).length > 0 ? limits : { ...DEFAULT_LIMITS, ...limits };
}

/** The SQNR in dB that the limits ask for, as far as they can be told so; null: they can't. Noise that is orthogonal to the signal, r of its power, makes a cosine
 *  of 1 / √(1 + r); a divergence grows as the power of small noise does, from what was seen of a candidate. */
export function sqnrAsked({ minSqnr, minCosine, maxKl }: Limits, seen?: Quality): number | null {
  const byCosine =
    minCosine !== undefined && minCosine > 0 && minCosine < 1 ? [-10 * Math.log10(minCosine ** -2 - 1)] : [];
  const byDivergence =
    maxKl !== undefined && maxKl > 0 && seen?.kl && seen.kl > maxKl
      ? [seen.sqnr + 10 * Math.log10(seen.kl / maxKl)]
      : [];
  const asked = [minSqnr ?? [], byCosine, byDivergence].flat().filter(Number.isFinite);
  return asked.length > 0 ? Math.max(...asked) : null;
}

/** What was seen of a candidate on the calibration samples. */
export interface Quality {
  sqnr: number;
  /** Of whole numbers the share that is equal. */
  cosine: number;
  /** The output holds whole numbers (classes, tokens): nothing is near, only equal or not. Default: it does not. */
  isWhole?: boolean;
  /** null: the output holds no scores of classes. */
  agreement: number | null;
  /** Kullback–Leibler divergence in nats; null: likewise, or no limit is about it. */
  kl: number | null;
  maxAbs: number;
  /** null: the samples have no class labels. */
  top1Drop: number | null;
}

/** The limits that a candidate breaks, in words; empty when it keeps them all. */
export function brokenLimits(limits: Limits, quality: Quality): string[] {
  const broken: string[] = [];
  if (limits.minSqnr !== undefined && !quality.isWhole && !(quality.sqnr >= limits.minSqnr))
    broken.push(`SQNR ${quality.sqnr.toFixed(1)} dB < ${limits.minSqnr} dB`);
  if (limits.minCosine !== undefined && !(quality.cosine >= limits.minCosine))
    broken.push(
      quality.isWhole
        ? `equal ${percent(quality.cosine)} < ${percent(limits.minCosine)}`
        : `cosine ${quality.cosine.toFixed(5)} < ${limits.minCosine}`,
    );
  if (
    limits.minAgreement !== undefined &&
    quality.agreement !== null &&
    quality.agreement < limits.minAgreement
  )
    broken.push(`agreement ${(100 * quality.agreement).toFixed(1)} % < ${100 * limits.minAgreement} %`);
  if (limits.maxAbs !== undefined && !(quality.maxAbs <= limits.maxAbs))
    broken.push(`max abs error ${quality.maxAbs.toPrecision(3)} > ${limits.maxAbs}`);
  if (limits.maxKl !== undefined && quality.kl !== null && !(quality.kl <= limits.maxKl))
    broken.push(`KL divergence ${quality.kl.toPrecision(3)} > ${limits.maxKl}`);
  if (limits.maxTop1Drop !== undefined && quality.top1Drop !== null && quality.top1Drop > limits.maxTop1Drop)
    broken.push(
      `top-1 drop ${(100 * quality.top1Drop).toFixed(1)} points > ${(100 * limits.maxTop1Drop).toFixed(1)}`,
    );
  return broken;
}

/** The thresholds on size and time that a candidate does not keep, in words. Those of the run are measured anew: this is what the search saw. */
export function brokenRatios(
  { maxSizeRatio, maxLatencyRatio }: Limits,
  { sizeRatio, latencyRatio }: { sizeRatio: number; latencyRatio: number },
): string[] {
  const broken: string[] = [];
  if (maxSizeRatio !== undefined && sizeRatio > maxSizeRatio)
    broken.push(`size ${sizeRatio.toPrecision(3)} × > ${maxSizeRatio} ×`);
  if (maxLatencyRatio !== undefined && latencyRatio > maxLatencyRatio)
    broken.push(`latency ${latencyRatio.toPrecision(3)} × > ${maxLatencyRatio} ×`);
  return broken;
}

/** How near the outputs are, in words. */
export function nearnessText({ sqnr, cosine, isWhole }: Quality, { isRough }: { isRough: boolean }): string {
  const about = isRough ? 'about ' : '';
  if (isWhole) return `${about}${percent(cosine)} of the values equal`;
  if (sqnr === Number.POSITIVE_INFINITY) return 'the outputs equal';
  return `SQNR ${about}${sqnr.toFixed(1)} dB, cosine ${cosine.toFixed(4)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
