/** Which tensors the groups need in 8 bits, and the scale and zero-point of each. */

import type { Graph } from '../../onnx/graph.js';
import type { TensorRange } from '../calibrate/minmax.js';
import type { ActivationParameters } from '../integers/scale.js';
import { type ActivationScheme, activationScale } from '../integers/scale.js';
import { compositeParameters } from './composite-parameters.js';
import { fusionRow } from './placement/fusion-table.js';
import type { Group } from './placement/group.js';

/** Everything the groups read, and what they write unless it may stay float. */
function quantizedTensors(groups: readonly Group[]): Set<string> {
  const tensors = new Set(groups.flatMap((group) => group.inputs));
  for (const group of groups) {
    if (group.floatOutput) continue;
    for (const name of group.outputs) tensors.add(name);
  }
  return tensors;
}

/** Of those, the tensors whose range has to be observed: not those that take over another's parameters. */
export function tensorsToCalibrate(groups: readonly Group[]): string[] {
  const tensors = quantizedTensors(groups);
  for (const { row, outputs } of groups) {
    if (row.output !== 'own') for (const name of outputs) tensors.delete(name);
  }
  return [...tensors];
}

/** @param groups in topological order. @param ranges of (at least) the tensors to calibrate. */
export function activationParameters(
  groups: readonly Group[],
  ranges: ReadonlyMap<string, TensorRange>,
  { graph, scheme }: { graph: Graph; scheme: ActivationScheme },
): Map<string, ActivationParameters> {
  const parameters = new Map<string, ActivationParameters>();
  const known = new Map<string, TensorRange>();
  for (const name of quantizedTensors(groups)) {
    const range = rangeOf(name, ranges, graph);
    if (range === undefined) continue;
    known.set(name, range);
    parameters.set(name, activationScale(range, scheme));
  }
  compositeParameters(groups, known, { parameters, graph });
  for (const { row, inputs, outputs } of groups) {
    for (const name of outputs) {
      if (row.output === 'same') parameters.set(name, parameters.get(inputs[0]!)!);
      if (row.output === 'unit') parameters.set(name, activationScale({ min: 0, max: 1 }, scheme));
    }
  }
  return parameters;
}

/** What was observed; of a tensor that a group would have derived from another's (MaxPool) and that now comes out of a float
 *  operator, because the group was taken back after calibration: what bounds it. */
export function rangeOf(
  name: string,
  ranges: ReadonlyMap<string, TensorRange>,
  graph: Graph,
): TensorRange | undefined {
  const observed = ranges.get(name);
  const producer = graph.producer(name);
  if (observed || !producer) return observed;
  const row = fusionRow(producer);
  if (row?.output === 'unit') return { min: 0, max: 1 };
  if (row?.output !== 'same') return undefined;
  return rangeOf(producer.input[row.dataInputs(producer)[0]!]!, ranges, graph);
}
