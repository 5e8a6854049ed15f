/** Every large weight in 4 and in 8 bits, with what each loses: what mixed precision chooses from. */
import { copyModel } from '../../../onnx/edit/copy-model.js';
import type { Graph } from '../../../onnx/graph.js';
import type { FittingChoice } from '../../gptq/choose-fitting.js';
import { type FitBodiesOptions, type FittedBodies, withBodies } from '../../gptq/fit-bodies.js';
import { withMatrices } from '../../gptq/matrices/matrices.js';
import type { FittedResult } from '../../gptq/staged-fit.js';
import { type BlockFormat, type BlockQuantized, dequantizeBlocks } from '../../integers/block-quantize.js';
import type { FittedWeight, MeanErrors } from '../../method/evidence.js';
import type { QuantizeRequest } from '../../method/request.js';
import type { PreparedModel } from '../../prepare/prepare.js';
import { type BodyProduct, fitBodyProducts } from '../products/body-products.js';
import { fitBlocks, onlyReader } from '../products/fitted-weights.js';
import { type LargeWeight, rowsOfWeight } from '../products/large-weights.js';
import { emitWeight } from '../products/matmul-nbits.js';
import { nearestBlocks, type Seen, seenBlocks, seenByWeights } from '../products/nearest-weights.js';
import { mixedProductsOf, type Parts, productsOf } from '../products/parts.js';

/** A weight's blocks, and what the constants behind its layers take up (null: nothing). */
export interface FormOfWeight {
  blocks: BlockQuantized;
  means: MeanErrors | null;
}

export interface WeightForms {
  /** In the weight's own format. */
  own: FormOfWeight;
  /** In 8 bits; null: its bits are settled. */
  eight: FormOfWeight | null;
  /** Error power of the layer's output over the output's power, by which 8 bits are nearer; 0 where nothing is known. */
  saved: number;
  /** The same of the layer in 8 bits: what float32 would save; 0 where nothing is known. */
  left: number;
}

export interface FormsOfWeights {
  /** As mixedProductsOf names them, then those in bodies. */
  forms: WeightForms[];
  fitted: FittedResult | null;
  /** As FittedBodies has them. */
  unwatched: string[];
}

/** The format of layers that get 8 bits. */
export function eightBits({ blockSize }: BlockFormat): BlockFormat {
  return { bits: 8, blockSize, symmetric: true };
}

/** Whether 8 bits may take the place of the weight's 4. */
function isOpen({ format, isOverridden }: LargeWeight): boolean {
  return format.bits === 4 && !isOverridden;
}

/** Both forms of every weight of the model, which stays as it is. @param options.request with the samples that may be fitted to. `inside`: weights in bodies. */
export async function weightForms(
  parts: Parts,
  {
    choice,
    request,
    inside,
  }: { choice: FittingChoice; request: QuantizeRequest; inside: readonly BodyProduct[] },
): Promise<FormsOfWeights> {
  const { prepared } = parts;
  const { weights } = mixedProductsOf(prepared, parts);
  const observed = productsOf(prepared, parts).weights;
  if (choice.rounding === 'nearest') {
    const seen = await seenByWeights(prepared, request, observed);
    const forms = await nearestForms(parts, onGraph(prepared.model.graph, weights), seen);
    return {
      forms: [...forms, ...(await nearestForms(parts, inside, new Map()))],
      fitted: null,
      unwatched: [],
    };
  }
  const { forms, rounded, fitted } = await fittedForms(parts, choice.dataset);
  // What half products read is not observed: all inputs count alike.
  const halves = onGraph(prepared.model.graph, weights.slice(observed.length));
  const bodies = await fittedBodyForms(rounded, parts, { inside, dataset: choice.dataset });
  return {
    forms: [...forms, ...(await nearestForms(parts, halves, new Map())), ...bodies.forms],
    fitted: withBodies(fitted, bodies),
    unwatched: bodies.unwatched,
  };
}

const onGraph = (graph: Graph, weights: readonly LargeWeight[]) =>
  weights.map((weight) => ({ weight, graph }));

/** @param prepared with its own products rounded. */
async function fittedBodyForms(
  prepared: PreparedModel,
  parts: Parts,
  { inside, dataset }: { inside: readonly BodyProduct[] } & Pick<FitBodiesOptions<FittedWeight>, 'dataset'>,
): Promise<FittedBodies<FittedWeight> & { forms: WeightForms[] }> {
  const bodies = await fitBodyProducts(prepared, parts, {
    dataset,
    finer: (weight) => (isOpen(weight) ? eightBits(weight.format) : null),
  });
  const unseen = inside.filter(({ key }) => !bodies.made.has(key));
  const others = new Map(
    (await nearestForms(parts, unseen, new Map())).map((form, index) => [unseen[index]!.key, form]),
  );
  const forms = inside.map(({ key }) => {
    const made = bodies.made.get(key);
    return made ? formsOf(made) : others.get(key)!;
  });
  return { ...bodies, forms };
}

function formsOf({ own, finer }: FittedWeight): WeightForms {
  const left = finer?.error ?? 0;
  return { own, eight: finer, saved: finer ? own.error - left : 0, left };
}

function nearestForm(graph: Graph, weight: LargeWeight, format: BlockFormat): FormOfWeight {
  return { blocks: nearestBlocks(graph, weight, { format }), means: null };
}

async function nearestForms(
  { request }: Parts,
  weights: readonly Pick<BodyProduct, 'weight' | 'graph'>[],
  seen: Seen,
): Promise<WeightForms[]> {
  const forms: WeightForms[] = [];
  await withMatrices(request.context, async (matrices) => {
    for (const { weight, graph } of weights) {
      const own = { blocks: await seenBlocks(graph, weight, { seen, matrices }), means: null };
      if (!isOpen(weight)) {
        forms.push({ own, eight: null, saved: 0, left: 0 });
        continue;
      }
      const eight = nearestForm(graph, weight, eightBits(weight.format));
      const rows = rowsOfWeight(graph, weight);
      const known = seen.get(weight.layers[0].input)?.meanSquare ?? null;
      const left = relativeError(rows, eight.blocks, known);
      forms.push({ own, eight, saved: relativeError(rows, own.blocks, known) - left, left });
    }
  });
  return forms;
}

/** Fitted in the graph's order, each in both: later layers see the earlier ones in their own format. */
async function fittedForms(
  parts: Parts,
  dataset: NonNullable<QuantizeRequest['calibration']>,
): Promise<{ forms: WeightForms[]; fitted: FittedResult; rounded: PreparedModel }> {
  const { prepared, request, level } = parts;
  const copy = { ...prepared, model: copyModel(prepared.model) };
  const { model } = copy;
  const { weights } = productsOf(copy, parts);
  const forms = new Map<LargeWeight, WeightForms>();
  model.setOpset('com.microsoft', 1);
  const fitted = await fitBlocks({
    ...onlyReader(model, dataset),
    weights,
    finer: (weight) => (isOpen(weight) ? eightBits(weight.format) : null),
    correctsMeans: true,
    context: request.context,
    emit(weight, made) {
      const eight = () =>
        isOpen(weight) ? nearestForm(model.graph, weight, eightBits(weight.format)) : null;
      const own = () => nearestForm(model.graph, weight, weight.format);
      const unseen = () => ({ own: own(), eight: eight(), saved: 0, left: 0 });
      const form = made ? formsOf(made) : unseen();
      forms.set(weight, form);
      emitWeight(model.graph, weight, { quantized: form.own.blocks, means: form.own.means, level });
    },
  });
  return { forms: weights.map((weight) => forms.get(weight)!), fitted, rounded: copy };
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
