import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  SILENT
} from "./chunk-X7SHKWLT.js";
import {
  withDoubt
} from "./chunk-Z7C2XHPS.js";
import {
  OutputFidelity,
  scoredOutput,
  seededRandom,
  writeHalfReference
} from "./chunk-HG7K7Y73.js";
import {
  SPIN_WITHIN_RUNS
} from "./chunk-TJ7D4N7I.js";
import {
  matchesWhere
} from "./chunk-OU7AXWVO.js";
import {
  twoSided
} from "./chunk-AQF5U6DS.js";
import {
  WorkerError,
  startWorker,
  timingFeeds
} from "./chunk-NAGRX56O.js";
import {
  ORIGINAL,
  blankMeasurement
} from "./chunk-MXXY4EXN.js";
import {
  bundledFile
} from "./chunk-2BQ5FZ24.js";
import {
  CLASS_ORDERS,
  classIndices
} from "./chunk-AFAWG3BD.js";
import {
  runProgram
} from "./chunk-YKREVSBC.js";
import {
  forkFile,
  signalAll,
  superviseChild
} from "./chunk-DDUI4A4C.js";
import {
  metricDefinition
} from "./chunk-YI7OXUMY.js";
import {
  FeedsFile
} from "./chunk-KMP6J2GC.js";
import {
  TAG_SCHEMES,
  answerF1,
  averagePrecision,
  bestSpan,
  blankOf,
  characterEdits,
  countEntities,
  ctcSymbols,
  exactMatch,
  hasOneCase,
  ndcg,
  noAnswerScore,
  nonMaximumSuppression,
  ranked,
  recall,
  reciprocalRank,
  schemeOf,
  transcriptOf,
  wordEdits
} from "./chunk-23EIKJQA.js";
import {
  indexOfMaximum
} from "./chunk-LKXY4777.js";
import {
  readText
} from "./chunk-XMXQBFJC.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  npyHeader
} from "./chunk-CQM643LP.js";
import {
  elementCount
} from "./chunk-OEIIXWBO.js";
import {
  allocate,
  isFloatType,
  isIntegerType,
  isNumericType,
  numbersOf
} from "./chunk-K7D3JYL6.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/measure/accuracy/tasks/class-axis.ts
function assertOneClassAxis(shape, context) {
  if (axesAboveOne(shape) < 2) return;
  const name = context.output === void 0 ? "The scored output" : `The scored output '${context.output}'`;
  throw new UserError(
    `${name} has shape [${shape.join(", ")}]: classification needs one score per class, so only one axis after the batch may be above 1. ` + advice(shape, context)
  );
}
function axesAboveOne(shape) {
  return shape.slice(1).filter((size) => typeof size === "number" && size > 1).length;
}
function advice(shape, { output, outputs = [], sample }) {
  const fitting = outputs.filter(
    ({ name, shape: other }) => name !== output && other !== null && other.length > 1 && isOneRow(other)
  );
  const choose = fitting.map(({ name }) => `\`output: ${name}\``).join(" or ");
  const task = `\`task: ${taskOf(shape, sample)}\``;
  const evaluator = taskOf(shape, sample) === "custom" ? " with an 'evaluator' of yours" : "";
  return fitting.length > 0 ? `Write ${choose}, which has one, or ${task}${evaluator}.` : `Write ${task}${evaluator}, or choose another \`output\`.`;
}
function isOneRow(shape) {
  return shape.slice(1).filter((size) => size !== 1).length === 1;
}
function taskOf(shape, sample) {
  const label = sample?.label ?? null;
  const mask = label !== null && typeof label !== "number" && label.dims.filter((size) => size > 1).length >= 2;
  if (mask || shape.length === 4) return "segmentation";
  const tokens = Object.values(sample?.feeds ?? {}).some(
    ({ type, dims }) => isIntegerType(type) && dims.at(-1) === shape.at(-2)
  );
  return tokens ? "language-model" : "custom";
}

// src/measure/accuracy/tasks/classification.ts
function classificationMetrics(options) {
  const top = (count) => ({
    name: `accuracy.top${count}`,
    kind: "share",
    keep: (sample, output) => [rankOfLabel(sample, output, options) < count ? 1 : 0]
  });
  return [top(1), top(5)];
}
function rankOfLabel(sample, output, options) {
  const scores = numbersOf(output);
  if (scores.length < 2) {
    throw new UserError(
      `The scored output has shape [${output.dims.join(", ")}]: classification needs one score per class. Choose another output with \`output\`, or another \`task\`.`
    );
  }
  assertOneClassAxis(output.dims, { outputs: options.outputs ?? [], sample });
  const index = labelledClass(sample, scores.length, options);
  if (!Number.isInteger(index) || index < 0 || index >= scores.length) {
    throw labelOutOfRange(
      `sample ${sample.id} has label ${index - options.labelOffset}`,
      scores.length,
      options
    );
  }
  const score = scores[index];
  let rank = 0;
  for (let other = 0; other < scores.length; other++) {
    if (scores[other] > score || scores[other] === score && other < index) rank++;
  }
  return rank;
}
function assertLabelsInRange(data, output, options) {
  const { outputs = [] } = options;
  if (output.shape !== null) assertOneClassAxis(output.shape, { output: output.name, outputs });
  const classes = output.shape?.at(-1);
  if (data.classes === null || typeof classes !== "number" || classes < 2 || output.shape.length > 2) return;
  if (data.classes + options.labelOffset <= classes) return;
  throw labelOutOfRange(`${data.description} has label ${data.classes - 1}`, classes, options);
}
function labelOutOfRange(what, classes, { labelOffset }) {
  const offset = labelOffset === 0 ? "" : ` (with label-offset ${labelOffset})`;
  return new UserError(
    `${what}, but the scored output has ${classes} classes, 0 \u2026 ${classes - 1}${offset}. Correct the labels, \`label-offset\` (1 for models with a background class, \u22121 for labels that count from 1), or \`output\`.`
  );
}
function labelledClass({ label, id }, classes, { labelOffset }) {
  if (typeof label === "number") return label + labelOffset;
  if (label !== null) {
    const values = numbersOf(label);
    if (values.length === 1 && (isIntegerType(label.type) || Number.isInteger(values[0])))
      return values[0] + labelOffset;
    if (values.length === classes) return indexOfMaximum(values);
    throw new UserError(
      `Sample ${id} has a target of shape [${label.dims.join(", ")}]: classification needs a class index per sample. Choose the labels with \`labels\`, or another \`task\`.`
    );
  }
  throw new UserError(`Sample ${id} has no label.`);
}

// src/measure/accuracy/decode/heads.ts
var NAMES = {
  boxes: /box/i,
  scores: /score|conf|prob|logit/i,
  classes: /label|class/i
};
function outputOf(role, outputs, roles) {
  return find(role, outputs, roles)?.[1] ?? missing(role, outputs);
}
function nameOf(role, outputs, roles) {
  return find(role, outputs, roles)?.[0] ?? null;
}
function find(role, outputs, roles) {
  const entries = Object.entries(outputs);
  const configured = roles[role];
  if (configured !== void 0)
    return entries.find(([name]) => name === configured) ?? missing(role, outputs, configured);
  return entries.find(([name]) => NAMES[role].test(name)) ?? entries.find(([, tensor]) => looksLike(role, tensor)) ?? null;
}
function looksLike(role, { type, dims }) {
  if (role === "boxes") return dims.length >= 2 && dims.at(-1) === 4;
  if (role === "classes") return isIntegerType(type);
  return !isIntegerType(type) && dims.at(-1) !== 4;
}
function missing(role, outputs, configured) {
  const have = Object.entries(outputs).map(([name, { dims }]) => `'${name}' [${dims.join(", ")}]`).join(", ");
  const which = configured === void 0 ? "" : ` '${configured}'`;
  throw new UserError(
    `The decoder needs an output${which} with the ${role}, but the model has ${have}. Name it: \`outputs: { ${role}: NAME }\`, or choose another \`decoder\`.`
  );
}
function onlyTable(outputs, roles) {
  const entries = Object.entries(outputs);
  const [, tensor] = entries.find(([name]) => name === roles.boxes) ?? entries.find(([, { dims }]) => dims.length === 3 && dims[0] === 1) ?? entries[0];
  return tensor;
}
function tableOf(tensor, options = {}) {
  const values = numbersOf(tensor);
  const dims = tensor.dims.length === 3 && tensor.dims[0] === 1 ? tensor.dims.slice(1) : tensor.dims;
  if (dims.length !== 2) {
    throw new UserError(
      `The decoder needs an output of one row per box, [1, rows, columns], but this one is [${tensor.dims.join(", ")}]. Choose another \`decoder\`.`
    );
  }
  const [first, second] = dims;
  return options.turned ? { rows: second, columns: first, at: (row, column2) => values[column2 * second + row] } : { rows: first, columns: second, at: (row, column2) => values[row * second + column2] };
}

// src/measure/accuracy/decode/two-heads.ts
var SSD_CONFIDENCE = 0.01;
var SSD_NMS = { iou: 0.45, candidates: 3e4, most: 200 };
function ssd(outputs, roles, canvas) {
  const boxes = tableOf(outputOf("boxes", outputs, roles));
  const scores = tableOf(outputOf("scores", outputs, roles));
  const found = [];
  for (let row = 0; row < boxes.rows; row++) {
    const shares = probabilities(scores, row);
    const corners = scaled(rowCorners(boxes, row), canvas);
    for (let index = 1; index < scores.columns; index++) {
      if (shares[index] > SSD_CONFIDENCE) found.push({ class: index, score: shares[index], corners });
    }
  }
  return nonMaximumSuppression(found, SSD_NMS);
}
function detr(outputs, roles, canvas) {
  const boxes = tableOf(outputOf("boxes", outputs, roles));
  const logits = tableOf(outputOf("scores", outputs, roles));
  return Array.from({ length: boxes.rows }, (_, row) => {
    const shares = softmax(numbersIn(logits, row));
    const best = shares.slice(0, -1).reduce((most, value, index, all) => value > all[most] ? index : most, 0);
    return { class: best, score: shares[best], corners: scaled(centred(boxes, row), canvas) };
  });
}
var MOST_QUERIES = 300;
function rtDetr(outputs, roles, canvas) {
  const boxes = tableOf(outputOf("boxes", outputs, roles));
  const logits = tableOf(outputOf("scores", outputs, roles));
  const all = [];
  for (let row = 0; row < boxes.rows; row++) {
    const corners = scaled(centred(boxes, row), canvas);
    for (let index = 0; index < logits.columns; index++) {
      all.push({ class: index, score: 1 / (1 + Math.exp(-logits.at(row, index))), corners });
    }
  }
  return all.sort((a, b) => b.score - a.score).slice(0, MOST_QUERIES);
}
var HIGHEST_SHARE = 2;
var TENSORFLOW = /detection_boxes/i;
function ownBoxes(outputs, roles, canvas) {
  const tensors = Object.values(outputs);
  if (tensors.length === 1) return oneOutput(tensors[0], canvas);
  const name = nameOf("boxes", outputs, roles);
  const boxes = tableOf(outputOf("boxes", outputs, roles));
  const scores = numbersOf(outputOf("scores", outputs, roles));
  const classes = numbersOf(outputOf("classes", outputs, roles));
  const turned = name !== null && TENSORFLOW.test(name);
  const rows = Array.from({ length: boxes.rows }, (_, row) => {
    const [a, b, c, d] = rowCorners(boxes, row);
    const corners = turned ? [b, a, d, c] : [a, b, c, d];
    return { class: Math.round(classes[row]), score: scores[row], corners };
  });
  return inPixels(rows, canvas);
}
function oneOutput(tensor, canvas) {
  const table = tableOf(tensor);
  const columns = table.columns === 7 ? { from: 1, class: 5, score: 6 } : { from: 0, class: 5, score: 4 };
  const rows = Array.from({ length: table.rows }, (_, row) => ({
    class: Math.round(table.at(row, columns.class)),
    score: table.at(row, columns.score),
    corners: rowCorners(table, row, columns.from)
  }));
  return inPixels(rows, canvas);
}
function inPixels(rows, canvas) {
  const found = rows.filter(({ score }) => score > 0);
  const shares = found.every(({ corners }) => corners.every((value) => Math.abs(value) <= HIGHEST_SHARE));
  return shares ? found.map((one) => ({ ...one, corners: scaled(one.corners, canvas) })) : found;
}
function rowCorners(table, row, from = 0) {
  return [table.at(row, from), table.at(row, from + 1), table.at(row, from + 2), table.at(row, from + 3)];
}
function centred(table, row) {
  const [x, y, width, height] = rowCorners(table, row);
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}
function scaled([left, top, right, bottom], { width, height }) {
  return [left * width, top * height, right * width, bottom * height];
}
function numbersIn(table, row) {
  return Array.from({ length: table.columns }, (_, column2) => table.at(row, column2));
}
function probabilities(table, row) {
  const values = numbersIn(table, row);
  const sum = values.reduce((total, value) => total + value, 0);
  const already = Math.abs(sum - 1) < 0.01 && values.every((value) => value >= 0);
  return already ? values : softmax(values);
}
function softmax(values) {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

// src/measure/accuracy/decode/yolo.ts
var CONFIDENCE = 1e-3;
var NMS = { iou: 0.7, candidates: 3e4, most: 300 };
var OLDER_NMS = { ...NMS, iou: 0.65 };
var END_TO_END_BOXES = 1e3;
var END_TO_END_COLUMNS = 6;
function yolov8(outputs, roles) {
  const output = onlyTable(outputs, roles);
  const [first = 0, second = 0] = output.dims.slice(-2);
  if (second === END_TO_END_COLUMNS && first > second && first <= END_TO_END_BOXES)
    return endToEnd(tableOf(output));
  const table = tableOf(output, { turned: first < second });
  assertColumns(table, 5, "yolov8");
  return nonMaximumSuppression(
    scored(table, { from: 4, corners: (row) => aroundCentre(table, row), objectness: () => 1 }),
    NMS
  );
}
function yolov5(outputs, roles) {
  const table = tableOf(onlyTable(outputs, roles));
  assertColumns(table, 6, "yolov5");
  return nonMaximumSuppression(
    scored(table, {
      from: 5,
      corners: (row) => aroundCentre(table, row),
      objectness: (row) => table.at(row, 4)
    }),
    OLDER_NMS
  );
}
function yolox(outputs, roles, canvas) {
  const table = tableOf(onlyTable(outputs, roles));
  assertColumns(table, 6, "yolox");
  const cells = gridCells(canvas, table.rows);
  const corners = (row) => {
    const [x, y, stride] = cells[row];
    const [halfWidth, halfHeight] = [2, 3].map((column2) => Math.exp(table.at(row, column2)) * stride / 2);
    const [centreX, centreY] = [(table.at(row, 0) + x) * stride, (table.at(row, 1) + y) * stride];
    return [centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight];
  };
  return nonMaximumSuppression(
    scored(table, { from: 5, corners, objectness: (row) => table.at(row, 4) }),
    OLDER_NMS
  );
}
var STRIDES = [8, 16, 32];
function gridCells({ width, height }, rows) {
  const cells = [];
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
    `Decoder yolox: the output has ${rows} rows, but images of ${width} \xD7 ${height} pixels have other grids (strides ${STRIDES.join(", ")}, or 64 besides). If the model is exported with decoded boxes, use \`decoder: yolov5\`.`
  );
}
function assertColumns({ rows, columns }, least, decoder) {
  if (columns >= least && rows > 0) return;
  throw new UserError(
    `Decoder ${decoder}: the output has ${rows} rows of ${columns} numbers, but each needs ${least} or more. Choose another \`decoder\`.`
  );
}
function scored(table, { from, corners, objectness }) {
  const found = [];
  for (let row = 0; row < table.rows; row++) {
    const base = objectness(row);
    if (base <= CONFIDENCE) continue;
    for (let column2 = from; column2 < table.columns; column2++) {
      const score = base * table.at(row, column2);
      if (score > CONFIDENCE) found.push({ class: column2 - from, score, corners: corners(row) });
    }
  }
  return found;
}
function aroundCentre(table, row) {
  const [x, y, width, height] = [0, 1, 2, 3].map((column2) => table.at(row, column2));
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}
function endToEnd(table) {
  const found = [];
  for (let row = 0; row < table.rows; row++) {
    const [left, top, right, bottom, score, index] = [0, 1, 2, 3, 4, 5].map(
      (column2) => table.at(row, column2)
    );
    if (score > CONFIDENCE)
      found.push({ class: Math.round(index), score, corners: [left, top, right, bottom] });
  }
  return found;
}

// src/measure/accuracy/decode/detectors.ts
var DETECTORS = {
  yolov5,
  yolov8,
  yolox,
  ssd,
  detr,
  "rt-detr": rtDetr,
  boxes: ownBoxes
};
var DETECTOR_NAMES = Object.keys(DETECTORS);
function decoderOf({ decoder = null, roles = {}, labelOffset = 0 }, outputs) {
  const found = DETECTOR_NAMES.find((name) => name === decoder);
  if (found === void 0) throw unknown(decoder, outputs);
  return (given, canvas) => DETECTORS[found](given, roles, canvas).flatMap(
    (one) => one.class < labelOffset ? [] : { ...one, class: one.class - labelOffset }
  );
}
function unknown(decoder, outputs) {
  const names = DETECTOR_NAMES.join(", ");
  const guess = guessDecoder(outputs);
  const shapes = Object.entries(outputs).map(([name, { dims }]) => `'${name}' [${dims.join(", ")}]`).join(", ");
  const looks = guess === null ? "" : `; these look like \`decoder: ${guess}\``;
  return new UserError(
    decoder === null ? `Task detection needs a \`decoder\`, one of ${names}: how the outputs become boxes. The model's outputs are ${shapes}${looks}.` : `There is no detection decoder '${decoder}': use one of ${names}. The model's outputs are ${shapes}${looks}.`
  );
}
function guessDecoder(outputs) {
  const entries = Object.entries(outputs);
  const names = entries.map(([name]) => name).join(" ");
  if (/pred_boxes/.test(names)) return "detr";
  if (entries.length >= 3 && /label|class/i.test(names)) return "boxes";
  if (entries.length === 2 && entries.some(([, { dims: dims2 }]) => dims2.at(-1) === 4)) return "ssd";
  const dims = entries[0]?.[1].dims ?? [];
  if (entries.length !== 1 || dims.length !== 3) return null;
  const [first = 0, second = 0] = dims.slice(-2);
  if (first < second || second === 6 && first <= 1e3) return "yolov8";
  return second > 5 ? "yolov5" : null;
}

// src/data/samples/placement.ts
function toOriginal({ original, resized, window, left, top }, [x, y]) {
  return [
    (x - left + window.left) * original.width / resized.width,
    (y - top + window.top) * original.height / resized.height
  ];
}

// src/measure/accuracy/decode/on-image.ts
function onImage(detections, placement) {
  const { width, height } = placement.original;
  const x = (value) => Math.min(width, Math.max(0, value));
  const y = (value) => Math.min(height, Math.max(0, value));
  return detections.flatMap((found) => {
    const [left, top] = toOriginal(placement, [found.corners[0], found.corners[1]]);
    const [right, bottom] = toOriginal(placement, [found.corners[2], found.corners[3]]);
    const corners = [x(left), y(top), x(right), y(bottom)];
    return corners[2] > corners[0] && corners[3] > corners[1] ? { ...found, corners } : [];
  });
}

// src/measure/accuracy/tasks/detection/image-boxes.ts
var HEADER = 2;
var PER_OBJECT = 8;
var PER_DETECTION = 6;
function boxesRow({ objects, detections }) {
  const row = new Float64Array(HEADER + objects.length * PER_OBJECT + detections.length * PER_DETECTION);
  row.set([objects.length, detections.length]);
  let at = HEADER;
  for (const { class: index, corners, area, crowd, difficult } of objects) {
    row.set(
      [index, ...corners, area ?? areaOf(corners), Number(crowd ?? false), Number(difficult ?? false)],
      at
    );
    at += PER_OBJECT;
  }
  for (const { class: index, score, corners } of detections) {
    row.set([index, score, ...corners], at);
    at += PER_DETECTION;
  }
  return row;
}
function boxesOf(row) {
  const numbers = row;
  const [objectCount = 0, detectionCount = 0] = numbers;
  const objects = [];
  const detections = [];
  let at = HEADER;
  for (let object = 0; object < objectCount; object++, at += PER_OBJECT) {
    objects.push({
      class: numbers[at],
      corners: cornersAt(numbers, at + 1),
      area: numbers[at + 5],
      crowd: numbers[at + 6] === 1,
      difficult: numbers[at + 7] === 1
    });
  }
  for (let found = 0; found < detectionCount; found++, at += PER_DETECTION) {
    detections.push({ class: numbers[at], score: numbers[at + 1], corners: cornersAt(numbers, at + 2) });
  }
  return { objects, detections };
}
function cornersAt(numbers, at) {
  return [numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]];
}
function areaOf([left, top, right, bottom]) {
  return (right - left) * (bottom - top);
}

// src/measure/accuracy/tasks/detection/matches.ts
var COCO_IOUS = Array.from(
  { length: 10 },
  (_, t) => t === 9 ? 0.95 : 0.5 + t * ((0.95 - 0.5) / 9)
);
var MOST_DETECTIONS = 100;
var AREAS = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10]
};
function cocoMatches({ objects, detections }, range) {
  const [least, most] = AREAS[range];
  const outside = (area) => area < least || area > most;
  return perClass(objects, detections, (own, found) => {
    const crowd = own.map((object) => object.crowd === true);
    const counted2 = own.map((object, at) => !crowd[at] && !outside(object.area ?? areaOf(object.corners)));
    const order = [...own.keys()].sort((a, b) => Number(counted2[b]) - Number(counted2[a]));
    const best = byScore(found).slice(0, MOST_DETECTIONS);
    if (own.length === 0) return allWrong(best, outside);
    const ious = best.map(({ corners }) => order.map((at) => iou(corners, own[at].corners, crowd[at])));
    const matches = emptyMatches(best, counted2.filter(Boolean).length);
    COCO_IOUS.forEach((threshold, t) => {
      const taken = new Uint8Array(order.length);
      best.forEach(({ corners }, d) => {
        const place = bestFree(ious[d], { threshold, taken, order, crowd, counted: counted2 });
        if (place >= 0) taken[place] = 1;
        const counts2 = place < 0 || counted2[order[place]];
        if (place >= 0 && counts2) matches.matched[d] |= 1 << t;
        if (!counts2 || place < 0 && outside(areaOf(corners))) matches.ignored[d] |= 1 << t;
      });
    });
    return matches;
  });
}
function allWrong(best, outside) {
  const matches = emptyMatches(best, 0);
  const everywhere = (1 << COCO_IOUS.length) - 1;
  best.forEach(({ corners }, d) => {
    if (outside(areaOf(corners))) matches.ignored[d] = everywhere;
  });
  return matches;
}
function bestFree(ious, { threshold, taken, order, crowd, counted: counted2 }) {
  let least = Math.min(threshold, 1 - 1e-10);
  let best = -1;
  for (let place = 0; place < order.length; place++) {
    const object = order[place];
    if (taken[place] === 1 && !crowd[object]) continue;
    if (best >= 0 && counted2[order[best]] && !counted2[object]) break;
    if (ious[place] < least) continue;
    least = ious[place];
    best = place;
  }
  return best;
}
var VOC_IOU = 0.5;
function vocMatches({ objects, detections }) {
  return perClass(objects, detections, (own, found) => {
    const best = byScore(found);
    const matches = emptyMatches(best, own.filter(({ difficult }) => !difficult).length);
    const taken = /* @__PURE__ */ new Set();
    best.forEach(({ corners }, d) => {
      const ious = own.map((object) => iou(corners, object.corners, false));
      const at = ious.reduce((most, value, index) => most < 0 || value > ious[most] ? index : most, -1);
      if (at < 0 || ious[at] <= VOC_IOU) return;
      if (own[at].difficult) matches.ignored[d] = 1;
      else if (!taken.has(at)) matches.matched[d] = 1;
      taken.add(at);
    });
    return matches;
  });
}
function perClass(objects, detections, match) {
  const own = grouped(objects);
  const found = grouped(detections);
  const classes = /* @__PURE__ */ new Set([...own.keys(), ...found.keys()]);
  return new Map([...classes].map((index) => [index, match(own.get(index) ?? [], found.get(index) ?? [])]));
}
function grouped(entries) {
  const groups = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    const group = groups.get(entry.class);
    if (group) group.push(entry);
    else groups.set(entry.class, [entry]);
  }
  return groups;
}
function byScore(detections) {
  return [...detections].sort((a, b) => b.score - a.score);
}
function emptyMatches(best, objects) {
  return {
    scores: Float64Array.from(best, ({ score }) => score),
    matched: new Uint16Array(best.length),
    ignored: new Uint16Array(best.length),
    objects
  };
}
function iou(found, object, crowd) {
  const width = Math.min(found[2], object[2]) - Math.max(found[0], object[0]);
  if (width <= 0) return 0;
  const height = Math.min(found[3], object[3]) - Math.max(found[1], object[1]);
  if (height <= 0) return 0;
  const intersection = width * height;
  return intersection / (crowd ? areaOf(found) : areaOf(found) + areaOf(object) - intersection);
}

// src/measure/accuracy/tasks/detection/precision.ts
function rankedClasses(images, thresholds) {
  const classes = new Set(images.flatMap((image) => [...image.keys()]));
  return [...classes].map((index) => rankedClass(images, index, thresholds));
}
function rankedClass(images, index, thresholds) {
  const holders = [];
  const counts2 = [];
  const all = [];
  images.forEach((matches, image) => {
    const own = matches.get(index);
    if (!own) return;
    if (own.objects > 0) {
      holders.push(image);
      counts2.push(own.objects);
    }
    own.scores.forEach((score, place) => {
      all.push({ image, score, matched: own.matched[place], ignored: own.ignored[place] });
    });
  });
  all.sort((a, b) => b.score - a.score);
  const matched = Uint16Array.from(all, (one) => one.matched);
  return {
    class: index,
    images: Int32Array.from(all, ({ image }) => image),
    matched,
    ignored: Uint16Array.from(all, (one) => one.ignored),
    ends: Array.from({ length: thresholds }, (_, t) => lastWith(matched, 1 << t) + 1),
    holders: Int32Array.from(holders),
    counts: Int32Array.from(counts2)
  };
}
function lastWith(bits, bit) {
  let at = bits.length - 1;
  while (at >= 0 && (bits[at] & bit) === 0) at--;
  return at;
}
function meanOverClasses(classes, bits, curve) {
  return (weights) => {
    let total = 0;
    let counted2 = 0;
    for (const one of classes) {
      const objects = objectsOf(one, weights);
      if (objects === 0) continue;
      counted2++;
      for (const bit of bits) {
        walk(one, { bit, objects, weights, curve });
        total += curve.end();
      }
    }
    return total / (counted2 * bits.length);
  };
}
function objectsOf({ holders, counts: counts2 }, weights) {
  let objects = 0;
  for (let at = 0; at < holders.length; at++) {
    objects += counts2[at] * (weights === null ? 1 : weights[holders[at]]);
  }
  return objects;
}
function walk({ images, matched, ignored, ends }, { bit, objects, weights, curve }) {
  const flag = 1 << bit;
  const end = ends[bit];
  let right = 0;
  let found = 0;
  for (let at = 0; at < end; at++) {
    if ((ignored[at] & flag) !== 0) continue;
    const weight = weights === null ? 1 : weights[images[at]];
    if (weight === 0) continue;
    found += weight;
    if ((matched[at] & flag) === 0) continue;
    right += weight;
    curve.add(right / (found + Number.EPSILON), right / objects);
  }
}
var RECALLS = Float64Array.from({ length: 101 }, (_, at) => at === 100 ? 1 : at * 0.01);
function averagePrecision2() {
  const best = new Float64Array(RECALLS.length);
  return {
    add(precision, recall2) {
      let at = Math.min(100, Math.max(0, Math.floor(recall2 * 100) - 1));
      while (at < 100 && RECALLS[at + 1] <= recall2) at++;
      if (precision > best[at]) best[at] = precision;
    },
    end() {
      let sum = 0;
      let highest2 = 0;
      for (let at = 100; at >= 0; at--) {
        highest2 = Math.max(highest2, best[at]);
        sum += highest2;
      }
      best.fill(0);
      return sum / RECALLS.length;
    }
  };
}
function finalRecall() {
  let last = 0;
  return {
    add(_, recall2) {
      last = recall2;
    },
    end() {
      const recall2 = last;
      last = 0;
      return recall2;
    }
  };
}
function areaUnderCurve() {
  let points = [];
  return {
    add: (precision, recall2) => {
      points.push([precision, recall2]);
    },
    end() {
      let area = 0;
      let highest2 = 0;
      for (let at = points.length - 1; at >= 0; at--) {
        const [precision, recall2] = points[at];
        highest2 = Math.max(highest2, precision);
        area += highest2 * (recall2 - (points[at - 1]?.[1] ?? 0));
      }
      points = [];
      return Math.min(1, area);
    }
  };
}

// src/measure/accuracy/tasks/detection.ts
var ALL_IOUS = COCO_IOUS.map((_, t) => t);
var IOU_75 = 5;
var METRICS = {
  map: { matches: "all", bits: ALL_IOUS, curve: averagePrecision2 },
  map50: { matches: "all", bits: [0], curve: averagePrecision2 },
  map75: { matches: "all", bits: [IOU_75], curve: averagePrecision2 },
  "map-small": { matches: "small", bits: ALL_IOUS, curve: averagePrecision2 },
  "map-medium": { matches: "medium", bits: ALL_IOUS, curve: averagePrecision2 },
  "map-large": { matches: "large", bits: ALL_IOUS, curve: averagePrecision2 },
  recall100: { matches: "all", bits: ALL_IOUS, curve: finalRecall },
  ap: { matches: "voc", bits: [0], curve: areaUnderCurve }
};
function detectionMetrics(options) {
  const rowOf4 = rowKeeper(options);
  return Object.keys(METRICS).map((name) => ({
    name: `accuracy.${name}`,
    kind: "statistic",
    undefinedReason: name === "map" ? "the images hold no objects" : "the images hold no objects of this kind",
    keep: rowOf4,
    statistic: (kept) => detectionStatistic(name, kept),
    operations: (kept) => kept.reduce((sum, row) => sum + row.length, 0) * METRICS[name].bits.length,
    details: (kept) => ({ classes: perClass2(name, kept, options.classIndices) }),
    figureOfSample: (row) => detectionStatistic(name, [row])(null)
  }));
}
function rowKeeper(options) {
  const rows = /* @__PURE__ */ new WeakMap();
  let decoder = null;
  return (sample, _, outputs) => {
    const known = rows.get(outputs);
    if (known) return known;
    decoder ??= decoderOf(options, outputs);
    const row = boxesRow({
      objects: objectsOf2(sample),
      detections: onImage(decoder(outputs, canvasOf(sample)), sample.placement)
    });
    rows.set(outputs, row);
    return row;
  };
}
function objectsOf2({ id, annotation }) {
  if (annotation?.kind === "boxes") return annotation.boxes;
  throw new UserError(
    `Sample ${id} has no boxes: task detection needs data of format coco, yolo or voc (docs/data.md).`
  );
}
function canvasOf({ id, placement }) {
  if (placement) return placement.canvas;
  throw new UserError(
    `Sample ${id} is no image: task detection reads images, so that boxes can be mapped back to them.`
  );
}
function detectionStatistic(name, kept) {
  const { matches, bits, curve } = METRICS[name];
  const images = kept.map((row) => matchesOf(row, matches));
  return meanOverClasses(rankedClasses(images, matches === "voc" ? 1 : COCO_IOUS.length), bits, curve());
}
function perClass2(name, kept, classIndices2 = /* @__PURE__ */ new Map()) {
  const { matches, bits, curve } = METRICS[name];
  const names = new Map([...classIndices2].map(([own, index]) => [index, own]));
  const ranked2 = rankedClasses(
    kept.map((row) => matchesOf(row, matches)),
    matches === "voc" ? 1 : COCO_IOUS.length
  );
  return ranked2.map((one) => {
    const own = names.get(one.class);
    return {
      class: one.class,
      ...own === void 0 ? {} : { name: own },
      value: meanOverClasses([one], bits, curve())(null)
    };
  }).filter(({ value }) => !Number.isNaN(value)).sort((a, b) => a.class - b.class);
}
var KNOWN = {
  all: /* @__PURE__ */ new WeakMap(),
  small: /* @__PURE__ */ new WeakMap(),
  medium: /* @__PURE__ */ new WeakMap(),
  large: /* @__PURE__ */ new WeakMap(),
  voc: /* @__PURE__ */ new WeakMap()
};
function matchesOf(row, matching) {
  const known = KNOWN[matching].get(row);
  if (known) return known;
  const image = boxesOf(row);
  const made = matching === "voc" ? vocMatches(image) : cocoMatches(image, matching);
  KNOWN[matching].set(row, made);
  return made;
}

// src/measure/accuracy/tasks/spearman.ts
function rankCorrelation(first, second) {
  const n = first.length;
  const orders = [first, second].map(
    (values) => Uint32Array.from(values, (_, at) => at).sort((a, b) => values[a] - values[b])
  );
  const ranks = [new Float64Array(n), new Float64Array(n)];
  return (weights) => {
    weightedRanks(first, orders[0], weights, ranks[0]);
    weightedRanks(second, orders[1], weights, ranks[1]);
    return correlation(ranks[0], ranks[1], weights);
  };
}
function weightedRanks(values, order, weights, ranks) {
  let below = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tied = 0;
    while (end < order.length && values[order[end]] === values[order[start]]) {
      tied += weights === null ? 1 : weights[order[end]];
      end++;
    }
    for (let at = start; at < end; at++) ranks[order[at]] = below + (tied + 1) / 2;
    below += tied;
    start = end;
  }
}
function correlation(first, second, weights) {
  const weight = (at) => weights === null ? 1 : weights[at];
  let total = 0;
  let [sumFirst, sumSecond] = [0, 0];
  for (let at = 0; at < first.length; at++) {
    total += weight(at);
    sumFirst += weight(at) * first[at];
    sumSecond += weight(at) * second[at];
  }
  const [meanFirst, meanSecond] = [sumFirst / total, sumSecond / total];
  let [cross, squareFirst, squareSecond] = [0, 0, 0];
  for (let at = 0; at < first.length; at++) {
    const [a, b] = [first[at] - meanFirst, second[at] - meanSecond];
    cross += weight(at) * a * b;
    squareFirst += weight(at) * a * a;
    squareSecond += weight(at) * b * b;
  }
  return cross / Math.sqrt(squareFirst * squareSecond);
}

// src/measure/accuracy/tasks/embedding.ts
var MAX_SAMPLES = 2e4;
function embeddingMetrics({ pairs }) {
  if (pairs) {
    return [
      {
        name: "accuracy.spearman",
        kind: "statistic",
        undefinedReason: "all scores or all similarities are equal",
        keep: (sample, output) => [similarity(sample, output), scoreOf(sample)],
        statistic: (kept) => rankCorrelation(
          Float64Array.from(kept, (pair2) => pair2[0]),
          Float64Array.from(kept, (pair2) => pair2[1])
        )
      }
    ];
  }
  return [{ name: "accuracy.recall1", kind: "share", keep: keepEmbedding, right: nearestIsSameClass }];
}
function keepEmbedding({ id, label }, output) {
  if (typeof label !== "number") throw new UserError(`Sample ${id} has no class index as its label.`);
  if (output.dims[0] === 2) {
    throw new UserError(
      `Sample ${id} gives two embeddings and has an integer label, which is read as a class. Save the scores of pairs as floating-point numbers; for classes, feed one input per sample.`
    );
  }
  const values = numbersOf(output);
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += values[at] ** 2;
  const length = Math.sqrt(squares) || 1;
  const kept = new Float32Array(values.length + 1);
  kept[0] = label;
  for (let at = 0; at < values.length; at++) kept[at + 1] = values[at] / length;
  return kept;
}
function nearestIsSameClass(kept) {
  if (kept.length > MAX_SAMPLES) {
    throw new UserError(
      `Recall@1 compares every sample with every other; ${kept.length} are too many. Set \`limit\` to ${MAX_SAMPLES} or less.`
    );
  }
  const best = new Float64Array(kept.length).fill(Number.NEGATIVE_INFINITY);
  const nearest = new Int32Array(kept.length).fill(-1);
  const consider = (of, other, cosine) => {
    if (cosine > best[of]) {
      best[of] = cosine;
      nearest[of] = other;
    }
  };
  for (let one = 1; one < kept.length; one++) {
    for (let other = 0; other < one; other++) {
      const cosine = dot(kept[one], kept[other]);
      consider(one, other, cosine);
      consider(other, one, cosine);
    }
  }
  return Uint8Array.from(nearest, (other, one) => other >= 0 && kept[other][0] === kept[one][0] ? 1 : 0);
}
function dot(one, other) {
  let sum = 0;
  for (let at = 1; at < one.length; at++) sum += one[at] * other[at];
  return sum;
}
function similarity({ id }, output) {
  const values = numbersOf(output);
  if (values.length === 1) return values[0];
  if (output.dims[0] !== 2) {
    throw new UserError(
      `Sample ${id}: labels that are scores belong to pairs, so the scored output must hold two embeddings, [2, \u2026], but its shape is [${output.dims.join(", ")}]. Save each input as [samples, 2, \u2026], or give class indices as labels.`
    );
  }
  const size = values.length / 2;
  let product = 0;
  let first = 0;
  let second = 0;
  for (let at = 0; at < size; at++) {
    product += values[at] * values[at + size];
    first += values[at] ** 2;
    second += values[at + size] ** 2;
  }
  return product / (Math.sqrt(first * second) || 1);
}
function scoreOf({ id, label }) {
  if (typeof label === "number") return label;
  const values = label === null ? [] : numbersOf(label);
  if (values.length === 1) return values[0];
  throw new UserError(`Sample ${id} must have one score as its label.`);
}

// src/measure/accuracy/tasks/metric.ts
function ofSums(kept, figure2) {
  const sums = new Float64Array(kept[0]?.length ?? 0);
  return (weights) => {
    sums.fill(0);
    for (let sample = 0; sample < kept.length; sample++) {
      const weight = weights === null ? 1 : weights[sample];
      if (weight === 0) continue;
      const numbers = kept[sample];
      for (let at = 0; at < sums.length; at++) sums[at] += weight * numbers[at];
    }
    return figure2(sums);
  };
}

// src/measure/accuracy/tasks/language-model.ts
var IGNORED = -100;
var TOKENS_INPUT = "input_ids";
var MASK_INPUT = "attention_mask";
function languageModelMetrics() {
  const summed = /* @__PURE__ */ new WeakMap();
  const lossAndCount = (sample, output) => {
    const known = summed.get(output) ?? totalLoss(sample, output);
    summed.set(output, known);
    return known;
  };
  return [
    {
      name: "accuracy.perplexity",
      kind: "statistic",
      undefinedReason: "no token has a predecessor",
      keep: lossAndCount,
      statistic: (kept) => ofSums(kept, ([loss = 0, count = 0]) => Math.exp(loss / count))
    },
    {
      name: "accuracy.next-token",
      kind: "statistic",
      undefinedReason: "no token has a predecessor",
      keep(sample, output) {
        let right = 0;
        let count = 0;
        forEachPrediction(sample, output, ({ scores, from, to, target }) => {
          if (indexOfMaximum(scores, from, to) === target) right++;
          count++;
        });
        return [right, count];
      },
      statistic: (kept) => ofSums(kept, ([right = 0, count = 0]) => right / count)
    },
    {
      name: "accuracy.bits-per-byte",
      kind: "statistic",
      undefinedReason: "only texts have bytes: give raw text and a tokenizer",
      keep: (sample, output) => [
        lossAndCount(sample, output)[0],
        sample.annotation?.kind === "window" ? sample.annotation.bytes : 0
      ],
      statistic: (kept) => ofSums(kept, ([loss = 0, bytes = 0]) => bytes === 0 ? Number.NaN : loss / Math.LN2 / bytes)
    }
  ];
}
function totalLoss(sample, output) {
  let loss = 0;
  let count = 0;
  forEachPrediction(sample, output, (prediction) => {
    loss += lossOf(prediction);
    count++;
  });
  return [loss, count];
}
function forEachPrediction(sample, output, visit) {
  const scores = numbersOf(output);
  const vocabulary = output.dims.at(-1) ?? 0;
  const positions = scores.length / vocabulary;
  const targets = targetsOf(sample, positions, output);
  for (const { position, target } of targets) {
    if (target < 0 || target >= vocabulary) {
      throw new UserError(
        `Sample ${sample.id} holds token ${target}, but the scored output has a vocabulary of ${vocabulary} ([${output.dims.join(", ")}]). Choose the logits with \`output\`.`
      );
    }
    visit({ scores, from: position * vocabulary, to: (position + 1) * vocabulary, target });
  }
}
function targetsOf(sample, positions, output) {
  const { label, id } = sample;
  if (positions === 1 && label !== null) {
    return [{ position: 0, target: typeof label === "number" ? label : numbersOf(label)[0] }];
  }
  const tokens = label !== null && typeof label !== "number" ? label : tokensInput(sample);
  const values = tokens ? numbersOf(tokens) : null;
  if (values === null || values.length !== positions) {
    throw new UserError(
      `Sample ${id}: the scored output [${output.dims.join(", ")}] has ${positions} positions, but there are ${values === null ? "no" : values.length} tokens. It must be [1, tokens, vocabulary]; choose it with \`output\`, the tokens with \`labels\`.`
    );
  }
  const mask = sample.feeds[MASK_INPUT];
  const attended = mask ? numbersOf(mask) : null;
  const targets = [];
  const { from, to } = sample.annotation?.kind === "window" ? sample.annotation : { from: 1, to: positions };
  for (let at = Math.max(1, from); at < Math.min(to, positions); at++) {
    const masked = attended !== null && (attended[at] === 0 || attended[at - 1] === 0);
    if (!masked && values[at] !== IGNORED) targets.push({ position: at - 1, target: values[at] });
  }
  return targets;
}
function tokensInput({ feeds }) {
  return feeds[TOKENS_INPUT] ?? Object.values(feeds).find(({ type }) => isIntegerType(type));
}
function lossOf({ scores, from, to, target }) {
  return logSumExp(scores, from, to) - scores[from + target];
}
function logSumExp(scores, from, to) {
  const highest2 = scores[from + indexOfMaximum(scores, from, to)];
  let sum = 0;
  for (let at = from; at < to; at++) sum += Math.exp(scores[at] - highest2);
  return highest2 + Math.log(sum);
}

// src/measure/accuracy/tasks/question-answering.ts
function answerMetrics(options) {
  return [
    {
      name: "accuracy.answer-f1",
      kind: "statistic",
      undefinedReason: "there are no samples",
      keep(sample, _, outputs) {
        const { golds, answer } = answered(sample, outputs, options);
        return [Math.max(...golds.map((gold) => answerF1(gold, answer))), 1];
      },
      figureOfSample: (row) => row[0],
      statistic: (kept) => ofSums(kept, ([sum = 0, count = 0]) => sum / count)
    },
    {
      name: "accuracy.exact-match",
      kind: "share",
      keep(sample, _, outputs) {
        const { golds, answer } = answered(sample, outputs, options);
        return [Number(golds.some((gold) => exactMatch(gold, answer)))];
      }
    }
  ];
}
function answered({ id, annotation }, outputs, options) {
  if (annotation?.kind !== "answers") {
    throw new UserError(
      `Sample ${id} has no question with answers: question-answering reads SQuAD's JSON, or jsonl with question, context and answers, with a tokenizer.`
    );
  }
  const { offsets, document, answers } = annotation;
  const [start, end] = spanOutputs(outputs, options);
  const windows = offsets.map(
    (places, row) => ({
      start: rowOf(start, row, { rows: offsets.length, tokens: places.length / 2, id }),
      end: rowOf(end, row, { rows: offsets.length, tokens: places.length / 2, id }),
      offsets: places
    })
  );
  const span = bestSpan(windows);
  const none = annotation.mayHaveNone && (span === null || noAnswerScore(windows) > span.score);
  return {
    golds: answers.length === 0 ? [""] : answers,
    answer: none || span === null ? "" : document.slice(span.from, span.to)
  };
}
function spanOutputs(outputs, { roles = {} }) {
  const names = Object.keys(outputs);
  const named = (role) => roles[role] ?? names.find((name) => new RegExp(role, "i").test(name));
  const [start, end] = [named("start") ?? names[0], named("end") ?? names[1]];
  if (start === void 0 || end === void 0 || outputs[start] === void 0 || outputs[end] === void 0) {
    throw new UserError(
      `question-answering needs two outputs, where answers start and where they end; the model has ${names.map((name) => `'${name}'`).join(", ")}. Name them: \`outputs: { start: NAME, end: NAME }\`.`
    );
  }
  return [outputs[start], outputs[end]];
}
function rowOf(output, row, { rows, tokens, id }) {
  const scores = numbersOf(output);
  if (scores.length !== rows * tokens) {
    throw new UserError(
      `Sample ${id}: an output of shape [${output.dims.join(", ")}] holds no score for each of ${rows} \xD7 ${tokens} tokens. Name the outputs: \`outputs: { start: NAME, end: NAME }\`.`
    );
  }
  return Array.prototype.slice.call(scores, row * tokens, (row + 1) * tokens);
}

// src/measure/accuracy/tasks/regression.ts
var MAX_COLUMNS = 64;
function regressionMetrics() {
  return [
    {
      name: "accuracy.mae",
      kind: "statistic",
      undefinedReason: "there are no targets",
      keep: (sample, output) => sumsOf(sample, output, Math.abs),
      statistic: (kept) => ofSums(kept, ([sum = 0, count = 0]) => sum / count)
    },
    {
      name: "accuracy.rmse",
      kind: "statistic",
      undefinedReason: "there are no targets",
      keep: (sample, output) => sumsOf(sample, output, (error) => error * error),
      statistic: (kept) => ofSums(kept, ([sum = 0, count = 0]) => Math.sqrt(sum / count))
    },
    {
      name: "accuracy.r2",
      kind: "statistic",
      undefinedReason: "all targets are equal",
      keep: keepForR2,
      statistic: (kept) => ofSums(kept, r2)
    }
  ];
}
function sumsOf(sample, output, loss) {
  const { predicted, target } = pair(sample, output);
  let sum = 0;
  for (let at = 0; at < target.length; at++) sum += loss(predicted[at] - target[at]);
  return [sum, target.length];
}
function keepForR2(sample, output) {
  const { predicted, target } = pair(sample, output);
  const columns = target.length <= MAX_COLUMNS ? target.length : 1;
  const kept = new Float64Array(columns * 4);
  for (let at = 0; at < target.length; at++) {
    const column2 = at % columns * 4;
    kept[column2] += (predicted[at] - target[at]) ** 2;
    kept[column2 + 1] += target[at];
    kept[column2 + 2] += target[at] ** 2;
    kept[column2 + 3]++;
  }
  return kept;
}
function r2(sums) {
  const columns = r2OfColumns(sums);
  return columns.reduce((total, value) => total + value, 0) / columns.length;
}
function r2OfColumns(sums) {
  const columns = [];
  for (let at = 0; at < sums.length; at += 4) {
    const [error = 0, target = 0, squared = 0, count = 0] = sums.subarray(at, at + 4);
    const deviation = squared - target * target / count;
    columns.push(deviation <= 1e-12 * squared ? Number.NaN : 1 - error / deviation);
  }
  return columns;
}
function pair({ id, label }, output) {
  if (label === null) throw new UserError(`Sample ${id} has no target.`);
  const target = typeof label === "number" ? [label] : numbersOf(label);
  const predicted = numbersOf(output);
  if (predicted.length === target.length) return { predicted, target };
  const shape = typeof label === "number" ? "[]" : `[${label.dims.join(", ")}]`;
  throw new UserError(
    `Sample ${id} has a target of shape ${shape}, but the scored output has shape [${output.dims.join(", ")}]. Choose the targets with \`labels\`, or another \`output\`.`
  );
}

// src/measure/accuracy/tasks/retrieval.ts
var MAX_SAMPLES2 = 5e4;
var [QUERY, DOCUMENT] = [0, 1];
var FIGURES = [
  ["accuracy.ndcg10", (ranking, grades) => ndcg(ranking, grades, 10)],
  ["accuracy.recall5", (ranking, grades) => recall(ranking, grades, 5)],
  ["accuracy.recall100", (ranking, grades) => recall(ranking, grades, 100)],
  ["accuracy.mrr10", (ranking, grades) => reciprocalRank(ranking, grades, 10)],
  ["accuracy.retrieval-map", (ranking, grades) => averagePrecision(ranking, grades)]
];
function retrievalMetrics(options) {
  const last = { output: null, row: null };
  const scored2 = /* @__PURE__ */ new WeakMap();
  const keep = (sample, output) => {
    if (last.output !== output) Object.assign(last, { output, row: rowOf2(sample, output, options) });
    return last.row;
  };
  const figuresOf = (kept) => {
    const [first] = kept;
    const known = scored2.get(first) ?? figuresOfQueries(kept);
    scored2.set(first, known);
    return known;
  };
  return FIGURES.map(([name], place) => ({
    name,
    kind: "statistic",
    undefinedReason: "there are no queries",
    keep,
    figuresOfSamples: (kept) => figuresOf(kept)[place],
    statistic: (kept) => kept.length === 0 ? () => Number.NaN : meanOver(figuresOf(kept)[place])
  }));
}
function meanOver(figures) {
  return (weights) => {
    let sum = 0;
    let queries = 0;
    figures.forEach((figure2, at) => {
      if (Number.isNaN(figure2)) return;
      const weight = weights === null ? 1 : weights[at];
      sum += weight * figure2;
      queries += weight;
    });
    return sum / queries;
  };
}
function rowOf2({ id, annotation }, output, { decoder }) {
  if (annotation?.kind !== "query" && annotation?.kind !== "document") {
    throw new UserError(
      `Sample ${id} is neither a query nor a document: retrieval reads BEIR's folder or pairs of texts, with a tokenizer.`
    );
  }
  const embedding = pooled(output, decoder ?? null, id);
  const relevant = annotation.kind === "query" ? annotation.relevant.flat() : [];
  const head = annotation.kind === "query" ? [QUERY, relevant.length, ...relevant] : [DOCUMENT, 0, annotation.index];
  const row = new Float32Array(head.length + embedding.length);
  row.set(head);
  row.set(embedding, head.length);
  return row;
}
function pooled(output, decoder, id) {
  const values = numbersOf(output);
  const width = output.dims.at(-1) ?? 0;
  const vectors = width === 0 ? 0 : values.length / width;
  if (vectors !== 1 && decoder !== "mean" && decoder !== "cls") {
    throw new UserError(
      `Sample ${id}: the scored output [${output.dims.join(", ")}] holds ${vectors} vectors; retrieval compares one per text. Choose a pooled \`output\`, or pool with \`decoder: mean\` or \`decoder: cls\`.`
    );
  }
  const vector = new Float32Array(width);
  for (let at = 0; at < (decoder === "mean" ? vectors : 1); at++)
    for (let column2 = 0; column2 < width; column2++) vector[column2] += values[at * width + column2];
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
function figuresOfQueries(kept) {
  if (kept.length > MAX_SAMPLES2) {
    throw new UserError(
      `Retrieval compares every query with every document; ${kept.length} texts are too many. Keep to ${MAX_SAMPLES2}.`
    );
  }
  const documents = kept.flatMap(
    (row) => row[0] === DOCUMENT ? [{ index: row[2], vector: row.subarray(3) }] : []
  );
  const places = new Map(documents.map(({ index }, place) => [index, place]));
  const figures = FIGURES.map(() => new Float64Array(kept.length).fill(Number.NaN));
  kept.forEach((row, at) => {
    if (row[0] !== QUERY) return;
    const end = 2 + row[1];
    const grades = /* @__PURE__ */ new Map();
    for (let place = 2; place < end; place += 2)
      grades.set(places.get(row[place]) ?? -1 - row[place], row[place + 1]);
    const vector = row.subarray(end);
    const ranking = ranked(documents.map((document) => dot2(vector, document.vector)));
    FIGURES.forEach(([, figure2], place) => {
      figures[place][at] = figure2(ranking, grades);
    });
  });
  return figures;
}
function dot2(one, other) {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at] * other[at];
  return sum;
}

// src/measure/accuracy/tasks/segmentation.ts
var IGNORED2 = 255;
var INDEX_CLASSES = 256;
function segmentationMetrics(options = {}) {
  const { labelOffset = 0 } = options;
  return [
    {
      name: "accuracy.miou",
      kind: "statistic",
      undefinedReason: "every pixel of the masks is ignored",
      keep: (sample, output) => keepOverlaps(sample, output, labelOffset),
      statistic: (kept) => ofSums(kept, meanIntersectionOverUnion),
      details: (kept) => ({ classes: perClass3(kept, options) }),
      figureOfSample: (row) => meanIntersectionOverUnion(Float64Array.from(row))
    },
    {
      name: "accuracy.pixel",
      kind: "statistic",
      undefinedReason: "every pixel of the masks is ignored",
      keep(sample, output) {
        let right = 0;
        let total = 0;
        forEachPixel(sample, output, labelOffset, (predicted, target) => {
          total++;
          if (predicted === target) right++;
        });
        return [right, total];
      },
      statistic: (kept) => ofSums(kept, ([right = 0, total = 0]) => right / total),
      figureOfSample: ({ 0: right = 0, 1: total = 0 }) => right / total
    }
  ];
}
var PER_CLASS = 3;
function keepOverlaps(sample, output, labelOffset) {
  const scored2 = classMap(sample, output);
  const kept = new Float64Array(scored2.classes * PER_CLASS);
  visitPixels(sample, scored2, labelOffset, (predicted, target) => {
    if (predicted === target) kept[target * PER_CLASS]++;
    else kept[predicted * PER_CLASS + 1]++;
    kept[target * PER_CLASS + 1]++;
    kept[target * PER_CLASS + 2]++;
  });
  return kept;
}
function perClass3(kept, { labelOffset = 0, classIndices: classIndices2 = /* @__PURE__ */ new Map() }) {
  const names = new Map([...classIndices2].map(([name, index]) => [index, name]));
  const sums = new Float64Array(kept[0]?.length ?? 0);
  for (const row of kept) for (let at = 0; at < sums.length; at++) sums[at] += row[at];
  return Array.from({ length: sums.length / PER_CLASS }, (_, output) => {
    const [both = 0, either = 0, pixels = 0] = sums.subarray(output * PER_CLASS, (output + 1) * PER_CLASS);
    const index = output - labelOffset;
    const name = names.get(index);
    return { class: index, ...name === void 0 ? {} : { name }, iou: both / either, pixels };
  }).filter(({ iou: iou2 }) => !Number.isNaN(iou2)).sort((a, b) => b.pixels - a.pixels);
}
function meanIntersectionOverUnion(sums) {
  let total = 0;
  let classes = 0;
  for (let at = 0; at < sums.length; at += PER_CLASS) {
    if (sums[at + 1] === 0) continue;
    total += sums[at] / sums[at + 1];
    classes++;
  }
  return total / classes;
}
function forEachPixel(sample, output, labelOffset, visit) {
  visitPixels(sample, classMap(sample, output), labelOffset, visit);
}
function visitPixels(sample, { map, classes }, labelOffset, visit) {
  const target = maskOf(sample).values;
  const ignores255 = classes <= IGNORED2 || classes === INDEX_CLASSES;
  for (let pixel = 0; pixel < target.length; pixel++) {
    const label = target[pixel];
    if (label < 0 || label === IGNORED2 && ignores255) continue;
    const wanted = label + labelOffset;
    if (wanted < 0 || wanted >= classes) {
      throw new UserError(
        `The mask of sample ${sample.id} names class ${label}, but the scored output has ${classes} classes, 0 \u2026 ${classes - 1} (${IGNORED2} is ignored). If that value means no class, write \`ignore\` beside \`masks\`; if classes are counted otherwise, \`label-offset\`.`
      );
    }
    visit(map[pixel], wanted);
  }
}
function maskOf({ id, label }) {
  if (label === null || typeof label === "number") {
    throw new UserError(
      `Sample ${id} has no mask: segmentation needs one class index per pixel, [height, width].`
    );
  }
  const dims = label.dims.filter((dim, axis) => dim !== 1 || axis >= label.dims.length - 2);
  if (dims.length !== 2) {
    throw new UserError(
      `The mask of sample ${id} has shape [${label.dims.join(", ")}]; it must be [height, width].`
    );
  }
  return { values: numbersOf(label), height: dims[0], width: dims[1] };
}
function classMap(sample, output) {
  const { height, width } = maskOf(sample);
  const dims = output.dims[0] === 1 && output.dims.length > 2 ? output.dims.slice(1) : output.dims;
  const is = (...shape) => shape.length === dims.length && shape.every((dim, axis) => dim === dims[axis]);
  const values = numbersOf(output);
  const size = height * width;
  if (!isFloatType(output.type) && (is(height, width) || is(1, height, width))) {
    return { map: values, classes: INDEX_CLASSES };
  }
  if (dims.length === 3 && is(dims[0], height, width)) {
    return {
      map: argmaxMap(values, { classes: dims[0], size, classStep: size, pixelStep: 1 }),
      classes: dims[0]
    };
  }
  if (dims.length === 3 && is(height, width, dims[2])) {
    return {
      map: argmaxMap(values, { classes: dims[2], size, classStep: 1, pixelStep: dims[2] }),
      classes: dims[2]
    };
  }
  const coarse = dims.length === 3 ? coarseMap(values, dims, { height, width }) : null;
  if (coarse) return { map: coarse, classes: dims[0] };
  throw new UserError(
    `The scored output has shape [${output.dims.join(", ")}], but the mask of sample ${sample.id} is ${height} \xD7 ${width}: it must hold a score per class and pixel, [1, C, height, width], or per square of pixels. Save masks in the size of the output, or choose another \`output\`.`
  );
}
function argmaxMap(scores, layout) {
  const map = new Uint16Array(layout.size);
  for (let pixel = 0; pixel < layout.size; pixel++) {
    const first = pixel * layout.pixelStep;
    let best = 0;
    for (let index = 1; index < layout.classes; index++) {
      if (scores[first + index * layout.classStep] > scores[first + best * layout.classStep]) best = index;
    }
    map[pixel] = best;
  }
  return map;
}
function coarseMap(scores, [classes, rows, columns], { height, width }) {
  const factor = height / rows;
  if (!Number.isInteger(factor) || factor < 2 || width !== columns * factor) return null;
  const across = neighbours(width, columns);
  const down = neighbours(height, rows);
  const best = new Float64Array(height * width).fill(Number.NEGATIVE_INFINITY);
  const map = new Uint16Array(height * width);
  for (let index = 0; index < classes; index++) {
    const plane = index * rows * columns;
    for (let y = 0; y < height; y++) {
      const [above, below] = [plane + down.first[y] * columns, plane + down.second[y] * columns];
      const shareBelow = down.share[y];
      for (let x = 0; x < width; x++) {
        const [left, right, shareRight] = [across.first[x], across.second[x], across.share[x]];
        const upper = scores[above + left] * (1 - shareRight) + scores[above + right] * shareRight;
        const lower = scores[below + left] * (1 - shareRight) + scores[below + right] * shareRight;
        const score = upper * (1 - shareBelow) + lower * shareBelow;
        const pixel = y * width + x;
        if (score > best[pixel]) {
          best[pixel] = score;
          map[pixel] = index;
        }
      }
    }
  }
  return map;
}
function neighbours(fine, coarse) {
  const first = new Int32Array(fine);
  const second = new Int32Array(fine);
  const share = new Float64Array(fine);
  for (let at = 0; at < fine; at++) {
    const position = Math.max(0, (at + 0.5) * coarse / fine - 0.5);
    first[at] = Math.min(coarse - 1, Math.floor(position));
    second[at] = Math.min(coarse - 1, first[at] + 1);
    share[at] = position - first[at];
  }
  return { first, second, share };
}

// src/measure/accuracy/tasks/speech-recognition.ts
function speechMetrics(options) {
  const heard = /* @__PURE__ */ new WeakMap();
  const edits = (count) => (sample, output) => {
    const known = heard.get(output) ?? transcript(sample, output, options);
    heard.set(output, known);
    return count(fold(referenceOf(sample), options), fold(known, options));
  };
  const rate = (name, keep) => ({
    name,
    kind: "statistic",
    undefinedReason: "all transcripts are empty",
    keep,
    figureOfSample: ({ 0: count = 0, 1: length = 0 }) => count / Math.max(1, length),
    statistic: (kept) => ofSums(kept, ([count = 0, length = 0]) => length === 0 ? Number.NaN : count / length)
  });
  return [rate("accuracy.wer", edits(wordEdits)), rate("accuracy.cer", edits(characterEdits))];
}
function fold(text, { vocabulary }) {
  return hasOneCase(vocabulary) ? text.toLowerCase() : text;
}
function referenceOf({ id, annotation }) {
  if (annotation?.kind === "text") return annotation.text;
  throw new UserError(
    `Sample ${id} has no transcript: speech-recognition reads a folder of wav files with transcripts, or jsonl.`
  );
}
function transcript({ id }, output, { vocabulary }) {
  if (vocabulary.length === 0) {
    throw new UserError(
      "speech-recognition needs the recognizer's vocabulary: `data: { tokenizer: tokenizer.json }` (or vocab.json, or tokens.txt)."
    );
  }
  const classes = output.dims.at(-1) ?? 0;
  const blank = blankOf(vocabulary, classes);
  return transcriptOf(
    ctcSymbols(output, { sample: id, vocabulary: vocabulary.length + 1, blank }),
    vocabulary
  );
}

// src/measure/accuracy/tasks/text-classification.ts
function textClassificationMetrics({
  scores,
  ...options
}) {
  if (scores) return embeddingMetrics({ pairs: true });
  const keep = (sample, output) => answerAndLabel(sample, output, options);
  return [
    classificationMetrics(options).find(({ name }) => name === "accuracy.top1"),
    {
      name: "accuracy.f1",
      kind: "statistic",
      undefinedReason: "there are no samples",
      keep,
      operations,
      figureOfSample: rightOrNot,
      statistic: (kept) => ofConfusions(kept, macroF1)
    },
    {
      name: "accuracy.mcc",
      kind: "statistic",
      undefinedReason: "there are no samples",
      keep,
      operations,
      figureOfSample: rightOrNot,
      statistic: (kept) => ofConfusions(kept, matthews)
    }
  ];
}
function answerAndLabel(sample, output, options) {
  assertOneClassAxis(output.dims, { sample, ...options.outputs ? { outputs: options.outputs } : {} });
  const scores = numbersOf(output);
  return Float64Array.of(indexOfMaximum(scores), labelledClass(sample, scores.length, options));
}
var rightOrNot = (row) => Number(row[0] === row[1]);
var operations = (kept) => kept.length + new Set(kept.flatMap((row) => [row[0], row[1]])).size ** 2;
function ofConfusions(kept, figure2) {
  const seen2 = [...new Set(kept.flatMap((row) => [row[0], row[1]]))].sort((a, b) => a - b);
  const place = new Map(seen2.map((value, index) => [value, index]));
  const classes = seen2.length;
  const cells = Uint32Array.from(kept, (row) => place.get(row[1]) * classes + place.get(row[0]));
  const counts2 = new Float64Array(classes * classes);
  return (weights) => {
    if (cells.length === 0) return Number.NaN;
    counts2.fill(0);
    for (let sample = 0; sample < cells.length; sample++)
      counts2[cells[sample]] += weights === null ? 1 : weights[sample];
    return figure2({ classes, counts: counts2 });
  };
}
function margins({ classes, counts: counts2 }) {
  const labelled = new Float64Array(classes);
  const answered2 = new Float64Array(classes);
  const right = new Float64Array(classes);
  for (let label = 0; label < classes; label++) {
    for (let answer = 0; answer < classes; answer++) {
      const count = counts2[label * classes + answer];
      labelled[label] += count;
      answered2[answer] += count;
      if (label === answer) right[label] = count;
    }
  }
  return { labelled, answered: answered2, right };
}
function macroF1(confusions) {
  const { labelled, answered: answered2, right } = margins(confusions);
  let sum = 0;
  let occurring = 0;
  for (let index = 0; index < confusions.classes; index++) {
    const all = labelled[index] + answered2[index];
    if (all === 0) continue;
    sum += 2 * right[index] / all;
    occurring++;
  }
  return sum / occurring;
}
function matthews(confusions) {
  const { labelled, answered: answered2, right } = margins(confusions);
  const total = labelled.reduce((sum, count) => sum + count, 0);
  const hits = right.reduce((sum, count) => sum + count, 0);
  let both = 0;
  let labels = 0;
  let answers = 0;
  for (let index = 0; index < confusions.classes; index++) {
    both += labelled[index] * answered2[index];
    labels += labelled[index] ** 2;
    answers += answered2[index] ** 2;
  }
  const scale = Math.sqrt((total ** 2 - labels) * (total ** 2 - answers));
  return scale === 0 ? 0 : (hits * total - both) / scale;
}

// src/measure/accuracy/decode/keys.ts
var BLANK_LINES = /* @__PURE__ */ new Set(["", "<blank>", "[blank]", "blank"]);
async function readKeys(file) {
  const lines = (await readText(file)).split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  if (lines.length === 0)
    throw new UserError(`The key file ${shownPath(file)} is empty: it holds one symbol per line.`);
  return lines;
}
function alphabetOf(keys, classes, options) {
  const spare = classes - keys.length;
  if (spare === 0) {
    const blank = keys.findIndex((key) => BLANK_LINES.has(key));
    if (blank >= 0) return { symbols: keys.map((key, index) => index === blank ? "" : key), blank };
  }
  if (spare === 1 || spare === 2) {
    const symbols = spare === 2 ? [...keys, " "] : keys;
    return options.blank === "first" ? { symbols: ["", ...symbols], blank: 0 } : { symbols: [...symbols, ""], blank: symbols.length };
  }
  throw new UserError(
    `The model has ${classes} classes, but \`keys\` ${keys.length} lines: there must be one line per class but the blank (or with a line \`<blank>\` for it), and where the space has a class without a line, it is the last. Is it the key file of this model?`
  );
}

// src/measure/accuracy/tasks/text-recognition.ts
var HEADER2 = 4;
var DECODERS = { ctc: "first", "ctc-blank-last": "last" };
function textRecognitionMetrics(options) {
  const keep = recognitionRow(options);
  return [
    {
      name: "accuracy.cer",
      kind: "statistic",
      undefinedReason: "every text is empty",
      keep,
      statistic: (kept) => ofSums(kept.map(counted), ([edits = 0, length = 0]) => edits / length),
      figureOfSample: ({ 0: edits = 0, 1: length = 0 }) => edits / Math.max(1, length)
    },
    {
      name: "accuracy.exact-match",
      kind: "share",
      keep,
      right: (kept) => Uint8Array.from(kept, (row) => row[2])
    }
  ];
}
function counted(row) {
  return [row[0], row[1]];
}
function recognitionRow({ decoder = null, keys = null }) {
  const blank = DECODERS[decoder ?? "ctc"];
  if (blank === void 0) {
    throw new UserError(
      `There is no text-recognition decoder '${decoder}': use ${Object.keys(DECODERS).join(" or ")}.`
    );
  }
  return (sample, output) => {
    if (keys === null) {
      throw new UserError(
        "Task text-recognition needs `keys`: a file with one symbol per line, in the order of the classes of the model."
      );
    }
    const { symbols, blank: blankClass } = alphabetOf(keys, output.dims.at(-1) ?? 0, { blank });
    const found = ctcSymbols(output, { blank: blankClass, sample: sample.id });
    return rowOf3(textOf(sample), found.map((index) => symbols[index]).join(""));
  };
}
function textOf({ id, annotation }) {
  if (annotation?.kind === "text") return annotation.text;
  throw new UserError(
    `Sample ${id} has no text: task text-recognition needs data of format text-lines (docs/data.md).`
  );
}
function rowOf3(wanted, read) {
  const [edits, length] = characterEdits(wanted, read);
  const points = codePoints(wanted);
  return Float64Array.of(
    edits,
    length,
    Number(wanted.trim() === read.trim()),
    points.length,
    ...points,
    ...codePoints(read)
  );
}
function textsOf(row) {
  const points = Array.from(row).slice(HEADER2);
  const text = (part) => String.fromCodePoint(...part);
  return { wanted: text(points.slice(0, row[3])), read: text(points.slice(row[3])) };
}
function codePoints(text) {
  return Array.from(text, (symbol) => symbol.codePointAt(0));
}

// src/measure/accuracy/tasks/token-classification.ts
function tagMetrics(options) {
  const scheme = tagScheme(options);
  const keep = (sample, output) => {
    const { gold, answer } = taggedWords(sample, output, options);
    return countEntities(gold, answer, scheme);
  };
  const of = (name, figure2) => ({
    name,
    kind: "statistic",
    undefinedReason: "there are no samples",
    keep,
    // A sentence without entities on either side is right.
    figureOfSample: ({ 0: both = 0, 1: answered2 = 0, 2: labelled = 0 }) => answered2 + labelled === 0 ? 1 : figure2(both, answered2, labelled),
    statistic: (kept) => ofSums(kept, ([both = 0, answered2 = 0, labelled = 0]) => figure2(both, answered2, labelled))
  });
  const share = (part, all) => all === 0 ? 0 : part / all;
  return [
    of("accuracy.entity-f1", (both, answered2, labelled) => share(2 * both, answered2 + labelled)),
    of("accuracy.entity-precision", (both, answered2) => share(both, answered2)),
    of("accuracy.entity-recall", (both, _, labelled) => share(both, labelled))
  ];
}
function tagScheme({ classNames, decoder = null }) {
  if (decoder === null) return schemeOf(classNames);
  const found = TAG_SCHEMES.find((scheme) => scheme === decoder);
  if (found) return found;
  throw new UserError(
    `decoder '${decoder}' reads no tags; token-classification has ${TAG_SCHEMES.join(", ")}.`
  );
}
function taggedWords({ id, annotation }, output, { classNames }) {
  if (annotation?.kind !== "tags") {
    throw new UserError(
      `Sample ${id} has no tags of words: token-classification reads CoNLL, or jsonl with words and tags, with a tokenizer.`
    );
  }
  const classes = output.dims.at(-1) ?? 0;
  const scores = numbersOf(output);
  const positions = scores.length / classes;
  if (positions !== annotation.words.length || classes > classNames.length) {
    throw new UserError(
      positions === annotation.words.length ? `The scored output has ${classes} classes, but the data's tags are ${classNames.length}: ${classNames.join(", ")}. Give the classes in the model's order: \`class-names: [O, B-PER, \u2026]\`.` : `Sample ${id}: the scored output [${output.dims.join(", ")}] has ${positions} positions for ${annotation.words.length} tokens. It must be [1, tokens, classes]; choose it with \`output\`.`
    );
  }
  const gold = [];
  const answer = [];
  let last = -1;
  for (let at = 0; at < positions; at++) {
    const word = annotation.words[at];
    if (word < 0 || word === last) continue;
    last = word;
    gold.push(annotation.tags[word]);
    answer.push(classNames[indexOfMaximum(scores, at * classes, (at + 1) * classes)]);
  }
  return { gold, answer };
}

// src/measure/accuracy/tasks/task-metrics.ts
function taskMetrics(task, dataset, options) {
  switch (task) {
    case "classification":
      return classificationMetrics(options);
    case "regression":
      return regressionMetrics();
    case "embedding":
      return embeddingMetrics({ pairs: dataset.classes === null });
    case "segmentation":
      return segmentationMetrics({ ...options, classIndices: dataset.classIndices });
    case "language-model":
      return languageModelMetrics();
    case "text-classification":
      return textClassificationMetrics({ ...options, scores: dataset.classes === null });
    case "detection":
      return detectionMetrics({ ...options, classIndices: dataset.classIndices });
    case "text-recognition":
      return textRecognitionMetrics(options);
    case "token-classification":
      return tagMetrics({ ...options, classNames: dataset.classNames ?? [] });
    case "question-answering":
      return answerMetrics(options);
    case "speech-recognition":
      return speechMetrics({ vocabulary: dataset.classNames ?? [] });
    case "retrieval":
      return retrievalMetrics(options);
    default:
      return [];
  }
}
function needsLabels(task) {
  return LABELLED.includes(task);
}
var LABELLED = [
  "classification",
  "regression",
  "embedding",
  "segmentation",
  "text-classification",
  "detection",
  "text-recognition",
  "token-classification",
  "question-answering",
  "retrieval",
  "speech-recognition"
];
function scoresClasses(task) {
  return task === "classification" || task === "text-classification";
}

// src/measure/statistics/bootstrap.ts
var DRAWS = 2e3;
var DRAWS_BEYOND = 10;
var MAX_WORK = 2e8;
var MIN_DRAWS = 500;
var SEED = 20240229;
function bootstrapInterval(statistic, n, confidence, operations2 = n) {
  const values = [];
  for (const weights of resamples(n, confidence, operations2)) values.push(statistic(weights));
  return percentileInterval(values, confidence);
}
function bootstrapComparison(original, variant, n, options) {
  const worsening = (before2, after2) => options.higherIsBetter ? before2 - after2 : after2 - before2;
  const drops = [];
  const ratios = [];
  const values = [];
  for (const weights of resamples(n, options.confidence, options.operations ?? n)) {
    const [before2, after2] = [original(weights), variant(weights)];
    values.push(after2);
    drops.push(worsening(before2, after2));
    ratios.push(after2 / before2);
  }
  const [before, after] = [original(null), variant(null)];
  const interval = percentileInterval(drops, options.confidence);
  const defined = drops.filter((drop) => !Number.isNaN(drop));
  const none = defined.filter((drop) => drop < 0).length + defined.filter((drop) => drop === 0).length / 2;
  return {
    interval: percentileInterval(values, options.confidence),
    drop: {
      value: worsening(before, after),
      interval,
      lost: null,
      gained: null,
      p: defined.length > 0 ? none / defined.length : null,
      resolvable: interval && (interval.hi - interval.lo) / 2
    },
    ratio: ratioEstimate(before, after, percentileInterval(ratios, options.confidence))
  };
}
function ratioEstimate(before, after, interval) {
  if (before === after) return { value: 1, interval };
  return before === 0 ? null : { value: after / before, interval };
}
function* resamples(n, confidence, operations2) {
  const wanted = Math.max(DRAWS, Math.ceil(DRAWS_BEYOND / (1 - confidence)));
  const draws = Math.max(MIN_DRAWS, Math.min(wanted, Math.floor(MAX_WORK / Math.max(n, operations2))));
  const random = seededRandom(SEED);
  const weights = new Uint32Array(n);
  for (let draw = 0; draw < draws; draw++) {
    weights.fill(0);
    for (let sample = 0; sample < n; sample++) weights[random.below(n)]++;
    yield weights;
  }
}
function percentileInterval(values, confidence) {
  const order = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (order.length < values.length * 0.9 || order.length * (1 - confidence) < 1) return null;
  const rank = (share) => order[Math.min(order.length - 1, Math.max(0, Math.ceil(share * order.length) - 1))];
  return { lo: rank(1 - confidence), hi: rank(confidence), confidence: twoSided(confidence) };
}

// src/measure/accuracy/chance/skill.ts
var BOUND_CONFIDENCE = 0.99;
var MARGIN = 0.2;
var ALPHA = 0.01;
var HARDLY = 0.1;
var WEAK = 0.4;
function standingOf({ skill, upper, p, informed = false }) {
  if (skill >= WEAK) return "above";
  if (p <= ALPHA || informed) return skill < HARDLY ? "hardly" : "weak";
  if (upper <= MARGIN) return "chance";
  return skill < MARGIN ? "untold" : "above";
}
var MIN_SAMPLES = 20;
function byBootstrap(skill, samples, telling = samples) {
  const value = skill(null);
  const known = { skill: value, n: samples };
  if (value >= WEAK) return { ...known, upper: 1, p: 0 };
  if (telling < MIN_SAMPLES) return { ...known, upper: 1, p: 1 };
  const lower = bootstrapInterval(skill, samples, 1 - ALPHA)?.lo ?? 0;
  const upper = bootstrapInterval(skill, samples, BOUND_CONFIDENCE)?.hi ?? 1;
  return { ...known, upper: Math.max(value, upper), p: lower > 0 ? 0 : 1 };
}

// src/measure/accuracy/chance/answers.ts
var LONGEST = 5;
var SEED2 = 20240302;
function answerSkill(options) {
  const random = seededRandom(SEED2);
  return {
    metric: "accuracy.answer-f1",
    from: null,
    keep(sample, _, outputs) {
      const { golds, answer } = answered(sample, outputs, options);
      const document = sample.annotation?.kind === "answers" ? sample.annotation.document : "";
      const words = document.split(/\s+/);
      const start = random.below(words.length);
      const span = words.slice(start, start + 1 + random.below(LONGEST)).join(" ");
      const best = (given) => Math.max(...golds.map((gold) => answerF1(gold, given)));
      return [best(answer), best(span), best("")];
    },
    assess(rows) {
      if (rows.length === 0) return null;
      const counted2 = rows.map((row) => [...Array.from(row), 1]);
      const chanceOf2 = (sums) => Math.max(sums[1], sums[2]) / sums[3];
      const skill = ofSums(counted2, (sums) => (sums[0] / sums[3] - chanceOf2(sums)) / (1 - chanceOf2(sums)));
      if (!Number.isFinite(skill(null))) return null;
      return {
        value: ofSums(counted2, (sums) => sums[0] / sums[3])(null),
        chance: ofSums(counted2, chanceOf2)(null),
        ...byBootstrap(skill, rows.length),
        chanceIs: "a span of the document at random, or no answer at all",
        fact: null
      };
    }
  };
}

// src/measure/statistics/binomial.ts
function binomialTail(k, n, probability2) {
  if (k <= 0) return 1;
  if (probability2 <= 0) return 0;
  if (probability2 >= 1) return 1;
  const odds = Math.log(probability2) - Math.log1p(-probability2);
  let logTerm = n * Math.log1p(-probability2);
  let below = 0;
  let tail = 0;
  for (let hits = 0; hits <= n; hits++) {
    const term = Math.exp(logTerm);
    if (hits >= k) tail += term;
    else below += term;
    logTerm += Math.log(n - hits) - Math.log(hits + 1) + odds;
  }
  return Math.min(1, Math.max(0, tail < below ? tail : 1 - below));
}

// src/measure/statistics/normal.ts
function normalCdf(z) {
  if (z > 8) return 1;
  if (z < -8) return 0;
  let term = z;
  let sum = z;
  for (let divisor = 3; Math.abs(term) > 1e-17 * Math.abs(sum); divisor += 2) {
    term *= z * z / divisor;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}
function normalQuantile(probability2) {
  if (!(probability2 > 0 && probability2 < 1))
    throw new RangeError(`probability ${probability2} is not in (0, 1)`);
  let low = -8;
  let high = 8;
  for (let step = 0; step < 80 && high - low > 1e-13; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability2) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// src/measure/statistics/paired.ts
function wilson(right, n, confidence) {
  const z = normalQuantile(confidence);
  const share = right / n;
  const centre = share + z * z / (2 * n);
  const spread = z * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const scale = 1 + z * z / n;
  return {
    lo: Math.max(0, (centre - spread) / scale),
    hi: Math.min(1, (centre + spread) / scale),
    confidence: twoSided(confidence)
  };
}
function agrestiMin({ lost, gained, n }, confidence) {
  const z = normalQuantile(confidence);
  const [b, c, total] = [lost + 0.5, gained + 0.5, n + 2];
  const centre = (b - c) / total;
  const spread = z * Math.sqrt(b + c - (b - c) ** 2 / total) / total;
  return {
    lo: Math.max(-1, centre - spread),
    hi: Math.min(1, centre + spread),
    confidence: twoSided(confidence)
  };
}
function mcNemarMidP({ lost, gained }) {
  const flips = lost + gained;
  let logTerm = -flips * Math.LN2;
  let tail = 0;
  for (let k = flips; k > lost; k--) {
    tail += Math.exp(logTerm);
    logTerm += Math.log(k) - Math.log(flips - k + 1);
  }
  return Math.min(1, tail + Math.exp(logTerm) / 2);
}
function pairedDrop(flips, confidence) {
  const { lost, gained, n } = flips;
  const interval = agrestiMin(flips, confidence);
  return {
    value: (lost - gained) / n,
    interval,
    lost,
    gained,
    p: mcNemarMidP(flips),
    resolvable: (interval.hi - interval.lo) / 2
  };
}
function countFlips(original, variant) {
  let lost = 0;
  let gained = 0;
  for (let at = 0; at < original.length; at++) {
    if (original[at] > variant[at]) lost++;
    else if (original[at] < variant[at]) gained++;
  }
  return { lost, gained, n: original.length };
}
function shareRatio(originalShare, drop) {
  if (originalShare === 0) return null;
  const ratio = (bound) => bound === null ? null : Math.max(0, 1 - bound / originalShare);
  return {
    value: ratio(drop.value),
    interval: drop.interval && {
      lo: ratio(drop.interval.hi),
      hi: ratio(drop.interval.lo),
      confidence: drop.interval.confidence
    }
  };
}

// src/measure/statistics/agreement.ts
var DRAWS2 = 2e3;
var MAX_WORK2 = 2e7;
var MIN_DRAWS2 = 200;
var SEED3 = 20240301;
var CERTAIN = 6;
var NORMAL_DEVIATION = 3;
function agreementBeyondChance(answers, labels, { classes, confidence }) {
  const n = answers.length;
  const answered2 = counts(answers);
  const labelled = counts(labels);
  let right = 0;
  for (let at = 0; at < n; at++) if (answers[at] === labels[at]) right++;
  if (labelled.size < 2) {
    const chance2 = 1 / Math.max(2, classes);
    const kappa = (right / n - chance2) / (1 - chance2);
    const upper = (wilson(right, n, confidence).hi - chance2) / (1 - chance2);
    return { n, right, chance: chance2, kappa, p: binomialTail(right, n, chance2), upper };
  }
  const { mean, deviation } = matchesByChance(answered2, labelled, n);
  const chance = mean / n;
  return {
    n,
    right,
    chance,
    kappa: chance < 1 ? (right / n - chance) / (1 - chance) : 0,
    p: permutationP(answers, labels, { right, mean, deviation }),
    upper: upperKappa({ answers, labels, answered: answered2 }, { right, chance, confidence })
  };
}
function counts(values) {
  const found = /* @__PURE__ */ new Map();
  for (let at = 0; at < values.length; at++) found.set(values[at], (found.get(values[at]) ?? 0) + 1);
  return found;
}
function matchesByChance(answered2, labelled, n) {
  let pairs = 0;
  let excluded = 0;
  for (const [value, a] of answered2) {
    const b = labelled.get(value) ?? 0;
    pairs += a * b;
    excluded += a * b * (a + b - 1);
  }
  const mean = pairs / n;
  const twice = n > 1 ? (pairs * pairs - excluded) / (n * (n - 1)) : 0;
  return { mean, deviation: Math.sqrt(Math.max(0, twice + mean - mean * mean)) };
}
function permutationP(answers, labels, { right, mean, deviation }) {
  if (deviation < 1e-9) return 1;
  const z = (right - 0.5 - mean) / deviation;
  if (z > CERTAIN) return 0;
  if (z < -CERTAIN) return 1;
  if (deviation >= NORMAL_DEVIATION) return 1 - normalCdf(z);
  const n = answers.length;
  const draws = Math.max(MIN_DRAWS2, Math.min(DRAWS2, Math.floor(MAX_WORK2 / n)));
  const random = seededRandom(SEED3);
  const drawn = Float64Array.from({ length: n }, (_, at) => labels[at]);
  let reached = 0;
  for (let draw = 0; draw < draws; draw++) {
    let matches = 0;
    for (let last = n - 1; last >= 0; last--) {
      const other = random.below(last + 1);
      const held = drawn[last];
      drawn[last] = drawn[other];
      drawn[other] = held;
      if (drawn[last] === answers[last]) matches++;
    }
    if (matches >= right) reached++;
  }
  return (reached + 1) / (draws + 1);
}
function upperKappa({ answers, labels, answered: answered2 }, { right, chance, confidence }) {
  const n = answers.length;
  const bound = (hits, total, expected) => expected < 1 ? (wilson(hits, total, confidence).hi - expected) / (1 - expected) : 1;
  const favourite = [...answered2].reduce((best, entry) => entry[1] > best[1] ? entry : best)[0];
  let others = 0;
  let othersRight = 0;
  let othersExpected = 0;
  for (let at = 0; at < n; at++) {
    if (labels[at] === favourite) continue;
    others++;
    if (answers[at] === labels[at]) othersRight++;
    othersExpected += (answered2.get(labels[at]) ?? 0) / n;
  }
  const overall = bound(right, n, chance);
  return others === 0 ? overall : Math.min(overall, bound(othersRight, others, othersExpected / others));
}

// src/measure/accuracy/chance/classification.ts
var MOST_SCORES = 16;
var ONE_SIDED = 0.9;
var ORDER_P = 1e-3;
var ORDER_AREA = 0.65;
var MIN_OF_CLASS = 5;
function classificationSkill(options) {
  return {
    metric: "accuracy.top1",
    from: null,
    keep(sample, output) {
      const scores = numbersOf(output);
      const head = [indexOfMaximum(scores), labelledClass(sample, scores.length, options), scores.length];
      return scores.length <= MOST_SCORES ? Float64Array.from([...head, ...Array.from(scores)]) : Float64Array.from(head);
    },
    right: (row) => row[0] === row[1],
    assess(rows) {
      if (rows.length === 0) return null;
      const answers = Float64Array.from(rows, (row) => row[0]);
      const labels = Float64Array.from(rows, (row) => row[1]);
      const found = agreementBeyondChance(answers, labels, {
        classes: rows[0][2],
        confidence: BOUND_CONFIDENCE
      });
      const fact = oneSided(answers, options);
      return {
        value: found.right / found.n,
        chance: found.chance,
        skill: found.kappa,
        upper: found.upper,
        p: found.p,
        n: found.n,
        chanceIs: "answers given without regard to the sample",
        fact,
        informed: found.p > ALPHA && fact !== null && ordersClasses(rows)
      };
    }
  };
}
function oneSided(answers, { labelOffset }) {
  const counts2 = /* @__PURE__ */ new Map();
  for (const answer of answers) counts2.set(answer, (counts2.get(answer) ?? 0) + 1);
  const [favourite, count] = [...counts2].reduce((best, entry) => entry[1] > best[1] ? entry : best);
  if (count < ONE_SIDED * answers.length || answers.length < 2) return null;
  const name = labelOffset === 0 ? `class ${favourite}` : `output ${favourite}`;
  return count === answers.length ? `every answer is ${name}` : `${Math.round(count / answers.length * 100)} % of the answers are ${name}`;
}
function ordersClasses(rows) {
  const classes = rows[0][2];
  if (rows[0].length < 3 + classes) return false;
  for (let index = 0; index < classes; index++) {
    const margins2 = rows.map((row) => ({ margin: marginOf(row, index), own: row[1] === index }));
    const area = areaUnderRoc(margins2);
    if (area !== null && area.value >= ORDER_AREA && area.p * classes <= ORDER_P) return true;
  }
  return false;
}
function marginOf(row, index) {
  let other = Number.NEGATIVE_INFINITY;
  for (let at = 3; at < row.length; at++) if (at - 3 !== index) other = Math.max(other, row[at]);
  return row[3 + index] - other;
}
function areaUnderRoc(margins2) {
  const own = margins2.filter((entry) => entry.own).length;
  const others = margins2.length - own;
  if (own < MIN_OF_CLASS || others < MIN_OF_CLASS) return null;
  const order = [...margins2].sort((a, b) => a.margin - b.margin);
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && order[to].margin === order[from].margin) to++;
    for (let at = from; at < to; at++) if (order[at].own) ranks += (from + to + 1) / 2;
    from = to;
  }
  const value = (ranks - own * (own + 1) / 2) / (own * others);
  const deviation = Math.sqrt((own + others + 1) / (12 * own * others));
  return { value, p: 1 - normalCdf((value - 0.5) / deviation) };
}

// src/measure/accuracy/chance/detection.ts
var TURNS = 5;
function detectionSkill(options) {
  return {
    metric: "accuracy.map50",
    from: "accuracy.map50",
    keep: rowKeeper(options),
    assess(rows) {
      const statistic = detectionStatistic("map50", rows);
      const value = statistic(null);
      if (Number.isNaN(value)) return null;
      const images = rows.map(boxesOf);
      const said = { value, chanceIs: "the boxes found in other images", fact: null };
      if (images.every(({ detections }) => detections.length === 0)) {
        const fact = "the decoder finds no box in any image";
        return { ...said, chance: 0, skill: 0, upper: 0, p: 1, n: rows.length, fact };
      }
      const chance = meanOfTurned(images);
      if (!(chance < 1)) return null;
      return {
        ...said,
        chance,
        ...byBootstrap((weights) => (statistic(weights) - chance) / (1 - chance), rows.length)
      };
    }
  };
}
function meanOfTurned(images) {
  const turns = Math.min(TURNS, images.length - 1);
  if (turns === 0) return 0;
  let sum = 0;
  for (let turn = 1; turn <= turns; turn++) {
    const rows = images.map(
      ({ objects }, at) => boxesRow({ objects, detections: images[(at + turn) % images.length].detections })
    );
    sum += detectionStatistic("map50", rows)(null);
  }
  return sum / turns;
}

// src/measure/accuracy/chance/embedding.ts
function embeddingSkill({ pairs }) {
  const [metric] = embeddingMetrics({ pairs });
  return {
    metric: metric.name,
    from: metric.name,
    keep: metric.keep,
    assess: metric.kind === "share" ? recallSkill(metric) : rankSkill(metric)
  };
}
var recallSkill = (metric) => (rows) => {
  const n = rows.length;
  if (n < 2) return null;
  const counts2 = /* @__PURE__ */ new Map();
  for (const row of rows) counts2.set(row[0], (counts2.get(row[0]) ?? 0) + 1);
  let pairs = 0;
  for (const count of counts2.values()) pairs += count * (count - 1);
  const chance = pairs / (n * (n - 1));
  if (chance === 1) return null;
  const right = metric.right(rows).reduce((sum, one) => sum + one, 0);
  const skill = (share) => (share - chance) / (1 - chance);
  const alone = pairs === 0;
  return {
    value: right / n,
    chance,
    skill: skill(right / n),
    upper: alone ? 0 : skill(wilson(right, n, BOUND_CONFIDENCE).hi),
    p: binomialTail(right, n, chance),
    n,
    chanceIs: "a random other sample",
    fact: alone ? "no class has two samples, so that no neighbour can be right" : null
  };
};
var rankSkill = (metric) => (rows) => {
  const n = rows.length;
  const value = metric.statistic(rows)(null);
  if (!Number.isFinite(value)) return null;
  const spread = n > 3 ? Math.sqrt((1 + value ** 2 / 2) / (n - 3)) : Number.POSITIVE_INFINITY;
  const inside = Math.min(1 - 1e-12, Math.max(-1 + 1e-12, value));
  const upper = Math.tanh(Math.atanh(inside) + normalQuantile(BOUND_CONFIDENCE) * spread);
  return {
    value,
    chance: 0,
    skill: value,
    upper,
    p: 1 - normalCdf(Math.atanh(inside) * Math.sqrt(Math.max(0, n - 3))),
    n,
    chanceIs: "similarities without regard to the labels",
    fact: null
  };
};

// src/measure/accuracy/chance/language-model.ts
var MOST_TOKENS = 4096;
var MIN_TOKENS = 50;
var ROUNDING = 1e-6;
var PER_TOKEN = 3;
function languageModelSkill() {
  let seen2 = 0;
  return {
    metric: "accuracy.perplexity",
    from: null,
    keep(sample, output) {
      const row = [output.dims.at(-1) ?? 0];
      if (seen2 >= MOST_TOKENS) return row;
      forEachPrediction(sample, output, (prediction) => {
        const { scores, from, to, target } = prediction;
        row.push(lossOf(prediction), indexOfMaximum(scores, from, to), target);
      });
      seen2 += (row.length - 1) / PER_TOKEN;
      return Float64Array.from(row);
    },
    assess(rows) {
      const [losses, answers, targets] = [0, 1, 2].map((place) => column(rows, place));
      const vocabulary = rows[0]?.[0] ?? 0;
      if (losses.length < MIN_TOKENS || vocabulary < 2) return null;
      const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
      const uniform = Math.log(vocabulary);
      const frequency = lossByFrequency(targets, vocabulary);
      const next = agreementBeyondChance(answers, targets, {
        classes: vocabulary,
        confidence: BOUND_CONFIDENCE
      });
      const tokens = { skill: next.kappa, upper: next.upper, p: next.p, n: losses.length };
      const figures = { value: Math.exp(loss), fact: null };
      if (loss >= uniform * (1 - ROUNDING)) {
        return {
          ...figures,
          ...tokens,
          skill: Math.min(0, next.kappa),
          upper: 0,
          p: 1,
          chance: vocabulary,
          chanceIs: "every token being equally likely"
        };
      }
      const above = {
        ...figures,
        ...tokens,
        chance: Math.exp(frequency),
        chanceIs: "the tokens' own frequency"
      };
      return loss < frequency ? { ...above, skill: Math.max(next.kappa, 1 - loss / frequency), upper: 1, p: 0, informed: true } : above;
    }
  };
}
function column(rows, place) {
  return rows.flatMap((row) => {
    const values = [];
    for (let at = 1 + place; at < row.length; at += PER_TOKEN) values.push(row[at]);
    return values;
  });
}
function lossByFrequency(targets, vocabulary) {
  const counts2 = /* @__PURE__ */ new Map();
  for (const target of targets) counts2.set(target, (counts2.get(target) ?? 0) + 1);
  let loss = 0;
  for (const count of counts2.values()) loss -= count * Math.log(count / (targets.length - 1 + vocabulary));
  return loss / targets.length;
}

// src/measure/accuracy/chance/recognition.ts
var TURNS2 = 5;
function recognitionSkill(options) {
  return {
    metric: "accuracy.cer",
    from: "accuracy.cer",
    keep: recognitionRow(options),
    assess(rows) {
      const texts = rows.map(textsOf);
      const counted2 = rows.map((row, at) => [row[0], row[1], turnedEdits(texts, at)]);
      const skill = ofSums(counted2, ([edits = 0, , chance = 0]) => (chance - edits) / chance);
      if (!Number.isFinite(skill(null))) return null;
      const nothing = texts.every(({ read }) => read.trim() === "");
      return {
        value: ofSums(counted2, ([edits = 0, length = 0]) => edits / length)(null),
        chance: ofSums(counted2, ([, length = 0, chance = 0]) => chance / length)(null),
        ...nothing ? { skill: 0, upper: 0, p: 1, n: rows.length } : byBootstrap(skill, rows.length),
        chanceIs: "the texts read in other images",
        fact: nothing ? "nothing is read in any image" : null
      };
    }
  };
}
function turnedEdits(texts, at) {
  const turns = Math.min(TURNS2, texts.length - 1);
  if (turns === 0) return texts[at].wanted.length;
  let sum = 0;
  for (let turn = 1; turn <= turns; turn++) {
    sum += characterEdits(texts[at].wanted, texts[(at + turn) % texts.length].read)[0];
  }
  return sum / turns;
}

// src/measure/accuracy/chance/regression.ts
function regressionSkill() {
  const r22 = regressionMetrics().find(({ name }) => name === "accuracy.r2");
  return {
    metric: r22.name,
    from: r22.name,
    keep: r22.keep,
    assess(rows) {
      const best = ofSums(rows, (sums) => highest(r2OfColumns(sums)));
      const value = best(null);
      if (!Number.isFinite(value)) return null;
      const columns = rows[0].length / 4;
      return {
        value,
        chance: 0,
        ...byBootstrap(best, rows.length),
        chanceIs: "always answering the mean of the targets",
        fact: columns > 1 ? `the best of ${columns} targets counts` : null
      };
    }
  };
}
function highest(values) {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.length === 0 ? Number.NaN : Math.max(...defined);
}

// src/measure/accuracy/chance/renumbered.ts
var MIN_SAMPLES2 = 20;
var MIN_KAPPA = 0.4;
var MIN_DISTINCT = 0.7;
var MAX_RIGHT = 0.1;
var MIN_CORRELATION = 0.8;
var NAMED = 4;
function renumbering(rows, names) {
  if (rows.length < MIN_SAMPLES2) return null;
  return byMostFrequent(rows, names) ?? byPosition(rows);
}
function byMostFrequent(rows, names) {
  const [learnt, tested] = [rows.filter((_, at) => at % 2 === 0), rows.filter((_, at) => at % 2 === 1)];
  const mapping = mostFrequentAnswers(learnt);
  if (new Set(mapping.values()).size < MIN_DISTINCT * mapping.size) return null;
  const known = tested.filter((row) => mapping.has(row[1]));
  if (known.length < MIN_SAMPLES2 / 2) return null;
  const { kappa, p } = agreementBeyondChance(
    known.map((row) => row[0]),
    known.map((row) => mapping.get(row[1])),
    { classes: rows[0][2], confidence: BOUND_CONFIDENCE }
  );
  if (kappa < MIN_KAPPA || p > 1e-3) return null;
  const moved = [...mapping].filter(([label, answer]) => label !== answer).sort((a, b) => a[0] - b[0]);
  if (moved.length === 0) return null;
  const pairs = moved.slice(0, NAMED).map(([label, answer]) => {
    const name = names.get(label);
    return `${name === void 0 ? `label ${label}` : `'${name}' (counted as ${label})`} is output ${answer}`;
  });
  const more = moved.length > NAMED ? `, and ${moved.length - NAMED} more` : "";
  return {
    found: `Answers and labels do go together, under other numbers: ${pairs.join(", ")}${more}.`,
    remedy: names.size > 0 ? "Name each class by the index of the model's output (folders 0, 1, 2 \u2026)" : "Number the labels as the model's outputs are",
    kappa
  };
}
function mostFrequentAnswers(rows) {
  const counts2 = /* @__PURE__ */ new Map();
  for (const row of rows) {
    const answers = counts2.get(row[1]) ?? /* @__PURE__ */ new Map();
    answers.set(row[0], (answers.get(row[0]) ?? 0) + 1);
    counts2.set(row[1], answers);
  }
  return new Map(
    [...counts2].map(([label, answers]) => [
      label,
      [...answers].reduce((best, entry) => entry[1] > best[1] ? entry : best)[0]
    ])
  );
}
function byPosition(rows) {
  const answers = rows.map((row) => row[0]);
  const labels = rows.map((row) => row[1]);
  const [classes, outputs] = [new Set(labels).size, rows[0][2]];
  const right = rows.filter((row) => row[0] === row[1]).length;
  if (Math.max(...labels) > classes || right > MAX_RIGHT * rows.length) return null;
  if (classes >= outputs || classes < MIN_SAMPLES2 || correlation2(answers, labels) < MIN_CORRELATION)
    return null;
  return {
    found: `The answers rise with the labels: these are positions among the ${classes} classes that are there, and the model has ${outputs} outputs.`,
    remedy: "Name each class by the index of the model's output (folders 0, 2, 4 \u2026), or give a folder for every class",
    kappa: null
  };
}
function correlation2(one, other) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(one), mean(other)];
  let [both, left, right] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    both += (one[at] - a) * (other[at] - b);
    left += (one[at] - a) ** 2;
    right += (other[at] - b) ** 2;
  }
  return left === 0 || right === 0 ? 0 : both / Math.sqrt(left * right);
}

// src/measure/accuracy/chance/retrieval.ts
function chanceOf(documents) {
  const depth = Math.min(10, documents);
  let sum = 0;
  for (let rank = 1; rank <= depth; rank++) sum += 1 / rank;
  return sum / Math.max(1, documents);
}
function retrievalSkill(options) {
  const metric = retrievalMetrics(options).find(({ name }) => name === "accuracy.mrr10");
  return {
    metric: metric.name,
    from: metric.name,
    keep: metric.keep,
    assess(rows) {
      const queries = rows.filter((row) => row[0] === 0).length;
      const documents = rows.length - queries;
      if (queries === 0 || documents < 2) return null;
      const mean = metric.statistic(rows);
      const chance = chanceOf(documents);
      const skill = (weights) => (mean(weights) - chance) / (1 - chance);
      return {
        value: mean(null),
        chance,
        ...byBootstrap(skill, rows.length, queries),
        n: queries,
        chanceIs: "documents in an order at random",
        fact: null
      };
    }
  };
}

// src/measure/accuracy/chance/segmentation.ts
function segmentationSkill(options = {}) {
  const miou = segmentationMetrics(options).find(({ name }) => name === "accuracy.miou");
  return {
    metric: miou.name,
    from: miou.name,
    keep: miou.keep,
    assess(rows) {
      const chance = ofSums(rows, constantMap)(null);
      if (!(chance < 1)) return null;
      const skill = ofSums(rows, (sums) => {
        const constant = constantMap(sums);
        return (meanIntersectionOverUnion(sums) - constant) / (1 - constant);
      });
      return {
        value: ofSums(rows, meanIntersectionOverUnion)(null),
        chance,
        ...byBootstrap(skill, rows.length, imagesThatTell(rows)),
        chanceIs: "naming the most frequent class everywhere",
        fact: null
      };
    }
  };
}
function constantMap(sums) {
  let total = 0;
  let most = 0;
  let classes = 0;
  for (let at = 2; at < sums.length; at += PER_CLASS) {
    total += sums[at];
    most = Math.max(most, sums[at]);
    if (sums[at] > 0) classes++;
  }
  return most / total / classes;
}
function imagesThatTell(rows) {
  const totals = /* @__PURE__ */ new Map();
  for (const row of rows) {
    for (let at = 2; at < row.length; at += PER_CLASS) totals.set(at, (totals.get(at) ?? 0) + row[at]);
  }
  const most = [...totals].reduce((best, entry) => entry[1] > best[1] ? entry : best, [2, 0])[0];
  return rows.filter((row) => {
    for (let at = 2; at < row.length; at += PER_CLASS) if (at !== most && row[at] > 0) return true;
    return false;
  }).length;
}

// src/measure/accuracy/chance/speech.ts
function speechSkill(options) {
  const metric = speechMetrics(options).find(({ name }) => name === "accuracy.cer");
  return {
    metric: metric.name,
    from: metric.name,
    keep: metric.keep,
    assess(rows) {
      const value = metric.statistic(rows)(null);
      if (!Number.isFinite(value)) return null;
      const skill = ofSums(rows, ([edits = 0, length = 0]) => 1 - edits / length);
      return {
        value,
        chance: 1,
        ...byBootstrap(skill, rows.length),
        chanceIs: "saying nothing",
        fact: null
      };
    }
  };
}

// src/measure/accuracy/chance/tags.ts
var COUNTS = 3;
function tagSkill(options) {
  const scheme = tagScheme(options);
  const place = new Map(options.classNames.map((name, index) => [name, index]));
  return {
    metric: "accuracy.entity-f1",
    from: null,
    keep(sample, output) {
      const { gold, answer } = taggedWords(sample, output, options);
      const words = answer.flatMap((tag, at) => [place.get(tag), place.get(gold[at]) ?? -1]);
      return Float64Array.from([...countEntities(gold, answer, scheme), ...words]);
    },
    assess(rows) {
      const column2 = (offset) => rows.flatMap(
        (row) => Array.from(row).slice(COUNTS).filter((_, at) => at % 2 === offset)
      );
      const labels = column2(1);
      if (new Set(labels).size < 2) return null;
      const { kappa, upper, p, n } = agreementBeyondChance(column2(0), labels, {
        classes: options.classNames.length,
        confidence: BOUND_CONFIDENCE
      });
      const sum = (at) => rows.reduce((total, row) => total + row[at], 0);
      const named = sum(1) + sum(2);
      return {
        value: named === 0 ? 0 : 2 * sum(0) / named,
        chance: 0,
        skill: kappa,
        upper,
        p,
        n,
        chanceIs: "tags given without regard to the word",
        fact: sum(1) === 0 ? "no entity is named in any sentence" : null
      };
    }
  };
}

// src/data/images/alternatives.ts
var IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
var CAFFE_MEAN = [103.939, 116.779, 123.68];
var HIGHEST_SHARE2 = 2;
var IMAGE_AXES = 2;
function canBePreparedOtherwise({ stored, axes, config }) {
  const { scale, mean, std } = config;
  if (stored === "fed") return false;
  if (stored === "image" || stored === "bytes") return true;
  return axes >= IMAGE_AXES || scale !== null || mean !== null || std !== null;
}
var AS_STORED = { scale: false, mean: null, std: null };
function alternatives(preparation, statistics) {
  const { config } = preparation;
  const swap = { channels: config.channels === "bgr" ? "rgb" : "bgr" };
  const normalizations = normalizationsOf(preparation, statistics);
  const layout = config.layout === "NHWC" ? "NCHW" : "NHWC";
  return {
    single: [
      { words: "the channels swapped", changes: swap },
      ...normalizations,
      { words: `layout ${layout}`, changes: { layout } }
    ],
    swapped: normalizations.map(({ words, changes }) => ({
      of: words,
      words: `${words} and the channels swapped`,
      changes: { ...changes, ...swap }
    }))
  };
}
function normalizationsOf({ stored, config }, { mean, std, highest: highest2 }) {
  const levels = stored !== "numbers" || highest2 > HIGHEST_SHARE2;
  const unit = levels ? 255 : 1;
  const divides = stored === "numbers" ? config.scale === true : config.scale !== false;
  const divided = typeof config.scale === "number" ? null : divides;
  const scale = (wanted) => wanted === divided ? {} : { scale: wanted };
  const own = {
    mean: mean.map((value) => rounded(value / unit)),
    std: std.map((value) => rounded(value / unit))
  };
  const from = (words, changes, divide = levels) => ({
    words,
    changes: { ...scale(divide), mean: null, std: null, ...changes }
  });
  return [
    from("values from 0 to 1", {}),
    from("values from 0 to 255", levels ? {} : { std: [rounded(1 / 255)] }, false),
    from("values from \u22121 to 1", { mean: [0.5], std: [0.5] }),
    from("ImageNet's mean and std", IMAGENET),
    ...own.std.every((value) => value > 0) ? [from("the data's own mean and std", own)] : [],
    ...levels ? [from("Caffe's mean in the order blue, green, red", { mean: CAFFE_MEAN, channels: "bgr" }, false)] : []
  ];
}
function rounded(value) {
  return Number(value.toPrecision(4));
}
function changesAsWritten(changes, config) {
  const entries = Object.entries(changes).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(config[key])
  );
  const written = entries.flatMap(
    ([key, value]) => value === null ? [] : [`${key}: ${Array.isArray(value) ? `[${value.join(", ")}]` : value}`]
  );
  const gone = entries.flatMap(([key, value]) => value === null ? [`\`${key}\``] : []);
  const source = config.preset === null ? config.preprocessor && "the `preprocessor` file" : `\`preset: ${config.preset}\``;
  if (source !== null && gone.length > 0) {
    const instead = written.length > 0 ? ` and with \`${written.join(", ")}\`` : "";
    return `write the settings of ${source} out by themselves, without ${gone.join(" and ")}${instead}`;
  }
  return [
    ...written.length > 0 ? [`write \`${written.join(", ")}\``] : [],
    ...gone.length > 0 ? [`leave out ${gone.join(" and ")}`] : []
  ].join(" and ");
}

// src/measure/accuracy/chance/label-trials.ts
function labelTrials({ task, labelOffset, dataset }) {
  switch (task) {
    case "classification":
    case "text-classification":
      if (task === "text-classification" && dataset.classes === null) return [NEGATED];
      return [
        offsetTrial(1, labelOffset),
        offsetTrial(-1, labelOffset),
        ...orderTrials(dataset.classIndices)
      ];
    case "segmentation":
      return [maskTrial(1), maskTrial(-1)];
    case "embedding":
      return dataset.classes === null ? [NEGATED] : [];
    default:
      return [];
  }
}
function offsetTrial(step, labelOffset) {
  const line = `\`label-offset: ${labelOffset + step}\``;
  return {
    words: line,
    remedy: `Write ${line} (now ${labelOffset})`,
    relabelled(label) {
      const index = indexOf(label);
      return index === null ? label : index + step;
    }
  };
}
function indexOf(label) {
  if (label === null || typeof label === "number") return label;
  return label.data.length === 1 ? numbersOf(label)[0] : null;
}
function orderTrials(current) {
  if (current === void 0) return [];
  return CLASS_ORDERS.flatMap((order) => {
    const other = classIndices([...current.keys()], order);
    if (other === null || [...current].every(([name, index]) => other.get(name) === index)) return [];
    const renumbered = new Map([...current].map(([name, index]) => [index, other.get(name)]));
    const line = `\`class-order: ${order}\``;
    return [
      {
        words: line,
        remedy: `Write ${line} beside the data's \`path\``,
        relabelled: (label) => typeof label === "number" ? renumbered.get(label) ?? label : label
      }
    ];
  });
}
function maskTrial(step) {
  const words = `the masks' classes one ${step > 0 ? "higher" : "lower"}`;
  const shifted = (value) => value < 0 || value === 255 ? value : value + step;
  return {
    words,
    remedy: `Save the masks with every class one ${step > 0 ? "higher" : "lower"}`,
    relabelled: (label) => label === null || typeof label === "number" ? label : mapped(label, shifted)
  };
}
var NEGATED = {
  words: "the scores with the other sign",
  remedy: "Save similarities (higher is nearer) instead of distances",
  relabelled: (label) => label === null ? null : typeof label === "number" ? -label : mapped(label, (value) => -value)
};
function mapped(tensor, value) {
  return { type: "float64", dims: tensor.dims, data: Float64Array.from(numbersOf(tensor), value) };
}

// src/measure/accuracy/chance/trials.ts
var MOST_SAMPLES = 128;
var FEWEST_SAMPLES = 16;
var PASSES = 10;
var MIN_SAMPLES3 = 8;
var GAIN = 0.25;
var MAX_P = 1e-3;
var MODEST_GAIN = 0.03;
var MODEST_GAIN_UNPAIRED = 0.1;
var MODEST_SAMPLES = 512;
var MODEST_BUDGET_MS = 3e4;
async function tryCauses(request) {
  const until = performance.now() + request.budgetMs;
  const labels = labelTrials(request);
  const inputs = preparable(request.dataset);
  if (labels.length === 0 && inputs.length === 0) return { best: null, tried: [] };
  const first = await labelPass(request, labels).catch((error) => {
    if (error instanceof Interrupted) throw error;
    return null;
  });
  if (first === null) return { best: null, tried: [] };
  const trials = [...first.trials];
  const best = () => bestOf(trials, request);
  for (const preparation of best() === null ? inputs : []) {
    const like = { request, preparation, first: first.sample, until, samples: first.samples };
    const { single, swapped } = alternatives(preparation, await statisticsOf(preparation, like));
    const prepared = [];
    const run = async (alternative) => {
      const trial = performance.now() > until ? null : await preparedTrial(alternative, like);
      if (trial !== null) prepared.push([alternative, trial]);
      if (trial !== null) trials.push(trial);
    };
    for (const alternative of single) await run(alternative);
    const found = best();
    for (const alternative of swapped)
      if (found === null || alternative.of === found.words) await run(alternative);
    if (best() === null && request.modest) trials.push(...await seenOnMore(prepared, like));
    if (best() !== null) break;
  }
  return { best: best(), tried: [...new Set(trials.map(({ words }) => words))] };
}
function preparable({ preparations = [], preparedAs }) {
  return preparedAs === void 0 ? [] : preparations.filter(canBePreparedOtherwise);
}
async function seenOnMore(prepared, like) {
  const gain = ({ skill, configured }) => skill.skill - (configured?.skill ?? 0);
  const [alternative, trial] = prepared.reduce(
    (most, each) => most[1] === null || gain(each[1]) > gain(most[1]) ? each : most,
    [null, null]
  );
  if (alternative === null || trial === null || gain(trial) <= 0) return [];
  const until = performance.now() + MODEST_BUDGET_MS;
  const more = await preparedTrial(alternative, { ...like, until, samples: MODEST_SAMPLES });
  return more === null ? [] : [more];
}
function explains(then, now) {
  return then >= now + GAIN && then >= 2 * now;
}
function bestOf(trials, { test, rows, modest = false }) {
  const convincing = trials.filter((trial) => {
    const { skill, p, n } = trial.skill;
    if (n < MIN_SAMPLES3 || p > MAX_P) return false;
    const now = Math.max(0, trial.configured?.skill ?? 0);
    if (explains(skill, now)) return true;
    if (!modest) return false;
    if (!test.right) return skill >= now + MODEST_GAIN_UNPAIRED;
    return skill >= now + MODEST_GAIN && gainedByChance(rows, trial.rows, test.right) <= MAX_P;
  });
  return convincing.reduce(
    (best, trial) => best === null || trial.skill.skill > best.skill.skill ? trial : best,
    null
  );
}
function gainedByChance(now, then, right) {
  const rights = (rows) => Uint8Array.from(rows.slice(0, then.length), (row) => Number(right(row)));
  return mcNemarMidP(countFlips(rights(then), rights(now)));
}
function trialOf({ words, remedy }, rows, request) {
  const skill = request.test.assess(rows);
  if (skill === null) return null;
  return { words, remedy, skill, rows, configured: request.test.assess(request.rows.slice(0, rows.length)) };
}
async function labelPass(request, labels) {
  const { dataset, budgetMs, test } = request;
  const relabelled = labels.map((trial) => ({ trial, rows: [], fits: true }));
  let first = null;
  let samples = 0;
  const start = performance.now();
  for await (const sample of dataset.samples()) {
    first ??= sample;
    samples++;
    const outputs = await infer(sample, request);
    for (const own of relabelled) {
      if (!own.fits) continue;
      try {
        own.rows.push(test.keep({ ...sample, label: own.trial.relabelled(sample.label) }, ...outputs));
      } catch {
        own.fits = false;
      }
    }
    const slow = performance.now() - start > budgetMs / PASSES;
    if (samples >= (slow ? FEWEST_SAMPLES : MOST_SAMPLES)) break;
  }
  const trials = relabelled.flatMap(
    ({ trial, rows, fits }) => fits ? trialOf(trial, rows, request) ?? [] : []
  );
  return { samples, sample: first, trials };
}
async function infer({ feeds }, { original, scored: scored2, outputs, signal }) {
  if (signal?.aborted) throw new Interrupted("interrupted");
  const computed = await original.run(feeds, outputs);
  return [computed[scored2.name], computed];
}
async function preparedTrial({ words, changes }, { request, preparation, first, samples, until }) {
  const { input, config } = preparation;
  const rows = [];
  try {
    for await (const sample of request.dataset.preparedAs(input, changes)) {
      if (rows.length === 0 && first && sameValues(sample.feeds[input], first.feeds[input])) return null;
      rows.push(request.test.keep(sample, ...await infer(sample, request)));
      if (rows.length >= (performance.now() > until ? FEWEST_SAMPLES : samples)) break;
    }
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return null;
  }
  const remedy = `For input '${input}' ${changesAsWritten(changes, config)}`;
  const trial = trialOf({ words, remedy }, rows, request);
  return trial && { ...trial, prepared: { input, changes } };
}
function sameValues(one, other) {
  if (one.dims.join() !== other.dims.join()) return false;
  const [a, b] = [numbersOf(one), numbersOf(other)];
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
async function statisticsOf({ input }, { samples, request: { dataset } }) {
  let sums = null;
  let highest2 = Number.NEGATIVE_INFINITY;
  let seen2 = 0;
  for await (const { feeds } of dataset.preparedAs(input, AS_STORED)) {
    const tensor = feeds[input];
    const values = numbersOf(tensor);
    const { channels, inner } = channelsOf(tensor);
    sums ??= { sum: new Float64Array(channels), squares: new Float64Array(channels), count: 0 };
    if (sums.sum.length !== channels) break;
    for (let at = 0; at < values.length; at++) {
      const channel = Math.floor(at / inner) % channels;
      sums.sum[channel] += values[at];
      sums.squares[channel] += values[at] ** 2;
      if (values[at] > highest2) highest2 = values[at];
    }
    sums.count += values.length / channels;
    if (++seen2 >= samples) break;
  }
  const { sum, squares, count } = sums;
  const mean = Array.from(sum, (total) => total / count);
  const std = Array.from(squares, (total, at) => Math.sqrt(Math.max(0, total / count - mean[at] ** 2)));
  return { mean, std, highest: highest2 };
}
var MOST_CHANNELS = 4;
function channelsOf({ dims }) {
  if (dims.length !== 4) return { channels: 1, inner: 1 };
  const [, second, third, last] = dims;
  if (second <= MOST_CHANNELS) return { channels: second, inner: third * last };
  return last <= MOST_CHANNELS ? { channels: last, inner: 1 } : { channels: 1, inner: 1 };
}

// src/measure/accuracy/chance/words.ts
function doubtWords(said) {
  const { renumbered, trials } = said;
  const explanation = renumbered?.found ?? trialSentence(said);
  const message = [seen(said), ...explanation === null ? [] : [explanation]].join(" ");
  const remedy = renumbered?.remedy ?? trials.best?.remedy ?? null;
  return { message, remedy: remedy === null ? without(said) : `${remedy}.` };
}
function seen({ standing, skill, metric }) {
  const { value, chance, p, n, chanceIs, fact, informed = false } = skill;
  const of = metric === "accuracy.perplexity" ? "tokens" : "samples";
  const title = metricDefinition(metric)?.title ?? metric;
  const known = `${title} of the original is ${figure(value, metric)} on ${n} ${n === 1 ? of.slice(0, -1) : of}`;
  if (standing === "low") return `${known}.`;
  const level = `chance (${chanceIs}) reaches ${figure(chance, metric)}`;
  const more = fact === null ? "" : `, and ${fact}`;
  switch (standing) {
    case "chance":
      return `${known}; ${level}${probability(p)}${more}. Such a result can't show what quantization changes.`;
    case "untold":
      return `${known}; ${level}${probability(p)}${more}. So few can't tell the two apart.`;
    case "hardly":
      return `${known}; ${level}${more}. ${informed ? "The scores behind the answers do tell the classes apart, but the answers can't show what quantization changes." : "That is better by next to nothing."}`;
    case "weak":
      return `${known}; ${level}${more}.`;
  }
}
function trialSentence({ trials: { best }, metric }) {
  if (best === null) return null;
  const { configured } = best;
  const now = configured === null ? "" : `, as configured ${figure(configured.value, metric)}`;
  return `With ${best.words} it is ${figure(best.skill.value, metric)} on the first ${best.skill.n}${now}.`;
}
function without({ standing, trials: { tried } }) {
  const attempts = tried.length === 0 ? "" : `Tried in vain: ${tried.join(", ")}. `;
  switch (standing) {
    case "chance":
      return `${attempts}Check labels, preprocessing and \`output\`; if the task is as hard as that, \`on-chance: warn\` says so and lets it pass.`;
    case "untold":
      return `${attempts}Evaluate more samples.`;
    case "low":
    case "hardly":
      return attempts === "" ? null : attempts.trimEnd();
    case "weak":
      return null;
  }
}
function figure(value, metric) {
  const unit = metricDefinition(metric)?.unit;
  return unit === "fraction" ? `${digits(value * 100)} %` : digits(value);
}
function digits(value) {
  return String(Number(value.toPrecision(3)));
}
function probability(p) {
  return p > 0 && p < 0.995 ? ` (p = ${digits(p)})` : "";
}

// src/measure/accuracy/chance/original.ts
function skillTest(task, { classes, classNames = [], ...options }) {
  const { labelOffset } = options;
  switch (task) {
    case "classification":
      return classificationSkill({ labelOffset });
    case "regression":
      return regressionSkill();
    case "embedding":
      return embeddingSkill({ pairs: classes === null });
    case "segmentation":
      return segmentationSkill({ labelOffset });
    case "token-classification":
      return tagSkill({ classNames, decoder: options.decoder });
    case "question-answering":
      return answerSkill(options);
    case "speech-recognition":
      return speechSkill({ vocabulary: classNames });
    case "retrieval":
      return retrievalSkill(options);
    case "text-classification":
      return classes === null ? embeddingSkill({ pairs: true }) : classificationSkill({ labelOffset });
    case "language-model":
      return languageModelSkill();
    case "detection":
      return detectionSkill(options);
    case "text-recognition":
      return recognitionSkill(options);
    default:
      return null;
  }
}
var BUDGET_MS = 2e4;
var WEAK_BUDGET_MS = 5e3;
async function questionOriginal(request) {
  const { test, rows, measurements: measurements2 } = request;
  const unchanged = { measurements: [...measurements2], notes: [] };
  const skill = test.assess(rows);
  if (skill === null) return unchanged;
  const low = lowMetric(request);
  const natural = standingOf(skill);
  const standing = natural === "above" ? low === null ? null : "low" : natural;
  if (standing === null) return unchanged;
  request.log.info("the original is in doubt: trying other labels and other preprocessing");
  const patient = standing !== "weak" || low !== null;
  const renumbered = scoresClasses(request.task) ? renumberingThatConvinces(request, skill) : null;
  const trials = await tryCauses({
    ...request,
    modest: low !== null,
    budgetMs: patient ? BUDGET_MS : WEAK_BUDGET_MS
  });
  const doubt = doubtFrom({ standing, skill, trials, renumbered: trials.best ? null : renumbered, request });
  if (standing === "weak" && low === null && !doubt.explained) return unchanged;
  const about = standing === "low" ? low : test.metric;
  return {
    measurements: measurements2.map(
      (one) => one.variant === ORIGINAL && one.metric === about ? withDoubt(one, doubt) : one
    ),
    notes: noteOf(doubt, measurements2[0]?.model ?? null)
  };
}
function namesOf({ dataset, labelOffset }) {
  return new Map([...dataset.classIndices ?? []].map(([name, index]) => [index + labelOffset, name]));
}
function renumberingThatConvinces(request, { skill }) {
  const found = renumbering(request.rows, namesOf(request));
  if (found === null || found.kappa === null) return found;
  return explains(found.kappa, skill) ? found : null;
}
function lowMetric({ measurements: measurements2, checks }) {
  const beyond = measurements2.find(
    (one) => one.variant === ORIGINAL && one.value !== null && checks.some(
      ({ metric, level, where, min, max }) => metric === one.metric && level !== "off" && where.variant?.includes(ORIGINAL) === true && matchesWhere(where, one) && (min !== void 0 && one.value < min || max !== void 0 && one.value > max)
    )
  );
  return beyond?.metric ?? null;
}
function doubtFrom({ standing, skill, trials, renumbered, request }) {
  const { value, chance, upper, p, n } = skill;
  return {
    standing,
    explained: renumbered !== null || trials.best !== null,
    ...doubtWords({ standing, skill, trials, renumbered, metric: request.test.metric }),
    figures: { value, chance, skill: skill.skill, upper, p, n },
    tried: trials.tried
  };
}
function noteOf({ standing, explained, message, remedy, figures }, model) {
  if (standing === "chance" || standing === "low" || explained) return [];
  return [
    {
      level: standing === "untold" || figures.p > ALPHA ? "warn" : "info",
      code: "accuracy.chance",
      message: remedy === null ? message : `${message} ${remedy}`,
      model,
      variant: ORIGINAL
    }
  ];
}

// src/data/batches.ts
async function* batchesOf(dataset, size) {
  let samples = [];
  for await (const sample of dataset.samples()) {
    samples.push(sample);
    if (samples.length < size) continue;
    yield batchOf(samples);
    samples = [];
  }
  if (samples.length > 0) yield batchOf(samples);
}
function batchOf(samples) {
  const [first] = samples;
  const names = Object.keys(first.feeds);
  const rows = samples.map(({ feeds: feeds2 }) => feeds2[names[0]]?.dims[0] ?? 1);
  if (samples.length === 1) return { samples, feeds: first.feeds, rows };
  const feeds = {};
  for (const name of names) feeds[name] = concatenate(samples, name);
  return { samples, feeds, rows };
}
function concatenate(samples, name) {
  const tensors = samples.map(({ feeds }) => feeds[name]);
  const [first] = tensors;
  const inner = first.dims.slice(1);
  tensors.forEach(({ dims }, at2) => {
    if (dims.length === 0 || dims.slice(1).join() !== inner.join()) {
      throw new UserError(
        `Samples ${samples[0].id} [${first.dims}] and ${samples[at2].id} [${dims}] can't share a batch: their shapes for input '${name}' differ. Use batch 1, or prepare them to one shape.`
      );
    }
  });
  if (!isNumericType(first.type))
    throw new UserError(`Input '${name}' of type ${first.type} can't be batched.`);
  const data = allocate(
    first.type,
    tensors.reduce((sum, { dims }) => sum + elementCount(dims), 0)
  );
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += elementCount(tensor.dims);
  }
  const rows = tensors.reduce((sum, { dims }) => sum + dims[0], 0);
  return { type: first.type, dims: [rows, ...inner], data };
}
function splitOutputs(outputs, { samples, rows }) {
  if (samples.length === 1) return [outputs];
  const total = rows.reduce((sum, count) => sum + count, 0);
  const parts = samples.map(() => ({}));
  for (const [name, { type, dims, data }] of Object.entries(outputs)) {
    if (dims[0] !== total) {
      throw new UserError(
        `Output '${name}' has shape [${dims.join(", ")}] for a batch of ${total}: its first axis is not the batch, so the samples can't be told apart. Use batch 1.`
      );
    }
    const size = elementCount(dims.slice(1));
    let row = 0;
    samples.forEach((_, at) => {
      const count = rows[at];
      const part = data.slice(row * size, (row + count) * size);
      parts[at][name] = { type, dims: [count, ...dims.slice(1)], data: part };
      row += count;
    });
  }
  return parts;
}

// src/measure/accuracy/flips.ts
function ownFigures(metric, { kept, right }) {
  if (metric.kind === "share") return right;
  const { figureOfSample, figuresOfSamples } = metric;
  if (!figureOfSample && !figuresOfSamples) return null;
  const sign = (metric.own ?? metricDefinition(metric.name)).higherIsBetter ? 1 : -1;
  const figures = figuresOfSamples?.(kept) ?? kept.map((row) => figureOfSample(row));
  return Float64Array.from(figures, (figure2) => figure2 * sign);
}
function flipsOf(metric, original, variant) {
  const [before, after] = [ownFigures(metric, original), ownFigures(metric, variant)];
  if (before === null || after === null) return {};
  const { lost, gained } = countFlips(before, after);
  return { lost, gained };
}
var NAMED_SAMPLES = 20;
function flippedSamples(metric, original, variant, ids) {
  const [before, after] = [ownFigures(metric, original), ownFigures(metric, variant)];
  if (ids === void 0 || before === null || after === null) return {};
  const changes = ids.map((id, at) => ({ id, change: after[at] - before[at] })).filter(({ change }) => Math.abs(change) > 0);
  if (changes.length === 0) return {};
  const most = (sign) => changes.filter(({ change }) => change * sign > 0).sort((a, b) => (b.change - a.change) * sign).slice(0, NAMED_SAMPLES).map(({ id }) => id);
  return {
    flips: { by: metric.kind === "share" ? "right-or-wrong" : "own-figure", lost: most(-1), gained: most(1) }
  };
}

// src/measure/accuracy/measurements.ts
function emptyMeasurement(metric, variant, context) {
  const at = {
    model: context.model,
    variant,
    provider: context.provider,
    batch: null,
    threads: null,
    concurrency: null
  };
  return blankMeasurement(at, metric, context.unit);
}
function accuracyMeasurements(metrics, { original, variants, bases }, context) {
  return metrics.flatMap((metric) => {
    const candidate = (observation) => ({
      variant: observation.runner.variant,
      invalid: observation.invalid(context.samples),
      kept: observation.kept.get(metric.name)
    });
    return metricMeasurements(
      metric,
      {
        original: candidate(original),
        variants: variants.map(candidate),
        bases: new Map([...bases].map(([variant, base]) => [variant, candidate(base)]))
      },
      { ...context, ids: original.ids }
    );
  });
}
function metricMeasurements(metric, { original, variants, bases }, context) {
  const reference = settle(metric, original);
  const measure = (scored2, beside) => {
    const base = bases.get(scored2.variant);
    return measurementOf(metric, scored2, {
      reference: beside,
      base: base ? settle(metric, base) : null,
      context
    });
  };
  return [
    measure(reference, null),
    ...variants.map((variant) => measure(settle(metric, variant), reference))
  ];
}
function settle(metric, candidate) {
  const { kept, invalid } = candidate;
  if (metric.kind !== "share" || invalid !== null) return { ...candidate, right: null };
  return { ...candidate, right: metric.right?.(kept) ?? Uint8Array.from(kept, (numbers) => numbers[0]) };
}
function measurementOf(metric, scored2, beside) {
  const { reference, context } = beside;
  const empty = emptyMeasurement(metric.name, scored2.variant, { ...context, unit: metric.own?.unit });
  const { invalid } = scored2;
  if (invalid !== null) return { ...empty, status: "invalid", reason: invalid };
  if (reference && reference.invalid !== null) {
    return {
      ...empty,
      status: "invalid",
      reason: `the original model can't be scored: ${reference.invalid}`
    };
  }
  const figures = metric.kind === "share" ? shareFigures(scored2, beside) : statisticFigures(metric, scored2, beside);
  if (Math.abs(figures.value) === Number.POSITIVE_INFINITY) {
    return { ...empty, status: "invalid", reason: "its value is infinite" };
  }
  if (Number.isNaN(figures.value)) {
    const reason = metric.kind === "statistic" ? metric.undefinedReason : "there are no samples";
    return { ...empty, status: "skipped", reason: `undefined here: ${reason}` };
  }
  const details = {
    ...metric.kind === "statistic" ? metric.details?.(scored2.kept) : {},
    ...reference ? flippedSamples(metric, reference, scored2, context.ids) : {}
  };
  const more = Object.keys(details).length > 0 ? { details } : {};
  return { ...empty, ...figures, n: scored2.kept.length, ...more };
}
function shareFigures(scored2, { reference, base, context }) {
  const { confidence } = context;
  const share = shareOf(scored2);
  const n = scored2.kept.length;
  const against = (other) => {
    const drop = pairedDrop(countFlips(other.right, scored2.right), confidence);
    return { drop, ratio: shareRatio(shareOf(other), drop) };
  };
  return {
    value: share,
    interval: n > 0 ? wilson(Math.round(share * n), n, confidence) : null,
    ...reference ? against(reference) : { drop: null, ratio: null },
    base: base && base.invalid === null ? { value: shareOf(base), ratio: against(base).ratio, note: null } : null
  };
}
function shareOf({ right }) {
  return right.reduce((sum, one) => sum + one, 0) / right.length;
}
function statisticFigures(metric, scored2, { reference, base, context }) {
  const n = scored2.kept.length;
  const statistic = metric.statistic(scored2.kept);
  const value = statistic(null);
  const options = {
    confidence: context.confidence,
    higherIsBetter: (metric.own ?? metricDefinition(metric.name)).higherIsBetter,
    operations: metric.operations?.(scored2.kept) ?? n
  };
  const against = (other) => bootstrapComparison(metric.statistic(other.kept), statistic, n, options);
  const compared = reference && Number.isFinite(value) ? against(reference) : null;
  return {
    value,
    interval: compared ? compared.interval : bootstrapInterval(statistic, n, context.confidence, options.operations),
    drop: compared && { ...compared.drop, ...flipsOf(metric, reference, scored2) },
    ratio: compared?.ratio ?? null,
    base: base && base.invalid === null ? { value: metric.statistic(base.kept)(null), ratio: against(base).ratio, note: null } : null
  };
}
function skippedMeasurements(metrics, variants, context) {
  return metrics.flatMap(
    ({ name }) => variants.map(
      (variant) => ({
        ...emptyMeasurement(name, variant, context),
        status: "skipped",
        reason: context.reason
      })
    )
  );
}

// src/measure/accuracy/fidelity.ts
function fidelityMeasurements(variants, context) {
  return variants.flatMap((variant) => {
    const measurement = (metric) => emptyMeasurement(metric, variant.runner.variant, context);
    const invalid = variant.invalid(context.samples);
    if (invalid !== null) {
      return FIDELITY_METRICS.map(
        (metric) => ({
          ...measurement(metric),
          status: "invalid",
          reason: invalid
        })
      );
    }
    const outputs = Object.fromEntries(
      [...variant.fidelity].map(([name, output]) => [name, output.result()])
    );
    const judged = variant.varied ? [] : context.judged.flatMap((name) => outputs[name] ?? []);
    const figure2 = (metric, value, interval = null) => value === null ? { ...measurement(metric), status: "skipped", reason: variant.varied ? VARIED : SKIPPED[metric] } : {
      ...measurement(metric),
      value,
      interval,
      n: context.samples,
      ...metric === "fidelity.sqnr" ? { details: { outputs } } : {}
    };
    const agreement = variant.fidelity.get(context.scored);
    return [
      figure2("fidelity.sqnr", worst(judged, "sqnr", Math.min)),
      figure2("fidelity.cosine", worst(judged, "cosine", Math.min)),
      figure2("fidelity.max-abs", worst(judged, "maxAbs", Math.max)),
      figure2(
        "fidelity.agreement",
        variant.varied ? null : outputs[context.scored]?.agreement ?? null,
        agreement && agreementInterval(agreement, context)
      ),
      figure2("fidelity.kl", outputs[context.scored]?.kl ?? null)
    ];
  });
}
var FIDELITY_METRICS = [
  "fidelity.sqnr",
  "fidelity.cosine",
  "fidelity.max-abs",
  "fidelity.agreement",
  "fidelity.kl"
];
var SKIPPED = {
  "fidelity.sqnr": "no output is floating-point",
  "fidelity.cosine": "no output is floating-point",
  "fidelity.max-abs": "no output is floating-point",
  "fidelity.agreement": "the scored output does not hold competing scores",
  "fidelity.kl": "the scored output does not hold competing scores"
};
var VARIED = "the outputs hold as many boxes as the model finds: their values have no counterparts";
function worst(outputs, field, choose) {
  const values = outputs.flatMap((output) => output[field] ?? []);
  return values.length > 0 ? choose(...values) : null;
}
function agreementInterval({ agreements }, { confidence }) {
  if (agreements.length === 0) return null;
  if (agreements.every(([, positions]) => positions === 1)) {
    return wilson(
      agreements.reduce((sum, [equal]) => sum + equal, 0),
      agreements.length,
      confidence
    );
  }
  const share = ofSums(agreements, ([equal, all]) => equal / all);
  return bootstrapInterval(share, agreements.length, confidence);
}

// src/measure/fidelity/non-finite.ts
function countNonFinite(output, reference) {
  if (!isFloatType(output.type)) return 0;
  const values = numbersOf(output);
  const expected = reference === null ? null : numbersOf(reference);
  let bad = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (Number.isFinite(value)) continue;
    const masked = expected === null ? value === Number.NEGATIVE_INFINITY : value === expected[at];
    if (!masked) bad++;
  }
  return bad;
}
var NonFiniteLog = class {
  samples = [];
  values = 0;
  outputs = /* @__PURE__ */ new Set();
  add(sample, output, count) {
    if (this.samples.at(-1) !== sample) this.samples.push(sample);
    this.outputs.add(output);
    this.values += count;
  }
  get isEmpty() {
    return this.values === 0;
  }
  /** "NaN or infinite values in output 'y' for 3 of 500 samples (12 values): a.png, b.png, …" */
  describe(total) {
    const named = this.samples.slice(0, 3).join(", ");
    const outputs = [...this.outputs].map((name) => `'${name}'`).join(", ");
    return `NaN or infinite values in output ${outputs} for ${this.samples.length} of ${total} samples (${this.values} values): ${named}${this.samples.length > 3 ? ", \u2026" : ""}`;
  }
};

// src/measure/accuracy/observation.ts
var Observation = class {
  constructor(runner, plan) {
    this.runner = runner;
    this.plan = plan;
    for (const { name } of plan.metrics) this.kept.set(name, []);
    const missing2 = plan.outputs.filter((name) => !runner.outputs.some((output) => output.name === name));
    if (missing2.length > 0) {
      this.failure = `its outputs are ${runner.outputs.map(({ name }) => `'${name}'`).join(", ")}; the original's ${missing2.map((name) => `'${name}'`).join(", ")} ${missing2.length === 1 ? "is" : "are"} missing`;
    }
  }
  runner;
  plan;
  /** Of the samples that were scored, in their order. */
  ids = [];
  /** By metric name, one entry per sample. */
  kept = /* @__PURE__ */ new Map();
  /** By output name. */
  fidelity = /* @__PURE__ */ new Map();
  /** By sample, of the original: what the plan's witness kept. */
  witnessed = [];
  /** An output had another shape than the original's, and may have: it was not compared. */
  varied = false;
  nonFinite = new NonFiniteLog();
  /** Why the model took no further part. */
  failure = null;
  /** `original` is null when this is the original itself. */
  add(sample, outputs, original) {
    for (const name of this.plan.outputs) {
      const output = outputs[name];
      const own = original?.[name] ?? null;
      const comparable = own === null || sameShape(output, own);
      const reference = comparable ? own : null;
      if (!comparable && this.plan.varying !== true) {
        this.failure = `output '${name}' has shape [${output.dims.join(", ")}] for sample ${sample.id}, but [${own.dims.join(", ")}] in the original`;
        return;
      }
      if (!comparable) this.varied = true;
      const bad = countNonFinite(output, reference);
      if (bad > 0) this.nonFinite.add(sample.id, name, bad);
      else if (reference) this.fidelityOf(name).add(reference, output);
    }
    if (!this.nonFinite.isEmpty) return;
    this.ids.push(sample.id);
    for (const metric of this.plan.metrics) {
      this.kept.get(metric.name).push(metric.keep(sample, outputs[this.plan.scored.name], outputs));
    }
    if (original === null && this.plan.witness) {
      this.witnessed.push(this.plan.witness(sample, outputs[this.plan.scored.name], outputs));
    }
  }
  /** Why the model has no valid figures; null when it has. */
  invalid(samples) {
    if (this.failure !== null) return this.failure;
    return this.nonFinite.isEmpty ? null : this.nonFinite.describe(samples);
  }
  fidelityOf(output) {
    let fidelity = this.fidelity.get(output);
    if (!fidelity) {
      fidelity = new OutputFidelity(this.plan.classAxis);
      this.fidelity.set(output, fidelity);
    }
    return fidelity;
  }
};
function sameShape(one, other) {
  return one.dims.length === other.dims.length && one.dims.every((dim, axis) => dim === other.dims[axis]);
}

// src/measure/accuracy/evaluate.ts
async function evaluate(request) {
  const { dataset, task, original } = request;
  const scored2 = scoredOutput(original.outputs, request.output, request.model);
  const { labelOffset, roles = {}, decoder = null, keys = null } = request;
  const options = { labelOffset, roles, decoder, keys, outputs: original.outputs };
  const metrics = taskMetrics(task, dataset, options);
  const unlabelled = needsLabels(task) && !dataset.labelled;
  if (scoresClasses(task)) assertLabelsInRange(dataset, scored2, options);
  const plan = {
    metrics: unlabelled ? [] : metrics,
    scored: scored2,
    outputs: request.output === null ? tensorOutputs(original) : [scored2.name],
    classAxis: classAxisOf(task),
    // As many boxes as a model finds: graphs with their own NMS.
    varying: task === "detection",
    witness: unlabelled ? void 0 : request.witness
  };
  const observations = await runAll(request, plan);
  const [reference, ...others] = observations;
  assertUsable(reference, request);
  const variants = others.filter(({ runner }) => !runner.base);
  const bases = new Map(
    others.filter(({ runner }) => runner.base).map((base) => [base.runner.variant, base])
  );
  const context = { ...request, samples: dataset.length };
  return {
    measurements: [
      ...unlabelled ? skippedMeasurements(metrics, [original.variant, ...variants.map(({ runner }) => runner.variant)], {
        ...context,
        reason: `${dataset.description} has no labels`
      }) : accuracyMeasurements(metrics, { original: reference, variants, bases }, context),
      ...fidelityMeasurements(variants, {
        ...context,
        judged: plan.outputs,
        scored: scored2.name
      })
    ],
    original: {
      scored: scored2,
      outputs: plan.outputs,
      kept: reference.kept,
      witnessed: reference.witnessed
    }
  };
}
function tensorOutputs({ outputs }) {
  return outputs.filter(({ type }) => type !== null && type !== "string").map(({ name }) => name);
}
function assertUsable(original, { model, dataset }) {
  const reason = original.invalid(dataset.length);
  if (reason === null) return;
  throw new UserError(
    `${model}: the original model gives ${reason}. Check the data (${dataset.description}) and its preprocessing, or choose another \`output\`.`
  );
}
function classAxisOf(task) {
  if (task === "segmentation") return "second";
  return task === "regression" || task === "embedding" || task === "detection" ? "none" : "last";
}
var MAX_WAITING_BYTES = 32 * 2 ** 20;
var MAX_WAITING_BATCHES = 16;
var MAX_WAITING_MS = 2e3;
async function runAll(request, plan) {
  const { dataset, original, variants, feedsFile, log = SILENT, signal } = request;
  const observations = [original, ...variants].map((runner) => new Observation(runner, plan));
  let done = 0;
  let waiting = [];
  let together = 1;
  const flush = async () => {
    const start = performance.now();
    const bytes = await runTogether(observations, waiting, plan);
    const ms = (performance.now() - start) / waiting.length;
    const most = Math.min(MAX_WAITING_BATCHES, MAX_WAITING_BYTES / bytes, MAX_WAITING_MS / ms);
    together = Math.max(1, Math.floor(most));
    done += waiting.reduce((sum, { batch }) => sum + batch.samples.length, 0);
    waiting = [];
    feedsFile?.clear();
    log.progress("accuracy", done, dataset.length);
  };
  for await (const batch of batchesOf(dataset, request.batch ?? 1)) {
    if (signal?.aborted) throw new Interrupted("interrupted");
    waiting.push({ batch, stored: feedsFile?.store(batch.feeds) ?? null });
    if (waiting.length >= together) await flush();
  }
  if (waiting.length > 0) await flush();
  return observations;
}
async function runTogether(observations, turns, plan) {
  let references = null;
  let bytes = 1;
  for (const observation of observations) {
    if (observation.failure !== null) continue;
    const isOriginal = references === null;
    const outputs = await runOne(observation, turns, { plan, isOriginal });
    if (outputs === null) continue;
    const perSample = turns.map(({ batch }, at) => splitOutputs(outputs[at], batch));
    turns.forEach(({ batch }, at) => {
      batch.samples.forEach((sample, place) => {
        if (observation.failure !== null) return;
        observation.add(sample, perSample[at][place], references === null ? null : references[at][place]);
      });
    });
    references ??= perSample;
    bytes = Math.max(bytes, ...outputs.map(bytesOf), ...turns.map(({ batch }) => bytesOf(batch.feeds)));
  }
  return bytes;
}
async function runOne(observation, turns, { plan, isOriginal }) {
  const { runner } = observation;
  try {
    const stored = turns.flatMap((turn) => turn.stored ?? []);
    if (runner.runStored && stored.length === turns.length) {
      return await runner.runStored(stored, plan.outputs);
    }
    return await Promise.all(turns.map(({ batch }) => runner.run(batch.feeds, plan.outputs)));
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (!isOriginal) {
      observation.failure = messageOf(error);
      return null;
    }
    if (error instanceof UserError || error instanceof MachineError) throw error;
    throw new MachineError(`The original model can't be evaluated: ${messageOf(error)}`);
  }
}
function bytesOf(tensors) {
  return Object.values(tensors).reduce(
    (sum, { data }) => sum + (Array.isArray(data) ? data.length : data.byteLength),
    0
  );
}

// src/measure/accuracy/evaluator/outputs-folder.ts
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
async function withOutputsFolder(task, use) {
  const { dataset } = task;
  if (dataset === null) {
    throw new UserError(
      "The evaluator asks for {outputs}, but there is no evaluation data: give `data.evaluation`."
    );
  }
  const folder = scratchFolder("outputs");
  const files = /* @__PURE__ */ new Map();
  try {
    const append = async (name, tensor, sample) => {
      let file = files.get(name);
      if (!file) {
        file = await NpyWriter.create(join(folder, name), tensor, dataset.length);
        files.set(name, file);
      }
      await file.append(tensor, sample);
    };
    const outputs = task.runner.outputs.filter(({ type }) => type !== null && isNumericType(type));
    const fileOf = outputFiles(outputs.map(({ name }) => name));
    for await (const { id, feeds, label } of dataset.samples()) {
      throwIfInterrupted(task.signal);
      const results = await task.runner.run(
        feeds,
        outputs.map(({ name }) => name)
      );
      for (const { name } of outputs) await append(fileOf.get(name), withoutBatch(results[name]), id);
      if (label !== null) await append(LABELS, typeof label === "number" ? classLabel(label) : label, id);
    }
    await closeAll(files);
    return await use(folder);
  } finally {
    await closeAll(files);
    await rm(folder, { recursive: true, force: true });
  }
}
async function closeAll(files) {
  for (const file of files.values()) await file.close();
  files.clear();
}
var LABELS = "labels.npy";
function outputFiles(outputs) {
  const taken = /* @__PURE__ */ new Map([[LABELS, "the data's labels"]]);
  return new Map(
    outputs.map((output) => {
      const file = `${output.replace(/[^\w.-]/g, "_")}.npy`;
      const other = taken.get(file.toLowerCase());
      if (other !== void 0) {
        throw new UserError(
          `{outputs} can't hold the output '${output}' and ${other}: both would be ${file}. Use a \`module\` evaluator, or let the command run {model} itself.`
        );
      }
      taken.set(file.toLowerCase(), `the output '${output}'`);
      return [output, file];
    })
  );
}
function withoutBatch(tensor) {
  return tensor.dims[0] === 1 ? { ...tensor, dims: tensor.dims.slice(1) } : tensor;
}
function classLabel(label) {
  return { type: "int64", dims: [], data: BigInt64Array.of(BigInt(label)) };
}
var NpyWriter = class _NpyWriter {
  constructor(handle, dims) {
    this.handle = handle;
    this.dims = dims;
  }
  handle;
  dims;
  static async create(path, first, samples) {
    if (!isNumericType(first.type)) throw new UserError(`${path}: ${first.type} can't be written as .npy.`);
    const handle = await open(path, "wx");
    await handle.write(npyHeader(first.type, [samples, ...first.dims]));
    return new _NpyWriter(handle, first.dims);
  }
  async append({ dims, data }, sample) {
    if (dims.join() !== this.dims.join()) {
      throw new UserError(
        `Sample ${sample} gives [${dims.join(", ")}], others [${this.dims.join(", ")}]: outputs of changing shape can't be written to one array for {outputs}. Use a \`module\` evaluator, or let the command run {model} itself.`
      );
    }
    const values = data;
    await this.handle.write(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    );
  }
  async close() {
    await this.handle.close();
  }
};

// src/measure/accuracy/evaluator/command.ts
var MAX_OUTPUT_BYTES = 16 * 2 ** 20;
var TAIL_LENGTH = 2e3;
async function runEvaluatorCommand(command, task) {
  if (!command.some((part) => part.includes("{outputs}"))) return runCommand(command, task, null);
  return withOutputsFolder(task, (folder) => runCommand(command, task, folder));
}
async function runCommand(command, task, outputs) {
  const fill = (part) => part.replaceAll("{model}", task.runner.file).replaceAll("{outputs}", outputs ?? "{outputs}");
  const [program, ...args] = command.map(fill);
  const shown = `The evaluator \`${[program, ...args].join(" ")}\``;
  task.log.debug(`running: ${[program, ...args].join(" ")}`);
  return parseResult(await standardOutput(program, args, { task, shown }), shown);
}
async function standardOutput(program, args, { task, shown }) {
  const { directory, timeoutMs, signal } = task;
  const stdout = { limitBytes: MAX_OUTPUT_BYTES };
  const end = await runProgram(program, args, {
    directory,
    timeoutMs,
    signal,
    stdout,
    keptLength: TAIL_LENGTH
  });
  const tail = end.stderr.trim();
  const quoted = tail ? `
It wrote:
${tail}` : "";
  if (end.startError !== null) throw new UserError(`${shown} can't be started: ${end.startError}`);
  if (end.stopped === "output") {
    throw new UserError(
      `${shown} printed more than ${MAX_OUTPUT_BYTES} bytes; it should print one JSON object.`
    );
  }
  if (end.stopped !== null) {
    throw new UserError(
      `${shown} took longer than ${timeoutMs / 1e3} s and was stopped (raise \`evaluator: { timeout }\`).${quoted}`
    );
  }
  if (end.exitCode !== 0) {
    const how = end.signal ? `by ${end.signal}` : `with exit code ${end.exitCode}`;
    throw new UserError(`${shown} ended ${how}.${quoted}`);
  }
  return end.stdout;
}
function parseResult(printed, shown) {
  const text = printed.trim();
  for (const candidate of [text, text.slice(text.lastIndexOf("\n") + 1)]) {
    try {
      return JSON.parse(candidate);
    } catch (error) {
      if (candidate !== text || !text.includes("\n")) {
        const start = text === "" ? "nothing" : `'${text.slice(-200)}'`;
        throw new UserError(
          `${shown} must print one JSON object of numbers, like {"exact": 0.97}, at the end of its standard output; it printed ${start} (${messageOf(error)}).`
        );
      }
    }
  }
  return null;
}

// src/measure/accuracy/evaluator/module.ts
import { existsSync } from "node:fs";
var TAIL_LENGTH2 = 2e3;
async function runEvaluatorModule(module, task) {
  if (!existsSync(module)) throw new UserError(`The evaluator ${module} does not exist.`);
  throwIfInterrupted(task.signal);
  const child = forkFile(bundledFile("evaluator.js"), {
    directory: task.directory,
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  });
  try {
    return await conversation(child, module, task);
  } finally {
    signalAll(child, "SIGKILL");
  }
}
function conversation(child, module, task) {
  return new Promise((resolve, reject) => {
    let tail = "";
    const keep = (text) => {
      tail = (tail + text).slice(-TAIL_LENGTH2);
    };
    child.stdout?.setEncoding("utf8").on("data", keep);
    child.stderr?.setEncoding("utf8").on("data", keep);
    const fail = (what) => reject(
      new UserError(`The evaluator ${module} ${what}.${tail.trim() ? `
It wrote:
${tail.trim()}` : ""}`)
    );
    superviseChild(child, task).ended.then(({ startError, stopped, exitCode, signal }) => {
      if (startError !== null) fail(`could not be started: ${startError.message}`);
      else if (stopped !== null) {
        const limit = `${task.timeoutMs / 1e3} s`;
        fail(`took longer than ${limit} and was stopped (raise \`evaluator: { timeout }\`)`);
      } else fail(`ended ${signal ? `by ${signal}` : `with exit code ${exitCode}`} without a result`);
    }, reject);
    const answer = answerer(task);
    child.on("message", (message) => {
      if (message.kind === "result") resolve(message.value);
      else if (message.kind === "error") fail(`failed: ${message.message}`);
      else {
        answer(message).then(
          (value) => child.send({ kind: "reply", id: message.id, ok: true, value }, () => {
          }),
          (error) => child.send({ kind: "reply", id: message.id, ok: false, message: messageOf(error) }, () => {
          })
        );
      }
    });
    const start = { kind: "start", module, model: task.runner.file };
    child.send(start, () => {
    });
  });
}
function answerer({
  runner,
  dataset
}) {
  const tensors = runner.outputs.filter(({ type }) => type !== null && type !== "string").map(({ name }) => name);
  let samples = null;
  return async (message) => {
    if (message.kind === "run") return runner.run(message.feeds, message.outputs ?? tensors);
    if (dataset === null) throw new Error("there is no evaluation data: give `data.evaluation`");
    samples ??= dataset.samples()[Symbol.asyncIterator]();
    const next = await samples.next();
    if (next.done) {
      samples = null;
      return null;
    }
    return { ...next.value, outputs: await runner.run(next.value.feeds, tensors) };
  };
}

// src/measure/accuracy/evaluator/reduced.ts
var REDUCERS = ["sum", "ratio"];
function readReduced(value) {
  if (typeof value !== "object" || value === null || !("values" in value) || !("reduce" in value))
    return null;
  const reduce = REDUCERS.find((one) => one === value.reduce);
  if (reduce === void 0 || !Array.isArray(value.values)) return null;
  const rows = value.values.map((row) => Array.isArray(row) ? row : [row]);
  const width = reduce === "ratio" ? 2 : 1;
  const fits = rows.every((row) => row.length === width && row.every((one) => typeof one === "number"));
  return fits ? { rows, reduce } : null;
}
function reduced(sums, reduce) {
  return reduce === "ratio" ? sums[0] / sums[1] : sums[0];
}

// src/measure/accuracy/evaluator/custom.ts
async function evaluateCustom(request) {
  const outcomes = [];
  for (const runner of request.runners) {
    request.log.info(`${request.model}: evaluating ${runner.variant}${runner.base ? " of the base" : ""}`);
    outcomes.push(await outcomeOf(runner, request));
  }
  const original = outcomes[0];
  assertFinite(original);
  const variants = outcomes.slice(1).filter(({ runner }) => !runner.base);
  const bases = outcomes.filter(({ runner }) => runner.base);
  return [...original.scores.keys()].flatMap(
    (name) => measurements(name, { original, variants, bases }, request)
  );
}
async function outcomeOf(runner, request) {
  const { evaluator } = request;
  const task = { ...request, runner, timeoutMs: evaluator.timeoutMs };
  try {
    const result = "module" in evaluator ? await runEvaluatorModule(evaluator.module, task) : await runEvaluatorCommand(evaluator.command, task);
    return { runner, scores: readScores(result), failure: null };
  } catch (error) {
    const fatal = runner.variant === ORIGINAL && !runner.base;
    if (fatal || error instanceof Interrupted || request.signal?.aborted) throw error;
    return { runner, scores: null, failure: messageOf(error) };
  }
}
function readScores(result) {
  const shown = () => JSON.stringify(result)?.slice(0, 200) ?? String(result);
  const expected = "It must return an object of numbers (or arrays of one number per sample), like { exact: 0.97 }.";
  if (typeof result !== "object" || result === null || Array.isArray(result)) {
    throw new UserError(`The evaluator returned ${shown()}. ${expected}`);
  }
  const scores = /* @__PURE__ */ new Map();
  for (const [name, value] of Object.entries(result)) {
    if (metricDefinition(`accuracy.${name}`) === void 0) {
      throw new UserError(
        `The evaluator returned a number called '${name}': names are lower-case letters, digits and dashes.`
      );
    }
    const score = readScore(value);
    if (score === null) {
      throw new UserError(
        `The evaluator returned ${JSON.stringify(value)?.slice(0, 100)} as '${name}'. ${expected}`
      );
    }
    scores.set(name, score);
  }
  if (scores.size === 0) throw new UserError(`The evaluator returned no numbers. ${expected}`);
  return scores;
}
function readScore(value) {
  if (typeof value === "number") return value;
  const numbers = Array.isArray(value) ? value : ArrayBuffer.isView(value) ? Array.from(value) : null;
  if (numbers === null) return readReduced(value);
  if (!numbers.every((one) => typeof one === "number")) return null;
  return { rows: numbers.map((one) => [one]), reduce: "mean" };
}
function assertFinite({ scores }) {
  for (const [name, score] of scores) {
    const values = typeof score === "number" ? [score] : score.rows.flat();
    const bad = values.filter((value) => !Number.isFinite(value));
    if (bad.length > 0) {
      throw new UserError(
        `The evaluator returned ${bad[0]} as '${name}' for the original model. It must return finite numbers.`
      );
    }
  }
}
function measurements(name, outcomes, request) {
  const { original, variants, bases } = outcomes;
  const { higherIsBetter: directions } = request.evaluator;
  const higherIsBetter = typeof directions === "boolean" ? directions : directions[name] ?? true;
  const reference = original.scores.get(name);
  if (typeof reference === "number") return plainMeasurements(name, outcomes, { ...request, higherIsBetter });
  const candidate = (outcome) => {
    const score = outcome.scores?.get(name);
    return {
      variant: outcome.runner.variant,
      invalid: outcome.failure ?? faultOf(score, name, reference),
      kept: typeof score === "object" ? score.rows : []
    };
  };
  const metric = perSampleMetric(name, [original, ...variants, ...bases], {
    higherIsBetter,
    reduce: reference.reduce
  });
  return metricMeasurements(
    metric,
    {
      original: candidate(original),
      variants: variants.map(candidate),
      bases: new Map(bases.map((base) => [base.runner.variant, candidate(base)]))
    },
    request
  );
}
function faultOf(score, name, reference) {
  const length = reference.rows.length;
  if (score === void 0) return `the evaluator returned no '${name}'`;
  if (typeof score === "number")
    return `the evaluator returned one number as '${name}', but one per sample for the original`;
  if (score.rows.length !== length)
    return `the evaluator returned ${score.rows.length} numbers as '${name}', but ${length} for the original`;
  if (score.reduce !== reference.reduce)
    return `the evaluator's '${name}' is a ${score.reduce}, but a ${reference.reduce} for the original`;
  const bad = score.rows.filter((row) => !row.every(Number.isFinite)).length;
  return bad > 0 ? `${bad} of ${length} numbers of '${name}' are NaN or infinite` : null;
}
function numbersOf2(name, higherIsBetter) {
  return metricDefinition(`accuracy.${name}`, { higherIsBetter });
}
function perSampleMetric(name, outcomes, { higherIsBetter, reduce }) {
  const values = outcomes.flatMap(({ scores }) => {
    const score = scores?.get(name);
    return typeof score === "object" ? score.rows.flat() : [];
  });
  const base = { name: `accuracy.${name}`, own: numbersOf2(name, higherIsBetter), keep: () => [] };
  if (reduce === "mean" && higherIsBetter && values.every((value) => value === 0 || value === 1))
    return { ...base, kind: "share" };
  return {
    ...base,
    kind: "statistic",
    undefinedReason: "the evaluator returned no samples",
    ...reduce === "ratio" ? { figureOfSample: (row) => row[0] / Math.max(1, row[1]) } : {},
    statistic: (kept) => {
      if (reduce !== "mean") return ofSums(kept, (sums) => reduced(sums, reduce));
      const pairs = kept.map((numbers) => [numbers[0], 1]);
      return ofSums(pairs, ([sum, count]) => sum / count);
    }
  };
}
function plainMeasurements(name, { original, variants, bases }, context) {
  const reference = original.scores.get(name);
  return [original, ...variants].map((outcome) => {
    const { variant } = outcome.runner;
    const { unit } = numbersOf2(name, context.higherIsBetter);
    const empty = emptyMeasurement(`accuracy.${name}`, variant, { ...context, unit });
    const value = outcome.scores?.get(name);
    const invalid = outcome.failure ?? (typeof value !== "number" ? `the evaluator returned no single number '${name}'` : Number.isFinite(value) ? null : `the evaluator returned ${value} as '${name}'`);
    if (invalid !== null || typeof value !== "number")
      return { ...empty, status: "invalid", reason: invalid };
    const base = bases.find(({ runner }) => runner.variant === variant)?.scores?.get(name);
    return {
      ...empty,
      value,
      ratio: outcome === original ? null : plainRatio(value, reference),
      drop: outcome === original ? null : plainDrop(value, reference, context.higherIsBetter),
      base: typeof base === "number" && Number.isFinite(base) ? { value: base, ratio: plainRatio(value, base), note: null } : null
    };
  });
}
function plainRatio(value, reference) {
  if (value === reference) return { value: 1, interval: null };
  return reference === 0 || !Number.isFinite(reference) ? null : { value: value / reference, interval: null };
}
function plainDrop(value, reference, higherIsBetter) {
  if (!Number.isFinite(reference)) return null;
  const drop = higherIsBetter ? reference - value : value - reference;
  return { value: drop, interval: null, lost: null, gained: null, p: null, resolvable: null };
}

// src/measure/file-runners.ts
import { rmSync } from "node:fs";
import { basename, join as join2 } from "node:path";

// src/measure/accuracy/runner.ts
function workerRunner(worker, variant, options = {}) {
  return {
    variant,
    base: options.base ?? false,
    outputs: worker.opened.outputs,
    run: async (feeds, outputs) => (await worker.call("run", { feeds, outputs })).outputs,
    runStored: async (feeds, outputs) => (await worker.call("runStored", { feeds, outputs })).outputs
  };
}

// src/measure/file-runners.ts
var FileRunners = class {
  runners = [];
  notes = [];
  /** Variants that are judged by their reference. */
  inHalf = /* @__PURE__ */ new Set();
  #workers = [];
  #folders = [];
  #request;
  constructor(request) {
    this.#request = request;
  }
  /** Inputs of the original. */
  get inputs() {
    return this.#workers[0].opened.inputs;
  }
  /** Adds the head's runner and, where there is one, the base's. A variant that can't be opened fails when it is run: its reason is kept.
   *  @throws UserError or MachineError when it is the original that can't be opened, Interrupted. */
  async open(subject) {
    const { context } = this.#request;
    for (const [file, base] of [
      [subject.file, false],
      [subject.base ?? null, true]
    ]) {
      if (file === null) continue;
      try {
        const { worker, judged } = await this.#openFile(file, base ? null : subject.variant);
        this.#workers.push(worker);
        this.runners.push({ ...workerRunner(worker, subject.variant, { base }), file: judged });
      } catch (error) {
        if (error instanceof Interrupted || context.signal?.aborted) throw error;
        if (subject.variant === ORIGINAL && !base) throw originalFailure(error);
        if (!base) this.runners.push(this.#failed(subject.variant, { file, error }));
      }
    }
  }
  async close() {
    await Promise.all(this.#workers.map((worker) => worker.close()));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
  /** The file's own worker; where the provider would compute half values in float32, that of the file's reference.
   *  @param variant whose notes to write; null: nobody's. */
  async #openFile(file, variant) {
    const worker = await this.#startWorker(file);
    if ((this.#request.session.provider ?? "cpu") !== "cpu") return { worker, judged: file };
    const folder = scratchFolder("half");
    this.#folders.push(folder);
    let reason;
    try {
      const reference = await writeHalfReference(file, join2(folder, basename(file)), this.#request.context);
      if (reference === null) return { worker, judged: file };
      if (reference.file !== null) {
        const started = await this.#startWorker(reference.file);
        await worker.close();
        this.#tell(variant, null);
        return { worker: started, judged: reference.file };
      }
      reason = reference.reason;
    } catch (error) {
      if (error instanceof Interrupted) {
        await worker.kill();
        throw error;
      }
      reason = messageOf(error).split("\n", 1)[0].replace(/\.+$/, "");
    }
    this.#tell(variant, reason);
    return { worker, judged: file };
  }
  #startWorker(model) {
    const { session, context, feedsFile } = this.#request;
    const options = { ...session, configEntries: SPIN_WITHIN_RUNS };
    return startWorker({ model, session: options, ...context, feedsFile });
  }
  /** What arithmetic a file of half values is judged in.
   *  @param reason why it is not half arithmetic; null: it is. */
  #tell(variant, reason) {
    if (variant === null) return;
    if (reason === null) this.inHalf.add(variant);
    const message = reason === null ? `${variant} is judged in half arithmetic: the CPU provider computes half-precision operators in float32, so accuracy and fidelity are taken with every half value rounded to half. Size, latency and memory are those of the file itself.` : `${variant} holds half-precision values that are judged as this CPU computes them, in float32: on a device that computes in half, accuracy and fidelity can be lower (${reason}).`;
    this.notes.push({
      level: reason === null ? "info" : "warn",
      code: reason === null ? "accuracy.half" : "accuracy.half-as-float32",
      message,
      model: this.#request.model.name,
      variant
    });
  }
  #failed(variant, { file, error }) {
    const { outputs } = this.#workers[0].opened;
    return { variant, outputs, run: () => Promise.reject(error), file };
  }
};
function originalFailure(error) {
  if (!(error instanceof WorkerError)) return error;
  if (error.failure === "refused") return new UserError(error.message);
  return new MachineError(`The original model can't be evaluated. ${messageOf(error)}`);
}

// src/measure/evaluate-model.ts
async function evaluateModel(request) {
  const { model, context } = request;
  const feedsFile = FeedsFile.open();
  const files = new FileRunners({ ...request, feedsFile });
  try {
    for (const subject of request.subjects) await files.open(subject);
    const { runners } = files;
    const { dataset, task, note } = samplesOf(request, files.inputs);
    const options = await taskOptions(model);
    const test = request.questionOriginal === false ? null : skillTest(task, { ...dataset, ...options });
    const result = await evaluate({
      model: model.name,
      task,
      output: model.output,
      ...options,
      dataset,
      original: runners[0],
      variants: runners.slice(1),
      provider: request.session.provider ?? "cpu",
      confidence: request.confidence,
      ...test !== null && test.from === null ? { witness: test.keep } : {},
      feedsFile,
      log: context.log,
      signal: context.signal
    });
    const questioned = await question({
      request,
      dataset,
      task,
      options,
      test,
      result,
      original: runners[0]
    });
    const custom = await scoreWithEvaluator(request, runners);
    const measurements2 = [...custom.measurements, ...questioned.measurements];
    return {
      measurements: measurements2.map((entry) => withArithmetic(entry, files.inHalf)),
      notes: [...note ? [note] : [], ...files.notes, ...questioned.notes, ...custom.notes]
    };
  } finally {
    await files.close();
    feedsFile.close();
  }
}
function withArithmetic(entry, inHalf) {
  if (entry.status !== "ok" || !inHalf.has(entry.variant)) return entry;
  return { ...entry, details: { ...entry.details, arithmetic: "float16" } };
}
async function taskOptions({ labelOffset, outputs, decoder, keys }) {
  return { labelOffset, roles: outputs, decoder, keys: keys === null ? null : await readKeys(keys) };
}
async function question(asked) {
  const { request, dataset, task, options, test, result, original } = asked;
  const { model, checks } = request;
  const { log, signal } = request.context;
  const rows = test?.from ? result.original.kept.get(test.from) : result.original.witnessed;
  if (test === null || rows === void 0 || rows.length === 0)
    return { measurements: result.measurements, notes: [] };
  const questioned = await questionOriginal({
    task,
    labelOffset: model.labelOffset,
    dataset,
    original,
    scored: result.original.scored,
    outputs: result.original.outputs,
    // Of its own: what a test has seen so far stays with it.
    test: skillTest(task, { ...dataset, ...options }),
    rows,
    measurements: result.measurements,
    checks,
    log,
    signal
  });
  for (const { message } of questioned.notes) log.warn(message);
  return questioned;
}
async function scoreWithEvaluator(request, runners) {
  const { model, evaluation, session } = request;
  if (!model.evaluator) return { measurements: [], notes: [] };
  if (!request.allowCommands) {
    const message = `The evaluator of ${model.name} did not run: commands of this pull request are not allowed (allow-commands).`;
    const note = {
      level: "warn",
      code: "accuracy.evaluator",
      message,
      model: model.name,
      variant: null
    };
    return { measurements: [], notes: [note] };
  }
  const measurements2 = await evaluateCustom({
    ...request,
    ...request.context,
    model: model.name,
    evaluator: model.evaluator,
    dataset: evaluation,
    provider: session.provider ?? "cpu",
    runners
  });
  return { measurements: measurements2, notes: [] };
}
function samplesOf({ model, evaluation, calibration, shapes }, inputs) {
  if (evaluation) return { dataset: evaluation, task: model.task, note: null };
  const note = (code, message) => ({
    level: "info",
    code,
    message,
    model: model.name,
    variant: null
  });
  if (calibration) {
    return {
      dataset: calibration,
      task: "none",
      note: note(
        "fidelity.calibration",
        "Fidelity is measured on the calibration samples: there is no evaluation data."
      )
    };
  }
  return {
    dataset: madeUpSample(inputs, shapes),
    task: "none",
    note: note(
      "fidelity.made-up",
      "Fidelity is measured on one made-up input: give evaluation data for evidence that counts."
    )
  };
}
function madeUpSample(inputs, shapes) {
  const sample = {
    id: "made-up",
    feeds: timingFeeds(inputs, { batch: 1, shapes, sample: null }),
    label: null
  };
  return {
    description: "made-up input",
    length: 1,
    labelled: false,
    classes: null,
    async *samples() {
      yield sample;
    }
  };
}

export {
  assertLabelsInRange,
  guessDecoder,
  readKeys,
  needsLabels,
  scoresClasses,
  standingOf,
  tryCauses,
  skillTest,
  FileRunners,
  evaluateModel
};
