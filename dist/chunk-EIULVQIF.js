import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  insideImages
} from "./chunk-257NUD2U.js";
import {
  readImage,
  unreadable
} from "./chunk-6RTF35MK.js";
import {
  UndecodableSample
} from "./chunk-VPQXPBZ4.js";
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import {
  parseNpyHeader
} from "./chunk-CQM643LP.js";
import {
  fromBytes
} from "./chunk-K7D3JYL6.js";
import {
  messageOf
} from "./chunk-IYM25C4U.js";

// src/data/formats/sample-file.ts
import { readFile } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
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
async function namedFile({ path: table, images }, file) {
  if (images === null) return resolve(dirname(table), file);
  return await insideImages(images, file) ?? resolve(images, file);
}

export {
  readSampleFile,
  hashSampleFile,
  namedFile
};
