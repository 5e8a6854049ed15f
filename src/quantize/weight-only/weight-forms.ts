/** Every large weight in 4 and in 8 bits, with what each loses: what mixed precision chooses from. */
import { copyModel } from '../../onnx/copy-model.js';
import type { FittingChoice } from '../gptq/choose-fitting.js';
import { withMatrices } from '../gptq/matrices.js';
import type { FittedResult } from '../gptq/staged-fit.js';
import { type BlockFormat, type BlockQuantized, dequantizeBlocks } from '../integers/block-quantize.js';
import type { QuantizeRequest } from '../method/request.js';
import { fitBlocks } from './fitted-weights.js';
import { type LargeWeight, rowsOfWeight } from './large-weights.js';
import { emitWeight } from './matmul-nbits.js';
import { nearestBlocks, type Seen, seenBlocks, seenByWeights } from './nearest-weights.js';
import { mixedProductsOf, type Parts, productsOf } from './parts.js';

export interface WeightForms {
  /** In the weight's own format. */
  own: BlockQuantized;
  /** In 8 bits; null: its bits are settled. */
  eight: BlockQuantized | null;
  /** Error power of the layer's output over the output's power, by which 8 bits are nearer; 0 where nothing is known. */
  saved: number;
  /** The same of the layer in 8 bits: what float32 would save; 0 where nothing is known. */
  left: number;
}

export interface FormsOfWeights {
  /** As mixedProductsOf names them. */
  forms: WeightForms[];
  fitted: FittedResult | null;
}

/** The format of layers that get 8 bits. */
export function eightBits({ blockSize }: BlockFormat): BlockFormat {
  return { bits: 8, blockSize, symmetric: true };
}

/** Whether 8 bits may take the place of the weight's 4. */
function isOpen({ format, isOverridden }: LargeWeight): boolean {
  return format.bits === 4 && !isOverridden;
}

/** Both forms of every weight of the model, which stays as it is. @param request with the samples that may be fitted to. */
export async function weightForms(
  parts: Parts,
  { choice, request }: { choice: FittingChoice; request: QuantizeRequest },
): Promise<FormsOfWeights> {
  const { prepared } = parts;
  const { weights } = mixedProductsOf(prepared, parts);
  const observed = productsOf(prepared, parts).weights;
  if (choice.rounding === 'nearest') {
    const seen = await seenByWeights(prepared, request, observed);
    return { forms: await nearestForms(parts, weights, seen), fitted: null };
  }
  const { forms, fitted } = await fittedForms(parts, choice.dataset);
  // What half products read is not observed: all inputs count alike.
  const halves = await nearestForms(parts, weights.slice(observed.length), new Map());
  return { forms: [...forms, ...halves], fitted };
}

async function nearestForms(
  { prepared, request, format }: Parts,
  weights: readonly LargeWeight[],
  seen: Seen,
): Promise<WeightForms[]> {
  const { graph } = prepared.model;
  const forms: WeightForms[] = [];
  await withMatrices(request.context, async (matrices) => {
    for (const weight of weights) {
      const own = await seenBlocks(graph, weight, { seen, matrices });
      if (!isOpen(weight)) {
        forms.push({ own, eight: null, saved: 0, left: 0 });
        continue;
      }
      const eight = nearestBlocks(graph, weight, { format: eightBits(format) });
      const rows = rowsOfWeight(graph, weight);
      const known = seen.get(weight.layers[0].input)?.meanSquare ?? null;
      const left = relativeError(rows, eight, known);
      forms.push({ own, eight, saved: relativeError(rows, own, known) - left, left });
    }
  });
  return forms;
}

/** Fitted in the graph's order, each in both: later layers see the earlier ones in their own format. */
async function fittedForms(
  parts: Parts,
  dataset: NonNullable<QuantizeRequest['calibration']>,
): Promise<FormsOfWeights> {
  const { prepared, request, format, level } = parts;
  const copy = { ...prepared, model: copyModel(prepared.model) };
  const { model } = copy;
  const { weights } = productsOf(copy, parts);
  const forms = new Map<LargeWeight, WeightForms>();
  const finer = eightBits(format);
  model.setOpset('com.microsoft', 1);
  const fitted = await fitBlocks({
    model,
    weights,
    dataset,
    finer: (weight) => (isOpen(weight) ? finer : null),
    context: request.context,
    emit(weight, made) {
      const own = made?.own.blocks ?? nearestBlocks(model.graph, weight);
      const unseen = () => (isOpen(weight) ? nearestBlocks(model.graph, weight, { format: finer }) : null);
      const left = made?.finer?.error ?? 0;
      const saved = made?.finer ? made.own.error - left : 0;
      forms.set(weight, { own, eight: made ? (made.finer?.blocks ?? null) : unseen(), saved, left });
      emitWeight(model.graph, weight, { quantized: own, level });
    },
  });
  return { forms: weights.map((weight) => forms.get(weight)!), fitted };
}

/** Squared error of what blocks stand for over the squares of rows of weights, each input counted by its importance (null: alike). */
export function relativeError(
  rows: Float32Array,
  blocks: BlockQuantized,
  importance: ArrayLike<number> | null,
): number {
  const depth = (rows.length * blocks.blocks) / blocks.scales.length;
  const values = dequantizeBlocks(blocks, depth);
  let [signal, error] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    const share = importance ? importance[at % depth]! : 1;
    signal += share * rows[at]! ** 2;
    error += share * (rows[at]! - values[at]!) ** 2;
  }
  return error / (signal || 1);
}
