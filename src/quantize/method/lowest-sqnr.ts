/** How closely the outputs of a file follow the original's: the figures by which it is judged. */
import { meanInterval } from '../../statistics/mean-intervals.js';
import { isFloatType, numbersOf } from '../../tensor/elements.js';
import { SignalAndNoise } from '../../tensor/sqnr.js';
import type { Feeds } from '../../tensor/tensor.js';

/** Stands for no likeness at all: JSON knows no infinity. */
const FOLLOWS_NOTHING_DB = -200;

/** Confidence of the bound. */
const CONFIDENCE = 0.95;
/** The spread of fewer samples says too little. */
const LEAST_SAMPLES = 4;

export interface SqnrOfSamples {
  /** The lowest SQNR of the floating-point outputs over all samples, in dB. */
  sqnr: number;
  /** What it is at least, in dB, on other samples like these, judged by the spread between them (one-sided, 95 %); null: of fewer than four samples nothing
   *  is known. */
  bound: number | null;
  /** What each sample adds to the noise of the output with the lowest SQNR: a sum of squares. */
  noise: number[];
}

/** The lowest SQNR of the floating-point outputs over all samples, in dB; null: there are none. An output of another shape, or one with values that
 *  are not finite where the original's are, follows nothing. */
export function lowestSqnr(expected: readonly Feeds[], actual: readonly Feeds[]): number | null {
  return sqnrOfSamples(expected, actual)?.sqnr ?? null;
}

/** The same with what other samples may give. */
export function sqnrOfSamples(expected: readonly Feeds[], actual: readonly Feeds[]): SqnrOfSamples | null {
  const outputs = new Map<string, SignalAndNoise[]>();
  for (const [index, sample] of expected.entries()) {
    for (const [name, tensor] of Object.entries(sample)) {
      if (!isFloatType(tensor.type)) continue;
      const other = actual[index]![name];
      if (!other || other.dims.join() !== tensor.dims.join()) return nothing(expected);
      const sums = new SignalAndNoise();
      sums.add(numbersOf(tensor), numbersOf(other));
      outputs.set(name, [...(outputs.get(name) ?? []), sums]);
    }
  }
  const figures = [...outputs.values()].flatMap(figuresOf);
  if (figures.length === 0) return null;
  if (figures.some(({ sqnr }) => Number.isNaN(sqnr))) return nothing(expected);
  const { sqnr, noise } = figures.reduce((low, each) => (each.sqnr < low.sqnr ? each : low));
  const bounds = figures.flatMap(({ bound }) => bound ?? []);
  return { sqnr, bound: bounds.length === 0 ? null : Math.min(...bounds), noise };
}

function nothing(samples: readonly Feeds[]): SqnrOfSamples {
  return { sqnr: FOLLOWS_NOTHING_DB, bound: null, noise: samples.map(() => Number.POSITIVE_INFINITY) };
}

/** Of one output; none of one that is zero in both: there is no ratio. */
function figuresOf(samples: readonly SignalAndNoise[]): SqnrOfSamples[] {
  const all = new SignalAndNoise();
  for (const { signal, noise } of samples) {
    all.signal += signal;
    all.noise += noise;
  }
  const { sqnr } = all;
  if (all.noise === 0 && sqnr <= 0) return [];
  return [{ sqnr, bound: boundOf(samples, all), noise: samples.map(({ noise }) => noise) }];
}

/** SQNR is a ratio of two sums over samples, of which few may hold most: its logarithm, less Student's t times its standard error by linearization (Cochran,
 *  Sampling Techniques, 1977, section 6.3). */
function boundOf(samples: readonly SignalAndNoise[], { signal, noise, sqnr }: SignalAndNoise): number | null {
  const n = samples.length;
  if (n < LEAST_SAMPLES) return null;
  if (noise === 0 || signal === 0) return sqnr;
  const influences = samples.map((each) => n * (each.noise / noise - each.signal / signal));
  return sqnr - (10 / Math.LN10) * meanInterval(influences, CONFIDENCE).halfWidth;
}
