/** Connectionist temporal classification: the greedy path through scores per frame (Graves et al., ICML 2006, section 3.2). */
import { UserError } from '../../../errors.js';
import { indexOfMaximum } from '../../../tensor/argmax.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';

export interface CtcOptions {
  /** Index of the class that stands for no symbol. Default 0. */
  blank?: number;
  /** Frames that count; the rest are padding. Default: all. */
  frames?: number;
}

/**
 * Classes along the most likely path, repeats merged and blanks left out. `scores` holds [frames, classes] row by row: probabilities,
 * logarithms or logits, for only their order counts.
 */
export function ctcGreedy(
  scores: ArrayLike<number>,
  classes: number,
  { blank = 0, frames = scores.length / classes }: CtcOptions = {},
): number[] {
  const symbols: number[] = [];
  let last = blank;
  for (let frame = 0; frame < frames; frame++) {
    const from = frame * classes;
    const best = indexOfMaximum(scores, from, from + classes);
    if (best !== last && best !== blank) symbols.push(best);
    last = best;
  }
  return symbols;
}

/**
 * The same for one sample's output: [1, frames, classes], [frames, 1, classes] or [frames, classes]. @param sample names it in errors.
 * Throws UserError for an output of another shape, or of so many classes that the vocabulary has no place for them.
 */
export function ctcSymbols(
  output: Tensor,
  { vocabulary, sample, ...options }: CtcOptions & { vocabulary?: number; sample: string },
): number[] {
  const { dims } = output;
  const classes = dims.at(-1) ?? 0;
  const fits = dims.length === 2 || (dims.length === 3 && (dims[0] === 1 || dims[1] === 1));
  if (!fits) {
    throw new UserError(
      'accuracy.output-shape',
      `Sample ${sample}: the scored output has shape [${dims.join(', ')}]; CTC reads [1, frames, classes]. Choose another \`output\`.`,
    );
  }
  if (vocabulary !== undefined && classes > vocabulary) {
    throw new UserError(
      'accuracy.keys',
      `Sample ${sample}: the scored output has ${classes} classes, but the vocabulary only ${vocabulary}. Check its file, and whether it is the model's own.`,
    );
  }
  return ctcGreedy(numbersOf(output), classes, options);
}
