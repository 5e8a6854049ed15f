/** What nodes read from the scopes around them: bodies of If, Loop and Scan see the values of the graphs that hold them. */
import type { GraphProto, NodeProto } from 'onnx-buf';
import { subgraphsOf } from './attributes.js';

/** Names of the outer scope that a node reads: its inputs, and what its subgraphs read without defining it. */
export function referencesOf(node: NodeProto): string[] {
  const names = node.input.filter((name) => name !== '');
  for (const graph of subgraphsOf(node)) names.push(...outerReferences(graph));
  return names;
}

/** Names that a subgraph reads from the scopes around it (its outputs included: a branch may hand through an outer value). */
export function outerReferences(graph: GraphProto): string[] {
  const defined = new Set<string>([
    ...graph.input.map((value) => value.name),
    ...graph.initializer.map((tensor) => tensor.name),
    ...graph.node.flatMap((node) => node.output),
  ]);
  const read = new Set<string>([
    ...graph.node.flatMap(referencesOf),
    ...graph.output.map((value) => value.name),
  ]);
  return [...read].filter((name) => name !== '' && !defined.has(name));
}

/** Adds the names that a subgraph and those within it define: of values and of nodes. */
export function addDefinedNames(graph: GraphProto, names: Set<string>): void {
  for (const value of graph.input) names.add(value.name);
  for (const tensor of graph.initializer) names.add(tensor.name);
  for (const node of graph.node) {
    names.add(node.name);
    for (const name of node.output) names.add(name);
    for (const inner of subgraphsOf(node)) addDefinedNames(inner, names);
  }
}

/** Makes a node, its subgraphs included, read another value. */
export function renameReads(node: NodeProto, from: string, to: string): void {
  node.input = node.input.map((name) => (name === from ? to : name));
  for (const graph of subgraphsOf(node)) {
    if (!outerReferences(graph).includes(from)) continue;
    for (const inner of graph.node) renameReads(inner, from, to);
    for (const output of graph.output) if (output.name === from) output.name = to;
  }
}
