/** What the calibration samples tell before the first file is written: ranges, and what recovers accuracy. */
import type { Dataset } from '../../data/samples/dataset.js';
import { UserError } from '../../errors.js';
import type { Feeds } from '../../tensor/tensor.js';
import { calibratePercentiles, calibrateRanges } from '../calibrate/calibrate.js';
import { ConstantInputsObserver } from '../calibrate/constant-inputs.js';
import type { TensorRange } from '../calibrate/minmax.js';
import { lacksCalibration } from '../method/calibration-need.js';
import type { QuantizeRequest } from '../method/request.js';
import { rangeOf, tensorsToCalibrate } from './activation-parameters.js';
import { type Fold, HALVES, PERCENTILE_CANDIDATES, type RangesByPercentile } from './choose-percentile.js';
import { HeldOutSamples } from './held-out-samples.js';
import type { Prologue } from './prologue.js';
import { ChannelMeansObserver } from './recover/channel-means.js';
import { equalizeModel } from './recover/equalize.js';
import { collectMoments, roundingWork } from './recover/input-moments.js';
import type { Recovery } from './write-quantized.js';

export interface CalibrationSamples {
  dataset: Dataset;
  first: Feeds;
}

export interface Observed {
  /** Pairs of convolutions that were equalized: the model is another one since. */
  equalized: number;
  /** Ranges by tensor name, by the percentile that they hold: several where the best is to be chosen, else one under 100. */
  candidates: RangesByPercentile;
  /** What the choice is made on; empty where there is one candidate. */
  folds: readonly Fold[];
  recovery: Recovery;
}

/** @throws UserError without calibration data, or when it holds no samples. */
export async function calibrationSamples({ calibration }: QuantizeRequest): Promise<CalibrationSamples> {
  if (!calibration) throw lacksCalibration('int8-static');
  const first = await firstSample(calibration);
  calibration.readEarly?.();
  return { dataset: calibration, first };
}

async function firstSample(dataset: Dataset): Promise<Feeds> {
  for await (const { feeds } of dataset.samples()) return feeds;
  throw new UserError('data.empty', `The calibration data (${dataset.description}) holds no samples.`);
}

/** About half a minute on two cores; a constant, and no clock: the same file comes of every machine. */
const MOST_ROUNDING_WORK = 2e10;

/** With fewer, weights follow the samples that also prove the file: of 3 to 6, the example's digits are 0.4 to 0.5 dB farther off on others. */
const LEAST_ROUNDING_SAMPLES = 8;

/** Equalizes the model, then observes the tensors of the groups that run in 8 bits. Groups whose values have no bounds become float. */
export async function observeSamples(
  request: QuantizeRequest,
  prologue: Prologue,
  dataset: Dataset,
): Promise<Observed> {
  const { options, context } = request;
  const { model, types, draft, scheme } = prologue;
  const session = { model, dataset, context };
  // Presets reproduce another system, which does without.
  const byDefault = options.preset === null;
  const equalized =
    (options.equalization ?? byDefault)
      ? await equalizeModel({
          ...session,
          types,
          throughClip: options.equalization === true,
          quantized: new Set(draft.partition.quantized.map(({ node }) => node)),
        })
      : 0;
  const means =
    (options.biasCorrection ?? byDefault)
      ? new ChannelMeansObserver(draft.partition.quantized, prologue)
      : null;
  const constants = new ConstantInputsObserver();
  const observers = [constants, ...(means ? [means] : [])];
  const { candidates, folds } = await observeRanges(request, prologue, { ...session, observers });
  prologue.notes.push(...constants.notes());
  const ranges = candidates.get(100)!;
  draft.refuseUnboundedRanges((name) => rangeOf(name, ranges, model.graph));
  const groups = draft.partition.quantized;
  // As a default it is a candidate that the proof of the file may take back.
  const adaptive =
    options.rounding === 'adaptive' ||
    (options.rounding === null &&
      byDefault &&
      request.verify &&
      dataset.length >= LEAST_ROUNDING_SAMPLES &&
      scheme.placement === 'fused' &&
      roundingWork(groups, model.graph) <= MOST_ROUNDING_WORK);
  const moments = adaptive ? await collectMoments({ ...session, groups }) : null;
  const recovery = { means: knownOf(means?.means()), moments: knownOf(moments) };
  return { equalized, candidates, folds, recovery };
}

/** A step that has nothing to work on is not taken: no file is written to prove it, and none says that it was. */
function knownOf<T>(observed: ReadonlyMap<string, T> | null | undefined): ReadonlyMap<string, T> | null {
  return observed && observed.size > 0 ? observed : null;
}

async function observeRanges(
  { options, verify }: QuantizeRequest,
  { types, draft, scheme }: Prologue,
  session: Omit<Parameters<typeof calibrateRanges>[0], 'types' | 'tensors'>,
): Promise<Pick<Observed, 'candidates' | 'folds'>> {
  const request = { ...session, types, tensors: tensorsToCalibrate(draft.partition.quantized) };
  const chooses = verify && options.calibrator === null && options.preset === null;
  if (chooses && scheme.placement === 'fused') return await observeFolds(request);
  const ranges = await calibrateRanges(request, { ...options, calibrator: scheme.calibrator });
  return { candidates: new Map([[100, ranges]]), folds: [] };
}

/** Ranges of the groups that run in 8 bits on these samples. @param chosen `percentile` that was chosen, 100 for the extremes; null: the options say how. */
export async function rangesOf(
  dataset: Dataset,
  chosen: { request: QuantizeRequest; prologue: Prologue; percentile: number | null },
): Promise<ReadonlyMap<string, TensorRange>> {
  const { request, prologue, percentile } = chosen;
  const { options, context } = request;
  const { model, types, draft, scheme } = prologue;
  const tensors = tensorsToCalibrate(draft.partition.quantized);
  const calibrator = percentile === 100 ? 'minmax' : percentile === null ? scheme.calibrator : 'percentile';
  return await calibrateRanges(
    { model, types, tensors, dataset, context },
    { ...options, calibrator, percentile: percentile ?? options.percentile },
  );
}

/** First with the ranges of all samples, on some of them and those that reach farthest: what a calibrator clips that has seen them, it would
 *  clip in use. Then each half of the samples is judged with the ranges of the other. */
async function observeFolds(
  request: Parameters<typeof calibratePercentiles>[0],
): Promise<Pick<Observed, 'candidates' | 'folds'>> {
  const samples = new HeldOutSamples(HALVES);
  const { all, folds } = await calibratePercentiles(request, PERCENTILE_CANDIDATES, {
    folds: HALVES,
    onSample: (feeds, largest) => samples.add(feeds, largest),
  });
  const halves = folds.map((ranges, index) => ({ ranges, samples: samples.of((index + 1) % HALVES) }));
  return { candidates: all, folds: [{ ranges: all, samples: samples.ofAll() }, ...halves] };
}
