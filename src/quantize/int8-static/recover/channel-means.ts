/** Mean of every channel of the tensors that weighted operators read, collected beside the ranges. */

import { makeNode } from '../../../onnx/build.js';
import type { Model } from '../../../onnx/model.js';
import type { TensorType } from '../../../onnx/tensor-type.js';
import { readWeighted } from '../../../onnx/weighted.js';
import type { Watch } from '../../calibrate/gathered.js';
import type { Companion } from '../../calibrate/minmax.js';
import type { Group } from '../placement/group.js';

/** Rank from which tensors are images, with channels at axis 1. */
const IMAGE_RANK = 3;

export interface ChannelMeans extends Companion {
  /** Mean over samples, batch and space, by tensor name. */
  means(): Map<string, Float32Array>;
}

/** Observes the inputs of the groups' convolutions and Gemms. */
export function observeChannelMeans(
  groups: readonly Group[],
  model: Model,
  types: ReadonlyMap<string, TensorType>,
): ChannelMeans {
  const { graph } = model;
  const watches = new Map<string, Watch>();
  const sums = new Map<string, { sum: Float64Array; rows: number }>();
  for (const { node } of groups) {
    const weighted = readWeighted(graph, node);
    if (!weighted || watches.has(weighted.input)) continue;
    const { opType, input: tensor, inputs } = weighted;
    const rank = types.get(tensor)?.shape?.length ?? 0;
    if (opType === 'Conv' && rank >= IMAGE_RANK) {
      // Over the whole image, and cheaper than ReduceMean: the runtime has it for its blocked layout too.
      const value = graph.freshName(`${tensor}_mean`);
      watches.set(tensor, { tensor, value, nodes: [makeNode('GlobalAveragePool', [tensor], [value])] });
    } else if (opType === 'Gemm') {
      watches.set(tensor, { tensor, value: tensor, nodes: [] });
    } else {
      continue;
    }
    sums.set(tensor, { sum: new Float64Array(inputs), rows: 0 });
  }
  return {
    gathering: { watches: [...watches.values()], initializers: [] },
    add(gathered) {
      for (const [tensor, { value }] of watches) {
        const values = gathered.get(value)!;
        const total = sums.get(tensor)!;
        const channels = total.sum.length;
        for (let at = 0; at < values.length; at += channels) {
          for (let channel = 0; channel < channels; channel++) total.sum[channel]! += values[at + channel]!;
        }
        total.rows += values.length / channels;
      }
    },
    means() {
      const entries = [...sums].filter(([, { rows }]) => rows > 0);
      return new Map(
        entries.map(([name, { sum, rows }]) => [name, Float32Array.from(sum, (value) => value / rows)]),
      );
    },
  };
}
