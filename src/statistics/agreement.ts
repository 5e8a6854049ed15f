/** Do answers and labels agree more than they would by chance? Cohen's kappa, a permutation test, and a bound on the kappa. */
import { seededRandom } from '../tensor/random.js';
import { binomialTail } from './binomial.js';
import { normalCdf } from './normal.js';
import { wilson } from './paired.js';

export interface Agreement {
  n: number;
  /** Samples whose answer is their label. */
  right: number;
  /** Share of right answers that chance reaches: answers as frequent as these, given without regard to the sample. */
  chance: number;
  /** Cohen's kappa, (share − chance) ÷ (1 − chance): 0 is chance, 1 perfect. (Educ. Psychol. Meas. 20, 1960.) */
  kappa: number;
  /** One-sided: how likely chance alone gets at least as many right. */
  p: number;
  /** Upper bound of kappa, one-sided at `confidence`. */
  upper: number;
}

const DRAWS = 2_000;
/** Draws × samples stays below this. */
const MAX_WORK = 2e7;
const MIN_DRAWS = 200;
const SEED = 20_240_301;
/** Beyond so many standard deviations there is nothing left to draw; and nothing needs to be where the matches vary by so many. */
const CERTAIN = 6;
const NORMAL_DEVIATION = 3;

/**
 * Both rows hold whole numbers, one per sample. The test is exact in its idea (which label goes with which answer is drawn anew, both as
 * frequent as they are; the normal law where the matches are many) and holds for any imbalance of the classes; beyond six standard deviations p is 0. Where all labels are equal nothing can be
 * drawn anew: there chance is one of `classes` at random, and the test binomial.
 */
export function agreementBeyondChance(
  answers: ArrayLike<number>,
  labels: ArrayLike<number>,
  { classes, confidence }: { classes: number; confidence: number },
): Agreement {
  const n = answers.length;
  const answered = counts(answers);
  const labelled = counts(labels);
  let right = 0;
  for (let at = 0; at < n; at++) if (answers[at] === labels[at]) right++;
  if (labelled.size < 2) {
    const chance = 1 / Math.max(2, classes);
    const kappa = (right / n - chance) / (1 - chance);
    const upper = (wilson(right, n, confidence).hi! - chance) / (1 - chance);
    return { n, right, chance, kappa, p: binomialTail(right, n, chance), upper };
  }
  const { mean, deviation } = matchesByChance(answered, labelled, n);
  const chance = mean / n;
  return {
    n,
    right,
    chance,
    kappa: chance < 1 ? (right / n - chance) / (1 - chance) : 0,
    p: permutationP(answers, labels, { right, mean, deviation }),
    upper: upperKappa({ answers, labels, answered }, { right, chance, confidence }),
  };
}

function counts(values: ArrayLike<number>): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = 0; at < values.length; at++) found.set(values[at]!, (found.get(values[at]!) ?? 0) + 1);
  return found;
}

/** Mean and standard deviation of the matches when answers and labels are paired at random: from E[K] and E[K(K − 1)]. */
function matchesByChance(
  answered: ReadonlyMap<number, number>,
  labelled: ReadonlyMap<number, number>,
  n: number,
): { mean: number; deviation: number } {
  let pairs = 0;
  let excluded = 0;
  for (const [value, a] of answered) {
    const b = labelled.get(value) ?? 0;
    pairs += a * b;
    excluded += a * b * (a + b - 1);
  }
  const mean = pairs / n;
  const twice = n > 1 ? (pairs * pairs - excluded) / (n * (n - 1)) : 0;
  return { mean, deviation: Math.sqrt(Math.max(0, twice + mean - mean * mean)) };
}

function permutationP(
  answers: ArrayLike<number>,
  labels: ArrayLike<number>,
  { right, mean, deviation }: { right: number; mean: number; deviation: number },
): number {
  // Constant answers: every pairing gives the same.
  if (deviation < 1e-9) return 1;
  const z = (right - 0.5 - mean) / deviation;
  if (z > CERTAIN) return 0;
  if (z < -CERTAIN) return 1;
  if (deviation >= NORMAL_DEVIATION) return 1 - normalCdf(z);
  const n = answers.length;
  const draws = Math.max(MIN_DRAWS, Math.min(DRAWS, Math.floor(MAX_WORK / n)));
  const random = seededRandom(SEED);
  const drawn = Float64Array.from({ length: n }, (_, at) => labels[at]!);
  let reached = 0;
  for (let draw = 0; draw < draws; draw++) {
    let matches = 0;
    for (let last = n - 1; last >= 0; last--) {
      const other = random.below(last + 1);
      const held = drawn[last]!;
      drawn[last] = drawn[other]!;
      drawn[other] = held;
      if (drawn[last] === answers[last]) matches++;
    }
    if (matches >= right) reached++;
  }
  return (reached + 1) / (draws + 1);
}

interface Rows {
  answers: ArrayLike<number>;
  labels: ArrayLike<number>;
  /** How often each answer is given. */
  answered: ReadonlyMap<number, number>;
}

/**
 * The lower of two bounds by Wilson's interval: over all samples, and over those whose label isn't the most frequent answer. The second is what can
 * be known where nearly all samples are of one class: always naming that class is right 95 times of 100, and tells nothing.
 */
function upperKappa(
  { answers, labels, answered }: Rows,
  { right, chance, confidence }: { right: number; chance: number; confidence: number },
): number {
  const n = answers.length;
  const bound = (hits: number, total: number, expected: number) =>
    expected < 1 ? (wilson(hits, total, confidence).hi! - expected) / (1 - expected) : 1;
  const favourite = [...answered].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  let others = 0;
  let othersRight = 0;
  let othersExpected = 0;
  for (let at = 0; at < n; at++) {
    if (labels[at] === favourite) continue;
    others++;
    if (answers[at] === labels[at]) othersRight++;
    othersExpected += (answered.get(labels[at]!) ?? 0) / n;
  }
  const overall = bound(right, n, chance);
  return others === 0 ? overall : Math.min(overall, bound(othersRight, others, othersExpected / others));
}
