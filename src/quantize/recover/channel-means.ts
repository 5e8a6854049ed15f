/** Mean of every channel of the tensors that weighted operators read, collected beside the ranges. */

import { makeNode, makeValue } from '../../onnx/build.js';
import type { Model } from '../../onnx/model.js';
import { dimsOf } from '../../onnx/tensor.js';
import type { Companion } from '../calibrate/minmax.js';
import type { Group } from '../placement/group.js';
import type { TensorType } from '../prepare.js';

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
  const outputs = new Map<string, string>();
  const nodes = [];
  const sums = new Map<string, { sum: Float64Array; rows: number }>();
  for (const { node } of groups) {
    const tensor = node.input[0] ?? '';
    if (outputs.has(tensor)) continue;
    const rank = types.get(tensor)?.shape?.length ?? 0;
    if (node.opType === 'Conv' && rank >= IMAGE_RANK) {
      // Over the whole image, and cheaper than ReduceMean: the runtime has it for its blocked layout too.
      const output = graph.freshName(`${tensor}_mean`);
      nodes.push(makeNode('GlobalAveragePool', [tensor], [output]));
      outputs.set(tensor, output);
    } else if (node.opType === 'Gemm') {
      outputs.set(tensor, tensor);
    } else {
      continue;
    }
    const channels = channelsRead(model, node);
    sums.set(tensor, { sum: new Float64Array(channels), rows: 0 });
  }
  return {
    observation: { nodes, initializers: [], outputs: [...outputs.values()].map((name) => makeValue(name)) },
    add(results) {
      for (const [tensor, output] of outputs) {
        const { data } = results[output]!;
        const total = sums.get(tensor)!;
        const channels = total.sum.length;
        for (let i = 0; i < data.length; i++) total.sum[i % channels]! += Number(data[i]);
        total.rows += data.length / channels;
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
