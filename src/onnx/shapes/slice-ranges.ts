/** What a Slice takes, where that is written in constants. */
import type { NodeProto } from 'onnx-buf';
import { intsAttribute } from '../attributes.js';
import { fromEnd } from '../axis.js';
import type { Graph } from '../graph.js';

export interface SliceRange {
  axis: number;
  /** As written: negative ones count from the end, large ones are clamped. */
  start: number;
  end: number;
}

/** Where a Slice in steps of one cuts, axis by axis; undefined for any other. */
export function sliceRanges(node: NodeProto, graph: Graph, rank: number): SliceRange[] | undefined {
  const read = (index: number, name: string): number[] | undefined => {
    const input = node.input[index];
    if (!input) return intsAttribute(node, name);
    const values = graph.constantValues(input);
    return values && Array.from(values, Number);
  };
  const [starts, ends] = [read(1, 'starts'), read(2, 'ends')];
  const named = node.input[3] || intsAttribute(node, 'axes');
  const axes = named ? read(3, 'axes') : starts?.map((_, axis) => axis);
  const steps = node.input[4] ? read(4, 'steps') : axes?.map(() => 1);
  if (!starts || !ends || !axes || !steps?.every((step) => step === 1)) return undefined;
  return axes.map((axis, index) => ({
    axis: fromEnd(axis, rank),
    start: starts[index]!,
    end: ends[index]!,
  }));
}

/** Where a Slice along one axis cuts; undefined for any other. */
export function sliceRange(node: NodeProto, graph: Graph, rank: number): SliceRange | undefined {
  const ranges = sliceRanges(node, graph, rank);
  return ranges?.length === 1 ? ranges[0] : undefined;
}

/** The first element taken and the one behind the last. */
export function bounds({ start, end }: Omit<SliceRange, 'axis'>, size: number): [number, number] {
  const clamp = (index: number): number => Math.min(size, Math.max(0, index < 0 ? index + size : index));
  return [clamp(start), clamp(end)];
}
