/** Adds the zero channels that placement/channel-padding.ts asks for: to the weights before, to the 8-bit image after quantizing. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf } from '../../../onnx/node.js';
import { readWeighted, type Weighted } from '../../../onnx/query/weighted.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { paddedChannels } from '../placement/channel-padding.js';
import type { Group } from '../placement/group.js';

/** Gives the groups' convolutions weights for the channels that padInputs will add: before anything is quantized. */
export function padWeights(graph: Graph, groups: readonly Group[]): Map<NodeProto, number> {
  const added = new Map<NodeProto, number>();
  // Readers of one weight go on reading one.
  const wideForms = new Map<string, string>();
  for (const { node } of groups) {
    const weighted = readWeighted(graph, node);
    const padded = weighted && paddedChannels(weighted, graph);
    if (!weighted || !padded) continue;
    added.set(node, padded - weighted.inputs);
    const { weight } = weighted;
    const key = `${padded} ${weight}`;
    const wide = wideForms.get(key) ?? addPadded(graph, weighted, padded);
    wideForms.set(key, wide);
    graph.setInput(node, 1, wide);
  }
  return added;
}

/** Adds the weight with zeros for the channels up to `padded`; gives its name. */
function addPadded(
  graph: Graph,
  { weight, inputs, outputs, kernel, dims }: Weighted,
  padded: number,
): string {
  const row = inputs * kernel;
  const paddedRow = padded * kernel;
  const values = graph.floats(weight);
  const wider = new Float32Array(outputs * paddedRow);
  for (let i = 0; i < outputs; i++) wider.set(values.subarray(i * row, (i + 1) * row), i * paddedRow);
  const shape = [outputs, padded, ...dims.slice(2)];
  return graph.addConstant(`${weight}_padded`, DataType.FLOAT, shape, wider);
}

/** Pads the 8-bit images that the convolutions read, around which Q/DQ stand already. */
export function padInputs(
  graph: Graph,
  added: ReadonlyMap<NodeProto, number>,
  /** The 8-bit form of each tensor, by its name in float. */
  quantized: ReadonlyMap<string, string>,
): void {
  const floatName = new Map([...quantized].map(([name, eightBit]) => [eightBit, name]));
  for (const [node, channels] of added) {
    const dequantize = graph.producer(inputOf(node, 0))!;
    const [image, scale, zeroPoint] = dequantize.input as [string, string, string];
    const base = floatName.get(image) ?? image;
    const pads = graph.addConstant(
      `${base}_pads`,
      DataType.INT64,
      [8],
      BigInt64Array.of(0n, 0n, 0n, 0n, 0n, BigInt(channels), 0n, 0n),
    );
    const padded = graph.freshName(`${base}_padded`);
    const output = graph.freshName(`${base}_padded_DequantizeLinear_Output`);
    const { domain } = dequantize;
    graph.addNode(makeNode('Pad', [image, pads, zeroPoint], [padded], { name: padded }));
    graph.addNode(
      makeNode('DequantizeLinear', [padded, scale, zeroPoint], [output], { name: output, domain }),
    );
    graph.setInput(node, 0, output);
  }
}
