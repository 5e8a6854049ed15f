/** What a provider makes of 8-bit files, said before their figures surprise: it isn't in the file, nor in the runtime's answer. */
import { readModel } from '../onnx/file/read.js';
import { TRTEXEC_VARIABLE } from '../runtime/trtexec.js';
import type { NoteCode } from '../terms/codes/codes.js';
import type { Note } from '../terms/measurement.js';

export interface ProviderVariant {
  name: string;
  file: string;
  /** What its file was made for; null: made elsewhere. */
  target: string | null;
}

export interface ProviderNotesRequest {
  model: string;
  provider: string;
  variants: readonly ProviderVariant[];
  /** TensorRT's engines are built and timed by trtexec. */
  trtexec: boolean;
}

export function providerNotes({ model, provider, variants, trtexec }: ProviderNotesRequest): Note[] {
  const note = (variant: string, code: NoteCode, message: string): Note => ({
    level: 'warn',
    code,
    message,
    model,
    variant,
  });
  return variants.flatMap(({ name, file, target }) => {
    const device = provider === 'browser-webgpu' ? 'webgpu' : provider;
    // A file made for this provider was warned about when it was made.
    if ((device === 'cuda' || device === 'webgpu') && target !== device && quantizesActivations(file)) {
      return [
        note(
          name,
          'provider.no-int8',
          `${provider} has no 8-bit convolutions or matrix products: ${name} computes in float32 between conversions there, or falls back to the CPU. ` +
            (provider === 'cuda'
              ? 'Measure it on tensorrt, or use float16.'
              : 'Use float16, or int8-weights.'),
        ),
      ];
    }
    if (provider !== 'tensorrt') return [];
    const refused = refusedByTensorRt(file);
    if (refused !== null) {
      return [
        note(
          name,
          'provider.not-tensorrt',
          `${name} is not shaped for TensorRT: ${refused}. Make it with \`preset: tensorrt\`, or as int8 for the provider tensorrt.`,
        ),
      ];
    }
    if (!trtexec && quantizesActivations(file)) {
      return [
        note(
          name,
          'provider.no-trtexec',
          `onnxruntime-node can't allow TensorRT's INT8: ${name} runs in float32 there, or does not open, and its latency is not that of its engine. ` +
            `Put NVIDIA's trtexec on PATH, or name it in ${TRTEXEC_VARIABLE}: its engine is then built, timed and judged.`,
        ),
      ];
    }
    return [];
  });
}

const QUANTIZING = new Set(['QuantizeLinear', 'DynamicQuantizeLinear']);

const quantizesActivations = (file: string) =>
  readModel(file).graph.nodes.some(({ opType }) => QUANTIZING.has(opType));

/**
 * What TensorRT's importer refuses in an 8-bit file; null: nothing of this. It takes signed integers around zero only, and no
 * operators of the CPU's own 8-bit arithmetic (TensorRT Developer Guide, "Quantized types"; the ONNX parser's list of operators).
 */
function refusedByTensorRt(file: string): string | null {
  const { graph } = readModel(file);
  const foreign = graph.nodes.find(({ opType }) => INTEGER_ARITHMETIC.test(opType));
  if (foreign) return `it has ${foreign.opType}, which TensorRT does not know`;
  for (const { opType, name, input } of graph.nodes) {
    if (opType !== 'QuantizeLinear') continue;
    const zeroPoint = input[2] ? graph.constantValues(input[2]) : null;
    // Without a zero-point the result is uint8 (ONNX, QuantizeLinear).
    if (!input[2] || zeroPoint instanceof Uint8Array) {
      return `${name || opType} makes uint8, and TensorRT takes int8 only`;
    }
    if (zeroPoint && Array.from<number | bigint>(zeroPoint).some((value) => Number(value) !== 0)) {
      return `${name || opType} has a zero-point other than 0`;
    }
  }
  return null;
}

const INTEGER_ARITHMETIC =
  /^(DynamicQuantizeLinear|MatMulInteger|ConvInteger|QLinear\w+|DynamicQuantizeMatMul|MatMulNBits)$/;
