/** Layers that read the same activation become one product and a Split: x·[Q K V] = [x·Q, x·K, x·V].
 *
 *  With a scale per channel not a bit changes, and on short sequences, where each product is too small to keep the cores busy, one is
 *  faster than three: 5 % of a six-layer sentence encoder's time at 8 and 17 tokens, 1 % at 64. */
import { makeNode } from '../../onnx/build.js';
import { addSplit } from '../../onnx/edit/split.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { additionTo } from '../../onnx/query/addition.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { dimsOf } from '../../onnx/tensor/tensor.js';
import { type LinearLayer, layerWeights } from '../layers/linear-layer.js';
import { nodeLabel } from '../method/selection.js';

/** Larger products are busy enough, and merging would hold their weights twice. */
const MOST_WEIGHTS = 2 ** 24;

/** Merges what can be merged in the graph; gives the layers that there are now. Where weights are shared, all their readers are merged in
 *  the same way, or none is. */
export function mergeLayers(model: Model, layers: readonly LinearLayer[]): LinearLayer[] {
  const { graph } = model;
  const groups = new Map<string, LinearLayer[]>();
  for (const layer of layers) groups.set(layer.input, [...(groups.get(layer.input) ?? []), layer]);
  const families = new Map<string, LinearLayer[][]>();
  for (const group of groups.values()) {
    const key = weightsKey(group);
    families.set(key, [...(families.get(key) ?? []), group]);
  }
  const merges = new Set([...families.values()].filter((family) => canMerge(graph, family)).flat());
  const weights = new Map<string, string>();
  return [...groups.values()].flatMap((group) => (merges.has(group) ? merge(model, group, weights) : group));
}

function weightsKey(group: readonly LinearLayer[]): string {
  return JSON.stringify(group.map(({ weight }) => weight));
}

/** @param family groups with the same weights. */
function canMerge(graph: Graph, family: readonly (readonly LinearLayer[])[]): boolean {
  return family.every((group) => {
    const { depth } = group[0]!;
    const channels = channelsOf(group);
    const plain = group.every(({ node }) => node.opType === 'MatMul' && node.domain === '');
    if (group.length < 2 || !plain || depth * channels > MOST_WEIGHTS) return false;
    // Read by somebody else too, a weight would be there once more.
    if (group.some(({ weight }) => graph.consumers(weight).length !== family.length)) return false;
    const ends = group.map((layer) => biasBehind(graph, layer));
    return ends.every((end) => (end === null) === (ends[0] === null));
  });
}

function channelsOf(group: readonly LinearLayer[]): number {
  return group.reduce((sum, layer) => sum + layer.channels, 0);
}

/** The one layer that a group becomes.
 *  @param weights made so far, by the weights in them. */
function merge(model: Model, group: readonly LinearLayer[], weights: Map<string, string>): LinearLayer {
  const { graph } = model;
  const { input, depth } = group[0]!;
  const channels = channelsOf(group);
  const ends = group.map((layer) => biasBehind(graph, layer));
  const base = `${group[0]!.weight}_merged`;
  const key = weightsKey(group);
  const weight =
    weights.get(key) ?? graph.addConstant(base, DataType.FLOAT, [depth, channels], sideBySide(graph, group));
  weights.set(key, weight);
  const outputs = group.map(({ node }, i) => (ends[i]?.add ?? node).output[0]!);
  const product = graph.freshName(`${base}_product`);
  const name = `${nodeLabel(group[0]!.node)}_merged`;
  for (const { node } of group) graph.removeNode(node);
  const node = graph.addNode(makeNode('MatMul', [input, weight], [product], { name }));
  let joined = product;
  if (ends[0]) {
    const values = Float32Array.from(ends.flatMap((end) => [...end!.values]));
    const bias = graph.addConstant(`${base}_bias`, DataType.FLOAT, [channels], values);
    for (const end of ends) graph.removeNode(end!.add);
    joined = graph.freshName(`${base}_sum`);
    graph.addNode(makeNode('Add', [product, bias], [joined], { name: joined }));
  }
  addSplit(model, joined, { outputs, sizes: group.map((layer) => layer.channels), axis: -1 });
  return { node, input, weight, depth, channels, transposed: false, alpha: 1, bias: null };
}

/** The Add of a constant per channel that alone reads a layer's output; null where there is none. */
function biasBehind(
  graph: Graph,
  { node, channels }: LinearLayer,
): { add: ReturnType<typeof makeNode>; values: Float32Array } | null {
  const addition = additionTo(outputOf(node), graph);
  if (!addition) return null;
  const tensor = graph.constant(addition.addend);
  if (tensor?.dataType !== DataType.FLOAT || String(dimsOf(tensor)) !== String([channels])) return null;
  return { add: addition.node, values: graph.floats(addition.addend) };
}

/** [depth, channels] of all layers, row by row. */
function sideBySide(graph: Graph, group: readonly LinearLayer[]): Float32Array {
  const { depth } = group[0]!;
  const channels = channelsOf(group);
  const values = new Float32Array(depth * channels);
  let first = 0;
  for (const layer of group) {
    const weights = layerWeights(graph, layer);
    for (let row = 0; row < depth; row++) {
      const from = row * layer.channels;
      values.set(weights.subarray(from, from + layer.channels), row * channels + first);
    }
    first += layer.channels;
  }
  return values;
}
