import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  DEFAULT_INPUT
} from "./chunk-D475USFB.js";

// src/config/raw.ts
function list(value) {
  return Array.isArray(value) ? [...value] : [value];
}
function isMapping(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/config/inputs.ts
import { resolve } from "node:path";
var LETTERBOX_FILL = 114;
function readInput(raw, place) {
  const crop = raw.crop === void 0 ? null : pair(raw.crop);
  const mean = raw.mean === void 0 ? null : list(raw.mean);
  const std = raw.std === void 0 ? null : list(raw.std);
  assertSizes(raw, crop, place);
  assertValues(mean, std, place);
  return {
    ...DEFAULT_INPUT,
    from: raw.from ?? null,
    preset: raw.preset ?? null,
    preprocessor: typeof raw.preprocessor === "string" ? resolve(place.directory, raw.preprocessor) : null,
    resize: raw.resize ?? null,
    filter: raw.filter ?? null,
    letterbox: raw.letterbox === void 0 ? null : letterboxOf(raw.letterbox),
    crop,
    pad: raw.pad === void 0 ? null : padOf(raw.pad),
    channels: raw.channels ?? null,
    scale: raw.scale ?? null,
    mean,
    std,
    layout: raw.layout ?? null
  };
}
function assertSizes(raw, crop, { path, problems }) {
  if (crop && typeof raw.resize === "number" && Math.min(...crop) > raw.resize) {
    problems.add(
      [...path, "crop"],
      `a crop of ${crop.join(" \xD7 ")} doesn't fit in images whose shorter side is resized to ${raw.resize}`
    );
  }
  const beside = ["resize", "crop", "pad"].find((key) => raw[key] !== void 0);
  if (raw.letterbox !== void 0 && beside !== void 0) {
    problems.add([...path, "letterbox"], `it resizes and pads by itself; remove it or '${beside}'`);
  }
}
function assertValues(mean, std, { path, problems }) {
  if (mean && std && mean.length !== std.length && mean.length > 1 && std.length > 1) {
    problems.add([...path, "std"], `${std.length} numbers, but 'mean' has ${mean.length}`);
  }
  if (std?.some((value) => value === 0))
    problems.add([...path, "std"], "values are divided by it: 0 is not allowed");
}
function pair(size) {
  return typeof size === "number" ? [size, size] : size;
}
function letterboxOf(raw) {
  const {
    size,
    fill = LETTERBOX_FILL,
    align = "center"
  } = typeof raw === "number" || Array.isArray(raw) ? { size: raw } : raw;
  return { size: pair(size), fill: list(fill), align };
}
function padOf(raw) {
  const {
    size,
    multiple = null,
    fill = 0,
    align = "top-left"
  } = typeof raw === "number" || Array.isArray(raw) ? { size: raw } : raw;
  return {
    size: size === void 0 ? null : pair(size),
    multiple,
    fill: fill === "mean" ? fill : list(fill),
    align
  };
}

export {
  list,
  isMapping,
  readInput
};
