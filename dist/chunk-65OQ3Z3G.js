import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readImage
} from "./chunk-WIXVRNYH.js";
import {
  UndecodableSample
} from "./chunk-C7HEIBSS.js";
import {
  parseNpyHeader
} from "./chunk-VYEFTUU3.js";
import {
  sha256
} from "./chunk-TE23HD5J.js";
import {
  fromBytes
} from "./chunk-DVVUUUNP.js";
import {
  messageOf
} from "./chunk-KJWZXA2F.js";

// src/data/formats/label-column.ts
function labelColumn(labels) {
  if (labels.length === 0 || labels.some((label) => label === null)) {
    return { labelled: false, classes: null, label: () => null };
  }
  if (labels.some((label) => typeof label === "string")) {
    const names = [...new Set(labels.map(String))].sort();
    const indices = new Map(names.map((name, index) => [name, index]));
    return { labelled: true, classes: names.length, label: (index) => indices.get(String(labels[index])) };
  }
  const numbers = labels;
  if (numbers.every(Number.isInteger)) {
    const classes = numbers.reduce((max, label) => Math.max(max, label), -1) + 1;
    return { labelled: true, classes, label: (index) => numbers[index] };
  }
  return { labelled: true, classes: null, label: (index) => scalar(numbers[index]) };
}
function scalar(value) {
  return { type: "float64", dims: [], data: Float64Array.of(value) };
}

// src/data/formats/sample-file.ts
import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
async function readSampleFile(path, id, binding) {
  if (extname(path).toLowerCase() !== ".npy")
    return { kind: "image", pixels: await readImage(path, id, binding) };
  try {
    const bytes = await readFile(path);
    const { type, dims, dataOffset } = parseNpyHeader(bytes, path);
    const data = fromBytes(type, bytes.subarray(dataOffset));
    return { kind: "array", tensor: { type, dims, data } };
  } catch (error) {
    throw new UndecodableSample(id, messageOf(error));
  }
}
async function hashSampleFile(path, id) {
  try {
    return sha256(await readFile(path));
  } catch (error) {
    throw new UndecodableSample(id, messageOf(error));
  }
}
function besideTable(folder, path) {
  return resolve(folder, path);
}

export {
  labelColumn,
  readSampleFile,
  hashSampleFile,
  besideTable
};
