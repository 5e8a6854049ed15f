/** How tensors become integers and where: what a preset fixes, what the target needs, what options change. */

import type { Calibrator, Target } from '../../../config/choices.js';
import type { QuantizeConfig } from '../../../config/config.js';
import type { ActivationScheme } from '../../integers/scale.js';
import { isCpu, saturates } from '../../method/compare-speed.js';

export interface WeightScheme {
  perChannel: boolean;
  /** Same bits with and without VNNI (saturation.ts). */
  saturationSafe: boolean;
  /** absmax ↦ 127.5 and −128 in use, as PyTorch does, instead of absmax ↦ 127. */
  fullRange: boolean;
}

export interface Scheme {
  activation: ActivationScheme;
  weight: WeightScheme;
  bias: 'int32' | 'float32';
  calibrator: Calibrator;
  /** fused: groups that ONNX Runtime's CPU provider fuses. weighted-inputs: Q/DQ on the inputs of weighted operators (TensorRT).
   *  onnxruntime: around everything, as onnxruntime's own quantizer does. */
  placement: 'fused' | 'weighted-inputs' | 'onnxruntime';
  /** Of weights: any where ONNX Runtime's CPU kernels read them, which multiply by what is there; other runtimes refuse negative ones. */
  scaleSigns: 'any' | 'positive';
  /** Add zero channels to the model's input where the 8-bit convolution behind it then runs faster (channel-padding.ts). */
  padsChannels: boolean;
  /** Quantize every group that fuses, whether it pays or not. */
  everything: boolean;
}

type SchemeOptions = Pick<
  QuantizeConfig,
  'preset' | 'calibrator' | 'symmetric' | 'perChannel' | 'saturationSafe' | 'include'
>;

/** Integer kernels absorb a Relu only where zero is the lowest level: the restricted form keeps that. */
function symmetryOf(
  { type, symmetry }: ActivationScheme,
  symmetric: boolean | null,
): ActivationScheme['symmetry'] {
  if (symmetric === null) return symmetry;
  return symmetric ? SYMMETRIC[type] : 'affine';
}

export function schemeOf(options: SchemeOptions, target: Target): Scheme {
  const base = PRESETS[options.preset ?? (target === 'tensorrt' ? 'tensorrt' : 'default')];
  return {
    ...base,
    activation: {
      ...base.activation,
      symmetry: symmetryOf(base.activation, options.symmetric),
    },
    weight: {
      ...base.weight,
      perChannel: options.perChannel ?? base.weight.perChannel,
      saturationSafe: options.saturationSafe ?? (options.preset === null && saturates(target)),
    },
    calibrator: options.calibrator ?? base.calibrator,
    scaleSigns: options.preset === null && isCpu(target) ? 'any' : 'positive',
    padsChannels: options.preset === null && target === 'cpu',
    // Who lists what to quantize wants it quantized.
    everything: base.everything || options.include !== null,
  };
}

const SYMMETRIC = { uint8: 'restricted', int8: 'symmetric' } as const;

const DEFAULT: Scheme = {
  activation: { type: 'uint8', symmetry: 'affine' },
  weight: { perChannel: true, saturationSafe: true, fullRange: false },
  bias: 'int32',
  calibrator: 'minmax',
  placement: 'fused',
  scaleSigns: 'positive',
  padsChannels: false,
  everything: false,
};

const PRESETS: Record<'default' | 'torch' | 'onnxruntime' | 'tensorrt', Scheme> = {
  default: DEFAULT,
  // torch.ao.quantization: MovingAverageMinMaxObserver, quint8 affine activations, qint8 symmetric weights per channel.
  torch: {
    ...DEFAULT,
    weight: { perChannel: true, saturationSafe: false, fullRange: true },
    calibrator: 'moving-average',
    everything: true,
  },
  // onnxruntime.quantization.quantize_static without arguments.
  onnxruntime: {
    ...DEFAULT,
    activation: { type: 'int8', symmetry: 'affine' },
    weight: { perChannel: false, saturationSafe: false, fullRange: false },
    placement: 'onnxruntime',
    everything: true,
  },
  // TensorRT's explicit quantization, as Model Optimizer places it.
  tensorrt: {
    ...DEFAULT,
    activation: { type: 'int8', symmetry: 'symmetric' },
    weight: { perChannel: true, saturationSafe: false, fullRange: false },
    bias: 'float32',
    placement: 'weighted-inputs',
    everything: true,
  },
};
