/** Codes of what can go wrong while accuracy is measured. */
import type { Explanation } from './explanation.js';

export const ACCURACY_CODES = {
  'accuracy.output-shape': {
    title: 'The scored output has another shape than the task takes',
    cause: 'Another output is the right one, or the model does something else than `task` says.',
    cure: 'Choose the output with `output`, or another `task` or `decoder`.',
  },
  'accuracy.unknown-output': {
    title: 'The output that should be scored is not there',
    cause: "`output` or `outputs` names none of the model's outputs, or one that holds no numbers.",
    cure: 'Use a name that the message lists.',
  },
  'accuracy.classes-differ': {
    title: 'Labels and model disagree about the classes',
    cause:
      'A label is above the number of classes: labels may count from 1, have a background class, or be of another data set.',
    cure: "Set `label-offset` (1 or −1), `ignore` for masks, give `class-names` in the model's order, or choose another `output`.",
  },
  'accuracy.decoder': {
    title: "The decoder does not fit the model's outputs",
    cause:
      "Detectors and recognizers encode their answers in many ways; the one chosen is missing, unknown or another model's.",
    cure: 'Choose another `decoder` (docs/configuration.md), or name the outputs it needs under `outputs`.',
  },
  'accuracy.keys': {
    title: "The symbols of a recognizer don't fit the model",
    cause:
      '`keys` or the vocabulary is missing, empty, or has another number of symbols than the model has classes.',
    cure: 'Take the file that belongs to this model.',
  },
  'accuracy.wrong-data': {
    title: 'The samples are of another kind than the task reads',
    cause: 'For example a folder of images for a task that reads questions and answers.',
    cure: 'Use data in a format that the task reads (docs/data.md), or another `task`.',
  },
  'accuracy.too-many-samples': {
    title: 'There are too many samples to compare each with each',
    cause: 'Recall and retrieval compare all pairs, whose number grows with the square.',
    cure: 'Set `limit` to what the message says.',
  },
  'accuracy.original-unusable': {
    title: "The original gives answers that can't be scored",
    cause: 'Its outputs are NaN, infinite or empty on these samples.',
    cure: 'Check data and preprocessing, and whether another `output` is the right one.',
  },
  'evaluator.not-found': {
    title: 'The evaluator does not exist',
    cause: '`evaluator.module` names a file that is not there.',
    cure: "Correct the path; it is relative to the config's folder.",
  },
  'evaluator.failed': {
    title: 'The evaluator failed',
    cause: 'Your module or command threw, ended with an error, or took too long.',
    cure: 'Run it by itself; its last words stand in the message. A longer time is `evaluator: { timeout }`.',
  },
  'evaluator.result': {
    title: "The evaluator's result can't be used",
    cause: 'It must give one object of finite numbers with lower-case names.',
    cure: 'Return (or print at the end) an object such as {"exact": 0.97}.',
  },
  'evaluator.outputs': {
    title: "The outputs can't be written for the evaluator",
    cause: '{outputs} needs evaluation data, and outputs of one shape and type with names that can be files.',
    cure: 'Give `data.evaluation`, use a `module` evaluator, or let the command run {model} itself.',
  },
} satisfies Record<string, Explanation>;
