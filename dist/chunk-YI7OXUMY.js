import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/terms/metrics.ts
var TASKS = [
  "classification",
  "regression",
  "embedding",
  "segmentation",
  "language-model",
  "detection",
  "text-classification",
  "token-classification",
  "question-answering",
  "speech-recognition",
  "text-recognition",
  "retrieval",
  "custom",
  "none"
];
var define = (name, title, unit, judging, better, more = {}) => ({ name, title, unit, judging, higherIsBetter: better === "higher", ...more });
var FIRST_ACCURACY = [
  ["top1", "Top-1", "fraction", "higher", "classification", "text-classification"],
  ["top5", "Top-5", "fraction", "higher", "classification"],
  ["mae", "MAE", "value", "lower", "regression"],
  ["rmse", "RMSE", "value", "lower", "regression"],
  ["r2", "R\xB2", "value", "higher", "regression"],
  ["recall1", "Recall@1", "fraction", "higher", "embedding"],
  ["spearman", "Spearman", "value", "higher", "embedding", "text-classification"],
  ["miou", "mIoU", "fraction", "higher", "segmentation"],
  ["pixel", "Pixel accuracy", "fraction", "higher", "segmentation"],
  ["perplexity", "Perplexity", "value", "lower", "language-model"],
  ["next-token", "Next token", "fraction", "higher", "language-model"]
];
var LATER_ACCURACY = [
  ["bits-per-byte", "Bits per byte", "value", "lower", "language-model"],
  ["map", "mAP", "fraction", "higher", "detection"],
  ["map50", "mAP at IoU 0.5", "fraction", "higher", "detection"],
  ["map75", "mAP at IoU 0.75", "fraction", "higher", "detection"],
  ["map-small", "mAP, small", "fraction", "higher", "detection"],
  ["map-medium", "mAP, medium", "fraction", "higher", "detection"],
  ["map-large", "mAP, large", "fraction", "higher", "detection"],
  ["recall100", "Recall@100", "fraction", "higher", "detection", "retrieval"],
  ["ap", "AP (VOC)", "fraction", "higher", "detection"],
  ["f1", "F1 (macro)", "fraction", "higher", "text-classification"],
  ["mcc", "MCC", "value", "higher", "text-classification"],
  ["entity-f1", "Entity F1", "fraction", "higher", "token-classification"],
  ["entity-precision", "Entity precision", "fraction", "higher", "token-classification"],
  ["entity-recall", "Entity recall", "fraction", "higher", "token-classification"],
  ["answer-f1", "Answer F1", "fraction", "higher", "question-answering"],
  ["exact-match", "Exact match", "fraction", "higher", "question-answering", "text-recognition"],
  ["wer", "Word error rate", "fraction", "lower", "speech-recognition"],
  ["cer", "Character error rate", "fraction", "lower", "speech-recognition", "text-recognition"],
  ["ndcg10", "nDCG@10", "fraction", "higher", "retrieval"],
  ["recall5", "Recall@5", "fraction", "higher", "retrieval"],
  ["mrr10", "MRR@10", "fraction", "higher", "retrieval"],
  ["retrieval-map", "MAP", "fraction", "higher", "retrieval"]
];
function accuracyMetrics() {
  const defined = (evaluatorsToo) => ([name, title, unit, better, ...tasks]) => define(`accuracy.${name}`, title, unit, "paired", better, { tasks, needsData: true, evaluatorsToo });
  return [...FIRST_ACCURACY.map(defined(true)), ...LATER_ACCURACY.map(defined(false))];
}
var METRICS = [
  define("size.file", "Size", "bytes", "exact", "lower"),
  define("size.compressed", "Compressed size", "bytes", "exact", "lower"),
  define("size.brotli", "Brotli size", "bytes", "exact", "lower"),
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
  ...accuracyMetrics(),
  define("fidelity.sqnr", "SQNR", "dB", "exact", "higher"),
  define("fidelity.cosine", "Cosine", "value", "exact", "higher"),
  define("fidelity.max-abs", "Max abs error", "value", "exact", "lower"),
  define("fidelity.agreement", "Top-1 agreement", "fraction", "paired", "higher"),
  define("fidelity.kl", "KL divergence", "value", "exact", "lower"),
  define("placement.fallback", "Fallback nodes", "count", "exact", "lower"),
  define("placement.quantized", "Quantized share", "fraction", "exact", "higher")
];
var BY_NAME = new Map(METRICS.map((metric) => [metric.name, metric]));
function metricDefinition(name, evaluator = null) {
  const known = BY_NAME.get(name);
  if (known && (evaluator === null || known.tasks === void 0 || known.evaluatorsToo)) return known;
  if (!/^accuracy\.[a-z0-9][a-z0-9-]*$/.test(name)) return void 0;
  const better = evaluator?.higherIsBetter ?? true ? "higher" : "lower";
  const title = name.slice("accuracy.".length);
  return define(name, title, "value", "paired", better, { tasks: ["custom"], needsData: true });
}

export {
  TASKS,
  METRICS,
  metricDefinition
};
