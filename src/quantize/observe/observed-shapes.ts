/** Shapes that depend on data, or that shape inference can't follow, as they are on one sample. */
import { messageOf } from '../../errors.js';
import { makeNode, makeValue } from '../../onnx/build.js';
import type { Model } from '../../onnx/model.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import type { RunContext } from '../../runtime/context.js';
import type { Feeds } from '../../tensor/tensor.js';
import { openObserved } from './observed-model.js';

export interface ShapeRequest {
  model: Model;
  /** Gets the shapes of the float32 tensors of which it knows none, or not all dimensions. */
  types: Map<string, TensorType>;
  sample: Feeds;
  context: Pick<RunContext, 'runtime' | 'log'>;
}

/** Runs the model on the sample where a shape is not known. What can't be run tells nothing: calibration will say why. */
export async function observeShapes({ model, types, sample, context }: ShapeRequest): Promise<void> {
  const unknown = model.graph.nodes
    .flatMap((node) => node.output)
    .filter((name) => types.get(name)?.dataType === DataType.FLOAT && !isKnown(types.get(name)!));
  if (unknown.length === 0) return;
  const outputs = unknown.map((name) => model.graph.freshName(`${name}_shape`));
  const observation = {
    nodes: unknown.map((name, i) => makeNode('Shape', [name], [outputs[i]!])),
    initializers: [],
    outputs: outputs.map((name) => makeValue(name, DataType.INT64)),
  };
  try {
    const session = await openObserved(model, observation, { context });
    try {
      const feeds = Object.fromEntries(session.inputs.map(({ name }) => [name, sample[name]!]));
      const shapes = await session.run(feeds);
      for (const [i, name] of unknown.entries()) {
        const shape = [...(shapes[outputs[i]!]!.data as BigInt64Array)].map(Number);
        types.set(name, { dataType: DataType.FLOAT, shape });
      }
    } finally {
      await session.release();
    }
  } catch (error) {
    context.log.debug(`Shapes were not observed: ${messageOf(error)}`);
  }
}

/** The runtime says of an unknown rank that it is none. */
function isKnown({ shape }: TensorType): boolean {
  return shape !== null && shape.length > 0 && shape.every((dim) => typeof dim === 'number' && dim >= 0);
}
