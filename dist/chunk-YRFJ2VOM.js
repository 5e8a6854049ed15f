import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  formatConfidence,
  formatRatio,
  formatValue
} from "./chunk-DBYFNPEJ.js";
import {
  metricDefinition
} from "./chunk-YI7OXUMY.js";
import {
  modelName
} from "./chunk-D475USFB.js";

// src/cli/comparison-table.ts
function comparisonTable(all, sizes = {}) {
  const measurements = all.filter((entry) => !isUntoldTail(entry));
  const names = [.../* @__PURE__ */ new Set([...Object.keys(sizes), ...measurements.map(({ variant }) => variant)])];
  const rows = [["", ...names]];
  const [first] = names;
  if (Object.keys(sizes).length > 0) {
    rows.push(["Size", ...names.map((name) => sizeCell(sizes, { name, reference: first }))]);
  }
  for (const metric of new Set(measurements.map((entry) => entry.metric))) {
    const cells = names.map(
      (name) => measurements.filter((entry) => entry.metric === metric && entry.variant === name)
    );
    for (let i = 0; i < Math.max(...cells.map((cell) => cell.length)); i++) {
      rows.push([metricDefinition(metric)?.title ?? metric, ...cells.map((cell) => valueCell(cell[i]))]);
    }
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map(
    (row) => row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join("  ").trimEnd()
  ).join("\n");
  return [table, ...intervalLegend(measurements), ...missingReasons(measurements)].join("\n");
}
function isUntoldTail({ metric, status }) {
  return status === "skipped" && /^latency\.p9\d$/.test(metric);
}
function intervalLegend(measurements) {
  const shown = measurements.flatMap(
    ({ value, ratio }) => value === null ? [] : boundedInterval(ratio) ?? []
  );
  const levels = [...new Set(shown.map(({ confidence }) => formatConfidence(confidence)))];
  return levels.length === 0 ? [] : [`[ ] ${levels.join(" or ")} confidence interval of the ratio`];
}
function boundedInterval(ratio) {
  const { lo, hi, confidence } = ratio?.interval ?? { lo: null, hi: null, confidence: 0 };
  return lo === null || hi === null ? null : { lo, hi, confidence };
}
function missingReasons(measurements) {
  const missing = measurements.filter(({ status, reason }) => status !== "ok" && reason !== null);
  return [...new Set(missing.map(({ variant, status, reason }) => `${status} (${variant}): ${reason}`))];
}
function sizeCell(sizes, { name, reference }) {
  const size = sizes[name];
  if (size === void 0) return "";
  const ratio = name === reference ? "" : ` (${formatRatio(size / sizes[reference])})`;
  return `${formatValue(size, "bytes")}${ratio}`;
}
function valueCell(measurement) {
  if (!measurement) return "";
  if (measurement.value === null) return measurement.status;
  const { ratio } = measurement;
  const interval = boundedInterval(ratio);
  const range = interval ? ` [${formatRatio(interval.lo)}, ${formatRatio(interval.hi)}]` : "";
  const shown = ratio ? ` (${formatRatio(ratio.value)}${range})` : "";
  return `${formatValue(measurement.value, measurement.unit)}${shown}`;
}

// src/cli/subject-names.ts
function subjectNames(models) {
  return models.map((file, index) => {
    const alike = (other) => modelName(other) === modelName(file);
    if (models.filter(alike).length === 1) return modelName(file);
    return models.indexOf(file) === index ? file : `${file} (${index + 1})`;
  });
}

export {
  comparisonTable,
  subjectNames
};
