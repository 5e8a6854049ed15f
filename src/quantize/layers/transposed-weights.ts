/** Matrices that a model holds twice, once each way round: what is unpacked when the file is loaded serves both. */
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';

/** Matrices that were folded: one that is another's transposed is made of the same blocks. */
export class FoldedMatrices {
  readonly #graph: Graph;
  readonly #made = new Map<string, string>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  add(name: string, made: string): void {
    if (this.#graph.dims(name).length === 2) this.#made.set(name, made);
  }

  transposed(name: string): string | null {
    for (const [other, made] of this.#made)
      if (other !== name && isTransposed(this.#graph, other, name))
        return transposedForm(this.#graph, made, name);
    return null;
  }
}

/** Whether two matrices of one type hold the same values, one the other way round. */
export function isTransposed(graph: Graph, one: string, other: string): boolean {
  const dims = graph.dims(one);
  if (dims.length !== 2 || graph.dims(other).join() !== dims.toReversed().join()) return false;
  if (graph.constant(one)!.dataType !== graph.constant(other)!.dataType) return false;
  const [a, b] = [graph.realValues(one), graph.realValues(other)];
  const [rows, columns] = dims as [number, number];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      if (a[row * columns + column] !== b[column * rows + row]) return false;
  return true;
}

/** The float form of a matrix by that of its transposed. */
export function transposedForm(graph: Graph, made: string, name: string): string {
  const turned = graph.freshName(`${name}_float`);
  graph.addNode(
    makeNode('Transpose', [made], [turned], { name: turned, attributes: { perm: { ints: [1, 0] } } }),
  );
  return turned;
}
