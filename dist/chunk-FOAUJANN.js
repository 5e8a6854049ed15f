import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  NEWEST_OPSET,
  batches,
  calibrateMinMax,
  computeScale,
  foldWeights,
  inPlace,
  isCpu,
  leaveFloat,
  makeSelection,
  nodeLabel,
  operatorIntroduced,
  partitionGroups,
  quantizeModel,
  quantizeWeight,
  race,
  readWeighted,
  refuseNotANumber,
  resultOf,
  staticPrologue,
  syntheticTokens,
  unmatchedNote
} from "./chunk-XST7Z64R.js";
import {
  modelBytes
} from "./chunk-KL4S4GDE.js";
import {
  OutputFidelity,
  layerFidelity,
  require_dist,
  scoredOutput,
  writeHalfReference
} from "./chunk-HG7K7Y73.js";
import {
  copyModel,
  fixedBatch,
  inferTypes,
  narrowFloatOf,
  prepareModel,
  widen
} from "./chunk-TJ7D4N7I.js";
import {
  matchesWhere
} from "./chunk-OU7AXWVO.js";
import {
  modelInputs,
  modelOutputs
} from "./chunk-BVHWY5TI.js";
import {
  startWorker,
  timingFeeds
} from "./chunk-NAGRX56O.js";
import {
  readModelOutline
} from "./chunk-QBQKLG2U.js";
import {
  encodeModel,
  makeNode,
  makeValue,
  writeModel
} from "./chunk-MK6PZPSP.js";
import {
  Model,
  canonicalDomain,
  readModel,
  referencesOf,
  subgraphsOf
} from "./chunk-IZBBBSAD.js";
import {
  imageChannels
} from "./chunk-LSKD7L3D.js";
import {
  openProfiled
} from "./chunk-5QFAU2YU.js";
import {
  indexOfMaximum
} from "./chunk-LKXY4777.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
  create
} from "./chunk-OEIIXWBO.js";
import {
  isFloatType,
  numbersOf
} from "./chunk-K7D3JYL6.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";
import {
  __toESM
} from "./chunk-XNDQ27F5.js";

// src/data/images/not-normalized.ts
function notNormalized({ description, preparations = [] }, inputs) {
  const silent = preparations.filter(
    ({ stored, config: { scale, mean, std } }) => (stored === "image" || stored === "bytes") && scale === null && mean === null && std === null
  );
  const image = silent.find((preparation) => takesColours(preparation, inputs));
  if (image === void 0) return null;
  return `The calibration images (${description}) are fed as values from 0 to 1, because nothing says how the model was trained: ranges that are not the model's own cost accuracy. Give the model's preprocessing (\`input: { preset: imagenet }\` or --input-preset imagenet, \`mean\` and \`std\`, or a \`preprocessor\` file), or say that 0 \u2026 1 is right with \`scale: true\` (--scale true).`;
}
function takesColours({ input }, inputs) {
  const { type, shape } = inputs.find(({ name }) => name === input) ?? inputs[0] ?? { type: null, shape: null };
  if (type === null || type === "string" || !isFloatType(type) || shape?.length !== 4) return false;
  return (imageChannels(shape[1]) ?? imageChannels(shape[3]) ?? 0) >= 3;
}

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
      calibrator: calibrator ?? request.options.calibrator,
      percentile: percentile ?? request.options.percentile
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
function limitsOf(checks, subject) {
  const limits = {};
  const at = { ...subject, provider: null, batch: null, threads: null, concurrency: null };
  for (const check of checks) {
    if (check.level !== "error" || !matchesWhere(check.where, at)) continue;
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
  if (!["cpu", "arm64", "cuda", "tensorrt", "webgpu", "wasm"].includes(String(value.target)))
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
import { rmSync as rmSync3, statSync } from "node:fs";
import { join as join4 } from "node:path";

// src/auto/evaluate.ts
import { rmSync as rmSync2 } from "node:fs";
import { join as join2 } from "node:path";
async function openSession(file, { context, ...options }) {
  return await context.runtime.open(file, { ...options, threads: context.threads });
}
async function makeReference(model, samples, options) {
  const session = await openSession(model, options);
  try {
    const output = scoredOutput(session.outputs, null, model).name;
    const outputs = [];
    for (const { feeds } of samples) outputs.push((await session.run(feeds, [output]))[output]);
    return { samples, outputs, output };
  } finally {
    await session.release();
  }
}
async function evaluate(file, reference, options) {
  const { samples, outputs, output } = reference;
  const folder = scratchFolder("half");
  const judged = await judgedFile(file, join2(folder, "reference.onnx"), options);
  const session = await openSession(judged, options).finally(
    () => rmSync2(folder, { recursive: true, force: true })
  );
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
async function judgedFile(file, path, { context, provider }) {
  if (provider !== "cpu") return file;
  return (await writeHalfReference(file, path, context))?.file ?? file;
}
function top1(output) {
  return indexOfMaximum(numbersOf(output));
}

// src/auto/operator-sensitivity.ts
var SAMPLES = 4;
async function rankBySensitivity(request) {
  const original = readModel(request.original);
  const layers = await layerFidelity({
    original,
    variant: readModel(request.candidate),
    dataset: inMemory(request.samples.slice(0, SAMPLES)),
    context: request.context,
    samples: SAMPLES
  });
  const quantized = new Set(request.operators);
  const sensitivity = new Map(request.operators.map((name) => [name, 0]));
  for (const { tensor, sqnr, loss } of layers) {
    const owner = responsible(original.graph, tensor, quantized);
    if (!owner) continue;
    const noise = 10 ** (-sqnr / 10);
    const inherited = loss === null ? 0 : 10 ** (-(sqnr + loss) / 10);
    sensitivity.set(owner, Math.max(sensitivity.get(owner), noise - inherited));
  }
  return [...sensitivity].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
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
import { join as join3 } from "node:path";

// src/auto/group-sensitivity.ts
var WHERE_OPSET = 9;
var MAX_SAMPLES = 8;
async function measureSensitivity(asked) {
  const { prepared, groups, samples, output, context } = asked;
  if (prepared.model.opset() < WHERE_OPSET) return null;
  const produced = new Set(groups.flatMap((group) => group.outputs));
  const ranges = await calibrateMinMax({
    context,
    model: prepared.model,
    tensors: [...new Set(groups.flatMap((group) => [...group.inputs, ...group.outputs]))],
    dataset: inMemory(samples.slice(0, 4 * MAX_SAMPLES))
  });
  const session = await openSwitched(asked, { ranges, produced });
  try {
    return await turnSwitches(session, { ...asked, samples: samples.slice(0, MAX_SAMPLES), output });
  } finally {
    await session.release();
  }
}
async function turnSwitches(session, { groups, samples, output, context, budgetMs }) {
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
      throwIfInterrupted(context.signal);
      noise[index] = noise[index] + difference(reference, await run(feeds, index));
    }
  }
  return new Map(groups.map((group, index) => [group, noise[index] / Math.max(signal, Number.MIN_VALUE)]));
}
async function openSwitched({ prepared, groups, context, output }, { ranges, produced }) {
  const copy = copyModel(prepared.model);
  const { graph } = copy;
  copy.setOpset("com.microsoft", 1);
  const originals = prepared.model.graph.topologicalNodes();
  const copies = new Map(graph.nodes.map((node, index) => [originals[index], node]));
  for (const [index, group] of groups.entries()) {
    graph.addInput(makeValue(switchName(index), TensorProto_DataType.BOOL, []));
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
  return await context.runtime.open(encodeModel(copy), {
    graphOptimizationLevel: "basic",
    threads: context.threads
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
  const weighted = readWeighted(graph, node);
  if (!weighted || weighted.opType === "ConvTranspose" || !graph.isFloats(weighted.weight)) return;
  const { weight: name, dims, outputAxis: axis } = weighted;
  const values = graph.floats(name);
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
function energy(tensor) {
  const values = numbersOf(tensor);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return sum;
}
function difference(a, b) {
  const [x, y] = [numbersOf(a), numbersOf(b)];
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
  const { table, groups, files } = request;
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
async function kernelTimes(file, { feeds, context: { runtime, threads } }) {
  const { session, profile } = await openProfiled(async (options) => ({
    session: await runtime.open(file, { ...options, threads })
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
var PRICE_STEPS = 40;
var StaticPlanner = class _StaticPlanner {
  #prologue;
  #groups;
  #options;
  #costs;
  #sensitivity = null;
  constructor(prologue, options) {
    this.#prologue = prologue;
    this.#groups = prologue.draft.candidates;
    this.#options = options;
    this.#costs = prologue.costs;
  }
  static async make(options) {
    const { request, samples } = options;
    const sample = samples[0].feeds;
    const inputShapes = new Map(Object.entries(sample).map(([name, { dims }]) => [name, dims]));
    return new _StaticPlanner(await staticPrologue({ ...request, inputShapes, sample }), options);
  }
  /** Profiles the float model and one with every group in 8 bits; from here on plans go by what was seen. */
  async measureCosts() {
    const { request, samples, directory } = this.#options;
    if (this.#groups.length === 0) return;
    const files = { float: join3(directory, "prepared.onnx"), int8: join3(directory, "all-groups.onnx") };
    writeModel(this.#prologue.model, files.float);
    const include = this.#groups.map((group) => nodeLabel(group.node));
    await quantizeModel({
      ...request,
      out: files.int8,
      verify: false,
      options: { ...request.options, method: "int8-static", include, includeNames: true }
    });
    this.#costs = await measuredCosts({
      table: this.#prologue.costs,
      groups: this.#groups,
      files,
      feeds: samples[0].feeds,
      context: request.context
    });
  }
  /** Finds out what each group does to `output`. @returns whether it could be. */
  async measureSensitivity(output, budgetMs) {
    const { request, samples } = this.#options;
    this.#sensitivity = await measureSensitivity({
      prepared: this.#prologue,
      groups: this.#groups,
      samples,
      output,
      context: request.context,
      budgetMs
    });
    return this.#sensitivity !== null;
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
        return { float, int8: int8 + price * (this.#sensitivity?.get(group) ?? 0) };
      }
    };
    return partitionGroups(this.#groups, this.#prologue.model.graph, { costs }).quantized;
  }
  #noise(groups) {
    return groups.reduce((sum, group) => sum + (this.#sensitivity?.get(group) ?? 0), 0);
  }
};

// src/auto/search.ts
var RACE_SHARE = 0.15;
var SENSITIVITY_SHARE = 0.3;
var REPAIR_STEPS = 6;
async function searchPlan(search) {
  const directory = scratchFolder("auto");
  try {
    return await new Search(search, directory).run();
  } finally {
    rmSync3(directory, { recursive: true, force: true });
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
    const { context, target, deviceId } = this.#search.request;
    const provider = target === "cpu" || target === "arm64" ? "cpu" : target;
    return { context, provider, deviceId };
  }
  get #isLate() {
    throwIfInterrupted(this.#search.request.context.signal);
    return performance.now() > this.#deadline;
  }
  async #tryMethod(method) {
    if (this.#isLate) return;
    const { request } = this.#search;
    const out = join4(this.#directory, `${method}.onnx`);
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
    const file = join4(this.#directory, `${name.replace(/\W+/g, "-")}.onnx`);
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
      request.context.log.debug(`auto: ${name}: ${describe(candidate)}`);
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
      budgetMs: budgetMs * RACE_SHARE
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
    const repaired2 = isStatic ? await this.#quieten() ?? await this.#release(promising) : await this.#release(promising);
    if (repaired2) await this.#race([repaired2, ...best ? [best] : []]);
  }
  /** The fastest static plan that keeps the limits: its noise budget found by bisection, each step made and compared. */
  async #quieten() {
    const planner = this.#planner;
    const { budgetMs } = this.#search;
    if (!planner || !await planner.measureSensitivity(this.#reference.output, budgetMs * SENSITIVITY_SHARE))
      return void 0;
    let [tooLoud, quiet] = [1, 0];
    let repaired2;
    for (let step = 0; step < REPAIR_STEPS && !this.#isLate; step++) {
      const share = quiet === 0 ? tooLoud / 3 : Math.sqrt(tooLoud * quiet);
      const decibels2 = (-10 * Math.log10(share)).toFixed(1);
      const candidate = await this.#attempt(
        `int8-static with ${decibels2} dB less noise`,
        async (out) => await this.#makeStatic(planner.quieter(share), out)
      );
      if (!candidate) break;
      if (candidate.broken.length === 0) {
        repaired2 = candidate;
        quiet = share;
      } else tooLoud = share;
    }
    return repaired2;
  }
  /** The candidate with its fewest most sensitive operators back in float that make it keep the limits. */
  async #release(promising) {
    const { request, samples } = this.#search;
    const operators = promising.stages.flatMap((stage) => stage.operators);
    const ranked = await rankBySensitivity({
      original: request.model,
      candidate: promising.file,
      operators,
      samples,
      ...this.#runOptions
    });
    let [enough, tooFew] = [operators.length, 0];
    let repaired2;
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
        repaired2 = candidate;
        enough = count;
      } else tooFew = count;
      count = repaired2 ? tooFew + enough >> 1 : count * 2;
    }
    return repaired2;
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
  const { options, model, target, context } = request;
  if (target === "wasm") {
    throw new UserError(
      "auto does not race in WebAssembly yet: name a method. int8-dynamic pays for matrix products there; int8-weights makes the file smaller and leaves the arithmetic in float."
    );
  }
  const calibration = request.calibration ?? await tokensFor(request);
  const samples = await take(calibration, modelInputs(readModelOutline(model)));
  const objective = options.objective ?? "latency";
  const subject = request.subject ?? { model: "", variant: "" };
  const result = await searchPlan({
    request: { ...request, calibration },
    samples,
    limits: limitsOf(request.checks ?? [], subject),
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
  for (const note of notes) context.log.info(note.message);
  const made = await finish({ ...request, calibration }, plan, notes);
  const tried2 = result.tried.map((candidate) => ({ name: candidate.name, seen: describe(candidate) }));
  return { ...made, provenance: { ...made.provenance, tried: tried2, refused: result.refused } };
}
async function finish(request, plan, notes) {
  const applied = await applyStages({ ...request, target: plan.target }, plan.stages);
  const text = writePlan(plan);
  writeFileSync(`${request.out}.plan.yml`, text);
  return resultOf(
    { ...request, target: plan.target },
    {
      method: "auto",
      decisions: applied.decisions,
      notes: [...notes, ...applied.notes],
      provenance: { plan: text }
    }
  );
}
function notesOf({ winner, tried: tried2, refused }) {
  const others = tried2.filter((candidate) => candidate !== winner).map((candidate) => `${candidate.name} (${describe(candidate)})`);
  const rest = [...others, ...refused.map(({ name, reason }) => `${name} (${reason})`)];
  const against = rest.length > 0 ? ` Tried besides: ${rest.join("; ")}.` : "";
  const message = winner ? `auto chose ${winner.name}: ${describe(winner)}.${against}` : `auto left the model float: nothing tried is faster or smaller within the limits.${against}`;
  return [{ level: "info", code: winner ? "auto-plan" : "nothing-pays", message }];
}
async function tokensFor({ model, context }) {
  readModel(model);
  const prepared = await prepareModel(model, { context });
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

// src/quantize/method/evidence.ts
var Evidence = class {
  /** What the original gives for samples, at level `all`: every floating-point output. Bounded by whoever fills it. */
  originals = /* @__PURE__ */ new Map();
  /** Levels at which the file, as it was written last, was opened and run. */
  ranAt = /* @__PURE__ */ new Set();
};

// src/verify/around-plugins.ts
import { copyFileSync, existsSync, rmSync as rmSync4 } from "node:fs";
import { join as join5 } from "node:path";

// src/onnx/plugins.ts
var KNOWN_DOMAINS = /* @__PURE__ */ new Set([
  "ai.onnx.ml",
  "ai.onnx.training",
  "ai.onnx.preview",
  "ai.onnx.preview.training",
  "org.pytorch.aten"
]);
var KNOWN_PREFIXES = ["com.microsoft", "com.ms."];
var GIVEN_UP = /* @__PURE__ */ new Set([
  "Affine",
  "ATen",
  "ConstantFill",
  "Crop",
  "DynamicSlice",
  "GRUUnit",
  "GivenTensorFill",
  "ImageScaler",
  "ParametricSoftplus",
  "Scale",
  "ScaledTanh"
]);
function pluginNodes(model) {
  const functions = new Set(model.proto.functions.map(({ domain, name }) => `${domain} ${name}`));
  const isPlugin = (node) => {
    if (subgraphsOf(node).some((body) => body.node.some(isPlugin))) return true;
    const domain = canonicalDomain(node.domain);
    if (functions.has(`${node.domain} ${node.opType}`)) return false;
    if (domain === "")
      return model.opset() <= NEWEST_OPSET && operatorIntroduced(node.opType) === void 0 && !GIVEN_UP.has(node.opType);
    return !KNOWN_DOMAINS.has(domain) && !KNOWN_PREFIXES.some((prefix) => domain.startsWith(prefix));
  };
  return model.graph.nodes.filter(isPlugin);
}
function cutBefore(model, plugins) {
  const { graph, proto } = model;
  const rest = /* @__PURE__ */ new Set();
  const queue = [...plugins];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (rest.has(node)) continue;
    rest.add(node);
    for (const name of node.output) queue.push(...graph.consumers(name));
  }
  const nodes = graph.topologicalNodes().filter((node) => !rest.has(node));
  const made = new Set(nodes.flatMap(({ output }) => output));
  const wanted = new Set(
    [...graph.outputs.map(({ name }) => name), ...[...rest].flatMap(referencesOf)].filter(
      (name) => name !== "" && made.has(name) && !graph.constant(name)
    )
  );
  const read = new Set(nodes.flatMap(referencesOf));
  const front = new Model(
    create(ModelProtoSchema, {
      ...proto,
      opsetImport: [...proto.opsetImport],
      graph: create(GraphProtoSchema, {
        name: proto.graph.name,
        node: nodes,
        input: graph.inputs.filter(({ name }) => read.has(name)),
        initializer: [...graph.initializers.values()].filter(({ name }) => read.has(name)),
        output: [...wanted].map(
          (name) => graph.outputs.find((value) => value.name === name) ?? makeValue(name)
        )
      })
    }),
    graph.directory
  );
  return { front, rest };
}
function joined(model, { rest }, front) {
  const behind = [...rest].some(({ domain }) => canonicalDomain(domain) === "");
  if (behind && front.opset() !== model.opset()) return null;
  const { graph, proto } = model;
  const needed = new Set([...rest].flatMap(referencesOf));
  const kept = (tensor) => needed.has(tensor.name) && !front.graph.initializers.has(tensor.name);
  keepNamesApart(front, new Set([...rest].flatMap(({ output, name }) => [...output, name])));
  const made = front.graph.commit();
  const result = new Model(
    create(ModelProtoSchema, {
      ...front.proto,
      opsetImport: [...front.proto.opsetImport],
      graph: create(GraphProtoSchema, {
        name: proto.graph.name,
        node: [...made.node, ...graph.topologicalNodes().filter((node) => rest.has(node))],
        input: [...graph.inputs],
        initializer: [...made.initializer, ...[...graph.initializers.values()].filter(kept)],
        output: [...graph.outputs]
      })
    }),
    graph.directory
  );
  for (const { domain, version } of proto.opsetImport)
    if (result.opset(domain) === 0) result.setOpset(domain, Number(version));
  return result;
}
function keepNamesApart({ graph }, behind) {
  for (const node of graph.nodes) {
    if (behind.has(node.name)) node.name = graph.freshName(`${node.name}_front`);
    for (const [index, name] of [...node.output.entries()]) {
      if (!behind.has(name)) continue;
      const renamed = graph.freshName(`${name}_front`);
      graph.setOutput(node, index, renamed);
      graph.replaceUses(name, renamed);
    }
  }
  for (const [name, tensor] of [...graph.initializers]) {
    if (!behind.has(name)) continue;
    const renamed = graph.freshName(`${name}_front`);
    graph.setInitializer(
      Object.assign(Object.create(Object.getPrototypeOf(tensor)), tensor, { name: renamed })
    );
    graph.replaceUses(name, renamed);
    graph.removeInitializer(name);
  }
}

// src/verify/notes.ts
function notFullyVerified({ state, reason }) {
  if (state === "full") return [];
  return [
    { level: "info", code: "not-fully-verified", message: `The file was not fully checked: ${reason}.` }
  ];
}

// src/verify/around-plugins.ts
async function quantizeAroundPlugins(request, quantize) {
  if (!hasPlugins(request.model)) return null;
  const model = readModel(request.model);
  const plugins = pluginNodes(model);
  const cut = cutBefore(model, plugins);
  const named = `${plugins[0].opType}${plugins[0].domain === "" ? "" : ` (domain '${plugins[0].domain}')`}`;
  if (cut.front.graph.nodes.length === 0)
    throw new UserError(
      `ONNX Runtime refuses ${request.model}: it doesn't know ${named}, and every operator depends on it.`
    );
  const directory = scratchFolder("cut");
  try {
    const files = { before: join5(directory, "front.onnx"), after: join5(directory, "quantized.onnx") };
    await typeOutputs(cut, request);
    writeModel(cut.front, files.before, { durable: false });
    const result = await quantize({ ...request, model: files.before, out: files.after });
    return await inPlace(request.out, [".data", PLAN], async (out) => {
      if (existsSync(files.after + PLAN)) copyFileSync(files.after + PLAN, out + PLAN);
      if (result.groups.quantized === 0) leaveFloat({ model: request.model, out });
      else writeModel(whole(model, cut, readModel(files.after)), out);
      return { ...result, file: out, ...told(result, { cut, named, plugins: plugins.length }) };
    });
  } finally {
    rmSync4(directory, { recursive: true, force: true });
  }
}
var PLAN = ".plan.yml";
function hasPlugins(file) {
  let outline;
  try {
    outline = readModelOutline(file);
  } catch {
    return false;
  }
  return pluginNodes(outline).length > 0;
}
function whole(model, cut, front) {
  const made = joined(model, cut, front);
  if (made) return made;
  throw new UserError(
    `The model's opset ${model.opset()} has no form for this method, and operators that depend on ones that ONNX Runtime doesn't know can't be raised with the others: export the model with opset ${front.opset()}.`
  );
}
function told(result, { cut, named, plugins }) {
  const more = plugins > 1 ? ` and ${plugins - 1} more` : "";
  const reason = `ONNX Runtime doesn't know ${named}${more}: what is before was checked, the rest is as it was`;
  const kept = [...cut.rest].map((node) => ({
    node: nodeLabel(node),
    opType: node.opType,
    became: "float",
    reason: "it is, or depends on, an operator that ONNX Runtime doesn't know"
  }));
  const verification = result.verification.state === "full" ? { ...result.verification, state: "partly", reason } : result.verification;
  return {
    decisions: [...result.decisions, ...kept],
    groups: { ...result.groups, float: result.groups.float + kept.length },
    notes: [
      ...result.notes.filter(({ code }) => code !== "not-fully-verified"),
      ...notFullyVerified(verification)
    ],
    verification
  };
}
async function typeOutputs({ front }, { context }) {
  const types = await inferTypes(front, { context });
  front.proto.graph.output = front.graph.outputs.map((value) => {
    const type = value.type ? void 0 : types.get(value.name);
    return type ? makeValue(value.name, type.dataType, type.shape ?? void 0) : value;
  });
}

// src/verify/losing-layers.ts
var LEAST_LOSS = 1;
async function losingLayers(request) {
  const { original, file, samples, context } = request;
  const dataset = {
    description: "samples of the check",
    length: samples.length,
    labelled: false,
    classes: null,
    async *samples() {
      for (const [index, feeds] of samples.entries()) yield { id: String(index), feeds, label: null };
    }
  };
  try {
    const document = readModel(original);
    const layers = await layerFidelity({
      original: document,
      variant: readModel(file),
      dataset,
      context,
      samples: Math.min(samples.length, 4)
    });
    const { graph } = document;
    return layers.map(({ tensor, node, operator, loss, sqnr }, index) => ({
      node: node || tensor,
      sources: sourcesOf(tensor, graph),
      operator,
      // The first layers have nothing before them: what they lose is theirs.
      loss: loss ?? (index === 0 ? Math.max(0, 60 - sqnr) : 0)
    })).filter(({ loss }) => loss >= LEAST_LOSS).toSorted((a, b) => b.loss - a.loss);
  } catch (error) {
    context.log.debug(`Layers could not be compared: ${messageOf(error)}`);
    return [];
  }
}
function sourcesOf(tensor, graph) {
  const found = [];
  const seen = /* @__PURE__ */ new Set();
  for (let last = [tensor]; ; ) {
    const nodes = new Set(
      last.flatMap((name) => graph.producer(name)?.input ?? []).flatMap((name) => graph.producer(name) ?? []).filter((node) => !seen.has(node))
    );
    if (nodes.size === 0) return found;
    for (const node of nodes) seen.add(node);
    found.push([...new Set([...nodes].map(nodeLabel))]);
    last = [...nodes].flatMap(({ output }) => output[0] ?? []);
  }
}

// src/verify/marks.ts
var FLOOR_DB = {
  float16: 30,
  "int8-static": 15,
  "int8-dynamic": 15,
  "int8-weights": 15,
  "int4-weights": 8,
  auto: 8
};
var GOAL_DB = { float16: 40 };
var LARGE_BYTES = 5e8;
function goalOf(method, bytes) {
  const floor = FLOOR_DB[method];
  return bytes > LARGE_BYTES ? floor : GOAL_DB[method] ?? floor;
}

// src/verify/repair.ts
var ROUNDS = [
  { layers: 1, depth: 0 },
  { layers: 1, depth: 2 },
  { layers: 4, depth: 0 },
  { layers: 4, depth: 2 },
  { layers: 12, depth: 3 },
  // What amplifies the rounding of all that is before it (the logarithm of a spectrum).
  { layers: 4, depth: Number.POSITIVE_INFINITY }
];
var LEAST_GAIN_DB = 1;
async function repaired(first, options) {
  const { goal, floor, context } = options;
  let [best, last] = [first, first];
  for (const round of ROUNDS) {
    throwIfInterrupted(context.signal);
    const excluded = [.../* @__PURE__ */ new Set([...best.excluded, ...leftAsTheyAre(best.worst, round)])];
    if (excluded.length <= best.excluded.length || sameNames(excluded, last.excluded)) continue;
    context.log.info(`${(last.sqnr ?? 0).toFixed(1)} dB: trying with ${excluded.length} layers as they are`);
    last = await options.attempt(excluded);
    if (last.quantized === 0 && (first.sqnr ?? 0) >= floor) continue;
    if ((last.sqnr ?? 0) > (best.sqnr ?? 0)) best = last;
    if ((last.sqnr ?? 0) >= goal) return await reduced(first, last, options);
  }
  if ((first.sqnr ?? 0) >= floor && (best.sqnr ?? 0) < (first.sqnr ?? 0) + LEAST_GAIN_DB) best = first;
  return best === last ? best : await options.attempt(best.excluded);
}
async function reduced(first, found, options) {
  const { goal, reductions, attempt: attempt2 } = options;
  let [best, last] = [found, found];
  let left = reductions;
  const given = () => best.excluded.filter((name) => !first.excluded.includes(name));
  for (let size = Math.ceil(given().length / 2); size >= 1 && given().length > 1; size = Math.floor(size / 2)) {
    for (let end = given().length; end > 0 && left > 0 && given().length > 1; end -= size) {
      throwIfInterrupted(options.context.signal);
      const back = new Set(given().slice(Math.max(0, end - size), end));
      if (back.size === given().length) continue;
      left--;
      last = await attempt2(best.excluded.filter((name) => !back.has(name)));
      if ((last.sqnr ?? 0) >= goal && last.quantized > 0) best = last;
    }
  }
  return best === last ? best : await attempt2(best.excluded);
}
function sameNames(a, b) {
  return a.length === b.length && a.every((name) => b.includes(name));
}
function leftAsTheyAre(worst, round) {
  return [
    ...new Set(
      worst.slice(0, round.layers).flatMap(({ node, sources }) => [node, ...sources.slice(0, round.depth).flat()])
    )
  ];
}

// src/verify/trial-samples.ts
var SAMPLES2 = 8;
async function trialSamples({
  model,
  calibration,
  context,
  evidence
}) {
  const known = calibration && evidence ? [...evidence.originals].slice(0, SAMPLES2) : [];
  if (known.length > 0) {
    const [samples, expected] = [known.map(([feeds]) => feeds), known.map(([, outputs]) => outputs)];
    return { samples, representative: true, expected };
  }
  const document = readModel(model);
  const inputs = modelInputs(document);
  const dataset = calibration ?? syntheticTokens(document);
  if (dataset) {
    const samples = [];
    for await (const feeds of batches(dataset, inputs, context.signal)) {
      samples.push(feeds);
      if (samples.length === SAMPLES2) break;
    }
    return { samples, representative: calibration !== null };
  }
  try {
    return { samples: [timingFeeds(inputs, { batch: 1, shapes: {}, sample: null })], representative: false };
  } catch (error) {
    if (error instanceof UserError) return { samples: [], representative: false };
    throw error;
  }
}

// src/verify/verify-file.ts
import { rmSync as rmSync5 } from "node:fs";
import { join as join6 } from "node:path";

// src/verify/structure.ts
function structureFaults(original, made) {
  return [
    ...differences("input", modelInputs(original), modelInputs(made)),
    ...differences("output", modelOutputs(original), modelOutputs(made)),
    ...repeatedNames(made.proto.graph)
  ];
}
function differences(kind, before, after) {
  const names = (values) => values.map(({ name }) => name).join(", ");
  if (names(before) !== names(after)) {
    return [`its ${kind}s are ${names(after)} instead of ${names(before)}`];
  }
  return before.flatMap((value, index) => {
    const other = after[index];
    if (isLike(value, other)) return [];
    return [`its ${kind} '${value.name}' is ${described(other)} instead of ${described(value)}`];
  });
}
function isLike(value, other) {
  if (value.type === null) return true;
  if (value.type !== other.type) return false;
  const [dims, others] = [value.shape, other.shape];
  if (!dims || dims.length === 0 || !others) return true;
  return dims.length === others.length && dims.every((dim, axis) => typeof dim !== "number" || dim < 0 || dim === others[axis]);
}
function described({ type, shape }) {
  const dims = shape?.map((dim) => typeof dim === "number" && dim >= 0 ? dim : "?").join(", ");
  return `${type ?? "no tensor"} [${dims ?? ""}]`;
}
function repeatedNames(graph) {
  const nodes = /* @__PURE__ */ new Set();
  const faults = [];
  const visit = ({ node, input, initializer }, outer) => {
    const values = /* @__PURE__ */ new Set([...outer, ...input.map(({ name }) => name)]);
    for (const { name } of initializer) values.add(name);
    for (const one of node) {
      if (one.name !== "" && nodes.has(one.name)) faults.push(`two of its nodes are called '${one.name}'`);
      nodes.add(one.name);
      for (const name of one.output) {
        if (name !== "" && values.has(name)) faults.push(`it writes '${name}' twice`);
        values.add(name);
      }
      for (const body of subgraphsOf(one)) visit(body, /* @__PURE__ */ new Set());
    }
  };
  visit(graph, /* @__PURE__ */ new Set());
  return faults;
}

// src/verify/trials.ts
var Trials = class {
  #context;
  #worker = null;
  constructor(context) {
    this.#context = context;
  }
  /** Opens a file in place of the last one.
   *  @throws UserError when ONNX Runtime refuses it, WorkerError when it crashes or hangs, Interrupted. */
  async open(file, graphOptimizationLevel) {
    const { runtime, threads, signal } = this.#context;
    const session = { graphOptimizationLevel, threads, silent: true };
    if (!this.#worker) {
      this.#worker = await startWorker({ model: file, session, runtime, signal });
      return;
    }
    const request = { model: file, runtimePath: runtime.directory, options: session, profileDirectory: null };
    await this.#orGone(this.#worker.call("open", request));
  }
  /** Every tensor output for these inputs. @throws as `open`. */
  async run(feeds) {
    if (!this.#worker) throw new Error("no model is open");
    return (await this.#orGone(this.#worker.call("run", { feeds, outputs: null }))).outputs;
  }
  async close() {
    await this.#worker?.close();
    this.#worker = null;
  }
  /** A worker that failed may be gone: the next model gets another. */
  async #orGone(answer) {
    try {
      return await answer;
    } catch (error) {
      await this.#worker?.kill();
      this.#worker = null;
      throw error;
    }
  }
};

// src/verify/verify-file.ts
var FileFault = class extends UserError {
  constructor(message, node) {
    super(message);
    this.node = node;
  }
  node;
};
var FOLLOWS_NOTHING_DB = -200;
var LEVELS = ["disabled", "basic", "extended", "all"];
var LARGE_BYTES2 = 5e8;
async function verifyFile(request) {
  const { original, file, context } = request;
  const faults = structureFaults(readModel(original), readModel(file));
  if (faults.length > 0)
    throw new FileFault(`The file that was written is not valid: ${faults.slice(0, 3).join("; ")}.`, null);
  const trials = new Trials(context);
  const directory = scratchFolder("half");
  try {
    const halfOf = async () => (await writeHalfReference(file, join6(directory, "reference.onnx"), context))?.file ?? null;
    return await tried(request, trials, { halfOf, directory });
  } finally {
    rmSync5(directory, { recursive: true, force: true });
    await trials.close();
  }
}
async function tried(request, trials, { halfOf, directory }) {
  const { file, floor, target, samples } = request;
  const unproved = { state: "none", reason: null, levels: [], samples: 0, sqnr: null, floor };
  const expected = request.expected ?? await outputsOf(await runnable(request.original, directory), samples, trials);
  if (expected instanceof Error && request.representative && INPUT_REFUSED.test(messageOf(expected)))
    throw new UserError(`The model doesn't run on the calibration data: ${sentence(expected)}.`);
  if (expected instanceof Error) return { ...unproved, ...await openedOnly(request, expected, trials) };
  const levels = [];
  let actual = [];
  let half = null;
  for (const level of await levelsOf(file)) {
    const isLast = level === LEVELS.at(-1);
    if (isLast && expected.length > 0) half = await halfOf();
    const isCompared = isLast && half === null;
    if (!isCompared && request.ranAt?.has(level)) {
      levels.push(level);
      continue;
    }
    const found = await runAt(level, { file, samples: isCompared ? samples : samples.slice(0, 1) }, trials);
    if (found.fault === null) {
      levels.push(level);
      actual = found.outputs;
    } else if (runsElsewhere(target))
      return {
        ...unproved,
        state: "partly",
        levels,
        reason: `this machine's CPU does not run it: ${found.fault.message}`
      };
    else throw new FileFault(`The file that was written ${found.fault.message}`, found.fault.node);
  }
  if (expected.length === 0)
    return { ...unproved, state: "partly", levels, reason: "there are no samples to run it on" };
  if (half !== null) actual = await outputsOf(half, samples, trials);
  if (actual instanceof Error)
    throw new FileFault(`The file that was written does not run: ${sentence(actual)}.`, blamedNode(actual));
  return { ...unproved, state: "full", levels, samples: expected.length, sqnr: lowestSqnr(expected, actual) };
}
async function runnable(original, directory) {
  if (narrowFloatOf(readModelOutline(original).proto) !== TensorProto_DataType.BFLOAT16) return original;
  const model = readModel(original);
  widen(model);
  const path = join6(directory, "original.onnx");
  writeModel(model, path, { durable: false });
  return path;
}
async function openedOnly({ file, representative }, error, trials) {
  const on = representative ? "on this machine's CPU" : "on made-up inputs, or not on this machine's CPU";
  const reason = `the original does not run ${on}: ${sentence(error)}`;
  const levels = [];
  for (const level of await levelsOf(file)) {
    const { fault } = await runAt(level, { file, samples: [] }, trials);
    if (fault !== null) return { state: "none", reason, levels: [] };
    levels.push(level);
  }
  return { state: "partly", reason, levels };
}
async function levelsOf(file) {
  return await modelBytes(file) > LARGE_BYTES2 ? [LEVELS[0], LEVELS.at(-1)] : LEVELS;
}
var INPUT_REFUSED = /out of (data )?bounds|out of range|Got invalid dimensions/i;
function runsElsewhere(target) {
  return !isCpu(target);
}
async function runAt(level, { file, samples }, trials) {
  let doing = `can't be opened at optimization level '${level}'`;
  try {
    await trials.open(file, level);
    doing = `can be opened but not run at optimization level '${level}'`;
    const outputs = [];
    for (const sample of samples) outputs.push(await trials.run(sample));
    return { fault: null, outputs };
  } catch (error) {
    if (error instanceof Interrupted || error instanceof MachineError) throw error;
    return { fault: { message: `${doing}: ${sentence(error)}.`, node: blamedNode(error) } };
  }
}
async function outputsOf(file, samples, trials) {
  try {
    await trials.open(file, "all");
    const outputs = [];
    for (const sample of samples) outputs.push(await trials.run(sample));
    return outputs;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return error;
  }
}
function lowestSqnr(expected, actual) {
  const outputs = /* @__PURE__ */ new Map();
  for (const [index, sample] of expected.entries()) {
    for (const [name, tensor] of Object.entries(sample)) {
      if (!isFloatType(tensor.type)) continue;
      const other = actual[index][name];
      if (!other || other.dims.join() !== tensor.dims.join()) return FOLLOWS_NOTHING_DB;
      const fidelity = outputs.get(name) ?? new OutputFidelity("none");
      fidelity.add(tensor, other);
      outputs.set(name, fidelity);
    }
  }
  const figures = [...outputs.values()].flatMap((output) => output.result().sqnr ?? []);
  if (figures.length === 0) return null;
  return figures.some(Number.isNaN) ? FOLLOWS_NOTHING_DB : Math.min(...figures);
}
function sentence(error) {
  return messageOf(error).split("\n", 1)[0].replace(/\.+$/, "");
}
var BLAMES = [
  /\bnode \(([^)]+)\)/i,
  /\bName:\s*'([^']+)'/,
  /\bnode with name '([^']+)'/,
  /\brunning (\w+) node\b/,
  /\bimplementation for (\w+)\(/
];
function blamedNode(error) {
  for (const pattern of BLAMES) {
    const name = pattern.exec(messageOf(error))?.[1];
    if (name) return name;
  }
  return null;
}

// src/verify/verified-variant.ts
var REDUCTIONS = 6;
async function quantizeVerified(request) {
  return await quantizeAroundPlugins(request, quantizeWhole) ?? await quantizeWhole(request);
}
async function quantizeWhole(request) {
  if (!request.verify) {
    const result = await quantizeVariant(request);
    return { ...result, verification: { ...UNVERIFIED, floor: FLOOR_DB[request.options.method] } };
  }
  return await inPlace(
    request.out,
    [".data", ".plan.yml"],
    async (out) => await provedIn({ ...request, out })
  );
}
var UNVERIFIED = {
  state: "none",
  reason: "not asked for (--no-verify)",
  levels: [],
  samples: 0,
  sqnr: null,
  worst: [],
  repaired: []
};
async function provedIn(asked) {
  const evidence = new Evidence();
  const request = { ...asked, evidence };
  let settled;
  const trialOf = () => {
    settled ??= trialSamples(request);
    return settled;
  };
  const goal = goalOf(request.options.method, await modelBytes(request.model));
  let made = await attempt(request, { trialOf, goal });
  const trial = await trialOf();
  if (isBelow(made.sqnr, goal) && trial.representative && mayRepair(request))
    made = await repairedFrom(made, request, { trialOf, goal });
  const worst = made.worst.map(({ node, operator, loss }) => ({ node, operator, loss }));
  const verification = { ...made.proof, worst, repaired: made.excluded };
  return {
    ...made.result,
    verification,
    notes: [...made.result.notes, ...proofNotes(verification, { goal, trial })]
  };
}
async function attempt(request, judged, excluded = []) {
  try {
    return await attemptOnce(request, judged, excluded);
  } catch (error) {
    const node = error instanceof FileFault && mayRepair(request) ? error.node : null;
    if (node === null || excluded.includes(node) || excluded.length > MOST_LEFT) throw error;
    request.context.log.info(`${messageOf(error)} Trying with '${node}' as it is.`);
    return await attempt(request, judged, [...excluded, node]);
  }
}
async function repairedFrom(first, request, judged) {
  const floor = FLOOR_DB[request.options.method];
  return await repaired(first, {
    goal: judged.goal,
    floor,
    reductions: judged.goal > floor ? REDUCTIONS : 0,
    attempt: async (excluded) => await attempt(request, judged, [...excluded]),
    context: request.context
  });
}
var MOST_LEFT = 40;
function mayRepair(request) {
  return request.repair && !isPromised(request) && request.options.method !== "auto";
}
async function attemptOnce(request, { trialOf, goal }, excluded) {
  const { options, model, context, evidence } = request;
  const exclude = [...options.exclude, ...excluded];
  const written = await quantizeVariant({ ...request, options: { ...options, exclude } });
  const result = await withoutGrowth(request, written);
  const own = new Set(excluded.map((name) => unmatchedNote(name).message));
  result.notes = result.notes.filter(({ message }) => !own.has(message));
  const trial = await trialOf();
  const files = { original: model, file: request.out, samples: trial.samples };
  const proof = await verifyFile({
    ...files,
    representative: trial.representative,
    expected: trial.expected,
    ...evidence && result === written ? { ranAt: evidence.ranAt } : {},
    target: result.target,
    floor: FLOOR_DB[options.method],
    context
  });
  const worst = isBelow(proof.sqnr, goal) ? await losingLayers({ ...files, context }) : [];
  return { result, proof, sqnr: proof.sqnr, worst, excluded, quantized: result.groups.quantized };
}
function isBelow(sqnr, mark) {
  return sqnr !== null && sqnr < mark;
}
function proofNotes({ state, reason, sqnr, floor, worst, repaired: left }, { goal, trial }) {
  const notes = notFullyVerified({ state, reason });
  if (left.length > 0) {
    notes.push({
      level: "info",
      code: "repaired",
      message: `${list(left)} lost most, or can't run in the reduced type, and stayed as ${left.length === 1 ? "it was" : "they were"}: ${sqnr === null ? "" : `the outputs follow the original's with ${decibels(sqnr)}. `} Without this: repair: false, or --no-repair.`
    });
  }
  if (sqnr !== null && sqnr < goal) {
    const layers = worst.slice(0, 5).map(({ node, operator, loss }) => `${operator} '${node}' (${loss.toFixed(0)} dB)`);
    const where = layers.length > 0 ? ` Most is lost in ${layers.join(", ")}.` : "";
    notes.push({
      level: trial.representative && sqnr < (floor ?? goal) ? "warn" : "info",
      code: "low-fidelity",
      message: `The outputs follow the original's with ${decibels(sqnr)} only (${decibels(goal)} and more are usual)${trial.representative ? "" : " on made-up inputs"}.${where}`
    });
  }
  return notes;
}
async function withoutGrowth(request, result) {
  const [before, after] = [await modelBytes(request.model), await modelBytes(request.out)];
  if (after <= before) return result;
  const keeps = isPromised(request) || result.groups.quantized === 0;
  if (!keeps) leaveFloat(request);
  const message = `The file is ${(after / before).toFixed(2)} times as large as the original${keeps ? "" : ": the model was left as it is"}.`;
  const groups = keeps ? result.groups : { quantized: 0, float: result.groups.float + result.groups.quantized };
  return { ...result, groups, notes: [...result.notes, { level: "warn", code: "larger", message }] };
}
function isPromised({ options }) {
  return options.preset !== null || options.plan !== null || options.include !== null;
}
function decibels(value) {
  return `${value.toFixed(1)} dB`;
}
function list(names) {
  const shown = names.slice(0, 5).map((name) => `'${name}'`);
  return names.length > 5 ? `${shown.join(", ")} and ${names.length - 5} more` : shown.join(", ");
}

// src/variants/target.ts
var BY_PROVIDER = {
  cuda: "cuda",
  tensorrt: "tensorrt",
  webgpu: "webgpu",
  wasm: "wasm"
};
function targetOf(provider, arch = process.arch) {
  return BY_PROVIDER[provider] ?? (arch === "arm64" ? "arm64" : "cpu");
}

export {
  notNormalized,
  parseProfile,
  quantizeVerified,
  targetOf
};
