/** Static INT8 in QDQ form: groups planned first, ranges from calibration, then Q/DQ around exactly those groups. */
import { UserError } from '../errors.js';
import { writeModel } from '../onnx/write.js';
import { calibrateMinMax, type TensorRange } from './calibrate/minmax.js';
import { findGroups, type Group } from './groups.js';
import { type ActivationParameters, insertQuantization } from './insert-qdq.js';
import { prepareModel } from './prepare.js';
import type { Decision, Note, QuantizeRequest, QuantizeResult } from './quantize.js';
import { computeScale } from './scale.js';

export async function int8Static(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, runtime, log, calibration, target } = request;
  if (!calibration) {
    throw new UserError(
      'int8-static needs calibration data: name it under data.calibration, or with --calibration.',
    );
  }
  const notes: Note[] = [];
  const { model, types } = await prepareModel(request.model, { runtime, log });
  const { graph } = model;
  const { groups, reasons } = findGroups({ graph, types }, { excluded: () => null });
  const selected = groups;
  const calibrator = options.calibrator ?? 'minmax';
  const tensors = tensorsToCalibrate(selected);
  const ranges = await calibrateMinMax(
    {
      model,
      tensors,
      dataset: calibration,
      runtime,
      log,
      ...(request.threads ? { threads: request.threads } : {}),
    },
    calibrator === 'moving-average' ? 'moving-average' : 'minmax',
  );
  const parameters = activationParameters(selected, ranges);
  insertQuantization(graph, selected, parameters, {
    domain: model.opset() >= 13 ? '' : 'com.microsoft',
    perChannel: options.perChannel ?? true,
    saturationSafe: options.saturationSafe ?? target === 'cpu',
  });
  if (model.opset() < 13) model.setOpset('com.microsoft', 1);
  graph.prune();
  graph.setValueInfo([]);
  writeModel(model, request.out);
  const decisions: Decision[] = [];
  for (const group of selected) {
    decisions.push({
      node: group.node.name,
      opType: group.node.opType,
      became: group.row.fused,
      reason: null,
    });
  }
  for (const [node, reason] of reasons) {
    decisions.push({ node: node.name, opType: node.opType, became: 'float', reason });
  }
  return {
    file: request.out,
    method: 'int8-static',
    target,
    groups: { quantized: selected.length, float: reasons.size },
    decisions,
    notes,
    provenance: {},
  };
}

/** Tensors whose 8-bit form the groups need: everything they read, and what they write unless it may stay float. */
export function quantizedTensors(groups: readonly Group[]): Set<string> {
  const tensors = new Set(groups.flatMap((group) => group.inputs));
  for (const group of groups) {
    if (group.floatOutput) continue;
    for (const name of group.outputs) tensors.add(name);
  }
  return tensors;
}

/** Of those, the tensors whose range has to be observed: not those that take over another's parameters. */
function tensorsToCalibrate(groups: readonly Group[]): string[] {
  const tensors = quantizedTensors(groups);
  for (const { row, outputs } of groups)
    if (row.output !== 'own') for (const name of outputs) tensors.delete(name);
  return [...tensors];
}

function activationParameters(
  groups: readonly Group[],
  ranges: ReadonlyMap<string, TensorRange>,
): Map<string, ActivationParameters> {
  const parameters = new Map<string, ActivationParameters>();
  const type = 'uint8' as const;
  for (const [name, { min, max }] of ranges)
    parameters.set(name, { ...computeScale(min, max, { type }), type });
  for (const { row, inputs, outputs } of groups) {
    for (const name of outputs) {
      if (row.output === 'same') parameters.set(name, parameters.get(inputs[0]!)!);
      if (row.output === 'unit') parameters.set(name, { ...computeScale(0, 1, { type }), type });
    }
  }
  return parameters;
}
