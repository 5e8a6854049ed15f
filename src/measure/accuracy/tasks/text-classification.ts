/** Classes of texts: top-1, macro F1 and Matthews' correlation; pairs with scores: rank correlation. */
import type { Sample } from '../../../data/samples/dataset.js';
import type { Statistic } from '../../../statistics/bootstrap.js';
import { indexOfMaximum } from '../../../tensor/argmax.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { assertOneClassAxis } from './class-axis.js';
import { type ClassificationOptions, classificationMetrics, labelledClass } from './classification.js';
import { embeddingMetrics } from './embedding.js';
import type { Metric } from './metric.js';

/**
 * `scores`: the labels are numbers (how alike two texts are), which the output's single number, or the cosine of its two embeddings, should follow.
 * Otherwise they are class indices, and the output holds one score per class.
 */
export function textClassificationMetrics({
  scores,
  ...options
}: ClassificationOptions & { scores: boolean }): Metric[] {
  if (scores) return embeddingMetrics({ pairs: true });
  const keep = (sample: Sample, output: Tensor) => answerAndLabel(sample, output, options);
  return [
    classificationMetrics(options).find(({ name }) => name === 'accuracy.top1')!,
    {
      name: 'accuracy.f1',
      kind: 'statistic',
      undefinedReason: 'there are no samples',
      keep,
      operations,
      figureOfSample: rightOrNot,
      statistic: (kept) => ofConfusions(kept, macroF1),
    },
    {
      name: 'accuracy.mcc',
      kind: 'statistic',
      undefinedReason: 'there are no samples',
      keep,
      operations,
      figureOfSample: rightOrNot,
      statistic: (kept) => ofConfusions(kept, matthews),
    },
  ];
}

function answerAndLabel(sample: Sample, output: Tensor, options: ClassificationOptions): Float64Array {
  assertOneClassAxis(output.dims, { sample, ...(options.outputs ? { outputs: options.outputs } : {}) });
  const scores = numbersOf(output);
  return Float64Array.of(indexOfMaximum(scores), labelledClass(sample, scores.length, options));
}

const rightOrNot = (row: ArrayLike<number>) => Number(row[0] === row[1]);

/** Every sample is counted, and every pair of classes looked at. */
const operations = (kept: readonly ArrayLike<number>[]) =>
  kept.length + new Set(kept.flatMap((row) => [row[0]!, row[1]!])).size ** 2;

/** How often each answer meets each label: counts[label × classes + answer]. */
export interface Confusions {
  classes: number;
  counts: Float64Array;
}

/** A figure of the confusions of rows [answer, label]. */
export function ofConfusions(
  kept: readonly ArrayLike<number>[],
  figure: (confusions: Confusions) => number,
): Statistic {
  const seen = [...new Set(kept.flatMap((row) => [row[0]!, row[1]!]))].sort((a, b) => a - b);
  const place = new Map(seen.map((value, index) => [value, index]));
  const classes = seen.length;
  const cells = Uint32Array.from(kept, (row) => place.get(row[1]!)! * classes + place.get(row[0]!)!);
  const counts = new Float64Array(classes * classes);
  return (weights) => {
    if (cells.length === 0) return Number.NaN;
    counts.fill(0);
    for (let sample = 0; sample < cells.length; sample++)
      counts[cells[sample]!]! += weights === null ? 1 : weights[sample]!;
    return figure({ classes, counts });
  };
}

/** How often each class is the label, the answer, and both. */
function margins({ classes, counts }: Confusions): {
  labelled: Float64Array;
  answered: Float64Array;
  right: Float64Array;
} {
  const labelled = new Float64Array(classes);
  const answered = new Float64Array(classes);
  const right = new Float64Array(classes);
  for (let label = 0; label < classes; label++) {
    for (let answer = 0; answer < classes; answer++) {
      const count = counts[label * classes + answer]!;
      labelled[label]! += count;
      answered[answer]! += count;
      if (label === answer) right[label] = count;
    }
  }
  return { labelled, answered, right };
}

/** Mean over the classes that occur, as label or as answer, of 2 × right ÷ (labelled + answered): scikit-learn's `f1_score(average='macro')`. */
export function macroF1(confusions: Confusions): number {
  const { labelled, answered, right } = margins(confusions);
  let sum = 0;
  let occurring = 0;
  for (let index = 0; index < confusions.classes; index++) {
    const all = labelled[index]! + answered[index]!;
    if (all === 0) continue;
    sum += (2 * right[index]!) / all;
    occurring++;
  }
  return sum / occurring;
}

/** Gorodkin's K-category correlation (Comput. Biol. Chem. 28, 2004), which is Matthews' for two; 0 where all answers or all labels are one class. */
export function matthews(confusions: Confusions): number {
  const { labelled, answered, right } = margins(confusions);
  const total = labelled.reduce((sum, count) => sum + count, 0);
  const hits = right.reduce((sum, count) => sum + count, 0);
  let both = 0;
  let labels = 0;
  let answers = 0;
  for (let index = 0; index < confusions.classes; index++) {
    both += labelled[index]! * answered[index]!;
    labels += labelled[index]! ** 2;
    answers += answered[index]! ** 2;
  }
  const scale = Math.sqrt((total ** 2 - labels) * (total ** 2 - answers));
  return scale === 0 ? 0 : (hits * total - both) / scale;
}
