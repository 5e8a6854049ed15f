/** What a user's evaluator gets of quantgate's own arithmetic, whatever lies in its node_modules. docs/configuration.md lists it. */
import type { Box } from '../../../data/samples/annotation.js';
import type { Placement, Size } from '../../../data/samples/placement.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import { type CtcOptions, ctcSymbols } from '../decode/ctc.js';
import type { Detection } from '../decode/detection.js';
import { decoderOf } from '../decode/detectors.js';
import { characterEdits, editDistance, wordEdits } from '../decode/edit-distance.js';
import { countEntities, entitiesOf, schemeOf, type TagScheme } from '../decode/entities.js';
import { correctKeypoints, objectKeypointSimilarity } from '../decode/keypoints.js';
import { nonMaximumSuppression } from '../decode/nms.js';
import { onImage } from '../decode/on-image.js';
import { averagePrecision, ndcg, ranked, recall, reciprocalRank } from '../decode/ranking.js';
import { answerF1, bestSpan, exactMatch, noAnswerScore } from '../decode/spans.js';
import { transcriptOf } from '../decode/transcript.js';
import { boxesRow } from '../tasks/detection/image-boxes.js';
import { canvasOf, type DetectionFigure } from '../tasks/detection.js';
import { totalLoss } from '../tasks/language-model.js';
import { classMapOf, OverlapCounts } from '../tasks/segmentation.js';
import type { EvaluatedSample } from './protocol.js';
import { listOf, type ReducedRows, reduced } from './reduced.js';

/** The objects of an image, and what was found in it; corners in pixels of the image as it is stored. */
export interface FoundInImage {
  objects: readonly Box[];
  detections: readonly Detection[];
}

/** How a detector's outputs are read: the keys of a model in quantgate.yml. */
export interface DetectorOptions {
  /** yolov5, yolov8, yolox, ssd, detr, rt-detr or boxes. */
  decoder: string;
  /** Names of outputs by what they hold. */
  outputs?: Readonly<Record<string, string>>;
  /** Index of the class that label 0 is. Default 0. */
  labelOffset?: number;
}

/** Of predicted and right classes, pixel by pixel. */
export interface PixelOptions {
  /** Classes of the model. */
  classes: number;
  /** Value of the mask's pixels without a class. Default 255; negative ones have none either. */
  ignore?: number;
}

const NO_CLASS = 255;

function forEachCounted(
  predicted: ArrayLike<number>,
  mask: ArrayLike<number>,
  { ignore = NO_CLASS, classes }: { ignore?: number; classes?: number },
  visit: (predicted: number, target: number) => void,
): void {
  if (predicted.length !== mask.length)
    throw new Error(`${predicted.length} pixels are predicted, but the mask has ${mask.length}`);
  for (let pixel = 0; pixel < mask.length; pixel++) {
    const [found, target] = [predicted[pixel]!, mask[pixel]!];
    if (target < 0 || target === ignore) continue;
    const beyond =
      classes === undefined ? undefined : [found, target].find((one) => !(one >= 0 && one < classes));
    if (beyond !== undefined) throw new Error(`pixel ${pixel} is of class ${beyond}; there are ${classes}`);
    visit(found, target);
  }
}

/** [one, other] of two lists of the same length. */
function paired(one: ArrayLike<number>, other: ArrayLike<number>): [number, number][] {
  if (one.length !== other.length)
    throw new Error(
      `the lists have ${one.length} and ${other.length} entries: they must be as long as each other`,
    );
  return Array.from(one, (value, at) => [value, other[at]!]);
}

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
  /** COCO's or Pascal VOC's figure of boxes in images: map (default), map50, map75, map-small, map-medium, map-large, recall100, ap. */
  detection: (images: readonly FoundInImage[], figure: DetectionFigure = 'map'): ReducedRows => ({
    values: images.map((image) => Array.from(boxesRow(image))),
    reduce: figure,
  }),
  /** Counts of one image for `miou`, of class indices pixel by pixel. */
  overlaps: (predicted: ArrayLike<number>, mask: ArrayLike<number>, options: PixelOptions): number[] => {
    const counts = new OverlapCounts(options.classes);
    forEachCounted(predicted, mask, options, (found, target) => counts.add(found, target));
    return Array.from(counts.row);
  },
  /** Mean intersection over union, pooled over all images, from a row of `overlaps` each. */
  miou: (rows: readonly (readonly number[])[]): ReducedRows => ({ values: rows, reduce: 'miou' }),
  /** [right, all] pixels of one image: return them with `ratio`. */
  pixels: (
    predicted: ArrayLike<number>,
    mask: ArrayLike<number>,
    options: Pick<PixelOptions, 'ignore'> = {},
  ): [number, number] => {
    const count: [number, number] = [0, 0];
    forEachCounted(predicted, mask, options, (found, target) => {
      count[0] += Number(found === target);
      count[1]++;
    });
    return count;
  },
  /** Macro F1 of class indices, over all samples. */
  f1: (answers: ArrayLike<number>, labels: ArrayLike<number>): ReducedRows => ({
    values: paired(answers, labels),
    reduce: 'f1',
  }),
  /** Matthews' correlation of class indices, over all samples. */
  mcc: (answers: ArrayLike<number>, labels: ArrayLike<number>): ReducedRows => ({
    values: paired(answers, labels),
    reduce: 'mcc',
  }),
  /** Spearman's rank correlation of two lists, over all samples. */
  spearman: (one: ArrayLike<number>, other: ArrayLike<number>): ReducedRows => ({
    values: paired(one, other),
    reduce: 'spearman',
  }),
  /** [loss, tokens] of one sample and its logits [1, tokens, vocabulary]: return them with `perplexity`. */
  tokenLoss: (sample: EvaluatedSample, logits: Tensor): [number, number] => [...totalLoss(sample, logits)],
  perplexity: (rows: readonly (readonly [number, number])[]): ReducedRows => ({
    values: rows,
    reduce: 'perplexity',
  }),
  /** The number itself of what the figures of a whole set are returned as. */
  value: ({ values, reduce }: ReducedRows): number =>
    reduced(
      values.map((row) => (listOf(row) ?? [row]).map(Number)),
      reduce,
    )(null),
  oks: objectKeypointSimilarity,
  /** [right, labelled] keypoints of one object. */
  pck: correctKeypoints,
  /** A figure of the whole set from one row per sample: Σ of the first numbers ÷ Σ of the second. */
  ratio: (values: readonly (readonly [number, number])[]): ReducedRows => ({ values, reduce: 'ratio' }),
  /** The sum of one number per sample. */
  sum: (values: ArrayLike<number | boolean>): ReducedRows => ({ values: Array.from(values), reduce: 'sum' }),
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
  /** A detector's boxes in pixels of what the model saw, NMS applied where the decoder has it. */
  detections: (
    outputs: Feeds,
    { decoder, outputs: roles = {}, labelOffset = 0 }: DetectorOptions,
    canvas: Size,
  ): Detection[] => decoderOf({ decoder, roles, labelOffset }, outputs)(outputs, canvas),
  /** Boxes on what the model saw as boxes on the image as it is stored, through letterbox, resize, crop and pad. */
  onImage: (detections: readonly Detection[], placement: Placement): Detection[] =>
    onImage(detections, placement),
  /** Both for a sample: boxes on the image as it is stored, as `metrics.detection` takes them. */
  boxes: (
    sample: EvaluatedSample,
    { decoder, outputs: roles = {}, labelOffset = 0 }: DetectorOptions,
  ): Detection[] =>
    onImage(
      decoderOf({ decoder, roles, labelOffset }, sample.outputs)(sample.outputs, canvasOf(sample)),
      sample.placement!,
    ),
  /** The class of each pixel: of scores [1, classes, height, width] (or the classes last, or coarser), or of class indices. */
  segments: (output: Tensor, size: Size): { map: ArrayLike<number>; classes: number } =>
    classMapOf(output, { ...size, sample: '' }),
};
