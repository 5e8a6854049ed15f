/** Chooses which groups run in 8 bits, so that the sum of kernels and of crossings between float and 8 bits is least.
 *
 *  Every group is float or 8-bit; a tensor that crosses costs a QuantizeLinear or DequantizeLinear. That is a minimum cut, and
 *  solved exactly: an operator that loses alone is taken along where it joins winners, and an island too small to pay for its
 *  shores stays float. */

import type { Graph } from '../../../onnx/graph.js';
import type { Costs } from './costs.js';
import type { Group } from './group.js';
import { Network } from './minimum-cut.js';

export interface PartitionOptions {
  costs: Costs;
  /** Groups that must run in 8 bits whatever they cost (the user said so). */
  forced?: ReadonlySet<Group>;
}

export interface Partition {
  quantized: Group[];
  float: Group[];
  /** Microseconds by the cost table: all groups float, and as planned. */
  estimate: { float: number; planned: number };
}

export function partitionGroups(
  groups: readonly Group[],
  graph: Graph,
  { costs, forced }: PartitionOptions,
): Partition {
  const flow = new Dataflow(groups, graph);
  const side = minimumCut(flow, { costs, forced });
  const quantized = groups.filter((group) => side.has(group));
  const float = groups.filter((group) => !side.has(group));
  return { quantized, float, estimate: estimate(groups, new Set(quantized), { costs, flow }) };
}

/** Who writes and who reads the groups' tensors. */
class Dataflow {
  readonly groups: readonly Group[];
  readonly producer: ReadonlyMap<string, Group>;
  readonly readers = new Map<string, Set<Group>>();
  readonly #graph: Graph;

  constructor(groups: readonly Group[], graph: Graph) {
    this.groups = groups;
    this.#graph = graph;
    this.producer = new Map(groups.flatMap((group) => group.outputs.map((name) => [name, group] as const)));
    for (const group of groups) {
      for (const name of group.inputs) {
        const among = this.readers.get(name) ?? new Set();
        this.readers.set(name, among.add(group));
      }
    }
  }

  /** Whether anyone reads the tensor but the groups among `readers`. */
  isReadBesides(name: string, readers: Iterable<Group>): boolean {
    const nodes = new Set([...readers].map((reader) => reader.node));
    return this.#graph.isOutput(name) || this.#graph.consumers(name).some((node) => !nodes.has(node));
  }
}

/** The groups on the side that runs in 8 bits. */
function minimumCut(flow: Dataflow, { costs, forced }: PartitionOptions): Set<Group> {
  const { groups, producer, readers } = flow;
  const network = new Network();
  const nodes = new Map(groups.map((group) => [group, network.addNode()]));
  // The source's side runs in 8 bits.
  for (const [group, node] of nodes) {
    const { float, int8 } = costs.group(group);
    network.addEdge(network.source, node, forced?.has(group) ? Number.POSITIVE_INFINITY : float);
    network.addEdge(node, network.sink, int8);
  }
  for (const [name, among] of readers) {
    // One QuantizeLinear serves all 8-bit readers of a float tensor.
    const wanted = network.addNode();
    for (const reader of among) network.addEdge(nodes.get(reader)!, wanted, Number.POSITIVE_INFINITY);
    const writer = producer.get(name);
    network.addEdge(wanted, writer ? nodes.get(writer)! : network.sink, costs.quantize(name));
  }
  for (const [name, writer] of producer) {
    if (writer.floatOutput) continue;
    const among = readers.get(name) ?? [];
    const kept = network.addNode();
    network.addEdge(nodes.get(writer)!, kept, costs.dequantize(name));
    if (flow.isReadBesides(name, among)) network.addEdge(kept, network.sink, Number.POSITIVE_INFINITY);
    for (const reader of among) network.addEdge(kept, nodes.get(reader)!, Number.POSITIVE_INFINITY);
  }
  const side = network.sourceSide();
  return new Set(groups.filter((group) => side.has(nodes.get(group)!)));
}

function estimate(
  groups: readonly Group[],
  chosen: ReadonlySet<Group>,
  { costs, flow }: { costs: Costs; flow: Dataflow },
): Partition['estimate'] {
  const { producer, readers } = flow;
  let float = 0;
  let planned = 0;
  for (const group of groups) {
    const cost = costs.group(group);
    float += cost.float;
    planned += chosen.has(group) ? cost.int8 : cost.float;
  }
  for (const [name, among] of readers) {
    const writer = producer.get(name);
    if (!(writer && chosen.has(writer)) && [...among].some((reader) => chosen.has(reader))) {
      planned += costs.quantize(name);
    }
  }
  for (const [name, writer] of producer) {
    if (!chosen.has(writer) || writer.floatOutput) continue;
    const inside = [...(readers.get(name) ?? [])].filter((reader) => chosen.has(reader));
    if (flow.isReadBesides(name, inside)) planned += costs.dequantize(name);
  }
  return { float, planned };
}
