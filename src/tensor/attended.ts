/** Which positions of a sample are text: where its `attention_mask` is 0 stands padding, of which nothing comes. */
import { elementCount } from './dims.js';
import { numbersOf } from './elements.js';
import type { Feeds, Tensor } from './tensor.js';

/** The input that language models name so: [batch, tokens], 1 for text, 0 for padding. */
export const MASK_INPUT = 'attention_mask';

/** The mask of a tensor that holds one vector per token: [batch, tokens, values], or [batch · tokens, values] as graphs out of TensorFlow have them; null: all of its vectors
 *  count. */
export function attended({ dims }: Pick<Tensor, 'dims'>, feeds: Feeds): ArrayLike<number> | null {
  const mask = feeds[MASK_INPUT];
  if (mask === undefined) return null;
  const vectors = dims.slice(0, -1);
  const isFlat = vectors.length === 1 && vectors[0] === elementCount(mask.dims);
  const isAlike = vectors.length === mask.dims.length && mask.dims.every((dim, axis) => dim === dims[axis]);
  return isAlike || isFlat ? numbersOf(mask) : null;
}
