/** What every transform relies on and no runtime accepts otherwise: each value of a graph is written once, and nothing waits for itself. */
import type { NodeProto } from 'onnx-buf';
import { UserError } from '../../errors.js';
import { subgraphsOf } from '../attributes.js';
import { Graph } from '../graph.js';

/** Checks a graph and the bodies in it. @param file how messages call the model.
 *  @throws UserError for a value that is written twice, and for nodes that wait for each other. */
export function assertValidGraph(graph: Graph, file: string): void {
  const written = new Set([...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)]);
  for (const node of graph.nodes) {
    for (const name of node.output) {
      if (name === '') continue;
      if (written.has(name))
        throw invalid(file, `'${name}', which ${labelOf(node)} writes, is written elsewhere, too`);
      written.add(name);
    }
    for (const body of subgraphsOf(node)) assertValidGraph(new Graph(body, graph.directory), file);
  }
  const waiting = graph.unsortable;
  if (waiting) throw invalid(file, `${labelOf(waiting)} waits for what is computed from its own outputs`);
}

function labelOf({ opType, name }: NodeProto): string {
  return name === '' ? `a node (${opType})` : `${opType} '${name}'`;
}

function invalid(file: string, what: string): UserError {
  return new UserError('model.invalid', `${file} is no valid ONNX model: ${what}. Export it again.`);
}
