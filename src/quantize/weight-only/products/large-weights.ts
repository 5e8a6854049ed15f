/** Which weights become MatMulNBits, and with which bits: of large products, of a form that the operator has. */
import type { NodeProto } from 'onnx-buf';
import type { OverrideConfig } from '../../../config/config.js';
import type { Graph } from '../../../onnx/graph.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { allFinite } from '../../../tensor/finite.js';
import type { BlockFormat } from '../../integers/block-quantize.js';
import {
  hasPlainAddend,
  type LayerType,
  type LinearLayer,
  layerWeights,
  linearLayer,
  SMALLEST_PAYING_WEIGHT,
  transpose,
} from '../../layers/linear-layer.js';
import { keptForOthers } from '../../layers/shared-weights.js';
import type { Decision } from '../../method/result.js';
import { nodeLabel, type Selection } from '../../method/selection.js';
import type { PreparedModel } from '../../prepare/prepare.js';

/** One weight, made once for all layers that read it in the same way. */
export interface LargeWeight {
  layers: [LinearLayer, ...LinearLayer[]];
  format: BlockFormat;
  /** An override says which bits. */
  isOverridden: boolean;
}

/** In the graph's order; the decisions are those about products that have no constant weight. Other layers are left for foldWeights. */
export function largeWeights(
  { model, types }: PreparedModel,
  {
    selection,
    format,
    type = DataType.FLOAT,
  }: { selection: Selection; format: BlockFormat; type?: LayerType },
): { weights: LargeWeight[]; decisions: Decision[] } {
  const { graph } = model;
  const decisions: Decision[] = [];
  const weights = new Map<string, LargeWeight>();
  for (const node of graph.nodes) {
    if (!isProduct(node)) continue;
    const layer = linearLayer(graph, node, type);
    if ('reason' in layer) {
      if (!node.input.some((name) => graph.constant(name))) {
        decisions.push({ node: nodeLabel(node), opType: node.opType, became: 'float', reason: layer.reason });
      }
      continue;
    }
    if (!isLarge(layer, { type, types, graph, selection })) continue;
    const override = selection.override(node);
    const own = withinDepth(formatOf(format, override), layer.depth);
    const key = JSON.stringify([layer.weight, layer.transposed, layer.alpha, own.bits]);
    const known = weights.get(key);
    if (known) known.layers.push(layer);
    else weights.set(key, { layers: [layer], format: own, isOverridden: override?.weight !== undefined });
  }
  return { weights: [...weights.values()], decisions };
}

/** The weight as rows of one output channel each, [channels, depth]. */
export function rowsOfWeight(graph: Graph, { layers: [layer] }: LargeWeight): Float32Array {
  if (layer.transposed) return graph.realValues(layer.weight);
  return transpose(layerWeights(graph, layer), layer.depth, layer.channels);
}

/** The method's format, with the bits that an override asks for. */
function formatOf(format: BlockFormat, override: OverrideConfig | undefined): BlockFormat {
  if (override?.weight === 'int8' || override?.weight === 'uint8')
    return { ...format, bits: 8, symmetric: true };
  if (override?.weight === 'int4') return { ...format, bits: 4, symmetric: override.symmetric ?? false };
  return format;
}

/** MatMulNBits knows no smaller blocks. */
const SMALLEST_BLOCK = 16;

/** Of a row that one block holds, the shortest such block: what fills it up is stored, too. */
function withinDepth(format: BlockFormat, depth: number): BlockFormat {
  let { blockSize } = format;
  while (blockSize > SMALLEST_BLOCK && blockSize >= 2 * depth) blockSize /= 2;
  return { ...format, blockSize };
}

function isProduct(node: NodeProto): boolean {
  return node.domain === '' && (node.opType === 'MatMul' || node.opType === 'Gemm');
}

interface LayerContext {
  type: LayerType;
  types: PreparedModel['types'];
  graph: Graph;
  selection: Selection;
}

function isLarge(layer: LinearLayer, { type, types, graph, selection }: LayerContext): boolean {
  const input = types.get(layer.input);
  return (
    layer.depth * layer.channels >= SMALLEST_PAYING_WEIGHT &&
    hasPlainAddend(graph, layer) &&
    input?.dataType === type &&
    input.shape?.length !== 1 &&
    selection.reasonToKeep(layer.node) === null &&
    !selection.override(layer.node)?.weight?.startsWith('float') &&
    keptForOthers(graph, layer.weight, selection) === null &&
    allFinite(graph.realValues(layer.weight))
  );
}
