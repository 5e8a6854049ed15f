/** What is kept of one image: the objects in it and what the model found, as one row of numbers. */
import type { Box } from '../../../../data/samples/annotation.js';
import type { Detection } from '../../decode/detection.js';

/** A row's image, read again. */
export interface ImageBoxes {
  objects: readonly Box[];
  detections: readonly Detection[];
  /** Of equal scores, those of the lower order come first; absent: 0. */
  order?: number | undefined;
}

/** Numbers before the boxes: how many objects, how many detections, and the order. */
const HEADER = 3;
const PER_OBJECT = 8;
const PER_DETECTION = 6;

/** Corners are in pixels of the image as it is stored. */
export function boxesRow({ objects, detections, order = 0 }: ImageBoxes): Float64Array {
  const row = new Float64Array(HEADER + objects.length * PER_OBJECT + detections.length * PER_DETECTION);
  row.set([objects.length, detections.length, order]);
  let at = HEADER;
  for (const { class: index, corners, area, crowd, difficult } of objects) {
    row.set(
      [index, ...corners, area ?? areaOf(corners), Number(crowd ?? false), Number(difficult ?? false)],
      at,
    );
    at += PER_OBJECT;
  }
  for (const { class: index, score, corners } of detections) {
    row.set([index, score, ...corners], at);
    at += PER_DETECTION;
  }
  return row;
}

/** Whether the numbers are as many as the row's header says. */
export function isBoxesRow(row: ArrayLike<number>): boolean {
  return row.length === HEADER + row[0]! * PER_OBJECT + row[1]! * PER_DETECTION;
}

/** A row's order alone. */
export function orderOf(row: ArrayLike<number>): number {
  return row[2]!;
}

export function boxesOf(row: ArrayLike<number>): ImageBoxes {
  const numbers = row as Float64Array;
  const [objectCount = 0, detectionCount = 0, order = 0] = numbers;
  const objects: Box[] = [];
  const detections: Detection[] = [];
  let at = HEADER;
  for (let object = 0; object < objectCount; object++, at += PER_OBJECT) {
    objects.push({
      class: numbers[at]!,
      corners: cornersAt(numbers, at + 1),
      area: numbers[at + 5]!,
      crowd: numbers[at + 6] === 1,
      difficult: numbers[at + 7] === 1,
    });
  }
  for (let found = 0; found < detectionCount; found++, at += PER_DETECTION) {
    detections.push({ class: numbers[at]!, score: numbers[at + 1]!, corners: cornersAt(numbers, at + 2) });
  }
  return { objects, detections, order };
}

function cornersAt(numbers: Float64Array, at: number): [number, number, number, number] {
  return [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!, numbers[at + 3]!];
}

/** In pixels; corners are left, top, right, bottom. */
export function areaOf([left, top, right, bottom]: readonly [number, number, number, number]): number {
  return (right - left) * (bottom - top);
}
