/** Keypoints: object keypoint similarity (COCO, cocodataset.org/#keypoints-eval) and the percentage of correct keypoints (Yang and Ramanan, PAMI 35, 2013). */

/** x and y in pixels; of a label also whether it is there: 0 unlabelled, 1 hidden, 2 visible. */
export type Keypoint = readonly [x: number, y: number, visibility?: number];

/** COCO's 17 keypoints of a person: how far apart people place each, relative to the object's size. */
export const COCO_SIGMAS: readonly number[] = [
  0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087,
  0.089, 0.089,
];

/** Labelled keypoints, with what was found for each. */
function pairs(gold: readonly Keypoint[], found: readonly Keypoint[]) {
  return gold.flatMap(([x, y, visibility = 2], at) => {
    const other = found[at];
    if (visibility === 0) return [];
    return [
      {
        at,
        squared: other === undefined ? Number.POSITIVE_INFINITY : (other[0] - x) ** 2 + (other[1] - y) ** 2,
      },
    ];
  });
}

/**
 * Mean over the labelled keypoints of exp(−d² ÷ (2 area (2σ)²)): 1 where all are met, NaN where none is labelled. @param area of the object in square pixels.
 * Throws RangeError for more keypoints than `sigmas`.
 */
export function objectKeypointSimilarity(
  gold: readonly Keypoint[],
  found: readonly Keypoint[],
  { area, sigmas = COCO_SIGMAS }: { area: number; sigmas?: readonly number[] },
): number {
  if (gold.length > sigmas.length)
    throw new RangeError(
      `An object has ${gold.length} keypoints, but there are ${sigmas.length} \`sigmas\`: give one for each.`,
    );
  const labelled = pairs(gold, found);
  const sum = labelled.reduce(
    (total, { at, squared }) =>
      total + Math.exp(-squared / (2 * (area + Number.EPSILON) * (2 * sigmas[at]!) ** 2)),
    0,
  );
  return sum / labelled.length;
}

/** Keypoints within `threshold` × `size` of their place, and how many are labelled: the share is Σ of the first ÷ Σ of the second. */
export function correctKeypoints(
  gold: readonly Keypoint[],
  found: readonly Keypoint[],
  { threshold, size }: { threshold: number; size: number },
): [correct: number, labelled: number] {
  const labelled = pairs(gold, found);
  return [labelled.filter(({ squared }) => Math.sqrt(squared) <= threshold * size).length, labelled.length];
}
