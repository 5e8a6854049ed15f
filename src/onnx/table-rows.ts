/** Rows of the tables that a model looks its inputs up in: a vocabulary's size, as the model has it. */
import type { Graph } from './graph.js';
import { dimsOf } from './tensor.js';

/** Between an input and its table. */
const PASSING = new Set(['Cast', 'Identity', 'Reshape', 'Unsqueeze', 'Squeeze', 'Flatten']);

/** Of an input that holds indices of a Gather along the first axis of an initializer: that one's rows, of several the fewest; null for other inputs. */
export function inputTableRows(graph: Graph, input: string): number | null {
  const found = tablesOf(graph, input);
  return found.length > 0 ? Math.min(...found) : null;
}

function tablesOf(graph: Graph, value: string): number[] {
  return graph.consumers(value).flatMap((node) => {
    if (node.opType === 'Gather' && node.input[1] === value) {
      const axis = Number(node.attribute.find(({ name }) => name === 'axis')?.i ?? 0);
      const table = graph.initializers.get(node.input[0]!);
      const dims = table === undefined ? [] : dimsOf(table);
      return axis === 0 && dims.length === 2 ? [dims[0]!] : [];
    }
    return PASSING.has(node.opType) && node.input[0] === value ? tablesOf(graph, node.output[0]!) : [];
  });
}
