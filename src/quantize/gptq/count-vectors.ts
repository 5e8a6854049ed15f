/** How many vectors a layer reads on samples. */
import type { LinearLayer } from '../layers/linear-layer.js';
import { type InputsRequest, readInputs } from './read-inputs.js';

/** Without those of padding. */
export async function countVectors(
  { input, depth }: Pick<LinearLayer, 'input' | 'depth'>,
  request: Omit<InputsRequest, 'tensors'>,
): Promise<number> {
  let count = 0;
  const taker = {
    full: false,
    async add({ values, counts }: { values: Float32Array; counts: (row: number) => boolean }) {
      for (let row = 0; row < values.length / depth; row++) if (counts(row)) count++;
    },
  };
  await readInputs({ ...request, tensors: new Map([[input, depth]]) }, new Map([[input, taker]]));
  return count;
}
