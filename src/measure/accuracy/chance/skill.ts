/** How far the original is from chance on its own data: one number per task, with what is known about it. */
import type { Sample } from '../../../data/samples/dataset.js';
import { bootstrapInterval, type Statistic } from '../../../statistics/bootstrap.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';

export interface Skill {
  /** The original's value of the test's metric. */
  value: number;
  /** What chance reaches, in the metric's unit. */
  chance: number;
  /** (value − chance) ÷ (perfect − chance): 0 is chance, 1 perfect, below 0 worse than chance. */
  skill: number;
  /** Upper bound of `skill`, one-sided at BOUND_CONFIDENCE. */
  upper: number;
  /** One-sided: how likely chance alone gets at least this. */
  p: number;
  /** Samples (or images, or tokens) behind it. */
  n: number;
  /** What chance is here: 'answers given without regard to the sample'. */
  chanceIs: string;
  /** What else stands out: 'every answer is class 7'. */
  fact: string | null;
  /** What to look at first, as a list for a sentence; absent: labels, preprocessing and output. */
  suspects?: string;
  /** The answers are one and the same, but the scores behind them do tell the classes apart: it isn't chance, whatever `p` is. */
  informed?: boolean;
}

/** How a task is told from chance. */
export interface SkillTest {
  /** The metric it is about. */
  metric: string;
  /** Metric whose kept rows `assess` reads; null: `keep` makes rows of its own. */
  from: string | null;
  /** What is kept of one sample. Throws UserError when label and output don't go together. */
  keep(sample: Sample, output: Tensor, outputs: Feeds): ArrayLike<number>;
  /** null: these samples have no level of chance (one class of pixels, equal targets). */
  assess(rows: readonly ArrayLike<number>[]): Skill | null;
  /** Whether a sample's answer is right; absent where a sample is neither. */
  right?(row: ArrayLike<number>): boolean;
}

/** chance: can't be told from it, although the samples would. untold: can't be told, and the samples are too few. hardly: above it, by next to
 *  nothing. weak: above it, but far from what models reach. above: everything else. */
export type Standing = 'chance' | 'untold' | 'hardly' | 'weak' | 'above';

/** One-sided confidence of `upper`: of models whose true skill is MARGIN or more, one in a hundred at most is called chance. */
export const BOUND_CONFIDENCE = 0.99;
/** Skill that a model worth a gate has: two classes 60 %, ten classes 28 %. */
const MARGIN = 0.2;
/** Chance is rejected up to this p: of originals that are chance, one in a hundred looks better. */
export const ALPHA = 0.01;
const HARDLY = 0.1;
const WEAK = 0.4;

/**
 * `chance` needs both: chance is not rejected, and a true skill of MARGIN is (an equivalence test; Schuirmann, J. Pharmacokinet.
 * Biopharm. 15, 1987). So few samples never make it, and neither does a hard task of which there are enough samples to see that it is learnt.
 */
export function standingOf({ skill, upper, p, informed = false }: Skill): Standing {
  if (skill >= WEAK) return 'above';
  if (p <= ALPHA || informed) return skill < HARDLY ? 'hardly' : 'weak';
  if (upper <= MARGIN) return 'chance';
  return skill < MARGIN ? 'untold' : 'above';
}

/** Fewer say too little about their own spread. */
const MIN_SAMPLES = 20;

/**
 * Skill, bound and p of a figure that is its own skill, by the bootstrap over samples: p is 0 where its whole interval lies above chance, else 1. A
 * figure that is far from chance costs no draws. @param telling samples that chance does not get right anyway; default: all.
 */
export function byBootstrap(
  skill: Statistic,
  samples: number,
  telling = samples,
): Pick<Skill, 'skill' | 'upper' | 'p' | 'n'> {
  const value = skill(null);
  const known = { skill: value, n: samples };
  if (value >= WEAK) return { ...known, upper: 1, p: 0 };
  if (telling < MIN_SAMPLES) return { ...known, upper: 1, p: 1 };
  const lower = bootstrapInterval(skill, samples, 1 - ALPHA)?.lo ?? 0;
  const upper = bootstrapInterval(skill, samples, BOUND_CONFIDENCE)?.hi ?? 1;
  return { ...known, upper: Math.max(value, upper), p: lower > 0 ? 0 : 1 };
}
