/** Weights rounded to the nearest codes, with what is known of what their layers read. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfInterrupted } from '../../errors.js';
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

interface NearestOptions {
  level: number;
  /** Of the channels of activations, by name. */
  importance?: Importance;
}

/** Rounds to the nearest codes. */
export function toNearest(
  prepared: PreparedModel,
  weights: readonly LargeWeight[],
  options: NearestOptions,
): Decision[] {
  return weights.flatMap((weight) => roundOne(prepared, weight, options));
}

/** As toNearest; says how far it is, and can be interrupted between two weights: those of a large decoder take minutes. */
export async function toNearestInTurn(
  prepared: PreparedModel,
  weights: readonly LargeWeight[],
  { context, ...options }: NearestOptions & Pick<QuantizeRequest, 'context'>,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for (const [index, weight] of weights.entries()) {
    // Signals are only heard between two turns of the event loop.
    await nextTurn();
    throwIfInterrupted(context.signal);
    decisions.push(...roundOne(prepared, weight, options));
    context.log.progress('rounding weights', index + 1, weights.length);
  }
  return decisions;
}

function roundOne(
  { model }: PreparedModel,
  weight: LargeWeight,
  { level, importance = new Map() }: NearestOptions,
): Decision[] {
  model.setOpset('com.microsoft', 1);
  const quantized = nearestBlocks(model.graph, weight, {
    importance: importance.get(weight.layers[0].input),
  });
  return emitWeight(model.graph, weight, { quantized, level });
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
