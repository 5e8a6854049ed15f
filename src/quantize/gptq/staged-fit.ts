/**
 * Weights fitted to what their layers read on the calibration data: stage by stage in the graph's order, so that later layers see what the rounding of
 * the earlier ones makes of their inputs.
 */
import { throwIfInterrupted } from '../../errors.js';
import type { Model } from '../../onnx/model.js';
import type { LinearLayer } from '../layers/linear-layer.js';
import type { QuantizeRequest } from '../method/request.js';
import { meanDiagonal } from './damping.js';
import { Factors } from './factor-hessian.js';
import { fittingTime, STAGE_SAMPLES, stagesOf, toldTime, vectorsIn } from './fitting-time.js';
import { type ActivationForm, collectHessians, type Hessian, type Hessians } from './hessian.js';
import { type Matrices, withMatrices } from './matrices.js';
import { areTooFew } from './read-inputs.js';
import { shrink } from './shrinkage.js';

/** One weight, and all layers that read it in the same way. */
export interface SharedWeight {
  layers: readonly [LinearLayer, ...LinearLayer[]];
}

/** Mean square of the output's error, over the mean square of the output: rounded to the nearest, and as it is. */
export interface LayerErrors {
  nearest: number;
  error: number;
}

/** What a weight is fitted under. */
export interface FitUnder {
  hessian: Hessian;
  factors: Factors;
  matrices: Matrices;
}

export interface FittedRequest<W extends SharedWeight, F> {
  model: Model;
  /** In the graph's order. */
  weights: readonly W[];
  dataset: NonNullable<QuantizeRequest['calibration']>;
  context: QuantizeRequest['context'];
  /** Forms in which a weight is made: what the time is estimated by. Default: 1. */
  forms?: number;
  /** What the layers make of what they read. Default: float32, as it comes. */
  activations?: ActivationForm;
  /** Fits one weight. */
  fit: (weight: W, under: FitUnder) => Promise<{ made: F; errors: LayerErrors }>;
  /** Puts the weight into the graph, before the next stage runs it. null: no sample reached the layer. */
  emit: (weight: W, made: F | null) => void;
}

export interface FittedResult {
  layers: ({ weight: string } & LayerErrors)[];
  /** Weights that no sample reached (experts that saw none, branches not taken), or of which it could tell nothing (zeros, NaN). */
  unseen: string[];
  /** Weights whose layers read too few vectors to be fitted to them. */
  tooFew: string[];
}

export async function fitWeights<W extends SharedWeight, F>(
  request: FittedRequest<W, F>,
): Promise<FittedResult> {
  const result: FittedResult = { layers: [], unseen: [], tooFew: [] };
  const { context, weights, dataset, forms = 1 } = request;
  if (weights.length === 0) return result;
  const stages = stagesOf(weights);
  const time = fittingTime(stages, { vectors: await vectorsIn(dataset), forms });
  context.log.info(toldTime(weights.length, time.total));
  let done = 0;
  // In hundredths of the time that it is to take: large weights take many times as long as small ones.
  const tell = (seconds: number) => {
    done += seconds;
    context.log.progress('fitting weights', Math.round((100 * done) / time.total), 100);
  };
  tell(0);
  await withMatrices(context, async (matrices) => {
    for (const [at, stage] of stages.entries()) {
      const hessians = await hessiansOf(stage, request, matrices);
      tell(time.reading[at]!);
      const factors = new Factors(matrices);
      for (const [index, weight] of stage.entries()) {
        throwIfInterrupted(context.signal);
        await fitWeight(weight, { request, hessians, factors, matrices, result });
        tell(time.weights[at]![index]!);
      }
    }
  });
  return result;
}

async function hessiansOf<W extends SharedWeight>(
  stage: readonly W[],
  { model, dataset, context, activations }: Omit<FittedRequest<W, unknown>, 'emit' | 'fit'>,
  matrices: Matrices,
): Promise<Hessians> {
  const tensors = new Map(stage.flatMap(({ layers }) => layers.map(({ input, depth }) => [input, depth])));
  const hessians = await collectHessians({
    model,
    tensors,
    dataset,
    samples: STAGE_SAMPLES,
    context,
    matrices,
    ...(activations && { activations }),
  });
  for (const hessian of hessians.formed.values()) shrink(hessian);
  return hessians;
}

interface FitContext<W extends SharedWeight, F> {
  request: FittedRequest<W, F>;
  hessians: Hessians;
  factors: Factors;
  matrices: Matrices;
  result: FittedResult;
}

async function fitWeight<W extends SharedWeight, F>(
  weight: W,
  { request, hessians, factors, matrices, result }: FitContext<W, F>,
): Promise<void> {
  const { layers } = weight;
  const name = layers[0].weight;
  const inputs = [...new Set(layers.map(({ input }) => input))];
  const hessian = meanOf(inputs.flatMap((input) => hessians.formed.get(input) ?? []));
  if (hessian === null || tellsTooLittle(hessian)) {
    const wasSeen = hessian ? isHeard(hessian) : inputs.some((input) => hessians.tooFew.has(input));
    result[wasSeen ? 'tooFew' : 'unseen'].push(name);
    request.emit(weight, null);
    return;
  }
  const { made, errors } = await request.fit(weight, { hessian, factors, matrices });
  result.layers.push({ weight: name, ...errors });
  request.emit(weight, made);
}

/** Whether any input was ever another number than 0. */
const isHeard = ({ values, size }: Hessian): boolean => meanDiagonal(values, size) > 0;

const tellsTooLittle = (hessian: Hessian): boolean =>
  !isHeard(hessian) || areTooFew(hessian.rows, hessian.size);

/** Of all that read one weight. */
function meanOf(hessians: readonly Hessian[]): Hessian | null {
  const [first, ...others] = hessians;
  if (first === undefined || others.length === 0) return first ?? null;
  const rows = hessians.reduce((sum, one) => sum + one.rows, 0);
  const values = first.values.map((_, at) =>
    hessians.reduce((sum, one) => sum + (one.values[at]! * one.rows) / rows, 0),
  );
  const loudnessError = Math.max(...hessians.map((one) => one.loudnessError ?? 0));
  return { size: first.size, values, rows, loudnessError };
}
