/** Makes a prepared model half in memory: which nodes, and carries it out. For the method float16, and for what weight-only methods leave in float32. */
import type { NodeProto } from 'onnx-buf';
import type { Target } from '../../config/choices.js';
import { Interrupted, messageOf, UserError } from '../../errors.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { calibrateMinMax, type TensorRange } from '../calibrate/minmax.js';
import { HalfStorage } from '../layers/half-weights.js';
import { isCpu } from '../method/compare-speed.js';
import type { QuantizeRequest } from '../method/request.js';
import { type Decision, isChanged, isQuantized, type QuantizeNote } from '../method/result.js';
import { nodeLabel, type Selection } from '../method/selection.js';
import { shareConstantsOfBodies } from '../prepare/edit-bodies.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { cancellingSquares } from './cancelling-squares.js';
import { type Conversion, convertScope } from './convert.js';
import { behindLargeFactors } from './large-factors.js';
import { cpuReason, floatTensors, integerArithmetic, rangeReason, unsafeReason } from './safety.js';
import { mainScope, type Scope } from './scopes.js';

export interface Halved {
  /** One per node that has to do with float32, bodies included. */
  decisions: Decision[];
  scope: Scope;
  /** null: neither a node nor a weight became half, and the model is as it was. */
  converted: Conversion | null;
}

/** Makes half what can be. The model's shapes are no longer declared where they may not hold; it is pruned, and not written.
 *  @param ranges of what was observed, by tensor (observedRanges). */
export async function halve(
  prepared: PreparedModel,
  request: Pick<QuantizeRequest, 'context' | 'options' | 'target'>,
  { selection, ranges }: { selection: Selection; ranges: ReadonlyMap<string, TensorRange> },
): Promise<Halved> {
  const scope = await mainScope(prepared, request);
  const made = decide(scope, { selection, ranges, target: request.target });
  const decisions = [...made.values()];
  // What a repair leaves computes in float32, of weights that are stored in half all the same.
  const isRepaired = (request.options.leftNames ?? []).length > 0;
  if (!isRepaired && !decisions.some(isQuantized)) return { decisions, scope, converted: null };
  const storage = new HalfStorage(request.options);
  const converted = convertScope(scope, made, (graph) => storage.store({ model: { graph } }));
  // ONNX Runtime's preparation folds what branches make of a weight that they share into a constant of each.
  shareConstantsOfBodies(prepared);
  prepared.model.graph.prune();
  const told = storage.told(decisions);
  return { decisions: told, scope, converted: told.some(isChanged) ? converted : null };
}

/** Ranges of all float32 tensors on the calibration data; none without data. */
export async function observedRanges(
  prepared: PreparedModel,
  request: QuantizeRequest,
  notes: QuantizeNote[],
): Promise<ReadonlyMap<string, TensorRange>> {
  const { calibration, evidence } = request;
  if (!calibration) return new Map();
  const tensors = floatTensors({ graph: prepared.model.graph, types: prepared.types });
  const known = evidence?.ranges.get(calibration);
  if (known && tensors.every((name) => known.has(name))) return known;
  try {
    const observed = { model: prepared.model, tensors, dataset: calibration };
    const ranges = await calibrateMinMax({ ...request, ...observed });
    evidence?.ranges.set(calibration, ranges);
    return ranges;
  } catch (error) {
    if (error instanceof UserError || error instanceof Interrupted) throw error;
    // Some tensors have no extremes to reduce to (empty ones): the conversion doesn't depend on them.
    notes.push({
      level: 'warn',
      code: 'quantize.ranges-unseen',
      message: `Values could not be checked against the half range on the calibration data: ${messageOf(error)}`,
    });
    return new Map();
  }
}

interface DecideOptions {
  selection: Selection;
  ranges: ReadonlyMap<string, TensorRange>;
  target: Target;
}

/** What becomes of every node that has to do with float32, in bodies too. */
function decide(scope: Scope, options: DecideOptions): Map<NodeProto, Decision> {
  const { graph, types } = scope;
  const { selection, ranges, target } = options;
  const onCpu = isCpu(target);
  const isFloat = (name: string): boolean => types.get(name)?.dataType === DataType.FLOAT;
  const integers = integerArithmetic(scope);
  const cancelling = cancellingSquares(scope);
  const large = behindLargeFactors(scope, { ranges, constant: scope.constant });
  const decisions = new Map<NodeProto, Decision>();
  for (const node of graph.nodes) {
    // A constant is read in the form that its reader wants.
    if (node.opType === 'Constant' && node.domain === '') continue;
    const unsafe = unsafeReason(node, scope);
    for (const body of scope.bodies.get(node) ?? []) {
      for (const [inner, decision] of decide(body, options)) decisions.set(inner, decision);
    }
    if (!node.input.some(isFloat) && !node.output.some(isFloat) && unsafe === null) continue;
    const override = selection.override(node);
    const reason =
      selection.reasonToKeep(node) ??
      (override?.activation === 'float32' || override?.weight === 'float32' ? 'overridden' : null) ??
      unsafe ??
      (onCpu ? cpuReason(node, scope) : null) ??
      (integers.has(node) ? 'it computes sizes or indices' : null) ??
      (cancelling.has(node) ? 'it is part of a difference of squares, which cancel out' : null) ??
      rangeReason(node, ranges) ??
      (large.has(node) ? 'its values may leave the half range behind a large factor' : null);
    decisions.set(node, {
      node: nodeLabel(node),
      opType: node.opType,
      became: reason === null ? 'float16' : 'float',
      reason,
    });
  }
  return decisions;
}
