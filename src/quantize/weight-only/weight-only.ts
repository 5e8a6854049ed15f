/** Weight-only quantization: weights in 8 or 4 bits, activations untouched (int8-weights, int4-weights).
 *
 *  | what | becomes | why |
 *  | --- | --- | --- |
 *  | large MatMul, Gemm | MatMulNBits with accuracy_level 4 | faster than float on CPUs; without the level, many times slower |
 *  | embedding tables | int8 rows, or GatherBlockQuantized | only the rows asked for are made float |
 *  | Conv, small MatMul and Gemm, RNNs | int8 blocks that are folded at load (folded-weights.ts) | float's speed at a quarter of its size |
 *
 *  TensorRT knows no MatMulNBits: there, weights are constants behind a DequantizeLinear. */
import type { NodeProto } from 'onnx-buf';
import type { OverrideConfig } from '../../config/config.js';
import { UserError } from '../../errors.js';
import { makeNode } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import type { Graph } from '../../onnx/graph.js';
import { outputOf } from '../../onnx/node.js';
import { allFinite } from '../../tensor/finite.js';
import { channelStatistics } from '../calibrate/channels.js';
import { SMALLEST_PAYING_WEIGHT } from '../int8-dynamic/int8-dynamic.js';
import { type BlockFormat, packRows, quantizeBlocks } from '../integers/block-quantize.js';
import { quantizeEmbeddings } from '../layers/embeddings.js';
import { foldWeights } from '../layers/folded-weights.js';
import {
  addendName,
  hasPlainAddend,
  type LinearLayer,
  layerWeights,
  linearLayer,
  transpose,
} from '../layers/linear-layer.js';
import { isCpu } from '../method/compare-speed.js';
import type { Decision, QuantizeNote, QuantizeRequest, QuantizeResult } from '../method/request.js';
import { isQuantized, leaveFloat, resultOf, unmatchedNotes } from '../method/result.js';
import { makeSelection, nodeLabel, type Selection } from '../method/selection.js';
import { keptForOthers } from '../method/shared-weights.js';
import { editBodies } from '../prepare/edit-bodies.js';
import { type PreparedModel, prepareModel } from '../prepare/prepare.js';
import { writePrepared } from '../prepare/write-prepared.js';
import { applyRewrites } from '../rewrite/rewrite.js';

/** Values that share a scale. On MiniLM, 8 bits with 32 keep cosine 0.9995 and run at 0.8 × float; 128 is a little faster (0.7)
 *  and noisier (0.9989). */
const DEFAULT_BLOCK_SIZE = 32;

/** MatMulNBits: activations rounded to int8 block by block (docs/ContribOperators.md of onnxruntime). */
const INT8_ACCURACY_LEVEL = 4;

export async function weightOnly(request: QuantizeRequest, bits: 4 | 8): Promise<QuantizeResult> {
  const { options, target } = request;
  if (target === 'tensorrt') {
    throw new UserError(
      `${options.method} has no form that TensorRT runs: use int8-static with preset tensorrt, or float16.`,
    );
  }
  const format: BlockFormat = {
    bits,
    blockSize: checkedBlockSize(options.blockSize ?? DEFAULT_BLOCK_SIZE),
    symmetric: bits === 8 || (options.symmetric ?? false),
  };
  const prepared = await prepareModel(request.model, {
    ...request,
    keepsSharing: true,
    narrowFloats: isCpu(target) ? 'float32' : 'kept',
  });
  const rewrites = applyRewrites(prepared.model, prepared.types, request.context.log);
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const importance = await channelImportance(prepared, request, { selection, bits });
  const level = isCpu(target) ? INT8_ACCURACY_LEVEL : 0;
  const quantizeGraph = (graph: PreparedModel): Decision[] => [
    ...quantizeLayers(graph, selection, { format, level, importance }),
    ...quantizeEmbeddings(graph, selection, bits),
    ...foldWeights(graph.model.graph, selection),
  ];
  const made = quantizeGraph(prepared);
  await editBodies(prepared, {
    ...request,
    edit: (body) => {
      const inside = quantizeGraph(body);
      made.push(...inside);
      return inside.filter(isQuantized).length;
    },
  });
  // What an earlier step left alone, a later one may have taken.
  const decisions = [...new Map(made.map((decision) => [decision.node, decision])).values()];
  const notes = unmatchedNotes(selection);
  if (decisions.some(isQuantized)) {
    writePrepared(prepared, request.out);
  } else {
    leaveFloat(request);
    notes.unshift(NOTHING_PAYS);
  }
  return resultOf(request, { decisions, notes, provenance: { ...format, rewrites } });
}

const NOTHING_PAYS: QuantizeNote = {
  level: 'info',
  code: 'nothing-pays',
  message:
    'No weights of this model can be compressed with a gain: those in float32 or half are too small, or `exclude` and `overrides` keep them. The model was left as it is.',
};

function checkedBlockSize(blockSize: number): number {
  if (Number.isInteger(Math.log2(blockSize)) && blockSize >= 16) return blockSize;
  throw new UserError(`block-size must be a power of two and at least 16, not ${blockSize}.`);
}

interface LayerOptions {
  format: BlockFormat;
  level: number;
  /** Mean square of every channel of the activations, by name: errors of weights that meet loud channels count more. */
  importance: ReadonlyMap<string, ArrayLike<number>>;
}

/** Seen on the calibration data; empty without data, and for 8 bits, which keep the range whatever it is. */
async function channelImportance(
  prepared: PreparedModel,
  request: QuantizeRequest,
  { selection, bits }: { selection: Selection; bits: 4 | 8 },
): Promise<Map<string, ArrayLike<number>>> {
  const { model, types } = prepared;
  if (bits === 8 || !request.calibration) return new Map();
  const depths = new Map<string, number>();
  for (const node of model.graph.nodes) {
    const layer = isProduct(node) ? linearLayer(model.graph, node) : { reason: 'no product' };
    if (!('reason' in layer) && isLarge(layer, { types, graph: model.graph, selection })) {
      depths.set(layer.input, layer.depth);
    }
  }
  const statistics = await channelStatistics({
    ...request,
    model,
    dataset: request.calibration,
    tensors: depths,
    maxSamples: MAX_SAMPLES,
  });
  return new Map([...statistics].map(([name, { meanSquare }]) => [name, meanSquare]));
}

/** Samples read for the importance of channels. */
const MAX_SAMPLES = 64;

/** Large layers as MatMulNBits; the others are left for foldWeights, with no decision made here. */
function quantizeLayers(
  { model, types }: PreparedModel,
  selection: Selection,
  options: LayerOptions,
): Decision[] {
  const { graph } = model;
  const decisions: Decision[] = [];
  const weights = new Map<string, string[]>();
  for (const node of graph.nodes) {
    if (!isProduct(node)) continue;
    const layer = linearLayer(graph, node);
    if ('reason' in layer) {
      if (!node.input.some((name) => graph.constant(name))) {
        decisions.push({ node: nodeLabel(node), opType: node.opType, became: 'float', reason: layer.reason });
      }
      continue;
    }
    if (!isLarge(layer, { types, graph, selection })) continue;
    const format = formatOf(options.format, selection.override(node));
    const key = JSON.stringify([layer.weight, layer.transposed, layer.alpha, format.bits]);
    const inputs = weights.get(key) ?? addBlocks(graph, layer, { ...options, format });
    weights.set(key, inputs);
    emit(graph, layer, { ...options, format, inputs });
    decisions.push({ node: nodeLabel(node), opType: node.opType, became: 'MatMulNBits', reason: null });
  }
  if (weights.size > 0) model.setOpset('com.microsoft', 1);
  return decisions;
}

/** The method's format, with the bits that an override asks for. */
function formatOf(format: BlockFormat, override: OverrideConfig | undefined): BlockFormat {
  if (override?.weight === 'int8' || override?.weight === 'uint8')
    return { ...format, bits: 8, symmetric: true };
  if (override?.weight === 'int4') return { ...format, bits: 4, symmetric: override.symmetric ?? false };
  return format;
}

function isProduct(node: NodeProto): boolean {
  return node.domain === '' && (node.opType === 'MatMul' || node.opType === 'Gemm');
}

interface LayerContext {
  types: PreparedModel['types'];
  graph: Graph;
  selection: Selection;
}

/** Large enough for MatMulNBits, and of a form that it has. */
function isLarge(layer: LinearLayer, { types, graph, selection }: LayerContext): boolean {
  const type = types.get(layer.input);
  return (
    layer.depth * layer.channels >= SMALLEST_PAYING_WEIGHT &&
    hasPlainAddend(graph, layer) &&
    type?.dataType === DataType.FLOAT &&
    type.shape?.length !== 1 &&
    selection.reasonToKeep(layer.node) === null &&
    !selection.override(layer.node)?.weight?.startsWith('float') &&
    keptForOthers(graph, layer.weight, selection) === null &&
    allFinite(graph.floats(layer.weight))
  );
}

/** Adds the constants that MatMulNBits reads after the activation: B, scales, zero_points. */
function addBlocks(graph: Graph, layer: LinearLayer, { format, importance }: LayerOptions): string[] {
  const { depth, channels, weight, alpha } = layer;
  const { bits, blockSize } = format;
  const stored = graph.floats(weight);
  const rows = layer.transposed ? stored : transpose(layerWeights(graph, layer), depth, channels);
  const { codes, scales, zeroPoints, blocks } = quantizeBlocks(
    rows,
    depth,
    format,
    importance.get(layer.input) ?? null,
  );
  const bytes = bits === 4 ? packRows(codes, blockSize) : codes;
  const inputs = [
    graph.addConstant(`${weight}_blocks`, DataType.UINT8, [channels, blocks, (blockSize * bits) / 8], bytes),
    graph.addConstant(
      `${weight}_scales`,
      DataType.FLOAT,
      [channels, blocks],
      alpha === 1 ? scales : scales.map((scale) => scale * alpha),
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

/** What fills the last nibble of a row with an odd number of blocks. */
const DEFAULT_ZERO_POINT = 8;

function emit(
  graph: Graph,
  layer: LinearLayer,
  { format, level, inputs }: { format: BlockFormat; level: number; inputs: readonly string[] },
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
