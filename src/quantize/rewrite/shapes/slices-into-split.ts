/** Several Slices that take a tensor apart, each number once, are one Split. Where they cut along several axes into pieces of length 1 (the
 *  states of a streaming model, which travel in one tensor), a Transpose brings these axes to the front first.
 *
 *  For small tensors only: there an operator's call takes longer than what it copies. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../../onnx/build.js';
import { addSplit } from '../../../onnx/edit/split.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { bounds, sliceRanges } from '../../../onnx/shapes/slice-ranges.js';
import type { SymbolicShapes } from '../../../onnx/shapes/symbolic-shapes.js';
import { isView } from '../../../onnx/shapes/views.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { elementCount } from '../../../tensor/dims.js';
import type { Declined, RewriteContext, ShapeContext } from '../matching/context.js';
import { makeReshape } from '../matching/reshape.js';

/** Above this, copying takes longer than calling. */
const MOST_ELEMENTS = 65_536;

export function slicesIntoSplit(model: Model, { types, frozen, decline, inferShapes }: ShapeContext): number {
  const { graph } = model;
  const groups = new Map<string, NodeProto[]>();
  for (const node of graph.nodes) {
    if (node.opType !== 'Slice' || node.domain !== '' || frozen.has(node)) continue;
    const input = inputOf(node, 0);
    groups.set(input, [...(groups.get(input) ?? []), node]);
  }
  const several = [...groups].filter(([, slices]) => slices.length > 1);
  if (several.length === 0) return 0;
  const { shapes } = inferShapes();
  let changes = 0;
  for (const [input, slices] of several) {
    const shape = shapes.get(input);
    if (!shape?.every((dim) => typeof dim === 'number')) continue;
    const grid = gridOf(slices, { graph, shape });
    const reason = 'reason' in grid ? grid.reason : refusal(grid, { graph, shapes, shape });
    if ('reason' in grid || reason !== null) {
      decline(slices[0]!, reason!);
      continue;
    }
    for (const { node } of grid.cells) graph.removeNode(node);
    if (grid.axes.length === 1) splitAlong(model, input, { grid, types });
    else splitGrid(model, input, { grid, shape, types });
    changes++;
  }
  return changes;
}

interface Cell {
  node: NodeProto;
  /** First element taken and the one behind the last, by the grid's axes. */
  bounds: [number, number][];
}

/** Slices in the order of what they take, the last of the axes fastest. */
interface Grid {
  /** Those that are cut. */
  axes: number[];
  cells: Cell[];
}

/** The Slices as a grid that holds every element of the tensor in one cell. */
function gridOf(
  slices: readonly NodeProto[],
  { graph, shape }: { graph: Graph; shape: readonly number[] },
): Grid | Declined {
  const boxes = slices.map((node) => {
    const ranges = sliceRanges(node, graph, shape.length);
    if (!ranges?.every(({ axis }) => axis < shape.length)) return null;
    const box = shape.map((size): [number, number] => [0, size]);
    for (const range of ranges) box[range.axis] = bounds(range, shape[range.axis]!);
    return { node, box };
  });
  if (boxes.some((box) => box === null)) return { reason: 'others cut by more than constants' };
  const cuts = boxes as { node: NodeProto; box: [number, number][] }[];
  const cut = shape.flatMap((size, axis) =>
    cuts.some(({ box }) => box[axis]![0] !== 0 || box[axis]![1] !== size) ? [axis] : [],
  );
  // ONNX Runtime has a fast way for a Transpose that moves one axis: the last comes first.
  const axes = [...cut.slice(-1), ...cut.slice(0, -1)];
  const parts = axes.map((axis) => partition(cuts.map(({ box }) => box[axis]!)));
  const whole = axes.every((axis, index) => isWhole(parts[index]!, shape[axis]!));
  const cells = cuts.map(({ node, box }) => ({ node, bounds: axes.map((axis) => box[axis]!) }));
  const count = elementCount(parts.map(({ length }) => length));
  const places = new Set(cells.map((cell) => cell.bounds.join()));
  if (axes.length === 0 || !whole || places.size !== count || cells.length !== count)
    return { reason: 'together the Slices don’t take every element once' };
  cells.sort((a, b) => compare(a.bounds, b.bounds));
  return { axes, cells };
}

/** Different ranges, by their beginnings. */
function partition(ranges: readonly [number, number][]): [number, number][] {
  return [...new Map(ranges.map((range) => [range.join(), range])).values()].sort((a, b) => a[0] - b[0]);
}

function isWhole(parts: readonly [number, number][], size: number): boolean {
  let position = 0;
  for (const [start, end] of parts) {
    if (start !== position || end <= start) return false;
    position = end;
  }
  return position === size;
}

function compare(a: readonly [number, number][], b: readonly [number, number][]): number {
  const differing = a.findIndex(([start], index) => start !== b[index]![0]);
  return differing < 0 ? 0 : a[differing]![0] - b[differing]![0];
}

/** Why a grid is left; null: it isn't. */
function refusal(
  { axes, cells }: Grid,
  { graph, shapes, shape }: { graph: Graph; shapes: SymbolicShapes['shapes']; shape: readonly number[] },
): string | null {
  if (elementCount(shape) > MOST_ELEMENTS)
    return 'the tensor is large: copying it takes longer than calling several operators';
  if (axes.length === 1) return null;
  if (cells.some((cell) => cell.bounds.some(([start, end]) => end - start !== 1)))
    return 'along several axes only pieces of length 1 become a Split';
  const readsShape = cells.every(
    ({ node }) =>
      !graph.isOutput(outputOf(node)) &&
      graph.consumers(outputOf(node)).every((reader) => isView(reader, { graph, shapes })),
  );
  return readsShape ? null : 'what reads the pieces wants them in their shape';
}

function splitAlong(
  model: Model,
  input: string,
  { grid, types }: { grid: Grid; types: RewriteContext['types'] },
): void {
  const outputs = grid.cells.map(({ node }) => outputOf(node));
  const sizes = grid.cells.map(({ bounds: [range] }) => range![1] - range![0]);
  noteSizes(addSplit(model, input, { outputs, sizes, axis: grid.axes[0]! }), sizes.length, types);
}

/** Transpose, Reshape to [cells, rest …], Split, and for each cell a Reshape to what its readers know, which merge-views joins with theirs. */
function splitGrid(
  model: Model,
  input: string,
  { grid, shape, types }: { grid: Grid; shape: readonly number[]; types: RewriteContext['types'] },
): void {
  const { graph } = model;
  const { axes, cells } = grid;
  const rest = shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const sizes = rest.map((axis) => shape[axis]!);
  const dataType = types.get(input)?.dataType ?? DataType.FLOAT;
  const made = (base: string, dims: readonly number[]): string => {
    const name = graph.freshName(base);
    types.set(name, { dataType, shape: [...dims] });
    return name;
  };
  const reshape = (from: string, to: string, dims: readonly number[]): void => {
    graph.addNode(makeReshape(graph, [from, to], { dims, types }));
  };
  const cellShape = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const turned = made(
    `${input}_turned`,
    [...axes, ...rest].map((axis) => shape[axis]!),
  );
  const perm = { ints: [...axes, ...rest] };
  const name = graph.freshName(`${input}_turn`);
  graph.addNode(makeNode('Transpose', [input], [turned], { name, attributes: { perm } }));
  const rows = made(`${input}_rows`, [cells.length, ...sizes]);
  reshape(turned, rows, [cells.length, ...sizes]);
  const pieces = cells.map(({ node }) => made(`${outputOf(node)}_row`, [1, ...sizes]));
  const ones = cells.map(() => 1);
  noteSizes(addSplit(model, rows, { outputs: pieces, sizes: ones, axis: 0 }), ones.length, types);
  for (const [index, { node }] of cells.entries()) reshape(pieces[index]!, outputOf(node), cellShape);
}

function noteSizes(constant: string | null, length: number, types: RewriteContext['types']): void {
  if (constant !== null) types.set(constant, { dataType: DataType.INT64, shape: [length] });
}
