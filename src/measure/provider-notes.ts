/** What a provider makes of 8-bit files, said before their figures surprise: it isn't in the file, nor in the runtime's answer. */
import { readModel } from '../onnx/read.js';
import { TRTEXEC_VARIABLE } from '../runtime/trtexec.js';
import type { Note } from './measurement.js';

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
  const note = (variant: string, code: string, message: string): Note => ({
    level: 'warn',
    code,
    message,
    model,
    variant,
  });
  return variants.flatMap(({ name, file, target }) => {
    // A file made for this provider was warned about when it was made.
    if ((provider === 'cuda' || provider === 'webgpu') && target !== provider && quantizesActivations(file)) {
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
    if (provider === 'tensorrt' && !trtexec && quantizesActivations(file)) {
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

const quantizesActivations = (file: string) =>
  readModel(file).graph.nodes.some(({ opType }) => opType === 'QuantizeLinear');
