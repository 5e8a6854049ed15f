/** Pixels that nobody said how to normalize: ranges taken from them are the model's only by luck. */
import { isFloatType } from '../../tensor/elements.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { Preparation, StoredDataset } from '../samples/dataset.js';
import { imageChannels } from './layout.js';

/**
 * What to tell of calibration images in colour that a float input takes as 0 … 1 for want of any word about it; null: nothing. `scale`, `mean`,
 * `std`, a preset or a preprocessor file are such a word.
 */
export function notNormalized(
  { description, preparations = [] }: StoredDataset,
  inputs: readonly ValueMeta[],
): string | null {
  const silent = preparations.filter(
    ({ stored, config: { scale, mean, std } }) =>
      (stored === 'image' || stored === 'bytes') && scale === null && mean === null && std === null,
  );
  const image = silent.find((preparation) => takesColours(preparation, inputs));
  if (image === undefined) return null;
  return (
    `The calibration images (${description}) are fed as values from 0 to 1, because nothing says how the model was trained: ranges that are not the ` +
    "model's own cost accuracy. Give the model's preprocessing (`input: { preset: imagenet }` or --input-preset imagenet, `mean` and " +
    '`std`, or a `preprocessor` file), or say that 0 … 1 is right with `scale: true` (--scale true).'
  );
}

function takesColours({ input }: Preparation, inputs: readonly ValueMeta[]): boolean {
  const { type, shape } = inputs.find(({ name }) => name === input) ??
    inputs[0] ?? { type: null, shape: null };
  if (type === null || type === 'string' || !isFloatType(type) || shape?.length !== 4) return false;
  return (imageChannels(shape[1]) ?? imageChannels(shape[3]) ?? 0) >= 3;
}
