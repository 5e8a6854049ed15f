/** Classes under other numbers than the model's: answers and labels go together, though hardly any answer is its label. */
import { agreementBeyondChance } from '../../../statistics/agreement.js';
import { BOUND_CONFIDENCE } from './skill.js';

export interface Renumbering {
  /** What is seen, as a sentence. */
  found: string;
  /** What to do, as the beginning of a sentence. */
  remedy: string;
  /** Cohen's kappa of the samples that the new numbers were not made from; null where there are none. */
  kappa: number | null;
}

/** Fewer samples show no pattern. */
const MIN_SAMPLES = 20;
/** Agreement after renumbering that no accident gives. */
const MIN_KAPPA = 0.4;
/** Share of the labels that must have an answer of their own. */
const MIN_DISTINCT = 0.7;
/** Share of right answers above which the labels are what they seem. */
const MAX_RIGHT = 0.1;
/** Correlation of labels and answers that no accident gives. */
const MIN_CORRELATION = 0.8;
const NAMED = 4;

/**
 * @param rows answer, label and number of classes first (classification.ts). @param names of the classes, by index of the label.
 * Each label gets the most frequent answer among half of its samples, and the other half tells whether that holds. Where classes have one sample
 * each, answers that rise with the labels show the same: positions among the classes that are there, in place of indices.
 */
export function renumbering(
  rows: readonly ArrayLike<number>[],
  names: ReadonlyMap<number, string>,
): Renumbering | null {
  if (rows.length < MIN_SAMPLES) return null;
  return byMostFrequent(rows, names) ?? byPosition(rows);
}

function byMostFrequent(
  rows: readonly ArrayLike<number>[],
  names: ReadonlyMap<number, string>,
): Renumbering | null {
  const [learnt, tested] = [rows.filter((_, at) => at % 2 === 0), rows.filter((_, at) => at % 2 === 1)];
  const mapping = mostFrequentAnswers(learnt);
  // Labels that share an answer are not renumbered: the answers are too few.
  if (new Set(mapping.values()).size < MIN_DISTINCT * mapping.size) return null;
  const known = tested.filter((row) => mapping.has(row[1]!));
  if (known.length < MIN_SAMPLES / 2) return null;
  const { kappa, p } = agreementBeyondChance(
    known.map((row) => row[0]!),
    known.map((row) => mapping.get(row[1]!)!),
    { classes: rows[0]![2]!, confidence: BOUND_CONFIDENCE },
  );
  if (kappa < MIN_KAPPA || p > 0.001) return null;
  const moved = [...mapping].filter(([label, answer]) => label !== answer).sort((a, b) => a[0] - b[0]);
  if (moved.length === 0) return null;
  const pairs = moved.slice(0, NAMED).map(([label, answer]) => {
    const name = names.get(label);
    return `${name === undefined ? `label ${label}` : `'${name}' (counted as ${label})`} is output ${answer}`;
  });
  const more = moved.length > NAMED ? `, and ${moved.length - NAMED} more` : '';
  return {
    found: `Answers and labels do go together, under other numbers: ${pairs.join(', ')}${more}.`,
    remedy:
      names.size > 0
        ? "Name each class by the index of the model's output (folders 0, 1, 2 …), or list the names as `class-names` in the order of its outputs"
        : "Number the labels as the model's outputs are",
    kappa,
  };
}

function mostFrequentAnswers(rows: readonly ArrayLike<number>[]): Map<number, number> {
  const counts = new Map<number, Map<number, number>>();
  for (const row of rows) {
    const answers = counts.get(row[1]!) ?? new Map<number, number>();
    answers.set(row[0]!, (answers.get(row[0]!) ?? 0) + 1);
    counts.set(row[1]!, answers);
  }
  return new Map(
    [...counts].map(([label, answers]) => [
      label,
      [...answers].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0],
    ]),
  );
}

function byPosition(rows: readonly ArrayLike<number>[]): Renumbering | null {
  const answers = rows.map((row) => row[0]!);
  const labels = rows.map((row) => row[1]!);
  const [classes, outputs] = [new Set(labels).size, rows[0]![2]!];
  const right = rows.filter((row) => row[0] === row[1]).length;
  // Positions end where the classes end; and answers that are right rise with the labels too.
  if (Math.max(...labels) > classes || right > MAX_RIGHT * rows.length) return null;
  if (classes >= outputs || classes < MIN_SAMPLES || correlation(answers, labels) < MIN_CORRELATION)
    return null;
  return {
    found: `The answers rise with the labels: these are positions among the ${classes} classes that are there, and the model has ${outputs} outputs.`,
    remedy:
      "Name each class by the index of the model's output (folders 0, 2, 4 …), or give a folder for every class",
    kappa: null,
  };
}

/** Pearson's; 0 where either is constant. */
function correlation(one: readonly number[], other: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(one), mean(other)];
  let [both, left, right] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    both += (one[at]! - a) * (other[at]! - b);
    left += (one[at]! - a) ** 2;
    right += (other[at]! - b) ** 2;
  }
  return left === 0 || right === 0 ? 0 : both / Math.sqrt(left * right);
}
