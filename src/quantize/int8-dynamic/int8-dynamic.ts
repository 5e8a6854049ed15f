/** Dynamic INT8: weights of MatMul and Gemm in 8 bits, activations quantized as they come, embedding tables by row.
 *
 *  Each layer becomes DynamicQuantizeLinear → MatMulInteger → Cast → Mul (→ Add), which ONNX Runtime fuses to
 *  DynamicQuantizeMatMul; layers that read the same tensor become one (merge-layers.ts), or share its DynamicQuantizeLinear. Below opset 11 the fused contrib
 *  operator is written itself. LSTM becomes DynamicQuantizeLSTM (recurrent.ts). Conv stays float: ConvInteger is slower than float Conv
 *  on every CPU measured. So do layers too small for their product to pay for quantizing the activation. What stays float has its weights
 *  stored in 8 bits (layers/folded-weights.ts), which costs no time.
 *
 *  With calibration data weights are fitted to what their layers read (fitted-layers.ts).
 *
 *  Channels that stretch the activation's range are smoothed into the weights first (smooth-quant.ts): seen on calibration data, or
 *  on made-up tokens where the model reads nothing else. */
import { ONLY_HALVES } from '../layers/half-weights.js';
import { lacksCalibration } from '../method/calibration-need.js';
import { isCpu, type Slowdown, saturates, slowdownText } from '../method/compare-speed.js';
import type { QuantizeRequest } from '../method/request.js';
import {
  isChanged,
  isQuantized,
  leaveFloat,
  type QuantizeNote,
  type QuantizeResult,
  resultOf,
} from '../method/result.js';
import { type DynamicOptions, decidesItself } from './choose-layers.js';
import { verifyDynamic } from './verify-dynamic.js';
import { writeDynamic } from './write-dynamic.js';

export async function int8Dynamic(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, target } = request;
  const notes = optionNotes(request);
  const dynamic: DynamicOptions = {
    perChannel: options.perChannel ?? true,
    saturationSafe: options.saturationSafe ?? saturates(target),
    onlyPaying: decidesItself(options),
  };
  const written = await writeDynamic(request, dynamic);
  const isWritten = written.decisions.some(isChanged);
  const verified =
    isWritten && request.verify
      ? await verifyDynamic(request, written.dataset)
      : { notes: [], slowdown: null };
  const slower = options.include === null ? verified.slowdown : null;
  // What costs no time stays in 8 bits: embedding tables, and weights that are folded when the file is loaded.
  const final = slower ? await writeDynamic(request, { ...dynamic, onlyWeights: true }) : written;
  const { decisions, provenance } = final;
  notes.push(...final.notes, ...verified.notes);
  if (slower) notes.push(onlyWeightsNote(slower));
  if (!decisions.some(isChanged)) {
    await leaveFloat(request);
    notes.push(NOTHING_PAYS);
  } else if (!decisions.some(isQuantized)) notes.push(ONLY_HALVES);
  return resultOf(request, { decisions, notes, provenance });
}

const NOTHING_PAYS: QuantizeNote = {
  level: 'info',
  code: 'quantize.nothing-pays',
  message:
    'Nothing pays in int8-dynamic here: no product or LSTM is large enough to run in 8 bits, and no float32 weights are worth compressing. The model was left as it is.',
};

/** @throws UserError for options that need calibration data where there is none. */
function optionNotes({ options, target, calibration }: QuantizeRequest): QuantizeNote[] {
  if (options.smoothQuant === true && !calibration) throw lacksCalibration('smooth-quant');
  const notes: QuantizeNote[] = [];
  if (options.symmetric === false) {
    notes.push({
      level: 'warn',
      code: 'quantize.ignored-option',
      message: 'symmetric: false is ignored: the fused kernel wants symmetric weights.',
    });
  }
  if (!isCpu(target)) {
    notes.push({
      level: 'warn',
      code: 'quantize.target-without-int8',
      message: `${target} has no kernel for dynamically quantized products: they run on the CPU. Use float16 or int8-weights.`,
    });
  }
  return notes;
}

function onlyWeightsNote(slowdown: Slowdown): QuantizeNote {
  return {
    level: 'info',
    code: 'quantize.only-weights',
    message: `With products in 8 bits the model ${slowdownText(slowdown)}: only its weights were compressed, and it computes in float32 as before.`,
  };
}
