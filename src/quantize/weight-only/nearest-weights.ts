/** Weights rounded to the nearest codes, with what is known of what their layers read. */
import type { Graph } from '../../onnx/graph.js';
import { channelStatistics } from '../calibrate/channels.js';
import { syntheticTokens } from '../int8-dynamic/synthetic.js';
import { type BlockFormat, type BlockQuantized, quantizeBlocks } from '../integers/block-quantize.js';
import type { Decision, QuantizeRequest } from '../method/request.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { type LargeWeight, rowsOfWeight } from './large-weights.js';
import { emitWeight } from './matmul-nbits.js';

/** Mean square of every channel of activations, by name. */
export type Importance = ReadonlyMap<string, ArrayLike<number>>;

/** Rounds to the nearest codes. @param importance of the channels of activations, by name. */
export function toNearest(
  { model }: PreparedModel,
  weights: readonly LargeWeight[],
  { level, importance = new Map() }: { level: number; importance?: Importance },
): Decision[] {
  if (weights.length > 0) model.setOpset('com.microsoft', 1);
  return weights.flatMap((weight) => {
    const quantized = nearestBlocks(model.graph, weight, {
      importance: importance.get(weight.layers[0].input),
    });
    return emitWeight(model.graph, weight, { quantized, level });
  });
}

/** @param format default: the weight's own. */
export function nearestBlocks(
  graph: Graph,
  weight: LargeWeight,
  {
    importance = null,
    format = weight.format,
  }: { importance?: ArrayLike<number> | null | undefined; format?: BlockFormat } = {},
): BlockQuantized {
  const rows = rowsOfWeight(graph, weight);
  const options = { importance, keepsRange: importance === null };
  return quantizeBlocks(rows, weight.layers[0].depth, format, options);
}

/** Samples read for the importance of channels. */
const MAX_SAMPLES = 64;

/**
 * Mean square of every channel of the activations, by name: errors of weights that meet loud channels count more. Seen on the calibration data, else on
 * made-up tokens; empty for models that don't read tokens alone, and for 8 bits, which keep the range whatever it is.
 */
export async function channelImportance(
  { model }: PreparedModel,
  request: QuantizeRequest,
  weights: readonly LargeWeight[],
): Promise<Importance> {
  const fine = weights.filter(({ format }) => format.bits === 4);
  const dataset = request.calibration ?? syntheticTokens(model);
  if (!dataset || fine.length === 0) return new Map();
  const statistics = await channelStatistics({
    ...request,
    model,
    dataset,
    tensors: new Map(fine.map(({ layers: [{ input, depth }] }) => [input, depth])),
    maxSamples: MAX_SAMPLES,
  });
  return new Map([...statistics].map(([name, { meanSquare }]) => [name, meanSquare]));
}
