/** Tries guesses on a few samples with the original: does it make sense of the data, read like this? */
import type { ModelConfig } from '../config/config.js';
import { openDataset } from '../data/open.js';
import { soleInput } from '../data/samples/binding.js';
import type { StoredDataset } from '../data/samples/dataset.js';
import { Interrupted, messageOf, UserError } from '../errors.js';
import { availableCores } from '../machine/cores.js';
import { skillTest } from '../measure/accuracy/chance/original.js';
import { type Skill, type SkillTest, type Standing, standingOf } from '../measure/accuracy/chance/skill.js';
import { tryCauses } from '../measure/accuracy/chance/trials.js';
import { readKeys } from '../measure/accuracy/decode/keys.js';
import type { Runner } from '../measure/accuracy/runner.js';
import { scoredOutput } from '../measure/accuracy/tasks/scored-output.js';
import { FileRunners } from '../measure/file-runners.js';
import type { RunContext } from '../runtime/context.js';
import { WorkerError } from '../runtime/worker/connection.js';
import { FeedsFile } from '../runtime/worker/feeds-file.js';
import { ORIGINAL } from '../terms/measurement.js';
import { metricDefinition } from '../terms/metrics.js';
import type { Guess, LookedAt } from './guess/guess.js';
import { asTried, configOf } from './raw-model.js';
import { trialSamples } from './trial-samples.js';

export interface Tried {
  guess: Guess;
  /** Of the set. */
  samples: number;
  /** null: the task has no level of chance, or these samples have none. */
  skill: Skill | null;
  standing: Standing | null;
  metric: string | null;
}

export interface Trial {
  /** null: no guess makes sense of any data. */
  best: Tried | null;
  /** What was tried and what came of it, a sentence each. */
  told: string[];
}

/** Samples of each trial where inference is slow, at least. */
const FEWEST_SAMPLES = 24;
/** Time of one trial before fewer samples do, and of all of a model's. */
const TRIAL_MS = 4_000;
const ALL_MS = 60_000;
/** A later guess must be so much better. */
const GAIN = 0.02;
/** Nothing can be so much better. */
const NEARLY_PERFECT = 1 - GAIN;

/** Guesses in their order, the best by skill; of those that a file tells the first that makes sense ends the search. */
export async function tryGuesses(
  { path, inputs }: LookedAt,
  guesses: readonly Guess[],
  { root, context }: { root: string; context: RunContext },
): Promise<Trial> {
  const told: string[] = [];
  let best: Tried | null = null;
  const feedsFile = FeedsFile.open();
  const session = { provider: 'cpu', threads: context.threads ?? availableCores() };
  const files = new FileRunners({ model: { name: path }, session, feedsFile, context });
  const until = performance.now() + ALL_MS;
  try {
    for (const guess of guesses) {
      if (best !== null && (performance.now() > until || isEnough(best) || guess.task === 'none')) break;
      try {
        const model = (await configOf(root, [asTried(path, guess)])).models[0]!;
        if (files.runners.length === 0) await files.open({ variant: ORIGINAL, file: model.path });
        const tried = await tryOne(guess, { model, inputs, runner: files.runners[0]!, context });
        told.push(`${described(tried.guess)}: ${outcome(tried)}`);
        if (isBetter(tried, best)) best = tried;
      } catch (error) {
        if (error instanceof Interrupted) throw error;
        if (!(error instanceof UserError || error instanceof WorkerError)) throw error;
        told.push(`${described(guess)}: ${messageOf(error).split('\n', 1)[0]}`);
      }
    }
  } finally {
    await files.close();
    feedsFile.close();
  }
  return { best, told };
}

interface Trying {
  model: ModelConfig;
  inputs: LookedAt['inputs'];
  runner: Runner;
  context: RunContext;
}

async function tryOne(guess: Guess, { model, inputs, runner, context }: Trying): Promise<Tried> {
  const dataset = await openDataset(model.data.evaluation!, inputs);
  const known = { guess, samples: dataset.length };
  const { labelOffset, outputs: roles, decoder, keys } = model;
  const options = { labelOffset, roles, decoder, keys: keys === null ? null : await readKeys(keys) };
  const test = skillTest(model.task, { ...dataset, ...options });
  const rows = await keptRows(dataset, { model, runner, context, keep: test?.keep ?? (() => []) });
  const skill = test?.assess(rows) ?? null;
  const tried = { ...known, skill, standing: skill && standingOf(skill), metric: test?.metric ?? null };
  if (test === null || tried.standing === null || tried.standing === 'above' || soleInput(inputs) === null)
    return tried;
  return await preparedOtherwise(tried, { model, dataset, rows, runner, context, test });
}

/** Time for other preprocessing of one guess. */
const OTHERWISE_MS = 8_000;

interface Otherwise extends Omit<Trying, 'inputs'> {
  dataset: StoredDataset;
  /** As guessed, of each sample. */
  rows: readonly ArrayLike<number>[];
  test: SkillTest;
}

/** The guess with another preprocessing of the only input, where that makes sense of data that it doesn't; else as it was. */
async function preparedOtherwise(
  tried: Tried,
  { model, dataset, rows, runner, context, test }: Otherwise,
): Promise<Tried> {
  const scored = scoredOutput(runner.outputs, model.output, model.name);
  const { best } = await tryCauses({
    task: model.task,
    labelOffset: model.labelOffset,
    dataset,
    original: runner,
    scored,
    outputs: [scored.name],
    test,
    rows,
    budgetMs: OTHERWISE_MS,
    signal: context.signal,
  });
  if (!best?.prepared) return tried;
  const { guess } = tried;
  const { changes } = best.prepared;
  const written = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
  return {
    ...tried,
    guess: {
      ...guess,
      data: { ...guess.data, input: { ...guess.data.input, ...written } },
      why: [...guess.why, `${guess.why.at(-1)} with ${best.words}`],
    },
    skill: best.skill,
    standing: standingOf(best.skill),
  };
}

async function keptRows(
  dataset: StoredDataset,
  {
    model,
    runner,
    context,
    keep,
  }: Omit<Trying, 'inputs'> & { keep: NonNullable<ReturnType<typeof skillTest>>['keep'] },
): Promise<ArrayLike<number>[]> {
  const scored = scoredOutput(runner.outputs, model.output, model.name);
  const names = runner.outputs
    .filter(({ type, name }) => type !== null && !/^present/.test(name))
    .map(({ name }) => name);
  const rows: ArrayLike<number>[] = [];
  const start = performance.now();
  for await (const sample of trialSamples(dataset, model.task)) {
    if (context.signal?.aborted) throw new Interrupted('interrupted');
    const outputs = await runner.run(sample.feeds, names);
    rows.push(keep(sample, outputs[scored.name]!, outputs));
    const slow = performance.now() - start > TRIAL_MS;
    if (model.task === 'none' || (slow && rows.length >= FEWEST_SAMPLES)) break;
  }
  return rows;
}

function isEnough({ guess, standing, skill }: Tried): boolean {
  if (standing === null) return true;
  return (guess.told && standing === 'above') || (skill?.skill ?? 0) >= NEARLY_PERFECT;
}

/** Likely guesses come first, so that a later one must be better by something; of those that make no sense of the data for sure, the best is taken. */
function isBetter({ guess, skill, standing }: Tried, best: Tried | null): boolean {
  if (standing === 'chance') return false;
  if (best === null) return true;
  if (guess.task === 'none' || skill === null) return false;
  return skill.skill > (best.skill?.skill ?? 0) + (best.standing === 'above' ? GAIN : 0);
}

/** Why a guess is written all the same though its trial doesn't speak for it; null: it does. */
export function doubt(tried: Tried): string | null {
  const { skill, standing } = tried;
  if (skill === null || standing === null || standing === 'above') return null;
  const why =
    skill.skill <= 0
      ? 'no better than chance'
      : standing === 'untold'
        ? 'too few samples to tell it from chance'
        : 'hardly better than chance';
  return `${described(tried.guess)} is ${why}: ${outcome(tried)}`;
}

/** `detection by yolov8 with YOLO's letterbox` */
function described({ task, decoder, why, set, data }: Guess): string {
  const by = decoder === undefined ? '' : ` by ${decoder}`;
  const order =
    data.source['class-order'] === undefined ? '' : `, classes by ${String(data.source['class-order'])}`;
  return `${task}${by} on ${set.path}, ${why.at(-1)}${order}`;
}

export function outcome({ skill, standing, metric, guess }: Tried): string {
  if (guess.task === 'none') return 'the model takes it';
  if (skill === null || metric === null)
    return 'the model takes it; there is no level of chance to compare with';
  const definition = metricDefinition(metric);
  const figure = (value: number) =>
    definition?.unit === 'fraction'
      ? `${Number((value * 100).toPrecision(3))} %`
      : String(Number(value.toPrecision(3)));
  const verdict = standing === 'chance' || skill.skill <= 0 ? ', no better than that' : '';
  return `${definition?.title ?? metric} ${figure(skill.value)} on ${skill.n}, chance ${figure(skill.chance)}${verdict}`;
}
