/** Which detections of one image and class are right, at each IoU that counts: COCO's matching, and Pascal VOC's. */
import type { Box } from '../../../../data/samples/annotation.js';
import type { Corners, Detection } from '../../decode/detection.js';
import { areaOf, type ImageBoxes } from './image-boxes.js';

/** Of one image and class, detections by falling score. */
export interface ClassMatches {
  scores: Float64Array;
  /** Bit t: right at threshold t. */
  matched: Uint16Array;
  /** Bit t: neither right nor wrong at threshold t. */
  ignored: Uint16Array;
  /** Objects that count. */
  objects: number;
}

/** By class, of one image. */
export type ImageMatches = ReadonlyMap<number, ClassMatches>;

/** 0.5, 0.55 … 0.95, as NumPy's `linspace` has them (pycocotools, `Params.setDetParams`). */
export const COCO_IOUS: readonly number[] = Array.from({ length: 10 }, (_, t) =>
  t === 9 ? 0.95 : 0.5 + t * ((0.95 - 0.5) / 9),
);

/** Detections of one class in one image that count, best first. */
const MOST_DETECTIONS = 100;

/** In pixels; ends included. */
export type AreaRange = 'all' | 'small' | 'medium' | 'large';

const AREAS: Record<AreaRange, readonly [number, number]> = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
};

/**
 * COCO's (pycocotools, `COCOeval.evaluateImg`): best scores first, each takes the object of its class with the highest IoU that is still free. Crowds
 * and objects outside of the range of areas are taken last and count nothing; a crowd is never used up, and its IoU is the share of the
 * detection that it covers.
 */
export function cocoMatches({ objects, detections }: ImageBoxes, range: AreaRange): ImageMatches {
  const [least, most] = AREAS[range];
  const outside = (area: number) => area < least || area > most;
  return perClass(objects, detections, (own, found) => {
    const crowd = own.map((object) => object.crowd === true);
    const counted = own.map((object, at) => !crowd[at] && !outside(object.area ?? areaOf(object.corners)));
    // Stable: those that count first.
    const order = [...own.keys()].sort((a, b) => Number(counted[b]) - Number(counted[a]));
    const best = byScore(found).slice(0, MOST_DETECTIONS);
    if (own.length === 0) return allWrong(best, outside);
    const ious = best.map(({ corners }) => order.map((at) => iou(corners, own[at]!.corners, crowd[at]!)));
    const matches = emptyMatches(best, counted.filter(Boolean).length);
    COCO_IOUS.forEach((threshold, t) => {
      const taken = new Uint8Array(order.length);
      best.forEach(({ corners }, d) => {
        const place = bestFree(ious[d]!, { threshold, taken, order, crowd, counted });
        if (place >= 0) taken[place] = 1;
        const counts = place < 0 || counted[order[place]!]!;
        if (place >= 0 && counts) matches.matched[d]! |= 1 << t;
        if (!counts || (place < 0 && outside(areaOf(corners)))) matches.ignored[d]! |= 1 << t;
      });
    });
    return matches;
  });
}

/** Nothing to find: what is outside of the range counts nothing, at any threshold. */
function allWrong(best: readonly Detection[], outside: (area: number) => boolean): ClassMatches {
  const matches = emptyMatches(best, 0);
  const everywhere = (1 << COCO_IOUS.length) - 1;
  best.forEach(({ corners }, d) => {
    if (outside(areaOf(corners))) matches.ignored[d] = everywhere;
  });
  return matches;
}

interface Free {
  threshold: number;
  /** By place in `order`. */
  taken: Uint8Array;
  order: readonly number[];
  crowd: readonly boolean[];
  counted: readonly boolean[];
}

/** Place of the object to take, the last of equal ones; −1: none reaches the threshold. */
function bestFree(ious: readonly number[], { threshold, taken, order, crowd, counted }: Free): number {
  let least = Math.min(threshold, 1 - 1e-10);
  let best = -1;
  for (let place = 0; place < order.length; place++) {
    const object = order[place]!;
    if (taken[place] === 1 && !crowd[object]) continue;
    // What counts nothing comes last: it is taken only if nothing else fits.
    if (best >= 0 && counted[order[best]!] && !counted[object]) break;
    if (ious[place]! < least) continue;
    least = ious[place]!;
    best = place;
  }
  return best;
}

const VOC_IOU = 0.5;

/**
 * Pascal VOC's (devkit, `VOCevaldet.m`): each detection looks at the object with the highest IoU only; from 0.5 on it is right if that one is still
 * free, and counts nothing if it is difficult. Bit 0 alone is used.
 */
export function vocMatches({ objects, detections }: ImageBoxes): ImageMatches {
  return perClass(objects, detections, (own, found) => {
    const best = byScore(found);
    const matches = emptyMatches(best, own.filter(({ difficult }) => !difficult).length);
    const taken = new Set<number>();
    best.forEach(({ corners }, d) => {
      const ious = own.map((object) => iou(corners, object.corners, false));
      const at = ious.reduce((most, value, index) => (most < 0 || value > ious[most]! ? index : most), -1);
      if (at < 0 || ious[at]! < VOC_IOU) return;
      if (own[at]!.difficult) matches.ignored[d] = 1;
      else if (!taken.has(at)) matches.matched[d] = 1;
      taken.add(at);
    });
    return matches;
  });
}

function perClass(
  objects: readonly Box[],
  detections: readonly Detection[],
  match: (objects: readonly Box[], detections: readonly Detection[]) => ClassMatches,
): ImageMatches {
  const own = grouped(objects);
  const found = grouped(detections);
  const classes = new Set([...own.keys(), ...found.keys()]);
  return new Map([...classes].map((index) => [index, match(own.get(index) ?? [], found.get(index) ?? [])]));
}

function grouped<T extends { class: number }>(entries: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const entry of entries) {
    const group = groups.get(entry.class);
    if (group) group.push(entry);
    else groups.set(entry.class, [entry]);
  }
  return groups;
}

/** Stable: equal scores stay in the order of the decoder. */
function byScore(detections: readonly Detection[]): Detection[] {
  return [...detections].sort((a, b) => b.score - a.score);
}

function emptyMatches(best: readonly Detection[], objects: number): ClassMatches {
  return {
    scores: Float64Array.from(best, ({ score }) => score),
    matched: new Uint16Array(best.length),
    ignored: new Uint16Array(best.length),
    objects,
  };
}

/** Intersection over union; with a crowd over the detection alone (cocoapi, `maskApi.c`, bbIou). */
function iou(found: Corners, object: Corners, crowd: boolean): number {
  const width = Math.min(found[2], object[2]) - Math.max(found[0], object[0]);
  if (width <= 0) return 0;
  const height = Math.min(found[3], object[3]) - Math.max(found[1], object[1]);
  if (height <= 0) return 0;
  const intersection = width * height;
  return intersection / (crowd ? areaOf(found) : areaOf(found) + areaOf(object) - intersection);
}
