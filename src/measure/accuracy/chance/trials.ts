/** What would make sense of the data: other labels and other preprocessing, tried on the first samples with the original alone. */
import {
  type Alternative,
  AS_STORED,
  alternatives,
  canBePreparedOtherwise,
  changesAsWritten,
  type ValueStatistics,
} from '../../../data/images/alternatives.js';
import type { Dataset, Preparation, Sample } from '../../../data/samples/dataset.js';
import { Interrupted } from '../../../errors.js';
import { countFlips, mcNemarMidP } from '../../../statistics/paired.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import type { ValueMeta } from '../../../tensor/value-meta.js';
import type { Runner } from '../runner.js';
import { type LabelContext, type LabelTrial, labelTrials } from './label-trials.js';
import type { Skill, SkillTest } from './skill.js';

export interface TrialRequest extends LabelContext {
  dataset: Dataset;
  original: Runner;
  scored: ValueMeta;
  /** Names of the tensor outputs that are computed. */
  outputs: readonly string[];
  test: SkillTest;
  /** What the pass kept of each sample, in the order of the data set. */
  rows: readonly ArrayLike<number>[];
  /** All trials together take no more than this, but for one inference. */
  budgetMs: number;
  /** The original is under a bound, not near chance: a modest gain explains that. */
  modest?: boolean;
  signal?: AbortSignal | undefined;
}

export interface Trial {
  words: string;
  /** What to write or to do, as the beginning of a sentence. */
  remedy: string;
  skill: Skill;
  /** As configured, on the same samples. */
  configured: Skill | null;
  rows: readonly ArrayLike<number>[];
  /** Of preprocessing: which input is prepared otherwise, and how; absent: other labels. */
  prepared?: { input: string; changes: Alternative['changes'] };
}

export interface Trials {
  /** The best of those that make sense of the data. */
  best: Trial | null;
  /** Of all that were run. */
  tried: string[];
}

/** Samples of each pass, at most and (where there are as many) at least. */
const MOST_SAMPLES = 128;
const FEWEST_SAMPLES = 16;
/** Passes that the budget is shared by. */
const PASSES = 10;
/** Samples below which no trial convinces. */
const MIN_SAMPLES = 8;
/** A trial makes sense of the data when its skill is so much higher, twice as high at least, and no accident. */
export const GAIN = 0.25;
const MAX_P = 0.001;
/** The same where the original is far from chance: by McNemar's test on the same samples, or, where samples are neither right nor wrong, by more. */
const MODEST_GAIN = 0.03;
const MODEST_GAIN_UNPAIRED = 0.1;
/** Samples that the most promising trial is seen on before a modest gain is given up, and the time for it. */
const MODEST_SAMPLES = 512;
const MODEST_BUDGET_MS = 30_000;

/**
 * Labels cost nothing: the outputs are scored anew. Each preprocessing is one pass over the same samples; with the channels swapped besides only
 * where none alone makes sense, and for the best one. A trial that doesn't fit data or model is left out.
 */
export async function tryCauses(request: TrialRequest): Promise<Trials> {
  const until = performance.now() + request.budgetMs;
  const labels = labelTrials(request);
  const inputs = preparable(request.dataset);
  if (labels.length === 0 && inputs.length === 0) return { best: null, tried: [] };
  const first = await labelPass(request, labels).catch((error: unknown) => {
    // It ran a moment ago: what fails now is no reason to lose what was measured.
    if (error instanceof Interrupted) throw error;
    return null;
  });
  if (first === null) return { best: null, tried: [] };
  const trials = [...first.trials];
  const best = () => bestOf(trials, request);
  for (const preparation of best() === null ? inputs : []) {
    const like = { request, preparation, first: first.sample, until, samples: first.samples };
    const { single, swapped } = alternatives(preparation, await statisticsOf(preparation, like));
    const prepared: [Alternative, Trial][] = [];
    const run = async (alternative: Alternative) => {
      const trial = performance.now() > until ? null : await preparedTrial(alternative, like);
      if (trial !== null) prepared.push([alternative, trial]);
      if (trial !== null) trials.push(trial);
    };
    for (const alternative of single) await run(alternative);
    const found = best();
    for (const alternative of swapped)
      if (found === null || alternative.of === found.words) await run(alternative);
    if (best() === null && request.modest) trials.push(...(await seenOnMore(prepared, like)));
    if (best() !== null) break;
  }
  return { best: best(), tried: [...new Set(trials.map(({ words }) => words))] };
}

function preparable({ preparations = [], preparedAs }: Dataset): readonly Preparation[] {
  return preparedAs === undefined ? [] : preparations.filter(canBePreparedOtherwise);
}

/** The most promising trial once more, on as many samples as a modest gain needs to be told from none. */
async function seenOnMore(
  prepared: readonly [Alternative, Trial][],
  like: PreparedContext,
): Promise<readonly Trial[]> {
  const gain = ({ skill, configured }: Trial) => skill.skill - (configured?.skill ?? 0);
  const [alternative, trial] = prepared.reduce<[Alternative | null, Trial | null]>(
    (most, each) => (most[1] === null || gain(each[1]) > gain(most[1]) ? each : most),
    [null, null],
  );
  if (alternative === null || trial === null || gain(trial) <= 0) return [];
  const until = performance.now() + MODEST_BUDGET_MS;
  const more = await preparedTrial(alternative, { ...like, until, samples: MODEST_SAMPLES });
  return more === null ? [] : [more];
}

/** Whether a skill of `then` in the place of `now` is more than another way to be mediocre. */
export function explains(then: number, now: number): boolean {
  return then >= now + GAIN && then >= 2 * now;
}

function bestOf(trials: readonly Trial[], { test, rows, modest = false }: TrialRequest): Trial | null {
  const convincing = trials.filter((trial) => {
    const { skill, p, n } = trial.skill;
    if (n < MIN_SAMPLES || p > MAX_P) return false;
    const now = Math.max(0, trial.configured?.skill ?? 0);
    if (explains(skill, now)) return true;
    if (!modest) return false;
    if (!test.right) return skill >= now + MODEST_GAIN_UNPAIRED;
    return skill >= now + MODEST_GAIN && gainedByChance(rows, trial.rows, test.right) <= MAX_P;
  });
  return convincing.reduce<Trial | null>(
    (best, trial) => (best === null || trial.skill.skill > best.skill.skill ? trial : best),
    null,
  );
}

/** McNemar: how likely chance alone turns at least so many wrong answers right. The trial has seen the first samples. */
function gainedByChance(
  now: readonly ArrayLike<number>[],
  then: readonly ArrayLike<number>[],
  right: NonNullable<SkillTest['right']>,
): number {
  const rights = (rows: readonly ArrayLike<number>[]) =>
    Uint8Array.from(rows.slice(0, then.length), (row) => Number(right(row)));
  return mcNemarMidP(countFlips(rights(then), rights(now)));
}

/** null: these samples have no level of chance. */
function trialOf(
  { words, remedy }: Pick<Trial, 'words' | 'remedy'>,
  rows: readonly ArrayLike<number>[],
  request: TrialRequest,
): Trial | null {
  const skill = request.test.assess(rows);
  if (skill === null) return null;
  return { words, remedy, skill, rows, configured: request.test.assess(request.rows.slice(0, rows.length)) };
}

interface LabelPass {
  samples: number;
  /** The first sample as configured. */
  sample: Sample | null;
  trials: Trial[];
}

/** One pass over as many samples as the others should see. */
async function labelPass(request: TrialRequest, labels: readonly LabelTrial[]): Promise<LabelPass> {
  const { dataset, budgetMs, test } = request;
  const relabelled = labels.map((trial) => ({ trial, rows: [] as ArrayLike<number>[], fits: true }));
  let first: Sample | null = null;
  let samples = 0;
  const start = performance.now();
  for await (const sample of dataset.samples()) {
    first ??= sample;
    samples++;
    const outputs = await infer(sample, request);
    for (const own of relabelled) {
      if (!own.fits) continue;
      try {
        own.rows.push(test.keep({ ...sample, label: own.trial.relabelled(sample.label) }, ...outputs));
      } catch {
        // A label that the output has no place for.
        own.fits = false;
      }
    }
    const slow = performance.now() - start > budgetMs / PASSES;
    if (samples >= (slow ? FEWEST_SAMPLES : MOST_SAMPLES)) break;
  }
  const trials = relabelled.flatMap(({ trial, rows, fits }) =>
    fits ? (trialOf(trial, rows, request) ?? []) : [],
  );
  return { samples, sample: first, trials };
}

/** The scored output, and all that are computed. */
async function infer(
  { feeds }: Sample,
  { original, scored, outputs, signal }: TrialRequest,
): Promise<[Tensor, Feeds]> {
  if (signal?.aborted) throw new Interrupted('interrupted');
  const computed = await original.run(feeds, outputs);
  return [computed[scored.name]!, computed];
}

interface PreparedContext {
  request: TrialRequest;
  preparation: Preparation;
  /** As configured. */
  first: Sample | null;
  samples: number;
  until: number;
}

/** null: it comes to the same values, or doesn't fit, or has no level of chance. */
async function preparedTrial(
  { words, changes }: Alternative,
  { request, preparation, first, samples, until }: PreparedContext,
): Promise<Trial | null> {
  const { input, config } = preparation;
  const rows: ArrayLike<number>[] = [];
  try {
    for await (const sample of request.dataset.preparedAs!(input, changes)) {
      if (rows.length === 0 && first && sameValues(sample.feeds[input]!, first.feeds[input]!)) return null;
      rows.push(request.test.keep(sample, ...(await infer(sample, request))));
      if (rows.length >= (performance.now() > until ? FEWEST_SAMPLES : samples)) break;
    }
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return null;
  }
  const remedy = `For input '${input}' ${changesAsWritten(changes, config)}`;
  const trial = trialOf({ words, remedy }, rows, request);
  return trial && { ...trial, prepared: { input, changes } };
}

function sameValues(one: Tensor, other: Tensor): boolean {
  if (one.dims.join() !== other.dims.join()) return false;
  const [a, b] = [numbersOf(one), numbersOf(other)];
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

/** Of the first samples as they are stored, per channel where the tensor has few of them. */
async function statisticsOf(
  { input }: Preparation,
  { samples, request: { dataset } }: PreparedContext,
): Promise<ValueStatistics> {
  let sums: { sum: Float64Array; squares: Float64Array; count: number } | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  let seen = 0;
  for await (const { feeds } of dataset.preparedAs!(input, AS_STORED)) {
    const tensor = feeds[input]!;
    const values = numbersOf(tensor);
    const { channels, inner } = channelsOf(tensor);
    sums ??= { sum: new Float64Array(channels), squares: new Float64Array(channels), count: 0 };
    if (sums.sum.length !== channels) break;
    for (let at = 0; at < values.length; at++) {
      const channel = Math.floor(at / inner) % channels;
      sums.sum[channel]! += values[at]!;
      sums.squares[channel]! += values[at]! ** 2;
      if (values[at]! > highest) highest = values[at]!;
    }
    sums.count += values.length / channels;
    if (++seen >= samples) break;
  }
  const { sum, squares, count } = sums!;
  const mean = Array.from(sum, (total) => total / count);
  const std = Array.from(squares, (total, at) => Math.sqrt(Math.max(0, total / count - mean[at]! ** 2)));
  return { mean, std, highest };
}

/** Colours are few: up to this many along an axis are channels. */
const MOST_CHANNELS = 4;

function channelsOf({ dims }: Tensor): { channels: number; inner: number } {
  if (dims.length !== 4) return { channels: 1, inner: 1 };
  const [, second, third, last] = dims as [number, number, number, number];
  if (second <= MOST_CHANNELS) return { channels: second, inner: third * last };
  return last <= MOST_CHANNELS ? { channels: last, inner: 1 } : { channels: 1, inner: 1 };
}
