/**
 * Weights fitted to what their layers read on the calibration data: stage by stage in the graph's order, so that later layers see what the rounding of
 * the earlier ones makes of their inputs.
 */
import { throwIfInterrupted } from '../../errors.js';
import type { QuantizeRequest } from '../method/request.js';
import { Factors } from './codes/factor-hessian.js';
import { fittingTime, STAGE_SAMPLES, stagesOf, toldTime, vectorsIn } from './fitting-time.js';
import { type ActivationForm, centred, collectHessians, type Hessian } from './inputs/hessian.js';
import type { InputMean } from './inputs/loudness-error.js';
import { areTooFew } from './inputs/read-inputs.js';
import { shrink } from './inputs/shrinkage.js';
import { meanDiagonal } from './matrices/damping.js';
import { type Matrices, withMatrices } from './matrices/matrices.js';
import type { SharedWeight, WeightReader } from './shared-weight.js';

/** Mean square of the output's error, over the mean square of the output: rounded to the nearest, and as it is. */
export interface LayerErrors {
  nearest: number;
  error: number;
}

/** What a weight is fitted under. */
export interface FitUnder {
  hessian: Hessian;
  /** What the layers read in the mean, by name, where constants behind them take up what the output loses by that: the Hessian is a covariance then. Default: nothing does. */
  means?: ReadonlyMap<string, InputMean> | null;
  factors: Factors;
  matrices: Matrices;
}

export interface FittedRequest<W extends SharedWeight, F> {
  /** In the graph's order. */
  weights: readonly W[];
  /** All that read them: a weight is fitted to what its layers read in any. */
  readers: readonly WeightReader<W>[];
  context: QuantizeRequest['context'];
  /** Forms in which a weight is made: what the time is estimated by. Default: 1. */
  forms?: number;
  /** What the layers make of what they read. Default: float32, as it comes. */
  activations?: ActivationForm;
  /** Whether constants behind all of a weight's layers take up the mean of their errors. Default: none does. */
  takesMeans?: (weight: W) => boolean;
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
  const { context, weights, readers, forms = 1 } = request;
  if (weights.length === 0) return result;
  const stages = stagesOf(weights);
  let vectors = 0;
  for (const { dataset } of readers) vectors += await vectorsIn(dataset);
  const time = fittingTime(stages, { vectors, forms });
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
      const reads = await readsOf(stage, request, matrices);
      tell(time.reading[at]!);
      const factors = new Factors(matrices);
      for (const [index, weight] of stage.entries()) {
        throwIfInterrupted(context.signal);
        await fitWeight(weight, { request, read: reads.get(weight)!, factors, matrices, result });
        tell(time.weights[at]![index]!);
      }
    }
  });
  return result;
}

/** What all layers of a weight read, together. */
interface Read {
  /** null: nothing, or too little for one. */
  hessian: Hessian | null;
  /** As FitUnder has them. */
  means: Map<string, InputMean> | null;
  tooFew: boolean;
}

/** Weights that the same tensors meet (queries, keys and values) have the same, those whose means are taken up and the others by themselves. */
async function readsOf<W extends SharedWeight>(
  stage: readonly W[],
  {
    readers,
    context,
    activations,
    takesMeans = () => false,
  }: Pick<FittedRequest<W, unknown>, 'readers' | 'context' | 'activations' | 'takesMeans'>,
  matrices: Matrices,
): Promise<Map<W, Read>> {
  const groups = new Map<string, Read & { weights: W[] }>();
  for (const weight of stage) {
    const isCentred = takesMeans(weight);
    const key = JSON.stringify([isCentred, readers.map((reader) => inputsOf(weight, reader))]);
    const group = groups.get(key);
    const means = isCentred ? new Map<string, InputMean>() : null;
    if (group) group.weights.push(weight);
    else groups.set(key, { weights: [weight], hessian: null, means, tooFew: false });
  }
  for (const reader of readers) {
    const layers = stage.flatMap((weight) => reader.layersOf(weight));
    if (layers.length === 0) continue;
    const { formed, tooFew } = await collectHessians({
      ...reader,
      tensors: new Map(layers.map(({ input, depth }) => [input, depth])),
      samples: STAGE_SAMPLES,
      context,
      matrices,
      ...(activations && { activations }),
    });
    for (const group of groups.values()) {
      const inputs = inputsOf(group.weights[0]!, reader);
      const seen = inputs.map((input) => {
        const hessian = formed.get(input) ?? null;
        if (!hessian?.mean || !group.means) return hessian;
        group.means.set(input, hessian.mean);
        return centred({ ...hessian, mean: hessian.mean });
      });
      group.hessian = meanOf([group.hessian, ...seen]);
      group.tooFew ||= inputs.some((input) => tooFew.has(input));
    }
  }
  // One may be that of several groups.
  for (const hessian of new Set([...groups.values()].map((group) => group.hessian)))
    if (hessian) shrink(hessian);
  return new Map([...groups.values()].flatMap((group) => group.weights.map((weight) => [weight, group])));
}

function inputsOf<W>(weight: W, { layersOf }: WeightReader<W>): string[] {
  return [...new Set(layersOf(weight).map(({ input }) => input))];
}

interface FitContext<W extends SharedWeight, F> {
  request: FittedRequest<W, F>;
  read: Read;
  factors: Factors;
  matrices: Matrices;
  result: FittedResult;
}

async function fitWeight<W extends SharedWeight, F>(
  weight: W,
  { request, read: { hessian, means, tooFew }, factors, matrices, result }: FitContext<W, F>,
): Promise<void> {
  const name = weight.layers[0].weight;
  if (hessian === null || tellsTooLittle(hessian)) {
    const wasSeen = hessian ? isHeard(hessian) : tooFew;
    result[wasSeen ? 'tooFew' : 'unseen'].push(name);
    request.emit(weight, null);
    return;
  }
  const { made, errors } = await request.fit(weight, { hessian, means, factors, matrices });
  result.layers.push({ weight: name, nearest: errors.nearest, error: errors.error });
  request.emit(weight, made);
}

/** Whether any input was ever another number than 0. */
const isHeard = ({ values, size }: Hessian): boolean => meanDiagonal(values, size) > 0;

const tellsTooLittle = (hessian: Hessian): boolean =>
  !isHeard(hessian) || areTooFew(hessian.rows, hessian.size);

/** Of all that read one weight. */
function meanOf(hessians: readonly (Hessian | null)[]): Hessian | null {
  const known = hessians.filter((one) => one !== null);
  const [first] = known;
  if (first === undefined || known.length === 1) return first ?? null;
  const rows = known.reduce((sum, one) => sum + one.rows, 0);
  const values = new Float32Array(first.values.length);
  for (const one of known) {
    const share = one.rows / rows;
    for (let at = 0; at < values.length; at++) values[at]! += share * one.values[at]!;
  }
  const loudnessError = known.reduce((sum, one) => sum + ((one.loudnessError ?? 0) * one.rows) / rows, 0);
  return { size: first.size, values, rows, loudnessError };
}
