/** Mean of every channel of the tensors that weighted operators read, collected beside the ranges. */

import { makeNode } from '../../../onnx/build.js';
import { readWeighted } from '../../../onnx/query/weighted.js';
import type { ObservedValue, ObservedValues, Observer } from '../../observe/observer.js';
import type { PreparedModel } from '../../prepare/prepare.js';
import type { Group } from '../placement/group.js';

/** Rank from which tensors are images, with channels at axis 1. */
const IMAGE_RANK = 3;

/** Observes the inputs of the groups' convolutions and Gemms. */
export class ChannelMeansObserver implements Observer {
  readonly values: ObservedValue[] = [];
  /** By tensor name. */
  readonly #sums = new Map<string, { value: string; sum: Float64Array; rows: number }>();

  constructor(groups: readonly Group[], { model, types }: Pick<PreparedModel, 'model' | 'types'>) {
    for (const { node } of groups) {
      const weighted = readWeighted(model.graph, node);
      if (!weighted || this.#sums.has(weighted.input)) continue;
      const { opType, input: tensor, inputs } = weighted;
      const rank = types.get(tensor)?.shape?.length ?? 0;
      if (opType === 'Conv' && rank >= IMAGE_RANK) {
        // Over the whole image, and cheaper than ReduceMean: the runtime has it for its blocked layout too.
        const value = model.graph.freshName(`${tensor}_mean`);
        const pool = makeNode('GlobalAveragePool', [tensor], [value]);
        this.#watch({ tensor, value, nodes: [pool] }, inputs);
      } else if (opType === 'Gemm') this.#watch({ tensor, value: tensor, nodes: [] }, inputs);
    }
  }

  #watch(observed: ObservedValue, channels: number): void {
    this.values.push(observed);
    const { tensor, value } = observed;
    this.#sums.set(tensor, { value, sum: new Float64Array(channels), rows: 0 });
  }

  add(values: ObservedValues): void {
    for (const total of this.#sums.values()) {
      const found = values.get(total.value)!;
      const channels = total.sum.length;
      for (let at = 0; at < found.length; at += channels) {
        for (let channel = 0; channel < channels; channel++) total.sum[channel]! += found[at + channel]!;
      }
      total.rows += found.length / channels;
    }
  }

  /** Mean over samples, batch and space, by tensor name. */
  means(): Map<string, Float32Array> {
    const seen = [...this.#sums].filter(([, { rows }]) => rows > 0);
    return new Map(
      seen.map(([name, { sum, rows }]) => [name, Float32Array.from(sum, (value) => value / rows)]),
    );
  }
}
