/** Which products run in 8 bits: those of constant weights that are large enough to gain by it. */
import type { Graph } from '../../onnx/graph.js';
import { isWeightedOperator } from '../../onnx/query/weighted.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { allFinite, NOT_FINITE } from '../../tensor/finite.js';
import {
  hasPlainAddend,
  type LinearLayer,
  linearLayer,
  SMALLEST_PAYING_WEIGHT,
} from '../layers/linear-layer.js';
import { keptForOthers } from '../layers/shared-weights.js';
import type { QuantizeRequest } from '../method/request.js';
import type { Decision } from '../method/result.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import type { PreparedModel } from '../prepare/prepare.js';

export interface DynamicOptions {
  perChannel: boolean;
  saturationSafe: boolean;
  /** Keep layers float whose product is too small to pay. */
  onlyPaying: boolean;
  /** No product or LSTM in 8 bits: only what costs no time. */
  onlyWeights?: boolean;
}

/** Whether the method says what becomes of each operator: of all of them, or of those that a plan lists, which were decided on in the same way. */
export function decidesItself({ include, includeNames }: QuantizeRequest['options']): boolean {
  return include === null || includeNames === true;
}

/** Layers worth quantizing, and what becomes of every MatMul, Gemm and Conv. */
export function dynamicLayers(
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
