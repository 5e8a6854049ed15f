/** Shapes as far as the graph alone proves them: a dimension is a number, or a name that stands for the same unknown number wherever
 *  it appears.
 *
 *  Unlike ONNX Runtime's own inference it follows a dimension through Shape → Gather → Concat → Reshape, and unlike a sample's
 *  shapes what it says holds for every input. Operators that it doesn't know get new names for all their dimensions. */
import type { Graph } from '../graph.js';
import { outputOf } from '../node.js';
import { tensorType } from '../tensor/tensor-type.js';
import { type Dimension, unknown } from './dimension.js';
import { heldValues } from './held-values.js';
import { Known } from './known.js';
import { outputShapes } from './output-shapes.js';

export interface SymbolicShapes {
  shapes: ReadonlyMap<string, readonly Dimension[]>;
  /** What int64 scalars (one element) and vectors hold, where it is known: shapes in the making. */
  values: ReadonlyMap<string, readonly Dimension[]>;
}

/** @param rank of a tensor whose operator is not known here; undefined or 0 when nobody knows (ONNX Runtime calls both []). */
export function inferSymbolicShapes(
  graph: Graph,
  rank: (name: string) => number | undefined = () => undefined,
): SymbolicShapes {
  const known = new Known(graph);
  for (const input of graph.inputs) {
    const shape = tensorType(input)?.shape;
    if (shape) known.shapes.set(input.name, shape.map(declared(input.name)));
  }
  for (const node of graph.topologicalNodes()) {
    const shapes = outputShapes(node, known);
    for (const [index, name] of node.output.entries()) {
      if (name === '') continue;
      const shape = shapes[index] ?? named(name, rank(name) ?? 0);
      if (shape) known.shapes.set(name, shape);
    }
    const values = heldValues(node, known);
    if (values && outputOf(node) !== '') known.values.set(outputOf(node), values);
  }
  return known;
}

const named = (name: string, rank: number): Dimension[] | undefined =>
  rank > 0 ? Array.from({ length: rank }, (_, axis) => unknown(name, axis)) : undefined;

const declared =
  (name: string) =>
  (dim: number | string, axis: number): Dimension =>
    typeof dim === 'number' && dim >= 0 ? dim : unknown(name, axis);
