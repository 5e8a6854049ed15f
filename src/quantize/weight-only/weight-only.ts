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
import { chooseFitting, type FittingChoice, fittingNotes } from '../gptq/choose-fitting.js';
import { unwatchedNotes, withBodies } from '../gptq/fit-bodies.js';
import type { FittedResult } from '../gptq/staged-fit.js';
import type { BlockFormat } from '../integers/block-quantize.js';
import { INT8_TABLE } from '../layers/embeddings.js';
import { FINE } from '../layers/fine-weights.js';
import { FOLDED } from '../layers/folded-weights.js';
import { ONLY_HALVES } from '../layers/half-weights.js';
import { SMALLEST_PAYING_WEIGHT } from '../layers/linear-layer.js';
import { isCpu } from '../method/compare-speed.js';
import type { FittedWeight } from '../method/evidence.js';
import type { QuantizeRequest } from '../method/request.js';
import {
  type Decision,
  isChanged,
  isQuantized,
  lastOf,
  leaveFloat,
  type QuantizeNote,
  type QuantizeResult,
  resultOf,
  unmatchedNotes,
} from '../method/result.js';
import { makeSelection } from '../method/selection.js';
import { type PreparedModel, prepareModel } from '../prepare/prepare.js';
import { applyRewrites } from '../rewrite/rewrite.js';
import { mixedPrecision } from './mixed/mixed-precision.js';
import { type NearestRanges, toNearestOutputs } from './nearest-ranges.js';
import { bodyProducts, emitBody, fitBodyProducts } from './products/body-products.js';
import { fitProducts } from './products/fitted-products.js';
import { halfRest, writeWithRest } from './products/half-rest.js';
import type { LargeWeight } from './products/large-weights.js';
import { type Parts, productsOf, quantizeRest } from './products/parts.js';
import { whyUnfittedHere } from './products/unfitted-products.js';

/** What an operator became of the rest in half. */
const HALF = 'float16';

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
  const rewrites = await applyRewrites(prepared.model, prepared.types, { ...request.context, target });
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const parts: Parts = {
    prepared,
    request,
    selection,
    format,
    rest: await halfRest(prepared, request),
    level: isCpu(target) ? INT8_ACCURACY_LEVEL : 0,
    // MatMulNBits of 8 bits is slower than float in WebAssembly; weights that are unpacked when the file is loaded cost nothing.
    unpacks: target === 'wasm' && bits === 8 && Object.keys(options.overrides).length === 0,
  };
  const isMixed = bits === 4 && (options.minSqnr !== null || options.maxSize !== null);
  const made = isMixed ? await mixedPrecision(parts) : await onePrecision(parts);
  const notes = [...unmatchedNotes(selection), ...made.notes];
  if (!made.decisions.some(isChanged)) {
    await leaveFloat(request);
    notes.unshift(NOTHING_PAYS);
  } else if (!made.decisions.some(isQuantized)) notes.unshift(ONLY_HALVES);
  return resultOf(request, {
    decisions: made.decisions,
    notes,
    provenance: { ...format, ...made.provenance, rewrites },
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
  const compressed = decisions.filter(
    (decision) => isQuantized(decision) && decision.became !== HALF && decision.became !== FINE,
  );
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

/** Writes the file with the method's bits everywhere, if anything in it is quantized. */
async function onePrecision(parts: Parts): Promise<{
  decisions: Decision[];
  notes: QuantizeNote[];
  provenance: Record<string, unknown>;
}> {
  const { prepared, request, format } = parts;
  const { weights, decisions: products } = productsOf(prepared, parts);
  const known = request.evidence?.fittedInBodies ?? new Map<string, FittedWeight>();
  const inside = request.calibration ? await bodyProducts(prepared, parts) : [];
  const fittable = [...weights, ...inside.map(({ weight }) => weight)];
  const choice = await chooseFitting(fittable, request, { why: () => whyUnfittedHere(parts) });
  const large = await quantizeWeights(parts, weights, choice);
  const bodies =
    choice.rounding === 'nearest' || inside.length === 0
      ? null
      : await fitBodyProducts(large.rounded, parts, { dataset: choice.dataset, made: known });
  const blocks = bodies?.made ?? new Map<string, FittedWeight>();
  const rest = await quantizeRest(large.rounded, parts, {
    tableBits: () => format.bits,
    products: (body, own) => emitBody(body, own, { blocks, level: parts.level }),
  });
  const made = rest.storage.told(lastOf([...products, ...large.decisions, ...rest.made]));
  const { decisions, notes } = await writeWithRest(large.rounded, parts, made);
  return {
    decisions,
    notes: [
      ...fittingNotes(choice, withBodies(large.fitted, bodies)),
      ...unwatchedNotes(bodies?.unwatched ?? []),
      ...(format.bits === 4 ? widerNotes(decisions) : []),
      ...notes,
    ],
    provenance: { rounding: choice.rounding, ...(large.ranges && { ranges: large.ranges }) },
  };
}

interface RoundedWeights {
  rounded: PreparedModel;
  decisions: Decision[];
  fitted: FittedResult | null;
  /** Of nearest codes. */
  ranges: NearestRanges | null;
}

/** Large layers as MatMulNBits, rounded as chosen. */
async function quantizeWeights(
  parts: Parts,
  weights: readonly LargeWeight[],
  choice: FittingChoice,
): Promise<RoundedWeights> {
  if (choice.rounding === 'nearest') return { ...(await toNearestOutputs(parts, weights)), fitted: null };
  const made = await fitProducts(parts, weights, choice.dataset);
  return { rounded: parts.prepared, ...made, ranges: null };
}
