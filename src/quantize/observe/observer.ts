/** Observers read inner tensors of the float model while it runs over samples. What they read is computed inside the graph, and leaves the
 *  session as one output.
 *
 *  The runtime works backwards from its outputs: with an output per value it would compute the whole model first, keep every tensor
 *  that is still to be looked at, and look at them when they have long left the cache. Behind one output, and with the nodes of the
 *  deepest tensor first in the file, it looks at each tensor as soon as it is there and forgets it. */
import type { NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import type { Dataset } from '../../data/samples/dataset.js';
import { UserError } from '../../errors.js';
import { makeNode, makeValue } from '../../onnx/build.js';
import type { Model } from '../../onnx/model.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { makeTensor } from '../../onnx/tensor/tensor.js';
import type { RunContext } from '../../runtime/context.js';
import type { Session } from '../../runtime/runtime.js';
import { freeValues } from '../../system/dropped-buffers.js';
import { type Feeds, floatsOf } from '../../tensor/tensor.js';
import { batches } from './batches.js';
import { type ObserveOptions, openObserved } from './observed-model.js';
import { refusedSample } from './refused-sample.js';

/** A float32 value of any shape, computed from a tensor of the model. */
export interface ObservedValue {
  tensor: string;
  /** Names of the tensor itself, or of what the nodes make of it. */
  value: string;
  nodes: NodeProto[];
  /** Whether it is one number, whatever is fed. */
  single?: boolean;
}

/** Elements of every observed value, row-major, by its name: views that are valid until the next sample is asked for. */
export type ObservedValues = ReadonlyMap<string, Float32Array>;

export interface Observer {
  readonly values: readonly ObservedValue[];
  /** Constants that the values' nodes read. */
  readonly initializers?: readonly TensorProto[];
  /** Inputs beside the model's, which are fed with each sample. Default: none. */
  readonly inputs?: readonly ValueInfoProto[];
  /** What these inputs are fed with the next run. @param run runs the model on its sample with others: how large its tensors are is seen by that. */
  feedsBeside?(feeds: Feeds, run: (beside: Feeds) => Promise<ObservedValues>): Promise<Feeds>;
  /** Called after each run, and waited for. @param feeds what was fed: one sample, or a stack whose memory is used again by the next. */
  add(values: ObservedValues, feeds: Feeds): unknown;
}

export interface ObserverSession extends Pick<Session, 'inputs' | 'release'> {
  run(feeds: Feeds): Promise<ObservedValues>;
}

/** The pass over all calibration samples, as the log calls it. */
export const CALIBRATING = 'calibrating';

export interface ObserveRequest extends ObserveOptions {
  model: Model;
  dataset: Dataset;
  context: RunContext;
  /** What the log calls it, and is told how far it is. Default: it is not. */
  step?: string;
  /** Samples read at most. */
  maxSamples?: number;
  /** Default: one sample after the other, or stacks of them where the model's batch is fixed. */
  runs?: (session: ObserverSession, request: ObserveRequest) => AsyncIterable<ObservedRun>;
}

export interface ObservedRun {
  values: ObservedValues;
  feeds: Feeds;
  /** Samples that it took. */
  samples: number;
}

/** Runs the model over the samples and shows each observer what it asked for. @returns how many there were.
 *  @throws UserError when the data holds no samples; Interrupted when the signal is aborted. */
export async function observe(request: ObserveRequest, observers: readonly Observer[]): Promise<number> {
  const { model, dataset, context, step, maxSamples = Number.POSITIVE_INFINITY, runs = oneByOne } = request;
  const opened = await openObserver(model, observers, request);
  const session = refusing(withFeedsBeside(opened, observers), dataset);
  const total = Math.min(maxSamples, dataset.length);
  let done = 0;
  try {
    for await (const { values, feeds, samples } of runs(session, request)) {
      for (const observer of observers) await observer.add(values, feeds);
      done += samples;
      if (step !== undefined) context.log.progress(step, Math.min(done, total), total);
      if (done >= maxSamples) break;
    }
  } finally {
    await session.release();
  }
  if (done === 0)
    throw new UserError('data.empty', `The calibration data (${dataset.description}) holds no samples.`);
  return done;
}

/** A session that feeds the observers' own inputs with each sample. */
function withFeedsBeside(session: ObserverSession, observers: readonly Observer[]): ObserverSession {
  const feeding = observers.filter(({ feedsBeside }) => feedsBeside);
  if (feeding.length === 0) return session;
  return {
    ...session,
    async run(feeds) {
      const all = { ...feeds };
      for (const observer of feeding) {
        const run = (beside: Feeds) => session.run({ ...feeds, ...beside });
        Object.assign(all, await observer.feedsBeside!(feeds, run));
      }
      return await session.run(all);
    },
  };
}

/** A session that says which samples the model can't take. */
function refusing(session: ObserverSession, dataset: Dataset): ObserverSession {
  return {
    ...session,
    run: (feeds) =>
      session.run(feeds).catch((error: unknown) => {
        throw refusedSample(error, dataset, feeds);
      }),
  };
}

async function* oneByOne(
  session: ObserverSession,
  { dataset, context }: ObserveRequest,
): AsyncIterable<ObservedRun> {
  for await (const feeds of batches(dataset, session.inputs, context.signal)) {
    const values = await session.run(feeds);
    yield { values, feeds, samples: 1 };
    for (const all of values.values()) freeValues(all);
  }
}

const VALUES = 'quantgate_values';
const LENGTHS = 'quantgate_lengths';

/** Opens `model` with the observed values in place of its outputs. The model itself is not changed. */
export async function openObserver(
  model: Model,
  observers: readonly Pick<Observer, 'values' | 'initializers' | 'inputs'>[],
  options: ObserveOptions,
): Promise<ObserverSession> {
  const values = deepestFirst(
    model,
    observers.flatMap((observer) => observer.values),
  );
  const initializers = observers.flatMap((observer) => observer.initializers ?? []);
  const inputs = observers.flatMap((observer) => observer.inputs ?? []);
  const observation = { ...asOneOutput(model, values, initializers), inputs };
  const session = await openObserved(model, observation, options);
  const added = new Set(inputs.map(({ name }) => name));
  return {
    inputs: session.inputs.filter(({ name }) => !added.has(name)),
    async run(feeds) {
      const results = await session.run(feeds);
      return apart(values, results);
    },
    release: () => session.release(),
  };
}

/** All values behind one another in one output, and the lengths of those that aren't a single number in a second. */
function asOneOutput(
  { graph }: Model,
  values: readonly ObservedValue[],
  initializers: readonly TensorProto[],
): Parameters<typeof openObserved>[1] {
  const flatShape = graph.freshName('quantgate_flat');
  const unknown = values.filter(({ single }) => !single);
  const flatOf = new Map(values.map((one) => [one, graph.freshName(`${one.value}_flat`)]));
  const lengths = unknown.map(({ value }) => graph.freshName(`${value}_length`));
  const along = { attributes: { axis: { int: 0 } } };
  const flatten = (one: ObservedValue) => makeNode('Reshape', [one.value, flatShape], [flatOf.get(one)!]);
  return {
    nodes: [
      ...values.flatMap((one) => [...one.nodes, flatten(one)]),
      ...unknown.map((one, i) => makeNode('Shape', [flatOf.get(one)!], [lengths[i]!])),
      ...(unknown.length > 0 ? [makeNode('Concat', lengths, [LENGTHS], along)] : []),
      // Last: the runtime begins at the last output.
      makeNode('Concat', [...flatOf.values()], [VALUES], along),
    ],
    initializers: [...initializers, makeTensor(flatShape, DataType.INT64, [1], BigInt64Array.of(-1n))],
    outputs: [...(unknown.length > 0 ? [makeValue(LENGTHS)] : []), makeValue(VALUES)],
  };
}

function apart(values: readonly ObservedValue[], results: Feeds): ObservedValues {
  const all = floatsOf(results[VALUES]!);
  const lengths = (results[LENGTHS]?.data ?? []) as BigInt64Array;
  const found = new Map<string, Float32Array>();
  let [start, next] = [0, 0];
  for (const { value, single } of values) {
    const end = start + (single ? 1 : Number(lengths[next++]));
    found.set(value, all.subarray(start, end));
    start = end;
  }
  return found;
}

function deepestFirst(model: Model, values: readonly ObservedValue[]): ObservedValue[] {
  const depth = new Map<string, number>();
  for (const [position, node] of model.graph.topologicalNodes().entries()) {
    for (const name of node.output) depth.set(name, position);
  }
  const depthOf = ({ tensor }: ObservedValue): number => depth.get(tensor) ?? -1;
  return values.toSorted((a, b) => depthOf(b) - depthOf(a));
}
