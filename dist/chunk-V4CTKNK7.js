import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/config/defaults.ts
import { basename, dirname, extname, resolve } from "node:path";
var MINUTE_MS = 6e4;
var DEFAULT_TIMEOUT_MS = 10 * MINUTE_MS;
var DEFAULT_BENCHMARK = {
  providers: ["cpu"],
  batch: [1],
  threads: "auto",
  concurrency: [1],
  budgetMs: 2 * MINUTE_MS,
  shapes: {}
};
var DEFAULT_JUDGING = {
  confidence: 0.95,
  onInconclusive: "warn",
  onMissingBase: "info",
  onSkipped: "warn",
  onChance: "error",
  onUnchanged: "warn"
};
var DEFAULT_INPUT = {
  from: null,
  resize: null,
  crop: null,
  channels: null,
  scale: null,
  mean: null,
  std: null,
  layout: null
};
function defaultQuantize(method, changes = {}) {
  return {
    method,
    preset: null,
    target: null,
    calibrator: null,
    percentile: null,
    include: null,
    exclude: [],
    overrides: {},
    blockSize: null,
    symmetric: null,
    perChannel: null,
    saturationSafe: null,
    biasCorrection: null,
    equalization: null,
    smoothQuant: null,
    rounding: null,
    objective: method === "auto" ? "latency" : null,
    budgetMs: method === "auto" ? MINUTE_MS : null,
    plan: null,
    repair: true,
    ...changes
  };
}
function defaultData(path, changes = {}) {
  return {
    path: resolve(path),
    format: null,
    limit: null,
    seed: 0,
    inputs: {},
    labels: null,
    classOrder: null,
    ...changes
  };
}
function defaultModel(path, changes = {}) {
  return {
    name: modelName(path),
    path: resolve(path),
    task: "none",
    output: null,
    labelOffset: 0,
    evaluator: null,
    data: { evaluation: null, calibration: null },
    variants: [{ name: "int8", kind: "quantize", ...defaultQuantize("int8-static") }],
    baseline: null,
    ...changes
  };
}
function safeName(name) {
  return name.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, "-").replace(/^\.+/, "") || "model";
}
function fileKey(name) {
  return safeName(name).normalize("NFC").toLowerCase();
}
function modelName(path) {
  return basename(path, extname(path));
}

export {
  DEFAULT_TIMEOUT_MS,
  DEFAULT_BENCHMARK,
  DEFAULT_JUDGING,
  DEFAULT_INPUT,
  defaultQuantize,
  defaultData,
  defaultModel,
  safeName,
  fileKey,
  modelName
};
