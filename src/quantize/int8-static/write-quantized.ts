/** Writes a quantized copy of a prepared model; the model itself stays float, for the next try. */

import type { NodeProto } from 'onnx-buf';
import { copyModel } from '../../onnx/edit/copy-model.js';
import { type WriteOptions, writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import type { RunContext } from '../../runtime/context.js';
import type { TensorRange } from '../calibrate/minmax.js';
import type { Selection } from '../method/selection.js';
import { keepIntegerShapes } from '../prepare/write-prepared.js';
import { activationParameters } from './activation-parameters.js';
import { insertQuantization } from './edit/insert-qdq.js';
import type { WeightCache } from './edit/weight-cache.js';
import type { Group } from './placement/group.js';
import type { Scheme, WeightScheme } from './placement/scheme.js';
import { QDQ_OPSET } from './qdq-opset.js';
import type { InputMoments } from './recover/covariance.js';

export interface QuantizedParts {
  model: Model;
  groups: readonly Group[];
  ranges: ReadonlyMap<string, TensorRange>;
  scheme: Scheme;
  selection: Selection;
  recovery: Recovery;
  /** What the weights became in the files that were written before. */
  weights: WeightCache;
  context: Pick<RunContext, 'signal'>;
}

/** What wins accuracy back where it helps, by tensor name. */
export interface Recovery {
  /** Mean of each channel that weighted operators read, for bias correction; null: none. */
  means: ReadonlyMap<string, Float32Array> | null;
  /** Moments of what weighted operators read, for adaptive rounding; null: to the nearest. */
  moments: ReadonlyMap<string, InputMoments> | null;
  /** What outputs of the model are off by in the mean, one value per channel; null: not known, or nothing sure. */
  drifts: ReadonlyMap<string, Float32Array> | null;
}

/** Writes a quantized copy. @throws Interrupted */
export async function writeQuantized(
  out: string,
  parts: QuantizedParts,
  options: WriteOptions = {},
): Promise<void> {
  const { signal } = parts.context;
  await writeModelUnlessInterrupted(quantizedModel(parts).model, out, { ...options, signal });
}

/** A quantized copy. */
export interface QuantizedModel {
  model: Model;
  /** Names of the 8-bit tensors, by those of the tensors. */
  quantized: Map<string, string>;
}

export function quantizedModel({
  model,
  groups,
  ranges,
  scheme,
  selection,
  recovery,
  weights,
}: QuantizedParts): QuantizedModel {
  const copy = copyModel(model);
  const domain = copy.opset() >= QDQ_OPSET ? '' : 'com.microsoft';
  const quantized = insertQuantization(copy.graph, counterparts(groups, model.graph, copy.graph), {
    parameters: activationParameters(groups, ranges, { graph: model.graph, scheme: scheme.activation }),
    domain,
    scheme: (node) => weightScheme(scheme.weight, selection, node),
    weights,
    bias: scheme.bias,
    scaleSigns: scheme.scaleSigns,
    padsChannels: scheme.padsChannels && domain === '',
    ...recovery,
  });
  if (domain !== '') copy.setOpset(domain, 1);
  copy.graph.prune();
  keepIntegerShapes(copy.graph);
  copy.proto.producerName = 'quantgate';
  return { model: copy, quantized };
}

/** The same groups with the nodes of a copy of their graph. */
function counterparts(groups: readonly Group[], from: Graph, to: Graph): Group[] {
  const copies = to.nodes;
  const copyOf = new Map(from.topologicalNodes().map((node, index) => [node, copies[index]!]));
  return groups.map((group) => ({
    ...group,
    node: copyOf.get(group.node)!,
    clamps: group.clamps.map((clamp) => copyOf.get(clamp)!),
  }));
}

function weightScheme(base: WeightScheme, selection: Selection, node: NodeProto): WeightScheme {
  const perChannel = selection.override(node)?.perChannel;
  return perChannel === undefined ? base : { ...base, perChannel };
}
