/** What int64 scalars and vectors hold: shapes in the making. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../attributes.js';
import { inputOf } from '../node.js';
import { DataType } from '../tensor/element-type.js';
import { type Dimension, equal, pointwise } from './dimension.js';
import type { Known } from './known.js';
import { bounds, sliceRange } from './slice-ranges.js';

/** The elements of a node's first output; undefined where any of them is not known. */
export function heldValues(node: NodeProto, known: Known): readonly Dimension[] | undefined {
  if (node.domain !== '') return undefined;
  if (node.opType === 'Shape') {
    const shape = known.shapeOf(inputOf(node, 0));
    return shape?.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', shape.length));
  }
  const inputs = node.input.map((name) => known.valuesOf(name));
  const all = inputs.includes(undefined) ? undefined : (inputs as (readonly Dimension[])[]);
  const [first, second] = inputs;
  if (!first) return undefined;
  switch (node.opType) {
    case 'Gather': {
      const picked = second?.map((index) => (typeof index === 'number' ? first.at(index) : undefined));
      return picked?.includes(undefined) ? undefined : (picked as Dimension[] | undefined);
    }
    case 'Concat':
      return all?.flat();
    case 'Slice': {
      const range = sliceRange(node, known.graph, 1);
      return range && first.slice(...bounds(range, first.length));
    }
    case 'Unsqueeze':
    case 'Squeeze':
    case 'Identity':
      return first;
    case 'Reshape':
      return second && second.length <= 1 ? first : undefined;
    case 'Equal':
      return second && pointwise([first, second], ([a, b]) => equal(a!, b!));
    case 'Where':
      return (
        all && pointwise(all, ([condition, a, b]) => (condition === 1 ? a : condition === 0 ? b : undefined))
      );
    case 'Cast':
      return intAttribute(node, 'to', 0) === DataType.INT64 ? first : undefined;
    default:
      return undefined;
  }
}
