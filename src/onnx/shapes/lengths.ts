/** Shapes of operators that make axes longer or shorter: Conv, Pad, Slice. */
import type { NodeProto } from 'onnx-buf';
import { intsAttribute, stringAttribute } from '../attributes.js';
import { inputOf, outputOf } from '../node.js';
import { type Dimension, unknown } from './dimension.js';
import type { Known } from './known.js';
import { bounds, sliceRanges } from './slice-ranges.js';

type Shape = readonly Dimension[];

/** Lengths are known of a kernel of one in steps of one, and where they are numbers and so are the pads. */
export function convolved(
  node: NodeProto,
  data: Shape,
  [outputs, , ...kernel]: Shape,
): Dimension[] | undefined {
  const [batch, , ...lengths] = data;
  if (batch === undefined || outputs === undefined || kernel.length !== lengths.length) return undefined;
  const ones = kernel.map(() => 1);
  const strides = intsAttribute(node, 'strides') ?? ones;
  const dilations = intsAttribute(node, 'dilations') ?? ones;
  const given = intsAttribute(node, 'pads') ?? [];
  const automatic = stringAttribute(node, 'auto_pad', 'NOTSET');
  const made = lengths.map((length, axis) => {
    const [size, stride] = [kernel[axis]!, strides[axis]!];
    const pads = automatic === 'NOTSET' ? (given[axis] ?? 0) + (given[axis + lengths.length] ?? 0) : 0;
    if (size === 1 && stride === 1 && pads === 0) return length;
    if (typeof length !== 'number' || typeof size !== 'number') return unknown(outputOf(node), axis + 2);
    if (automatic.startsWith('SAME')) return Math.ceil(length / stride);
    return Math.floor((length + pads - dilations[axis]! * (size - 1) - 1) / stride) + 1;
  });
  return [batch, outputs, ...made];
}

/** Of a Pad over all axes. */
export function padded(node: NodeProto, data: Shape, known: Known): Dimension[] | undefined {
  const pads = intsAttribute(node, 'pads') ?? known.valuesOf(inputOf(node, 1));
  if (node.input[3] || pads?.length !== 2 * data.length) return undefined;
  return data.map((dim, axis) => {
    const [before, after] = [pads[axis], pads[axis + data.length]];
    if (before === 0 && after === 0) return dim;
    const isKnown = typeof dim === 'number' && typeof before === 'number' && typeof after === 'number';
    return isKnown ? dim + before + after : unknown(outputOf(node), axis);
  });
}

/** Of a Slice in steps of one whose bounds are constants. */
export function sliced(node: NodeProto, data: Shape, known: Known): Dimension[] | undefined {
  const ranges = sliceRanges(node, known.graph, data.length);
  if (!ranges?.every(({ axis }) => axis < data.length)) return undefined;
  const made = [...data];
  for (const range of ranges) {
    const size = made[range.axis]!;
    if (typeof size !== 'number') made[range.axis] = unknown(outputOf(node), range.axis);
    else {
      const [start, end] = bounds(range, size);
      made[range.axis] = Math.max(0, end - start);
    }
  }
  return made;
}
