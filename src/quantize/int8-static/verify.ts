/** Proves on ONNX Runtime's own `extended` dump that every group became the 8-bit kernel it was meant to be. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readModel } from '../../onnx/file/read.js';
import type { Graph } from '../../onnx/graph.js';
import type { Runtime } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/files/scratch.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { Group } from './placement/group.js';

export interface FusionCheck {
  group: Group;
  /** What the runtime runs: the operator type in the dump. */
  became: string;
  fused: boolean;
}

/** @param file the quantized model. @param quantizedOutputs name of the 8-bit form of each quantized tensor.
 *  @throws UserError when the runtime refuses the file, or can't run it. */
export async function checkFusion(
  file: string,
  groups: readonly Group[],
  options: {
    runtime: Runtime;
    quantizedOutputs: ReadonlyMap<string, string>;
    /** Is run too. */
    sample?: Feeds | undefined;
  },
): Promise<FusionCheck[]> {
  const directory = scratchFolder('verify');
  try {
    const optimizedModelPath = join(directory, 'extended.onnx');
    const session = await options.runtime.open(file, {
      graphOptimizationLevel: 'extended',
      optimizedModelPath,
      threads: 1,
    });
    try {
      if (options.sample) await session.run(options.sample);
    } finally {
      await session.release();
    }
    const { graph } = readModel(optimizedModelPath);
    return groups.map((group) => check(group, graph, options.quantizedOutputs));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function check(group: Group, graph: Graph, quantizedOutputs: ReadonlyMap<string, string>): FusionCheck {
  const output = group.outputs[0]!;
  const producer = graph.producer(quantizedOutputs.get(output) ?? output);
  if (producer) {
    const { opType } = producer;
    const stayed = opType === 'QuantizeLinear' || (group.floatOutput && opType === group.node.opType);
    const float = stayed && opType === 'QuantizeLinear' ? graph.producer(producer.input[0]!) : producer;
    return { group, became: stayed ? (float?.opType ?? opType) : opType, fused: !stayed };
  }
  // The tensor itself is gone: merged into a neighbour, unless the operator is still there by name.
  const float = graph.nodes.find((node) => node.name !== '' && node.name === group.node.name);
  const reads = float?.input.map((name) => graph.producer(name)?.opType) ?? [];
  return { group, became: float?.opType ?? group.row.fused, fused: !reads.includes('DequantizeLinear') };
}
