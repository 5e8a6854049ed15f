/** The default calibrator: minmax, unless another is surely better on samples that did not give its ranges.
 *
 *  Detectors need their extremes, recognizers with a few wild activations must clip them: no single choice is right for both. What was
 *  judged on the samples that it was calibrated on would look better than it is: one pass over the samples gives the ranges of all
 *  candidates for each half of them, and files made with one half's ranges are run on samples of the other. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../system/files/scratch.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { RangesByChoice } from '../calibrate/calibrate.js';
import { EXTREMES, type RangeChoice } from '../calibrate/range-choice.js';
import { sureGain } from '../method/sure-gain.js';
import type { FileError } from './recover/file-error.js';
import type { OutputErrors } from './recover/output-error.js';
import { type QuantizedParts, writeQuantized } from './write-quantized.js';

export const CANDIDATES: readonly RangeChoice[] = [EXTREMES, 99.999, 99.99, 'mse'];

/** Halves of the samples: each is judged with the ranges of the other. */
export const HALVES = 2;

/** Ranges, and samples that judge them. */
export interface Fold {
  ranges: RangesByChoice;
  samples: readonly Feeds[];
}

/** Fewer samples in a fold say nothing for sure. */
const LEAST_SAMPLES = 4;

/** What another must win against minmax, in dB of SQNR: less is not worth clipping what some sample may need. */
const LEAST_GAIN_DB = 0.2;
/** What it may lose on the worst sample of a fold, in dB. */
const MOST_LOST_DB = 0.5;

type Judging = { parts: Omit<QuantizedParts, 'ranges'>; errors: OutputErrors };

/** Minmax, or the candidate that wins most over the first fold where it wins surely over all of them, and on the worst sample of none loses much.
 *  @param folds the first judges all candidates, the others the best of them. */
export async function chooseCalibrator(
  [first, ...others]: readonly [Fold, ...Fold[]],
  judging: Judging,
): Promise<RangeChoice> {
  if ([first, ...others].some(({ samples }) => samples.length < LEAST_SAMPLES)) return EXTREMES;
  const found = [await errorsOf(first, [...first.ranges.keys()], judging)];
  const best = nearestOf(found[0]!);
  if (best === EXTREMES) return EXTREMES;
  for (const fold of others) {
    const errors = await errorsOf(fold, [EXTREMES, best], judging);
    if (!standsWorst(best, errors)) return EXTREMES;
    found.push(errors);
  }
  return isSurelyBetter(best, found) ? best : EXTREMES;
}

/** Errors of files on the samples of one fold, by how their ranges were chosen. */
export type FoldErrors = ReadonlyMap<RangeChoice, FileError>;

/** The nearest to the original of those that lose little on the worst sample. */
export function nearestOf(errors: FoldErrors): RangeChoice {
  const standing = [...errors].filter(([choice]) => standsWorst(choice, errors));
  return standing.toSorted(([, a], [, b]) => a.all - b.all)[0]?.[0] ?? EXTREMES;
}

/** Whether it beats minmax over the samples of all folds, by more than the chance of a few. */
export function isSurelyBetter(choice: RangeChoice, folds: readonly FoldErrors[]): boolean {
  const noiseOf = (one: RangeChoice) => folds.flatMap((errors) => errors.get(one)!.noise);
  return inDecibels(sureGain(noiseOf(choice), noiseOf(EXTREMES))) >= LEAST_GAIN_DB;
}

function standsWorst(choice: RangeChoice, errors: FoldErrors): boolean {
  return worst(errors.get(choice)!) <= worst(errors.get(EXTREMES)!) * 10 ** (MOST_LOST_DB / 10);
}

function worst({ samples }: FileError): number {
  return Math.max(...samples);
}

/** Of the logarithm of a ratio of powers. */
function inDecibels(ratio: number): number {
  return (10 / Math.LN10) * ratio;
}

async function errorsOf(
  { ranges, samples }: Fold,
  choices: readonly RangeChoice[],
  { parts, errors }: Judging,
): Promise<FoldErrors> {
  const directory = scratchFolder('calibrator');
  try {
    const files: string[] = [];
    for (const choice of choices) {
      const file = join(directory, `${choice}.onnx`);
      await writeQuantized(file, { ...parts, ranges: ranges.get(choice)! }, { durable: false });
      files.push(file);
    }
    const found = await errors.of(files, samples);
    return new Map(choices.map((choice, index) => [choice, found[index]!]));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
