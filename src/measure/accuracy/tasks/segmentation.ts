/** Pixel accuracy and mean intersection over union, against a mask of class indices. */

import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import { isFloatType, numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { assertNamesFit } from './classification.js';
import { ofSums, type StatisticMetric } from './metric.js';

/** Pixels without a class, as Pascal VOC and Cityscapes mark them; negative labels count as such too. */
const IGNORED = 255;
/** Classes of outputs that give class indices instead of scores. */
const INDEX_CLASSES = 256;

export interface SegmentationOptions {
  /** Added to every class of the masks to get the output's. Default 0. */
  labelOffset?: number;
  /** Index by name, of the masks' classes. */
  classIndices?: ReadonlyMap<string, number> | undefined;
}

export function segmentationMetrics(options: SegmentationOptions = {}): StatisticMetric[] {
  const { labelOffset = 0 } = options;
  return [
    {
      name: 'accuracy.miou',
      kind: 'statistic',
      undefinedReason: 'every pixel of the masks is ignored',
      keep: (sample, output) => keepOverlaps(sample, output, options),
      statistic: (kept) => ofSums(kept, meanIntersectionOverUnion),
      details: (kept) => ({ classes: perClass(kept, options) }),
      figureOfSample: (row) => meanIntersectionOverUnion(Float64Array.from(row)),
    },
    {
      name: 'accuracy.pixel',
      kind: 'statistic',
      undefinedReason: 'every pixel of the masks is ignored',
      keep(sample, output) {
        let right = 0;
        let total = 0;
        forEachPixel(sample, output, labelOffset, (predicted, target) => {
          total++;
          if (predicted === target) right++;
        });
        return [right, total];
      },
      statistic: (kept) => ofSums(kept, ([right = 0, total = 0]) => right / total),
      figureOfSample: ({ 0: right = 0, 1: total = 0 }) => right / total,
    },
  ];
}

/** Numbers that are kept per class of each image. */
export const PER_CLASS = 3;

/** Per class: pixels where prediction and target agree on it, pixels where either names it, pixels where the target does. */
function keepOverlaps(
  sample: Sample,
  output: Tensor,
  { labelOffset = 0, classIndices }: SegmentationOptions,
): Float64Array {
  const scored = classMap(sample, output);
  assertNamesFit(classIndices, scored.classes, { labelOffset });
  const counts = new OverlapCounts(scored.classes);
  visitPixels(sample, scored, labelOffset, (predicted, target) => counts.add(predicted, target));
  return counts.row;
}

/** What mIoU is made of, for one image: counts per class. */
export class OverlapCounts {
  readonly row: Float64Array;
  constructor(classes: number) {
    this.row = new Float64Array(classes * PER_CLASS);
  }

  /** One pixel that counts. */
  add(predicted: number, target: number): void {
    const { row } = this;
    if (predicted === target) row[target * PER_CLASS]!++;
    else row[predicted * PER_CLASS + 1]!++;
    row[target * PER_CLASS + 1]!++;
    row[target * PER_CLASS + 2]!++;
  }
}

/** Whether numbers can be such a row. */
export function isOverlapRow(row: ArrayLike<number>): boolean {
  return row.length > 0 && row.length % PER_CLASS === 0;
}

/** Intersection over union of each class that occurs, by falling size. */
function perClass(
  kept: readonly ArrayLike<number>[],
  { labelOffset = 0, classIndices = new Map() }: SegmentationOptions,
): { class: number; name?: string; iou: number; pixels: number }[] {
  const names = new Map([...classIndices].map(([name, index]) => [index, name]));
  const sums = new Float64Array(kept[0]?.length ?? 0);
  for (const row of kept) for (let at = 0; at < sums.length; at++) sums[at]! += row[at]!;
  return Array.from({ length: sums.length / PER_CLASS }, (_, output) => {
    const [both = 0, either = 0, pixels = 0] = sums.subarray(output * PER_CLASS, (output + 1) * PER_CLASS);
    const index = output - labelOffset;
    const name = names.get(index);
    return { class: index, ...(name === undefined ? {} : { name }), iou: both / either, pixels };
  })
    .filter(({ iou }) => !Number.isNaN(iou))
    .sort((a, b) => b.pixels - a.pixels);
}

/** Mean over the classes that occur, pooled over all images (the measure of Pascal VOC and Cityscapes). */
export function meanIntersectionOverUnion(sums: Float64Array): number {
  let total = 0;
  let classes = 0;
  for (let at = 0; at < sums.length; at += PER_CLASS) {
    if (sums[at + 1] === 0) continue;
    total += sums[at]! / sums[at + 1]!;
    classes++;
  }
  return total / classes;
}

function forEachPixel(
  sample: Sample,
  output: Tensor,
  labelOffset: number,
  visit: (predicted: number, target: number) => void,
): void {
  visitPixels(sample, classMap(sample, output), labelOffset, visit);
}

function visitPixels(
  sample: Sample,
  { map, classes }: ClassMap,
  labelOffset: number,
  visit: (predicted: number, target: number) => void,
): void {
  const target = maskOf(sample).values;
  const ignores255 = classes <= IGNORED || classes === INDEX_CLASSES;
  for (let pixel = 0; pixel < target.length; pixel++) {
    const label = target[pixel]!;
    if (label < 0 || (label === IGNORED && ignores255)) continue;
    const wanted = label + labelOffset;
    if (wanted < 0 || wanted >= classes) {
      throw new UserError(
        'accuracy.classes-differ',
        `The mask of sample ${sample.id} names class ${label}, but the scored output has ${classes} classes, 0 … ${classes - 1} (${IGNORED} is ignored). ` +
          'If that value means no class, write `ignore` beside `masks`; if classes are counted otherwise, `label-offset`.',
      );
    }
    visit(map[pixel]!, wanted);
  }
}

/** The labelled class of each pixel. Throws UserError. */
export function maskOf({ id, label }: Sample): { values: ArrayLike<number>; height: number; width: number } {
  if (label === null || typeof label === 'number') {
    throw new UserError(
      'data.no-labels',
      `Sample ${id} has no mask: segmentation needs one class index per pixel, [height, width].`,
    );
  }
  const dims = label.dims.filter((dim, axis) => dim !== 1 || axis >= label.dims.length - 2);
  if (dims.length !== 2) {
    throw new UserError(
      'data.label-shape',
      `The mask of sample ${id} has shape [${label.dims.join(', ')}]; it must be [height, width].`,
    );
  }
  return { values: numbersOf(label), height: dims[0]!, width: dims[1]! };
}

interface ClassMap {
  map: ArrayLike<number>;
  classes: number;
}

/** The class that the output gives each pixel of the mask: scores [1, C, H, W] or [1, H, W, C], or indices [1, H, W]. */
export function classMap(sample: Sample, output: Tensor): ClassMap {
  return classMapOf(output, { ...maskOf(sample), sample: sample.id });
}

/** The same for a size. Throws UserError for an output of another shape. */
export function classMapOf(
  output: Tensor,
  { height, width, sample }: { height: number; width: number; sample: string },
): ClassMap {
  const dims = output.dims[0] === 1 && output.dims.length > 2 ? output.dims.slice(1) : output.dims;
  const is = (...shape: number[]) =>
    shape.length === dims.length && shape.every((dim, axis) => dim === dims[axis]);
  const values = numbersOf(output);
  const size = height * width;
  if (!isFloatType(output.type) && (is(height, width) || is(1, height, width))) {
    return { map: values, classes: INDEX_CLASSES };
  }
  if (dims.length === 3 && is(dims[0]!, height, width)) {
    return {
      map: argmaxMap(values, { classes: dims[0]!, size, classStep: size, pixelStep: 1 }),
      classes: dims[0]!,
    };
  }
  if (dims.length === 3 && is(height, width, dims[2]!)) {
    return {
      map: argmaxMap(values, { classes: dims[2]!, size, classStep: 1, pixelStep: dims[2]! }),
      classes: dims[2]!,
    };
  }
  const coarse =
    dims.length === 3 ? coarseMap(values, dims as [number, number, number], { height, width }) : null;
  if (coarse) return { map: coarse, classes: dims[0]! };
  throw new UserError(
    'accuracy.output-shape',
    `The scored output has shape [${output.dims.join(', ')}], but the mask of sample ${sample} is ${height} × ${width}: ` +
      'it must hold a score per class and pixel, [1, C, height, width], or per square of pixels. Save masks in the size of the output, or choose another `output`.',
  );
}

function argmaxMap(
  scores: ArrayLike<number>,
  layout: { classes: number; size: number; classStep: number; pixelStep: number },
): Uint16Array {
  const map = new Uint16Array(layout.size);
  for (let pixel = 0; pixel < layout.size; pixel++) {
    const first = pixel * layout.pixelStep;
    let best = 0;
    for (let index = 1; index < layout.classes; index++) {
      if (scores[first + index * layout.classStep]! > scores[first + best * layout.classStep]!) best = index;
    }
    map[pixel] = best;
  }
  return map;
}

/**
 * Scores of an output that is coarser than the mask by a whole number, as many networks give it, between their centres: bilinear, as PyTorch's
 * `interpolate(…, align_corners=False)`. null: it is not of that kind.
 */
function coarseMap(
  scores: ArrayLike<number>,
  [classes, rows, columns]: readonly [number, number, number],
  { height, width }: { height: number; width: number },
): Uint16Array | null {
  const factor = height / rows;
  if (!Number.isInteger(factor) || factor < 2 || width !== columns * factor) return null;
  const across = neighbours(width, columns);
  const down = neighbours(height, rows);
  const best = new Float64Array(height * width).fill(Number.NEGATIVE_INFINITY);
  const map = new Uint16Array(height * width);
  for (let index = 0; index < classes; index++) {
    const plane = index * rows * columns;
    for (let y = 0; y < height; y++) {
      const [above, below] = [plane + down.first[y]! * columns, plane + down.second[y]! * columns];
      const shareBelow = down.share[y]!;
      for (let x = 0; x < width; x++) {
        const [left, right, shareRight] = [across.first[x]!, across.second[x]!, across.share[x]!];
        const upper = scores[above + left]! * (1 - shareRight) + scores[above + right]! * shareRight;
        const lower = scores[below + left]! * (1 - shareRight) + scores[below + right]! * shareRight;
        const score = upper * (1 - shareBelow) + lower * shareBelow;
        const pixel = y * width + x;
        if (score > best[pixel]!) {
          best[pixel] = score;
          map[pixel] = index;
        }
      }
    }
  }
  return map;
}

/** Of each fine position the two coarse ones beside it, and the second one's share. */
function neighbours(
  fine: number,
  coarse: number,
): { first: Int32Array; second: Int32Array; share: Float64Array } {
  const first = new Int32Array(fine);
  const second = new Int32Array(fine);
  const share = new Float64Array(fine);
  for (let at = 0; at < fine; at++) {
    const position = Math.max(0, ((at + 0.5) * coarse) / fine - 0.5);
    first[at] = Math.min(coarse - 1, Math.floor(position));
    second[at] = Math.min(coarse - 1, first[at]! + 1);
    share[at] = position - first[at]!;
  }
  return { first, second, share };
}
