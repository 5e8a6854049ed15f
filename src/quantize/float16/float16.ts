/** Half precision: weights and activations as float16, the model's inputs and outputs as they were.
 *
 *  Every node is either half or stays float32 (half/safety.ts says which and why), those in the bodies of If, Loop and Scan too
 *  (half/scopes.ts); half/convert.ts carries it out. Constants are rounded to nearest even; those beyond the half range are clamped
 *  to it and counted.
 *
 *  With calibration data, operators whose values come near the end of the half range stay float32 too. */

import type { NodeProto } from 'onnx-buf';
import type { Target } from '../../config/config.js';
import { Interrupted, messageOf, UserError } from '../../errors.js';
import { DataType } from '../../onnx/element-type.js';
import { writeModel } from '../../onnx/write.js';
import { LARGEST_HALF } from '../../tensor/half.js';
import { calibrateMinMax, type TensorRange } from '../calibrate/minmax.js';
import { isCpu } from '../method/compare-speed.js';
import type { Decision, QuantizeNote, QuantizeRequest, QuantizeResult } from '../method/request.js';
import { isQuantized, leaveFloat, resultOf, unmatchedNotes } from '../method/result.js';
import { makeSelection, nodeLabel, type Selection } from '../method/selection.js';
import { type PreparedModel, prepareModel } from '../prepare/prepare.js';
import { computesInBfloat16 } from '../prepare/runnable-original.js';
import { restoreTransposes } from '../prepare/shared-transposes.js';
import { keepIntegerShapes } from '../prepare/write-prepared.js';
import { type Conversion, convertScope } from './convert.js';
import { behindLargeFactors } from './large-factors.js';
import { cpuReason, floatTensors, integerArithmetic, rangeReason, unsafeReason } from './safety.js';
import { mainScope, type Scope } from './scopes.js';

export async function float16(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, calibration } = request;
  const notes: QuantizeNote[] = [];
  const prepared = await prepareModel(request.model, {
    ...request,
    keepsSharing: true,
    // Half parts stay half; few devices compute in bfloat16, and the CPU that looks at its values does not.
    narrowFloats: computesInBfloat16(request.model) ? 'float32' : 'kept',
  });
  restoreTransposes(prepared.model.graph, request.model);
  const ranges = await observedRanges(prepared, request, notes);
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const scope = await mainScope(prepared, request);
  const decisions = decide(scope, { selection, ranges, target: request.target });
  if ([...decisions.values()].some(isQuantized)) {
    const converted = convertScope(scope, decisions);
    prepared.model.graph.prune();
    keepIntegerShapes(prepared.model.graph);
    writeModel(prepared.model, request.out);
    notes.push(...conversionNotes(request, { scope, converted }));
  } else {
    leaveFloat(request);
    notes.push(NOTHING_TO_HALVE);
  }
  notes.push(...unmatchedNotes(selection));
  return resultOf(request, {
    decisions: [...decisions.values()],
    notes,
    provenance: { calibrated: calibration?.description ?? null },
  });
}

const NOTHING_TO_HALVE: QuantizeNote = {
  level: 'info',
  code: 'quantize.nothing-pays',
  message:
    'No operator of this model computes in float32 and can do so in float16: the model was left as it is.',
};

function conversionNotes(
  { target, calibration }: QuantizeRequest,
  { scope, converted }: { scope: Scope; converted: Conversion },
): QuantizeNote[] {
  const notes: QuantizeNote[] = [];
  if (converted.clamped > 0) {
    notes.push({
      level: 'warn',
      code: 'quantize.half-range',
      message: `${converted.clamped} constant values beyond ±${LARGEST_HALF} were clamped to it (in ${list(converted.clampedTensors)}).`,
    });
  }
  if (calibration && scope.bodies.size > 0) {
    notes.push({
      level: 'info',
      code: 'quantize.subgraphs-unseen',
      message: 'Values inside of subgraphs are not observed: whether they fit the half range is not known.',
    });
  }
  if (isCpu(target)) {
    notes.push({
      level: 'warn',
      code: 'quantize.slow-on-cpu',
      message:
        'CPUs run most float16 operators in float32 with conversions around them: expect the file to be slower than the original there.',
    });
  }
  return notes;
}

/** Ranges of all float32 tensors on the calibration data; none without data. */
async function observedRanges(
  prepared: PreparedModel,
  request: QuantizeRequest,
  notes: QuantizeNote[],
): Promise<Map<string, TensorRange>> {
  const { calibration } = request;
  if (!calibration) return new Map();
  const tensors = floatTensors({ graph: prepared.model.graph, types: prepared.types });
  try {
    return await calibrateMinMax({ ...request, model: prepared.model, tensors, dataset: calibration });
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

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `'${name}'`);
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
}
