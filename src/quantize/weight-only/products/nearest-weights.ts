/** Weights rounded to the nearest codes, with what is known of what their layers read. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfInterrupted } from '../../../errors.js';
import type { Graph } from '../../../onnx/graph.js';
import { nearestRows } from '../../gptq/codes/nearest-rows.js';
import { type SeenInputs, seenInputs } from '../../gptq/inputs/seen-inputs.js';
import { type Matrices, withMatrices } from '../../gptq/matrices/matrices.js';
import { type BlockFormat, type BlockQuantized, quantizeBlocks } from '../../integers/block-quantize.js';
import type { QuantizeRequest } from '../../method/request.js';
import type { Decision } from '../../method/result.js';
import { syntheticTokens } from '../../observe/synthetic-tokens.js';
import type { PreparedModel } from '../../prepare/prepare.js';
import { type LargeWeight, rowsOfWeight } from './large-weights.js';
import { emitWeight } from './matmul-nbits.js';

/** What is seen of the activations that weights meet, by name. */
export type Seen = ReadonlyMap<string, SeenInputs>;

interface NearestOptions {
  level: number;
}

/** Rounds to the nearest codes of the blocks' full ranges. */
export function toNearest(
  { model }: PreparedModel,
  weights: readonly LargeWeight[],
  { level }: NearestOptions,
): Decision[] {
  return weights.flatMap((weight) => {
    model.setOpset('com.microsoft', 1);
    return emitWeight(model.graph, weight, { quantized: nearestBlocks(model.graph, weight), level });
  });
}

/** As toNearest, by what is seen of the activations; says how far it is, and can be interrupted between two weights: those of a large decoder take
 *  minutes. */
export async function toNearestInTurn(
  { model }: PreparedModel,
  weights: readonly LargeWeight[],
  { context, seen, level }: NearestOptions & { seen: Seen } & Pick<QuantizeRequest, 'context'>,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  await withMatrices(context, async (matrices) => {
    for (const [index, weight] of weights.entries()) {
      // Signals are only heard between two turns of the event loop.
      await nextTurn();
      throwIfInterrupted(context.signal);
      model.setOpset('com.microsoft', 1);
      const quantized = await seenBlocks(model.graph, weight, { seen, matrices });
      decisions.push(...emitWeight(model.graph, weight, { quantized, level }));
      context.log.progress('rounding weights', index + 1, weights.length);
    }
  });
  return decisions;
}

/** The nearest codes, with the ranges that what is seen speaks for. */
export async function seenBlocks(
  graph: Graph,
  weight: LargeWeight,
  { seen, matrices }: { seen: Seen; matrices: Matrices },
): Promise<BlockQuantized> {
  const own = seen.get(weight.layers[0].input);
  if (!own) return nearestBlocks(graph, weight);
  return await nearestRows(rowsOfWeight(graph, weight), weight.format, { seen: own, matrices });
}

/** The nearest codes of the blocks' full ranges. @param format default: the weight's own. */
export function nearestBlocks(
  graph: Graph,
  weight: LargeWeight,
  { format = weight.format }: { format?: BlockFormat } = {},
): BlockQuantized {
  const rows = rowsOfWeight(graph, weight);
  return quantizeBlocks(rows, weight.layers[0].depth, format, { keepsRange: true });
}

/** Samples read. */
const MAX_SAMPLES = 64;

/**
 * What the weights in 4 bits meet on the calibration data, else on made-up tokens; empty for models that don't read tokens alone, and for 8 bits, which keep
 * the range whatever it is.
 */
export async function seenByWeights(
  { model }: PreparedModel,
  { calibration, context }: QuantizeRequest,
  weights: readonly LargeWeight[],
): Promise<Seen> {
  const fine = weights.filter(({ format }) => format.bits === 4);
  const dataset = calibration ?? syntheticTokens(model);
  if (!dataset || fine.length === 0) return new Map();
  const tensors = new Map(fine.map(({ layers: [{ input, depth }] }) => [input, depth]));
  return await seenInputs({ model, tensors, dataset, samples: MAX_SAMPLES, context });
}
