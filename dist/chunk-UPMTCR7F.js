import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  assertWaiversCurrent,
  assertWritable,
  covers,
  demandsOf,
  judge,
  modelsOfLastRun,
  removeLeftovers,
  reportFiles,
  runVerdict,
  sha256OfFile,
  unchangedReason,
  writeReport
} from "./chunk-LQIED5SV.js";
import {
  assertProvidersOpen,
  noiseFloorOf,
  readEnvironment
} from "./chunk-PKDQGG7B.js";
import {
  oneNodeModel
} from "./chunk-INTCTOW5.js";
import {
  notNormalized,
  parseProfile,
  quantizeVerified,
  targetOf
} from "./chunk-FOAUJANN.js";
import {
  aloneOnGpu,
  openTensorRtEngines
} from "./chunk-Y37HKM2I.js";
import {
  TRTEXEC_VARIABLE,
  countGpusAsNvidiaSmi,
  measureLatency,
  snapshotGpu,
  startedByUs
} from "./chunk-HMNURZ3L.js";
import {
  precisionFor
} from "./chunk-YFYDZQFU.js";
import {
  filesOf,
  parameterCount,
  weightsOf
} from "./chunk-KL4S4GDE.js";
import {
  assertLabelsInRange,
  evaluateModel,
  needsLabels,
  scoresClasses
} from "./chunk-FNOIDRZZ.js";
import {
  openCalibration,
  openDataset,
  scoredOutput
} from "./chunk-HG7K7Y73.js";
import {
  matchesPattern
} from "./chunk-OU7AXWVO.js";
import {
  availableCores
} from "./chunk-IRS7RKVC.js";
import {
  median,
  medianInterval
} from "./chunk-AQF5U6DS.js";
import {
  modelInputs,
  modelOutputs
} from "./chunk-BVHWY5TI.js";
import {
  WorkerError,
  assertShapesKnown,
  didYouMean,
  startWorker,
  timingFeeds
} from "./chunk-NAGRX56O.js";
import {
  ORIGINAL,
  blankMeasurement
} from "./chunk-MXXY4EXN.js";
import {
  readModelOutline
} from "./chunk-QBQKLG2U.js";
import {
  removeUnfinished
} from "./chunk-LB3U3NNG.js";
import {
  readModel,
  subgraphsOf
} from "./chunk-IZBBBSAD.js";
import {
  VERSION
} from "./chunk-BA5ANQN6.js";
import {
  ConfigError,
  displayName
} from "./chunk-L5CRBJDS.js";
import {
  runProgram
} from "./chunk-YKREVSBC.js";
import {
  METRICS,
  metricDefinition
} from "./chunk-YI7OXUMY.js";
import {
  runsOnCpu
} from "./chunk-IOOXQZY3.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  AttributeProtoSchema,
  elementCount,
  tensorBytes,
  toBinary
} from "./chunk-OEIIXWBO.js";
import {
  safeName
} from "./chunk-D475USFB.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/run.ts
import { rmSync as rmSync2 } from "node:fs";
import { join as join3 } from "node:path";

// src/data/disjoint.ts
var NAMED = 3;
async function assertDisjoint(calibration, evaluation) {
  const [calibrating, evaluating] = await Promise.all([calibration.hashes(), evaluation.hashes()]);
  const shared = [];
  for (const [hash, id] of calibrating) {
    const other = evaluating.get(hash);
    if (other !== void 0) shared.push(id === other ? id : `${id} = ${other}`);
  }
  if (shared.length === 0) return;
  const named = shared.slice(0, NAMED).join(", ");
  throw new UserError(
    `Calibration (${calibration.description}) and evaluation (${evaluation.description}) share ${shared.length} ${shared.length === 1 ? "sample" : "samples"}: ${named}${shared.length > NAMED ? ", \u2026" : ""}. Accuracy on samples that the quantizer was calibrated on is too good: keep the two sets apart.`
  );
}

// src/judge/applicable.ts
function assertApplicable(config) {
  const problems = [];
  for (const check of config.checks) {
    for (const [key, message] of complaints(check, config)) {
      const path = `thresholds.${check.id}${key === "" ? "" : `.${key}`}`;
      problems.push({ line: check.line, path, message });
    }
  }
  for (const [index, waiver] of config.waivers.entries()) {
    const message = waiverComplaint(waiver.check, config.checks);
    if (message) problems.push({ line: waiver.line, path: `waivers[${index}].check`, message });
  }
  if (problems.length === 0) return;
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  throw new ConfigError(config.file === null ? null : displayName(config.file), problems);
}
function complaints(check, config) {
  const { where } = check;
  const found = [];
  const names = (key, patterns, valid, what) => {
    for (const pattern of patterns ?? []) {
      if (valid.some((name) => matchesPattern(name, pattern))) continue;
      found.push([
        `where.${key}`,
        `no ${what} '${pattern}'${didYouMean(pattern, valid)}; there ${valid.length === 1 ? "is" : "are"} ${list(valid)}`
      ]);
    }
  };
  const numbers = (key, wanted, measured) => {
    for (const value of wanted ?? []) {
      if (measured.includes(value)) continue;
      found.push([
        `where.${key}`,
        `${key} ${value} is not measured; benchmark.${key} is ${list(measured.map(String))}`
      ]);
    }
  };
  const allModels = config.models.map(({ name }) => name);
  names("model", where.model, allModels, "model");
  const models = config.models.filter(
    ({ name }) => where.model === void 0 || where.model.some((pattern) => matchesPattern(name, pattern))
  );
  const variants = [...new Set(models.flatMap((model) => model.variants.map(({ name }) => name)))];
  if (models.length > 0) names("variant", where.variant, [ORIGINAL, ...variants], "variant");
  names("provider", where.provider, config.benchmark.providers, "measured provider");
  numbers("batch", where.batch, config.benchmark.batch);
  if (config.benchmark.threads !== "auto") numbers("threads", where.threads, config.benchmark.threads);
  numbers("concurrency", where.concurrency, config.benchmark.concurrency);
  if (models.length > 0) {
    const metric = metricComplaint(check, models);
    if (metric) found.push(["", metric]);
  }
  return [...found, ...conditionComplaints(check)];
}
function conditionComplaints(check) {
  const relativeOnes = demandsOf(check).map(({ condition }) => condition).filter((condition) => condition !== "max" && condition !== "min");
  const toOriginal = relativeOnes.filter((condition) => condition !== "max-regression");
  if (check.metric.startsWith("fidelity.") && toOriginal.length > 0) {
    return toOriginal.map((condition) => [
      condition,
      `${check.metric} compares with the original already; use 'min' or 'max'`
    ]);
  }
  const onlyOriginal = check.where.variant?.length === 1 && check.where.variant[0] === ORIGINAL;
  if (!onlyOriginal) return [];
  return relativeOnes.map((condition) => [
    condition,
    `the original can't be compared with itself; with where.variant ${ORIGINAL} use 'max' or 'min'`
  ]);
}
function metricComplaint(check, models) {
  const { metric } = check;
  const definition = metricDefinition(metric);
  const known = METRICS.map(({ name }) => name);
  if (!definition) return `no metric '${metric}'${didYouMean(metric, known)}`;
  const tasks = definition.tasks ?? [];
  if (tasks.length === 0 || models.some((model) => model.task === "custom" && model.evaluator)) return null;
  if (tasks.includes("custom")) {
    const near = didYouMean(metric, known);
    return `no model yields ${metric}${near}; numbers of your own need task custom and an 'evaluator'`;
  }
  const fitting = models.filter((model) => tasks.includes(model.task));
  if (fitting.length === 0) {
    const have = models.map((model) => `${model.name} has task ${model.task}`).slice(0, 3).join(", ");
    return `${metric} needs a model with task ${tasks.join(" or ")}; ${have}${offer(models)}`;
  }
  if (fitting.every((model) => model.data.evaluation === null)) {
    return `${metric} needs labelled samples; give ${fitting[0].name} 'data.evaluation'`;
  }
  return null;
}
function offer(models) {
  const metrics = METRICS.filter((metric) => models.some((model) => metric.tasks?.includes(model.task)));
  return metrics.length === 0 ? "" : `, which yields ${list(metrics.map(({ name }) => name))}`;
}
function waiverComplaint(name, checks) {
  const covered = checks.some(
    (check) => demandsOf(check).some(({ condition }) => covers(name, check, condition))
  );
  if (covered) return null;
  const valid = checks.flatMap((check) => [
    check.id,
    ...demandsOf(check).map(({ condition }) => `${check.id}.${condition}`)
  ]);
  const offered = valid.length === 0 ? "there are no checks" : `checks are ${list(valid)}`;
  return `no check '${name}'${didYouMean(name, valid)}; ${offered}`;
}
var LISTED = 12;
function list(names) {
  const more = names.length - LISTED;
  return names.slice(0, LISTED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

// src/measure/memory.ts
import { availableParallelism } from "node:os";

// src/measure/subject/subject.ts
function emptyMeasurement(metric, subject, request) {
  const at = {
    model: request.model,
    variant: subject.variant,
    provider: request.session.provider ?? "cpu",
    batch: request.inputs.batch,
    threads: request.session.threads ?? null,
    concurrency: null
  };
  return blankMeasurement(at, metric);
}
function subjectFailure(error, subject) {
  if (subject.variant !== ORIGINAL) {
    if (error instanceof WorkerError || error instanceof UserError || error instanceof MachineError)
      return messageOf(error);
    throw error;
  }
  if (error instanceof WorkerError) {
    throw error.failure === "refused" ? new UserError(error.message) : new MachineError(`The original model can't be measured. ${error.message}`);
  }
  throw error;
}

// src/measure/memory.ts
var launchesFor = (confidence) => Math.max(3, Math.ceil(-Math.log2(1 - confidence) - 1e-9));
var RUNS = 5;
async function measureMemory(request) {
  const baseline = await peaksOf(oneNodeModel("Relu"), request);
  const empty = median(baseline.map(({ host }) => host));
  const peaks = /* @__PURE__ */ new Map();
  const measurements = [];
  for (const subject of request.subjects) {
    try {
      peaks.set(subject.variant, await peaksOf(subject.file, request));
      const base = subject.base ? await basePeaks(subject.base, request) : null;
      measurements.push(...asMeasurements({ subject, request, empty, peaks, base }));
    } catch (error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
      const reason = subjectFailure(error, subject);
      const device = runsOnCpu(request.session.provider ?? "cpu") ? [] : ["memory.gpu"];
      for (const metric of ["memory.peak", "memory.model", ...device]) {
        measurements.push({ ...emptyMeasurement(metric, subject, request), status: "invalid", reason });
      }
    }
  }
  return measurements;
}
async function basePeaks(file, request) {
  try {
    return await peaksOf(file, request);
  } catch (error) {
    if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
    return null;
  }
}
async function peaksOf(model, request) {
  const peaks = [];
  const launches = launchesFor(request.confidence);
  for (let launch = 0; launch < launches; launch++) peaks.push(await peakOf(model, request));
  return peaks;
}
async function peakOf(model, request) {
  const before = await gpuOf(request);
  const worker = await startWorker({
    model,
    session: { ...request.session, threads: request.session.threads ?? availableParallelism() },
    ...request.context,
    deadlineMs: request.deadlineMs
  });
  try {
    const inputs = typeof model === "string" ? request.inputs : { ...request.inputs, sample: null };
    const feeds = timingFeeds(worker.opened.inputs, inputs);
    await worker.call("feeds", { feeds });
    await worker.call("block", { minRuns: RUNS, minMs: 0, maxMs: Infinity, dropRuns: 0, dropMs: 0 });
    const after = before && await gpuOf(request);
    const gpu = before && after && await areOurs(before, after) ? usedMore(before, after) : null;
    return { host: (await worker.call("memory")).peakBytes, gpu };
  } finally {
    await worker.kill();
  }
}
var gpuOf = (request) => snapshotGpu(request.session.provider ?? "cpu", request.session.deviceId, request.nvidiaSmi);
async function areOurs(before, after) {
  const seen = [...before.processes, ...after.processes];
  const ours = await Promise.all(seen.map(({ pid, name }) => startedByUs(pid, name)));
  return ours.every((own) => own);
}
function usedMore(before, after) {
  const { memoryUsedBytes: was } = before.gpu;
  const { memoryUsedBytes: is } = after.gpu;
  return was === null || is === null || is <= was ? null : is - was;
}
function asMeasurements(context) {
  const { request, empty } = context;
  const modelShare = ({ host }) => request.session.provider === "wasm" && host <= empty ? null : Math.max(1, host - empty);
  const measurements = [
    measurement("memory.peak", ({ host }) => host, context),
    measurement("memory.model", modelShare, context)
  ];
  if (!runsOnCpu(request.session.provider ?? "cpu")) {
    measurements.push(measurement("memory.gpu", ({ gpu }) => gpu, context));
  }
  return measurements;
}
function measurement(metric, share, context) {
  const { subject, request, empty, peaks, base } = context;
  const { confidence } = request;
  const filled = emptyMeasurement(metric, subject, request);
  const values = told(peaks.get(subject.variant), share);
  if (!values) {
    return {
      ...filled,
      status: "skipped",
      reason: metric === "memory.gpu" ? "nvidia-smi does not tell this GPU\u2019s memory, or another process uses it" : "the model fits into what the WebAssembly heap starts with"
    };
  }
  const original = subject.variant === ORIGINAL ? null : told(peaks.get(ORIGINAL), share);
  const earlier = base && told(base, share);
  const { value, interval } = medianInterval(values, confidence);
  return {
    ...filled,
    value: Math.round(value),
    interval,
    n: values.length,
    ratio: original && ratio(values, original, confidence),
    base: earlier && {
      value: Math.round(median(earlier)),
      ratio: ratio(values, earlier, confidence),
      note: null
    },
    details: metric === "memory.gpu" ? filled.details : { baselineBytes: Math.round(empty) }
  };
}
function told(peaks, share) {
  const values = peaks.flatMap((peak) => share(peak) ?? []);
  return values.length === peaks.length ? values : null;
}
function ratio(values, reference, confidence) {
  return medianInterval(
    values.map((value, launch) => value / reference[launch]),
    confidence
  );
}

// src/measure/placement.ts
var DEFAULT_IGNORED_OPS = [
  "Add",
  "Cast",
  "Concat",
  "ConstantOfShape",
  "Div",
  "Equal",
  "Expand",
  "Floor",
  "Gather",
  "Greater",
  "Less",
  "Max",
  "Min",
  "Mod",
  "Mul",
  "Range",
  "ReduceProd",
  "Reshape",
  "Shape",
  "Size",
  "Slice",
  "Split",
  "Squeeze",
  "Sub",
  "Unsqueeze",
  "Where"
];
var PROFILED_RUNS = 3;
var CPU = "CPUExecutionProvider";
var TRANSFER = /^Memcpy(To|From)Host$/;
async function measurePlacement(request) {
  const measurements = [];
  for (const subject of request.subjects) {
    throwIfInterrupted(request.context.signal);
    try {
      measurements.push(...asMeasurements2(await placementOf(subject, request), subject, request));
    } catch (error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
      const reason = subjectFailure(error, subject);
      measurements.push(
        ...METRICS2.map((metric) => ({
          ...emptyMeasurement(metric, subject, request),
          status: "invalid",
          reason
        }))
      );
    }
  }
  return measurements;
}
var METRICS2 = ["placement.fallback", "placement.quantized"];
async function placementOf(subject, request) {
  const worker = await startWorker({
    model: subject.file,
    session: { ...request.session, graphOptimizationLevel: "extended" },
    ...request.context,
    profile: true,
    deadlineMs: request.deadlineMs
  });
  try {
    const feeds = timingFeeds(worker.opened.inputs, request.inputs);
    for (let run2 = 0; run2 < PROFILED_RUNS; run2++) await worker.call("run", { feeds, outputs: null });
    const { json, graph } = await worker.call("profile");
    return summarize(parseProfile(json), {
      graph,
      ignoreOps: request.ignoreOps
    });
  } finally {
    await worker.kill();
  }
}
function asMeasurements2(placement, subject, request) {
  const { operators, fallback, quantized, transfers } = placement;
  const asked = request.session.provider ?? "cpu";
  const share = emptyMeasurement("placement.quantized", subject, request);
  return [
    {
      ...emptyMeasurement("placement.fallback", subject, request),
      value: runsOnCpu(asked) ? 0 : fallback,
      n: operators.reduce((sum, operator2) => sum + operator2.nodes, 0),
      details: { operators, transfers }
    },
    quantized === null ? { ...share, status: "skipped", reason: nothingToCount(operators) } : {
      ...share,
      value: quantized,
      details: { operators: operators.filter((operator2) => operator2.macs > 0) }
    }
  ];
}
function nothingToCount(operators) {
  return operators.some(({ operator: operator2 }) => /^(EPContext|TRTKernel)/.test(operator2)) ? "TensorRT runs the model as one node and does not tell which layers are reduced" : "the model has no convolution or matrix product to count";
}
function summarize(nodes, options) {
  const constants2 = new Map((options.graph ?? []).map((node) => [node.name, node.constants]));
  const groups = /* @__PURE__ */ new Map();
  for (const node of nodes) {
    const reduced = isReduced(node);
    const shapeArithmetic = options.ignoreOps ? options.ignoreOps.includes(node.operator) : DEFAULT_IGNORED_OPS.includes(node.operator) && givesShapes(node);
    const key = [node.operator, node.provider, reduced, shapeArithmetic].join(" ");
    const group = groups.get(key) ?? {
      operator: node.operator,
      provider: node.provider,
      nodes: 0,
      reduced,
      macs: 0,
      ms: 0,
      shapeArithmetic
    };
    group.nodes++;
    group.macs += multiplyAccumulates(node, constants2.get(node.name) ?? []);
    group.ms += steadyMs(node.durationsMs);
    groups.set(key, group);
  }
  const operators = [...groups.values()].sort(
    (a, b) => b.macs - a.macs || a.operator.localeCompare(b.operator)
  );
  const macs = operators.reduce((sum, operator2) => sum + operator2.macs, 0);
  const reducedMacs = operators.reduce((sum, operator2) => sum + (operator2.reduced ? operator2.macs : 0), 0);
  const count = (which) => operators.reduce((sum, operator2) => sum + (which(operator2) ? operator2.nodes : 0), 0);
  return {
    operators,
    fallback: count(
      ({ provider, operator: operator2, shapeArithmetic }) => provider === CPU && !shapeArithmetic && !TRANSFER.test(operator2)
    ),
    quantized: macs > 0 ? reducedMacs / macs : null,
    transfers: count(({ operator: operator2 }) => TRANSFER.test(operator2))
  };
}
var REDUCED_OPERATOR = /^(QLinear|QGemm|QAttention|QMoE|DynamicQuantize(?!Linear)|MatMulNBits|MatMulBnb4|GatherBlockQuantized)|Integer(ToFloat)?$/;
var REDUCED_TYPES = /* @__PURE__ */ new Set(["uint8", "int8", "uint4", "int4", "float16", "bfloat16"]);
function isReduced(node) {
  if (REDUCED_OPERATOR.test(node.operator)) return true;
  if (node.operator === "DequantizeLinear" || node.operator === "Cast") return false;
  return REDUCED_TYPES.has(node.inputs[0]?.type ?? "");
}
var SMALL_ELEMENTS = 16;
var INDEX_TYPES = /* @__PURE__ */ new Set(["int64", "int32", "bool"]);
function givesShapes(node) {
  return node.outputs.every(
    ({ type, dims }) => INDEX_TYPES.has(type) || elementCount(dims) <= SMALL_ELEMENTS
  );
}
function multiplyAccumulates(node, constants2) {
  const output = elementCount(node.outputs[0]?.dims ?? [0]);
  if (/^(Fused|QLinear|NhwcFused|Nhwc)?Conv(Integer)?$/.test(node.operator)) {
    const weight2 = constants2.find((dims) => dims && dims.length >= 3) ?? node.inputs.slice(1).find(({ dims }) => dims.length >= 3)?.dims;
    return weight2 ? output * elementCount(weight2.slice(1)) : 0;
  }
  if (/^Q?Attention$/.test(node.operator)) {
    const weight2 = constants2.find((dims) => dims?.length === 2);
    return weight2 ? elementCount(node.inputs[0]?.dims ?? [0]) / weight2[0] * elementCount(weight2) : 0;
  }
  if (/MatMul|Gemm/.test(node.operator)) {
    const columns = node.outputs[0]?.dims.at(-1) ?? 1;
    const weight2 = constants2.find((dims) => dims?.length === 2 && dims.includes(columns));
    if (weight2 && !/NBits|Bnb4/.test(node.operator)) return output * (elementCount(weight2) / columns);
    return output * (node.inputs[0]?.dims.at(-1) ?? 0);
  }
  return 0;
}
function steadyMs(durationsMs) {
  const steady = durationsMs.length > 1 ? durationsMs.slice(1) : durationsMs;
  return steady.reduce((sum, ms) => sum + ms, 0) / steady.length;
}

// src/measure/provider-notes.ts
function providerNotes({ model, provider, variants, trtexec }) {
  const note2 = (variant, code, message) => ({
    level: "warn",
    code,
    message,
    model,
    variant
  });
  return variants.flatMap(({ name, file, target }) => {
    if ((provider === "cuda" || provider === "webgpu") && target !== provider && quantizesActivations(file)) {
      return [
        note2(
          name,
          "provider.no-int8",
          `${provider} has no 8-bit convolutions or matrix products: ${name} computes in float32 between conversions there, or falls back to the CPU. ` + (provider === "cuda" ? "Measure it on tensorrt, or use float16." : "Use float16, or int8-weights.")
        )
      ];
    }
    if (provider !== "tensorrt") return [];
    const refused = refusedByTensorRt(file);
    if (refused !== null) {
      return [
        note2(
          name,
          "provider.not-tensorrt",
          `${name} is not shaped for TensorRT: ${refused}. Make it with \`preset: tensorrt\`, or as int8 for the provider tensorrt.`
        )
      ];
    }
    if (!trtexec && quantizesActivations(file)) {
      return [
        note2(
          name,
          "provider.no-trtexec",
          `onnxruntime-node can't allow TensorRT's INT8: ${name} runs in float32 there, or does not open, and its latency is not that of its engine. Put NVIDIA's trtexec on PATH, or name it in ${TRTEXEC_VARIABLE}: its engine is then built, timed and judged.`
        )
      ];
    }
    return [];
  });
}
var QUANTIZING = /* @__PURE__ */ new Set(["QuantizeLinear", "DynamicQuantizeLinear"]);
var quantizesActivations = (file) => readModel(file).graph.nodes.some(({ opType }) => QUANTIZING.has(opType));
function refusedByTensorRt(file) {
  const { graph } = readModel(file);
  const foreign = graph.nodes.find(({ opType }) => INTEGER_ARITHMETIC.test(opType));
  if (foreign) return `it has ${foreign.opType}, which TensorRT does not know`;
  for (const { opType, name, input } of graph.nodes) {
    if (opType !== "QuantizeLinear") continue;
    const zeroPoint = input[2] ? graph.constantValues(input[2]) : null;
    if (!input[2] || zeroPoint instanceof Uint8Array) {
      return `${name || opType} makes uint8, and TensorRT takes int8 only`;
    }
    if (zeroPoint && Array.from(zeroPoint).some((value) => Number(value) !== 0)) {
      return `${name || opType} has a zero-point other than 0`;
    }
  }
  return null;
}
var INTEGER_ARITHMETIC = /^(DynamicQuantizeLinear|MatMulInteger|ConvInteger|QLinear\w+|DynamicQuantizeMatMul|MatMulNBits)$/;

// src/measure/size.ts
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createBrotliCompress, createGzip } from "node:zlib";
var GZIP_LEVEL = 6;
var BROTLI_QUALITY = 5;
async function measureSize(file) {
  const outline = readModelOutline(file);
  let fileBytes = 0;
  let compressedBytes = 0;
  let brotliBytes = 0;
  for (const path of filesOf(file, outline)) {
    fileBytes += (await stat(path)).size;
    compressedBytes += await sizeThrough(createGzip({ level: GZIP_LEVEL }), path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    brotliBytes += await sizeThrough(createBrotliCompress({ params }), path);
  }
  return { fileBytes, compressedBytes, brotliBytes, parameters: parameterCount(weightsOf(outline.proto)) };
}
async function sizeThrough(compression, path) {
  let bytes = 0;
  const count = new Writable({
    write(chunk, _encoding, done) {
      bytes += chunk.length;
      done();
    }
  });
  await pipeline(createReadStream(path), compression, count);
  return bytes;
}

// src/measure/size-measurements.ts
var METRICS3 = [
  ["size.file", "fileBytes"],
  ["size.compressed", "compressedBytes"],
  ["size.brotli", "brotliBytes"],
  ["size.parameters", "parameters"]
];
var ANYWHERE = { provider: null, batch: null, threads: null, concurrency: null };
async function sizeMeasurements(model, subjects) {
  const measurements = [];
  let original = null;
  for (const subject of subjects) {
    let size = null;
    let reason = null;
    try {
      size = await measureSize(subject.file);
    } catch (error) {
      if (subject.variant === ORIGINAL || !(error instanceof UserError)) throw error;
      reason = messageOf(error);
    }
    if (subject.variant === ORIGINAL) original = size;
    const base = subject.base ? await measureSize(subject.base) : null;
    for (const [metric, key] of METRICS3) {
      const at = { ...ANYWHERE, model, variant: subject.variant };
      measurements.push({
        ...blankMeasurement(at, metric),
        status: size ? "ok" : "invalid",
        reason,
        value: size ? size[key] : null,
        ratio: size && original && subject.variant !== ORIGINAL ? exactRatio(size[key], original[key]) : null,
        base: size && base ? { value: base[key], ratio: exactRatio(size[key], base[key]), note: null } : null
      });
    }
  }
  return measurements;
}
function exactRatio(value, reference) {
  return reference > 0 ? { value: value / reference, interval: null } : null;
}

// src/measure/tensorrt/engine-subjects.ts
async function engineSubjects(request, engines) {
  const { subjects, inputs, session } = request;
  const original = subjects[0];
  if (variesInShape(original.file)) {
    return asTheyCame(
      request,
      "the inputs vary in more than the batch, and an engine is built for one shape"
    );
  }
  const wrap = (file) => engines.wrapperOf({ file, inputs, deviceId: session.deviceId });
  const wrapped = [];
  for (const { variant, file, base } of subjects) {
    try {
      wrapped.push({ variant, file: await wrap(file), base: base ? await wrap(base) : null });
    } catch (error) {
      if (!(error instanceof UserError || error instanceof MachineError)) throw error;
      return asTheyCame(request, messageOf(error));
    }
  }
  try {
    const worker = await startWorker({
      model: wrapped[0].file,
      session,
      ...request.context
    });
    await worker.close();
  } catch (error) {
    if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
    return asTheyCame(request, messageOf(error));
  }
  return { subjects: wrapped, notes: [] };
}
function asTheyCame({ subjects, model }, why) {
  const note2 = {
    level: "warn",
    code: "tensorrt.engine-not-judged",
    message: `Memory, placement, accuracy and fidelity on tensorrt are those of the files through ONNX Runtime, not of the engines that were timed: ${why}`,
    model,
    variant: null
  };
  return { subjects, notes: [note2] };
}
var variesInShape = (file) => modelInputs(readModel(file)).some(
  ({ shape }) => shape?.some((dim, axis) => typeof dim === "string" && axis > 0)
);

// src/measure/measure.ts
async function measureModel(request) {
  const { model, benchmark, context } = request;
  const result = { measurements: [], notes: [] };
  countGpusAsNvidiaSmi();
  context.log.info(`${model.name}: measuring size`);
  result.measurements.push(...await sizeMeasurements(model.name, subjectsOf(request, null)));
  const sample = await firstSample(request.evaluation ?? request.calibration);
  for (const provider of benchmark.providers) {
    const measured = await measureOnProvider(request, provider, sample);
    result.measurements.push(...measured.measurements);
    result.notes.push(...measured.notes);
  }
  return result;
}
async function measureOnProvider(request, provider, sample) {
  const { context, benchmark } = request;
  return aloneOnGpu({ provider, deviceId: benchmark.device, context }, async () => {
    const engines = provider === "tensorrt" ? await openTensorRtEngines({ context }) : null;
    try {
      return await measureWith(request, provider, { sample, engines });
    } finally {
      await engines?.remove();
    }
  });
}
async function measureWith(request, provider, { sample, engines }) {
  const { model, benchmark, confidence, context } = request;
  const { log } = context;
  const deviceId = benchmark.device;
  const [original, ...variants] = subjectsOf(request, provider);
  log.info(`${model.name}: measuring latency on ${provider}`);
  const latency = await measureLatency({
    model: model.name,
    original: { file: original.file, base: original.base ?? null },
    variants: variants.map(({ variant, file, base }) => ({ name: variant, file, base: base ?? null })),
    provider,
    context,
    benchmark,
    confidence,
    precision: benchmark.precision === void 0 ? precisionFor(request.checks) : Math.log1p(benchmark.precision),
    sample,
    engines,
    deviceId
  });
  const broken = new Set(
    latency.measurements.filter(({ status }) => status === "invalid").map(({ variant }) => variant)
  );
  const subjects = [original, ...variants.filter(({ variant }) => !broken.has(variant))];
  const single = {
    model: model.name,
    subjects,
    context,
    session: { provider, threads: threadsOf(benchmark), deviceId },
    inputs: { batch: benchmark.batch[0] ?? 1, shapes: benchmark.shapes, sample }
  };
  log.info(`${model.name}: measuring memory and placement on ${provider}`);
  const engine = engines && await engineSubjects(single, engines);
  const opened = { ...single, subjects: engine?.subjects ?? subjects };
  const memory = await measureMemory({ ...opened, confidence });
  const ignoreOps = request.checks.find(({ metric }) => metric === "placement.fallback")?.ignoreOps;
  const placement = await measurePlacement({ ...opened, ignoreOps });
  log.info(`${model.name}: measuring accuracy and fidelity on ${provider}`);
  const judged = engines && await engineSubjects({ ...single, inputs: { ...single.inputs, batch: 1 } }, engines);
  const accuracy = await evaluateModel({
    model,
    subjects: judged?.subjects ?? subjects,
    session: single.session,
    evaluation: request.evaluation,
    calibration: request.calibration,
    shapes: benchmark.shapes,
    confidence,
    checks: request.checks,
    questionOriginal: request.questionOriginal ?? true,
    allowCommands: request.allowCommands,
    directory: request.directory,
    context
  });
  return {
    measurements: [...latency.measurements, ...memory, ...placement, ...accuracy.measurements],
    notes: [
      ...providerNotes({
        model: model.name,
        provider,
        variants: request.variants.flatMap(
          ({ name, file, providers, report }) => file !== null && providers.includes(provider) ? [{ name, file, target: report.target }] : []
        ),
        trtexec: engines !== null
      }),
      ...latency.notes,
      ...judged?.notes ?? [],
      ...accuracy.notes
    ]
  };
}
function subjectsOf({ model, variants, base }, provider) {
  const chosen = variants.filter(
    (variant, index) => variant.file !== null && (provider === null ? variants.findIndex(({ name }) => name === variant.name) === index : variant.providers.includes(provider))
  );
  return [
    { variant: ORIGINAL, file: model.path, base: base?.original ?? null },
    ...chosen.map((variant) => ({
      variant: variant.name,
      file: variant.file,
      base: base?.variants.get(variant.name)?.find(sameTarget(variant))?.file ?? null
    }))
  ];
}
var sameTarget = (head) => (candidate) => candidate.report.target === head.report.target;
async function firstSample(data) {
  if (!data) return null;
  for await (const sample of data.samples()) return sample.feeds;
  return null;
}
function threadsOf(benchmark) {
  return benchmark.threads === "auto" ? availableCores() : benchmark.threads[0];
}

// src/onnx/operator-count.ts
function countOperators(model) {
  const count = (nodes) => nodes.reduce((sum, node) => {
    const inner = subgraphsOf(node).reduce((total, graph) => total + count(graph.node), 0);
    return sum + (node.opType === "Constant" ? 0 : 1) + inner;
  }, 0);
  return count(model.graph.nodes);
}

// src/ready.ts
import { existsSync } from "node:fs";
function assertReady(models, { checks, file, benchmark }) {
  assertShapesKnown(
    benchmark.shapes,
    models.flatMap(({ document }) => modelInputs(document)),
    "benchmark.shapes"
  );
  for (const { config, document, calibration, evaluation } of models) {
    const classified = scoresClasses(config.task) && evaluation !== null;
    if (config.output !== null || classified) {
      const outputs = modelOutputs(document);
      const scored = scoredOutput(outputs, config.output, config.name);
      if (classified) assertLabelsInRange(evaluation, scored, { ...config, outputs });
    }
    const { evaluator } = config;
    if (evaluator !== null && "module" in evaluator && !existsSync(evaluator.module)) {
      throw new UserError(
        `The evaluator of model '${config.name}' does not exist: ${evaluator.module}. Correct its 'module'.`
      );
    }
    const static8 = config.variants.find(
      (variant) => variant.kind === "quantize" && variant.method === "int8-static"
    );
    if (static8 && calibration === null) {
      throw new UserError(
        `Variant '${static8.name}' of model '${config.name}': int8-static needs calibration data: name it under data.calibration.`
      );
    }
  }
  for (const check of checks) {
    const lacking = withoutLabels(check, models);
    if (lacking === null) continue;
    const place = file === null ? "" : `${displayName(file)}${check.line === null ? "" : `:${check.line}`}: `;
    throw new UserError(
      `${place}thresholds.${check.id}: ${check.metric} needs labelled samples, and ${lacking.description} has no labels. Add labels (class folders, or an array or column 'labels'), or remove the check.`
    );
  }
}
function withoutLabels(check, models) {
  const tasks = metricDefinition(check.metric)?.tasks ?? [];
  if (check.level === "off" || !tasks.some(needsLabels)) return null;
  const { model: patterns } = check.where;
  const scored = models.filter(
    ({ config }) => tasks.includes(config.task) && (patterns === void 0 || patterns.some((pattern) => matchesPattern(config.name, pattern)))
  );
  if (scored.some(({ evaluation }) => evaluation?.labelled)) return null;
  return scored.find(({ evaluation }) => evaluation !== null)?.evaluation ?? null;
}

// src/variants/base.ts
import { join as join2 } from "node:path";

// src/variants/make.ts
import { existsSync as existsSync3, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname as dirname2, join } from "node:path";

// src/variants/command.ts
import { existsSync as existsSync2 } from "node:fs";
var TAIL_LENGTH = 2e3;
async function runVariantCommand(request) {
  const { command, model, output, directory, timeoutMs } = request;
  const { log, signal } = request.context;
  const fill = (text) => text.replaceAll("{output}", output).replaceAll("{model}", model);
  const [program, ...args] = command.map(fill);
  const shown = [program, ...args].join(" ");
  log.debug(`running: ${shown}`);
  const end = await runProgram(program, args, { directory, timeoutMs, signal, keptLength: TAIL_LENGTH });
  if (end.startError !== null) {
    throw new UserError(`The command \`${shown}\` can't be started: ${end.startError}`);
  }
  if (end.stopped !== null) {
    throw new UserError(
      `The command \`${shown}\` took longer than ${timeoutMs / 1e3} s and was stopped.${quoted(end.said)}`
    );
  }
  if (end.exitCode !== 0) {
    const how = end.signal ?? `exit code ${end.exitCode}`;
    throw new UserError(`The command \`${shown}\` ended with ${how}.${quoted(end.said)}`);
  }
  if (!existsSync2(output)) {
    throw new UserError(
      `The command \`${shown}\` succeeded but wrote no file at {output} (${output}).${quoted(end.said)}`
    );
  }
}
function quoted(tail) {
  const text = tail.trim();
  return text === "" ? "" : `
${text.split("\n").slice(-12).join("\n")}`;
}

// src/variants/unchanged.ts
import { createHash } from "node:crypto";
import { dirname } from "node:path";
async function unchangedReason2({ model, file, groups }) {
  if (groups !== null) return groups.quantized === 0 ? "nothing in it was quantized" : null;
  if (await sameFiles(model, file)) return "its file is a copy of the original";
  const [original, variant] = [contents(model), contents(file)];
  return original !== null && original === variant ? "it has the operators and the weights of the original" : null;
}
async function sameFiles(one, other) {
  const [a, b] = [filesOf(one), filesOf(other)];
  if (a.length !== b.length) return false;
  for (const [at, file] of a.entries()) {
    if (await sha256OfFile(file) !== await sha256OfFile(b[at])) return false;
  }
  return true;
}
function contents(file) {
  const { proto } = readModel(file);
  const found = [];
  const visit = (nodes) => {
    for (const node of nodes) {
      if (node.opType !== "Constant") found.push(operator(node));
      for (const graph of subgraphsOf(node)) visit(graph.node);
    }
  };
  try {
    visit(proto.graph?.node ?? []);
    for (const { node } of proto.functions) visit(node);
    for (const { tensor } of weightsOf(proto)) found.push(weight(tensor, dirname(file)));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
  return found.sort().join();
}
function operator({ domain, opType, attribute }) {
  const plain = attribute.filter(({ t, g, tensors, graphs }) => !t && !g && tensors.length + graphs.length === 0).map((one) => `${one.name}=${Buffer.from(toBinary(AttributeProtoSchema, one)).toString("base64")}`);
  return `${domain}:${opType}(${plain.sort().join()})`;
}
function weight(tensor, directory) {
  const hash = createHash("sha256").update(`${tensor.dataType}[${tensor.dims.join()}]`);
  if (tensor.stringData.length > 0) for (const text of tensor.stringData) hash.update(text).update("\0");
  else hash.update(tensorBytes(tensor, directory));
  return hash.digest("hex");
}

// src/variants/make.ts
async function makeVariants(request) {
  const variants = [];
  for (const config of request.model.variants) {
    for (const [target, providers] of targetsOf(config, request.providers)) {
      throwIfInterrupted(request.context.signal);
      variants.push(await makeVariant(request, config, { target, providers }));
    }
  }
  return variants;
}
function targetsOf(config, providers) {
  if (config.kind !== "quantize") return /* @__PURE__ */ new Map([[null, [...providers]]]);
  if (config.target !== null) return /* @__PURE__ */ new Map([[config.target, [...providers]]]);
  const targets = /* @__PURE__ */ new Map();
  for (const provider of providers) {
    const target = config.preset === "tensorrt" ? "tensorrt" : targetOf(provider);
    targets.set(target, [...targets.get(target) ?? [], provider]);
  }
  return targets;
}
async function makeVariant(request, config, { target, providers }) {
  const { model, directory } = request;
  const many = config.kind === "quantize" && new Set(request.providers.map((name) => targetOf(name))).size > 1;
  const out = join(
    directory,
    safeName(model.name),
    `${safeName(config.name)}${many && target ? `.${target}` : ""}.onnx`
  );
  mkdirSync(dirname2(out), { recursive: true });
  const report = {
    name: config.name,
    method: config.kind === "quantize" ? config.method : config.kind,
    preset: config.kind === "quantize" ? config.preset : null,
    target,
    file: null,
    sha256: null,
    status: "ok",
    reason: null,
    groups: null,
    provenance: { quantgate: VERSION }
  };
  try {
    const { file, notes } = await makeFile(config, { request, out, target, report });
    report.file = shownPath(file, dirname2(directory));
    report.sha256 = await sha256OfFile(file);
    report.unchanged = await unchangedReason2({ model: model.path, file, groups: report.groups });
    return { name: config.name, file, providers, report, notes };
  } catch (error) {
    if (error instanceof UserError) {
      throw new UserError(`Variant '${config.name}' of model '${model.name}': ${messageOf(error)}`);
    }
    throw error;
  }
}
async function makeFile(config, making) {
  if (config.kind === "file") return takeFile(config, making);
  if (config.kind === "command") return await runCommand(config, making);
  return await quantize(config, making);
}
function takeFile({ file }, { request, report }) {
  if (!existsSync3(file)) throw new UserError(`its file ${file} does not exist.`);
  readModel(file);
  report.provenance = { ...report.provenance, file: shownPath(file, request.configDirectory) };
  return { file, notes: [] };
}
async function runCommand(config, { request, out, report }) {
  const { model, context } = request;
  if (!request.allowCommands) {
    throw new UserError("it is made by a command, and commands are not allowed here (allow-commands).");
  }
  context.log.info(`${model.name}: making ${config.name} with \`${config.command.join(" ")}\``);
  const folder = dirname2(out);
  const temporary = mkdtempSync(join(folder, ".command-"));
  try {
    await runVariantCommand({
      command: config.command,
      model: model.path,
      output: join(temporary, basename(out)),
      directory: request.configDirectory,
      timeoutMs: config.timeoutMs,
      context
    });
    readModel(join(temporary, basename(out)));
    for (const name of readdirSync(temporary)) renameSync(join(temporary, name), join(folder, name));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  report.provenance = { ...report.provenance, command: config.command };
  return { file: out, notes: [] };
}
async function quantize(config, { request, out, target, report }) {
  const { model, context, deviceId } = request;
  const purpose = `${config.method}${target ? `, for ${target}` : ""}`;
  context.log.info(`${model.name}: quantizing ${config.name} (${purpose})`);
  const quantizing = {
    model: model.path,
    out,
    options: config,
    target: target ?? "cpu",
    calibration: request.calibration,
    verify: true,
    repair: config.repair,
    checks: request.checks ?? [],
    subject: { model: model.name, variant: config.name },
    deviceId,
    context
  };
  const provider = config.method === "auto" ? quantizing.target : "cpu";
  const result = await aloneOnGpu({ provider, deviceId, context }, () => quantizeVerified(quantizing));
  report.groups = result.groups;
  report.verification = result.verification;
  report.provenance = { ...report.provenance, ...result.provenance };
  return {
    file: result.file,
    notes: result.notes.map((note2) => ({ ...note2, model: model.name, variant: config.name }))
  };
}

// src/variants/base.ts
async function makeBaseVariants(request) {
  const { head, base, ...making } = request;
  if (base === null) return { files: null, notes: [], unreadable: [] };
  const found = base.models[head.name] ?? { status: "missing", reason: `${head.name} is not in the base.` };
  if (found.status !== "found") return withoutModel(head.name, found);
  const shared = found.model.variants.filter(
    ({ name }) => head.variants.some((variant) => variant.name === name)
  );
  const variants = /* @__PURE__ */ new Map();
  const unreadable = [];
  const lacking = (variant, reason) => void unreadable.push({ model: head.name, variant, reason });
  for (const { name } of head.variants) {
    if (found.unreadable[name] !== void 0) lacking(name, found.unreadable[name]);
  }
  for (const config of shared) {
    try {
      const made = await makeVariants({
        ...making,
        model: { ...found.model, name: head.name, variants: [config] },
        directory: join2(request.directory, base.sha.slice(0, 12))
      });
      variants.set(config.name, made);
      lacking(config.name, noFigure(config.name, made));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      lacking(config.name, `The base's '${config.name}' can't be built: ${messageOf(error)}`);
    }
  }
  const notes = [
    ...baselineNote(head.name, found),
    ...unreadable.filter(({ variant }) => !variants.has(variant)).map(
      ({ variant, reason }) => note({ code: "base.failed", message: reason, model: head.name, variant })
    ),
    ...unshared(head, found)
  ];
  return { files: { original: found.model.path, variants }, notes, unreadable };
}
function baselineNote(model, { baseline }) {
  if (baseline === null) return [];
  const message = `Compared with the baseline that the base's configuration names: ${baseline}.`;
  return [note({ code: "base.baseline", message, model, variant: null })];
}
function withoutModel(model, { status, reason }) {
  const missing = status === "missing";
  const code = missing ? "base.missing" : "base.unreadable";
  const told2 = note({ code, message: reason, model, variant: null });
  return { files: null, notes: [told2], unreadable: missing ? [] : [{ model, variant: null, reason }] };
}
function noFigure(name, made) {
  const failed = made.find(({ report }) => report.status === "failed");
  if (failed) return `The base's '${name}' could not be made: ${failed.report.reason ?? "no reason given"}`;
  const targets = [...new Set(made.map(({ report }) => report.target).filter((one) => one !== null))];
  const where = targets.length > 0 ? ` (made for ${targets.join(", ")})` : "";
  return `The base's '${name}'${where} gave no such figure in this run.`;
}
function unshared(head, found) {
  return head.variants.filter(({ name }) => name !== ORIGINAL && found.unreadable[name] === void 0).filter(({ name }) => !found.model.variants.some((variant) => variant.name === name)).map(({ name, kind }) => {
    const message = kind === "command" ? `'${name}' is made by a command, which can't be run for the base: there is nothing to compare with.` : `'${name}' is new: the base has no such variant to compare with.`;
    return note({ code: "base.new-variant", message, model: head.name, variant: name });
  });
}
function note(told2) {
  return { level: "info", ...told2 };
}

// src/run.ts
async function run(request) {
  const { config, out, context } = request;
  const startedAt = /* @__PURE__ */ new Date();
  assertApplicable(config);
  assertWaiversCurrent(config.waivers, today(startedAt), config.file);
  assertWritable(out);
  removeUnfinished(out);
  const lastModels = modelsOfLastRun(out);
  const kept = await findKept(request);
  const models = kept.size === config.models.length ? [] : await openModels(request);
  const environment = await readEnvironment(context.runtime);
  const found = [];
  const measured = [];
  for (const [index, model] of config.models.entries()) {
    throwIfInterrupted(context.signal);
    const result = kept.get(model.name) ?? await runModel(request, models[index]);
    if (!kept.has(model.name)) measured.push([model, result]);
    found.push(result);
  }
  const measurements = found.flatMap((result) => result.measurements);
  context.log.info("judging");
  const { results, verdict } = judgeModels(request, found, today(startedAt));
  const report = {
    schemaVersion: 1,
    tool: { name: "quantgate", version: VERSION },
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    verdict,
    environment: { ...environment, ...noiseOf(measurements) },
    models: found.map((result) => result.report),
    measurements,
    checks: results,
    notes: withoutRepeats(found.flatMap((result) => result.notes)),
    thresholds: request.thresholds,
    source: request.source
  };
  const files = writeReport(report, out);
  await removeLeftovers(out, lastModels, report);
  for (const [model, result] of measured) {
    const own = results.filter((check) => check.model === model.name);
    if (runVerdict(own, result.measurements) === "pass") await request.kept?.keep(model, result);
  }
  return { report, files };
}
function judgeModels({
  config,
  baseProblem,
  onUnreadableBase = "error"
}, found, day) {
  const everywhere = baseProblem ? [{ model: null, variant: null, reason: baseProblem }] : [];
  return judge({
    ...config,
    measurements: found.flatMap(({ measurements }) => measurements),
    unchanged: unchangedOf(found),
    unreadableBase: [...everywhere, ...found.flatMap(({ unreadableBase }) => unreadableBase ?? [])],
    onUnreadableBase,
    today: day
  });
}
async function findKept({ config, kept }) {
  const found = /* @__PURE__ */ new Map();
  for (const model of kept ? config.models : []) {
    const result = await kept.find(model);
    if (result) found.set(model.name, result);
  }
  return found;
}
async function openModels({ config, context }) {
  const documents = config.models.map((model) => ({ config: model, document: readModel(model.path) }));
  const models = [];
  for (const model of documents) models.push({ ...model, ...await openData(model) });
  for (const { message } of models.flatMap(dataNotes)) context.log.warn(message);
  assertReady(models, config);
  const { providers, device } = config.benchmark;
  await assertProvidersOpen(providers, { context, deviceId: device });
  return models;
}
function unchangedOf(results) {
  return results.flatMap(({ report }) => {
    const names = new Set(report?.variants.map(({ name }) => name));
    return [...names].flatMap((variant) => {
      const reason = unchangedReason(report, variant);
      return reason === null ? [] : [{ model: report.name, variant, reason }];
    });
  });
}
function noiseOf(measurements) {
  const noiseFloor = noiseFloorOf(measurements);
  return noiseFloor === null ? {} : { noiseFloor, noiseFloorFrom: "ratios" };
}
function withoutRepeats(notes) {
  const said = /* @__PURE__ */ new Set();
  return notes.filter((note2) => {
    const key = JSON.stringify(note2);
    if (said.has(key)) return false;
    said.add(key);
    return true;
  });
}
async function runModel(request, model) {
  const { config, context } = request;
  const { calibration, evaluation } = model;
  const directory = reportFiles(request.out).models;
  const making = {
    providers: config.benchmark.providers,
    deviceId: config.benchmark.device,
    calibration,
    context,
    allowCommands: request.allowCommands,
    checks: config.checks,
    configDirectory: config.directory
  };
  const baseDirectory = join3(request.out, ".base");
  try {
    const variants = await makeVariants({ ...making, model: model.config, directory });
    const base = await makeBaseVariants({
      ...making,
      head: model.config,
      base: request.base,
      directory: baseDirectory
    });
    const measured = await measureModel({
      model: model.config,
      variants,
      base: base.files,
      evaluation,
      calibration,
      benchmark: config.benchmark,
      checks: config.checks,
      confidence: config.confidence,
      questionOriginal: config.onChance !== "off",
      allowCommands: request.allowCommands,
      directory: config.directory,
      context
    });
    return {
      report: await describeModel(model, {
        variants,
        parameters: parametersOf(measured.measurements)
      }),
      measurements: measured.measurements,
      unreadableBase: base.unreadable,
      notes: [
        ...dataNotes(model),
        ...variants.flatMap((variant) => variant.notes),
        ...base.notes,
        ...measured.notes
      ]
    };
  } finally {
    rmSync2(baseDirectory, { recursive: true, force: true });
  }
}
function dataNotes({ config, document, calibration, evaluation }) {
  const note2 = (code, message) => ({
    level: "warn",
    code,
    message,
    model: config.name,
    variant: null
  });
  const warnings = [calibration, evaluation].flatMap((data) => data?.warnings ?? []);
  const silent = calibration && notNormalized(calibration, modelInputs(document));
  return [
    ...[...new Set(warnings)].map((message) => note2("data.odd", message)),
    ...silent === null ? [] : [note2("data.not-normalized", silent)]
  ];
}
async function openData({
  config,
  document
}) {
  const inputs = modelInputs(document);
  const { calibration: calibrationConfig, evaluation: evaluationConfig } = config.data;
  const calibration = calibrationConfig ? await openCalibration(calibrationConfig, inputs) : null;
  const evaluation = evaluationConfig ? await openDataset(evaluationConfig, inputs) : null;
  const apart = calibrationConfig?.split != null;
  if (calibration && evaluation && !apart) await assertDisjoint(calibration, evaluation);
  return { calibration, evaluation };
}
async function describeModel({ config, document, calibration, evaluation }, parts) {
  const sha256 = await sha256OfFile(config.path);
  const describe = (data) => data && { description: data.description, samples: data.length };
  return {
    name: config.name,
    path: shownPath(config.path),
    task: config.task,
    sha256,
    opset: document.opset() || null,
    operators: countOperators(document),
    parameters: parts.parameters,
    evaluation: describe(evaluation),
    calibration: describe(calibration),
    variants: [originalReport(sha256), ...parts.variants.map((variant) => variant.report)]
  };
}
function parametersOf(measurements) {
  const found = measurements.find(
    ({ metric, variant }) => metric === "size.parameters" && variant === ORIGINAL
  );
  return found?.value ?? 0;
}
function originalReport(sha256) {
  return {
    name: ORIGINAL,
    method: ORIGINAL,
    preset: null,
    target: null,
    file: null,
    sha256,
    status: "ok",
    reason: null,
    groups: null,
    provenance: {}
  };
}
function today(date) {
  return date.toISOString().slice(0, 10);
}

export {
  assertApplicable,
  run,
  judgeModels
};
