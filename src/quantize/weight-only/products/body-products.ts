/** Large products in bodies of If, Loop and Scan (gptq/fit-bodies.ts), in blocks. */
import type { Graph } from '../../../onnx/graph.js';
import {
  type BodyMethod,
  type BodyWeight,
  contentOf,
  type FitBodiesOptions,
  type FittedBodies,
  fitBodies,
  weightsInBodies,
} from '../../gptq/fit-bodies.js';
import type { FittedWeight } from '../../method/evidence.js';
import type { Decision } from '../../method/result.js';
import type { PreparedModel } from '../../prepare/prepare.js';
import { type FittedBlocksRequest, fitBlocks } from './fitted-weights.js';
import type { LargeWeight } from './large-weights.js';
import { emitWeight } from './matmul-nbits.js';
import { nearestBlocks } from './nearest-weights.js';
import { type Parts, productsOf } from './parts.js';

export type BodyProduct = BodyWeight<LargeWeight>;

/** What the weight is and what is made of it: equal ones are one, whatever they are called. */
export function keyOf(graph: Graph, { layers: [layer], format }: LargeWeight): string {
  return JSON.stringify([...contentOf(graph, layer), format]);
}

/** Each weight once, in the order of the bodies. */
export async function bodyProducts(prepared: PreparedModel, parts: Parts): Promise<BodyProduct[]> {
  const weightsOf = (body: PreparedModel) => productsOf(body, parts).weights;
  return await weightsInBodies(prepared, { weightsOf, keyOf }, parts.request.context);
}

/** Fits the weights of all bodies. @param prepared its large products replaced already. @param options.finer as FittedBlocksRequest has it. */
export async function fitBodyProducts(
  prepared: PreparedModel,
  parts: Parts,
  { finer, ...options }: Omit<FitBodiesOptions<FittedWeight>, 'context'> & Pick<FittedBlocksRequest, 'finer'>,
): Promise<FittedBodies<FittedWeight>> {
  const method: BodyMethod<LargeWeight, FittedWeight> = {
    weightsOf: (body) => productsOf(body, parts).weights,
    keyOf,
    fit: async (request) => await fitBlocks({ ...request, ...(finer && { finer }) }),
    emit({ model }, weight, made) {
      model.setOpset('com.microsoft', 1);
      const quantized = made?.own.blocks ?? nearestBlocks(model.graph, weight);
      emitWeight(model.graph, weight, { quantized, level: parts.level });
    },
    errorsOf: ({ own: { nearest, error } }) => ({ nearest, error }),
  };
  return await fitBodies(prepared, method, { ...options, context: parts.request.context });
}

/** Replaces a body's large products by what `blocks` makes of each. */
export function emitBody(
  { model }: PreparedModel,
  weights: readonly LargeWeight[],
  { blocks, level }: { blocks: ReadonlyMap<string, FittedWeight>; level: number },
): Decision[] {
  if (weights.length > 0) model.setOpset('com.microsoft', 1);
  return weights.flatMap((weight) => {
    const { graph } = model;
    const quantized = blocks.get(keyOf(graph, weight))?.own.blocks ?? nearestBlocks(graph, weight);
    return emitWeight(graph, weight, { quantized, level });
  });
}
