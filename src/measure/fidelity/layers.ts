/** Where the error enters: every tensor of a variant against the original's tensor of the same name. */

import type { NodeProto } from 'onnx-buf';
import type { Dataset } from '../../data/samples/dataset.js';
import { LARGE_MODEL_BYTES, weightsBytes } from '../../onnx/file/weights.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { tensorValues } from '../../onnx/tensor/tensor.js';
import { nodeLabel } from '../../quantize/method/selection.js';
import { inferTypes } from '../../quantize/prepare/prepare.js';
import type { RunContext } from '../../runtime/context.js';
import { freeValues } from '../../system/dropped-buffers.js';
import { elementCount } from '../../tensor/dims.js';
import type { Feeds } from '../../tensor/tensor.js';
import { halfReference } from '../subject/half-reference.js';
import { withOwnAddends } from './corrected-addends.js';
import { TensorError } from './tensor-error.js';
import { type ThinnedTensor, ThinnedTensors } from './thinned-tensors.js';

export interface LayersRequest {
  original: Model;
  variant: Model;
  dataset: Dataset;
  context: RunContext;
  /** Samples compared; default 8. */
  samples?: number;
  /** Names of the original's nodes whose tensors are compared, beside the model's outputs. Default: all. */
  nodes?: ReadonlySet<string> | null;
  /** Told how many values of a tensor were compared, for all tensors that might be: they grow with what the model computes. */
  onCompared?: (values: number) => void;
  /** Models with more bytes of weights are run one after the other, what is seen of the original kept meanwhile. Default: `LARGE_MODEL_BYTES`. */
  mostBytesAtOnce?: number;
}

/** One tensor that both models have. */
export interface LayerFidelity {
  tensor: string;
  /** The node of the original that makes it. */
  operator: string;
  node: string;
  /** Of a rescaled tensor: after undoing the factors. */
  sqnr: number;
  /** Each channel is the original's times a factor that later operators undo, as equalization leaves it. */
  rescaled: boolean;
  /** Lowest SQNR among the nearest compared tensors it is computed from, less its own, in dB: what is lost on the way. null: there are none. */
  loss: number | null;
}

const DEFAULT_SAMPLES = 8;

/** A tensor is taken for rescaled when undoing a factor per channel, and its readers in spite of it, gain this much: no rounding does. */
const RESCALED_DB = 6;
/** Where undoing it gains this much, readers need only be no worse: their own losses may hide what they undo. */
const SURELY_RESCALED_DB = 10;

/**
 * SQNR of every tensor of the original that the variant still computes, in the original's order of computation. A tensor that
 * the variant quantizes and dequantizes again is taken as its readers see it. Of large tensors values all over them are compared. Runs without
 * fusions, so that all tensors exist; products whose mean error a constant takes up are taken with that; half precision is half precision, as it is
 * for the outputs. Throws UserError when ONNX Runtime refuses one of the models.
 */
export async function layerFidelity(request: LayersRequest): Promise<LayerFidelity[]> {
  const { original, nodes = null, context } = request;
  const reference = await halfReference(request.variant, context);
  const computed = reference === null || reference === 'bodies' ? request.variant : reference;
  const variant = withOwnAddends(original.graph, computed);
  const types = await inferTypes(original, { context });
  const all = matchedTensors(original.graph, variant.graph).filter(({ name }) =>
    isFloat(types.get(name)?.dataType),
  );
  const { graph } = original;
  const isAsked = ({ name }: Pair) =>
    nodes === null || graph.isOutput(name) || nodes.has(nodeLabel(graph.producer(name)!));
  const pairs = all.filter(isAsked);
  if (pairs.length === 0) return [];
  const onCompared = (values: number) => request.onCompared?.((values * all.length) / pairs.length);
  const compared = await compare(pairs, { ...request, variant, onCompared });
  return withLosses(compared, graph);
}

const FLOATS: ReadonlySet<number | undefined> = new Set([DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE]);

function isFloat(dataType: number | undefined): boolean {
  return FLOATS.has(dataType);
}

interface Pair {
  name: string;
  /** The variant's tensor that its readers see. */
  seen: string;
}

function matchedTensors(original: Graph, variant: Graph): Pair[] {
  return original
    .topologicalNodes()
    .flatMap((node) => node.output)
    .filter((name) => name !== '' && variant.producer(name) !== undefined)
    .map((name) => ({ name, seen: dequantized(name, variant) }));
}

/** What readers see of a tensor that is quantized and dequantized again: name → QuantizeLinear → DequantizeLinear. Where they take its codes for those of another
 *  tensor, with a scale or zero-point of its own (a product and sum with constants behind it), it is the tensor itself. */
export function dequantized(name: string, graph: Graph): string {
  const quantize = quantizeOf(name, graph);
  if (!quantize) return name;
  const dequantize = graph
    .consumers(outputOf(quantize))
    .find(({ opType, input }) => opType === 'DequantizeLinear' && hasParametersOf(quantize, input, graph));
  return dequantize ? outputOf(dequantize) : name;
}

/** The operator that quantizes a tensor. */
export function quantizeOf(name: string, graph: Graph): NodeProto | undefined {
  return graph.consumers(name).find(({ opType }) => opType === 'QuantizeLinear');
}

/** Whether a DequantizeLinear reads the scale and zero-point that the codes were made with. */
function hasParametersOf(quantize: NodeProto, input: readonly string[], graph: Graph): boolean {
  return [1, 2].every((place) => {
    const [one, other] = [quantize.input[place] ?? '', input[place] ?? ''];
    if (one === other) return true;
    const [a, b] = [graph.constant(one), graph.constant(other)].map(
      (tensor) => tensor && tensorValues(tensor, graph.directory),
    );
    return a !== undefined && b !== undefined && a.length === b.length && a.every((x, at) => x === b[at]);
  });
}

/** What both models give for a sample. */
interface Seen {
  expected: ReadonlyMap<string, ThinnedTensor>;
  actual: ReadonlyMap<string, ThinnedTensor>;
}

async function compare(pairs: readonly Pair[], request: LayersRequest): Promise<Map<string, TensorError>> {
  const errors = new Map(pairs.map(({ name }) => [name, new TensorError()]));
  const isLarge = weightsBytes(request.original) > (request.mostBytesAtOnce ?? LARGE_MODEL_BYTES);
  for await (const { expected, actual } of isLarge ? inTurn(pairs, request) : sideBySide(pairs, request)) {
    for (const { name, seen } of pairs) {
      const [x, y] = [expected.get(name)!, actual.get(seen)!];
      // Tensors that share a name but not a shape mean different things in the two models.
      if (x.dims.join() === y.dims.join()) errors.get(name)!.add(x, y, x.stride);
    }
  }
  return new Map([...errors].filter(([, error]) => error.compared));
}

async function* sideBySide(pairs: readonly Pair[], request: LayersRequest): AsyncGenerator<Seen> {
  const { original, variant, context } = request;
  const opened: ThinnedTensors[] = [];
  try {
    const names = pairs.map(({ name }) => name);
    opened.push(await ThinnedTensors.open(original, names, context));
    const seen = pairs.map((pair) => pair.seen);
    opened.push(await ThinnedTensors.open(variant, seen, context));
    for await (const { feeds, expected } of ofOriginal(opened[0]!, request)) {
      const actual = await opened[1]!.at(feeds);
      yield { expected, actual };
      for (const { data } of [...expected.values(), ...actual.values()]) freeValues(data);
    }
  } finally {
    for (const tensors of opened) await tensors.release();
  }
}

/** One session at a time. */
async function* inTurn(pairs: readonly Pair[], request: LayersRequest): AsyncGenerator<Seen> {
  const { original, variant, context } = request;
  const kept: { feeds: Feeds; expected: Seen['expected'] }[] = [];
  const names = pairs.map(({ name }) => name);
  const first = await ThinnedTensors.open(original, names, context);
  try {
    for await (const sample of ofOriginal(first, request)) kept.push(sample);
  } finally {
    await first.release();
  }
  const seen = pairs.map((pair) => pair.seen);
  const second = await ThinnedTensors.open(variant, seen, context);
  try {
    for (const { feeds, expected } of kept) yield { expected, actual: await second.at(feeds) };
  } finally {
    await second.release();
  }
}

async function* ofOriginal(
  original: ThinnedTensors,
  { dataset, samples = DEFAULT_SAMPLES, onCompared }: LayersRequest,
): AsyncGenerator<{ feeds: Feeds; expected: Seen['expected'] }> {
  let done = 0;
  for await (const { feeds } of dataset.samples()) {
    const expected = await original.at(feeds);
    for (const { dims } of expected.values()) onCompared?.(elementCount(dims));
    yield { feeds, expected };
    if (++done >= samples) break;
  }
}

function withLosses(errors: ReadonlyMap<string, TensorError>, graph: Graph): LayerFidelity[] {
  const names = [...errors.keys()];
  const before = new Map(names.map((name) => [name, comparedBefore(name, errors, graph)]));
  const rescaled = rescaledTensors(errors, before);
  const sqnrOf = (name: string) =>
    rescaled.has(name) ? errors.get(name)!.sqnrOfRescaled() : errors.get(name)!.sqnr();
  return names.map((tensor) => {
    const producer = graph.producer(tensor)!;
    const sqnr = sqnrOf(tensor);
    const sources = before.get(tensor)!.map(sqnrOf);
    return {
      tensor,
      operator: producer.opType,
      node: producer.name,
      sqnr,
      rescaled: rescaled.has(tensor),
      loss: sources.length > 0 ? Math.min(...sources) - sqnr : null,
    };
  });
}

/** `before`: the tensors that each is computed from. Readers come after what they read, so the last is looked at first. */
function rescaledTensors(
  errors: ReadonlyMap<string, TensorError>,
  before: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  const rescaled = new Set<string>();
  for (const name of [...errors.keys()].reverse()) {
    const readers = [...before].filter(([, sources]) => sources.includes(name)).map(([reader]) => reader);
    const own = errors.get(name)!;
    const gain = own.sqnrOfRescaled() - own.sqnr();
    const least = own.sqnr() + (gain >= SURELY_RESCALED_DB ? 0 : RESCALED_DB);
    const undone = (reader: string) => {
      const error = errors.get(reader)!;
      return (rescaled.has(reader) ? error.sqnrOfRescaled() : error.sqnr()) >= least;
    };
    if (readers.length > 0 && readers.every(undone) && gain >= RESCALED_DB) rescaled.add(name);
  }
  return rescaled;
}

/** The nearest compared tensors that this one is computed from. */
function comparedBefore(tensor: string, compared: ReadonlyMap<string, unknown>, graph: Graph): string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    for (const input of graph.producer(name)?.input ?? []) {
      if (seen.has(input)) continue;
      seen.add(input);
      if (compared.has(input)) found.push(input);
      else visit(input);
    }
  };
  visit(tensor);
  return found;
}
