/** Large weights in blocks, fitted to what their layers read (gptq/): each in its own format, or in a finer one, too. */
import { roundLayer } from '../gptq/round-layer.js';
import { type FittedRequest, type FittedResult, fitWeights } from '../gptq/staged-fit.js';
import type { BlockFormat } from '../integers/block-quantize.js';
import type { FittedWeight } from '../method/evidence.js';
import { type LargeWeight, rowsOfWeight } from './large-weights.js';

export interface FittedBlocksRequest
  extends Omit<FittedRequest<LargeWeight, FittedWeight>, 'fit' | 'activations'> {
  /**
   * A second format in which a weight is rounded, too, and not refined: it may get that later, and in so many bits loses next to nothing beside the others.
   * Default: none.
   */
  finer?: (weight: LargeWeight) => BlockFormat | null;
}

export async function fitBlocks({ finer, ...request }: FittedBlocksRequest): Promise<FittedResult> {
  return await fitWeights<LargeWeight, FittedWeight>({
    ...request,
    async fit(weight, under) {
      const rows = rowsOfWeight(request.model.graph, weight);
      const own = await roundLayer(rows, { format: weight.format, ...under });
      const format = finer?.(weight) ?? null;
      const second = format && (await roundLayer(rows, { format, refines: false, ...under }));
      return { made: { own, finer: second }, errors: own };
    },
  });
}
