import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  listedFile
} from "./chunk-KREUZNUC.js";
import {
  OutsideBoxes
} from "./chunk-JKWUXI7R.js";
import {
  annotatedImagesSource,
  imagesFolder
} from "./chunk-257NUD2U.js";
import "./chunk-6RTF35MK.js";
import "./chunk-VAR2GFSU.js";
import "./chunk-LSKD7L3D.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-VPQXPBZ4.js";
import {
  IMAGE_EXTENSIONS
} from "./chunk-PLGNMHI6.js";
import {
  readText
} from "./chunk-XMXQBFJC.js";
import "./chunk-XUJYCSQL.js";
import "./chunk-WWTOTCN4.js";
import "./chunk-57WIVW7N.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/yolo-labels.ts
import { readdir } from "node:fs/promises";
import { extname, join, sep } from "node:path";
var NO_LABELS = /* @__PURE__ */ new Set(["classes.txt", "notes.txt", "readme.txt"]);
var SLACK = 5e-3;
var PER_BOX = 5;
async function yoloSource(data, bindings) {
  const { path } = data;
  const folder = imagesFolder(data, "yolo");
  const images = (await filesBelow(folder)).filter(
    (file) => IMAGE_EXTENSIONS.has(extname(file).toLowerCase())
  );
  const labels = (await filesBelow(path)).filter((file) => isLabelFile(file));
  const byStem = new Map(images.map((file) => [stem(file), file]));
  const outside = new OutsideBoxes();
  const boxes = /* @__PURE__ */ new Map();
  for (const file of labels) {
    const own = parseLabels(await readText(await listedFile(path, file)), join(path, file));
    for (const { corners } of own)
      outside.add(
        file,
        corners.some((share) => share < -SLACK || share > 1 + SLACK)
      );
    boxes.set(byStem.get(stem(file)) ?? `${stem(file)}.*`, own);
  }
  const list = data.classNames;
  const classes = 1 + [...boxes.values()].flat().reduce((most, box) => Math.max(most, box.class), -1);
  assertNamed(classes, list, path);
  const named = [.../* @__PURE__ */ new Set([...images, ...boxes.keys()])].sort();
  return await annotatedImagesSource(data, bindings, {
    format: "yolo",
    images: named.map((file) => ({
      file,
      annotation: (size) => ({
        kind: "boxes",
        boxes: (boxes.get(file) ?? []).map((box) => inPixels(box, size))
      })
    })),
    classes: Math.max(classes, list?.length ?? 0),
    ...list === null ? {} : { classIndices: new Map(list.map((name, index) => [name, index])) },
    warnings: outside.warnings(path)
  });
}
function isLabelFile(file) {
  return file.toLowerCase().endsWith(".txt") && !NO_LABELS.has(file.split("/").at(-1).toLowerCase());
}
async function filesBelow(folder) {
  const names = await readdir(folder, { recursive: true }).catch(() => {
    throw new UserError(`${folder} is no folder that can be read.`);
  });
  return names.map((name) => name.split(sep).join("/")).sort();
}
function stem(file) {
  return file.slice(0, file.length - extname(file).length);
}
function parseLabels(text, file) {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, at) => line.trim() === "" ? [] : parseLine(line, `${file}:${at + 1}`));
}
function parseLine(line, where) {
  const numbers = line.trim().split(/\s+/).map(Number);
  const [index = Number.NaN, ...rest] = numbers;
  const outline = numbers.length > PER_BOX && rest.length % 2 === 0 && rest.length >= 6;
  if (!numbers.every(Number.isFinite) || !Number.isInteger(index) || index < 0 || numbers.length !== PER_BOX && !outline) {
    throw new UserError(
      `${where}: expected a class number and four shares of the image (centre x, y, width, height); found '${line.trim()}'.`
    );
  }
  if (outline) {
    const xs = rest.filter((_, axis) => axis % 2 === 0);
    const ys = rest.filter((_, axis) => axis % 2 === 1);
    return { class: index, corners: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
  }
  const [x, y, width, height] = rest;
  return { class: index, corners: [x - width / 2, y - height / 2, x + width / 2, y + height / 2] };
}
function inPixels({ class: index, corners: [left, top, right, bottom] }, { width, height }) {
  return { class: index, corners: [left * width, top * height, right * width, bottom * height] };
}
function assertNamed(classes, list, path) {
  if (list === null || classes <= list.length) return;
  throw new UserError(
    `${path} holds class ${classes - 1}, but \`class-names\` lists ${list.length}, 0 \u2026 ${list.length - 1}.`
  );
}
export {
  yoloSource
};
