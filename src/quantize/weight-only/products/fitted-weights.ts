/** Large weights in blocks, fitted to what their layers read (gptq/): each in its own format, or in a finer one, too. */
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { takeMeans } from '../../gptq/mean-error.js';
import { roundLayer } from '../../gptq/round-layer.js';
import type { WeightReader } from '../../gptq/shared-weight.js';
import { type FittedRequest, type FittedResult, fitWeights } from '../../gptq/staged-fit.js';
import type { BlockFormat } from '../../integers/block-quantize.js';
import type { FittedWeight } from '../../method/evidence.js';
import { type LargeWeight, rowsOfWeight } from './large-weights.js';

export interface FittedBlocksRequest
  extends Omit<FittedRequest<LargeWeight, FittedWeight>, 'fit' | 'activations' | 'takesMeans'> {
  /** Who has the weight's constants. */
  graphOf: (weight: LargeWeight) => Graph;
  /** Whether whoever emits a weight has the constants behind its layers take up the mean of what they lose (takeUpMeans). */
  correctsMeans?: boolean;
  /**
   * A second format in which a weight is rounded, too, and not refined: it may get that later, and in so many bits loses next to nothing beside the others.
   * Default: none.
   */
  finer?: (weight: LargeWeight) => BlockFormat | null;
}

/** A model of which all weights are its own. */
export function onlyReader(
  model: Model,
  dataset: WeightReader<LargeWeight>['dataset'],
): Pick<FittedBlocksRequest, 'readers' | 'graphOf'> {
  return { readers: [{ model, dataset, layersOf: ({ layers }) => layers }], graphOf: () => model.graph };
}

/** A form that is not refined takes this share of the time of one that is: MiniLM's 36 weights 3.4 of 11.7 s of CPU. */
const UNREFINED = 0.3;

export async function fitBlocks({
  finer,
  correctsMeans = false,
  graphOf,
  ...request
}: FittedBlocksRequest): Promise<FittedResult> {
  return await fitWeights<LargeWeight, FittedWeight>({
    ...request,
    takesMeans: (weight) => correctsMeans && takeMeans(graphOf(weight), weight.layers),
    ...(finer && { forms: 1 + UNREFINED }),
    async fit(weight, under) {
      const rows = rowsOfWeight(graphOf(weight), weight);
      const own = await roundLayer(rows, { format: weight.format, ...under });
      const format = finer?.(weight) ?? null;
      const second = format && (await roundLayer(rows, { format, refines: false, ...under }));
      return { made: { own, finer: second }, errors: own };
    },
  });
}
