/** Pixel accuracy and mean intersection over union, against a mask of class indices. */

import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import { isFloatType, numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { ofSums, type StatisticMetric } from './metric.js';

/** Pixels without a class, as Pascal VOC and Cityscapes mark them; negative labels count as such too. */
const IGNORED = 255;
/** Classes of outputs that give class indices instead of scores. */
const INDEX_CLASSES = 256;

export function segmentationMetrics(): StatisticMetric[] {
  return [
    {
      name: 'accuracy.miou',
      kind: 'statistic',
      undefinedReason: 'every pixel of the masks is ignored',
      keep: keepOverlaps,
      statistic: (kept) => ofSums(kept, meanIntersectionOverUnion),
    },
    {
      name: 'accuracy.pixel',
      kind: 'statistic',
      undefinedReason: 'every pixel of the masks is ignored',
      keep(sample, output) {
        let right = 0;
        let total = 0;
        forEachPixel(sample, output, (predicted, target) => {
          total++;
          if (predicted === target) right++;
        });
        return [right, total];
      },
      statistic: (kept) => ofSums(kept, ([right = 0, total = 0]) => right / total),
    },
  ];
}

/** Numbers that are kept per class of each image. */
export const PER_CLASS = 3;

/** Per class: pixels where prediction and target agree on it, pixels where either names it, pixels where the target does. */
function keepOverlaps(sample: Sample, output: Tensor): Float64Array {
  const { classes } = classMap(sample, output);
  const kept = new Float64Array(classes * PER_CLASS);
  forEachPixel(sample, output, (predicted, target) => {
    if (predicted === target) kept[target * PER_CLASS]!++;
    else kept[predicted * PER_CLASS + 1]!++;
    kept[target * PER_CLASS + 1]!++;
    kept[target * PER_CLASS + 2]!++;
  });
  return kept;
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
  visit: (predicted: number, target: number) => void,
): void {
  const { map, classes } = classMap(sample, output);
  const target = maskOf(sample).values;
  for (let pixel = 0; pixel < target.length; pixel++) {
    const label = target[pixel]!;
    if (
      label < 0 ||
      (label === IGNORED && classes <= IGNORED) ||
      (label === IGNORED && classes === INDEX_CLASSES)
    )
      continue;
    if (label >= classes) {
      throw new UserError(
        `The mask of sample ${sample.id} names class ${label}, but the scored output has ${classes} classes, 0 … ${classes - 1} (${IGNORED} is ignored).`,
      );
    }
    visit(map[pixel]!, label);
  }
}

function maskOf({ id, label }: Sample): { values: ArrayLike<number>; height: number; width: number } {
  if (label === null || typeof label === 'number') {
    throw new UserError(
      `Sample ${id} has no mask: segmentation needs one class index per pixel, [height, width].`,
    );
  }
  const dims = label.dims.filter((dim, axis) => dim !== 1 || axis >= label.dims.length - 2);
  if (dims.length !== 2) {
    throw new UserError(
      `The mask of sample ${id} has shape [${label.dims.join(', ')}]; it must be [height, width].`,
    );
  }
  return { values: numbersOf(label), height: dims[0]!, width: dims[1]! };
}

/** The class that the output gives each pixel of the mask: scores [1, C, H, W] or [1, H, W, C], or indices [1, H, W]. */
function classMap(sample: Sample, output: Tensor): { map: ArrayLike<number>; classes: number } {
  const { height, width } = maskOf(sample);
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
  throw new UserError(
    `The scored output has shape [${output.dims.join(', ')}], but the mask of sample ${sample.id} is ${height} × ${width}: ` +
      'it must hold a score per class and pixel, [1, C, height, width]. Save masks in the size of the output, or choose another `output`.',
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
