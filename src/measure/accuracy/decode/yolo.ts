/** The YOLO families: one head, one row per anchor. */
import type { Size } from '../../../data/samples/placement.js';
import { UserError } from '../../../errors.js';
import type { Feeds } from '../../../tensor/tensor.js';
import type { Corners, Detection } from './detection.js';
import { onlyTable, type Table, tableOf } from './heads.js';
import { nonMaximumSuppression } from './nms.js';

type Roles = Readonly<Record<string, string>>;

/** What Ultralytics' validation takes: every class of a box above this, the overlap, and how many stay. */
const CONFIDENCE = 0.001;
const NMS = { iou: 0.7, candidates: 30_000, most: 300 };
/** YOLOv5's. */
const YOLOV5_NMS = { ...NMS, iou: 0.65 };
/** YOLOX's (`exps`, `test_conf` and `nmsthre`): only the best class of a box, and as many boxes as there are. */
const YOLOX_CONFIDENCE = 0.01;
const YOLOX_NMS = { iou: 0.65, candidates: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };

/** Heads that are done with NMS, or don't need it, give no more boxes than this. */
const END_TO_END_BOXES = 1_000;
const END_TO_END_COLUMNS = 6;

/**
 * [1, 4 + classes, boxes] (or turned): centre, size, a score per class. With an end-to-end head [1, boxes, 6]: corners, score, class, as v10 has it and
 * others exported with NMS.
 */
export function yolov8(outputs: Feeds, roles: Roles): Detection[] {
  const output = onlyTable(outputs, roles);
  const [first = 0, second = 0] = output.dims.slice(-2);
  if (second === END_TO_END_COLUMNS && first > second && first <= END_TO_END_BOXES)
    return endToEnd(tableOf(output));
  const table = tableOf(output, { turned: first < second });
  assertColumns(table, 5, 'yolov8');
  return nonMaximumSuppression(
    scored(table, { from: 4, corners: (row) => aroundCentre(table, row), objectness: () => 1 }),
    NMS,
  );
}

/** [1, boxes, 5 + classes]: centre, size, objectness, a score per class. */
export function yolov5(outputs: Feeds, roles: Roles): Detection[] {
  const table = tableOf(onlyTable(outputs, roles));
  assertColumns(table, 6, 'yolov5');
  return nonMaximumSuppression(
    scored(table, {
      from: 5,
      corners: (row) => aroundCentre(table, row),
      objectness: (row) => table.at(row, 4),
    }),
    YOLOV5_NMS,
  );
}

/** The same rows, but centres are offsets in cells of three grids, and sizes logarithms (YOLOX, `demo_utils.demo_postprocess`). */
export function yolox(outputs: Feeds, roles: Roles, canvas: Size): Detection[] {
  const table = tableOf(onlyTable(outputs, roles));
  assertColumns(table, 6, 'yolox');
  const cells = gridCells(canvas, table.rows);
  const corners = (row: number): Corners => {
    const [x, y, stride] = cells[row]!;
    const [halfWidth, halfHeight] = [2, 3].map((column) => (Math.exp(table.at(row, column)) * stride) / 2);
    const [centreX, centreY] = [(table.at(row, 0) + x) * stride, (table.at(row, 1) + y) * stride];
    return [centreX - halfWidth!, centreY - halfHeight!, centreX + halfWidth!, centreY + halfHeight!];
  };
  const found: Detection[] = [];
  for (let row = 0; row < table.rows; row++) {
    let best = 5;
    for (let column = 6; column < table.columns; column++)
      if (table.at(row, column) > table.at(row, best)) best = column;
    const score = table.at(row, 4) * table.at(row, best);
    if (score >= YOLOX_CONFIDENCE) found.push({ class: best - 5, score, corners: corners(row) });
  }
  return nonMaximumSuppression(found, YOLOX_NMS);
}

const STRIDES = [8, 16, 32];

/** Column, row and stride of each cell, grid by grid. */
function gridCells({ width, height }: Size, rows: number): [number, number, number][] {
  const cells: [number, number, number][] = [];
  for (const strides of [STRIDES, [...STRIDES, 64]]) {
    cells.length = 0;
    for (const stride of strides) {
      for (let y = 0; y < Math.floor(height / stride); y++) {
        for (let x = 0; x < Math.floor(width / stride); x++) cells.push([x, y, stride]);
      }
    }
    if (cells.length === rows) return cells;
  }
  throw new UserError(
    'accuracy.decoder',
    `Decoder yolox: the output has ${rows} rows, but images of ${width} × ${height} pixels have other grids (strides ${STRIDES.join(', ')}, or 64 besides). ` +
      'If the model is exported with decoded boxes, use `decoder: yolov5`.',
  );
}

function assertColumns({ rows, columns }: Table, least: number, decoder: string): void {
  if (columns >= least && rows > 0) return;
  throw new UserError(
    'accuracy.decoder',
    `Decoder ${decoder}: the output has ${rows} rows of ${columns} numbers, but each needs ${least} or more. Choose another \`decoder\`.`,
  );
}

interface Head {
  /** Column of the first class. */
  from: number;
  corners(row: number): Corners;
  objectness(row: number): number;
}

/** One candidate per box and class above the least score. */
function scored(table: Table, { from, corners, objectness }: Head): Detection[] {
  const found: Detection[] = [];
  for (let row = 0; row < table.rows; row++) {
    const base = objectness(row);
    if (base <= CONFIDENCE) continue;
    for (let column = from; column < table.columns; column++) {
      const score = base * table.at(row, column);
      if (score > CONFIDENCE) found.push({ class: column - from, score, corners: corners(row) });
    }
  }
  return found;
}

function aroundCentre(table: Table, row: number): Corners {
  const [x, y, width, height] = [0, 1, 2, 3].map((column) => table.at(row, column)) as [
    number,
    number,
    number,
    number,
  ];
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

function endToEnd(table: Table): Detection[] {
  const found: Detection[] = [];
  for (let row = 0; row < table.rows; row++) {
    const [left, top, right, bottom, score, index] = [0, 1, 2, 3, 4, 5].map((column) =>
      table.at(row, column),
    ) as [number, number, number, number, number, number];
    if (score > CONFIDENCE)
      found.push({ class: Math.round(index), score, corners: [left, top, right, bottom] });
  }
  return found;
}
