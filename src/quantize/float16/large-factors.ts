/** Values that nobody saw, behind a product with a constant beyond the half range: a spectrum times 2²⁰ before its logarithm.
 *
 *  Where ranges were observed they say more (safety.ts). In bodies of If, Loop and Scan, and without calibration data, the constant tells: clamped to
 *  the half range it would be another factor, and what comes of it would overflow. Masks are no factors: those are negative, and added, or
 *  multiply what is 0 or 1. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import { DataType } from '../../onnx/tensor/element-type.js';
import { tensorValues } from '../../onnx/tensor/tensor.js';
import { LARGEST_HALF } from '../../tensor/half.js';
import type { TensorRange } from '../calibrate/minmax.js';
import type { TypedGraph } from './safety.js';

export interface LargeFactorOptions {
  /** Of tensors that were observed. */
  ranges: ReadonlyMap<string, TensorRange>;
  /** Constants that the graph sees, those around it too. */
  constant(name: string): TensorProto | undefined;
}

/** Operators whose results are small whatever they read. */
const BOUNDED = new Set([
  'Log',
  'Sigmoid',
  'Tanh',
  'Softmax',
  'LogSoftmax',
  'Erf',
  'Softsign',
  'HardSigmoid',
  'Sign',
]);

/** Nodes that read or write such values. */
export function behindLargeFactors(
  { graph, types }: TypedGraph,
  options: LargeFactorOptions,
): Set<NodeProto> {
  const found = new Set<NodeProto>();
  const large = new Set<string>();
  const isFloat = (name: string): boolean => types.get(name)?.dataType === DataType.FLOAT;
  const isLarge = (name: string): boolean => isLargeFactor(options.constant(name), graph.directory);
  for (const node of graph.topologicalNodes()) {
    if (node.output.every((name) => options.ranges.has(name))) continue;
    const multiplies = node.opType === 'Mul' && node.input.some((name) => isLarge(name));
    const divides = node.opType === 'Div' && isLarge(node.input[1] ?? '');
    if (!multiplies && !divides && !node.input.some((name) => large.has(name))) continue;
    found.add(node);
    if (divides || BOUNDED.has(node.opType)) continue;
    for (const name of node.output) if (isFloat(name)) large.add(name);
  }
  return found;
}

function isLargeFactor(tensor: TensorProto | undefined, directory: string | null): boolean {
  if (tensor?.dataType !== DataType.FLOAT) return false;
  const values = tensorValues(tensor, directory) as Float32Array;
  return values.some((value) => value > LARGEST_HALF && value < Number.POSITIVE_INFINITY);
}
