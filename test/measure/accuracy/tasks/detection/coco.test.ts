/** mAP, recall and VOC's AP agree with the reference implementations (fixtures/coco.py), and count images as often as they are drawn. */
import { describe, expect, it } from 'vitest';
import type { Box } from '../../../../../src/data/samples/annotation.js';
import type { Corners, Detection } from '../../../../../src/measure/accuracy/decode/detection.js';
import { boxesOf, boxesRow } from '../../../../../src/measure/accuracy/tasks/detection/image-boxes.js';
import { detectionStatistic } from '../../../../../src/measure/accuracy/tasks/detection.js';
import { seededRandom } from '../../../../../src/tensor/random.js';
import cases from './fixtures/coco.json' with { type: 'json' };

interface FixtureImage {
  objects: number[][];
  detections: number[][];
}

function corners([left = 0, top = 0, width = 0, height = 0]: readonly number[]): Corners {
  return [left, top, left + width, top + height];
}

function rowOf({ objects, detections }: FixtureImage, order = 0): Float64Array {
  return boxesRow({
    order,
    objects: objects.map(
      ([index, left, top, width, height, area, crowd, difficult]): Box => ({
        class: index!,
        corners: corners([left!, top!, width!, height!]),
        area: area!,
        crowd: crowd === 1,
        difficult: difficult === 1,
      }),
    ),
    detections: detections.map(
      ([index, score, ...place]): Detection => ({ class: index!, score: score!, corners: corners(place) }),
    ),
  });
}

const FIGURES = cases.flatMap(({ name, images, figures }) =>
  Object.entries(figures).map(([metric, expected]) => ({ name, metric, images, expected })),
);

describe('detection metrics', () => {
  it.each(FIGURES)('$metric of $name is the reference’s', ({ metric, images, expected }) => {
    const figure = detectionStatistic(
      metric as 'map',
      images.map((image) => rowOf(image)),
    )(null);
    if (expected === null) expect(figure).toBeNaN();
    else expect(Math.abs(figure - expected)).toBeLessThan(1e-6);
  });

  // Where scores are equal their order among the copies of an image is anyone's choice.
  it.each(Object.entries(cases[0]!.weighted))(
    '%s of images drawn several times is the reference’s',
    (metric, expected) => {
      const { images, weights } = cases[0]!;
      const figure = detectionStatistic(
        metric as 'map',
        images.map((image) => rowOf(image)),
      )(Uint32Array.from(weights));
      expect(Math.abs(figure - expected!)).toBeLessThan(1e-6);
    },
  );

  it('counts images by weights as if they were given so often', () => {
    const { images, weights } = cases[0]!;
    const copies = images.flatMap((image, at) => Array<FixtureImage>(weights[at]!).fill(image));
    for (const metric of ['map', 'map-small', 'recall100', 'ap'] as const) {
      const weighted = detectionStatistic(
        metric,
        images.map((image) => rowOf(image)),
      )(Uint32Array.from(weights));
      expect(weighted).toBeCloseTo(
        detectionStatistic(
          metric,
          copies.map((image) => rowOf(image)),
        )(null),
        12,
      );
    }
  });

  it('ranks equal scores by the order of the images, however these come', () => {
    const tied = cases[0]!.images.map(({ objects, detections }) => ({
      objects,
      detections: detections.map(([index, score, ...place]) => [
        index!,
        Math.round(score! * 5) / 5,
        ...place,
      ]),
    }));
    const rows = tied.map((image, order) => rowOf(image, order));
    const inOrder = detectionStatistic('map', rows)(null);
    const reversed = [...rows].reverse();
    expect(detectionStatistic('map', reversed)(null)).toBeCloseTo(inOrder, 12);
    const unordered = [...tied].reverse().map((image) => rowOf(image));
    expect(Math.abs(detectionStatistic('map', unordered)(null) - inOrder)).toBeGreaterThan(1e-6);
  });

  it('is not defined without objects, and 0 without detections', () => {
    const [{ objects }] = cases[0]!.images as [FixtureImage];
    expect(
      detectionStatistic('map', [rowOf({ objects: [], detections: [[0, 0.5, 1, 1, 5, 5]] })])(null),
    ).toBeNaN();
    expect(detectionStatistic('map', [rowOf({ objects, detections: [] })])(null)).toBe(0);
  });

  it('keeps and reads back what an image holds', () => {
    const { images } = cases[2]!;
    for (const image of images) {
      const row = rowOf(image);
      expect(boxesRow(boxesOf(row))).toEqual(row);
    }
  });

  it('takes 500 images with 100 boxes each within a second, and each draw of the bootstrap within a fiftieth', () => {
    const random = seededRandom(5);
    const place = () => [random.below(500), random.below(500), 8 + random.below(200), 8 + random.below(200)];
    const rows = Array.from({ length: 500 }, () =>
      rowOf({
        objects: Array.from({ length: 10 }, () => [random.below(20), ...place(), 100, 0, 0]),
        detections: Array.from({ length: 100 }, () => [
          random.below(20),
          random.below(1e6) / 1e6,
          ...place(),
        ]),
      }),
    );
    const start = performance.now();
    const statistic = detectionStatistic('map', rows);
    statistic(null);
    // Generous: machines of many engineers at once are slow.
    expect(performance.now() - start).toBeLessThan(3_000);
    const weights = Uint32Array.from({ length: 500 }, () => random.below(3));
    const draws = performance.now();
    for (let draw = 0; draw < 20; draw++) statistic(weights);
    expect((performance.now() - draws) / 20).toBeLessThan(60);
  });
});
