/** Dynamic INT8: weights of MatMul and Gemm in 8 bits, activations quantized as they come, embedding tables by row.
 *
 *  Each layer becomes DynamicQuantizeLinear → MatMulInteger → Cast → Mul (→ Add), which ONNX Runtime fuses to
 *  DynamicQuantizeMatMul; layers that read the same tensor share its DynamicQuantizeLinear. Below opset 11 the fused contrib
 *  operator is written itself. Conv stays float: ConvInteger is slower than float Conv on every CPU measured. So do layers too
 *  small for their product to pay for quantizing the activation.
 *
 *  Channels that stretch the activation's range are smoothed into the weights first (smooth-quant.ts): seen on calibration data, or
 *  on made-up tokens where the model reads nothing else. */
import type { NodeProto } from 'onnx-buf';
import type { Dataset } from '../data/dataset.js';
import { Interrupted, messageOf, UserError } from '../errors.js';
import { makeNode } from '../onnx/build.js';
import { DataType } from '../onnx/element-type.js';
import type { Graph } from '../onnx/graph.js';
import { readModel } from '../onnx/read.js';
import { writeModel } from '../onnx/write.js';
import { syntheticTokens } from './calibrate/synthetic.js';
import { quantizeEmbeddings } from './embeddings.js';
import { allFinite, NOT_FINITE } from './finite.js';
import { addendName, hasPlainAddend, type LinearLayer, layerWeights, linearLayer } from './linear-layer.js';
import { type PreparedModel, prepareModel } from './prepare.js';
import type { Decision, Note, QuantizeRequest, QuantizeResult } from './quantize.js';
import { applyRewrites } from './rewrite/rewrite.js';
import { matMulOrder } from './saturation.js';
import { makeSelection, nodeLabel, type Selection, type SelectionOptions } from './selection.js';
import { type Smoothing, smoothActivations } from './smooth-quant.js';
import { quantizeWeight } from './weights.js';

export interface DynamicOptions extends SelectionOptions {
  /** One scale per output channel instead of one per weight. */
  perChannel: boolean;
  /** Same bits on CPUs without VNNI (saturation.ts). */
  saturationSafe: boolean;
  /** Keep layers float whose product is too small to pay. */
  onlyPaying: boolean;
}

/** Weights below which the integer product doesn't pay for quantizing the activation: measured on 2 cores with AVX512-VNNI,
 *  128 × 128 breaks even with one row and takes 0.67 × the float time with 16; 64 × 64 takes 1.29 × with one row. */
export const SMALLEST_PAYING_WEIGHT = 128 * 128;

export async function int8Dynamic(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, runtime, log, target } = request;
  const notes: Note[] = [];
  if (options.smoothQuant === true && !request.calibration) {
    throw new UserError(
      'smooth-quant needs calibration data: name it under data.calibration, or with --calibration.',
    );
  }
  if (options.symmetric === false) {
    notes.push({
      level: 'warn',
      code: 'ignored-option',
      message: 'symmetric: false is ignored: the fused kernel wants symmetric weights.',
    });
  }
  if (target !== 'cpu' && target !== 'arm64') {
    notes.push({
      level: 'warn',
      code: 'target-without-int8',
      message: `${target} has no kernel for dynamically quantized products: they run on the CPU. Use float16 or int8-weights.`,
    });
  }
  const prepared = await prepareModel(request.model, { runtime, log });
  const rewrites = applyRewrites(prepared.model, prepared.types);
  const selection = makeSelection(options);
  const dynamic: DynamicOptions = {
    ...options,
    perChannel: options.perChannel ?? true,
    saturationSafe: options.saturationSafe ?? target === 'cpu',
    onlyPaying: options.include === null,
  };
  const { layers, decisions } = dynamicLayers(prepared, selection, dynamic);
  const smoothed = await smooth(prepared, layers, { request, saturationSafe: dynamic.saturationSafe });
  quantizeLayers(prepared, layers, { ...dynamic, factors: smoothed?.factors ?? new Map() });
  decisions.push(...quantizeEmbeddings(prepared, selection));
  finish(prepared, selection, notes);
  const quantized = decisions.filter((decision) => decision.became !== 'float').length;
  writeModel(quantized > 0 ? prepared.model : readModel(request.model), request.out);
  if (quantized === 0) {
    notes.push({
      level: 'info',
      code: 'nothing-pays',
      message:
        'Nothing pays in int8-dynamic here: no product is large enough (Conv is left to int8-static). The model was left as it is.',
    });
  }
  return {
    file: request.out,
    method: 'int8-dynamic',
    target,
    groups: { quantized, float: decisions.length - quantized },
    decisions,
    notes,
    provenance: {
      perChannel: dynamic.perChannel,
      saturationSafe: dynamic.saturationSafe,
      smoothed: smoothed ? smoothed.applied : [],
      rewrites,
    },
  };
}

/** Smooths by calibration data; without any, by made-up tokens where the model reads nothing else. */
async function smooth(
  prepared: PreparedModel,
  layers: readonly LinearLayer[],
  { request, saturationSafe }: { request: QuantizeRequest; saturationSafe: boolean },
): Promise<Smoothing | null> {
  if (request.options.smoothQuant === false || layers.length === 0) return null;
  const smoothBy = (dataset: Dataset) =>
    smoothActivations({ prepared, layers, request: { ...request, dataset }, saturationSafe });
  if (request.calibration) return await smoothBy(request.calibration);
  const tokens = syntheticTokens(prepared.model);
  if (!tokens) return null;
  try {
    return await smoothBy(tokens);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    // Statistics come before any edit: the model is untouched, only not smoothed.
    request.log.debug(
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
    if (node.domain !== '' || !CONSIDERED.has(node.opType)) continue;
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

const CONSIDERED = new Set(['MatMul', 'Gemm', 'Conv', 'ConvTranspose']);

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
  if (options.onlyPaying && layer.depth * layer.channels < SMALLEST_PAYING_WEIGHT) {
    return `too small to pay: ${layer.depth} × ${layer.channels}`;
  }
  return allFinite(graph.constantValues(layer.weight) as Float32Array) ? null : NOT_FINITE;
}

interface LayerOptions extends DynamicOptions {
  /** Smoothing by activation: channel j of the layer's input was divided by factors[j], so weight row j is multiplied by it. */
  factors: ReadonlyMap<string, Float32Array>;
}

function quantizeLayers(
  { model }: PreparedModel,
  layers: readonly LinearLayer[],
  options: LayerOptions,
): void {
  const { graph } = model;
  const standard = model.opset() >= DYNAMIC_QUANTIZE_OPSET;
  if (!standard && layers.length > 0) model.setOpset('com.microsoft', 1);
  const activations = new Map<string, QuantizedActivation>();
  const weights = new Map<string, QuantizedWeightNames>();
  for (const layer of layers) {
    // Tied weights are stored once, unless their inputs were smoothed by different factors.
    const smoothedBy = options.factors.has(layer.input) ? layer.input : '';
    const key = JSON.stringify([layer.weight, layer.transposed, layer.alpha, smoothedBy]);
    let weight = weights.get(key);
    if (!weight) {
      weight = addQuantizedWeight(graph, layer, options);
      weights.set(key, weight);
    }
    if (standard) emitStandard(graph, layer, { weight, activations });
    else emitContrib(graph, layer, weight);
  }
}

/** DynamicQuantizeLinear came with opset 11 (MatMulInteger with 10). */
const DYNAMIC_QUANTIZE_OPSET = 11;

interface QuantizedActivation {
  data: string;
  scale: string;
  zeroPoint: string;
}

/** Zero-points are omitted: both operators take that as zero. */
interface QuantizedWeightNames {
  data: string;
  scale: string;
}

function addQuantizedWeight(graph: Graph, layer: LinearLayer, options: LayerOptions): QuantizedWeightNames {
  const dims = [layer.depth, layer.channels];
  const values = smoothedWeights(layerWeights(graph, layer), options.factors.get(layer.input));
  const quantized = quantizeWeight(values, dims, {
    type: 'int8',
    axis: options.perChannel ? 1 : null,
    symmetric: true,
    pairs: options.saturationSafe ? matMulOrder(dims) : null,
  });
  const scale = layer.alpha === 1 ? quantized.scale : quantized.scale.map((value) => value * layer.alpha);
  const shape = options.perChannel ? [layer.channels] : [];
  return {
    data: graph.addConstant(`${layer.weight}_quantized`, DataType.INT8, dims, quantized.data),
    scale: graph.addConstant(`${layer.weight}_scale`, DataType.FLOAT, shape, scale),
  };
}

/** Rows of [depth, channels] weights multiplied by the smoothing factors. */
export function smoothedWeights(values: Float32Array, factors: Float32Array | undefined): Float32Array {
  if (!factors) return values;
  const channels = values.length / factors.length;
  const result = new Float32Array(values.length);
  for (let i = 0, row = 0; row < factors.length; row++) {
    for (const end = i + channels; i < end; i++) result[i] = values[i]! * factors[row]!;
  }
  return result;
}

/** Intermediate names are made from the weight's, which is short: names are stored several times each. */
function emitStandard(
  graph: Graph,
  layer: LinearLayer,
  { weight, activations }: { weight: QuantizedWeightNames; activations: Map<string, QuantizedActivation> },
): void {
  const output = layer.node.output[0]!;
  let activation = activations.get(layer.input);
  if (!activation) {
    activation = {
      data: graph.freshName(`${layer.weight}_x`),
      scale: graph.freshName(`${layer.weight}_x_scale`),
      zeroPoint: graph.freshName(`${layer.weight}_x_zero`),
    };
    activations.set(layer.input, activation);
    const outputs = [activation.data, activation.scale, activation.zeroPoint];
    graph.addNode(makeNode('DynamicQuantizeLinear', [layer.input], outputs, { name: activation.data }));
  }
  const addend = addendName(graph, layer);
  const product = addend ? graph.freshName(`${layer.weight}_product`) : output;
  const integer = graph.freshName(`${layer.weight}_integer`);
  const cast = graph.freshName(`${layer.weight}_cast`);
  const scale = graph.freshName(`${layer.weight}_scales`);
  const name = nodeLabel(layer.node);
  const nodes: NodeProto[] = [
    makeNode('MatMulInteger', [activation.data, weight.data, activation.zeroPoint], [integer], { name }),
    makeNode('Cast', [integer], [cast], { name: cast, attributes: { to: { int: DataType.FLOAT } } }),
    makeNode('Mul', [activation.scale, weight.scale], [scale], { name: scale }),
    makeNode('Mul', [cast, scale], [product], { name: `${cast}_scaled` }),
  ];
  if (addend) nodes.push(makeNode('Add', [product, addend], [output], { name: `${product}_add` }));
  graph.removeNode(layer.node);
  for (const node of nodes) graph.addNode(node);
}

function emitContrib(graph: Graph, layer: LinearLayer, weight: QuantizedWeightNames): void {
  const output = layer.node.output[0]!;
  const addend = addendName(graph, layer);
  const product = addend ? graph.freshName(`${layer.weight}_product`) : output;
  graph.removeNode(layer.node);
  graph.addNode(
    makeNode('DynamicQuantizeMatMul', [layer.input, weight.data, weight.scale], [product], {
      name: nodeLabel(layer.node),
      domain: 'com.microsoft',
    }),
  );
  if (addend) graph.addNode(makeNode('Add', [product, addend], [output], { name: `${product}_add` }));
}

function finish({ model }: PreparedModel, selection: Selection, notes: Note[]): void {
  model.graph.prune();
  model.graph.setValueInfo([]);
  const unmatched = selection.unmatched();
  if (unmatched.length > 0) {
    notes.push({
      level: 'warn',
      code: 'unmatched-pattern',
      message: `No operator is called ${unmatched.map((text) => `'${text}'`).join(', ')}.`,
    });
  }
}
