/** SQNR of the outputs, in dB, by which a file is judged. */
import type { Method } from '../../config/choices.js';
import { LARGE_MODEL_BYTES } from '../../onnx/file/weights.js';
import type { SqnrOfSamples } from '../../quantize/method/lowest-sqnr.js';
import type { Decision } from '../../quantize/method/result.js';

/** Below this a file is told of with a warning. What a method usually reaches lies far above: these are the marks of a file that went wrong. */
export const FLOOR_DB: Readonly<Record<Method, number>> = {
  float16: 30,
  'int8-static': 15,
  'int8-dynamic': 15,
  'int8-weights': 15,
  'int4-weights': 8,
  auto: 8,
};

/** What a repair aims at, where that lies above the floor: half precision and weights in 8 bits reach it unless something in the model doesn't bear
 *  them. */
const GOAL_DB: Partial<Readonly<Record<Method, number>>> = {
  float16: 40,
  'int8-weights': 20,
  'int8-dynamic': 20,
};

/** How far above the goal the layers to leave are chosen for, in dB: samples that were not seen do a little worse. Where what is left costs an eighth of its bytes
 *  (layers/fine-weights.ts), a repair that is made anyway goes on to what is near for weights in 8 bits. */
function aimAboveGoal(method: Method): number {
  return method === 'int8-weights' || method === 'int8-dynamic' ? 6.5 : 1.5;
}

/** How far above its goal a try must be: what is left out of it may cost as much (int8-static folds weights of float layers). */
export const TRY_MARGIN_DB = 0.5;

/** Ranges of fewer calibration samples than these fit samples that were not seen less well: activations in 8 bits must do better on those that were, by
 *  so much in dB. How much samples differ among themselves is another matter: `Goal.bound`. */
const FEW_SAMPLES = 32;
const FEW_SAMPLES_DB = 2;

/** What a file should reach, in dB. */
export interface Goal {
  /** On the samples that it is compared on. */
  sqnr: number;
  /** On others like them, which may lose more: some pages hold little text, and calibration data a few of them. What changes only weights is held to its floor
   *  there. */
  bound: number;
}

/** By what a file is judged, and repaired. */
export interface Marks {
  floor: number;
  goal: Goal;
  /** How far above the goal the layers to leave are chosen for, in dB. */
  aimAbove: number;
}

/** What the marks depend on beside the method. */
export interface MarkedFor {
  /** Of the original. */
  bytes: number;
  /** That calibrate; null: not known, or none. */
  samples: number | null;
}

/** @param decisions what the layers of the file became. */
export function marksOf(asked: Method, decisions: readonly Decision[], about: MarkedFor): Marks {
  const method = asked === 'int4-weights' && !hasFourBits(decisions) ? 'int8-weights' : asked;
  return { floor: FLOOR_DB[method], goal: goalOf(method, about), aimAbove: aimAboveGoal(method) };
}

/** A model of convolutions alone takes no 4 bits: what int4-weights makes of it is the file of int8-weights, and is to be as near. */
function hasFourBits(decisions: readonly Decision[]): boolean {
  return decisions.some(({ became }) => MAY_HOLD_FOUR_BITS.has(became));
}

/** Of what an operator became. */
const MAY_HOLD_FOUR_BITS: ReadonlySet<string> = new Set(['MatMulNBits', 'GatherBlockQuantized']);

function goalOf(method: Method, { bytes, samples }: MarkedFor): Goal {
  const floor = FLOOR_DB[method];
  // Up to the floor only: every attempt takes its time.
  if (bytes > LARGE_MODEL_BYTES) return { sqnr: floor, bound: Number.NEGATIVE_INFINITY };
  const isUnsure = method === 'int8-static' && samples !== null && samples < FEW_SAMPLES;
  const sqnr = isUnsure ? floor + FEW_SAMPLES_DB : (GOAL_DB[method] ?? floor);
  return { sqnr, bound: method === 'float16' ? sqnr : floor };
}

/** The figure by which a repair judges a file, beside `goal.sqnr`: what the samples give, or less where others like them may fall short of their goal by more. */
export function believed({ sqnr, bound }: Pick<SqnrOfSamples, 'sqnr' | 'bound'>, goal: Goal): number {
  return bound === null ? sqnr : Math.min(sqnr, bound + goal.sqnr - goal.bound);
}

/** What the files of a repair may cost together: values of all tensors of one sample, times files. A number and no clock: the same file comes of every
 *  machine. One to two minutes of one core. */
const MOST_WORK = 2e8;
const [FEWEST_FILES, MOST_FILES] = [5, 20];

/** How many files a repair may make.
 *  @param values of all tensors of one sample; 0: not known. */
export function mostFiles(values: number): number {
  return Math.min(Math.max(Math.floor(MOST_WORK / Math.max(1, values)), FEWEST_FILES), MOST_FILES);
}

/** How often the model with switches (switched-model.ts) may be run to see what each layer does to the outputs: as much work as the files of a repair. */
const MOST_RANKING_WORK = 1.2e9;
const [FEWEST_RUNS, MOST_RUNS] = [40, 100];
/** On how many samples; and on how many where those are large. */
const [RANKING_SAMPLES, LARGE_SAMPLES] = [4, 2];
const LARGE_VALUES = 5e6;

/** What may be spent on the ranking of layers; null: the model is too large to be held twice.
 *  @param bytes of the original. @param values of all tensors of one sample. */
export function rankingLimits(bytes: number, values: number): { samples: number; runs: number } | null {
  if (bytes > LARGE_MODEL_BYTES || values === 0) return null;
  const runs = Math.min(Math.max(Math.floor(MOST_RANKING_WORK / values), FEWEST_RUNS), MOST_RUNS);
  return { samples: values > LARGE_VALUES ? LARGE_SAMPLES : RANKING_SAMPLES, runs };
}
