import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  OutputFidelity,
  indexOfMaximum,
  layerFidelity,
  require_dist,
  scoredOutput
} from "./chunk-KSN4Z3NH.js";
import {
  modelInputs
} from "./chunk-AQMFQ5P4.js";
import {
  applyRewrites,
  batches,
  calibrateMinMax,
  computeScale,
  copyModel,
  findGroups,
  fixedBatch,
  foldWeights,
  makeSelection,
  nodeLabel,
  planGroups,
  prepareModel,
  quantizeModel,
  quantizeWeight,
  refuseNotANumber,
  syntheticTokens,
  tableCosts,
  upgradeOpset
} from "./chunk-3NZHWNOS.js";
import {
  readModelOutline
} from "./chunk-KWJTZ5O5.js";
import {
  SPIN_WITHIN_RUNS
} from "./chunk-GOTPZ62G.js";
import {
  encodeModel,
  makeNode,
  makeValue,
  writeModel
} from "./chunk-GPC3L3RH.js";
import {
  intAttribute,
  readModel
} from "./chunk-CTCCJ4DQ.js";
import {
  openProfiled
} from "./chunk-IA4V6DFO.js";
import {
  scratchFolder
} from "./chunk-THY4HZQJ.js";
import {
  TensorProto_DataType,
  dimsOf
} from "./chunk-7WTHJFBX.js";
import {
  MachineError,
  UserError,
  messageOf
} from "./chunk-KJWZXA2F.js";
import {
  __toESM
} from "./chunk-XNDQ27F5.js";

// src/auto/auto.ts
import { writeFileSync } from "node:fs";

// src/auto/apply-plan.ts
import { rmSync } from "node:fs";
import { join } from "node:path";
async function applyStages(request, stages) {
  const directory = scratchFolder("plan");
  const decisions = /* @__PURE__ */ new Map();
  const notes = [];
  try {
    let model = request.model;
    for (const [index, stage] of stages.entries()) {
      const out = index === stages.length - 1 ? request.out : join(directory, `${index}.onnx`);
      const result = await applyStage({ ...request, model, out }, stage);
      for (const decision of result.decisions) {
        if (decision.became !== "float" || !decisions.has(decision.node))
          decisions.set(decision.node, decision);
      }
      notes.push(...result.notes);
      model = out;
    }
    if (stages.length === 0) writeModel(readModel(request.model), request.out);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return { decisions: [...decisions.values()], notes };
}
async function applyStage(request, stage) {
  const { method, operators, calibrator, percentile } = stage;
  if (method === "folded-weights") {
    const model = readModel(request.model);
    const selection = makeSelection({ ...request.options, include: operators, includeNames: true });
    const decisions = foldWeights(model.graph, selection);
    model.graph.prune();
    writeModel(model, request.out);
    return { decisions: decisions.filter((decision) => decision.became !== "float"), notes: [] };
  }
  return await quantizeModel({
    ...request,
    options: {
      ...request.options,
      method,
      include: operators,
      includeNames: true,
      exclude: [],
      plan: null,
      ...calibrator ? { calibrator } : {},
      ...percentile === void 0 ? {} : { percentile }
    }
  });
}

// src/auto/candidate.ts
var RACE_NOISE = 0.03;
var SIZE_TIE = { latency: 0.05, size: 0.01 };
var WORTHWHILE = 0.97;
function bestOf(candidates, preference) {
  return candidates.filter((candidate) => candidate.broken.length === 0 && isWorthwhile(candidate, preference)).reduce(
    (best, candidate) => !best || isBetter(candidate, best, preference) ? candidate : best,
    void 0
  );
}
function isWorthwhile({ latencyRatio, sizeRatio }, { objective }) {
  if (Number.isNaN(latencyRatio)) return false;
  const isFaster = latencyRatio < WORTHWHILE;
  const isSmaller = sizeRatio < 1 && latencyRatio <= 1 + RACE_NOISE;
  return objective === "latency" ? isFaster || isSmaller : isSmaller;
}
function isBetter(a, b, { limits, objective }) {
  const fits = ({ sizeRatio }) => limits.maxSizeRatio === void 0 || sizeRatio <= limits.maxSizeRatio;
  if (fits(a) !== fits(b)) return fits(a);
  const differ = (x, y, tie) => Math.abs(Math.log(x / y)) > tie;
  const bySize = differ(a.sizeRatio, b.sizeRatio, SIZE_TIE[objective]);
  const byTime = differ(a.latencyRatio, b.latencyRatio, RACE_NOISE);
  if (bySize && (objective === "size" || !byTime)) return a.sizeRatio < b.sizeRatio;
  if (byTime) return a.latencyRatio < b.latencyRatio;
  return a.quality.sqnr > b.quality.sqnr;
}
function describe({ quality, sizeRatio, latencyRatio, broken }) {
  const speed = Number.isNaN(latencyRatio) ? "" : `, ${latencyRatio.toFixed(2)} \xD7 the time`;
  const verdict = broken.length > 0 ? `; breaks ${broken.join(", ")}` : "";
  return `${sizeRatio.toFixed(2)} \xD7 the size${speed}, SQNR ${quality.sqnr.toFixed(1)} dB, cosine ${quality.cosine.toFixed(4)}${verdict}`;
}

// src/auto/limits.ts
var DEFAULT_LIMITS = { minCosine: 0.99 };
function limitsOf(checks, scope) {
  const limits = {};
  for (const check of checks) {
    if (check.level !== "error" || !matches(check, scope)) continue;
    const least = (value, known) => value === void 0 ? known : Math.max(value, known ?? Number.NEGATIVE_INFINITY);
    const most = (value, known) => value === void 0 ? known : Math.min(value, known ?? Number.POSITIVE_INFINITY);
    const set = (key, value) => {
      if (value !== void 0) limits[key] = value;
    };
    if (check.metric === "fidelity.sqnr") set("minSqnr", least(check.min, limits.minSqnr));
    if (check.metric === "fidelity.cosine") set("minCosine", least(check.min, limits.minCosine));
    if (check.metric === "fidelity.agreement") set("minAgreement", least(check.min, limits.minAgreement));
    if (check.metric === "fidelity.max-abs") set("maxAbs", most(check.max, limits.maxAbs));
    if (check.metric === "accuracy.top1") set("maxTop1Drop", most(check.maxDrop, limits.maxTop1Drop));
    if (check.metric === "size.file") set("maxSizeRatio", most(check.maxRatio, limits.maxSizeRatio));
  }
  const { maxSizeRatio: _, ...quality } = limits;
  return Object.keys(quality).length > 0 ? limits : { ...DEFAULT_LIMITS, ...limits };
}
function matches({ where }, scope) {
  const named = (patterns, name) => patterns === void 0 || patterns.some(
    (pattern) => new RegExp(
      `^${pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`
    ).test(name)
  );
  return named(where.model, scope.model) && named(where.variant, scope.variant);
}
function brokenLimits(limits, quality) {
  const broken = [];
  if (limits.minSqnr !== void 0 && !(quality.sqnr >= limits.minSqnr))
    broken.push(`SQNR ${quality.sqnr.toFixed(1)} dB < ${limits.minSqnr} dB`);
  if (limits.minCosine !== void 0 && !(quality.cosine >= limits.minCosine))
    broken.push(`cosine ${quality.cosine.toFixed(5)} < ${limits.minCosine}`);
  if (limits.minAgreement !== void 0 && quality.agreement !== null && quality.agreement < limits.minAgreement)
    broken.push(`agreement ${(100 * quality.agreement).toFixed(1)} % < ${100 * limits.minAgreement} %`);
  if (limits.maxAbs !== void 0 && !(quality.maxAbs <= limits.maxAbs))
    broken.push(`max abs error ${quality.maxAbs.toPrecision(3)} > ${limits.maxAbs}`);
  if (limits.maxTop1Drop !== void 0 && quality.top1Drop !== null && quality.top1Drop > limits.maxTop1Drop)
    broken.push(
      `top-1 drop ${(100 * quality.top1Drop).toFixed(1)} points > ${(100 * limits.maxTop1Drop).toFixed(1)}`
    );
  return broken;
}

// src/auto/plan.ts
var import_yaml = __toESM(require_dist(), 1);
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
var STAGE_METHODS = [
  "int8-dynamic",
  "int8-static",
  "int8-weights",
  "int4-weights",
  "float16",
  "folded-weights"
];
function writePlan(plan) {
  return (0, import_yaml.stringify)(plan, { lineWidth: 0 });
}
function readPlan(path) {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`Plan ${path} can't be read: ${messageOf(error)}.`);
  }
  let value;
  try {
    value = (0, import_yaml.parse)(text);
  } catch (error) {
    throw new UserError(`Plan ${path} is not YAML: ${messageOf(error)}`);
  }
  const problem = problemOf(value);
  if (problem) {
    throw new UserError(`Plan ${path}: ${problem}. Let \`method: auto\` without \`plan\` write a new one.`);
  }
  return value;
}
function problemOf(value) {
  if (!isRecord(value)) return "it is not a mapping";
  const unknown = Object.keys(value).find(
    (key) => !["version", "model", "target", "objective", "stages"].includes(key)
  );
  if (unknown) return `unknown key '${unknown}'`;
  if (value.version !== 1) return `version ${String(value.version)} is not known (1 is)`;
  if (typeof value.model !== "string" || !/^[0-9a-f]{64}$/.test(value.model)) return "'model' is no SHA-256";
  if (!["cpu", "arm64", "cuda", "tensorrt", "webgpu"].includes(String(value.target)))
    return `unknown target '${String(value.target)}'`;
  if (value.objective !== "latency" && value.objective !== "size")
    return "'objective' is neither latency nor size";
  if (!Array.isArray(value.stages)) return "'stages' is not a list";
  for (const [index, stage] of value.stages.entries()) {
    if (!isRecord(stage)) return `stages[${index}] is not a mapping`;
    if (!STAGE_METHODS.includes(stage.method))
      return `stages[${index}] has the unknown method '${String(stage.method)}'`;
    const { operators, calibrator, percentile } = stage;
    if (!Array.isArray(operators) || !operators.every((name) => typeof name === "string"))
      return `stages[${index}].operators is not a list of names`;
    if (calibrator !== void 0 && !CALIBRATORS.includes(calibrator))
      return `stages[${index}] has the unknown calibrator '${String(calibrator)}'`;
    if (percentile !== void 0 && !isPercentile(percentile))
      return `stages[${index}].percentile is no number between 50 and 100`;
  }
  return null;
}
var CALIBRATORS = ["minmax", "moving-average", "percentile", "entropy", "mse"];
function isPercentile(value) {
  return typeof value === "number" && value > 50 && value <= 100;
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function modelHash(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

// src/auto/search.ts
import { rmSync as rmSync2, statSync } from "node:fs";
import { join as join3 } from "node:path";

// src/auto/evaluate.ts
async function makeReference(model, samples, { runtime, ...options }) {
  const session = await runtime.open(model, options);
  try {
    const output = scoredOutput(session.outputs, null, model).name;
    const outputs = [];
    for (const { feeds } of samples) outputs.push((await session.run(feeds, [output]))[output]);
    return { samples, outputs, output };
  } finally {
    await session.release();
  }
}
async function evaluate(file, reference, { runtime, ...options }) {
  const { samples, outputs, output } = reference;
  const session = await runtime.open(file, options);
  const fidelity = new OutputFidelity("last");
  let [lost, labelled] = [0, 0];
  try {
    for (const [index, { feeds, label }] of samples.entries()) {
      const expected = outputs[index];
      const actual = (await session.run(feeds, [output]))[output];
      fidelity.add(expected, actual);
      if (typeof label !== "number") continue;
      labelled++;
      lost += Number(top1(expected) === label) - Number(top1(actual) === label);
    }
  } finally {
    await session.release();
  }
  const result = fidelity.result();
  return {
    sqnr: result.sqnr ?? (result.identical ? Number.POSITIVE_INFINITY : 0),
    // Of classes, the share that agrees.
    cosine: result.cosine ?? result.agreement ?? 0,
    agreement: result.agreement,
    maxAbs: result.maxAbs ?? 0,
    top1Drop: labelled > 0 ? lost / labelled : null
  };
}
function top1({ data }) {
  return indexOfMaximum(data);
}

// src/auto/race.ts
var MIN_BLOCKS = 6;
var MAX_BLOCKS = 60;
var BLOCK_MS = 15;
async function race(files, options) {
  const { runtime, provider, deviceId, threads, feeds, budgetMs } = options;
  const sessions = [];
  try {
    for (const file of files) {
      const session = {
        provider,
        configEntries: SPIN_WITHIN_RUNS,
        ...deviceId === void 0 ? {} : { deviceId },
        ...threads === void 0 ? {} : { threads }
      };
      sessions.push(await runtime.open(file, session));
    }
    const runners = [];
    for (const session of sessions) {
      const prepared = session.prepare(feeds);
      await prepared.run();
      const started2 = performance.now();
      await prepared.run();
      const runs = Math.max(1, Math.round(BLOCK_MS / Math.max(0.01, performance.now() - started2)));
      runners.push({ prepared, runs, blocks: [] });
    }
    const started = performance.now();
    for (let round = 0; round < MAX_BLOCKS; round++) {
      options.signal?.throwIfAborted();
      if (round >= MIN_BLOCKS && performance.now() - started > budgetMs) break;
      const order = round % 2 === 0 ? runners : [...runners].reverse();
      for (const { prepared, runs, blocks } of order) {
        const from = performance.now();
        for (let run = 0; run < runs; run++) await prepared.run();
        blocks.push((performance.now() - from) / runs);
      }
    }
    return runners.map(({ blocks }) => lowerQuartile(blocks));
  } finally {
    for (const session of sessions) await session.release();
  }
}
function lowerQuartile(values) {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 4)];
}

// src/auto/sensitivity.ts
var SAMPLES = 4;
async function rankByHarm(request) {
  const original = readModel(request.original);
  const layers = await layerFidelity({
    original,
    variant: readModel(request.candidate),
    dataset: inMemory(request.samples.slice(0, SAMPLES)),
    runtime: request.runtime,
    samples: SAMPLES,
    ...request.threads === void 0 ? {} : { threads: request.threads }
  });
  const quantized = new Set(request.operators);
  const harm = new Map(request.operators.map((name) => [name, 0]));
  for (const { tensor, sqnr, loss } of layers) {
    const owner = responsible(original.graph, tensor, quantized);
    if (!owner) continue;
    const noise = 10 ** (-sqnr / 10);
    const inherited = loss === null ? 0 : 10 ** (-(sqnr + loss) / 10);
    harm.set(owner, Math.max(harm.get(owner), noise - inherited));
  }
  return [...harm].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
}
var LONGEST_CHAIN = 6;
function responsible(graph, tensor, quantized) {
  let name = tensor;
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    const node = graph.producer(name);
    if (!node) return null;
    if (quantized.has(nodeLabel(node))) return nodeLabel(node);
    const next = node.input.find((input) => graph.producer(input) && !graph.constant(input));
    if (!next) return null;
    name = next;
  }
  return null;
}
function inMemory(samples) {
  return {
    description: "samples at hand",
    length: samples.length,
    labelled: samples.some(({ label }) => label !== null),
    classes: null,
    async *samples() {
      yield* samples;
    }
  };
}

// src/auto/static-plan.ts
import { join as join2 } from "node:path";

// src/auto/harm.ts
var WHERE_OPSET = 9;
var MAX_SAMPLES = 8;
async function measureHarm(harm) {
  const { prepared, groups, samples, output, request } = harm;
  if (prepared.model.opset() < WHERE_OPSET) return null;
  const produced = new Set(groups.flatMap((group) => group.outputs));
  const ranges = await calibrateMinMax({
    ...request,
    model: prepared.model,
    tensors: [...new Set(groups.flatMap((group) => [...group.inputs, ...group.outputs]))],
    dataset: inMemory(samples.slice(0, 4 * MAX_SAMPLES))
  });
  const session = await openSwitched(harm, { ranges, produced });
  try {
    return await turnSwitches(session, { ...harm, samples: samples.slice(0, MAX_SAMPLES), output });
  } finally {
    await session.release();
  }
}
async function turnSwitches(session, { groups, samples, output, request, budgetMs }) {
  const off = Object.fromEntries(groups.map((_, index) => [switchName(index), flag(false)]));
  const run = async (feeds, on) => {
    const switches = on === void 0 ? off : { ...off, [switchName(on)]: flag(true) };
    return (await session.run({ ...feeds, ...switches }, [output]))[output];
  };
  const noise = new Float64Array(groups.length);
  let signal = 0;
  const started = performance.now();
  for (const [done, { feeds }] of samples.entries()) {
    const perSample = done > 0 ? (performance.now() - started) / done : 0;
    if (done > 0 && performance.now() - started + perSample > budgetMs) break;
    const reference = await run(feeds);
    signal += energy(reference);
    for (const index of groups.keys()) {
      request.signal?.throwIfAborted();
      noise[index] = noise[index] + difference(reference, await run(feeds, index));
    }
  }
  return new Map(groups.map((group, index) => [group, noise[index] / Math.max(signal, Number.MIN_VALUE)]));
}
async function openSwitched({ prepared, groups, request, output }, { ranges, produced }) {
  const copy = copyModel(prepared.model);
  const { graph } = copy;
  copy.setOpset("com.microsoft", 1);
  const originals = prepared.model.graph.topologicalNodes();
  const copies = new Map(graph.nodes.map((node, index) => [originals[index], node]));
  const value = copy.proto.graph;
  for (const [index, group] of groups.entries()) {
    value.input.push(makeValue(switchName(index), TensorProto_DataType.BOOL, []));
    const node = copies.get(group.node);
    roundWeight(graph, node, switchName(index));
    for (const name of group.inputs) {
      if (produced.has(name)) continue;
      const rounded = roundTensor(graph, name, { range: ranges.get(name), by: switchName(index) });
      if (rounded) graph.replaceUses(name, rounded, /* @__PURE__ */ new Set([node]));
    }
    if (group.floatOutput) continue;
    for (const name of group.outputs) {
      const readers = new Set(graph.consumers(name));
      const rounded = roundTensor(graph, name, { range: ranges.get(name), by: switchName(index) });
      if (rounded) graph.replaceUses(name, rounded, readers);
    }
  }
  graph.removeOutputs(({ name }) => name !== output);
  graph.prune();
  return await request.runtime.open(encodeModel(copy), {
    graphOptimizationLevel: "basic",
    ...request.threads === void 0 ? {} : { threads: request.threads }
  });
}
function roundTensor(graph, name, { range, by }) {
  if (!Number.isFinite(range.min) || !Number.isFinite(range.max)) return void 0;
  const { scale, zeroPoint } = computeScale(range.min, range.max, { type: "uint8" });
  const scaleName = graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT, [], Float32Array.of(scale));
  const zeroName = graph.addConstant(`${name}_zero`, TensorProto_DataType.UINT8, [], Uint8Array.of(zeroPoint));
  const codes = graph.freshName(`${name}_codes`);
  const rounded = graph.freshName(`${name}_rounded`);
  const domain = "com.microsoft";
  graph.addNode(makeNode("QuantizeLinear", [name, scaleName, zeroName], [codes], { domain }));
  graph.addNode(makeNode("DequantizeLinear", [codes, scaleName, zeroName], [rounded], { domain }));
  return choose(graph, by, { on: rounded, off: name });
}
function roundWeight(graph, node, by) {
  const name = node.input[1] ?? "";
  const weight = graph.constant(name);
  const isWeighted = node.opType === "Conv" || node.opType === "MatMul" || node.opType === "Gemm";
  if (!isWeighted || weight?.dataType !== TensorProto_DataType.FLOAT || weight.dims.length < 2) return;
  const dims = dimsOf(weight);
  const axis = node.opType === "Conv" || intAttribute(node, "transB", 0) !== 0 ? 0 : dims.length - 1;
  const values = graph.constantValues(name);
  const { data, scale } = quantizeWeight(values, dims, { type: "int8", axis, symmetric: true });
  const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  const rounded = values.map((_, i) => data[i] * scale[Math.floor(i / inner) % dims[axis]]);
  const roundedName = graph.addConstant(`${name}_rounded`, TensorProto_DataType.FLOAT, dims, rounded);
  graph.setInput(node, 1, choose(graph, by, { on: roundedName, off: name }));
}
function choose(graph, by, { on, off }) {
  const chosen = graph.freshName(`${off}_chosen`);
  graph.addNode(makeNode("Where", [by, on, off], [chosen]));
  return chosen;
}
function switchName(index) {
  return `quantgate_switch_${index}`;
}
function flag(on) {
  return { type: "bool", dims: [], data: Uint8Array.of(on ? 1 : 0) };
}
function energy({ data }) {
  let sum = 0;
  for (const value of data) sum += value * value;
  return sum;
}
function difference(a, b) {
  const [x, y] = [a.data, b.data];
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return sum;
}

// src/runtime/profile.ts
var KERNEL_SUFFIX = "_kernel_time";
function parseProfile(json) {
  let events;
  try {
    events = JSON.parse(json);
    if (!Array.isArray(events)) throw new Error("not an array");
  } catch (error) {
    throw new MachineError(`ONNX Runtime's profile can't be read: ${messageOf(error)}`);
  }
  const nodes = /* @__PURE__ */ new Map();
  for (const { cat, name, dur, args } of events) {
    if (cat !== "Node" || !name?.endsWith(KERNEL_SUFFIX) || !args?.provider) continue;
    const node = name.slice(0, -KERNEL_SUFFIX.length);
    const key = `${args.node_index ?? ""} ${node}`;
    const known = nodes.get(key);
    if (known) {
      known.durationsMs.push((dur ?? 0) / 1e3);
      continue;
    }
    nodes.set(key, {
      name: node,
      operator: args.op_name ?? "",
      provider: args.provider,
      inputs: tensors(args.input_type_shape),
      outputs: tensors(args.output_type_shape),
      durationsMs: [(dur ?? 0) / 1e3]
    });
  }
  return [...nodes.values()];
}
function tensors(shapes) {
  return (shapes ?? []).map((entry) => {
    const [type = "", dims = []] = Object.entries(entry)[0] ?? [];
    return { type, dims };
  });
}

// src/auto/measured-costs.ts
var RUNS = 15;
var MICROSECONDS_PER_MS = 1e3;
async function measuredCosts(request) {
  const { prepared, groups, files } = request;
  const table = tableCosts({ graph: prepared.model.graph, types: prepared.types });
  const float = await kernelTimes(files.float, request);
  const int8 = await kernelTimes(files.int8, request);
  const measured = /* @__PURE__ */ new Map();
  let [sum, tableSum] = [0, 0];
  for (const group of groups) {
    const cost = {
      float: float.get(group.node.name) ?? firstOf(float, tensorsOf(group)),
      int8: int8.get(group.node.name)
    };
    if (cost.float === void 0 || cost.int8 === void 0) continue;
    measured.set(group, { float: cost.float, int8: cost.int8 });
    const expected = table.group(group);
    sum += cost.float + cost.int8;
    tableSum += expected.float + expected.int8;
  }
  const scale = tableSum > 0 ? sum / tableSum : 1;
  return {
    group(group) {
      const known = measured.get(group);
      if (known) return known;
      const expected = table.group(group);
      return { float: expected.float * scale, int8: expected.int8 * scale };
    },
    quantize: (tensor) => table.quantize(tensor) * scale,
    dequantize: (tensor) => table.dequantize(tensor) * scale
  };
}
function tensorsOf(group) {
  return [group.node, ...group.clamps].flatMap((node) => node.output);
}
function firstOf(times, names) {
  return names.map((name) => times.get(name)).find((time) => time !== void 0);
}
async function kernelTimes(file, { feeds, runtime, threads }) {
  const { session, profile } = await openProfiled(async (options) => ({
    session: await runtime.open(file, { ...options, ...threads === void 0 ? {} : { threads } })
  }));
  try {
    const prepared = session.prepare(feeds);
    for (let run = 0; run < RUNS; run++) await prepared.run();
    session.endProfiling();
  } finally {
    await session.release();
  }
  const times = /* @__PURE__ */ new Map();
  for (const { name, durationsMs } of parseProfile(profile.read())) {
    const sorted = durationsMs.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1] * MICROSECONDS_PER_MS;
    times.set(name.replace(/_token_\d+$/, "").replace(/_nchwc$/, ""), median);
  }
  return times;
}

// src/auto/static-plan.ts
var QDQ_OPSET = 13;
var PRICE_STEPS = 40;
var StaticPlanner = class _StaticPlanner {
  #prepared;
  #groups;
  #options;
  #costs;
  #harm = null;
  constructor(prepared, groups, options) {
    this.#prepared = prepared;
    this.#groups = groups;
    this.#options = options;
    this.#costs = tableCosts({ graph: prepared.model.graph, types: prepared.types });
  }
  static async make(options) {
    const { request, samples } = options;
    const { runtime, log } = request;
    const shapes = Object.entries(samples[0].feeds).map(([name, { dims }]) => [name, dims]);
    const prepared = await prepareModel(request.model, { runtime, log, inputShapes: new Map(shapes) });
    const { model, types } = prepared;
    applyRewrites(model, types);
    upgradeOpset(model, QDQ_OPSET, { types });
    const selection = makeSelection(request.options);
    const { groups } = findGroups(
      { graph: model.graph, types, opset: model.opset() },
      { excluded: (node) => selection.reasonToKeep(node) }
    );
    return new _StaticPlanner(prepared, groups, options);
  }
  /** Profiles the float model and one with every group in 8 bits; from here on plans go by what was seen. */
  async measureCosts() {
    const { request, samples, directory } = this.#options;
    if (this.#groups.length === 0) return;
    const files = { float: join2(directory, "prepared.onnx"), int8: join2(directory, "all-groups.onnx") };
    writeModel(this.#prepared.model, files.float);
    const include = this.#groups.map((group) => nodeLabel(group.node));
    await quantizeModel({
      ...request,
      out: files.int8,
      verify: false,
      options: { ...request.options, method: "int8-static", include, includeNames: true }
    });
    this.#costs = await measuredCosts({
      prepared: this.#prepared,
      groups: this.#groups,
      files,
      feeds: samples[0].feeds,
      runtime: request.runtime,
      ...request.threads === void 0 ? {} : { threads: request.threads }
    });
  }
  /** Finds out what each group does to `output`. @returns whether it could be. */
  async measureHarm(output, budgetMs) {
    const { request, samples } = this.#options;
    this.#harm = await measureHarm({
      prepared: this.#prepared,
      groups: this.#groups,
      samples,
      output,
      request,
      budgetMs
    });
    return this.#harm !== null;
  }
  /** Names of the operators of the fastest plan. */
  fastest() {
    return this.#plan(0).map((group) => nodeLabel(group.node));
  }
  /** The fastest plan whose noise is at most `share` of that of the fastest plan of all. The groups' noises add up, so that a price on
   *  noise, added to every group's cost, trades it for time; the price is found by bisection. */
  quieter(share) {
    const allowed = share * this.#noise(this.#plan(0));
    let [low, high] = [0, 1];
    while (this.#noise(this.#plan(high)) > allowed && high < Number.MAX_SAFE_INTEGER ** 2) high *= 8;
    for (let step = 0; step < PRICE_STEPS; step++) {
      const price = (low + high) / 2;
      if (this.#noise(this.#plan(price)) > allowed) low = price;
      else high = price;
    }
    return this.#plan(high).map((group) => nodeLabel(group.node));
  }
  /** @param price microseconds per unit of noise ÷ signal. */
  #plan(price) {
    const costs = {
      ...this.#costs,
      group: (group) => {
        const { float, int8 } = this.#costs.group(group);
        return { float, int8: int8 + price * (this.#harm?.get(group) ?? 0) };
      }
    };
    return planGroups(this.#groups, this.#prepared.model.graph, { costs }).quantized;
  }
  #noise(groups) {
    return groups.reduce((sum, group) => sum + (this.#harm?.get(group) ?? 0), 0);
  }
};

// src/auto/search.ts
var RACE_SHARE = 0.15;
var HARM_SHARE = 0.3;
var REPAIR_STEPS = 6;
async function searchPlan(search) {
  const directory = scratchFolder("auto");
  try {
    return await new Search(search, directory).run();
  } finally {
    rmSync2(directory, { recursive: true, force: true });
  }
}
var Search = class {
  #search;
  #directory;
  #deadline;
  #tried = [];
  #refused = [];
  #reference;
  #planner = null;
  constructor(search, directory) {
    this.#search = { ...search, request: { ...search.request, verify: false } };
    this.#directory = directory;
    this.#deadline = performance.now() + search.budgetMs;
  }
  async run() {
    const { request, samples } = this.#search;
    this.#reference = await makeReference(request.model, samples, this.#runOptions);
    for (const method of methodsFor(request.target, this.#search.objective)) await this.#tryMethod(method);
    await this.#tryMeasuredStatic();
    await this.#tryMixed();
    await this.#race(this.#tried);
    await this.#repair();
    await this.#fold();
    return { winner: this.#best() ?? null, tried: this.#tried, refused: this.#refused };
  }
  get #runOptions() {
    const { runtime, threads, target, deviceId } = this.#search.request;
    const provider = target === "cpu" || target === "arm64" ? "cpu" : target;
    return {
      runtime,
      provider,
      ...deviceId === void 0 ? {} : { deviceId },
      ...threads === void 0 ? {} : { threads }
    };
  }
  get #isLate() {
    this.#search.request.signal?.throwIfAborted();
    return performance.now() > this.#deadline;
  }
  async #tryMethod(method) {
    if (this.#isLate) return;
    const { request } = this.#search;
    const out = join3(this.#directory, `${method}.onnx`);
    await this.#attempt(method, async () => {
      const options = { ...request.options, method, plan: null };
      const { decisions } = await quantizeModel({ ...request, out, options });
      const operators = quantizedOperators(decisions);
      return operators.length > 0 ? [stageOf(method, operators, this.#search)] : null;
    });
  }
  /** int8-static with its groups chosen by what they cost here. */
  async #tryMeasuredStatic() {
    const { request } = this.#search;
    if (this.#isLate || request.target !== "cpu" || !this.#find("int8-static")) return;
    await this.#attempt("int8-static by measured costs", async (out) => {
      this.#planner = await StaticPlanner.make({ ...this.#search, directory: this.#directory });
      await this.#planner.measureCosts();
      return await this.#makeStatic(this.#planner.fastest(), out);
    });
  }
  async #makeStatic(operators, out) {
    if (operators.length === 0) return null;
    const stages = [stageOf("int8-static", operators, this.#search)];
    await applyStages({ ...this.#search.request, out }, stages);
    return stages;
  }
  /** Convolutions static, products dynamic: what suits each best where a model has both. */
  async #tryMixed() {
    const { request } = this.#search;
    const dynamic = this.#find("int8-dynamic")?.stages[0];
    const fixed = this.#find("int8-static")?.stages[0];
    if (this.#isLate || !dynamic || !fixed) return;
    const taken = new Set(dynamic.operators);
    const rest = fixed.operators.filter((name) => !taken.has(name));
    if (rest.length === 0) return;
    await this.#attempt("int8-dynamic and int8-static", async (out) => {
      const stages = [dynamic, { ...fixed, operators: rest }];
      await applyStages({ ...request, out }, stages);
      return stages;
    });
  }
  /** Makes a candidate and looks at its quality; a refusal is noted, not fatal. */
  async #attempt(name, make) {
    const { request, limits } = this.#search;
    const file = join3(this.#directory, `${name.replace(/\W+/g, "-")}.onnx`);
    try {
      const stages = await make(file);
      if (!stages) {
        this.#refused.push({ name, reason: "nothing in this model pays" });
        return void 0;
      }
      const quality = await evaluate(file, this.#reference, this.#runOptions);
      const candidate = {
        name,
        stages,
        file,
        quality,
        broken: brokenLimits(limits, quality),
        sizeRatio: statSync(file).size / statSync(request.model).size,
        latencyRatio: Number.NaN
      };
      this.#tried.push(candidate);
      request.log.debug(`auto: ${name}: ${describe(candidate)}`);
      return candidate;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#refused.push({ name, reason: messageOf(error) });
      return void 0;
    }
  }
  async #race(candidates) {
    const { request, samples, budgetMs } = this.#search;
    if (candidates.length === 0) return;
    const [float, ...times] = await race([request.model, ...candidates.map(({ file }) => file)], {
      ...this.#runOptions,
      feeds: samples[0].feeds,
      budgetMs: budgetMs * RACE_SHARE,
      ...request.signal ? { signal: request.signal } : {}
    });
    candidates.forEach((candidate, index) => {
      candidate.latencyRatio = times[index] / float;
    });
  }
  /** Repairs the most promising candidate that breaks a limit. */
  async #repair() {
    const best = this.#best();
    const { objective } = this.#search;
    const promise = ({ sizeRatio, latencyRatio }) => objective === "size" ? sizeRatio : latencyRatio;
    const promising = this.#tried.filter((candidate) => candidate.broken.length > 0).filter((candidate) => REPAIRABLE.has(candidate.stages[0].method)).filter((candidate) => !best || isBetter(candidate, best, this.#search)).toSorted((a, b) => promise(a) - promise(b))[0];
    if (!promising || this.#isLate) return;
    const isStatic = promising.stages.every((stage) => stage.method === "int8-static");
    const repaired = isStatic ? await this.#quieten() ?? await this.#release(promising) : await this.#release(promising);
    if (repaired) await this.#race([repaired, ...best ? [best] : []]);
  }
  /** The fastest static plan that keeps the limits: its noise budget found by bisection, each step made and compared. */
  async #quieten() {
    const planner = this.#planner;
    const { budgetMs } = this.#search;
    if (!planner || !await planner.measureHarm(this.#reference.output, budgetMs * HARM_SHARE))
      return void 0;
    let [tooLoud, quiet] = [1, 0];
    let repaired;
    for (let step = 0; step < REPAIR_STEPS && !this.#isLate; step++) {
      const share = quiet === 0 ? tooLoud / 3 : Math.sqrt(tooLoud * quiet);
      const decibels = (-10 * Math.log10(share)).toFixed(1);
      const candidate = await this.#attempt(
        `int8-static with ${decibels} dB less noise`,
        async (out) => await this.#makeStatic(planner.quieter(share), out)
      );
      if (!candidate) break;
      if (candidate.broken.length === 0) {
        repaired = candidate;
        quiet = share;
      } else tooLoud = share;
    }
    return repaired;
  }
  /** The candidate with its fewest most harmful operators back in float that make it keep the limits. */
  async #release(promising) {
    const { request, samples } = this.#search;
    const operators = promising.stages.flatMap((stage) => stage.operators);
    const ranked = await rankByHarm({
      original: request.model,
      candidate: promising.file,
      operators,
      samples,
      ...this.#runOptions
    });
    let [enough, tooFew] = [operators.length, 0];
    let repaired;
    for (let count = 1; tooFew < count && count < enough && !this.#isLate; ) {
      const released = new Set(ranked.slice(0, count));
      const name = `${promising.name}, ${count} of ${operators.length} operators in float`;
      const candidate = await this.#attempt(name, async (out) => {
        const stages = promising.stages.map((stage) => ({
          ...stage,
          operators: stage.operators.filter((operator) => !released.has(operator))
        })).filter((stage) => stage.operators.length > 0);
        await applyStages({ ...request, out }, stages);
        return stages;
      });
      if (candidate && candidate.broken.length === 0) {
        repaired = candidate;
        enough = count;
      } else tooFew = count;
      count = repaired ? tooFew + enough >> 1 : count * 2;
    }
    return repaired;
  }
  /** Folds the weights of what the best candidate (or, with none, the whole model) leaves float. */
  async #fold() {
    const best = this.#best();
    if (best?.stages.some((stage) => stage.method.endsWith("weights"))) return;
    const { request } = this.#search;
    const stages = best?.stages ?? [];
    const folded = await this.#attempt(`${best?.name ?? "float"}, weights folded`, async (out) => {
      const { decisions } = await applyStages({ ...request, out }, [
        ...stages,
        { method: "folded-weights", operators: ["*"] }
      ]);
      const operators = decisions.filter((decision) => decision.became.endsWith("folded")).map((decision) => decision.node);
      return operators.length > 0 ? [...stages, { method: "folded-weights", operators }] : null;
    });
    if (folded && folded.broken.length === 0) await this.#race([folded, ...best ? [best] : []]);
  }
  #find(name) {
    return this.#tried.find((candidate) => candidate.name === name);
  }
  #best() {
    return bestOf(this.#tried, this.#search);
  }
};
var REPAIRABLE = /* @__PURE__ */ new Set([
  "int8-static",
  "int8-dynamic",
  "int8-weights",
  "int4-weights"
]);
function methodsFor(target, objective) {
  if (target === "tensorrt") return ["int8-static", "float16"];
  const methods = target === "cuda" || target === "webgpu" ? ["float16", "int8-weights"] : ["int8-static", "int8-dynamic", "int8-weights"];
  return objective === "size" ? [...methods, "int4-weights"] : methods;
}
function stageOf(method, operators, { request }) {
  const { calibrator, percentile } = request.options;
  if (method !== "int8-static" || !calibrator) return { method, operators };
  return { method, operators, calibrator, ...percentile === null ? {} : { percentile } };
}
function quantizedOperators(decisions) {
  return decisions.filter(({ became }) => became !== "float" && !became.startsWith("part of ")).map(({ node }) => node);
}

// src/auto/auto.ts
var MAX_SAMPLES2 = { labelled: 100, unlabelled: 32 };
var DEFAULT_BUDGET_MS = 6e4;
async function quantizeVariant(request) {
  const { options } = request;
  if (options.plan !== null) return await followPlan(request, readPlan(options.plan));
  return options.method === "auto" ? await quantizeAuto(request) : await quantizeModel(request);
}
async function followPlan(request, plan) {
  const { options, model } = request;
  const hash = modelHash(model);
  if (hash !== plan.model) {
    throw new UserError(
      `Plan ${options.plan} was made for another model (SHA-256 ${plan.model.slice(0, 12)}\u2026; ${model} has ${hash.slice(0, 12)}\u2026). Remove \`plan\` to let \`method: auto\` search a new one.`
    );
  }
  return await finish(request, plan, []);
}
async function quantizeAuto(request) {
  const { options, model, target, log } = request;
  const calibration = request.calibration ?? await tokensFor(request);
  const samples = await take(calibration, modelInputs(readModelOutline(model)));
  const objective = options.objective ?? "latency";
  const scope = request.scope ?? { model: "", variant: "" };
  const result = await searchPlan({
    request: { ...request, calibration },
    samples,
    limits: limitsOf(request.checks ?? [], scope),
    objective,
    budgetMs: options.budgetMs ?? DEFAULT_BUDGET_MS
  });
  const plan = {
    version: 1,
    model: modelHash(model),
    target,
    objective,
    stages: result.winner?.stages ?? []
  };
  const notes = notesOf(result);
  for (const note of notes) log.info(note.message);
  const made = await finish({ ...request, calibration }, plan, notes);
  const tried = result.tried.map((candidate) => ({ name: candidate.name, seen: describe(candidate) }));
  return { ...made, provenance: { ...made.provenance, tried, refused: result.refused } };
}
async function finish(request, plan, notes) {
  const applied = await applyStages({ ...request, target: plan.target }, plan.stages);
  const text = writePlan(plan);
  writeFileSync(`${request.out}.plan.yml`, text);
  const quantized = applied.decisions.filter((decision) => decision.became !== "float").length;
  return {
    file: request.out,
    method: "auto",
    target: plan.target,
    groups: { quantized, float: applied.decisions.length - quantized },
    decisions: applied.decisions,
    notes: [...notes, ...applied.notes],
    provenance: { plan: text }
  };
}
function notesOf({ winner, tried, refused }) {
  const others = tried.filter((candidate) => candidate !== winner).map((candidate) => `${candidate.name} (${describe(candidate)})`);
  const rest = [...others, ...refused.map(({ name, reason }) => `${name} (${reason})`)];
  const against = rest.length > 0 ? ` Tried besides: ${rest.join("; ")}.` : "";
  const message = winner ? `auto chose ${winner.name}: ${describe(winner)}.${against}` : `auto left the model float: nothing tried is faster or smaller within the limits.${against}`;
  return [{ level: "info", code: winner ? "auto-plan" : "nothing-pays", message }];
}
async function tokensFor({ model, runtime, log }) {
  readModel(model);
  const prepared = await prepareModel(model, { runtime, log });
  const tokens = syntheticTokens(prepared.model);
  if (tokens) return tokens;
  throw new UserError(
    "method auto needs calibration data to see what each choice loses: name it under data.calibration, or with --calibration."
  );
}
async function take(dataset, inputs) {
  const count = dataset.labelled ? MAX_SAMPLES2.labelled : MAX_SAMPLES2.unlabelled;
  const samples = [];
  const size = fixedBatch(inputs);
  const seen = size > 1 ? stacks(dataset, inputs) : dataset.samples();
  for await (const sample of seen) {
    refuseNotANumber(sample, dataset.description);
    samples.push(sample);
    if (samples.length * size >= count) break;
  }
  if (samples.length === 0)
    throw new UserError(`The calibration data (${dataset.description}) holds no samples.`);
  return samples;
}
async function* stacks(dataset, inputs) {
  let count = 0;
  for await (const feeds of batches(dataset, inputs)) yield { id: `stack ${count++}`, feeds, label: null };
}

// src/variants/target.ts
var BY_PROVIDER = { cuda: "cuda", tensorrt: "tensorrt", webgpu: "webgpu" };
function targetOf(provider, arch = process.arch) {
  return BY_PROVIDER[provider] ?? (arch === "arm64" ? "arm64" : "cpu");
}

export {
  parseProfile,
  quantizeVariant,
  targetOf
};
