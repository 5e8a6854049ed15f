/** Precision and recall over all images, as functions of how often each image is counted: sorted once, then only summed. */
import type { Statistic } from '../../../../statistics/bootstrap.js';
import type { ImageMatches } from './matches.js';

/** The detections of one class in all images, by falling score. */
interface RankedClass {
  class: number;
  /** Index of each detection's image. */
  images: Int32Array;
  matched: Uint16Array;
  ignored: Uint16Array;
  /** By threshold: behind this place no detection is right, and the curve ends. */
  ends: readonly number[];
  /** Images that hold objects, and how many. */
  holders: Int32Array;
  counts: Int32Array;
}

interface Ranking {
  /** By bit: which there are. */
  thresholds: number;
  /** Of the images, by which equal scores are ranked. */
  orders: readonly number[];
}

export function rankedClasses(images: readonly ImageMatches[], ranking: Ranking): RankedClass[] {
  const classes = new Set(images.flatMap((image) => [...image.keys()]));
  return [...classes].map((index) => rankedClass(images, index, ranking));
}

function rankedClass(
  images: readonly ImageMatches[],
  index: number,
  { thresholds, orders }: Ranking,
): RankedClass {
  const holders: number[] = [];
  const counts: number[] = [];
  const all: { image: number; score: number; matched: number; ignored: number }[] = [];
  images.forEach((matches, image) => {
    const own = matches.get(index);
    if (!own) return;
    if (own.objects > 0) {
      holders.push(image);
      counts.push(own.objects);
    }
    own.scores.forEach((score, place) => {
      all.push({ image, score, matched: own.matched[place]!, ignored: own.ignored[place]! });
    });
  });
  // Equal scores in the order of the images, and of an image in their own, as in pycocotools: samples come in another.
  all.sort((a, b) => b.score - a.score || orders[a.image]! - orders[b.image]!);
  const matched = Uint16Array.from(all, (one) => one.matched);
  return {
    class: index,
    images: Int32Array.from(all, ({ image }) => image),
    matched,
    ignored: Uint16Array.from(all, (one) => one.ignored),
    ends: Array.from({ length: thresholds }, (_, t) => lastWith(matched, 1 << t) + 1),
    holders: Int32Array.from(holders),
    counts: Int32Array.from(counts),
  };
}

function lastWith(bits: Uint16Array, bit: number): number {
  let at = bits.length - 1;
  while (at >= 0 && (bits[at]! & bit) === 0) at--;
  return at;
}

/** A figure of one class at one threshold, from its curve. */
interface Curve {
  /** Called with each right detection's precision and recall, in falling order of score. */
  add(precision: number, recall: number): void;
  /** The figure, and back to the beginning. */
  end(): number;
}

/**
 * Mean of the curve's figure over the thresholds (their bits) and the classes that have objects; NaN where none has. `weights` of the result: how often
 * each image is counted.
 */
export function meanOverClasses(
  classes: readonly RankedClass[],
  bits: readonly number[],
  curve: Curve,
): Statistic {
  return (weights) => {
    let total = 0;
    let counted = 0;
    for (const one of classes) {
      const objects = objectsOf(one, weights);
      if (objects === 0) continue;
      counted++;
      for (const bit of bits) {
        walk(one, { bit, objects, weights, curve });
        total += curve.end();
      }
    }
    return total / (counted * bits.length);
  };
}

function objectsOf({ holders, counts }: RankedClass, weights: Uint32Array | null): number {
  let objects = 0;
  for (let at = 0; at < holders.length; at++) {
    objects += counts[at]! * (weights === null ? 1 : weights[holders[at]!]!);
  }
  return objects;
}

interface Walk {
  bit: number;
  objects: number;
  weights: Uint32Array | null;
  curve: Curve;
}

function walk({ images, matched, ignored, ends }: RankedClass, { bit, objects, weights, curve }: Walk): void {
  const flag = 1 << bit;
  const end = ends[bit]!;
  let right = 0;
  let found = 0;
  for (let at = 0; at < end; at++) {
    if ((ignored[at]! & flag) !== 0) continue;
    const weight = weights === null ? 1 : weights[images[at]!]!;
    if (weight === 0) continue;
    found += weight;
    if ((matched[at]! & flag) === 0) continue;
    right += weight;
    curve.add(right / (found + Number.EPSILON), right / objects);
  }
}

/** 0, 0.01 … 1, as NumPy's `linspace` has them. */
const RECALLS = Float64Array.from({ length: 101 }, (_, at) => (at === 100 ? 1 : at * 0.01));

/** COCO's average precision: the highest precision at each of 101 recalls or beyond, averaged (`COCOeval.accumulate`). */
export function averagePrecision(): Curve {
  const best = new Float64Array(RECALLS.length);
  return {
    add(precision, recall) {
      let at = Math.min(100, Math.max(0, Math.floor(recall * 100) - 1));
      while (at < 100 && RECALLS[at + 1]! <= recall) at++;
      if (precision > best[at]!) best[at] = precision;
    },
    end() {
      let sum = 0;
      let highest = 0;
      for (let at = 100; at >= 0; at--) {
        highest = Math.max(highest, best[at]!);
        sum += highest;
      }
      best.fill(0);
      return sum / RECALLS.length;
    },
  };
}

/** Recall with all detections that count. */
export function finalRecall(): Curve {
  let last = 0;
  return {
    add(_, recall) {
      last = recall;
    },
    end() {
      const recall = last;
      last = 0;
      return recall;
    },
  };
}

/** Area under the curve of which each precision is the highest at that recall or beyond (Pascal VOC from 2010 on, `VOCap.m`). */
export function areaUnderCurve(): Curve {
  let points: [number, number][] = [];
  return {
    add: (precision, recall) => {
      points.push([precision, recall]);
    },
    end() {
      let area = 0;
      let highest = 0;
      for (let at = points.length - 1; at >= 0; at--) {
        const [precision, recall] = points[at]!;
        highest = Math.max(highest, precision);
        area += highest * (recall - (points[at - 1]?.[1] ?? 0));
      }
      points = [];
      return Math.min(1, area);
    },
  };
}
