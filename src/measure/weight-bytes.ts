/** Where the bytes of a model's weights lie: by element type, and by the layer that reads them. */
import type { NodeProto } from 'onnx-buf';
import { type Weight, weightsOf } from '../onnx/file/weights.js';
import type { Graph } from '../onnx/graph.js';
import type { Model } from '../onnx/model.js';
import { elementTypeName } from '../onnx/tensor/element-type.js';
import { tensorByteLength } from '../onnx/tensor/tensor.js';
import { nodeLabel } from '../quantize/method/selection.js';
import { elementCount } from '../tensor/dims.js';
import type { WeightBytes } from '../terms/report.js';

/** Layers reported: the largest. */
const LARGEST = 20;

type Layer = WeightBytes['layers'][number];

/** @param model an outline will do. @param among nodes to report; default: the largest of the model's own. */
export function weightBytes({ proto, graph }: Model, among?: ReadonlySet<string>): WeightBytes {
  const weights = weightsOf(proto);
  const layers = layersOf(weights, graph);
  const largest =
    among ??
    new Set(
      layers
        .toSorted((a, b) => b.bytes - a.bytes)
        .slice(0, LARGEST)
        .map(({ node }) => node),
    );
  return { types: typesOf(weights), layers: layers.filter(({ node }) => largest.has(node)) };
}

/** Bytes of the weights that each layer reads, by its name. A weight of several layers counts for the first. */
export function layerBytes(model: Model): Map<string, number> {
  return new Map(layersOf(weightsOf(model.proto), model.graph).map(({ node, bytes }) => [node, bytes]));
}

function typesOf(weights: readonly Weight[]): WeightBytes['types'] {
  const types = new Map<string, number>();
  for (const { tensor, values } of weights) {
    const elements = elementCount(tensor.dims);
    const stored = elementTypeName(tensor.dataType);
    const type = values > elements ? `${Math.round((8 * elements) / values)}-bit in ${stored}` : stored;
    types.set(type, (types.get(type) ?? 0) + tensorByteLength(tensor));
  }
  return [...types].map(([type, bytes]) => ({ type, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** In the order of the graph's nodes. */
function layersOf(weights: readonly Weight[], graph: Graph): Layer[] {
  const layers = new Map<NodeProto, Layer>();
  const constant = constantNodes(graph);
  for (const { name, tensor } of weights) {
    const node = readerOf(name, graph, constant);
    const bytes = tensorByteLength(tensor);
    if (node === null || bytes === 0) continue;
    const known = layers.get(node) ?? { node: nodeLabel(node), operator: node.opType, bytes: 0 };
    layers.set(node, { ...known, bytes: known.bytes + bytes });
  }
  const place = new Map(graph.nodes.map((node, index) => [node, index]));
  return [...layers].sort(([a], [b]) => place.get(a)! - place.get(b)!).map(([, layer]) => layer);
}

/** Nodes that compute with constants alone: what unpacks, scales and lays out a weight before its layer reads it. */
function constantNodes(graph: Graph): Set<NodeProto> {
  const nodes = new Set<NodeProto>();
  const isConstant = (name: string) => {
    const producer = graph.producer(name);
    return name === '' || (producer ? nodes.has(producer) : graph.initializers.has(name));
  };
  for (const node of graph.topologicalNodes())
    if (node.opType === 'Constant' || (node.input.length > 0 && node.input.every(isConstant)))
      nodes.add(node);
  return nodes;
}

/** The first node that computes with the weight and something else; null: there is none in the main graph. */
function readerOf(name: string, graph: Graph, constant: ReadonlySet<NodeProto>): NodeProto | null {
  let [reader] = graph.consumers(name);
  while (reader && constant.has(reader)) [reader] = graph.consumers(reader.output[0] ?? '');
  return reader ?? null;
}
