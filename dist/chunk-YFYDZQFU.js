import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  runsOnCpu
} from "./chunk-IOOXQZY3.js";

// src/measure/timing/plan.ts
var DEFAULT_PRECISION = Math.log(1.05) / 2;
var FINEST_PRECISION = 5e-3;
function precisionFor(checks) {
  const halves = checks.filter(({ metric, level }) => level !== "off" && /^(latency|throughput)/.test(metric)).flatMap(({ maxRegression }) => maxRegression ? Math.log1p(maxRegression.ratio) / 2 : []).filter((half) => half > 0);
  return Math.max(FINEST_PRECISION, Math.min(DEFAULT_PRECISION, ...halves));
}
var CAUTION = 5;
function earnedConfidence(confidence, stopped) {
  return stopped === "precise" ? confidence : 1 - (1 - confidence) / CAUTION;
}
var PILOT_LAUNCHES = 6;
var MAX_LAUNCHES = 60;
var WARM_UP = {
  // Steady within 5 % over 75 ms, or half a second under a load that won't let it be.
  cpu: { minRuns: 6, minMs: 100, maxMs: 500, windowMs: 25, tolerance: 1.05 },
  // Clocks of an idle GPU take seconds to rise; software ones (SwiftShader) never settle.
  device: { minRuns: 6, minMs: 2e3, maxMs: 4e3, windowMs: 100, tolerance: 1.03 }
};
var NO_LIMIT = Number.POSITIVE_INFINITY;
var FAST = {
  cpu: { minRuns: 4, minMs: 40, maxMs: NO_LIMIT, dropRuns: 1, dropMs: 5 },
  device: { minRuns: 10, minMs: 100, maxMs: NO_LIMIT, dropRuns: 3, dropMs: 10 }
};
var SPIN_TAIL_MS = 50;
var MODERATE_MS = 10;
var SLOW_MS = 100;
function campaignPlan(options) {
  const { provider, threads, pauses, ...rest } = options;
  const kind = runsOnCpu(provider) ? "cpu" : "device";
  const spinTailMs = kind === "cpu" && threads > 1 && !pauses ? SPIN_TAIL_MS : 0;
  return {
    ...rest,
    warmUp: WARM_UP[kind],
    shape: (slowestMs) => launchShape(slowestMs, FAST[kind], spinTailMs),
    pilotLaunches: PILOT_LAUNCHES,
    maxLaunches: MAX_LAUNCHES
  };
}
function launchShape(slowestMs, fast, spinTailMs) {
  if (slowestMs <= MODERATE_MS) {
    return { block: { ...fast, dropMs: Math.max(fast.dropMs, spinTailMs) }, rounds: 6 };
  }
  const counted = slowestMs <= SLOW_MS ? { minRuns: 3, minMs: fast.minMs, dropRuns: 1 } : { minRuns: 2, minMs: 0, dropRuns: 0 };
  return { block: { ...counted, maxMs: NO_LIMIT, dropMs: spinTailMs }, rounds: slowestMs <= SLOW_MS ? 4 : 2 };
}

export {
  DEFAULT_PRECISION,
  precisionFor,
  earnedConfidence,
  PILOT_LAUNCHES,
  MAX_LAUNCHES,
  campaignPlan
};
