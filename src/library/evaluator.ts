/** Types for a user's own evaluator (task custom): a module with a function `evaluate`. */
import type { EvaluatorContext } from '../measure/accuracy/evaluator/process.js';
import type { ReducedRows } from '../measure/accuracy/evaluator/reduced.js';

/** A number; or one number per sample, which is compared in pairs; or what `metrics.ratio` and `metrics.sum` give. */
export type Score = number | readonly (number | boolean)[] | Float32Array | Float64Array | ReducedRows;

/** Scores one model. Each number becomes the metric `accuracy.<name>`; names are lower-case letters, digits and dashes. */
export type Evaluator = (
  context: EvaluatorContext,
) => Readonly<Record<string, Score>> | Promise<Readonly<Record<string, Score>>>;

/**
 * The function itself, with its types checked. A module that runs where quantgate is in no node_modules (in the action, as a rule) takes the type
 * alone: `import type { Evaluator } from 'quantgate'`, or in JavaScript a comment, `@type {import('quantgate').Evaluator}`.
 */
export function defineEvaluator(evaluate: Evaluator): Evaluator {
  return evaluate;
}
