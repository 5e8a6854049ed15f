/** What the calibration samples tell before the first file is written: ranges, and what recovers accuracy. */
import type { Dataset } from '../../data/samples/dataset.js';
import { fixedBatch } from '../../data/samples/stack.js';
import { UserError } from '../../errors.js';
import { modelInputs } from '../../onnx/query/interface.js';
import type { Feeds } from '../../tensor/tensor.js';
import { calibrateChoices, calibrateRanges, type RangesByChoice } from '../calibrate/calibrate.js';
import { ConstantInputsObserver } from '../calibrate/constant-inputs.js';
import type { TensorRange } from '../calibrate/minmax.js';
import { calibratorOf, EXTREMES, type RangeChoice } from '../calibrate/range-choice.js';
import { withMatrices } from '../gptq/matrices/matrices.js';
import { lacksCalibration } from '../method/calibration-need.js';
import type { QuantizeRequest } from '../method/request.js';
import { observe } from '../observe/observer.js';
import { rangeOf, tensorsToCalibrate } from './activation-parameters.js';
import { CANDIDATES, type Fold, HALVES } from './choose-calibrator.js';
import { HeldOutSamples } from './held-out-samples.js';
import type { Prologue } from './prologue.js';
import { ChannelMeansObserver } from './recover/channel-means.js';
import { equalizeModel } from './recover/equalize.js';
import { MOMENTS_SAMPLES, MomentsObserver, roundingWork } from './recover/input-moments.js';
import type { Recovery } from './write-quantized.js';

export interface CalibrationSamples {
  dataset: Dataset;
  first: Feeds;
}

export interface Observed {
  /** Pairs of convolutions that were equalized: the model is another one since. */
  equalized: number;
  /** Several where the best is to be chosen, else one as if of the extremes. */
  candidates: RangesByChoice;
  /** What the choice is made on; empty where there is one candidate. */
  folds: readonly Fold[];
  /** The same ranges of those parts of the samples that were asked for; empty where there is one candidate. */
  ofParts: ReadonlyMap<Dataset, RangesByChoice>;
  recovery: Recovery;
}

/** @throws UserError without calibration data, or when it holds no samples. */
export async function calibrationSamples({ calibration }: QuantizeRequest): Promise<CalibrationSamples> {
  if (!calibration) throw lacksCalibration('int8-static');
  const first = await firstSample(calibration);
  calibration.readEarly?.();
  return { dataset: calibration, first };
}

/** @throws UserError where there is none. */
export async function firstSample(dataset: Dataset): Promise<Feeds> {
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
  const { model, types, draft } = prologue;
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
  const { moments, ...ranges } = await withMatrices(context, async (matrices) => {
    const seen = roundsAdaptively(request, prologue, dataset)
      ? MomentsObserver.of(draft.partition.quantized, { model, types, matrices })
      : null;
    return await observeRangesAndMoments(request, prologue, { ...session, observers, seen });
  });
  prologue.notes.push(...constants.notes());
  const recovery = { means: knownOf(means?.means()), moments: knownOf(moments), drifts: null };
  return { equalized, ...ranges, recovery };
}

/** As a default it is a candidate that the proof of the file may take back. */
function roundsAdaptively(
  { options, verify }: QuantizeRequest,
  { model, draft, scheme }: Prologue,
  { length }: Dataset,
): boolean {
  if (options.rounding !== null) return options.rounding === 'adaptive';
  if (options.preset !== null || !verify || scheme.placement !== 'fused') return false;
  const work = () => roundingWork(draft.partition.quantized, model.graph);
  return length >= LEAST_ROUNDING_SAMPLES && work() <= MOST_ROUNDING_WORK;
}

type ObservedRanges = Pick<Observed, 'candidates' | 'folds' | 'ofParts'>;
type ObservedSession = Omit<Parameters<typeof calibrateRanges>[0], 'types' | 'tensors'>;

/** Of the groups that are left when those whose values have no bounds have become float: in one pass where samples are fed one by one anyway. */
async function observeRangesAndMoments(
  request: QuantizeRequest,
  prologue: Prologue,
  {
    seen,
    observers = [],
    ...session
  }: ObservedSession & { /** Collects moments; null: none. */ seen: MomentsObserver | null },
): Promise<ObservedRanges & { moments: Recovery['moments'] }> {
  const { model, draft } = prologue;
  const inOnePass = seen && choosesCalibrator(request, prologue) ? [seen] : [];
  const observed = await observeRanges(request, prologue, {
    ...session,
    observers: [...observers, ...inOnePass],
  });
  const ranges = observed.candidates.get(EXTREMES)!;
  draft.refuseUnboundedRanges((name) => rangeOf(name, ranges, model.graph));
  if (!seen) return { ...observed, moments: null };
  if (inOnePass.length === 0) await observe({ ...session, maxSamples: MOMENTS_SAMPLES }, [seen]);
  return { ...observed, moments: await seen.moments(draft.partition.quantized) };
}

/** A step that has nothing to work on is not taken: no file is written to prove it, and none says that it was. */
function knownOf<T>(observed: ReadonlyMap<string, T> | null | undefined): ReadonlyMap<string, T> | null {
  return observed && observed.size > 0 ? observed : null;
}

/** Whether the ranges in use are those that do best on samples which have not given them. */
function choosesCalibrator({ options, verify }: QuantizeRequest, { scheme }: Prologue): boolean {
  return verify && options.calibrator === null && options.preset === null && scheme.placement === 'fused';
}

async function observeRanges(
  asked: QuantizeRequest,
  prologue: Prologue,
  session: ObservedSession,
): Promise<ObservedRanges> {
  const { types, draft, scheme } = prologue;
  const request = { ...session, types, tensors: tensorsToCalibrate(draft.partition.quantized) };
  if (choosesCalibrator(asked, prologue)) return await observeFolds(request, asked);
  const ranges = await calibrateRanges(request, { ...asked.options, calibrator: scheme.calibrator });
  return { candidates: new Map([[EXTREMES, ranges]]), folds: [], ofParts: new Map() };
}

/** Ranges of the groups that run in 8 bits on these samples: as they were seen with all, or else from a pass of their own. @param chosen the choice that was made; null: the options say how. */
export async function rangesOf(
  dataset: Dataset,
  chosen: {
    request: QuantizeRequest;
    prologue: Prologue;
    observed: Pick<Observed, 'ofParts'>;
    choice: RangeChoice | null;
  },
): Promise<ReadonlyMap<string, TensorRange>> {
  const { request, prologue, observed, choice } = chosen;
  const { options, context } = request;
  const { model, types, draft, scheme } = prologue;
  const tensors = tensorsToCalibrate(draft.partition.quantized);
  const seen = choice === null ? undefined : observed.ofParts.get(dataset)?.get(choice);
  if (seen && tensors.every((name) => seen.has(name))) return seen;
  const calibrator = choice === null ? { calibrator: scheme.calibrator } : calibratorOf(choice);
  return await calibrateRanges({ model, types, tensors, dataset, context }, { ...options, ...calibrator });
}

/** First with the ranges of all samples, on some of them and those that reach farthest: what a calibrator clips that has seen them, it would
 *  clip in use. Then each half of the samples is judged with the ranges of the other. */
async function observeFolds(
  request: Parameters<typeof calibrateChoices>[0],
  { parts: asked = [], options }: Pick<QuantizeRequest, 'parts' | 'options'>,
): Promise<ObservedRanges> {
  const samples = new HeldOutSamples(HALVES);
  const isSingle = fixedBatch(modelInputs(request.model)) === 1;
  const parts = isSingle ? asked.filter(({ whole }) => whole === request.dataset) : [];
  const observed = await calibrateChoices(request, CANDIDATES, {
    folds: HALVES,
    parts,
    symmetric: options.symmetric ?? false,
    onSample: (feeds, largest) => samples.add(feeds, largest),
  });
  const { all } = observed;
  const ofParts = new Map(parts.map((part, index) => [part, observed.parts[index]!]));
  const halves = observed.folds.map((ranges, index) => ({
    ranges,
    samples: samples.of((index + 1) % HALVES),
  }));
  return { candidates: all, folds: [{ ranges: all, samples: samples.ofAll() }, ...halves], ofParts };
}
