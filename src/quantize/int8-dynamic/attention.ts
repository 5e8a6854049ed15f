/** Attention of ONNX Runtime's optimizer (domain com.microsoft) in dynamic INT8: its three projections are one product, [inputs, 3 · hidden],
 *  which QAttention computes in 8 bits; what follows is float in both (docs/ContribOperators.md of onnxruntime). */
import type { NodeProto } from 'onnx-buf';
import { attribute, intAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { allFinite, NOT_FINITE } from '../../tensor/finite.js';
import { reductionOrder } from '../integers/saturation.js';
import { quantizeWeight } from '../integers/weights.js';
import { keptForOthers } from '../layers/shared-weights.js';
import type { Decision } from '../method/result.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import type { RecurrentOptions } from './recurrent.js';

/** Positions among Attention's inputs. */
const INPUT = 0;
const WEIGHT = 1;
const BIAS = 2;
const MASK = 3;
const PAST = 4;

/** From here on DynamicQuantizeLinear is there. */
const LEAST_OPSET = 11;

/** Replaces every Attention that QAttention can stand for; says what became of each. */
export function quantizeAttention(model: Model, selection: Selection, options: RecurrentOptions): Decision[] {
  const { graph } = model;
  const decisions: Decision[] = [];
  const weights = new Map<string, QuantizedProjections>();
  for (const node of graph.nodes) {
    if (node.opType !== 'Attention' || node.domain !== 'com.microsoft') continue;
    const reason = refusal(model, node, selection);
    const became = reason === null ? 'QAttention' : 'float';
    decisions.push({ node: nodeLabel(node), opType: 'Attention', became, reason });
    if (reason !== null) continue;
    const name = inputOf(node, WEIGHT);
    const weight = weights.get(name) ?? addProjections(graph, name, options);
    weights.set(name, weight);
    graph.replaceNode(node, quantized(graph, node, weight));
  }
  return decisions;
}

function refusal(model: Model, node: NodeProto, selection: Selection): string | null {
  const { graph } = model;
  const kept = selection.reasonToKeep(node);
  if (kept !== null) return kept;
  const override = selection.override(node);
  if (override?.weight?.startsWith('float') || override?.activation?.startsWith('float')) return 'overridden';
  if (model.opset() < LEAST_OPSET) return `opset ${model.opset()} has no DynamicQuantizeLinear`;
  const weight = inputOf(node, WEIGHT);
  if (!graph.isFloats(weight) || !graph.isFloats(inputOf(node, BIAS)))
    return 'its weight or bias is not a float32 constant';
  if (attribute(node, 'qkv_hidden_sizes') || intAttribute(node, 'do_rotary', 0) !== 0)
    return 'QAttention has no such form';
  if (node.input.slice(PAST + 1).some((name) => name !== '')) return 'QAttention takes no attention bias';
  const held = keptForOthers(graph, weight, selection);
  if (held !== null) return held;
  return allFinite(graph.floats(weight)) ? null : NOT_FINITE;
}

/** Names of the constants that a weight becomes: values, scale, zero-point. */
type QuantizedProjections = readonly [data: string, scale: string, zeroPoint: string];

function addProjections(graph: Graph, name: string, options: RecurrentOptions): QuantizedProjections {
  const dims = graph.dims(name);
  const [rows = 0, columns = 0] = dims;
  const layout = { rows, columns, kernel: 1, rowsAreOutputs: false, group: 1 };
  const { data, scale } = quantizeWeight(graph.floats(name), dims, {
    type: 'int8',
    axis: options.perChannel ? 1 : null,
    symmetric: true,
    pairs: options.saturationSafe ? reductionOrder(layout) : null,
  });
  const shape = options.perChannel ? [columns] : [];
  return [
    graph.addConstant(`${name}_quantized`, DataType.INT8, dims, data),
    graph.addConstant(`${name}_scale`, DataType.FLOAT, shape, scale),
    graph.addConstant(`${name}_zero_point`, DataType.INT8, shape, new Int8Array(scale.length)),
  ];
}

function quantized(graph: Graph, node: NodeProto, [data, scale, zero]: QuantizedProjections): NodeProto[] {
  const x = graph.freshName(`${data}_x`);
  const xScale = graph.freshName(`${x}_scale`);
  const xZero = graph.freshName(`${x}_zero`);
  const at = (index: number): string => inputOf(node, index);
  const inputs = [x, data, at(BIAS), xScale, scale, at(MASK), xZero, zero, at(PAST)];
  const attention = makeNode('QAttention', inputs, node.output, { name: node.name, domain: 'com.microsoft' });
  attention.attribute = node.attribute.filter(
    ({ name }) => name !== 'rotary_embedding_dim' && name !== 'do_rotary',
  );
  return [makeNode('DynamicQuantizeLinear', [at(INPUT)], [x, xScale, xZero], { name: x }), attention];
}
