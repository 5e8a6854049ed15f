/** Which LSTMs run in 8 bits: those that are large enough to gain by it, and lose little.
 *
 *  An LSTM feeds what it loses back to itself, step by step, and its input has one scale for all of it: some models lose everything. So each
 *  one is tried on samples before it is chosen. */
import type { NodeProto } from 'onnx-buf';
import type { Dataset } from '../../data/samples/dataset.js';
import { Interrupted, messageOf } from '../../errors.js';
import { makeNode } from '../../onnx/build.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import type { Graph } from '../../onnx/graph.js';
import { inputOf } from '../../onnx/node.js';
import { allFinite, NOT_FINITE } from '../../tensor/finite.js';
import { keptForOthers } from '../layers/shared-weights.js';
import type { QuantizeRequest } from '../method/request.js';
import type { Decision } from '../method/result.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import { type ObservedValue, type ObservedValues, observe } from '../observe/observer.js';
import type { PreparedModel } from '../prepare/prepare.js';
import {
  type QuantizedGates,
  type RecurrentLayer,
  type RecurrentOptions,
  recurrentLayer,
  twinOf,
  WEIGHTS,
} from './recurrent.js';

export interface RecurrentRequest {
  prepared: PreparedModel;
  selection: Selection;
  options: RecurrentOptions & { onlyPaying: boolean };
  /** Samples to try them on; null: they are believed. */
  dataset: Dataset | null;
  request: Pick<QuantizeRequest, 'calibration' | 'context'>;
}

/** Weights of one direction below which the kernel gains nothing: with 64 inputs, a hidden size of 32 (12,288 weights) takes 0.96 × the float
 *  time and 64 (32,768) takes 0.80 × (2 cores with AVX2). */
const SMALLEST_PAYING_RECURRENT = 16_384;

/** SQNR in dB of an LSTM's own error below which it stays out of the kernel: half of the worst is above 25. */
const LEAST_FIDELITY_DB = 20;

/** LSTMs to quantize, and what becomes of every LSTM. The model is left as it is. */
export async function chooseRecurrent(
  request: RecurrentRequest,
): Promise<{ layers: RecurrentLayer[]; decisions: Decision[] }> {
  const { graph } = request.prepared.model;
  const decisions = new Map<RecurrentLayer, Decision>();
  for (const node of graph.nodes) {
    const layer = recurrentLayer(graph, node);
    if (!layer) continue;
    const reason = refusal(graph, layer, request);
    const became = reason === null ? 'DynamicQuantizeLSTM' : 'float';
    decisions.set(layer, { node: nodeLabel(node), opType: 'LSTM', became, reason });
  }
  const refuse = (layer: RecurrentLayer, reason: string): void => {
    Object.assign(decisions.get(layer)!, { became: 'float', reason });
  };
  const chosen = () => [...decisions.keys()].filter((layer) => decisions.get(layer)!.reason === null);
  const fidelity = await tried(request, chosen());
  for (const [layer, decibels] of fidelity)
    if (!(decibels >= LEAST_FIDELITY_DB))
      refuse(layer, `in 8 bits it follows float with ${decibels.toFixed(1)} dB only`);
  // Weights that another one reads in float would be there twice.
  for (let before = -1; before !== chosen().length; ) {
    before = chosen().length;
    const layers = chosen();
    const readers = new Set<NodeProto>(layers.map(({ node }) => node));
    for (const layer of layers) {
      const shared = WEIGHTS.flatMap((index) => graph.consumers(inputOf(layer.node, index)));
      if (shared.some((reader) => !readers.has(reader)))
        refuse(layer, 'another operator reads its weights in float');
    }
  }
  return { layers: chosen(), decisions: [...decisions.values()] };
}

/** Why an LSTM stays out of the kernel; null when it doesn't. */
function refusal(
  graph: Graph,
  { node, gates, inputs, hidden }: RecurrentLayer,
  { selection, options: { onlyPaying } }: Pick<RecurrentRequest, 'selection' | 'options'>,
): string | null {
  const kept = selection.reasonToKeep(node);
  if (kept !== null) return kept;
  const override = selection.override(node);
  if (override?.weight?.startsWith('float') || override?.activation?.startsWith('float')) return 'overridden';
  const weights = gates * (inputs + hidden);
  if (onlyPaying && weights < SMALLEST_PAYING_RECURRENT) return `too small to pay: ${weights} weights`;
  for (const index of WEIGHTS) {
    const held = keptForOthers(graph, inputOf(node, index), selection);
    if (held !== null) return held;
    if (!allFinite(graph.floats(inputOf(node, index)))) return NOT_FINITE;
  }
  return null;
}

/** Fidelity of each layer; empty where there is nothing to try them on. */
async function tried(
  request: RecurrentRequest,
  layers: readonly RecurrentLayer[],
): Promise<ReadonlyMap<RecurrentLayer, number>> {
  const {
    dataset,
    request: { calibration, context },
  } = request;
  if (!dataset || layers.length === 0) return new Map();
  try {
    return await recurrentFidelity({ ...request, dataset }, layers);
  } catch (error) {
    if (calibration || error instanceof Interrupted) throw error;
    context.log.debug(`Made-up tokens don't suit this model (${messageOf(error)}): its LSTMs are not tried.`);
    return new Map();
  }
}

/** Samples that each layer is judged on. */
const SAMPLES = 8;

/** SQNR in dB of each layer's own error: in one session, each LSTM and its 8-bit twin read the same float values. The model is left as it is. */
async function recurrentFidelity(
  { prepared, options, dataset, request: { context } }: RecurrentRequest & { dataset: Dataset },
  layers: readonly RecurrentLayer[],
): Promise<Map<RecurrentLayer, number>> {
  const model = copyModel(prepared.model);
  const nodes = prepared.model.graph.topologicalNodes();
  const copies = model.graph.nodes;
  const weights = new Map<string, QuantizedGates>();
  const comparisons = layers.map((layer) => {
    const node = copies[nodes.indexOf(layer.node)]!;
    return compareWithTwin(model.graph, node, twinOf(model, { ...layer, node }, options, weights));
  });
  const sums = comparisons.map(() => ({ signal: 0, noise: 0 }));
  const observer = {
    values: comparisons.flatMap(({ signal, noise }) => [signal, noise]),
    add(values: ObservedValues): void {
      for (const [index, { signal, noise }] of comparisons.entries()) {
        sums[index]!.signal += values.get(signal.value)?.[0] ?? 0;
        sums[index]!.noise += values.get(noise.value)?.[0] ?? 0;
      }
    },
  };
  await observe({ model, dataset, context, maxSamples: SAMPLES }, [observer]);
  return new Map(layers.map((layer, index) => [layer, decibels(sums[index]!)]));
}

function decibels({ signal, noise }: { signal: number; noise: number }): number {
  return noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
}

interface Comparison {
  signal: ObservedValue;
  noise: ObservedValue;
}

/** Sums of squares of the first output that is read, and of what its twin gives less that. */
function compareWithTwin(graph: Graph, node: NodeProto, twin: NodeProto): Comparison {
  const index = node.output.findIndex((name) => name !== '');
  const tensor = node.output[index]!;
  twin.name = graph.freshName(`${tensor}_twin`);
  twin.output = node.output.map((name) => (name === '' ? '' : graph.freshName(`${name}_twin`)));
  const difference = graph.freshName(`${tensor}_difference`);
  const before = [twin, makeNode('Sub', [twin.output[index]!, tensor], [difference])];
  return {
    signal: sumOfSquares(graph, { tensor, of: tensor, before: [] }),
    noise: sumOfSquares(graph, { tensor, of: difference, before }),
  };
}

function sumOfSquares(
  graph: Graph,
  { tensor, of, before }: { tensor: string; of: string; before: NodeProto[] },
): ObservedValue {
  const value = graph.freshName(`${of}_power`);
  const attributes = { keepdims: { int: 0 } };
  return {
    tensor,
    value,
    single: true,
    nodes: [...before, makeNode('ReduceSumSquare', [of], [value], { attributes })],
  };
}
