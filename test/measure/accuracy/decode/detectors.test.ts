/** Every detector's outputs become boxes in pixels of what the model saw. */
import { describe, expect, it } from 'vitest';
import {
  DETECTOR_NAMES,
  decoderOf,
  guessDecoder,
} from '../../../../src/measure/accuracy/decode/detectors.js';
import { nonMaximumSuppression } from '../../../../src/measure/accuracy/decode/nms.js';
import { onImage } from '../../../../src/measure/accuracy/decode/on-image.js';
import type { Feeds, Tensor } from '../../../../src/tensor/tensor.js';

const CANVAS = { width: 64, height: 32 };

function float(dims: number[], ...values: number[]): Tensor {
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  data.set(values);
  return { type: 'float32', dims, data };
}

function decoded(
  decoder: string,
  outputs: Feeds,
  more: { labelOffset?: number; roles?: Record<string, string> } = {},
) {
  return decoderOf({ decoder, ...more }, outputs)(outputs, CANVAS).map(({ corners, score, ...rest }) => ({
    ...rest,
    score: Number(score.toFixed(4)),
    corners: corners.map((value) => Number(value.toFixed(3))),
  }));
}

/** Rows to columns, as yolov8 has them. */
function columns(rows: number[][]): number[] {
  return rows[0]!.flatMap((_, column) => rows.map((row) => row[column]!));
}

describe('decoders', () => {
  it('yolov8: centre, size and a score per class, as columns or as rows', () => {
    const rows = Array.from({ length: 9 }, () => [0, 0, 0, 0, 0, 0]);
    rows[2] = [20, 10, 8, 4, 0.9, 0.2];
    rows[5] = [20, 10, 8, 5, 0.8, 0];
    const expected = [
      { class: 0, score: 0.9, corners: [16, 8, 24, 12] },
      { class: 1, score: 0.2, corners: [16, 8, 24, 12] },
    ];
    expect(decoded('yolov8', { output0: float([1, 6, 9], ...columns(rows)) })).toEqual(expected);
    const wide = [...rows, ...Array.from({ length: 1_000 }, () => [0, 0, 0, 0, 0, 0])];
    expect(decoded('yolov8', { output0: float([1, 1_009, 6], ...wide.flat()) })).toEqual(expected);
  });

  it('yolov8 with an end-to-end head: corners, score and class, without more ado', () => {
    const rows = [1, 2, 11, 12, 0.9, 3, 1, 2, 11, 12, 0.8, 3, 0, 0, 0, 0, 0, 0];
    expect(decoded('yolov8', { output0: float([1, 7, 6], ...rows) })).toEqual([
      { class: 3, score: 0.9, corners: [1, 2, 11, 12] },
      { class: 3, score: 0.8, corners: [1, 2, 11, 12] },
    ]);
  });

  it('yolov5: objectness times the class', () => {
    const rows = [20, 10, 8, 4, 0.5, 0.2, 0.8, 0, 0, 0, 0, 0, 0, 0];
    expect(decoded('yolov5', { output: float([1, 2, 7], ...rows) })).toEqual([
      { class: 1, score: 0.4, corners: [16, 8, 24, 12] },
      { class: 0, score: 0.1, corners: [16, 8, 24, 12] },
    ]);
  });

  it('yolox: cells of three grids', () => {
    // 64 × 32: 8 × 4 cells of 8 pixels, 4 × 2 of 16, 2 × 1 of 32.
    const output = float([1, 42, 6]);
    const data = output.data as Float32Array;
    // Second grid, second row, third column: row 32 + 4 + 2.
    data.set([0.5, 0.25, Math.log(2), 0, 1, 0.7], 38 * 6);
    expect(decoded('yolox', { output })).toEqual([{ class: 0, score: 0.7, corners: [24, 12, 56, 28] }]);
    expect(() => decoded('yolox', { output: float([1, 40, 6]) })).toThrow(
      /40 rows, but images of 64 × 32 pixels.*decoder: yolov5/,
    );
  });

  it('yolox: the best class of each box alone, from a score of 0.01 on', () => {
    const output = float([1, 42, 7]);
    const data = output.data as Float32Array;
    data.set([0.5, 0.5, 0, 0, 0.8, 0.5, 0.75], 0);
    data.set([0.5, 0.5, 0, 0, 0.018, 0.5, 0.25], 20 * 7);
    const [only, ...others] = decoded('yolox', { output });
    expect(others).toEqual([]);
    expect(only).toMatchObject({ class: 1, corners: [0, 0, 8, 8] });
    expect(only!.score).toBeCloseTo(0.6, 6);
  });

  it('ssd: shares of the image, the background first, scores or logits', () => {
    const boxes = float([1, 2, 4], 0.25, 0.25, 0.5, 0.5, 0, 0, 1, 1);
    const scores = float([1, 2, 3], 0.1, 0.1, 0.8, 1, 0, 0);
    const expected = [{ class: 1, score: 0.8, corners: [16, 8, 32, 16] }];
    const found = decoded('ssd', { boxes, scores }, { labelOffset: 1 });
    expect(found.filter(({ score }) => score > 0.5)).toEqual(expected);
    const logits = float([1, 2, 3], ...[0.1, 0.1, 0.8].map(Math.log), 20, 0, 0);
    expect(decoded('ssd', { boxes, scores: logits }, { labelOffset: 1 })).toEqual(found);
  });

  it('ssd: NMS looks at the 400 best boxes of each class', () => {
    const alike = Array.from({ length: 400 }, () => [0, 0, 0.5, 0.5]);
    const places = [...alike, [0.5, 0.5, 1, 1]];
    const shares = places.map((_, at) => (at < 400 ? [0.2, 0.6, 0.2] : [0.4, 0.5, 0.1]));
    const found = decoded('ssd', {
      boxes: float([1, 401, 4], ...places.flat()),
      scores: float([1, 401, 3], ...shares.flat()),
    });
    // The last box is the 401st of either class.
    expect(found.map(({ class: index, score }) => [index, score])).toEqual([
      [1, 0.6],
      [2, 0.2],
    ]);
  });

  it('detr: the last class is none, each query has one', () => {
    const outputs = {
      logits: float([1, 2, 3], Math.log(0.7), Math.log(0.2), Math.log(0.1), 0, 0, 9),
      pred_boxes: float([1, 2, 4], 0.5, 0.5, 0.5, 0.25, 0.5, 0.5, 1, 1),
    };
    const [best, none] = decoded('detr', outputs);
    expect(best).toEqual({ class: 0, score: 0.7, corners: [16, 12, 48, 20] });
    expect(none!.score).toBeLessThan(0.001);
  });

  it('rt-detr: each class by itself', () => {
    const outputs = {
      logits: float([1, 1, 2], 0, -2),
      pred_boxes: float([1, 1, 4], 0.5, 0.5, 0.5, 0.25),
    };
    expect(decoded('rt-detr', outputs)).toEqual([
      { class: 0, score: 0.5, corners: [16, 12, 48, 20] },
      { class: 1, score: 0.1192, corners: [16, 12, 48, 20] },
    ]);
  });

  it('rt-detr as its own export script makes it: labels, boxes and scores', () => {
    const outputs = {
      labels: { type: 'int64', dims: [1, 1], data: BigInt64Array.of(3n) } as Tensor,
      boxes: float([1, 1, 4], 16, 8, 32, 16),
      scores: float([1, 1], 0.75),
    };
    const expected = [{ class: 3, score: 0.75, corners: [16, 8, 32, 16] }];
    expect(decoded('rt-detr', outputs)).toEqual(expected);
    expect(decoded('boxes', outputs)).toEqual(expected);
  });

  it("boxes: PaddleDetection's columns are class, score and corners, with or without the number of rows", () => {
    const table = float([3, 6], 2, 0.75, 16.5, 8, 32, 16.25, 0, 0.5, 1, 2, 3, 4, 7, 0.25, 0, 0, 9, 9);
    const count: Tensor = { type: 'int32', dims: [1], data: Int32Array.of(2) };
    const expected = [
      { class: 2, score: 0.75, corners: [16.5, 8, 32, 16.25] },
      { class: 0, score: 0.5, corners: [1, 2, 3, 4] },
    ];
    expect(decoded('boxes', { fetch_name_0: table, fetch_name_1: count })).toEqual(expected);
    expect(decoded('boxes', { output: table })).toHaveLength(3);
    expect(decoded('boxes', { output: table }).slice(0, 2)).toEqual(expected);
    const nothing = float([1, 6], -1, -1, -1, -1, -1, -1);
    expect(decoded('boxes', { fetch_name_0: nothing, fetch_name_1: count })).toEqual([]);
    expect(guessDecoder({ a: { dims: [1_000, 6] }, b: { dims: [1] } })).toBe('boxes');
  });

  it('boxes: what a graph with its own NMS gives, in pixels or as shares, with or without a batch axis', () => {
    const classes: Tensor = { type: 'int64', dims: [2], data: BigInt64Array.of(2n, 5n) };
    const expected = [
      { class: 1, score: 0.9, corners: [16, 8, 32, 16] },
      { class: 4, score: 0.3, corners: [0, 0, 64, 32] },
    ];
    const outputs = {
      boxes: float([2, 4], 16, 8, 32, 16, 0, 0, 64, 32),
      labels: classes,
      scores: float([2], 0.9, 0.3),
    };
    expect(decoded('boxes', outputs, { labelOffset: 1 })).toEqual(expected);
    const tensorflow = {
      detection_boxes: float([1, 3, 4], 0.25, 0.25, 0.5, 0.5, 0, 0, 1, 1, 0, 0, 0, 0),
      detection_classes: float([1, 3], 2, 5, 1),
      detection_scores: float([1, 3], 0.9, 0.3, 0),
      num_detections: float([1], 2),
    };
    expect(decoded('boxes', tensorflow, { labelOffset: 1 })).toEqual(expected);
    const rows = float([2, 7], 0, 16, 8, 32, 16, 1, 0.9, 0, 0, 0, 64, 32, 4, 0.3);
    expect(decoded('boxes', { output: rows })).toEqual(expected);
  });

  it('read the outputs that the configuration names', () => {
    const outputs = { a: float([1, 1, 4], 0.5, 0.5, 0.5, 0.25), b: float([1, 1, 2], 0, -2) };
    expect(decoded('rt-detr', outputs, { roles: { boxes: 'a', scores: 'b' } })).toHaveLength(2);
    expect(() => decoded('rt-detr', outputs, { roles: { boxes: 'c' } })).toThrow(
      /needs an output 'c' with the boxes, but the model has 'a' \[1, 1, 4\]/,
    );
  });

  it('are named when the configuration names none or another', () => {
    const outputs = { output0: float([1, 84, 100]) };
    expect(() => decoderOf({}, outputs)).toThrow(
      /needs a `decoder`, one of yolov5, .*look like `decoder: yolov8`/,
    );
    expect(() => decoderOf({ decoder: 'yolo8' }, outputs)).toThrow(
      /no detection decoder 'yolo8': use one of/,
    );
    expect(DETECTOR_NAMES).toHaveLength(7);
  });

  it('are guessed from names and shapes', () => {
    const shaped = (shapes: Record<string, number[]>) =>
      guessDecoder(Object.fromEntries(Object.entries(shapes).map(([name, dims]) => [name, { dims }])));
    expect(shaped({ output0: [1, 84, 8400] })).toBe('yolov8');
    expect(shaped({ output0: [1, 300, 6] })).toBe('yolov8');
    expect(shaped({ output: [1, 25200, 85] })).toBe('yolov5');
    expect(shaped({ logits: [1, 100, 92], pred_boxes: [1, 100, 4] })).toBe('detr');
    expect(shaped({ boxes: [10, 4], labels: [10], scores: [10] })).toBe('boxes');
    expect(shaped({ scores: [1, 3000, 21], boxes: [1, 3000, 4] })).toBe('ssd');
    expect(shaped({ probabilities: [1, 10] })).toBeNull();
  });
});

describe('non-maximum suppression', () => {
  const box = (index: number, score: number, left: number) => ({
    class: index,
    score,
    corners: [left, 0, left + 10, 10] as const,
  });

  it('keeps the best of those that overlap, of each class by itself', () => {
    const boxes = [box(0, 0.5, 0), box(0, 0.9, 1), box(1, 0.4, 1), box(0, 0.3, 8)];
    const kept = nonMaximumSuppression(boxes, { iou: 0.5, candidates: 100, most: 100 });
    expect(kept.map(({ score }) => score)).toEqual([0.9, 0.4, 0.3]);
    expect(nonMaximumSuppression(boxes, { iou: 0.5, candidates: 100, most: 1 })).toHaveLength(1);
  });
});

describe('boxes on the image', () => {
  it('are mapped back through a letterbox and cut at the edges', () => {
    const placement = {
      original: { width: 128, height: 32 },
      resized: { width: 64, height: 16 },
      window: { left: 0, top: 0, width: 64, height: 16 },
      canvas: CANVAS,
      left: 0,
      top: 8,
    };
    const found = [
      { class: 0, score: 1, corners: [16, 8, 32, 16] as const },
      { class: 0, score: 1, corners: [-5, 12, 70, 40] as const },
      { class: 0, score: 1, corners: [0, 0, 64, 7] as const },
    ];
    expect(onImage(found, placement).map(({ corners }) => corners)).toEqual([
      [32, 0, 64, 16],
      [0, 8, 128, 32],
    ]);
  });
});
