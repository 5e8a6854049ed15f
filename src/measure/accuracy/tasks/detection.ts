/** Detection: COCO's mean average precision and recall, and Pascal VOC's average precision. */
import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import type { Feeds } from '../../../tensor/tensor.js';
import { type Decoder, decoderOf } from '../decode/detectors.js';
import { onImage } from '../decode/on-image.js';
import { boxesOf, boxesRow, orderOf } from './detection/image-boxes.js';
import {
  type AreaRange,
  COCO_IOUS,
  cocoMatches,
  type ImageMatches,
  vocMatches,
} from './detection/matches.js';
import {
  areaUnderCurve,
  averagePrecision,
  finalRecall,
  meanOverClasses,
  rankedClasses,
} from './detection/precision.js';
import type { StatisticMetric } from './metric.js';
import type { TaskOptions } from './task-options.js';

const ALL_IOUS = COCO_IOUS.map((_, t) => t);
/** Index of IoU 0.75 in COCO_IOUS. */
const IOU_75 = 5;

/** What each metric is: which matches, at which thresholds, which figure of the curve. */
const METRICS = {
  map: { matches: 'all', bits: ALL_IOUS, curve: averagePrecision },
  map50: { matches: 'all', bits: [0], curve: averagePrecision },
  map75: { matches: 'all', bits: [IOU_75], curve: averagePrecision },
  'map-small': { matches: 'small', bits: ALL_IOUS, curve: averagePrecision },
  'map-medium': { matches: 'medium', bits: ALL_IOUS, curve: averagePrecision },
  'map-large': { matches: 'large', bits: ALL_IOUS, curve: averagePrecision },
  recall100: { matches: 'all', bits: ALL_IOUS, curve: finalRecall },
  ap: { matches: 'voc', bits: [0], curve: areaUnderCurve },
} as const satisfies Record<string, { matches: Matching; bits: readonly number[]; curve: unknown }>;

/** Figures of boxes, without `accuracy.`. */
export type DetectionFigure = keyof typeof METRICS;

export function isDetectionFigure(name: unknown): name is DetectionFigure {
  return typeof name === 'string' && Object.hasOwn(METRICS, name);
}

type Matching = AreaRange | 'voc';

/** One decoding for all metrics. `options` say how the outputs are read. Throws UserError when nothing says that. */
export function detectionMetrics(
  options: TaskOptions & { classIndices?: ReadonlyMap<string, number> | undefined },
): StatisticMetric[] {
  const rowOf = rowKeeper(options);
  return (Object.keys(METRICS) as (keyof typeof METRICS)[]).map((name) => ({
    name: `accuracy.${name}`,
    kind: 'statistic',
    undefinedReason:
      name === 'map' ? 'the images hold no objects' : 'the images hold no objects of this kind',
    keep: rowOf,
    statistic: (kept) => detectionStatistic(name, kept),
    operations: (kept) => kept.reduce((sum, row) => sum + row.length, 0) * METRICS[name].bits.length,
    details: (kept) => ({ classes: perClass(name, kept, options.classIndices) }),
    figureOfSample: (row) => detectionStatistic(name, [row])(null),
  }));
}

/** The row of a sample's outputs, decoded once however many metrics ask for it. */
export function rowKeeper(
  options: TaskOptions,
): (sample: Sample, output: unknown, outputs: Feeds) => Float64Array {
  const rows = new WeakMap<Feeds, Float64Array>();
  let decoder: Decoder | null = null;
  return (sample, _, outputs) => {
    const known = rows.get(outputs);
    if (known) return known;
    decoder ??= decoderOf(options, outputs);
    const { boxes, order } = annotationOf(sample);
    const row = boxesRow({
      objects: boxes,
      detections: onImage(decoder(outputs, canvasOf(sample)), sample.placement!),
      order,
    });
    rows.set(outputs, row);
    return row;
  };
}

function annotationOf({ id, annotation }: Sample) {
  if (annotation?.kind === 'boxes') return annotation;
  throw new UserError(
    'data.no-labels',
    `Sample ${id} has no boxes: task detection needs data of format coco, yolo or voc (docs/data.md).`,
  );
}

/** Size of what the model saw. Throws UserError for a sample that is no image. */
export function canvasOf({ id, placement }: Pick<Sample, 'id' | 'placement'>) {
  if (placement) return placement.canvas;
  throw new UserError(
    'accuracy.wrong-data',
    `Sample ${id} is no image: task detection reads images, so that boxes can be mapped back to them.`,
  );
}

/** `name` without `accuracy.`; `kept` are rows of `boxesRow`. */
export function detectionStatistic(name: DetectionFigure, kept: readonly ArrayLike<number>[]) {
  const { matches, bits, curve } = METRICS[name];
  return meanOverClasses(rankedRows(kept, matches), bits, curve());
}

/** The figure of each class that has objects, by number. */
function perClass(
  name: keyof typeof METRICS,
  kept: readonly ArrayLike<number>[],
  classIndices: ReadonlyMap<string, number> = new Map(),
): { class: number; name?: string; value: number }[] {
  const { matches, bits, curve } = METRICS[name];
  const names = new Map([...classIndices].map(([own, index]) => [index, own]));
  return rankedRows(kept, matches)
    .map((one) => {
      const own = names.get(one.class);
      return {
        class: one.class,
        ...(own === undefined ? {} : { name: own }),
        value: meanOverClasses([one], bits, curve())(null),
      };
    })
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => a.class - b.class);
}

function rankedRows(kept: readonly ArrayLike<number>[], matching: Matching) {
  return rankedClasses(
    kept.map((row) => matchesOf(row, matching)),
    { thresholds: matching === 'voc' ? 1 : COCO_IOUS.length, orders: kept.map(orderOf) },
  );
}

/** Matched once per image, whatever is asked of it later. */
const KNOWN: Record<Matching, WeakMap<ArrayLike<number>, ImageMatches>> = {
  all: new WeakMap(),
  small: new WeakMap(),
  medium: new WeakMap(),
  large: new WeakMap(),
  voc: new WeakMap(),
};

function matchesOf(row: ArrayLike<number>, matching: Matching): ImageMatches {
  const known = KNOWN[matching].get(row);
  if (known) return known;
  const image = boxesOf(row);
  const made = matching === 'voc' ? vocMatches(image) : cocoMatches(image, matching);
  KNOWN[matching].set(row, made);
  return made;
}
