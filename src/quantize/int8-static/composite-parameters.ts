/** Scales and zero-points that composites (placement/composites.ts) need otherwise than their ranges alone would give. */
import type { Graph } from '../../onnx/graph.js';
import type { TensorRange } from '../calibrate/minmax.js';
import { type ActivationParameters, computeScale } from '../integers/scale.js';
import { HARD_SIGMOID_OPENS, isHardSwish, isShift, LEVELS, offsetOf } from './placement/composites.js';
import type { Group } from './placement/group.js';

/** Scale and zero-point of h-swish's input: −3 is exactly 0 (below it the function is 0 as at −3), and 0 is exactly a level. */
function hardSwishInput({ max }: TensorRange): ActivationParameters {
  const steps = Math.max(
    1,
    Math.floor((-HARD_SIGMOID_OPENS * LEVELS) / (Math.max(max, 0) - HARD_SIGMOID_OPENS)),
  );
  return { scale: Math.fround(-HARD_SIGMOID_OPENS / steps), zeroPoint: steps, type: 'uint8' };
}

/** Scale and zero-points before and after adding `offset`, such that the offset is a whole number of quanta. */
function shiftParameters(
  { min, max }: TensorRange,
  offset: number,
): { before: ActivationParameters; after: ActivationParameters } {
  const type = 'uint8' as const;
  // Zero before the addition is `offset` after it: both must be levels.
  const [low, high] = [Math.min(min, offset, 0), Math.max(max, offset, 0)];
  const smallest = computeScale(low, high, { type }).scale;
  const steps = Math.floor(Math.abs(offset) / smallest) || Math.round(Math.abs(offset) / smallest);
  const scale = Math.fround(Math.max(smallest, steps === 0 ? 0 : Math.abs(offset) / steps));
  const shift = Math.sign(offset) * steps;
  const lowest = Math.max(0, -shift);
  const zeroPoint = Math.min(Math.max(Math.round(-low / scale), lowest), LEVELS - Math.max(0, shift));
  return { before: { scale, zeroPoint: zeroPoint + shift, type }, after: { scale, zeroPoint, type } };
}

/** Replaces the parameters of tensors that composites need otherwise. */
export function compositeParameters(
  groups: readonly Group[],
  ranges: ReadonlyMap<string, TensorRange>,
  { parameters, graph }: { parameters: Map<string, ActivationParameters>; graph: Graph },
): void {
  for (const group of groups) {
    const input = group.inputs[0]!;
    if (isHardSwish(group)) parameters.set(input, hardSwishInput(ranges.get(input)!));
    if (!isShift(group)) continue;
    const output = group.outputs[0]!;
    const { before, after } = shiftParameters(ranges.get(output)!, offsetOf(group.node, graph)!);
    parameters.set(input, before);
    parameters.set(output, after);
  }
}
