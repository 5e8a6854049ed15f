/** SmoothQuant: channels that stretch an activation's range hand their size over to the weights that read them.
 *
 *  Dividing channel j of X by s_j and multiplying row j of W by it leaves X·W as it is, but the 8 bits of X are no longer spent on
 *  a few outlier channels (Xiao et al., arXiv:2211.10438). An activation is left alone where no factors gain a decibel
 *  (smoothing-factors.ts).
 *
 *  Activations that meet in a shared weight are divided by the same factors: the weight stays one (activation-families.ts).
 *
 *  The division goes into the constants of what writes X where that is possible (fold-division.ts); else it costs one Mul, which the
 *  product's 8 bits more than pay. */
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { type ChannelStatistics, channelStatistics } from '../calibrate/channels.js';
import type { CalibrationRequest } from '../calibrate/minmax.js';
import type { LinearLayer } from '../layers/linear-layer.js';
import type { PreparedModel } from '../prepare/prepare.js';
import {
  type ActivationFamily,
  activationFamilies,
  distinctWeights,
  pooledStatistics,
} from './activation-families.js';
import { foldDivision } from './fold-division.js';
import { chooseFactors } from './smoothing-factors.js';

export interface SmoothRequest {
  prepared: PreparedModel;
  /** Layers that will be quantized; they must all read X·W in 8 bits. */
  layers: readonly LinearLayer[];
  request: Pick<CalibrationRequest, 'dataset' | 'context'>;
  saturationSafe: boolean;
}

export interface Smoothing {
  /** By the name of the activation that the layers read now: what its channels were divided by. */
  factors: Map<string, Float32Array>;
  applied: { activation: string; choice: string; gainDb: number; folded: boolean }[];
}

/** Activations whose product is expected to be this clean without smoothing don't pay for a Mul. */
const CLEAN_DB = 38;
/** Samples read: maxima settle early, and outlier channels are a property of the weights. */
const MAX_SAMPLES = 32;

/** Smooths the layers' activations in the graph and redirects the layers to them; weights are left to the caller. */
export async function smoothActivations({
  prepared,
  layers,
  request,
  saturationSafe,
}: SmoothRequest): Promise<Smoothing> {
  const { graph } = prepared.model;
  const families = activationFamilies(layers);
  const statistics = await channelStatistics({
    ...request,
    model: prepared.model,
    tensors: new Map(layers.map(({ input, depth }) => [input, depth])),
    maxSamples: MAX_SAMPLES,
  });
  const smoothing: Smoothing = { factors: new Map(), applied: [] };
  for (const family of families)
    smoothFamily(graph, family, { layers, statistics, saturationSafe, smoothing });
  return smoothing;
}

/** Divides all activations of a family by the same factors, or leaves them all alone. */
function smoothFamily(
  graph: Graph,
  family: ActivationFamily,
  {
    layers,
    statistics,
    saturationSafe,
    smoothing,
  }: Pick<SmoothRequest, 'layers' | 'saturationSafe'> & {
    statistics: ReadonlyMap<string, ChannelStatistics>;
    smoothing: Smoothing;
  },
): void {
  const observed = pooledStatistics([...family.keys()].map((name) => statistics.get(name)));
  const choice = observed && chooseFactors(graph, distinctWeights(family), { observed, saturationSafe });
  if (!choice) return;
  const { factors, label, gainDb } = choice;
  const divided = new Map<string, string>();
  const folds = [...family].map(([name, reading]) =>
    foldDivision(graph, name, { layers, reading, factors, divided }),
  );
  if (folds.includes(null) && choice.beforeDb > CLEAN_DB) return;
  let reciprocals: string | null = null;
  for (const [i, [name, reading]] of [...family].entries()) {
    const fold = folds[i];
    let smoothed = name;
    if (fold) fold();
    else {
      reciprocals ??= addReciprocals(graph, name, factors);
      smoothed = insertDivision(graph, name, { reading, reciprocals });
    }
    smoothing.factors.set(smoothed, factors);
    smoothing.applied.push({
      activation: name,
      choice: label,
      gainDb: Math.round(gainDb * 10) / 10,
      folded: Boolean(fold),
    });
  }
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
