/** How much work fitting weights is, in which stages it is done, and about how long it takes. */
import type { Dataset } from '../../data/samples/dataset.js';
import type { Tensor } from '../../tensor/tensor.js';
import { MOST_ROWS } from './inputs/hessian.js';
import type { SharedWeight } from './shared-weight.js';

/** Samples read per stage. */
export const STAGE_SAMPLES = 128;

/** Bytes of matrices held at once, unless one alone is larger. */
const STAGE_BYTES = 128 * 2 ** 20;
/** Inputs per stage: a transformer's block has four. On MiniLM six stages gain 0.2 dB over one. */
const STAGE_INPUTS = 4;
/** Each is a pass over the samples; deeper models have more inputs in each. */
const MOST_STAGES = 12;

/** Work of a weight, and of a row's product with a column of the Hessian. What is fitted unasked hangs on these: they are no times, and stay as they are. */
const WORK_PER_WEIGHT = 5e-7;
const WORK_PER_PRODUCT = 1.2e-10;

/** Of all weights: what the rounding is chosen by. */
export function fittingWork(weights: readonly SharedWeight[]): number {
  return weights.reduce((sum, { layers: [{ depth, channels }] }) => {
    return sum + depth * channels * (WORK_PER_WEIGHT + WORK_PER_PRODUCT * depth);
  }, 0);
}

/**
 * Seconds on two cores with AVX-512 that nothing else uses: fitted to CPU times on one thread, by what JavaScript does and half of what the matrix library does, of
 * `bench/weights --layers` (384² to 2,048²) and of MiniLM's int4-weights (36 weights, 2,350 vectors, six stages).
 */
const SECONDS = {
  /** A code: chosen in order, then refined. */
  code: 6e-7,
  /** A row's product with a column of the Hessian. */
  product: 0.9e-10,
  /** Factoring: by K², in JavaScript, and by K³. */
  factorPanels: 6.4e-8,
  factor: 1e-11,
  /** A pass over the samples: opening the model, and its weights. */
  pass: 0.4,
  opened: 2e-8,
  /** A vector that is looked at, by its length; multiplied by a weight on its way there; and its product with itself. */
  seen: 1.3e-8,
  multiplied: 2.4e-11,
  squared: 1.5e-11,
};

export interface FittingTime {
  /** Of each stage: reading the samples. */
  reading: number[];
  /** Of each weight, by stage. */
  weights: number[][];
  total: number;
}

/**
 * A rough figure: of the model's weights that are fitted it knows, and of nothing else that it computes.
 * @param vectors that each layer reads.
 * @param forms in which each weight is made; a part for one that takes less.
 */
export function fittingTime(
  stages: readonly (readonly SharedWeight[])[],
  { vectors, forms }: { vectors: number; forms: number },
): FittingTime {
  const rows = Math.min(vectors, MOST_ROWS);
  const [reading, weights]: [number[], number[][]] = [[], []];
  let before = 0;
  for (const stage of stages) {
    const inputs = inputsOf(stage);
    const sizes = [...inputs.values()];
    before += sum(stage.map(({ layers: [{ depth, channels }] }) => depth * channels));
    const [lengths, squares] = [sum(sizes), sum(sizes.map((size) => size ** 2))];
    const perVector = SECONDS.seen * lengths + SECONDS.multiplied * before + SECONDS.squared * squares;
    reading.push(SECONDS.pass + SECONDS.opened * before + rows * perVector);
    weights.push(stage.map((weight) => secondsOf(weight, inputs, forms)));
  }
  return { reading, weights, total: sum(reading) + sum(weights.flat()) };
}

/** @param open inputs whose matrix is not factored yet: this weight factors its own. */
function secondsOf(
  { layers: [{ input, depth, channels }] }: SharedWeight,
  open: Map<string, number>,
  forms: number,
): number {
  const factor = open.delete(input) ? depth * depth * (SECONDS.factorPanels + SECONDS.factor * depth) : 0;
  return factor + forms * depth * channels * (SECONDS.code + SECONDS.product * depth);
}

/** Vectors of all samples that are read, by the first of them: tokens, or whatever has its values along the last axis. */
export async function vectorsIn(dataset: Dataset): Promise<number> {
  const each: number[] = [];
  for await (const { feeds } of dataset.samples()) {
    each.push(Math.max(1, ...Object.values(feeds).map(vectorsOf)));
    if (each.length === LOOKED_AT) break;
  }
  return each.length > 0 ? (sum(each) / each.length) * Math.min(dataset.length, STAGE_SAMPLES) : 0;
}

const LOOKED_AT = 4;

function vectorsOf({ type, dims, data }: Tensor): number {
  const isTokens = type === 'int64' || type === 'int32';
  return isTokens ? data.length : data.length / (dims.at(-1) || 1);
}

/** Weights whose matrices are held at the same time, in the graph's order. */
export function stagesOf<W extends SharedWeight>(weights: readonly W[]): W[][] {
  const most = Math.max(STAGE_INPUTS, Math.ceil(inputsOf(weights).size / MOST_STAGES));
  const stages: W[][] = [];
  let inputs = new Map<string, number>();
  for (const weight of weights) {
    const own = inputsOf([weight]);
    const together = new Map([...inputs, ...own]);
    const bytes = sum([...together.values()].map((depth) => 4 * depth * depth));
    if (stages.length > 0 && bytes <= STAGE_BYTES && together.size <= most) {
      stages.at(-1)!.push(weight);
      inputs = together;
    } else {
      stages.push([weight]);
      inputs = own;
    }
  }
  return stages;
}

/** Lengths of what the weights' layers read, by name. */
function inputsOf(weights: readonly SharedWeight[]): Map<string, number> {
  return new Map(weights.flatMap(({ layers }) => layers.map(({ input, depth }) => [input, depth])));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What the log says before weights are fitted. */
export function toldTime(weights: number, seconds: number): string {
  const what = `${weights} weight${weights === 1 ? '' : 's'}`;
  return `fitting ${what} to the calibration data: about ${duration(seconds)} on two cores`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
