/** Finds the groups that could run in 8 bits: an operator of the fusion table with the clamps behind it. Reads, never edits. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { clampLimits, isClamp } from '../../../onnx/query/clamp.js';
import { isWeightedOperator } from '../../../onnx/query/weighted.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { readComposite } from './composites.js';
import { dataTensors } from './data-tensors.js';
import { type FusionContext, type FusionRow, fusionRow } from './fusion-table.js';
import type { Group } from './group.js';

export interface Candidates {
  groups: Group[];
  /** Why a node can't be in a group, for every other node. */
  reasons: Map<NodeProto, string>;
}

export interface CandidateOptions {
  /** null when the options allow the node, else the reason why not. */
  excluded(node: NodeProto): string | null;
}

export function findGroups(context: FusionContext, options: CandidateOptions): Candidates {
  const { graph } = context;
  const groups: Group[] = [];
  const reasons = new Map<NodeProto, string>();
  const absorbed = new Set<NodeProto>();
  const around = { ...context, data: dataTensors(graph, context.types), weighted: leadsToWeights(graph) };
  for (const node of graph.topologicalNodes()) {
    if (absorbed.has(node)) continue;
    const composite = context.composites === false ? null : readComposite(node, graph, context.opset);
    const row = composite?.row ?? fusionRow(node);
    const reason = row
      ? (options.excluded(node) ?? refusal(node, { ...around, row }))
      : isShapeArithmetic(node, context)
        ? 'it computes shapes or indices'
        : `${node.opType} has no 8-bit kernel that the runtime fuses`;
    if (!row || reason !== null) {
      reasons.set(node, reason ?? '');
      continue;
    }
    const clamps = composite?.absorbed ?? (row.absorbsActivation ? clampsBehind(node, graph) : []);
    for (const clamp of clamps) absorbed.add(clamp);
    const group = groupOf(node, { row, clamps, graph });
    if (group) {
      groups.push(group);
      continue;
    }
    reasons.set(node, "its output is the model's: outputs stay float");
    for (const clamp of clamps) reasons.set(clamp, 'the operator before it stayed float');
  }
  return { groups, reasons };
}

/** null when the group writes an output of the model and can't leave it float. */
function groupOf(
  node: NodeProto,
  { row, clamps, graph }: { row: FusionRow; clamps: NodeProto[]; graph: Graph },
): Group | null {
  const last = clamps.at(-1) ?? node;
  const outputs = last.output.filter((name) => name !== '');
  const floatOutput = row.floatOutput === true && clamps.length === 0;
  const endsModel = outputs.some((name) => graph.isOutput(name));
  if (endsModel && (!floatOutput || outputs.some((name) => graph.consumers(name).length > 0))) return null;
  const inputs = row.dataInputs(node).map((index) => inputOf(node, index));
  return { node, row, clamps, inputs, outputs, floatOutput, endsModel };
}

interface RefusalContext extends FusionContext {
  row: FusionRow;
  data: ReadonlySet<string>;
  weighted: ReadonlySet<NodeProto>;
}

function refusal(node: NodeProto, context: RefusalContext): string | null {
  const { row, types, graph, data, weighted } = context;
  for (const index of row.dataInputs(node)) {
    const name = node.input[index] ?? '';
    const type = types.get(name);
    if (!type) return `the type of its input '${name}' is not known`;
    if (type.dataType !== DataType.FLOAT) return 'it does not work on float32';
    if (graph.constant(name) && row.dataInputs(node).length === 1) return 'its input is constant';
  }
  const refused = row.refuses?.(node, context) ?? null;
  if (refused !== null) return refused;
  if (row.dataInputs(node).some((index) => !data.has(node.input[index]!))) {
    return "one of its inputs does not come from the model's data (a scale factor, a size)";
  }
  if (node.opType === 'Concat' && !weighted.has(node)) {
    return "it joins unlike things at the model's end (boxes and scores share no scale)";
  }
  return null;
}

/** Relu and Clip nodes that alone read what comes before them and whose limits contain zero. */
function clampsBehind(node: NodeProto, graph: Graph): NodeProto[] {
  const clamps: NodeProto[] = [];
  for (let last = node; ; ) {
    const output = outputOf(last);
    const next = graph.onlyReader(output);
    if (!next || !isClamp(next)) return clamps;
    const limits = clampLimits(next, graph);
    // The range of an integer type always holds zero: limits that exclude it can't be expressed.
    if (!limits || limits[0] > 0 || limits[1] < 0 || next.input[0] !== output) return clamps;
    clamps.push(next);
    last = next;
  }
}

/** Nodes behind which a weighted operator follows. */
function leadsToWeights(graph: Graph): Set<NodeProto> {
  const leading = new Set<NodeProto>();
  for (const node of graph.topologicalNodes().reverse()) {
    const behind = node.output.flatMap((name) => graph.consumers(name));
    if (behind.some((next) => leading.has(next) || isWeightedOperator(next))) leading.add(node);
  }
  return leading;
}

function isShapeArithmetic(node: NodeProto, { types }: FusionContext): boolean {
  return node.output.every((name) => name === '' || types.get(name)?.dataType !== DataType.FLOAT);
}
