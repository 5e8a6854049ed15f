/** Pad with zeros → Conv becomes Conv with larger pads. */
import type { NodeProto } from 'onnx-buf';
import {
  attribute,
  floatAttribute,
  intsAttribute,
  setAttribute,
  stringAttribute,
} from '../../onnx/attributes.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { dimsOf } from '../../onnx/tensor.js';
import type { RewriteContext } from './context.js';

export function padIntoConv(model: Model, { types }: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const pad of graph.nodes) {
    if (pad.domain !== '' || pad.opType !== 'Pad') continue;
    const rank = types.get(inputOf(pad, 0))?.shape?.length;
    const pads = rank === undefined ? null : spatialZeroPads(graph, pad, rank);
    if (!pads) continue;
    for (const reader of graph.consumers(outputOf(pad))) {
      if (reader.opType !== 'Conv' || reader.domain !== '' || reader.input[0] !== pad.output[0]) continue;
      const own = convPads(graph, reader, pads.length);
      if (!own) continue;
      setAttribute(reader, 'pads', { ints: pads.map((value, i) => value + own[i]!) });
      setAttribute(reader, 'auto_pad', { string: 'NOTSET' });
      graph.setInput(reader, 0, inputOf(pad, 0));
      changes++;
    }
  }
  return changes;
}

/** Pads of the spatial axes, begins then ends; null unless they are constant zeros, and there are none at batch and channel. */
function spatialZeroPads(graph: Graph, node: NodeProto, rank: number): number[] | null {
  if (stringAttribute(node, 'mode', 'constant') !== 'constant') return null;
  const value = node.input[2] ? graph.constantValues(node.input[2])?.[0] : floatAttribute(node, 'value', 0);
  const given = node.input[1] ? graph.constantValues(node.input[1]) : intsAttribute(node, 'pads');
  if (value === undefined || Number(value) !== 0 || !given) return null;
  const axes = node.input[3] ? graph.constantValues(node.input[3]) : undefined;
  if (node.input[3] && !axes) return null;
  const pads = new Array<number>(rank * 2).fill(0);
  const positions = Array.from({ length: axes?.length ?? rank }, (_, i) =>
    axes ? (Number(axes[i]) + rank) % rank : i,
  );
  positions.forEach((axis, i) => {
    pads[axis] = Number(given[i]);
    pads[axis + rank] = Number(given[i + positions.length]);
  });
  if (pads.some((pad) => pad < 0) || [0, 1, rank, rank + 1].some((i) => pads[i] !== 0)) return null;
  return [...pads.slice(2, rank), ...pads.slice(rank + 2)];
}

function convPads(graph: Graph, node: NodeProto, length: number): number[] | null {
  const auto = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (auto !== 'NOTSET' && auto !== 'VALID') return null;
  const weight = graph.constant(inputOf(node, 1));
  if (!attribute(node, 'kernel_shape') && (!weight || dimsOf(weight).length !== length / 2 + 2)) return null;
  return (auto === 'NOTSET' && intsAttribute(node, 'pads')) || new Array<number>(length).fill(0);
}
