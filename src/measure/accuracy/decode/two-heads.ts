/** Detectors with an output of boxes and one of scores: SSD, DETR, RT-DETR, and graphs that hold their own NMS. */
import type { Size } from '../../../data/samples/placement.js';
import { elementCount } from '../../../tensor/dims.js';
import { isIntegerType, numbersOf } from '../../../tensor/elements.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import type { Corners, Detection } from './detection.js';
import { nameOf, outputOf, type Table, tableOf } from './heads.js';
import { nonMaximumSuppression } from './nms.js';

type Roles = Readonly<Record<string, string>>;

/** The SSD paper's (Liu et al., ECCV 2016, 3.1). */
const SSD_CONFIDENCE = 0.01;
/** Boxes of a class that NMS looks at: Caffe's SSD and torchvision's. */
const SSD_CANDIDATES = 400;
const SSD_NMS = { iou: 0.45, candidates: Number.POSITIVE_INFINITY, most: 200 };

/** Boxes [1, n, 4], corners as shares of the image; scores [1, n, classes], of which the first is the background. */
export function ssd(outputs: Feeds, roles: Roles, canvas: Size): Detection[] {
  const boxes = tableOf(outputOf('boxes', outputs, roles));
  const scores = tableOf(outputOf('scores', outputs, roles));
  const ofClass = Array.from({ length: scores.columns }, (): Detection[] => []);
  for (let row = 0; row < boxes.rows; row++) {
    const shares = probabilities(scores, row);
    const corners = scaled(rowCorners(boxes, row), canvas);
    for (let index = 1; index < scores.columns; index++) {
      const score = shares[index]!;
      if (score > SSD_CONFIDENCE) ofClass[index]!.push({ class: index, score, corners });
    }
  }
  const found = ofClass.flatMap((own) => own.sort((a, b) => b.score - a.score).slice(0, SSD_CANDIDATES));
  return nonMaximumSuppression(found, SSD_NMS);
}

/** Boxes [1, queries, 4]: centre and size as shares; logits [1, queries, classes + 1], the last one for nothing. One class per query. */
export function detr(outputs: Feeds, roles: Roles, canvas: Size): Detection[] {
  const boxes = tableOf(outputOf('boxes', outputs, roles));
  const logits = tableOf(outputOf('scores', outputs, roles));
  return Array.from({ length: boxes.rows }, (_, row) => {
    const shares = softmax(numbersIn(logits, row));
    const best = shares
      .slice(0, -1)
      .reduce((most, value, index, all) => (value > all[most]! ? index : most), 0);
    return { class: best, score: shares[best]!, corners: scaled(centred(boxes, row), canvas) };
  });
}

/** Queries and classes that RT-DETR's post-processing keeps. */
const MOST_QUERIES = 300;

/**
 * The same boxes; each class by itself (sigmoid), the best of all queries and classes. Exports that do this themselves (`labels`, `boxes`, `scores`) are read
 * as they are.
 */
export function rtDetr(outputs: Feeds, roles: Roles, canvas: Size): Detection[] {
  const boxes = tableOf(outputOf('boxes', outputs, roles));
  const classes = outputs[nameOf('classes', outputs, roles) ?? ''];
  if (classes && elementCount(classes.dims) === boxes.rows) return ownBoxes(outputs, roles, canvas);
  const logits = tableOf(outputOf('scores', outputs, roles));
  const all: Detection[] = [];
  for (let row = 0; row < boxes.rows; row++) {
    const corners = scaled(centred(boxes, row), canvas);
    for (let index = 0; index < logits.columns; index++) {
      all.push({ class: index, score: 1 / (1 + Math.exp(-logits.at(row, index))), corners });
    }
  }
  return all.sort((a, b) => b.score - a.score).slice(0, MOST_QUERIES);
}

/** Above this no coordinate is a share of the image. */
const HIGHEST_SHARE = 2;
/** TensorFlow's object detection API, whose boxes are top, left, bottom, right. */
const TENSORFLOW = /detection_boxes/i;

/**
 * A graph with its own NMS: boxes [n, 4], scores [n] and classes [n], with or without a batch axis of 1; or one output of 6 columns (corners, score,
 * class; PaddleDetection's: class, score, corners) or 7 (batch, corners, class, score), with or without the number of its rows beside it. Coordinates are
 * pixels of what the model saw, or shares of it.
 */
export function ownBoxes(outputs: Feeds, roles: Roles, canvas: Size): Detection[] {
  const tensors = Object.values(outputs);
  if (tensors.length === 1) return oneOutput(tensors[0]!, canvas);
  const counted = countedTable(tensors);
  if (counted) return oneOutput(counted.table, canvas, counted);
  const name = nameOf('boxes', outputs, roles);
  const boxes = tableOf(outputOf('boxes', outputs, roles));
  const scores = numbersOf(outputOf('scores', outputs, roles));
  const classes = numbersOf(outputOf('classes', outputs, roles));
  const turned = name !== null && TENSORFLOW.test(name);
  const rows = Array.from({ length: boxes.rows }, (_, row) => {
    const [a, b, c, d] = rowCorners(boxes, row);
    const corners: Corners = turned ? [b, a, d, c] : [a, b, c, d];
    return { class: Math.round(classes[row]!), score: scores[row]!, corners };
  });
  return inPixels(rows, canvas);
}

/** PaddleDetection's exports: a table of 6 columns, and an integer per image that says how many of its rows count. */
function countedTable(tensors: readonly Tensor[]): { table: Tensor; rows: number } | null {
  const table = tensors.find(({ type, dims }) => !isIntegerType(type) && dims.at(-1) === 6);
  const count = tensors.find(({ type, dims }) => isIntegerType(type) && elementCount(dims) === 1);
  if (!table || !count || tensors.length !== 2) return null;
  return { table, rows: numbersOf(count)[0]! };
}

interface Columns {
  from: number;
  class: number;
  score: number;
}

const CORNERS_FIRST: Columns = { from: 0, class: 5, score: 4 };
const CLASS_FIRST: Columns = { from: 2, class: 0, score: 1 };
const BATCH_FIRST: Columns = { from: 1, class: 5, score: 6 };

/** @param counted how many rows count, of PaddleDetection's table. */
function oneOutput(tensor: Tensor, canvas: Size, counted?: { rows: number }): Detection[] {
  const table = tableOf(tensor);
  const columns = counted ? CLASS_FIRST : table.columns === 7 ? BATCH_FIRST : orderOf(table);
  const rows = Array.from({ length: Math.min(table.rows, counted?.rows ?? table.rows) }, (_, row) => ({
    class: Math.round(table.at(row, columns.class)),
    score: table.at(row, columns.score),
    corners: rowCorners(table, row, columns.from),
  }));
  return inPixels(rows, canvas);
}

/** The class comes first where only that makes whole numbers of the classes and shares of the scores. */
function orderOf(table: Table): Columns {
  const fits = (columns: Columns) => {
    for (let row = 0; row < table.rows; row++) {
      if (!Number.isInteger(table.at(row, columns.class)) || table.at(row, columns.score) > 1) return false;
    }
    return true;
  };
  return !fits(CORNERS_FIRST) && fits(CLASS_FIRST) ? CLASS_FIRST : CORNERS_FIRST;
}

/** Rows of padding, whose score is 0 or less, go. */
function inPixels(rows: readonly Detection[], canvas: Size): Detection[] {
  const found = rows.filter(({ score }) => score > 0);
  const shares = found.every(({ corners }) => corners.every((value) => Math.abs(value) <= HIGHEST_SHARE));
  return shares ? found.map((one) => ({ ...one, corners: scaled(one.corners, canvas) })) : found;
}

function rowCorners(table: Table, row: number, from = 0): Corners {
  return [table.at(row, from), table.at(row, from + 1), table.at(row, from + 2), table.at(row, from + 3)];
}

function centred(table: Table, row: number): Corners {
  const [x, y, width, height] = rowCorners(table, row);
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

function scaled([left, top, right, bottom]: Corners, { width, height }: Size): Corners {
  return [left * width, top * height, right * width, bottom * height];
}

function numbersIn(table: Table, row: number): number[] {
  return Array.from({ length: table.columns }, (_, column) => table.at(row, column));
}

/** Scores as they are, or of logits their softmax. */
function probabilities(table: Table, row: number): number[] {
  const values = numbersIn(table, row);
  const sum = values.reduce((total, value) => total + value, 0);
  const already = Math.abs(sum - 1) < 0.01 && values.every((value) => value >= 0);
  return already ? values : softmax(values);
}

function softmax(values: readonly number[]): number[] {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
