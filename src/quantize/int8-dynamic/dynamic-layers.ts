/** A linear layer as ONNX Runtime's dynamically quantized product: constants and nodes. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { reductionOrder } from '../integers/saturation.js';
import { type QuantizedWeight, quantizeWeight } from '../integers/weights.js';
import { addendName, type LinearLayer, layerWeights } from '../layers/linear-layer.js';
import { nodeLabel } from '../method/selection.js';
import type { PreparedModel } from '../prepare/prepare.js';

export interface DynamicLayerOptions {
  /** One scale per output channel instead of one per weight. */
  perChannel: boolean;
  /** Same bits on CPUs without VNNI (saturation.ts). */
  saturationSafe: boolean;
  /** Smoothing by activation: channel j of the layer's input was divided by factors[j], so weight row j is multiplied by it. */
  factors: ReadonlyMap<string, Float32Array>;
}

/** Replaces the layers in the graph, their weights rounded to the nearest. */
export function quantizeLayers(
  { model }: PreparedModel,
  layers: readonly LinearLayer[],
  options: DynamicLayerOptions,
): void {
  const emitter = new DynamicEmitter(model, options);
  for (const { layers: readers } of dynamicWeights(layers, options.factors)) emitter.emit(readers, null);
}

/** One weight in 8 bits, for all layers that read it in the same way. */
export interface DynamicWeight {
  layers: [LinearLayer, ...LinearLayer[]];
}

/** In the layers' order. Tied weights are one, unless their inputs were smoothed by different factors. */
export function dynamicWeights(
  layers: readonly LinearLayer[],
  factors: DynamicLayerOptions['factors'],
): DynamicWeight[] {
  const families = [...new Set(factors.values())];
  const weights = new Map<string, DynamicWeight>();
  for (const layer of layers) {
    const own = factors.get(layer.input);
    const smoothedBy = own ? families.indexOf(own) : null;
    const key = JSON.stringify([layer.weight, layer.transposed, layer.alpha, smoothedBy]);
    const known = weights.get(key);
    if (known) known.layers.push(layer);
    else weights.set(key, { layers: [layer] });
  }
  return [...weights.values()];
}

/** Puts layers into the graph, weight by weight; layers that read the same activation share its DynamicQuantizeLinear. */
export class DynamicEmitter {
  readonly #graph: Graph;
  readonly #options: DynamicLayerOptions;
  readonly #isStandard: boolean;
  readonly #activations = new Map<string, QuantizedActivation>();

  constructor(model: Model, options: DynamicLayerOptions) {
    this.#graph = model.graph;
    this.#options = options;
    this.#isStandard = model.opset() >= DYNAMIC_QUANTIZE_OPSET;
    if (!this.#isStandard) model.setOpset('com.microsoft', 1);
  }

  /** @param fitted default: the weight is rounded to the nearest. */
  emit(layers: DynamicWeight['layers'], fitted: QuantizedWeight | null): void {
    const graph = this.#graph;
    const [layer] = layers;
    const quantized =
      fitted ?? nearestWeight(dynamicValues(graph, layer, this.#options), layer, this.#options);
    const weight = addWeight(graph, layer, { quantized, perChannel: this.#options.perChannel });
    for (const reader of layers) {
      if (this.#isStandard) emitStandard(graph, reader, { weight, activations: this.#activations });
      else emitContrib(graph, reader, weight);
    }
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

/** The layer's weights as its input wants them, [depth, channels]. */
export function dynamicValues(
  graph: Graph,
  layer: LinearLayer,
  { factors }: Pick<DynamicLayerOptions, 'factors'>,
): Float32Array {
  return smoothedWeights(layerWeights(graph, layer), factors.get(layer.input));
}

/** @param values as dynamicValues gives them. */
export function nearestWeight(
  values: Float32Array,
  { depth, channels }: LinearLayer,
  { perChannel, saturationSafe }: Pick<DynamicLayerOptions, 'perChannel' | 'saturationSafe'>,
): QuantizedWeight {
  const layout = { rows: depth, columns: channels, kernel: 1, rowsAreOutputs: false, group: 1 };
  return quantizeWeight(values, [depth, channels], {
    type: 'int8',
    axis: perChannel ? 1 : null,
    symmetric: true,
    pairs: saturationSafe ? reductionOrder(layout) : null,
  });
}

function addWeight(
  graph: Graph,
  { weight, depth, channels, alpha }: LinearLayer,
  { quantized, perChannel }: { quantized: QuantizedWeight; perChannel: boolean },
): QuantizedWeightNames {
  const scale = alpha === 1 ? quantized.scale : quantized.scale.map((value) => value * alpha);
  const shape = perChannel ? [channels] : [];
  return {
    data: graph.addConstant(`${weight}_quantized`, DataType.INT8, [depth, channels], quantized.data),
    scale: graph.addConstant(`${weight}_scale`, DataType.FLOAT, shape, scale),
  };
}

/** Rows of [depth, channels] weights multiplied by the smoothing factors. */
function smoothedWeights(values: Float32Array, factors: Float32Array | undefined): Float32Array {
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
  const output = outputOf(layer.node);
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
  const output = outputOf(layer.node);
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
