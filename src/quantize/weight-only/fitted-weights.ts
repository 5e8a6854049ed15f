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

/** A form that is not refined takes this share of the time of one that is: MiniLM's 36 weights 3.4 of 11.7 s of CPU. */
const UNREFINED = 0.3;

export async function fitBlocks({ finer, ...request }: FittedBlocksRequest): Promise<FittedResult> {
  return await fitWeights<LargeWeight, FittedWeight>({
    ...request,
    ...(finer && { forms: 1 + UNREFINED }),
    async fit(weight, under) {
      const rows = rowsOfWeight(request.model.graph, weight);
      const own = await roundLayer(rows, { format: weight.format, ...under });
      const format = finer?.(weight) ?? null;
      const second = format && (await roundLayer(rows, { format, refines: false, ...under }));
      return { made: { own, finer: second }, errors: own };
    },
  });
}
