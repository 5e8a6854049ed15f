/** Dynamic INT8: weights of MatMul and Gemm in 8 bits, activations quantized as they come, embedding tables by row.
 *
 *  Each layer becomes DynamicQuantizeLinear → MatMulInteger → Cast → Mul (→ Add), which ONNX Runtime fuses to
 *  DynamicQuantizeMatMul; layers that read the same tensor become one (merge-layers.ts), or share its DynamicQuantizeLinear. Below opset 11 the fused contrib
 *  operator is written itself. LSTM becomes DynamicQuantizeLSTM (recurrent.ts). Conv stays float: ConvInteger is slower than float Conv
 *  on every CPU measured. So do layers too small for their product to pay for quantizing the activation. What stays float has its weights
 *  stored in 8 bits (layers/folded-weights.ts), which costs no time.
 *
 *  With calibration data weights are fitted to what their layers read (fitted-layers.ts).
 *
 *  Channels that stretch the activation's range are smoothed into the weights first (smooth-quant.ts): seen on calibration data, or
 *  on made-up tokens where the model reads nothing else. */
import type { Dataset } from '../../data/samples/dataset.js';
import { Interrupted, messageOf } from '../../errors.js';
import type { Graph } from '../../onnx/graph.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { isWeightedOperator } from '../../onnx/weighted.js';
import { allFinite, NOT_FINITE } from '../../tensor/finite.js';
import { chooseFitting, type FittingChoice, fittingNotes } from '../gptq/choose-fitting.js';
import { quantizeEmbeddings } from '../layers/embeddings.js';
import { storeFinely } from '../layers/fine-weights.js';
import { foldWeights, isFoldableLayer } from '../layers/folded-weights.js';
import { HalfStorage, ONLY_HALVES } from '../layers/half-weights.js';
import { hasPlainAddend, type LinearLayer, linearLayer } from '../layers/linear-layer.js';
import { keptForOthers } from '../layers/shared-weights.js';
import { lacksCalibration } from '../method/calibration-need.js';
import { isCpu, runsHere, type Slowdown, saturates, slowdownText } from '../method/compare-speed.js';
import type { Decision, QuantizeNote, QuantizeRequest, QuantizeResult } from '../method/request.js';
import { isChanged, isQuantized, lastOf, leaveFloat, resultOf, unmatchedNotes } from '../method/result.js';
import { makeSelection, nodeLabel, type Selection } from '../method/selection.js';
import { editBodies } from '../prepare/edit-bodies.js';
import { type PreparedModel, prepareModel } from '../prepare/prepare.js';
import { writePrepared } from '../prepare/write-prepared.js';
import { applyRewrites } from '../rewrite/rewrite.js';
import { quantizeAttention } from './attention.js';
import { chooseRecurrent } from './choose-recurrent.js';
import { type DynamicLayerOptions, dynamicWeights, quantizeLayers } from './dynamic-layers.js';
import { fitLayers } from './fitted-layers.js';
import { mergeLayers } from './merge-layers.js';
import { quantizeRecurrent } from './recurrent.js';
import { type Smoothing, smoothActivations } from './smooth-quant.js';
import { syntheticTokens } from './synthetic.js';
import { slowdown, unfusedProducts } from './verify-dynamic.js';

interface DynamicOptions {
  perChannel: boolean;
  saturationSafe: boolean;
  /** Keep layers float whose product is too small to pay. */
  onlyPaying: boolean;
  /** No product or LSTM in 8 bits: only what costs no time. */
  onlyWeights?: boolean;
}

/** Weights below which the integer product doesn't pay for quantizing the activation: measured on 2 cores with AVX512-VNNI,
 *  128 × 128 breaks even with one row and takes 0.67 × the float time with 16; 64 × 64 takes 1.29 × with one row. */
export const SMALLEST_PAYING_WEIGHT = 128 * 128;

export async function int8Dynamic(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, target } = request;
  const notes = optionNotes(request);
  const dynamic: DynamicOptions = {
    perChannel: options.perChannel ?? true,
    saturationSafe: options.saturationSafe ?? saturates(target),
    onlyPaying: decidesItself(options),
  };
  const written = await write(request, dynamic);
  const isWritten = written.decisions.some(isChanged);
  const verified =
    isWritten && request.verify ? await verify(request, written) : { notes: [], slowdown: null };
  const slower = options.include === null ? verified.slowdown : null;
  // What costs no time stays in 8 bits: embedding tables, and weights that are folded when the file is loaded.
  const final = slower ? await write(request, { ...dynamic, onlyWeights: true }) : written;
  const { decisions, provenance } = final;
  notes.push(...final.notes, ...verified.notes);
  if (slower) notes.push(onlyWeightsNote(slower));
  if (!decisions.some(isChanged)) {
    leaveFloat(request);
    notes.push(NOTHING_PAYS);
  } else if (!decisions.some(isQuantized)) notes.push(ONLY_HALVES);
  return resultOf(request, { decisions, notes, provenance });
}

/** Whether the method says what becomes of each operator: of all of them, or of those that a plan lists, which were decided on in the same way. */
function decidesItself({ include, includeNames }: QuantizeRequest['options']): boolean {
  return include === null || includeNames === true;
}

interface Written {
  decisions: Decision[];
  notes: QuantizeNote[];
  provenance: Record<string, unknown>;
  /** Samples of the user's, or made-up ones; null: there are none. */
  dataset: Dataset | null;
}

/** Writes the file if anything in it is quantized. */
async function write(request: QuantizeRequest, dynamic: DynamicOptions): Promise<Written> {
  const { options, target } = request;
  const { perChannel, saturationSafe, onlyWeights = false } = dynamic;
  const prepared = await prepareModel(request.model, {
    ...request,
    keepsSharing: true,
    narrowFloats: isCpu(target) ? 'float32' : 'kept',
  });
  const rewrites = await applyRewrites(prepared.model, prepared.types, { ...request.context, target });
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const { layers, decisions: made } = dynamicLayers(prepared, selection, dynamic);
  const dataset = request.calibration ?? syntheticTokens(prepared.model);
  const recurrent = onlyWeights
    ? { layers: [], decisions: [] }
    : await chooseRecurrent({ prepared, selection, options: dynamic, dataset, request });
  made.push(...recurrent.decisions);
  const smoothed = await smooth(prepared, layers, { request, dataset, saturationSafe });
  // One scale for several weights would be coarser than one for each.
  const products = perChannel ? mergeLayers(prepared.model, layers) : layers;
  const rounded = await quantizeProducts(prepared, products, {
    request,
    options: { ...dynamic, factors: smoothed?.factors ?? new Map() },
  });
  quantizeRecurrent(prepared.model, recurrent.layers, dynamic);
  made.push(...quantizeAttention(prepared.model, selection, dynamic));
  made.push(...quantizeEmbeddings(prepared, selection));
  // Of what a user lists, only what has a kernel.
  if (decidesItself(options))
    made.push(
      ...foldWeights(prepared, selection, isFoldableLayer).filter(isQuantized),
      ...storeFinely(prepared, options),
    );
  // What a repair leaves computes in float32, of weights that are stored in half all the same.
  const storage = new HalfStorage(options);
  const store = (graph: PreparedModel) => (decidesItself(options) ? storage.store(graph) : 0);
  await editBodies(prepared, {
    ...request,
    edit: (body) => {
      const inside = [
        ...quantizeBody(body, selection, dynamic),
        ...(decidesItself(options) ? storeFinely(body, options) : []),
      ];
      made.push(...inside);
      return inside.filter(isQuantized).length + store(body);
    },
  });
  store(prepared);
  const decisions = storage.told(lastOf(made));
  if (decisions.some(isChanged)) {
    await writePrepared(prepared, request);
  }
  const smoothings = smoothed?.applied ?? [];
  const { rounding } = rounded;
  const provenance = { perChannel, saturationSafe, smoothed: smoothings, rounding, rewrites };
  return { decisions, notes: [...unmatchedNotes(selection), ...rounded.notes], provenance, dataset };
}

/** Replaces the products in the graph: rounded to the nearest, or fitted to the calibration data. */
async function quantizeProducts(
  prepared: PreparedModel,
  products: readonly LinearLayer[],
  { request, options }: { request: QuantizeRequest; options: DynamicLayerOptions },
): Promise<{ rounding: FittingChoice['rounding']; notes: QuantizeNote[] }> {
  const layers = dynamicWeights(products, options.factors);
  const choice = chooseFitting(layers, request, { byDefault: 'adaptive' });
  const { rounding } = choice;
  if (rounding === 'nearest') {
    quantizeLayers(prepared, products, options);
    return { rounding, notes: fittingNotes(choice, null) };
  }
  const { dataset } = choice;
  const { context, evidence } = request;
  const fitted = await fitLayers(prepared, {
    layers,
    options,
    rounding,
    dataset,
    context,
    ...(evidence && { known: evidence.fitted }),
  });
  return { rounding, notes: fittingNotes(choice, fitted) };
}

/** The same for the body of an If, a Loop or a Scan, whose values are not observed. */
function quantizeBody(body: PreparedModel, selection: Selection, dynamic: DynamicOptions): Decision[] {
  const { layers, decisions } = dynamicLayers(body, selection, dynamic);
  quantizeLayers(body, layers, { ...dynamic, factors: new Map() });
  decisions.push(...quantizeAttention(body.model, selection, dynamic));
  decisions.push(...quantizeEmbeddings(body, selection));
  if (dynamic.onlyPaying)
    decisions.push(...foldWeights(body, selection, isFoldableLayer).filter(isQuantized));
  return decisions;
}

const NOTHING_PAYS: QuantizeNote = {
  level: 'info',
  code: 'quantize.nothing-pays',
  message:
    'Nothing pays in int8-dynamic here: no product or LSTM is large enough to run in 8 bits, and no float32 weights are worth compressing. The model was left as it is.',
};

/** @throws UserError for options that need calibration data where there is none. */
function optionNotes({ options, target, calibration }: QuantizeRequest): QuantizeNote[] {
  if (options.smoothQuant === true && !calibration) throw lacksCalibration('smooth-quant');
  const notes: QuantizeNote[] = [];
  if (options.symmetric === false) {
    notes.push({
      level: 'warn',
      code: 'quantize.ignored-option',
      message: 'symmetric: false is ignored: the fused kernel wants symmetric weights.',
    });
  }
  if (!isCpu(target)) {
    notes.push({
      level: 'warn',
      code: 'quantize.target-without-int8',
      message: `${target} has no kernel for dynamically quantized products: they run on the CPU. Use float16 or int8-weights.`,
    });
  }
  return notes;
}

function onlyWeightsNote(slowdown: Slowdown): QuantizeNote {
  return {
    level: 'info',
    code: 'quantize.only-weights',
    message: `With products in 8 bits the model ${slowdownText(slowdown)}: only its weights were compressed, and it computes in float32 as before.`,
  };
}

/** Notes what did not fuse, and says whether the file is slower than the original here. */
async function verify(
  request: QuantizeRequest,
  { dataset }: Pick<Written, 'dataset'>,
): Promise<{ notes: QuantizeNote[]; slowdown: Slowdown | null }> {
  const { context, target, options } = request;
  const notes: QuantizeNote[] = [];
  const unfused = await unfusedProducts(request.out, context.runtime);
  if (unfused.length > 0) {
    const message = `ONNX Runtime left ${unfused.length} products unfused, which costs time: ${unfused.slice(0, 5).join(', ')}.`;
    notes.push({ level: 'warn', code: 'quantize.not-fused', message });
  }
  if (!dataset || !runsHere(target)) return { notes, slowdown: null };
  try {
    const files = { original: request.model, quantized: request.out };
    const found = await slowdown(files, { context, dataset });
    if (found && options.include !== null)
      notes.push({
        level: 'warn',
        code: 'quantize.slower',
        message: `The quantized model ${slowdownText(found)}.`,
      });
    return { notes, slowdown: found };
  } catch (error) {
    context.log.debug(`The quantized model's speed was not compared: ${messageOf(error)}`);
    return { notes, slowdown: null };
  }
}

/** Smooths by calibration data, or by made-up tokens. */
async function smooth(
  prepared: PreparedModel,
  layers: readonly LinearLayer[],
  {
    request,
    dataset,
    saturationSafe,
  }: { request: QuantizeRequest; dataset: Dataset | null; saturationSafe: boolean },
): Promise<Smoothing | null> {
  if (request.options.smoothQuant === false || layers.length === 0 || !dataset) return null;
  try {
    return await smoothActivations({ prepared, layers, request: { ...request, dataset }, saturationSafe });
  } catch (error) {
    if (request.calibration || error instanceof Interrupted) throw error;
    // Statistics come before any edit: the model is untouched, only not smoothed.
    request.context.log.debug(
      `Made-up tokens don't suit this model (${messageOf(error)}): its activations are not smoothed.`,
    );
    return null;
  }
}

/** Layers worth quantizing, and what becomes of every MatMul, Gemm and Conv. */
function dynamicLayers(
  { model: { graph }, types }: PreparedModel,
  selection: Selection,
  options: DynamicOptions,
): { layers: LinearLayer[]; decisions: Decision[] } {
  const layers: LinearLayer[] = [];
  const decisions: Decision[] = [];
  for (const node of graph.nodes) {
    if (!isWeightedOperator(node)) continue;
    const decision: Decision = { node: nodeLabel(node), opType: node.opType, became: 'float', reason: null };
    decisions.push(decision);
    if (node.opType.startsWith('Conv')) {
      decision.reason = 'dynamically quantized convolutions are slower than float; int8-static is for them';
      continue;
    }
    const layer = linearLayer(graph, node);
    const reason = 'reason' in layer ? layer.reason : refusal(layer, types, { selection, options, graph });
    if (reason !== null || 'reason' in layer) decision.reason = reason;
    else {
      decision.became = 'DynamicQuantizeMatMul';
      layers.push(layer);
    }
  }
  return { layers, decisions };
}

function refusal(
  layer: LinearLayer,
  types: PreparedModel['types'],
  context: { selection: Selection; options: DynamicOptions; graph: Graph },
): string | null {
  const { selection, options, graph } = context;
  const kept = selection.reasonToKeep(layer.node);
  if (kept !== null) return kept;
  const override = selection.override(layer.node);
  if (override?.weight?.startsWith('float') || override?.activation?.startsWith('float')) return 'overridden';
  const input = types.get(layer.input);
  if (input && input.dataType !== DataType.FLOAT) return 'it does not work on float32';
  if (input?.shape?.length === 1) return 'its input is a vector';
  if (!hasPlainAddend(graph, layer)) return 'its addend is scaled and not constant';
  if (options.onlyWeights) return 'products in 8 bits were slower here';
  if (options.onlyPaying && layer.depth * layer.channels < SMALLEST_PAYING_WEIGHT) {
    return `too small to pay: ${layer.depth} × ${layer.channels}`;
  }
  const held = keptForOthers(graph, layer.weight, selection);
  if (held !== null) return held;
  return allFinite(graph.floats(layer.weight)) ? null : NOT_FINITE;
}
