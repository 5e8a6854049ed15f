/** What evaluators get of the built-in tasks' arithmetic: the same figures, and intervals for those of a whole set. */
import { describe, expect, it } from 'vitest';
import type { Placement } from '../../../../src/data/samples/placement.js';
import type { EvaluatedSample } from '../../../../src/measure/accuracy/evaluator/protocol.js';
import { figureOfRow, readReduced, reduced } from '../../../../src/measure/accuracy/evaluator/reduced.js';
import {
  EVALUATOR_DECODERS as decode,
  EVALUATOR_METRICS as metrics,
} from '../../../../src/measure/accuracy/evaluator/toolbox.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';

const float = (dims: number[], ...values: number[]) =>
  ({ type: 'float32', dims, data: Float32Array.from(values) }) as const;

describe('metrics.detection', () => {
  const box = (index: number, ...corners: [number, number, number, number]) => ({ class: index, corners });
  const found = { objects: [box(0, 0, 0, 10, 10)], detections: [{ ...box(0, 0, 0, 10, 10), score: 0.9 }] };
  const missed = { objects: [box(0, 0, 0, 10, 10)], detections: [{ ...box(0, 0, 0, 10, 6), score: 0.8 }] };

  it('is mAP unless another figure is asked for', () => {
    expect(metrics.value(metrics.detection([found]))).toBeCloseTo(1, 6);
    expect(metrics.value(metrics.detection([missed], 'map50'))).toBeCloseTo(1, 6);
    expect(metrics.value(metrics.detection([missed], 'map75'))).toBe(0);
    expect(metrics.value(metrics.detection([missed], 'ap'))).toBeCloseTo(1, 6);
    expect(metrics.value(metrics.detection([missed]))).toBeCloseTo(0.3, 6);
  });

  it("counts half an overlap as right in Pascal VOC's figure, as the devkit does", () => {
    const half = { ...found, detections: [{ ...box(0, 0, 0, 10, 5), score: 0.8 }] };
    const less = { ...found, detections: [{ ...box(0, 0, 0, 10, 4.99), score: 0.8 }] };
    expect(metrics.value(metrics.detection([half], 'ap'))).toBeCloseTo(1, 6);
    expect(metrics.value(metrics.detection([less], 'ap'))).toBe(0);
  });

  it('resamples images, and has a figure of each', () => {
    const made = metrics.detection([found, missed], 'map75');
    const { rows, reduce } = readReduced(structuredClone(made))!;
    expect(reduced(rows, reduce)(Uint32Array.of(2, 0))).toBeCloseTo(1, 6);
    expect(reduced(rows, reduce)(Uint32Array.of(0, 2))).toBe(0);
    expect(rows.map((row) => figureOfRow(reduce)!(row))).toEqual([expect.closeTo(1, 6), 0]);
  });
});

describe('metrics of classes', () => {
  // scikit-learn: f1_score(average='macro') and matthews_corrcoef of these.
  const [answers, labels] = [
    [0, 1, 1, 0],
    [0, 1, 0, 0],
  ];

  it('are macro F1, Matthews and Spearman', () => {
    expect(metrics.value(metrics.f1(answers!, labels!))).toBeCloseTo((0.8 + 2 / 3) / 2, 9);
    expect(metrics.value(metrics.mcc(answers!, labels!))).toBeCloseTo(1 / Math.sqrt(3), 9);
    expect(metrics.value(metrics.spearman([1, 2, 3], [10, 30, 20]))).toBeCloseTo(0.5, 9);
    expect(() => metrics.f1([1], [1, 2])).toThrow(/as long as each other/);
  });

  it('of pixels are mIoU over all images and the share of right ones, without those of no class', () => {
    const masks = [
      [0, 1, 1, 255],
      [0, 0, -1, 1],
    ];
    const answered = [
      [0, 1, 0, 0],
      [0, 0, 1, 1],
    ];
    const rows = masks.map((mask, at) => metrics.overlaps(answered[at]!, mask, { classes: 2 }));
    // Class 0: 3 of 4; class 1: 2 of 3.
    expect(metrics.value(metrics.miou(rows))).toBeCloseTo((3 / 4 + 2 / 3) / 2, 9);
    const pixels = masks.map((mask, at) => metrics.pixels(answered[at]!, mask));
    expect(metrics.value(metrics.ratio(pixels))).toBeCloseTo(5 / 6, 9);
    expect(() => metrics.overlaps([7], [0], { classes: 2 })).toThrow(/pixel 0 is of class 7; there are 2/);
    expect(metrics.pixels([1, 1], [0, 1], { ignore: 0 })).toEqual([1, 1]);
    const scores = float([1, 2, 1, 2], 0, 9, 1, 1);
    expect(Array.from(decode.segments(scores, { height: 1, width: 2 }).map)).toEqual([1, 0]);
  });
});

it('metrics.perplexity is e to the loss per token', () => {
  const sample: EvaluatedSample = {
    id: 'a',
    label: null,
    feeds: { input_ids: { type: 'int64', dims: [1, 2], data: BigInt64Array.of(0n, 1n) } },
    outputs: {},
  };
  const loss = metrics.tokenLoss(sample, float([1, 2, 4], 0, 0, 0, 0, 5, 0, 0, 0));
  expect(loss).toEqual([expect.closeTo(Math.log(4), 9), 1]);
  expect(metrics.value(metrics.perplexity([loss, loss]))).toBeCloseTo(4, 9);
});

describe('decode of detectors', () => {
  /** An image of 40 × 20, letterboxed into 80 × 80. */
  const placement: Placement = {
    original: { width: 40, height: 20 },
    resized: { width: 80, height: 40 },
    window: { left: 0, top: 0, width: 80, height: 40 },
    canvas: { width: 80, height: 80 },
    left: 0,
    top: 20,
  };
  /** Centre and size 40, 40, 20, 20, class 1; the same a little to the side; YOLOv8's columns are rows. */
  const columns = [
    [40, 41, 0, 0, 0, 0, 0, 0],
    Array<number>(8).fill(40),
    Array<number>(8).fill(20),
    Array<number>(8).fill(20),
    Array<number>(8).fill(0),
    [0.9, 0.8, 0, 0, 0, 0, 0, 0],
  ];
  const outputs: Feeds = { output0: float([1, 6, 8], ...columns.flat()) };
  const canvas = placement.canvas;

  it('gives boxes on what the model saw, after NMS, and on the image as it is stored', () => {
    const found = decode.detections(outputs, { decoder: 'yolov8' }, canvas);
    expect(found).toEqual([{ class: 1, score: expect.closeTo(0.9, 6), corners: [30, 30, 50, 50] }]);
    expect(decode.onImage(found, placement)[0]!.corners).toEqual([15, 5, 25, 15]);
    const sample: EvaluatedSample = { id: 'a', label: null, feeds: {}, outputs, placement };
    expect(decode.boxes(sample, { decoder: 'yolov8', labelOffset: 1 })).toEqual([
      { class: 0, score: expect.closeTo(0.9, 6), corners: [15, 5, 25, 15] },
    ]);
  });

  it.each(['yolov5', 'yolov8', 'yolox', 'ssd', 'detr', 'rt-detr', 'boxes'])('knows %s', (decoder) => {
    const named = () => decode.detections(outputs, { decoder }, canvas);
    try {
      expect(Array.isArray(named())).toBe(true);
    } catch (error) {
      expect(String(error)).not.toMatch(/There is no detection decoder/);
    }
    expect(() => decode.detections(outputs, { decoder: `${decoder}x1` }, canvas)).toThrow(
      /There is no detection decoder/,
    );
  });

  it('says which sample is no image', () => {
    const sample: EvaluatedSample = { id: 'row 3', label: null, feeds: {}, outputs };
    expect(() => decode.boxes(sample, { decoder: 'yolov8' })).toThrow(/Sample row 3 is no image/);
  });
});
