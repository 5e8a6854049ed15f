import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/terms/metrics.ts
var define = (name, title, unit, judging, better, more = {}) => ({ name, title, unit, judging, higherIsBetter: better === "higher", ...more });
var METRICS = [
  define("size.file", "Size", "bytes", "exact", "lower"),
  define("size.compressed", "Compressed size", "bytes", "exact", "lower"),
  define("size.parameters", "Parameters", "count", "exact", "lower"),
  define("latency.p50", "Latency p50", "ms", "interval", "lower"),
  define("latency.p90", "Latency p90", "ms", "interval", "lower"),
  define("latency.p95", "Latency p95", "ms", "interval", "lower"),
  define("latency.p99", "Latency p99", "ms", "interval", "lower"),
  define("latency.first", "First inference", "ms", "interval", "lower"),
  define("latency.load", "Load", "ms", "interval", "lower"),
  define("latency.end-to-end", "Latency with transfers", "ms", "interval", "lower"),
  define("throughput", "Throughput", "per-second", "interval", "higher"),
  define("memory.peak", "Peak memory", "bytes", "interval", "lower"),
  define("memory.model", "Model memory", "bytes", "interval", "lower"),
  define("memory.gpu", "GPU memory", "bytes", "interval", "lower"),
  define("accuracy.top1", "Top-1", "fraction", "paired", "higher", {
    tasks: ["classification"],
    needsData: true
  }),
  define("accuracy.top5", "Top-5", "fraction", "paired", "higher", {
    tasks: ["classification"],
    needsData: true
  }),
  define("accuracy.mae", "MAE", "value", "paired", "lower", { tasks: ["regression"], needsData: true }),
  define("accuracy.rmse", "RMSE", "value", "paired", "lower", { tasks: ["regression"], needsData: true }),
  define("accuracy.r2", "R\xB2", "value", "paired", "higher", { tasks: ["regression"], needsData: true }),
  define("accuracy.recall1", "Recall@1", "fraction", "paired", "higher", {
    tasks: ["embedding"],
    needsData: true
  }),
  define("accuracy.spearman", "Spearman", "value", "paired", "higher", {
    tasks: ["embedding"],
    needsData: true
  }),
  define("accuracy.miou", "mIoU", "fraction", "paired", "higher", {
    tasks: ["segmentation"],
    needsData: true
  }),
  define("accuracy.pixel", "Pixel accuracy", "fraction", "paired", "higher", {
    tasks: ["segmentation"],
    needsData: true
  }),
  define("accuracy.perplexity", "Perplexity", "value", "paired", "lower", {
    tasks: ["language-model"],
    needsData: true
  }),
  define("accuracy.next-token", "Next token", "fraction", "paired", "higher", {
    tasks: ["language-model"],
    needsData: true
  }),
  define("fidelity.sqnr", "SQNR", "dB", "exact", "higher"),
  define("fidelity.cosine", "Cosine", "value", "exact", "higher"),
  define("fidelity.max-abs", "Max abs error", "value", "exact", "lower"),
  define("fidelity.agreement", "Top-1 agreement", "fraction", "paired", "higher"),
  define("placement.fallback", "Fallback nodes", "count", "exact", "lower"),
  define("placement.quantized", "Quantized share", "fraction", "exact", "higher")
];
var BY_NAME = new Map(METRICS.map((metric) => [metric.name, metric]));
function metricDefinition(name, customHigherIsBetter = true) {
  const known = BY_NAME.get(name);
  if (known) return known;
  if (/^accuracy\.[a-z0-9][a-z0-9-]*$/.test(name)) {
    return define(
      name,
      name.slice("accuracy.".length),
      "value",
      "paired",
      customHigherIsBetter ? "higher" : "lower",
      {
        tasks: ["custom"],
        needsData: true
      }
    );
  }
  return void 0;
}

// src/terms/measurement.ts
var ORIGINAL = "original";
function blankMeasurement(at, metric) {
  return {
    ...at,
    metric,
    unit: metricDefinition(metric).unit,
    status: "ok",
    reason: null,
    value: null,
    interval: null,
    n: null,
    ratio: null,
    drop: null,
    base: null
  };
}

export {
  METRICS,
  metricDefinition,
  ORIGINAL,
  blankMeasurement
};
