/** Chooses which groups run in 8 bits, so that the sum of kernels and of crossings between float and 8 bits is least.
 *
 *  Every group is float or 8-bit; a tensor that crosses costs a QuantizeLinear or DequantizeLinear. That is a minimum cut, and
 *  solved exactly: an operator that loses alone is taken along where it joins winners, and an island too small to pay for its
 *  shores stays float. */

import type { Graph } from '../../../onnx/graph.js';
import type { Costs } from './costs.js';
import type { Group } from './group.js';
import { Network } from './minimum-cut.js';

export interface PlanOptions {
  costs: Costs;
  /** Groups that must run in 8 bits whatever they cost (the user said so). */
  forced?: ReadonlySet<Group>;
}

export interface Plan {
  quantized: Group[];
  float: Group[];
  /** Microseconds by the cost table: all groups float, and as planned. */
  estimate: { float: number; planned: number };
}

export function planGroups(groups: readonly Group[], graph: Graph, { costs, forced }: PlanOptions): Plan {
  const network = new Network();
  const nodes = new Map(groups.map((group) => [group, network.addNode()]));
  const producer = new Map(groups.flatMap((group) => group.outputs.map((name) => [name, group] as const)));
  const readers = new Map<string, Set<Group>>();
  for (const group of groups) {
    for (const name of group.inputs) {
      if (!readers.has(name)) readers.set(name, new Set());
      readers.get(name)!.add(group);
    }
  }
  // The source's side runs in 8 bits.
  for (const [group, node] of nodes) {
    const { float, int8 } = costs.group(group);
    const floatCost = forced?.has(group) ? Number.POSITIVE_INFINITY : float;
    network.addEdge(network.source, node, floatCost);
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
    const among = readers.get(name) ?? new Set();
    const readerNodes = new Set([...among].map((reader) => reader.node));
    const floatReaders = graph.consumers(name).some((node) => !readerNodes.has(node)) || graph.isOutput(name);
    const kept = network.addNode();
    network.addEdge(nodes.get(writer)!, kept, costs.dequantize(name));
    if (floatReaders) network.addEdge(kept, network.sink, Number.POSITIVE_INFINITY);
    for (const reader of among) network.addEdge(kept, nodes.get(reader)!, Number.POSITIVE_INFINITY);
  }
  const side = network.sourceSide();
  const quantized = groups.filter((group) => side.has(nodes.get(group)!));
  const chosen = new Set(quantized);
  const float = groups.filter((group) => !chosen.has(group));
  return { quantized, float, estimate: estimate(groups, chosen, { costs, readers, producer, graph }) };
}

interface EstimateContext {
  costs: Costs;
  readers: ReadonlyMap<string, ReadonlySet<Group>>;
  producer: ReadonlyMap<string, Group>;
  graph: Graph;
}

function estimate(
  groups: readonly Group[],
  chosen: ReadonlySet<Group>,
  context: EstimateContext,
): Plan['estimate'] {
  const { costs, readers, producer, graph } = context;
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
    const inside = new Set(
      [...(readers.get(name) ?? [])].filter((reader) => chosen.has(reader)).map(({ node }) => node),
    );
    if (graph.isOutput(name) || graph.consumers(name).some((node) => !inside.has(node))) {
      planned += costs.dequantize(name);
    }
  }
  return { float, planned };
}
