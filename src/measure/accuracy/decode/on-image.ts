/** Boxes on what the model saw become boxes on the image as it is stored. */
import { type Placement, toOriginal } from '../../../data/samples/placement.js';
import type { Corners, Detection } from './detection.js';

/** Mapped back through resizing, letterbox, crop and pad, and cut at the image's edges; what lies outside altogether goes. */
export function onImage(detections: readonly Detection[], placement: Placement): Detection[] {
  const { width, height } = placement.original;
  const x = (value: number) => Math.min(width, Math.max(0, value));
  const y = (value: number) => Math.min(height, Math.max(0, value));
  return detections.flatMap((found) => {
    const [left, top] = toOriginal(placement, [found.corners[0], found.corners[1]]);
    const [right, bottom] = toOriginal(placement, [found.corners[2], found.corners[3]]);
    const corners: Corners = [x(left), y(top), x(right), y(bottom)];
    return corners[2] > corners[0] && corners[3] > corners[1] ? { ...found, corners } : [];
  });
}
