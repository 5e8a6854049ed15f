/** Masks of class indices go the way of their image: resized by nearest pixels, cut, laid on the canvas. */
import { UserError } from '../../errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Placement } from '../samples/placement.js';
import type { IndexMap } from './png-indices.js';
import { nearestPositions } from './resize.js';

/** What pixels without a class become; the scoring leaves out what is below 0. */
const NO_CLASS = -1;

/**
 * [height, width] of what the model sees; `ignore` and what the image doesn't cover is −1. Throws UserError for a mask of another size than its
 * image; `sample` names it.
 */
export function placedMask(
  mask: IndexMap,
  placement: Placement,
  options: { ignore: number | null; sample: string },
): Tensor {
  const { original, resized, window, canvas, left, top } = placement;
  if (mask.width !== original.width || mask.height !== original.height) {
    throw new UserError(
      'data.mask-size',
      `${options.sample}: its mask has ${mask.width} × ${mask.height} pixels, but the image ${original.width} × ${original.height} (EXIF orientation applied): ` +
        'masks must have the size of their images.',
    );
  }
  const data = new Int32Array(canvas.width * canvas.height).fill(NO_CLASS);
  const columns = nearestPositions(mask.width, resized.width).subarray(
    window.left,
    window.left + window.width,
  );
  const rows = nearestPositions(mask.height, resized.height).subarray(window.top, window.top + window.height);
  rows.forEach((row, y) => {
    const to = (top + y) * canvas.width + left;
    columns.forEach((column, x) => {
      const index = mask.data[row * mask.width + column]!;
      data[to + x] = index === options.ignore ? NO_CLASS : index;
    });
  });
  return { type: 'int32', dims: [canvas.height, canvas.width], data };
}
