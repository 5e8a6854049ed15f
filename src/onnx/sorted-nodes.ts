/** The order in which nodes can run. */
import type { NodeProto } from 'onnx-buf';
import { referencesOf } from './scopes.js';

/**
 * Nodes in an order where every value is written before it is read: the given one if it is such an order, else as near to it as may be
 * (Kahn's algorithm). Nodes that are in or behind a cycle are left out.
 */
export function sortedNodes(
  nodes: ReadonlySet<NodeProto>,
  producers: ReadonlyMap<string, NodeProto>,
): NodeProto[] {
  if (isSorted(nodes, producers)) return [...nodes];
  const position = new Map([...nodes].map((node, index) => [node, index]));
  const waiting = new Map<NodeProto, number>();
  const readers = new Map<NodeProto, NodeProto[]>([...nodes].map((node) => [node, []]));
  for (const node of nodes) {
    const needed = new Set(referencesOf(node).flatMap((name) => producers.get(name) ?? []));
    waiting.set(node, needed.size);
    for (const producer of needed) readers.get(producer)?.push(node);
  }
  const ready = [...nodes].filter((node) => waiting.get(node) === 0).reverse();
  const sorted: NodeProto[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    sorted.push(node);
    const unblocked: NodeProto[] = [];
    for (const reader of readers.get(node) ?? []) {
      const left = waiting.get(reader)! - 1;
      waiting.set(reader, left);
      if (left === 0) unblocked.push(reader);
    }
    unblocked.sort((a, b) => position.get(b)! - position.get(a)!);
    ready.push(...unblocked);
  }
  return sorted;
}

function isSorted(nodes: ReadonlySet<NodeProto>, producers: ReadonlyMap<string, NodeProto>): boolean {
  const written = new Set<NodeProto>();
  for (const node of nodes) {
    for (const name of referencesOf(node)) {
      const producer = producers.get(name);
      if (producer && !written.has(producer)) return false;
    }
    written.add(node);
  }
  return true;
}
