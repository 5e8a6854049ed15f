/** Multiplies smoothed activations by their factors again, in front of layers that have the original's weights still. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import { outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { LinearLayer } from '../../layers/linear-layer.js';

/** The layers' nodes read what was there before smoothing; `layer.input` stays. @returns the Muls, by the name of the smoothed activation. */
export function undoSmoothing(
  graph: Graph,
  layers: readonly LinearLayer[],
  factors: ReadonlyMap<string, Float32Array>,
): Map<string, NodeProto> {
  const undone = new Map<string, NodeProto>();
  for (const { node, input } of layers) {
    const own = factors.get(input);
    if (!own) continue;
    let undo = undone.get(input);
    if (!undo) {
      const multipliers = graph.addConstant(`${input}_factors`, DataType.FLOAT, [own.length], own);
      const output = graph.freshName(`${input}_undone`);
      undo = graph.addNode(makeNode('Mul', [input, multipliers], [output], { name: output }));
      undone.set(input, undo);
    }
    graph.setInput(node, 0, outputOf(undo));
  }
  return undone;
}
