/** SmoothQuant: channels that stretch an activation's range hand their size over to the weights that read them.
 *
 *  Dividing channel j of X by s_j and multiplying row j of W by it leaves X·W as it is, but the 8 bits of X are no longer spent on
 *  a few outlier channels (Xiao et al., arXiv:2211.10438). An activation is left alone where no factors gain a decibel
 *  (smoothing-factors.ts).
 *
 *  Activations that meet in a shared weight are divided by the same factors: the weight stays one (activation-families.ts).
 *
 *  Branches of an If are smoothed together: what a weight of several reads is divided by the same in all of them.
 *
 *  The division goes into the constants of what writes X where that is possible (fold-division.ts); else it costs one Mul, which the
 *  product's 8 bits more than pay. */
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { type ChannelStatistics, channelStatistics } from '../../calibrate/channels.js';
import type { CalibrationRequest } from '../../calibrate/minmax.js';
import { type LinearLayer, layerWeights } from '../../layers/linear-layer.js';
import { readsTable } from '../../layers/tied-tables.js';
import {
  type ActivationFamily,
  activationFamilies,
  type LayersOfGraph,
  pooledStatistics,
} from './activation-families.js';
import { foldDivision } from './fold-division.js';
import { chooseFactors } from './smoothing-factors.js';

/** A model, or a branch that is taken for one, with the layers that will be quantized: they must all read X·W in 8 bits. */
export interface SmoothedModel {
  model: Model;
  layers: readonly LinearLayer[];
  /** null: it is shown no sample. */
  dataset: CalibrationRequest['dataset'] | null;
}

export interface SmoothRequest {
  /** One that is shown none has the factors of what its weights share with others. */
  models: readonly SmoothedModel[];
  /** The same of one weight. */
  weightOf: (graph: Graph, layer: LinearLayer) => string;
  context: CalibrationRequest['context'];
  saturationSafe: boolean;
  /** Whether a layer's integers would serve a table that is looked up, too, if they are not smoothed. */
  servesTable: (graph: Graph, layer: LinearLayer) => boolean;
}

/** By the name of the activation that the layers of one graph read now: what its channels were divided by. */
export type SmoothingFactors = Map<string, Float32Array>;

export interface Smoothing {
  /** As the models came. */
  factors: SmoothingFactors[];
  applied: { activation: string; choice: string; gainDb: number; folded: boolean }[];
}

/** Activations whose product is expected to be this clean without smoothing don't pay for a Mul. */
const CLEAN_DB = 38;
/** Gain for which a table is stored a second time: a bit's worth. */
const TABLE_GAIN_DB = 6;
/** Samples read: maxima settle early, and outlier channels are a property of the weights. */
const MAX_SAMPLES = 32;

/** Rows of a table have a scale each: a layer's integers serve it where channels have. */
export function servesTable({ perChannel }: { perChannel: boolean }): SmoothRequest['servesTable'] {
  return (graph, layer) => perChannel && readsTable(graph, layer);
}

interface Observed extends LayersOfGraph {
  /** null: no sample is shown. */
  statistics: ReadonlyMap<string, ChannelStatistics> | null;
  factors: SmoothingFactors;
}

/** Smooths the layers' activations in the graphs and redirects the layers to them; weights are left to the caller. */
export async function smoothActivations({
  models,
  weightOf,
  context,
  ...how
}: SmoothRequest): Promise<Smoothing> {
  const all: Observed[] = [];
  for (const { model, layers, dataset } of models) {
    const tensors = new Map(layers.map(({ input, depth }) => [input, depth]));
    const statistics =
      dataset && (await channelStatistics({ model, dataset, context, tensors, maxSamples: MAX_SAMPLES }));
    all.push({ graph: model.graph, layers, statistics, factors: new Map() });
  }
  const applied = activationFamilies(all, weightOf).flatMap((family) => smoothFamily(family, how));
  return { factors: all.map(({ factors }) => factors), applied };
}

/** Divides all activations of a family by the same factors, or leaves them all alone. */
function smoothFamily(
  { members, weights }: ActivationFamily<Observed>,
  { saturationSafe, servesTable }: Pick<SmoothRequest, 'saturationSafe' | 'servesTable'>,
): Smoothing['applied'] {
  const seen = members.flatMap(({ of, name }) => (of.statistics ? [of.statistics.get(name)] : []));
  const observed = pooledStatistics(seen);
  if (!observed) return [];
  const choice = chooseFactors(
    weights.map(({ graph, layer }) => ({
      values: layerWeights(graph, layer),
      channels: layer.channels,
    })),
    { observed, saturationSafe },
  );
  if (!choice) return [];
  const { factors, label, gainDb } = choice;
  if (gainDb < TABLE_GAIN_DB && weights.some(({ graph, layer }) => servesTable(graph, layer))) return [];
  const folds = foldsOf(members, factors);
  if (folds.includes(null) && choice.beforeDb > CLEAN_DB) return [];
  const reciprocals = new Map<Graph, string>();
  return members.map(({ of, name, reading }, at) => {
    const fold = folds[at];
    let smoothed = name;
    if (fold) fold();
    else {
      const by = reciprocals.get(of.graph) ?? addReciprocals(of.graph, name, factors);
      reciprocals.set(of.graph, by);
      smoothed = insertDivision(of.graph, name, { reading, reciprocals: by });
    }
    of.factors.set(smoothed, factors);
    return { activation: name, choice: label, gainDb: Math.round(gainDb * 10) / 10, folded: Boolean(fold) };
  });
}

/** Of several graphs all can be folded or none is: a weight of both that one divides would be there twice. */
function foldsOf(
  members: ActivationFamily<Observed>['members'],
  factors: Float32Array,
): ((() => void) | null)[] {
  const divided = new Map<Graph, Map<string, string>>();
  const folds = members.map(({ of: { graph, layers }, name, reading }) => {
    const own = divided.get(graph) ?? new Map<string, string>();
    divided.set(graph, own);
    return foldDivision(graph, name, { layers, reading, factors, divided: own });
  });
  return divided.size > 1 && folds.includes(null) ? folds.map(() => null) : folds;
}

function addReciprocals(graph: Graph, name: string, factors: Float32Array): string {
  const reciprocals = factors.map((factor) => 1 / factor);
  return graph.addConstant(`${name}_smoothing`, DataType.FLOAT, [factors.length], reciprocals);
}

/** Mul by the reciprocals in front of the layers; gives back the name they read now. */
function insertDivision(
  graph: Graph,
  name: string,
  { reading, reciprocals }: { reading: readonly LinearLayer[]; reciprocals: string },
): string {
  const smoothed = graph.freshName(`${name}_smoothed`);
  graph.addNode(
    makeNode('Mul', [name, reciprocals], [smoothed], { name: graph.freshName(`${name}_smooth`) }),
  );
  for (const layer of reading) {
    graph.setInput(layer.node, 0, smoothed);
    layer.input = smoothed;
  }
  return smoothed;
}
