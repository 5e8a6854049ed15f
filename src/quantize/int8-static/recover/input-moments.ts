/** Covariance of what weighted operators read, collected from calibration samples: what adaptive rounding minimizes the error in.
 *
 *  Of every image a bounded number of positions is taken, so that neither memory nor time grows with its size. */

import type { NodeProto } from 'onnx-buf';
import type { Dataset } from '../../../data/samples/dataset.js';
import { intsAttribute, stringAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { readWeighted } from '../../../onnx/weighted.js';
import type { RunContext } from '../../../runtime/context.js';
import { batches } from '../../calibrate/batches.js';
import { openObserver } from '../../calibrate/observer.js';
import { refusedSample } from '../../calibrate/refused-sample.js';
import { withMatrices } from '../../gptq/matrices.js';
import type { Group } from '../placement/group.js';
import { windowValues } from './kernel-windows.js';
import { type Look, type Seen, SeenWindows } from './seen-windows.js';
import { shareMoments } from './shared-moments.js';
import { WindowMoments } from './window-moments.js';

/** One covariance matrix [inputs, inputs] for all output channels, or one per group of them. */
export interface InputMoments {
  /** Inputs of one output channel: weights per row. */
  inputs: number;
  /** Row-major; one per convolution group. */
  covariances: Float32Array[];
}

export interface MomentsRequest {
  model: Model;
  groups: readonly Group[];
  dataset: Dataset;
  context: RunContext;
}

const SAMPLES = 32;
/** Positions per image and tensor. */
const POSITIONS = 48;
/** Of convolutions in groups fewer do: each group has few weights. They are taken of every sample: of a recognizer's lines a quarter says too little. */
const GROUPED_POSITIONS = 12;
/** Operators with more inputs per output are left to the nearest rounding: their matrices would be too large. */
const MOST_INPUTS = 2048;

interface Observed extends Look {
  /** What the group writes. */
  output: string;
  weight: string;
  tensor: string;
  inputs: number;
  convolutionGroups: number;
}

/** The name under which a group's moments are known: of what it writes, and where no Q follows it (for TensorRT) of what its operator does. */
export function momentsKey({ node, outputs }: Pick<Group, 'node' | 'outputs'>): string {
  return outputs[0] ?? node.output[0]!;
}

/** Inputs² × outputs of every convolution that is observed, summed: what the time of rounding adaptively is proportional to. */
export function roundingWork(groups: readonly Group[], graph: Graph): number {
  return groups.reduce((sum, group) => {
    const { node } = group;
    const inputs = observe(node, momentsKey(group), graph)?.inputs ?? 0;
    return sum + inputs ** 2 * (readWeighted(graph, node)?.outputs ?? 0);
  }, 0);
}

/** Covariances by momentsKey. Only two-dimensional convolutions with explicit padding are observed. */
export async function collectMoments(request: MomentsRequest): Promise<Map<string, InputMoments>> {
  const { model, groups, dataset, context } = request;
  const observed = groups.flatMap((group) => observe(group.node, momentsKey(group), model.graph) ?? []);
  const moments = new Map<string, InputMoments>();
  if (observed.length === 0) return moments;
  await withMatrices(context, async (matrices) => {
    const { observer, of } = windowValues(
      observed.map(({ tensor }) => tensor),
      model.graph,
    );
    const session = await openObserver(model, [observer], { context });
    const windows = new SeenWindows(session, of, observed);
    const sums = observed.map(
      ({ inputs, convolutionGroups: groups }) => new WindowMoments({ inputs, groups }),
    );
    let done = 0;
    try {
      for await (const feeds of batches(dataset, session.inputs, context.signal)) {
        const seen = await windows.at(feeds, done).catch((error: unknown) => {
          throw refusedSample(error, dataset, feeds);
        });
        for (const [index, one] of observed.entries())
          await sums[index]!.add(windowsOf(one, seen[index]!), matrices);
        if (++done >= SAMPLES) break;
      }
    } finally {
      await session.release();
    }
    for (const [index, { output, inputs }] of observed.entries())
      moments.set(output, { inputs, covariances: await sums[index]!.covariances(matrices) });
  });
  shareMoments(observed, moments);
  return moments;
}

function observe(node: NodeProto, output: string, graph: Graph): Observed | null {
  const weighted = readWeighted(graph, node);
  if (weighted?.opType !== 'Conv' || weighted.dims.length !== 4) return null;
  if (!['NOTSET', 'VALID'].includes(stringAttribute(node, 'auto_pad', 'NOTSET'))) return null;
  const [, , height = 1, width = 1] = weighted.dims;
  const inputs = weighted.columns * weighted.kernel;
  const two = (name: string): [number, number] => {
    const [a = 1, b = 1] = intsAttribute(node, name) ?? [];
    return [a, b];
  };
  const [top = 0, left = 0] = intsAttribute(node, 'pads') ?? [];
  const convolutionGroups = weighted.group;
  if (inputs < 2 || inputs > MOST_INPUTS) return null;
  return {
    output,
    weight: weighted.weight,
    tensor: weighted.input,
    inputs,
    convolutionGroups,
    window: {
      kernel: [height, width],
      strides: two('strides'),
      dilations: two('dilations'),
      pads: [top, left],
    },
    wanted: convolutionGroups === 1 ? POSITIONS : GROUPED_POSITIONS,
  };
}

/** What the kernel saw of the first image, [groups, inputs, positions]: zeros outside. */
function windowsOf({ inputs, convolutionGroups, window }: Observed, { values, places }: Seen): Float32Array {
  const kernel = window.kernel[0] * window.kernel[1];
  const channels = (convolutionGroups * inputs) / kernel;
  const seen = values.subarray(0, channels * places.length);
  for (const [at, place] of places.entries()) {
    if (place >= 0) continue;
    for (let value = at; value < seen.length; value += places.length) seen[value] = 0;
  }
  return seen;
}
