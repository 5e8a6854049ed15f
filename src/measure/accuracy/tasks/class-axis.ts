/** Classification reads one row of scores: an output with more axes is another task's, and says which. */
import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import { isIntegerType } from '../../../tensor/elements.js';
import type { ValueMeta } from '../../../tensor/value-meta.js';

type Shape = readonly (number | string)[];

export interface ClassAxisContext {
  /** Name of the scored output. */
  output?: string;
  /** All outputs of the model. */
  outputs?: readonly ValueMeta[];
  sample?: Sample;
}

/**
 * Throws UserError when more than one axis after the batch is above 1: flattened, positions or pixels would be taken for classes, and a label
 * would name one of the first position's. Axes that are symbolic count as 1, for they may be.
 */
export function assertOneClassAxis(shape: Shape, context: ClassAxisContext): void {
  if (axesAboveOne(shape) < 2) return;
  const name = context.output === undefined ? 'The scored output' : `The scored output '${context.output}'`;
  throw new UserError(
    'accuracy.output-shape',
    `${name} has shape [${shape.join(', ')}]: classification needs one score per class, so only one axis after the batch may be above 1. ` +
      advice(shape, context),
  );
}

function axesAboveOne(shape: Shape): number {
  return shape.slice(1).filter((size) => typeof size === 'number' && size > 1).length;
}

/** Another output that has one row of scores, or the task that reads such an output. */
function advice(shape: Shape, { output, outputs = [], sample }: ClassAxisContext): string {
  const fitting = outputs.filter(
    ({ name, shape: other }) => name !== output && other !== null && other.length > 1 && isOneRow(other),
  );
  const choose = fitting.map(({ name }) => `\`output: ${name}\``).join(' or ');
  const task = `\`task: ${taskOf(shape, sample)}\``;
  const evaluator = taskOf(shape, sample) === 'custom' ? " with an 'evaluator' of yours" : '';
  return fitting.length > 0
    ? `Write ${choose}, which has one, or ${task}${evaluator}.`
    : `Write ${task}${evaluator}, or choose another \`output\`.`;
}

/** [batch, classes], the classes known or not; single axes beside them don't count. */
function isOneRow(shape: Shape): boolean {
  return shape.slice(1).filter((size) => size !== 1).length === 1;
}

function taskOf(shape: Shape, sample: Sample | undefined): string {
  const label = sample?.label ?? null;
  const mask =
    label !== null && typeof label !== 'number' && label.dims.filter((size) => size > 1).length >= 2;
  if (mask || shape.length === 4) return 'segmentation';
  const tokens = Object.values(sample?.feeds ?? {}).some(
    ({ type, dims }) => isIntegerType(type) && dims.at(-1) === shape.at(-2),
  );
  return tokens ? 'language-model' : 'custom';
}
