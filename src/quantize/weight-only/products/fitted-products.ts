/** Large products in blocks that are fitted to calibration data: each once, though a repair makes several files of them. */
import type { Graph } from '../../../onnx/graph.js';
import { takeMeans } from '../../gptq/mean-error.js';
import type { FittedResult } from '../../gptq/staged-fit.js';
import type { Evidence, FittedProduct } from '../../method/evidence.js';
import type { QuantizeRequest } from '../../method/request.js';
import type { Decision } from '../../method/result.js';
import { fitBlocks, onlyReader } from './fitted-weights.js';
import type { LargeWeight } from './large-weights.js';
import { addBlocks, emitLayers } from './matmul-nbits.js';
import { nearestBlocks } from './nearest-weights.js';
import type { Parts } from './parts.js';

type Known = Evidence['fittedProducts'];

/** What an earlier file of the model has fitted, where this one has room for the means, too. */
function fittedBefore(graph: Graph, weight: LargeWeight, known: Known): FittedProduct | null {
  const { layers } = weight;
  const made = known.get(formOf(weight));
  if (!made?.means) return made ?? null;
  const { means } = made;
  return layers.every(({ input }) => means.has(input)) && takeMeans(graph, layers) ? made : null;
}

/** Replaces the weights' layers in the graph. @param dataset what is fitted to. */
export async function fitProducts(
  { prepared: { model }, request, level }: Parts,
  weights: readonly LargeWeight[],
  dataset: NonNullable<QuantizeRequest['calibration']>,
): Promise<{ decisions: Decision[]; fitted: FittedResult }> {
  const { graph } = model;
  const known: Known = request.evidence?.fittedProducts ?? new Map();
  const decisions: Decision[] = [];
  const before: FittedResult['layers'] = [];
  model.setOpset('com.microsoft', 1);
  const open: LargeWeight[] = [];
  for (const weight of weights) {
    const made = fittedBefore(graph, weight, known);
    if (!made) {
      open.push(weight);
      continue;
    }
    const { constants, means, errors } = made;
    for (const constant of constants) graph.setInitializer(constant);
    const inputs = constants.map(({ name }) => name);
    decisions.push(...emitLayers(graph, weight, { inputs, means, level }));
    before.push({ weight: weight.layers[0].weight, ...errors });
  }
  if (open.length === 0) return { decisions, fitted: { layers: before, unseen: [], tooFew: [] } };
  const fitted = await fitBlocks({
    ...onlyReader(model, dataset),
    weights: open,
    correctsMeans: true,
    context: request.context,
    emit(weight, made) {
      const inputs = addBlocks(graph, weight, made?.own.blocks ?? nearestBlocks(graph, weight));
      if (made) {
        const { means, nearest, error } = made.own;
        known.set(formOf(weight), {
          constants: inputs.map((name) => graph.initializers.get(name)!),
          means,
          errors: { nearest, error },
        });
      }
      decisions.push(...emitLayers(graph, weight, { inputs, means: made?.own.means ?? null, level }));
    },
  });
  return { decisions, fitted: { ...fitted, layers: [...before, ...fitted.layers] } };
}

/** A weight, and what is made of it. */
function formOf({ layers: [{ weight, transposed, alpha }], format }: LargeWeight): string {
  return JSON.stringify([weight, transposed, alpha, format]);
}
