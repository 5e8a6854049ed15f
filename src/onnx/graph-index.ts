/** Which node writes a value of a graph, which nodes read it, and which names are taken. Subgraphs count as their node's reading. */
import type { GraphProto, NodeProto } from 'onnx-buf';
import { subgraphsOf } from './attributes.js';
import { addDefinedNames, referencesOf } from './scopes.js';

/** Whoever changes what a node reads takes it out of the index before, and puts it back afterwards. */
export class GraphIndex {
  readonly #producers = new Map<string, NodeProto>();
  /** Counted: a node may read the same value twice. */
  readonly #consumers = new Map<string, Map<NodeProto, number>>();
  readonly #names = new Set<string>();
  readonly #nodeNames = new Set<string>();

  constructor({ node, input, output, initializer, valueInfo }: GraphProto) {
    for (const value of [...initializer, ...input, ...output, ...valueInfo]) this.#names.add(value.name);
    for (const each of node) this.add(each);
  }

  get producers(): ReadonlyMap<string, NodeProto> {
    return this.#producers;
  }

  /** The nodes that read a value; undefined where none ever did. */
  consumers(name: string): ReadonlyMap<NodeProto, number> | undefined {
    return this.#consumers.get(name);
  }

  isTaken(name: string): boolean {
    return this.#names.has(name);
  }

  isNodeName(name: string): boolean {
    return this.#nodeNames.has(name);
  }

  takeName(name: string): void {
    this.#names.add(name);
  }

  add(node: NodeProto): void {
    for (const name of node.output) if (name !== '') this.addOutput(node, name);
    this.#names.add(node.name);
    this.#nodeNames.add(node.name);
    for (const graph of subgraphsOf(node)) addDefinedNames(graph, this.#names);
    this.addReads(node);
  }

  remove(node: NodeProto): void {
    this.#nodeNames.delete(node.name);
    for (const name of node.output) this.removeOutput(node, name);
    this.removeReads(node);
  }

  addOutput(node: NodeProto, name: string): void {
    this.#producers.set(name, node);
    this.#names.add(name);
  }

  removeOutput(node: NodeProto, name: string): void {
    if (this.#producers.get(name) === node) this.#producers.delete(name);
  }

  addReads(node: NodeProto): void {
    for (const name of referencesOf(node)) {
      let readers = this.#consumers.get(name);
      if (!readers) {
        readers = new Map();
        this.#consumers.set(name, readers);
      }
      readers.set(node, (readers.get(node) ?? 0) + 1);
      this.#names.add(name);
    }
  }

  removeReads(node: NodeProto): void {
    for (const name of referencesOf(node)) this.#consumers.get(name)?.delete(node);
  }

  /** The values that some values are computed of, themselves included, and the nodes that compute them. */
  neededBy(values: Iterable<string>): { names: Set<string>; nodes: Set<NodeProto> } {
    const names = new Set(values);
    const nodes = new Set<NodeProto>();
    const queue = [...names];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const node = this.#producers.get(name);
      if (!node || nodes.has(node)) continue;
      nodes.add(node);
      for (const input of referencesOf(node)) {
        if (names.has(input)) continue;
        names.add(input);
        queue.push(input);
      }
    }
    return { names, nodes };
  }
}
