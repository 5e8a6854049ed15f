/** Classes: do the answers go with the labels at all? */

import { agreementBeyondChance } from '../../../statistics/agreement.js';
import { normalCdf } from '../../../statistics/normal.js';
import { indexOfMaximum } from '../../../tensor/argmax.js';
import { numbersOf } from '../../../tensor/elements.js';
import { type ClassificationOptions, labelledClass } from '../tasks/classification.js';
import { ALPHA, BOUND_CONFIDENCE, type SkillTest } from './skill.js';

/** Outputs with more classes keep no scores: the answers tell enough. */
const MOST_SCORES = 16;
/** Share of equal answers that is worth a word. */
const ONE_SIDED = 0.9;
/** The scores tell the classes apart when chance gives so clear an order less than once in a thousand, and the order is good. */
const ORDER_P = 0.001;
const ORDER_AREA = 0.65;
/** Samples of a class, and of the others, that an order needs. */
const MIN_OF_CLASS = 5;

/** A row is answer, label, classes, and up to MOST_SCORES the scores. */
export function classificationSkill(options: ClassificationOptions): SkillTest {
  return {
    metric: 'accuracy.top1',
    from: null,
    keep(sample, output) {
      const scores = numbersOf(output);
      const head = [indexOfMaximum(scores), labelledClass(sample, scores.length, options), scores.length];
      return scores.length <= MOST_SCORES
        ? Float64Array.from([...head, ...Array.from(scores)])
        : Float64Array.from(head);
    },
    right: (row) => row[0] === row[1],
    assess(rows) {
      if (rows.length === 0) return null;
      const answers = Float64Array.from(rows, (row) => row[0]!);
      const labels = Float64Array.from(rows, (row) => row[1]!);
      const found = agreementBeyondChance(answers, labels, {
        classes: rows[0]![2]!,
        confidence: BOUND_CONFIDENCE,
      });
      const fact = oneSided(answers, options);
      return {
        value: found.right / found.n,
        chance: found.chance,
        skill: found.kappa,
        upper: found.upper,
        p: found.p,
        n: found.n,
        chanceIs: 'answers given without regard to the sample',
        fact,
        informed: found.p > ALPHA && fact !== null && ordersClasses(rows),
      };
    },
  };
}

function oneSided(answers: Float64Array, { labelOffset }: ClassificationOptions): string | null {
  const counts = new Map<number, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  const [favourite, count] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  if (count < ONE_SIDED * answers.length || answers.length < 2) return null;
  const name = labelOffset === 0 ? `class ${favourite}` : `output ${favourite}`;
  return count === answers.length
    ? `every answer is ${name}`
    : `${Math.round((count / answers.length) * 100)} % of the answers are ${name}`;
}

/**
 * Whether any class's margin (its score less the highest other) is higher for samples of that class than for the rest: the area under the ROC
 * curve by the rank-sum test, Bonferroni over classes. A model that always names the frequent class may still know the rare one when it sees it.
 */
function ordersClasses(rows: readonly ArrayLike<number>[]): boolean {
  const classes = rows[0]![2]!;
  if (rows[0]!.length < 3 + classes) return false;
  for (let index = 0; index < classes; index++) {
    const margins = rows.map((row) => ({ margin: marginOf(row, index), own: row[1] === index }));
    const area = areaUnderRoc(margins);
    if (area !== null && area.value >= ORDER_AREA && area.p * classes <= ORDER_P) return true;
  }
  return false;
}

function marginOf(row: ArrayLike<number>, index: number): number {
  let other = Number.NEGATIVE_INFINITY;
  for (let at = 3; at < row.length; at++) if (at - 3 !== index) other = Math.max(other, row[at]!);
  return row[3 + index]! - other;
}

/** Mann and Whitney's statistic as a share, and its one-sided p by the normal law (Ann. Math. Stat. 18, 1947). Ties share ranks. */
function areaUnderRoc(margins: { margin: number; own: boolean }[]): { value: number; p: number } | null {
  const own = margins.filter((entry) => entry.own).length;
  const others = margins.length - own;
  if (own < MIN_OF_CLASS || others < MIN_OF_CLASS) return null;
  const order = [...margins].sort((a, b) => a.margin - b.margin);
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && order[to]!.margin === order[from]!.margin) to++;
    for (let at = from; at < to; at++) if (order[at]!.own) ranks += (from + to + 1) / 2;
    from = to;
  }
  const value = (ranks - (own * (own + 1)) / 2) / (own * others);
  const deviation = Math.sqrt((own + others + 1) / (12 * own * others));
  return { value, p: 1 - normalCdf((value - 0.5) / deviation) };
}
