/** Switches whose sides are branches of If: a run computes only the side that is read, where Where reads both. */
import { create } from '@bufbuild/protobuf';
import { type GraphProto, GraphProtoSchema, type NodeProto, type TensorProto } from 'onnx-buf';
import { makeNode, makeValue } from '../build.js';
import type { Graph } from '../graph.js';
import { referencesOf } from '../scopes.js';
import { sortedNodes } from '../sorted-nodes.js';
import { tensorByteLength } from '../tensor/tensor.js';

/** Weights in branches are parsed and copied where others are mapped: of a large model the rest stays outside, where it is read as well. */
const MOST_MOVED_BYTES = 2 ** 26;

/** Makes an If of each switch (switches.ts) that one truth value sets for all elements. What only one side needs moves into its branch, other
 *  switches and weights included: ONNX Runtime packs and lays out only weights that lie beside their operator. What both need stays.
 *  @param outputs names of what the switches give. @param mostMovedBytes of weights. */
export function computeReadSide(
  graph: Graph,
  outputs: ReadonlySet<string>,
  mostMovedBytes = MOST_MOVED_BYTES,
): void {
  // From the inputs on: a switch that lies on a side of another is an If already when it moves.
  let room = mostMovedBytes;
  for (const node of graph.topologicalNodes())
    if (outputs.has(node.output[0] ?? '')) room -= intoIf(graph, node, room);
}

/** @param room of how many bytes weights may move. @returns of how many they did. */
function intoIf(graph: Graph, node: NodeProto, room: number): number {
  const [by, ...values] = node.input as [string, string, string];
  const sides = values.map((value) => neededOnlyFor(value, node, graph));
  const bodies = values.map((value, index) => bodyOf(value, { side: sides[index]!, room: room / 2 }, graph));
  for (const moved of [node, ...sides.flatMap((side) => [...side])]) graph.removeNode(moved);
  const weights = bodies.flatMap(({ initializer }) => initializer);
  for (const { name } of weights) graph.removeInitializer(name);
  const attributes = { then_branch: { graph: bodies[0]! }, else_branch: { graph: bodies[1]! } };
  graph.addNode(makeNode('If', [by], node.output, { name: node.name, attributes }));
  return bytesOf(weights);
}

function bytesOf(tensors: readonly TensorProto[]): number {
  return tensors.reduce((sum, tensor) => sum + tensorByteLength(tensor), 0);
}

/** The nodes without which only this one input of the reader couldn't be computed. */
function neededOnlyFor(value: string, reader: NodeProto, graph: Graph): Set<NodeProto> {
  const found = new Set<NodeProto>();
  const isRead = (name: string) =>
    graph.isOutput(name) ||
    graph.consumers(name).some((each) => (each === reader ? !isOnly(name) : !found.has(each)));
  const isOnly = (name: string) =>
    name === value && reader.input.filter((read) => read === name).length === 1;
  const queue = [value];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const producer = graph.producer(name);
    // Seen again from its other readers, the last of which may be found only then.
    if (!producer || found.has(producer) || producer.output.some(isRead)) continue;
    found.add(producer);
    queue.push(...referencesOf(producer));
  }
  return found;
}

function bodyOf(
  value: string,
  { side, room }: { side: ReadonlySet<NodeProto>; room: number },
  graph: Graph,
): GraphProto {
  const weights = weightsOf(side, graph);
  const producers = new Map([...side].flatMap((node) => node.output.map((name) => [name, node] as const)));
  const nodes = sortedNodes(side, producers);
  const isHere = producers.has(value);
  const output = isHere ? value : graph.freshName(`${value}_same`);
  if (!isHere) nodes.push(makeNode('Identity', [value], [output]));
  return create(GraphProtoSchema, {
    name: graph.freshName(`${value}_side`),
    node: nodes,
    initializer: bytesOf(weights) <= room ? weights : [],
    output: [makeValue(output)],
  });
}

/** Initializers that nothing else reads. */
function weightsOf(side: ReadonlySet<NodeProto>, graph: Graph): TensorProto[] {
  const names = new Set([...side].flatMap(referencesOf));
  return [...names].flatMap((name) => {
    const tensor = graph.initializers.get(name);
    const isMovable =
      tensor?.externalData.length === 0 &&
      !graph.isOutput(name) &&
      graph.consumers(name).every((node) => side.has(node));
    return isMovable ? [tensor] : [];
  });
}
