/** Mean of every channel of the tensors that weighted operators read, collected beside the ranges. */

import { makeNode } from '../../../onnx/build.js';
import type { Model } from '../../../onnx/model.js';
import { dimsOf } from '../../../onnx/tensor.js';
import type { TensorType } from '../../../onnx/tensor-type.js';
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
    const tensor = node.input[0] ?? '';
    if (watches.has(tensor)) continue;
    const rank = types.get(tensor)?.shape?.length ?? 0;
    if (node.opType === 'Conv' && rank >= IMAGE_RANK) {
      // Over the whole image, and cheaper than ReduceMean: the runtime has it for its blocked layout too.
      const value = graph.freshName(`${tensor}_mean`);
      watches.set(tensor, { tensor, value, nodes: [makeNode('GlobalAveragePool', [tensor], [value])] });
    } else if (node.opType === 'Gemm') {
      watches.set(tensor, { tensor, value: tensor, nodes: [] });
    } else {
      continue;
    }
    const channels = channelsRead(model, node);
    sums.set(tensor, { sum: new Float64Array(channels), rows: 0 });
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

function channelsRead({ graph }: Model, node: Group['node']): number {
  const [first = 1, second = 1] = dimsOf(graph.constant(node.input[1]!)!);
  const attribute = (name: string) => Number(node.attribute.find((one) => one.name === name)?.i ?? 0n);
  if (node.opType === 'Conv') return second * (attribute('group') || 1);
  return attribute('transB') ? second : first;
}
