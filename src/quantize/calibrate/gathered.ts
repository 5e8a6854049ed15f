/** Many values computed from inner tensors leave the session as one output.
 *
 *  The runtime works backwards from its outputs: with an output per value it would compute the whole model first, keep every tensor
 *  that is still to be looked at, and look at them when they have long left the cache. Behind one output, and with the nodes of the
 *  deepest tensor first in the file, it looks at each tensor as soon as it is there and forgets it. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import { makeNode, makeValue } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import type { Model } from '../../onnx/model.js';
import { makeTensor } from '../../onnx/tensor.js';
import type { Session } from '../../runtime/runtime.js';
import { type Feeds, floatsOf } from '../../tensor/tensor.js';
import { type ObserveOptions, openObserved } from './observed-model.js';

/** A float32 value of any shape, computed from a tensor of the model. */
export interface Watch {
  tensor: string;
  /** Names of the tensor itself, or of what the nodes make of it. */
  value: string;
  nodes: NodeProto[];
  /** Whether it is one number, whatever is fed. */
  single?: boolean;
}

export interface Gathering {
  watches: Watch[];
  /** Constants that the nodes read. */
  initializers: TensorProto[];
}

/** Elements of every value, row-major, by its name; views that stay valid. */
export type Gathered = ReadonlyMap<string, Float32Array>;

export interface GatheringSession extends Pick<Session, 'inputs' | 'release'> {
  run(feeds: Feeds): Promise<Gathered>;
}

const VALUES = 'quantgate_values';
const LENGTHS = 'quantgate_lengths';

/** Opens `model` with the gathering in place of its outputs. The model itself is not changed. */
export async function openGathering(
  model: Model,
  gathering: Gathering,
  options: ObserveOptions,
): Promise<GatheringSession> {
  const { graph } = model;
  const watches = deepestFirst(model, gathering.watches);
  const flatShape = graph.freshName('quantgate_flat');
  const unknown = watches.filter(({ single }) => !single);
  const flatOf = new Map(watches.map((watch) => [watch, graph.freshName(`${watch.value}_flat`)]));
  const lengths = unknown.map(({ value }) => graph.freshName(`${value}_length`));
  const along = { attributes: { axis: { int: 0 } } };
  const session = await openObserved(
    model,
    {
      nodes: [
        ...watches.flatMap((watch) => [
          ...watch.nodes,
          makeNode('Reshape', [watch.value, flatShape], [flatOf.get(watch)!]),
        ]),
        ...unknown.map((watch, i) => makeNode('Shape', [flatOf.get(watch)!], [lengths[i]!])),
        ...(unknown.length > 0 ? [makeNode('Concat', lengths, [LENGTHS], along)] : []),
        // Last: the runtime begins at the last output.
        makeNode('Concat', [...flatOf.values()], [VALUES], along),
      ],
      initializers: [
        ...gathering.initializers,
        makeTensor(flatShape, DataType.INT64, [1], BigInt64Array.of(-1n)),
      ],
      outputs: [...(unknown.length > 0 ? [makeValue(LENGTHS)] : []), makeValue(VALUES)],
    },
    options,
  );
  return {
    inputs: session.inputs,
    async run(feeds) {
      const results = await session.run(feeds);
      const values = floatsOf(results[VALUES]!);
      const found = (results[LENGTHS]?.data ?? []) as BigInt64Array;
      const gathered = new Map<string, Float32Array>();
      let [start, next] = [0, 0];
      for (const { value, single } of watches) {
        const end = start + (single ? 1 : Number(found[next++]));
        gathered.set(value, values.subarray(start, end));
        start = end;
      }
      return gathered;
    },
    release: () => session.release(),
  };
}

function deepestFirst(model: Model, watches: readonly Watch[]): Watch[] {
  const depth = new Map<string, number>();
  for (const [position, node] of model.graph.topologicalNodes().entries()) {
    for (const name of node.output) depth.set(name, position);
  }
  const depthOf = ({ tensor }: Watch): number => depth.get(tensor) ?? -1;
  return [...watches].sort((a, b) => depthOf(b) - depthOf(a));
}
