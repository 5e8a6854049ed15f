/** Top-1 and top-5: is the labelled class among the highest scores? */

import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import { indexOfMaximum } from '../../../tensor/argmax.js';
import { isIntegerType, numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { ValueMeta } from '../../../tensor/value-meta.js';
import { assertOneClassAxis } from './class-axis.js';
import type { ShareMetric } from './metric.js';
import type { TaskOptions } from './task-options.js';

export type ClassificationOptions = Pick<TaskOptions, 'labelOffset' | 'outputs'>;

/** Equal scores are ranked by class index, as argmax does: the lower index is the higher rank. */
export function classificationMetrics(options: ClassificationOptions): ShareMetric[] {
  const top = (count: number): ShareMetric => ({
    name: `accuracy.top${count}`,
    kind: 'share',
    keep: (sample, output) => [rankOfLabel(sample, output, options) < count ? 1 : 0],
  });
  return [top(1), top(5)];
}

/** How many classes are ranked before the labelled one. Throws UserError for labels without an output and outputs without classes. */
function rankOfLabel(sample: Sample, output: Tensor, options: ClassificationOptions): number {
  const scores = numbersOf(output);
  if (scores.length < 2) {
    throw new UserError(
      'accuracy.output-shape',
      `The scored output has shape [${output.dims.join(', ')}]: classification needs one score per class. ` +
        'Choose another output with `output`, or another `task`.',
    );
  }
  assertOneClassAxis(output.dims, { outputs: options.outputs ?? [], sample });
  const index = labelledClass(sample, scores.length, options);
  if (!Number.isInteger(index) || index < 0 || index >= scores.length) {
    throw labelOutOfRange(
      `sample ${sample.id} has label ${index - options.labelOffset}`,
      scores.length,
      options,
    );
  }
  const score = scores[index]!;
  let rank = 0;
  for (let other = 0; other < scores.length; other++) {
    if (scores[other]! > score || (scores[other]! === score && other < index)) rank++;
  }
  return rank;
}

/**
 * Checks before the run, where the model states the shape of its output, that it is one row of scores, and that the highest label of the data
 * has one of them. Throws UserError.
 */
export function assertLabelsInRange(
  data: {
    classes: number | null;
    description: string;
    classIndices?: ReadonlyMap<string, number> | undefined;
  },
  output: ValueMeta,
  options: ClassificationOptions,
): void {
  const { outputs = [] } = options;
  if (output.shape !== null) assertOneClassAxis(output.shape, { output: output.name, outputs });
  const classes = output.shape?.at(-1);
  if (data.classes === null || typeof classes !== 'number' || classes < 2 || output.shape!.length > 2) return;
  if (data.classes + options.labelOffset > classes)
    throw labelOutOfRange(`${data.description} has label ${data.classes - 1}`, classes, options);
  assertNamesFit(data.classIndices, classes, options);
}

/** Throws UserError where more classes are named than the output has: the names would be those of another model. */
export function assertNamesFit(
  names: ReadonlyMap<string, number> | undefined,
  classes: number,
  { labelOffset = 0 }: { labelOffset?: number },
): void {
  for (const [name, index] of names ?? []) {
    if (index + labelOffset < classes) continue;
    throw new UserError(
      'data.unknown-class',
      `${names!.size} classes are named, of which '${name}' is class ${index + labelOffset}, but the scored output has ${classes}, 0 … ${classes - 1}. ` +
        'Are `class-names` (or the names in config.json) those of this model, in its order?',
    );
  }
}

function labelOutOfRange(what: string, classes: number, { labelOffset }: ClassificationOptions): UserError {
  const offset = labelOffset === 0 ? '' : ` (with label-offset ${labelOffset})`;
  return new UserError(
    'accuracy.classes-differ',
    `${what}, but the scored output has ${classes} classes, 0 … ${classes - 1}${offset}. ` +
      'Correct the labels, `label-offset` (1 for models with a background class, −1 for labels that count from 1), or `output`.',
  );
}

/** Index of the output that is right. An integer is the class; a target of scores (from a test set) names its highest. */
export function labelledClass(
  { label, id }: Sample,
  classes: number,
  { labelOffset }: ClassificationOptions,
): number {
  if (typeof label === 'number') return label + labelOffset;
  if (label !== null) {
    const values = numbersOf(label);
    if (values.length === 1 && (isIntegerType(label.type) || Number.isInteger(values[0])))
      return values[0]! + labelOffset;
    if (values.length === classes) return indexOfMaximum(values);
    throw new UserError(
      'data.label-shape',
      `Sample ${id} has a target of shape [${label.dims.join(', ')}]: classification needs a class index per sample. ` +
        'Choose the labels with `labels`, or another `task`.',
    );
  }
  throw new UserError('data.no-labels', `Sample ${id} has no label.`);
}
