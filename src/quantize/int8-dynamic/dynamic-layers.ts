/** A linear layer as ONNX Runtime's dynamically quantized product: constants and nodes. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import { DataType } from '../../onnx/element-type.js';
import type { Graph } from '../../onnx/graph.js';
import { outputOf } from '../../onnx/node.js';
import { reductionOrder } from '../integers/saturation.js';
import { quantizeWeight } from '../integers/weights.js';
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

/** Replaces the layers in the graph. */
export function quantizeLayers(
  { model }: PreparedModel,
  layers: readonly LinearLayer[],
  options: DynamicLayerOptions,
): void {
  const { graph } = model;
  const standard = model.opset() >= DYNAMIC_QUANTIZE_OPSET;
  if (!standard && layers.length > 0) model.setOpset('com.microsoft', 1);
  const activations = new Map<string, QuantizedActivation>();
  const weights = new Map<string, QuantizedWeightNames>();
  const families = [...new Set(options.factors.values())];
  for (const layer of layers) {
    // Tied weights are stored once, unless their inputs were smoothed by different factors.
    const factors = options.factors.get(layer.input);
    const smoothedBy = factors ? families.indexOf(factors) : null;
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

function addQuantizedWeight(
  graph: Graph,
  layer: LinearLayer,
  options: DynamicLayerOptions,
): QuantizedWeightNames {
  const dims = [layer.depth, layer.channels];
  const layout = { rows: layer.depth, columns: layer.channels, kernel: 1, rowsAreOutputs: false, group: 1 };
  const values = smoothedWeights(layerWeights(graph, layer), options.factors.get(layer.input));
  const quantized = quantizeWeight(values, dims, {
    type: 'int8',
    axis: options.perChannel ? 1 : null,
    symmetric: true,
    pairs: options.saturationSafe ? reductionOrder(layout) : null,
  });
  const scale = layer.alpha === 1 ? quantized.scale : quantized.scale.map((value) => value * layer.alpha);
  const shape = options.perChannel ? [layer.channels] : [];
  return {
    data: graph.addConstant(`${layer.weight}_quantized`, DataType.INT8, dims, quantized.data),
    scale: graph.addConstant(`${layer.weight}_scale`, DataType.FLOAT, shape, scale),
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
