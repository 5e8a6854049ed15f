/** SmoothQuant: channels that stretch an activation's range hand their size over to the weights that read them.
 *
 *  Dividing channel j of X by s_j and multiplying row j of W by it leaves X·W as it is, but the 8 bits of X are no longer spent on
 *  a few outlier channels (Xiao et al., arXiv:2211.10438). For each activation two families of factors are tried,
 *  s_j = max|X_j|^α / max|W_j|^(1−α) and s_j = max(1, max|X_j| / T), and the one with the smallest expected error of X·W is
 *  taken; the activation is left alone where that gains less than a decibel.
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
import { type LinearLayer, layerWeights } from '../layers/linear-layer.js';
import type { PreparedModel } from '../prepare/prepare.js';
import {
  type ActivationFamily,
  activationFamilies,
  distinctWeights,
  pooledStatistics,
} from './activation-families.js';
import { foldDivision } from './fold-division.js';

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

/** Gain in decibels of expected error below which an activation is left alone. */
const SMALLEST_GAIN_DB = 1;
/** Activations whose product is expected to be this clean without smoothing don't pay for a Mul. */
const CLEAN_DB = 38;
/** Samples read: maxima settle early, and outlier channels are a property of the weights. */
const MAX_SAMPLES = 32;
const ALPHAS = [0.4, 0.55, 0.7, 0.85];
/** Ranks of the channel maximum that serves as the threshold T. */
const CLIP_RANKS = [1, 3, 8, 24, 64, 128];

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

interface Choice {
  factors: Float32Array;
  label: string;
  gainDb: number;
  /** Expected signal to noise of the products without smoothing. */
  beforeDb: number;
}

/** The factors with the smallest expected error; null when none gains enough. */
function chooseFactors(
  graph: Graph,
  layers: readonly LinearLayer[],
  { observed, saturationSafe }: { observed: ChannelStatistics; saturationSafe: boolean },
): Choice | null {
  const { depth } = layers[0]!;
  const weights = layers.map((layer) => ({ values: layerWeights(graph, layer), channels: layer.channels }));
  const rows = rowStatistics(weights, depth);
  const sampled = weights.map((weight) => sampleChannels(weight, depth));
  const largest = observed.max.map((value, j) => Math.max(value, -observed.min[j]!));
  let signal = 0;
  for (let j = 0; j < depth; j++) signal += observed.meanSquare[j]! * rows.squares[j]!;
  /** null: at least `most`. The activations' share is known sooner. */
  const errorBelow = (most: number, factors: Float32Array): number | null => {
    const ofActivations = activationError(factors, observed, rows.squares);
    if (ofActivations >= most) return null;
    const scaleSquares = sampled.reduce(
      (sum, weight) => sum + weight.share * sumOfSquaredScales(weight, factors, saturationSafe),
      0,
    );
    const error = ofActivations + weightError(factors, observed, scaleSquares);
    return error < most ? error : null;
  };
  const before = errorBelow(Number.POSITIVE_INFINITY, new Float32Array(depth).fill(1));
  if (before === null) return null;
  let best: { factors: Float32Array; label: string; error: number } | null = null;
  for (const [label, factors] of candidates(largest, rows.largest)) {
    const error = errorBelow(best?.error ?? before, factors);
    if (error !== null) best = { factors, label, error };
  }
  if (!best) return null;
  const gainDb = 10 * Math.log10(before / best.error);
  if (!(gainDb >= SMALLEST_GAIN_DB)) return null;
  return { factors: best.factors, label: best.label, gainDb, beforeDb: 10 * Math.log10(signal / before) };
}

function* candidates(largest: Float32Array, weightRows: Float32Array): Iterable<[string, Float32Array]> {
  const tiny = 1e-5;
  for (const alpha of ALPHAS) {
    const factors = largest.map(
      (value, j) => Math.max(value, tiny) ** alpha / Math.max(weightRows[j]!, tiny) ** (1 - alpha),
    );
    let logarithms = 0;
    for (const factor of factors) logarithms += Math.log(factor);
    const mean = Math.exp(logarithms / factors.length);
    yield [`alpha ${alpha}`, factors.map((factor) => factor / mean)];
  }
  const sorted = largest.slice().sort();
  for (const rank of CLIP_RANKS) {
    const threshold = sorted.at(-1 - rank) ?? 0;
    if (rank < sorted.length && threshold > tiny) {
      yield [`clip ${rank}`, largest.map((value) => Math.max(1, value / threshold))];
    }
  }
}

interface WeightMatrix {
  /** [depth, channels]. */
  values: Float32Array;
  channels: number;
}

/** Channels of a weight looked at for its expected rounding error. */
const MAX_SAMPLED_CHANNELS = 32;

/** Every n-th channel, and how many channels each stands for. */
function sampleChannels({ values, channels }: WeightMatrix, depth: number): WeightMatrix & { share: number } {
  const stride = Math.ceil(channels / MAX_SAMPLED_CHANNELS);
  if (stride === 1) return { values, channels, share: 1 };
  const count = Math.ceil(channels / stride);
  const sampled = new Float32Array(depth * count);
  for (let row = 0, i = 0; row < depth; row++) {
    for (let n = 0; n < channels; n += stride) sampled[i++] = values[row * channels + n]!;
  }
  return { values: sampled, channels: count, share: channels / count };
}

/** Per row over all weights: largest magnitude and sum of squares. */
function rowStatistics(
  weights: readonly WeightMatrix[],
  depth: number,
): { largest: Float32Array; squares: Float64Array } {
  const largest = new Float32Array(depth);
  const squares = new Float64Array(depth);
  for (const { values, channels } of weights) {
    for (let row = 0; row < depth; row++) {
      const start = row * channels;
      largest[row] = Math.max(largest[row]!, largestMagnitude(values, start, start + channels));
      squares[row]! += sumOfSquares(values, start, start + channels);
    }
  }
  return { largest, squares };
}

/** Like the next, a function of its own: called for every row, both are compiled early. */
function largestMagnitude(values: Float32Array, start: number, end: number): number {
  let [least, most] = [0, 0];
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (value > most) most = value;
    if (value < least) least = value;
  }
  return Math.max(most, -least);
}

function sumOfSquares(values: Float32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i]! * values[i]!;
  return sum;
}

/** Rounding X/s to 8 bits over its whole range: variance step²/12 in every channel, multiplied by s·W. */
function activationError(
  factors: Float32Array,
  observed: ChannelStatistics,
  rowSquares: Float64Array,
): number {
  let min = 0;
  let max = 0;
  let gain = 0;
  for (let j = 0; j < factors.length; j++) {
    const factor = factors[j]!;
    min = Math.min(min, observed.min[j]! / factor);
    max = Math.max(max, observed.max[j]! / factor);
    gain += factor * factor * rowSquares[j]!;
  }
  const step = (max - min) / 255;
  return ((step * step) / 12) * gain;
}

/** Rounding s·W to its channel's scale: variance scale²/12 in every element, multiplied by X/s. */
function weightError(factors: Float32Array, observed: ChannelStatistics, scaleSquares: number): number {
  let power = 0;
  for (let j = 0; j < factors.length; j++) power += observed.meanSquare[j]! / factors[j]! ** 2;
  return (scaleSquares / 12) * power;
}

/** Sum over channels of the squared scale that s·W would get (weights.ts). */
function sumOfSquaredScales(
  { values, channels }: WeightMatrix,
  factors: Float32Array,
  saturationSafe: boolean,
): number {
  const scales = new Float32Array(channels);
  for (let j = 0, i = 0; j < factors.length; j++) {
    const factor = factors[j]! / 127;
    for (let n = 0; n < channels; n++, i++) {
      const magnitude = Math.abs(values[i]! * factor);
      if (magnitude > scales[n]!) scales[n] = magnitude;
    }
  }
  if (saturationSafe) {
    for (let j = 0; j + 1 < factors.length; j += 2) {
      const first = factors[j]! / 128;
      const second = factors[j + 1]! / 128;
      const row = j * channels;
      for (let n = 0; n < channels; n++) {
        const magnitude = Math.abs(values[row + n]! * first + values[row + channels + n]! * second);
        if (magnitude > scales[n]!) scales[n] = magnitude;
      }
    }
  }
  let total = 0;
  for (const scale of scales) total += scale * scale;
  return total;
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
