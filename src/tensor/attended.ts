/** Which positions of a sample are text: where its `attention_mask` is 0 stands padding, of which nothing comes. */
import { numbersOf } from './elements.js';
import type { Feeds, Tensor } from './tensor.js';

/** The input that language models name so: [batch, tokens], 1 for text, 0 for padding. */
export const MASK_INPUT = 'attention_mask';

/** The mask of a tensor that holds one vector per token ([batch, tokens, …]); null: all of its vectors count. */
export function attended({ dims }: Pick<Tensor, 'dims'>, feeds: Feeds): ArrayLike<number> | null {
  const mask = feeds[MASK_INPUT];
  if (mask === undefined || dims.length !== mask.dims.length + 1) return null;
  return mask.dims.every((dim, axis) => dim === dims[axis]) ? numbersOf(mask) : null;
}
