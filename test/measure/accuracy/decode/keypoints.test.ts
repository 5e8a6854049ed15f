import { describe, expect, it } from 'vitest';
import {
  COCO_SIGMAS,
  correctKeypoints,
  objectKeypointSimilarity,
} from '../../../../src/measure/accuracy/decode/keypoints.js';

const GOLD = Array.from({ length: 17 }, (_, at): [number, number, number] => [
  at * 10,
  at * 5,
  at === 0 ? 0 : 2,
]);

describe('keypoints', () => {
  it('that are met have a similarity of 1, and unlabelled ones count nothing', () => {
    const found = GOLD.map(([x, y], at): [number, number] => (at === 0 ? [999, 999] : [x, y]));
    expect(objectKeypointSimilarity(GOLD, found, { area: 5_000 })).toBe(1);
  });

  it("fall to exp(−½) where they are off by 2σ√area, as in COCO's formula", () => {
    const area = 5_000;
    const found = GOLD.map(([x, y], at): [number, number] => [x + 2 * COCO_SIGMAS[at]! * Math.sqrt(area), y]);
    expect(objectKeypointSimilarity(GOLD, found, { area })).toBeCloseTo(Math.exp(-0.5), 12);
  });

  it('need a sigma each, and an area of 0 does not make them NaN', () => {
    const more = [...GOLD, [1, 2, 2] as const];
    expect(() => objectKeypointSimilarity(more, more, { area: 9 })).toThrow(
      'An object has 18 keypoints, but there are 17 `sigmas`',
    );
    expect(objectKeypointSimilarity(GOLD, GOLD, { area: 0 })).toBe(1);
  });

  it('are correct within a share of the size, and missing ones are not', () => {
    const found = GOLD.slice(0, 10).map(([x, y], at): [number, number] => [x + at, y]);
    expect(correctKeypoints(GOLD, found, { threshold: 0.1, size: 50 })).toEqual([5, 16]);
  });
});
