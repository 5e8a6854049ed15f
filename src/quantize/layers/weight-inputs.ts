/** Where operators hold their weights. */
import type { NodeProto } from 'onnx-buf';

const WEIGHT_INPUTS = new Map<string, readonly number[]>([
  ['Conv', [1]],
  ['ConvTranspose', [1]],
  ['DeformConv', [1]],
  ['MatMul', [0, 1]],
  ['Gemm', [0, 1]],
  ['Gather', [0]],
  ['LSTM', [1, 2]],
  ['GRU', [1, 2]],
  ['RNN', [1, 2]],
  ['Einsum', [0, 1, 2, 3]],
]);

/** The same for operators that ONNX Runtime's optimizer makes (domain com.microsoft). */
export const FUSED_WEIGHT_INPUTS: ReadonlyMap<string, readonly number[]> = new Map([
  ['FusedConv', [1]],
  ['FusedGemm', [0, 1]],
  ['FusedMatMul', [0, 1]],
  ['TransposeMatMul', [0, 1]],
  ['Attention', [1]],
  ['EmbedLayerNormalization', [2, 3, 4]],
  ['MoE', [2, 4, 6]],
]);

/** Positions of the inputs that an operator takes for weights, which can be stored in 8 bits; none for other operators. */
export function weightInputs({ domain, opType }: NodeProto): readonly number[] {
  if (domain === 'com.microsoft') return FUSED_WEIGHT_INPUTS.get(opType) ?? [];
  return domain === '' ? (WEIGHT_INPUTS.get(opType) ?? []) : [];
}
