/** Why the weights of no matrix product are fitted to data, for the note to who asked for that. */
import type { QuantizeRequest } from '../method/request.js';
import type { SelectionOptions } from '../method/selection.js';

export type Unfitted = 'none' | 'left' | 'kept' | 'slower' | 'unpacked';

const WHY: Readonly<Record<Unfitted, string>> = {
  none: 'the model has no matrix product whose weights are fitted to data',
  left: 'the repair left every matrix product whose weights could be fitted as it was',
  kept: '`include`, `exclude` or `overrides` keep every matrix product whose weights could be fitted',
  slower: 'matrix products in 8 bits were slower than float here, so none is in the file',
  unpacked:
    'this target runs matrix products in float32, of weights that are unpacked when the file is opened',
};

export function sentenceOf(rounding: 'gptq' | 'adaptive', unfitted: Unfitted): string {
  return `\`rounding: ${rounding}\` is not in use: ${WHY[unfitted]}. What is compressed is rounded to the nearest codes.`;
}

/** @param isAny whether the method would fit weights under such options. */
export async function whyUnfitted(
  { leftNames = [], ...options }: QuantizeRequest['options'],
  isAny: (selection: SelectionOptions) => boolean | Promise<boolean>,
): Promise<Unfitted> {
  if (leftNames.length > 0 && (await isAny(options))) return 'left';
  return (await isAny({ include: null, exclude: [], overrides: {} })) ? 'kept' : 'none';
}
