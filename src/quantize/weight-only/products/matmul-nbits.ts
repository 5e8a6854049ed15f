/** Layers as MatMulNBits (docs/ContribOperators.md of onnxruntime): the weight's blocks, and the node that reads them. */
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import { outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { toHalf } from '../../../tensor/half.js';
import { takeUpMeans } from '../../gptq/mean-error.js';
import { type BlockQuantized, packRows } from '../../integers/block-quantize.js';
import { addendName, type LinearLayer } from '../../layers/linear-layer.js';
import type { MeanErrors } from '../../method/evidence.js';
import type { Decision } from '../../method/result.js';
import { nodeLabel } from '../../method/selection.js';
import type { LargeWeight } from './large-weights.js';

/** What fills the last nibble of a row with an odd number of blocks. */
const DEFAULT_ZERO_POINT = 8;

/** Replaces all layers of the weight. @param means what the constants behind them take up; default: nothing. @param level accuracy level: 4 rounds activations to int8 block by block, 0 leaves them. */
export function emitWeight(
  graph: Graph,
  weight: LargeWeight,
  { quantized, means = null, level }: { quantized: BlockQuantized; means?: MeanErrors | null; level: number },
): Decision[] {
  return emitLayers(graph, weight, { inputs: addBlocks(graph, weight, quantized), means, level });
}

/** Replaces all layers of the weight by what reads these constants. @param inputs names of B, scales and zero_points. */
export function emitLayers(
  graph: Graph,
  weight: LargeWeight,
  { inputs, means, level }: { inputs: readonly string[]; means: MeanErrors | null; level: number },
): Decision[] {
  const layers = means ? takeUpMeans(graph, weight.layers, means) : weight.layers;
  return layers.map((layer) => {
    const { node } = layer;
    emitLayer(graph, layer, { format: weight.format, level, inputs });
    return { node: nodeLabel(node), opType: node.opType, became: 'MatMulNBits', reason: null };
  });
}

/** Adds the constants that MatMulNBits reads after the activation: B, scales, zero_points. */
export function addBlocks(
  graph: Graph,
  { layers: [layer], format }: LargeWeight,
  { codes, scales, zeroPoints, blocks }: BlockQuantized,
): string[] {
  const { channels, weight, alpha } = layer;
  const { bits, blockSize } = format;
  const bytes = bits === 4 ? packRows(codes, blockSize) : codes;
  const factors = alpha === 1 ? scales : scales.map((scale) => scale * alpha);
  // Scales are of the type that the layer computes in.
  const isHalf = graph.constant(weight)!.dataType === DataType.FLOAT16;
  const inputs = [
    graph.addConstant(`${weight}_blocks`, DataType.UINT8, [channels, blocks, (blockSize * bits) / 8], bytes),
    graph.addConstant(
      `${weight}_scales`,
      isHalf ? DataType.FLOAT16 : DataType.FLOAT,
      [channels, blocks],
      isHalf ? toHalf(factors) : factors,
    ),
  ];
  if (!format.symmetric) {
    const packed = packRows(zeroPoints, blocks, DEFAULT_ZERO_POINT);
    inputs.push(
      graph.addConstant(`${weight}_zero_points`, DataType.UINT8, [channels, Math.ceil(blocks / 2)], packed),
    );
  }
  return inputs;
}

function emitLayer(
  graph: Graph,
  layer: LinearLayer,
  { format, level, inputs }: { format: LargeWeight['format']; level: number; inputs: readonly string[] },
): void {
  const output = outputOf(layer.node);
  const addend = addendName(graph, layer);
  const product = addend ? graph.freshName(`${layer.weight}_product`) : output;
  graph.removeNode(layer.node);
  graph.addNode(
    makeNode('MatMulNBits', [layer.input, ...inputs], [product], {
      name: nodeLabel(layer.node),
      domain: 'com.microsoft',
      attributes: {
        K: { int: layer.depth },
        N: { int: layer.channels },
        bits: { int: format.bits },
        block_size: { int: format.blockSize },
        accuracy_level: { int: level },
      },
    }),
  );
  if (addend) graph.addNode(makeNode('Add', [product, addend], [output], { name: `${product}_add` }));
}
