/** Does the original make sense of its data? Its skill, and where that is in doubt, what would explain it. */
import type { Check } from '../../../config/config.js';
import { matchesWhere } from '../../../config/where.js';
import type { Dataset } from '../../../data/samples/dataset.js';
import type { Log } from '../../../log.js';
import { type Measurement, type Note, ORIGINAL } from '../../../terms/measurement.js';
import type { Task } from '../../../terms/metrics.js';
import { type OriginalDoubt, type Standing, withDoubt } from '../../../terms/original-doubt.js';
import { scoresClasses } from '../tasks/task-metrics.js';
import type { TaskOptions } from '../tasks/task-options.js';
import { answerSkill } from './answers.js';
import { classificationSkill } from './classification.js';
import { detectionSkill } from './detection.js';
import { embeddingSkill } from './embedding.js';
import { languageModelSkill } from './language-model.js';
import { recognitionSkill } from './recognition.js';
import { regressionSkill } from './regression.js';
import { type Renumbering, renumbering } from './renumbered.js';
import { retrievalSkill } from './retrieval.js';
import { segmentationSkill } from './segmentation.js';
import { ALPHA, type Skill, type SkillTest, standingOf } from './skill.js';
import { speechSkill } from './speech.js';
import { tagSkill } from './tags.js';
import { explains, GAIN, type TrialRequest, type Trials, tryCauses } from './trials.js';
import { doubtWords } from './words.js';

/** Facts of the data, and how the outputs are read. */
export type SkillContext = Pick<Dataset, 'classes' | 'classNames'> & TaskOptions;

/** null for tasks without a level of chance (none, custom). */
export function skillTest(
  task: Task,
  { classes, classNames = [], ...options }: SkillContext,
): SkillTest | null {
  const { labelOffset } = options;
  switch (task) {
    case 'classification':
      return classificationSkill({ labelOffset });
    case 'regression':
      return regressionSkill();
    case 'embedding':
      return embeddingSkill({ pairs: classes === null });
    case 'segmentation':
      return segmentationSkill({ labelOffset });
    case 'token-classification':
      return tagSkill({ classNames, decoder: options.decoder });
    case 'question-answering':
      return answerSkill(options);
    case 'speech-recognition':
      return speechSkill({ vocabulary: classNames });
    case 'retrieval':
      return retrievalSkill(options);
    case 'text-classification':
      return classes === null ? embeddingSkill({ pairs: true }) : classificationSkill({ labelOffset });
    case 'language-model':
      return languageModelSkill();
    case 'detection':
      return detectionSkill(options);
    case 'text-recognition':
      return recognitionSkill(options);
    default:
      return null;
  }
}

export interface QuestionRequest extends Omit<TrialRequest, 'budgetMs'> {
  /** All measurements of the pass. */
  measurements: readonly Measurement[];
  checks: readonly Check[];
  log: Log;
}

/** Time for what would explain a result, in all. A weak result may well be what the model can do: less is spent on it. */
const BUDGET_MS = 20_000;
const WEAK_BUDGET_MS = 5_000;

/**
 * The doubt about the original, in its measurement's details, and the note that goes with one that fails nothing. Costs nothing where the
 * original is far from chance and above the bounds set on it.
 */
export async function questionOriginal(
  request: QuestionRequest,
): Promise<{ measurements: Measurement[]; notes: Note[] }> {
  const { test, rows, measurements } = request;
  const unchanged = { measurements: [...measurements], notes: [] };
  const skill = test.assess(rows);
  if (skill === null) return unchanged;
  const low = lowMetric(request);
  const natural = standingOf(skill);
  const standing: Standing | null = natural === 'above' ? (low === null ? null : 'low') : natural;
  if (standing === null) return unchanged;

  request.log.info('the original is in doubt: trying other labels and other preprocessing');
  const patient = standing !== 'weak' || low !== null;
  const renumbered = scoresClasses(request.task) ? renumberingThatConvinces(request, skill) : null;
  const trials = await tryCauses({
    ...request,
    modest: low !== null,
    budgetMs: patient ? BUDGET_MS : WEAK_BUDGET_MS,
  });
  const doubt = doubtFrom({ standing, skill, ...betterExplanation(trials, renumbered), request });
  if (standing === 'weak' && low === null && !doubt.explained) return unchanged;
  const about = standing === 'low' ? low! : test.metric;
  return {
    measurements: measurements.map((one) =>
      one.variant === ORIGINAL && one.metric === about ? withDoubt(one, doubt) : one,
    ),
    notes: noteOf(doubt, measurements[0]?.model ?? null),
  };
}

function namesOf({ dataset, labelOffset }: QuestionRequest): ReadonlyMap<number, string> {
  return new Map([...(dataset.classIndices ?? [])].map(([name, index]) => [index + labelOffset, name]));
}

function renumberingThatConvinces(request: QuestionRequest, { skill }: Skill): Renumbering | null {
  const found = renumbering(request.rows, namesOf(request));
  if (found === null || found.kappa === null) return found;
  return explains(found.kappa, skill) ? found : null;
}

/** One of the two: new numbers take many, so a trial that does about as well is the simpler reason. */
function betterExplanation(
  trials: Trials,
  renumbered: Renumbering | null,
): Pick<Found, 'trials' | 'renumbered'> {
  const { best } = trials;
  if (best === null || renumbered === null) return { trials, renumbered };
  const partly = renumbered.kappa !== null && renumbered.kappa >= best.skill.skill + GAIN;
  return partly ? { trials: { ...trials, best: null }, renumbered } : { trials, renumbered: null };
}

/** The metric of the original that lies beyond a bound on the original itself. */
function lowMetric({ measurements, checks }: QuestionRequest): string | null {
  const beyond = measurements.find(
    (one) =>
      one.variant === ORIGINAL &&
      one.value !== null &&
      checks.some(
        ({ metric, level, where, min, max }) =>
          metric === one.metric &&
          level !== 'off' &&
          where.variant?.includes(ORIGINAL) === true &&
          matchesWhere(where, one) &&
          ((min !== undefined && one.value! < min) || (max !== undefined && one.value! > max)),
      ),
  );
  return beyond?.metric ?? null;
}

interface Found {
  standing: Standing;
  skill: Skill;
  trials: Trials;
  renumbered: Renumbering | null;
  request: QuestionRequest;
}

function doubtFrom({ standing, skill, trials, renumbered, request }: Found): OriginalDoubt {
  const { value, chance, upper, p, n } = skill;
  return {
    standing,
    explained: renumbered !== null || trials.best !== null,
    ...doubtWords({ standing, skill, trials, renumbered, metric: request.test.metric }),
    figures: { value, chance, skill: skill.skill, upper, p, n },
    tried: trials.tried,
  };
}

/** What fails nothing is a note; the rest is the judge's. */
function noteOf(
  { standing, explained, message, remedy, figures }: OriginalDoubt,
  model: string | null,
): Note[] {
  if (standing === 'chance' || standing === 'low' || explained) return [];
  return [
    {
      level: standing === 'untold' || figures.p! > ALPHA ? 'warn' : 'info',
      code: 'accuracy.chance',
      message: remedy === null ? message : `${message} ${remedy}`,
      model,
      variant: ORIGINAL,
    },
  ];
}
