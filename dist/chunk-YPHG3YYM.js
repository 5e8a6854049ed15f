import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  arraySource,
  chooseArrays,
  chooseLabels,
  npyArray
} from "./chunk-PMV6PW5I.js";
import {
  fileRange
} from "./chunk-WWTOTCN4.js";
import "./chunk-CQM643LP.js";
import "./chunk-57WIVW7N.js";
import {
  onlyBinding
} from "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/npy.ts
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
var EXTENSION = ".npy";
async function npySource(data, bindings) {
  const { path } = data;
  const isFile = (await stat(path)).isFile();
  const folder = isFile ? dirname(path) : path;
  const files = /* @__PURE__ */ new Map();
  for (const name of (await readdir(folder)).sort()) {
    if (name.endsWith(EXTENSION)) files.set(name.slice(0, -EXTENSION.length), join(folder, name));
  }
  const wantedLabels = data.labels?.endsWith(EXTENSION) ? data.labels.slice(0, -EXTENSION.length) : data.labels;
  const labelsFile = chooseLabels(wantedLabels, files, folder);
  const chosen = isFile ? /* @__PURE__ */ new Map([[onlyBinding(bindings, path, "a single .npy file").input, path]]) : chooseArrays(bindings, files, { path, labels: wantedLabels });
  const inputs = /* @__PURE__ */ new Map();
  for (const [input, file] of chosen) inputs.set(input, await openNpy(file));
  return arraySource({
    description: `npy ${path}`,
    path,
    bindings: isFile ? [{ ...onlyBinding(bindings, path, "a single .npy file"), from: basename(path, EXTENSION) }] : bindings,
    inputs,
    labels: labelsFile && labelsFile !== path ? await openNpy(labelsFile) : null
  });
}
async function openNpy(path) {
  return npyArray(fileRange(path, 0, (await stat(path)).size), path);
}
export {
  npySource,
  openNpy
};
