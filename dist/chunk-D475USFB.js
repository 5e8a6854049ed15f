import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/config/defaults.ts
import { existsSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
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
  preset: null,
  preprocessor: null,
  resize: null,
  filter: null,
  letterbox: null,
  crop: null,
  pad: null,
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
    split: null,
    seed: 0,
    inputs: {},
    labels: null,
    images: null,
    masks: null,
    ignore: null,
    classNames: null,
    classOrder: null,
    ...changes
  };
}
function defaultText(tokenizer, changes = {}) {
  return {
    tokenizer,
    tokenizerConfig: firstThere([join(dirname(tokenizer), "tokenizer_config.json")]),
    maxLength: null,
    columns: null,
    modelConfig: firstThere([join(dirname(tokenizer), "config.json")]),
    task: "none",
    ...changes
  };
}
function textOfModel(text, { path, task }) {
  const folders = [dirname(path), dirname(dirname(path))];
  const beside = firstThere(folders.map((folder) => join(folder, "config.json")));
  return { ...text, task, modelConfig: text.modelConfig ?? beside };
}
function firstThere(files) {
  return files.find((file) => existsSync(file)) ?? null;
}
function defaultModel(path, changes = {}) {
  return {
    name: modelName(path),
    path: resolve(path),
    task: "none",
    output: null,
    outputs: {},
    decoder: null,
    keys: null,
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
  defaultText,
  textOfModel,
  defaultModel,
  safeName,
  fileKey,
  modelName
};
