/** The default calibrator: minmax, unless a percentile is surely better on samples that did not give it.
 *
 *  Detectors need their extremes, recognizers with a few wild activations must clip them: no single choice is right for both. What was
 *  judged on the samples that it was calibrated on would look better than it is: one pass over the samples gives the ranges of all
 *  candidates for each half of them, and files made with one half's ranges are run on samples of the other. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../system/scratch.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { TensorRange } from '../calibrate/minmax.js';
import type { FileError, OutputErrors } from './recover/output-error.js';
import { type QuantizedParts, writeQuantized } from './write-quantized.js';

/** Ranges by tensor name, by the percentile that they hold; 100 is minmax. */
export type RangesByPercentile = ReadonlyMap<number, ReadonlyMap<string, TensorRange>>;

export const PERCENTILE_CANDIDATES: readonly number[] = [100, 99.999, 99.99];

/** Halves of the samples: each is judged with the ranges of the other. */
export const HALVES = 2;

/** Ranges, and samples that judge them. */
export interface Fold {
  ranges: RangesByPercentile;
  samples: readonly Feeds[];
}

/** Fewer samples in a fold say nothing for sure. */
const LEAST_SAMPLES = 4;

/** What a percentile must win against minmax, in dB of SQNR: the mean over the folds. */
const SURE_GAIN_DB = 1;
/** Share of all folds' samples on which it must be nearer to the original. */
const SURE_SHARE = 0.5;

/** How a percentile did beside minmax, all folds so far together. */
interface Standing {
  gainDb: number;
  nearer: number;
  samples: number;
}

/** 100 (minmax), or the percentile that wins most where one wins surely: on the worst sample of no fold it loses anything.
 *  @param folds the first decides most: percentiles that win nothing on it are run on no other. */
export async function choosePercentile(
  folds: readonly Fold[],
  { parts, errors }: { parts: Omit<QuantizedParts, 'ranges'>; errors: OutputErrors },
): Promise<number> {
  if (folds.some(({ samples }) => samples.length < LEAST_SAMPLES)) return 100;
  const candidates = [...folds[0]!.ranges.keys()].filter((percentile) => percentile !== 100);
  let standings = new Map(candidates.map((one): [number, Standing] => [one, NOTHING_YET]));
  for (const [index, fold] of folds.entries()) {
    const found = await errorsOf(fold, [100, ...standings.keys()], { parts, errors });
    const minmax = found.get(100)!;
    const next = new Map<number, Standing>();
    for (const [percentile, before] of standings) {
      const standing = added(before, found.get(percentile)!, minmax);
      if (worst(found.get(percentile)!) > worst(minmax)) continue;
      if (index > 0 || isSure(standing, 1)) next.set(percentile, standing);
    }
    standings = next;
    if (standings.size === 0) return 100;
  }
  const sure = [...standings].filter(([, standing]) => isSure(standing, folds.length));
  return sure.toSorted(([, a], [, b]) => b.gainDb - a.gainDb)[0]?.[0] ?? 100;
}

const NOTHING_YET: Standing = { gainDb: 0, nearer: 0, samples: 0 };

function added({ gainDb, nearer, samples }: Standing, error: FileError, minmax: FileError): Standing {
  return {
    gainDb: gainDb + decibels(minmax.all, error.all),
    nearer: nearer + error.samples.filter((one, index) => one < minmax.samples[index]!).length,
    samples: samples + error.samples.length,
  };
}

function isSure({ gainDb, nearer, samples }: Standing, folds: number): boolean {
  return gainDb / folds >= SURE_GAIN_DB && nearer > SURE_SHARE * samples;
}

function worst({ samples }: FileError): number {
  return Math.max(...samples);
}

/** How much smaller the second error is; none where either is unknown. */
function decibels(from: number, to: number): number {
  const gain = 10 * Math.log10(from / to);
  return Number.isNaN(gain) ? 0 : gain;
}

async function errorsOf(
  { ranges, samples }: Fold,
  percentiles: readonly number[],
  { parts, errors }: { parts: Omit<QuantizedParts, 'ranges'>; errors: OutputErrors },
): Promise<Map<number, FileError>> {
  const directory = scratchFolder('percentile');
  try {
    const files: string[] = [];
    for (const percentile of percentiles) {
      const file = join(directory, `${percentile}.onnx`);
      await writeQuantized(file, { ...parts, ranges: ranges.get(percentile)! }, { durable: false });
      files.push(file);
    }
    const found = await errors.of(files, samples);
    return new Map(percentiles.map((percentile, index) => [percentile, found[index]!]));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
