/** A session of the float model that gives, beside or instead of its outputs, values computed from inner tensors. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import { Model } from '../../onnx/model.js';
import type { RunContext } from '../../runtime/context.js';
import { DECIDING, type GraphOptimizationLevel, type Session } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/files/scratch.js';

export interface Observation {
  nodes: NodeProto[];
  initializers: TensorProto[];
  /** Beside the model's. Default: none. */
  inputs?: ValueInfoProto[];
  /** The only outputs of the session; what they don't need is cut away. */
  outputs: ValueInfoProto[];
}

export interface ObserveOptions {
  context: Pick<RunContext, 'runtime' | 'signal'>;
  graphOptimizationLevel?: GraphOptimizationLevel;
  /** Default: none but those of every observation. */
  configEntries?: Readonly<Record<string, string>>;
}

/** Opens `model` with the observation's nodes added and its outputs instead of the model's. The model itself is not changed. */
export async function openObserved(
  model: Model,
  observation: Observation,
  options: ObserveOptions,
): Promise<Session> {
  const directory = scratchFolder('observe');
  try {
    const path = join(directory, 'observed.onnx');
    // The runtime maps a file of weights, where it would parse and copy those inside the model. Windows can't remove a mapped file.
    const externalData = process.platform === 'win32' ? 'auto' : 'always';
    await writeModelUnlessInterrupted(withObservation(model, observation), path, {
      durable: false,
      externalData,
      signal: options.context.signal,
    });
    return await options.context.runtime.open(path, {
      // Calibration spends its time in float inference: the fastest kernels halve it.
      graphOptimizationLevel: options.graphOptimizationLevel ?? 'all',
      ...DECIDING,
      // Meanwhile other threads decode samples, and this one counts.
      configEntries: { ...DECIDING.configEntries, ...options.configEntries },
      // A stack that the model doesn't take (stacked.ts) is no news.
      silent: true,
      // With what is observed, a run holds most of what the process ever does.
      givesMemoryBack: true,
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function withObservation(model: Model, { nodes, initializers, inputs = [], outputs }: Observation): Model {
  const graph = model.graph.commit();
  const observed = new Model(
    create(ModelProtoSchema, {
      irVersion: model.proto.irVersion,
      opsetImport: [...model.proto.opsetImport],
      functions: model.proto.functions,
      graph: create(GraphProtoSchema, {
        name: graph.name,
        node: [...graph.node, ...nodes],
        initializer: [...graph.initializer, ...initializers],
        input: [...graph.input, ...inputs],
        output: outputs,
      }),
    }),
    model.graph.directory,
  );
  observed.graph.prune();
  return observed;
}
