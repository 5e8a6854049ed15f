/** Where TensorRT wants Q/DQ (explicit quantization): on the inputs of weighted operators, and on one branch of residual sums.
 *
 *  TensorRT fuses Conv + Add + Relu into one kernel when the branch that is not the convolution's comes dequantized; outputs get
 *  no Q of their own, biases stay float, and everything else takes its type from its neighbours (ONNX Runtime's TensorRT
 *  provider and Model Optimizer place Q/DQ so). */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { type FusionContext, type FusionRow, fusionRow } from './fusion-table.js';
import type { Group } from './group.js';
import type { CandidateOptions, Candidates } from './groups.js';

const WEIGHTED = new Set(['Conv', 'Gemm', 'MatMul']);

/** What the runtime can't be asked about here: TensorRT decides when it builds the engine. */
const ROW: FusionRow = { fused: 'int8 in TensorRT', output: 'own', dataInputs: () => [0] };

export function findTensorRtGroups(context: FusionContext, options: CandidateOptions): Candidates {
  const groups: Group[] = [];
  const reasons = new Map<NodeProto, string>();
  for (const node of context.graph.topologicalNodes()) {
    const input = quantizedInput(node, context);
    const reason = typeof input === 'string' ? options.excluded(node) : input.reason;
    if (typeof input !== 'string' || reason !== null) {
      reasons.set(node, reason ?? '');
      continue;
    }
    groups.push({
      node,
      row: ROW,
      clamps: [],
      inputs: [input],
      // No Q behind it: the output belongs to whoever reads it.
      outputs: [],
      floatOutput: true,
      endsModel: false,
    });
  }
  return { groups, reasons };
}

/** The tensor that gets Q/DQ in front of this node, or why none does. */
function quantizedInput(node: NodeProto, context: FusionContext): string | { reason: string } {
  const { graph, types } = context;
  if (WEIGHTED.has(node.opType) && node.domain === '') {
    const refused = fusionRow(node)?.refuses?.(node, context) ?? null;
    if (refused !== null) return { reason: refused };
    const input = inputOf(node, 0);
    return isFloat(types, input) && !graph.constant(input)
      ? input
      : { reason: 'it does not work on float32 data' };
  }
  if (node.opType === 'Add' && node.domain === '') {
    const [left, right] = node.input as [string, string];
    const residual = residualBranch(graph, left, right);
    if (residual !== null && isFloat(types, residual)) return residual;
  }
  return { reason: 'TensorRT takes its type from its neighbours' };
}

/** The branch of a sum that is not a weighted operator's only use; null when the sum is not a residual one. */
function residualBranch(graph: Graph, left: string, right: string): string | null {
  if (graph.constant(left) || graph.constant(right)) return null;
  const fusible = (name: string): boolean => {
    const producer = graph.producer(name);
    return producer !== undefined && WEIGHTED.has(producer.opType) && graph.consumers(name).length === 1;
  };
  if (fusible(right)) return left;
  return fusible(left) ? right : null;
}

function isFloat(types: FusionContext['types'], name: string): boolean {
  return types.get(name)?.dataType === DataType.FLOAT;
}
