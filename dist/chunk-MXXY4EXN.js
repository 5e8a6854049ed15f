import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  metricDefinition
} from "./chunk-YI7OXUMY.js";

// src/terms/measurement.ts
var ORIGINAL = "original";
function blankMeasurement(at, metric, unit = metricDefinition(metric).unit) {
  return {
    ...at,
    metric,
    unit,
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
  ORIGINAL,
  blankMeasurement
};
