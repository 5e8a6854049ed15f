/** Pad with zeros → Conv becomes Conv with larger pads. */
import type { NodeProto } from 'onnx-buf';
import {
  attribute,
  floatAttribute,
  intsAttribute,
  setAttribute,
  stringAttribute,
} from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { dimsOf } from '../../../onnx/tensor/tensor.js';
import { nodeLabel } from '../../method/selection.js';
import { type Declined, isDeclined, type RewriteContext } from '../matching/context.js';

export function padIntoConv(model: Model, { types, decline }: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const pad of graph.nodes) {
    if (pad.domain !== '' || pad.opType !== 'Pad') continue;
    const convolutions = graph
      .consumers(outputOf(pad))
      .filter(
        ({ opType, domain, input }) => opType === 'Conv' && domain === '' && input[0] === pad.output[0],
      );
    if (convolutions.length === 0) continue;
    const rank = types.get(inputOf(pad, 0))?.shape?.length;
    const pads = rank === undefined ? { reason: 'its rank is not known' } : spatialZeroPads(graph, pad, rank);
    if (isDeclined(pads)) {
      decline(pad, pads.reason);
      continue;
    }
    for (const conv of convolutions) {
      const own = convPads(graph, conv, pads.length);
      if (!own) {
        decline(pad, `the pads of ${conv.opType} '${nodeLabel(conv)}' are not written out`);
        continue;
      }
      setAttribute(conv, 'pads', { ints: pads.map((value, i) => value + own[i]!) });
      setAttribute(conv, 'auto_pad', { string: 'NOTSET' });
      graph.setInput(conv, 0, inputOf(pad, 0));
      changes++;
    }
  }
  return changes;
}

/** Pads of the spatial axes, begins then ends; declined unless they are constant zeros, and there are none at batch and channel. */
function spatialZeroPads(graph: Graph, node: NodeProto, rank: number): number[] | Declined {
  const mode = stringAttribute(node, 'mode', 'constant');
  if (mode !== 'constant') return { reason: `it pads by mode ${mode}, Conv with zeros` };
  const value = node.input[2] ? graph.constantValues(node.input[2])?.[0] : floatAttribute(node, 'value', 0);
  const given = node.input[1] ? graph.constantValues(node.input[1]) : intsAttribute(node, 'pads');
  const axes = node.input[3] ? graph.constantValues(node.input[3]) : undefined;
  if (value === undefined || !given || (node.input[3] && !axes))
    return { reason: 'its pads are not constant' };
  if (Number(value) !== 0) return { reason: `it pads with ${Number(value)}, Conv with zeros` };
  const pads = new Array<number>(rank * 2).fill(0);
  const positions = Array.from({ length: axes?.length ?? rank }, (_, i) =>
    axes ? (Number(axes[i]) + rank) % rank : i,
  );
  positions.forEach((axis, i) => {
    pads[axis] = Number(given[i]);
    pads[axis + rank] = Number(given[i + positions.length]);
  });
  if (pads.some((pad) => pad < 0)) return { reason: 'its negative pads cut off' };
  if ([0, 1, rank, rank + 1].some((i) => pads[i] !== 0)) return { reason: 'it pads batch or channels' };
  return [...pads.slice(2, rank), ...pads.slice(rank + 2)];
}

function convPads(graph: Graph, node: NodeProto, length: number): number[] | null {
  const auto = stringAttribute(node, 'auto_pad', 'NOTSET');
  if (auto !== 'NOTSET' && auto !== 'VALID') return null;
  const weight = graph.constant(inputOf(node, 1));
  if (!attribute(node, 'kernel_shape') && (!weight || dimsOf(weight).length !== length / 2 + 2)) return null;
  return (auto === 'NOTSET' && intsAttribute(node, 'pads')) || new Array<number>(length).fill(0);
}
