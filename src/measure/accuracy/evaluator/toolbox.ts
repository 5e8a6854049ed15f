/** What a user's evaluator gets of quantgate's own arithmetic, whatever lies in its node_modules. docs/configuration.md lists it. */
import { numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { type CtcOptions, ctcSymbols } from '../decode/ctc.js';
import { characterEdits, editDistance, wordEdits } from '../decode/edit-distance.js';
import { countEntities, entitiesOf, schemeOf, type TagScheme } from '../decode/entities.js';
import { correctKeypoints, objectKeypointSimilarity } from '../decode/keypoints.js';
import { nonMaximumSuppression } from '../decode/nms.js';
import { averagePrecision, ndcg, ranked, recall, reciprocalRank } from '../decode/ranking.js';
import { answerF1, bestSpan, exactMatch, noAnswerScore } from '../decode/spans.js';
import { transcriptOf } from '../decode/transcript.js';
import type { ReducedRows } from './reduced.js';

/** Grades of documents, as a Map or as an object by index. */
type GivenGrades = ReadonlyMap<number, number> | Record<number, number>;

function gradesOf(given: GivenGrades): ReadonlyMap<number, number> {
  return given instanceof Map
    ? given
    : new Map(Object.entries(given).map(([document, grade]) => [Number(document), grade]));
}

export const EVALUATOR_METRICS = {
  editDistance,
  /** [edits, words] of one transcript: return them with `ratio`. */
  wordErrors: wordEdits,
  characterErrors: characterEdits,
  exactMatch,
  answerF1,
  /** [right, answered, labelled] entities of one sentence. */
  entities: (gold: readonly string[], answer: readonly string[], scheme?: TagScheme) =>
    countEntities(gold, answer, scheme ?? schemeOf(gold)),
  ndcg: (ranking: ArrayLike<number>, grades: GivenGrades, depth = 10) =>
    ndcg(ranking, gradesOf(grades), depth),
  recall: (ranking: ArrayLike<number>, grades: GivenGrades, depth: number) =>
    recall(ranking, gradesOf(grades), depth),
  reciprocalRank: (ranking: ArrayLike<number>, grades: GivenGrades, depth = 10) =>
    reciprocalRank(ranking, gradesOf(grades), depth),
  averagePrecision: (ranking: ArrayLike<number>, grades: GivenGrades) =>
    averagePrecision(ranking, gradesOf(grades)),
  oks: objectKeypointSimilarity,
  /** [right, labelled] keypoints of one object. */
  pck: correctKeypoints,
  /** A figure of the whole set from one row per sample: Σ of the first numbers ÷ Σ of the second. */
  ratio: (values: readonly (readonly [number, number])[]): ReducedRows => ({ values, reduce: 'ratio' }),
  /** The sum of one number per sample. */
  sum: (values: readonly (number | boolean)[]): ReducedRows => ({ values, reduce: 'sum' }),
};

export const EVALUATOR_DECODERS = {
  /** A tensor's values as plain numbers. */
  numbers: (tensor: Tensor) => Array.from(numbersOf(tensor)),
  /** Symbols along CTC's greedy path through [1, frames, classes]. */
  ctc: (output: Tensor, options: CtcOptions = {}) => ctcSymbols(output, { ...options, sample: '' }),
  transcript: transcriptOf,
  entities: (tags: readonly string[], scheme?: TagScheme) => entitiesOf(tags, scheme ?? schemeOf(tags)),
  span: bestSpan,
  noAnswer: noAnswerScore,
  /** Documents by falling score. */
  rank: (scores: ArrayLike<number>) => Array.from(ranked(scores)),
  nms: nonMaximumSuppression,
};
