/** Covariance of what weighted operators read, collected from calibration samples: what adaptive rounding minimizes the error in.
 *
 *  Of every image a bounded number of positions is taken, so that neither memory nor time grows with its size. */

import type { NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import { intsAttribute, stringAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { readWeighted } from '../../../onnx/query/weighted.js';
import type { TensorType } from '../../../onnx/tensor/tensor-type.js';
import type { Feeds } from '../../../tensor/tensor.js';
import type { Matrices } from '../../gptq/matrices/matrices.js';
import type { ObservedValue, ObservedValues, Observer } from '../../observe/observer.js';
import type { Group } from '../placement/group.js';
import type { InputMoments } from './covariance.js';
import { type Look, SeenWindows } from './seen-windows.js';
import { shareMoments } from './shared-moments.js';
import { WindowMemory, WindowMoments } from './window-moments.js';

/** The first of a pass, from which moments are collected. */
export const MOMENTS_SAMPLES = 32;
/** Positions per image and tensor. */
const POSITIONS = 48;
/** Of convolutions in groups fewer do: each group has few weights. They are taken of every sample: of a recognizer's lines a quarter says too little. */
const GROUPED_POSITIONS = 12;
/** Operators with more inputs per output are left to the nearest rounding: their matrices would be too large. */
const MOST_INPUTS = 2048;

interface Reader extends Look {
  /** What the group writes. */
  output: string;
  weight: string;
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
    const inputs = readerOf(node, momentsKey(group), graph)?.inputs ?? 0;
    return sum + inputs ** 2 * (readWeighted(graph, node)?.outputs ?? 0);
  }, 0);
}

export interface MomentsOptions {
  model: Model;
  /** With a real sample's dimensions, where they are known. */
  types?: ReadonlyMap<string, TensorType>;
  matrices: Matrices;
}

/** Collects the moments of groups from the first samples of a pass, which must be fed one by one. Only two-dimensional convolutions with explicit padding are
 *  observed. */
export class MomentsObserver implements Observer {
  readonly values: readonly ObservedValue[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfoProto[];
  readonly #readers: readonly Reader[];
  readonly #windows: SeenWindows;
  readonly #sums: readonly WindowMoments[];
  readonly #memory = new WindowMemory();
  readonly #matrices: Matrices;
  #done = 0;

  /** null: none of the groups is observed. */
  static of(
    groups: readonly Group[],
    { model: { graph }, types, matrices }: MomentsOptions,
  ): MomentsObserver | null {
    const readers = groups.flatMap((group) => readerOf(group.node, momentsKey(group), graph) ?? []);
    return readers.length > 0
      ? new MomentsObserver(readers, new SeenWindows(readers, graph, types), matrices)
      : null;
  }

  private constructor(readers: readonly Reader[], windows: SeenWindows, matrices: Matrices) {
    this.#readers = readers;
    this.#windows = windows;
    const { values, initializers = [], inputs = [] } = this.#windows.observed;
    this.values = values;
    this.initializers = initializers;
    this.inputs = inputs;
    this.#sums = this.#readers.map(
      ({ inputs, convolutionGroups }) =>
        new WindowMoments({ inputs, groups: convolutionGroups }, this.#memory),
    );
    this.#matrices = matrices;
  }

  async feedsBeside(feeds: Feeds, run: (beside: Feeds) => Promise<ObservedValues>): Promise<Feeds> {
    if (this.#done >= MOMENTS_SAMPLES) return this.#windows.nowhere();
    return await this.#windows.next(feeds, this.#done, run);
  }

  async add(values: ObservedValues): Promise<void> {
    if (this.#done >= MOMENTS_SAMPLES) return;
    this.#done++;
    const seen = this.#windows.seen(values);
    for (const [index, sum] of this.#sums.entries()) await sum.add(seen[index]!, this.#matrices);
    if (this.#done === MOMENTS_SAMPLES) await this.#settle();
  }

  /** No more samples come: what was held for the next ones is given back. */
  async #settle(): Promise<void> {
    for (const sum of this.#sums) await sum.settle(this.#matrices);
    this.#memory.free();
  }

  /** Of these groups, by momentsKey; then no more can be collected. */
  async moments(groups: readonly Group[]): Promise<Map<string, InputMoments>> {
    await this.#settle();
    const wanted = new Set(groups.map(momentsKey));
    const moments = new Map<string, InputMoments>();
    for (const [index, { output, inputs }] of this.#readers.entries()) {
      if (!wanted.has(output)) continue;
      moments.set(output, { inputs, covariances: this.#sums[index]!.covariances() });
    }
    shareMoments(
      this.#readers.filter(({ output }) => wanted.has(output)),
      moments,
    );
    return moments;
  }
}

function readerOf(node: NodeProto, output: string, graph: Graph): Reader | null {
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
