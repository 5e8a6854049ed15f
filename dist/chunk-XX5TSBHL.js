import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readImage,
  unreadable
} from "./chunk-XJOARHLR.js";
import {
  classIndices
} from "./chunk-AFAWG3BD.js";
import {
  UndecodableSample
} from "./chunk-VPQXPBZ4.js";
import {
  parseNpyHeader
} from "./chunk-CQM643LP.js";
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import {
  fromBytes
} from "./chunk-DFCMXZVG.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/data/formats/label-column.ts
function labelColumn(labels, order = null) {
  if (labels.length === 0 || labels.some((label) => label === null)) {
    return { labelled: false, classes: null, label: () => null };
  }
  if (order !== null || labels.some((label) => typeof label === "string")) {
    const names = [...new Set(labels.map(String))];
    const indices = classIndices(names, order ?? "name");
    if (indices === null) {
      throw new UserError(
        `class-order index: the label '${names.find((name) => !/^\d+$/.test(name))}' is no class index.`
      );
    }
    const classes = [...indices.values()].reduce((most, index) => Math.max(most, index), -1) + 1;
    return { labelled: true, classes, indices, label: (index) => indices.get(String(labels[index])) };
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
    throw new UndecodableSample(id, await unreadable(path) ?? messageOf(error));
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
