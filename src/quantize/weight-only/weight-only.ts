/** Weight-only quantization: weights in 8 or 4 bits, activations untouched (int8-weights, int4-weights).
 *
 *  | what | becomes | why |
 *  | --- | --- | --- |
 *  | large MatMul, Gemm | MatMulNBits with accuracy_level 4 | faster than float on CPUs; without the level, many times slower |
 *  | embedding tables | int8 rows, or GatherBlockQuantized | only the rows asked for are made float |
 *  | Conv, small MatMul and Gemm, RNNs | int8 blocks that are folded at load (folded-weights.ts) | float's speed at a quarter of its size |
 *
 *  TensorRT knows no MatMulNBits: there, weights are constants behind a DequantizeLinear. */
import { UserError } from '../../errors.js';
import type { Graph } from '../../onnx/graph.js';
import { channelStatistics } from '../calibrate/channels.js';
import { SMALLEST_PAYING_WEIGHT } from '../int8-dynamic/int8-dynamic.js';
import { syntheticTokens } from '../int8-dynamic/synthetic.js';
import { type BlockFormat, type BlockQuantized, quantizeBlocks } from '../integers/block-quantize.js';
import { INT8_TABLE, quantizeEmbeddings } from '../layers/embeddings.js';
import { FOLDED, foldWeights } from '../layers/folded-weights.js';
import { isCpu } from '../method/compare-speed.js';
import type { Decision, QuantizeNote, QuantizeRequest, QuantizeResult } from '../method/request.js';
import { isQuantized, leaveFloat, resultOf, unmatchedNotes } from '../method/result.js';
import { makeSelection } from '../method/selection.js';
import { editBodies } from '../prepare/edit-bodies.js';
import { type PreparedModel, prepareModel } from '../prepare/prepare.js';
import { writePrepared } from '../prepare/write-prepared.js';
import { applyRewrites } from '../rewrite/rewrite.js';
import { chooseFitting, type FittingChoice, fittingNotes } from './choose-fitting.js';
import { type FittedResult, fitWeights } from './fitted-weights.js';
import { type LargeWeight, largeWeights, rowsOfWeight } from './large-weights.js';
import { emitWeight } from './matmul-nbits.js';

/** Values that share a scale. On MiniLM, 8 bits with 32 keep cosine 0.9995 and run at 0.8 × float; 128 is a little faster (0.7)
 *  and noisier (0.9989). */
const DEFAULT_BLOCK_SIZE = 32;

/** MatMulNBits: activations rounded to int8 block by block (docs/ContribOperators.md of onnxruntime). */
const INT8_ACCURACY_LEVEL = 4;

export async function weightOnly(request: QuantizeRequest, bits: 4 | 8): Promise<QuantizeResult> {
  const { options, target } = request;
  if (target === 'tensorrt') {
    throw new UserError(
      'quantize.method-not-for-target',
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
  const level = isCpu(target) ? INT8_ACCURACY_LEVEL : 0;
  // MatMulNBits of 8 bits is slower than float in WebAssembly; weights that are unpacked when the file is loaded cost nothing.
  const unpacks = target === 'wasm' && bits === 8 && Object.keys(options.overrides).length === 0;
  const none: ReturnType<typeof largeWeights> = { weights: [], decisions: [] };
  const { weights, decisions: products } = unpacks ? none : largeWeights(prepared, { selection, format });
  const choice = chooseFitting(weights, request);
  const large = await quantizeWeights(prepared, request, { weights, choice, level });
  const smaller = (graph: PreparedModel): Decision[] => [
    ...quantizeEmbeddings(graph, selection, bits),
    ...foldWeights(graph.model.graph, selection),
  ];
  const made = [...products, ...large.decisions, ...smaller(prepared)];
  await editBodies(prepared, {
    ...request,
    edit: (body) => {
      const own = unpacks ? none : largeWeights(body, { selection, format });
      // What a body reads is not observed: its weights take the nearest codes.
      const inside = [...own.decisions, ...toNearest(body, own.weights, { level }), ...smaller(body)];
      made.push(...inside);
      return inside.filter(isQuantized).length;
    },
  });
  // What an earlier step left alone, a later one may have taken.
  const decisions = [...new Map(made.map((decision) => [decision.node, decision])).values()];
  const notes = [
    ...unmatchedNotes(selection),
    ...fittingNotes(choice, large.fitted),
    ...(bits === 4 ? widerNotes(decisions) : []),
  ];
  if (decisions.some(isQuantized)) {
    writePrepared(prepared, request.out);
  } else {
    leaveFloat(request);
    notes.unshift(NOTHING_PAYS);
  }
  return resultOf(request, {
    decisions,
    notes,
    provenance: { ...format, rounding: choice.rounding, rewrites },
  });
}

const NOTHING_PAYS: QuantizeNote = {
  level: 'info',
  code: 'quantize.nothing-pays',
  message:
    'No weights of this model can be compressed with a gain: those in float32 or half are too small, have readers that need them as they are, or `exclude` and `overrides` keep them. The model was left as it is.',
};

/** Says why a file of 4 bits is larger than an eighth of the original. */
function widerNotes(decisions: readonly Decision[]): QuantizeNote[] {
  const compressed = decisions.filter(isQuantized);
  const wider = compressed.filter(({ became }) => became === FOLDED || became === INT8_TABLE).length;
  if (wider === 0) return [];
  const message = `${wider} of ${compressed.length} layers hold their weights in 8 bits: 4 bits are for tables, and for matrix products with ${SMALLEST_PAYING_WEIGHT} weights and more.`;
  return [{ level: 'info', code: 'quantize.weights-in-8-bits', message }];
}

function checkedBlockSize(blockSize: number): number {
  if (Number.isInteger(Math.log2(blockSize)) && blockSize >= 16) return blockSize;
  throw new UserError(
    'quantize.invalid-option',
    `block-size must be a power of two and at least 16, not ${blockSize}.`,
  );
}

interface LargeOptions {
  weights: readonly LargeWeight[];
  choice: FittingChoice;
  /** Accuracy level of MatMulNBits. */
  level: number;
}

/** Large layers as MatMulNBits, rounded as chosen. */
async function quantizeWeights(
  prepared: PreparedModel,
  request: QuantizeRequest,
  { weights, choice, level }: LargeOptions,
): Promise<{ decisions: Decision[]; fitted: FittedResult | null }> {
  const { model } = prepared;
  if (choice.rounding === 'nearest') {
    const importance = await channelImportance(prepared, request, weights);
    return { decisions: toNearest(prepared, weights, { level, importance }), fitted: null };
  }
  const decisions: Decision[] = [];
  model.setOpset('com.microsoft', 1);
  const emit = (weight: LargeWeight, quantized: BlockQuantized | null) => {
    const blocks = quantized ?? nearestBlocks(model.graph, weight);
    decisions.push(...emitWeight(model.graph, weight, { quantized: blocks, level }));
  };
  const { dataset } = choice;
  const fitted = await fitWeights({ model, weights, dataset, context: request.context, emit });
  return { decisions, fitted };
}

/** Rounds to the nearest codes. @param importance of the channels of activations, by name. */
function toNearest(
  { model }: PreparedModel,
  weights: readonly LargeWeight[],
  { level, importance = new Map() }: { level: number; importance?: ReadonlyMap<string, ArrayLike<number>> },
): Decision[] {
  if (weights.length > 0) model.setOpset('com.microsoft', 1);
  return weights.flatMap((weight) => {
    const quantized = nearestBlocks(model.graph, weight, importance.get(weight.layers[0].input));
    return emitWeight(model.graph, weight, { quantized, level });
  });
}

function nearestBlocks(
  graph: Graph,
  weight: LargeWeight,
  importance: ArrayLike<number> | null = null,
): BlockQuantized {
  const rows = rowsOfWeight(graph, weight);
  const options = { importance, keepsRange: importance === null };
  return quantizeBlocks(rows, weight.layers[0].depth, weight.format, options);
}

/** Samples read for the importance of channels. */
const MAX_SAMPLES = 64;

/**
 * Mean square of every channel of the activations, by name: errors of weights that meet loud channels count more. Seen on the calibration data, else on
 * made-up tokens; empty for models that don't read tokens alone, and for 8 bits, which keep the range whatever it is.
 */
async function channelImportance(
  { model }: PreparedModel,
  request: QuantizeRequest,
  weights: readonly LargeWeight[],
): Promise<Map<string, ArrayLike<number>>> {
  const fine = weights.filter(({ format }) => format.bits === 4);
  const dataset = request.calibration ?? syntheticTokens(model);
  if (!dataset || fine.length === 0) return new Map();
  const statistics = await channelStatistics({
    ...request,
    model,
    dataset,
    tensors: new Map(fine.map(({ layers: [{ input, depth }] }) => [input, depth])),
    maxSamples: MAX_SAMPLES,
  });
  return new Map([...statistics].map(([name, { meanSquare }]) => [name, meanSquare]));
}
