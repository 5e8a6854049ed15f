import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  SILENT
} from "./chunk-X7SHKWLT.js";
import {
  matchesPattern
} from "./chunk-UFU2BEZ6.js";
import {
  WorkerError,
  bundledFile,
  startWorker,
  timingFeeds
} from "./chunk-WWK6ANO5.js";
import {
  twoSided
} from "./chunk-M5WQ36NC.js";
import {
  OutputFidelity,
  indexOfMaximum,
  scoredOutput,
  seededRandom
} from "./chunk-KSN4Z3NH.js";
import {
  SPIN_WITHIN_RUNS
} from "./chunk-GOTPZ62G.js";
import {
  ORIGINAL,
  blankMeasurement,
  metricDefinition
} from "./chunk-FKHBUIO2.js";
import {
  FeedsFile
} from "./chunk-SS6INO44.js";
import {
  scratchFolder
} from "./chunk-THY4HZQJ.js";
import {
  npyHeader
} from "./chunk-VYEFTUU3.js";
import {
  elementCount
} from "./chunk-7WTHJFBX.js";
import {
  allocate,
  isFloatType,
  isIntegerType,
  isNumericType,
  numbersOf
} from "./chunk-DVVUUUNP.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf
} from "./chunk-KJWZXA2F.js";

// src/data/batches.ts
async function* batchesOf(dataset, size) {
  let samples = [];
  for await (const sample of dataset.samples()) {
    samples.push(sample);
    if (samples.length < size) continue;
    yield batchOf(samples);
    samples = [];
  }
  if (samples.length > 0) yield batchOf(samples);
}
function batchOf(samples) {
  const [first] = samples;
  const names = Object.keys(first.feeds);
  const rows = samples.map(({ feeds: feeds2 }) => feeds2[names[0]]?.dims[0] ?? 1);
  if (samples.length === 1) return { samples, feeds: first.feeds, rows };
  const feeds = {};
  for (const name of names) feeds[name] = concatenate(samples, name);
  return { samples, feeds, rows };
}
function concatenate(samples, name) {
  const tensors = samples.map(({ feeds }) => feeds[name]);
  const [first] = tensors;
  const inner = first.dims.slice(1);
  tensors.forEach(({ dims }, at2) => {
    if (dims.length === 0 || dims.slice(1).join() !== inner.join()) {
      throw new UserError(
        `Samples ${samples[0].id} [${first.dims}] and ${samples[at2].id} [${dims}] can't share a batch: their shapes for input '${name}' differ. Use batch 1, or prepare them to one shape.`
      );
    }
  });
  if (!isNumericType(first.type))
    throw new UserError(`Input '${name}' of type ${first.type} can't be batched.`);
  const data = allocate(
    first.type,
    tensors.reduce((sum, { dims }) => sum + elementCount(dims), 0)
  );
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += elementCount(tensor.dims);
  }
  const rows = tensors.reduce((sum, { dims }) => sum + dims[0], 0);
  return { type: first.type, dims: [rows, ...inner], data };
}
function splitOutputs(outputs, { samples, rows }) {
  if (samples.length === 1) return [outputs];
  const total = rows.reduce((sum, count) => sum + count, 0);
  const parts = samples.map(() => ({}));
  for (const [name, { type, dims, data }] of Object.entries(outputs)) {
    if (dims[0] !== total) {
      throw new UserError(
        `Output '${name}' has shape [${dims.join(", ")}] for a batch of ${total}: its first axis is not the batch, so the samples can't be told apart. Use batch 1.`
      );
    }
    const size = elementCount(dims.slice(1));
    let row = 0;
    samples.forEach((_, at) => {
      const count = rows[at];
      const part = data.slice(row * size, (row + count) * size);
      parts[at][name] = { type, dims: [count, ...dims.slice(1)], data: part };
      row += count;
    });
  }
  return parts;
}

// src/measure/accuracy/bootstrap.ts
var DRAWS = 2e3;
var DRAWS_BEYOND = 10;
var MAX_WORK = 2e8;
var MIN_DRAWS = 500;
var SEED = 20240229;
function bootstrapInterval(statistic, n, confidence) {
  const values = [];
  for (const weights of resamples(n, confidence)) values.push(statistic(weights));
  return percentileInterval(values, confidence);
}
function bootstrapComparison(original, variant, n, options) {
  const worsening = (before2, after2) => options.higherIsBetter ? before2 - after2 : after2 - before2;
  const drops = [];
  const ratios = [];
  const values = [];
  for (const weights of resamples(n, options.confidence)) {
    const [before2, after2] = [original(weights), variant(weights)];
    values.push(after2);
    drops.push(worsening(before2, after2));
    ratios.push(after2 / before2);
  }
  const [before, after] = [original(null), variant(null)];
  const interval = percentileInterval(drops, options.confidence);
  const defined = drops.filter((drop) => !Number.isNaN(drop));
  const none = defined.filter((drop) => drop < 0).length + defined.filter((drop) => drop === 0).length / 2;
  return {
    interval: percentileInterval(values, options.confidence),
    drop: {
      value: worsening(before, after),
      interval,
      lost: null,
      gained: null,
      p: defined.length > 0 ? none / defined.length : null,
      resolvable: interval && (interval.hi - interval.lo) / 2
    },
    ratio: ratioEstimate(before, after, percentileInterval(ratios, options.confidence))
  };
}
function ratioEstimate(before, after, interval) {
  if (before === after) return { value: 1, interval };
  return before === 0 ? null : { value: after / before, interval };
}
function* resamples(n, confidence) {
  const wanted = Math.max(DRAWS, Math.ceil(DRAWS_BEYOND / (1 - confidence)));
  const draws = Math.max(MIN_DRAWS, Math.min(wanted, Math.floor(MAX_WORK / n)));
  const random = seededRandom(SEED);
  const weights = new Uint32Array(n);
  for (let draw = 0; draw < draws; draw++) {
    weights.fill(0);
    for (let sample = 0; sample < n; sample++) weights[random.below(n)]++;
    yield weights;
  }
}
function percentileInterval(values, confidence) {
  const order = Float64Array.from(values.filter(Number.isFinite)).sort();
  if (order.length < values.length * 0.9 || order.length * (1 - confidence) < 1) return null;
  const rank = (share) => order[Math.min(order.length - 1, Math.max(0, Math.ceil(share * order.length) - 1))];
  return { lo: rank(1 - confidence), hi: rank(confidence), confidence: twoSided(confidence) };
}

// src/measure/accuracy/normal.ts
function normalCdf(z) {
  if (z > 8) return 1;
  if (z < -8) return 0;
  let term = z;
  let sum = z;
  for (let divisor = 3; Math.abs(term) > 1e-17 * Math.abs(sum); divisor += 2) {
    term *= z * z / divisor;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
}
function normalQuantile(probability) {
  if (!(probability > 0 && probability < 1))
    throw new RangeError(`probability ${probability} is not in (0, 1)`);
  let low = -8;
  let high = 8;
  for (let step = 0; step < 80 && high - low > 1e-13; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// src/measure/accuracy/paired.ts
var EXPECTED_FLIPS = 0.05;
function wilson(right, n, confidence) {
  const z = normalQuantile(confidence);
  const share = right / n;
  const centre = share + z * z / (2 * n);
  const spread = z * Math.sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  const scale = 1 + z * z / n;
  return {
    lo: Math.max(0, (centre - spread) / scale),
    hi: Math.min(1, (centre + spread) / scale),
    confidence: twoSided(confidence)
  };
}
function agrestiMin({ lost, gained, n }, confidence) {
  const z = normalQuantile(confidence);
  const [b, c, total] = [lost + 0.5, gained + 0.5, n + 2];
  const centre = (b - c) / total;
  const spread = z * Math.sqrt(b + c - (b - c) ** 2 / total) / total;
  return {
    lo: Math.max(-1, centre - spread),
    hi: Math.min(1, centre + spread),
    confidence: twoSided(confidence)
  };
}
function mcNemarMidP({ lost, gained }) {
  const flips = lost + gained;
  let logTerm = -flips * Math.LN2;
  let tail = 0;
  for (let k = flips; k > lost; k--) {
    tail += Math.exp(logTerm);
    logTerm += Math.log(k) - Math.log(flips - k + 1);
  }
  return Math.min(1, tail + Math.exp(logTerm) / 2);
}
function pairedDrop(flips, confidence) {
  const { lost, gained, n } = flips;
  const interval = agrestiMin(flips, confidence);
  return {
    value: (lost - gained) / n,
    interval,
    lost,
    gained,
    p: mcNemarMidP(flips),
    resolvable: (interval.hi - interval.lo) / 2
  };
}
function countFlips(original, variant) {
  let lost = 0;
  let gained = 0;
  for (let at = 0; at < original.length; at++) {
    if (original[at] > variant[at]) lost++;
    else if (original[at] < variant[at]) gained++;
  }
  return { lost, gained, n: original.length };
}
function shareRatio(originalShare, drop) {
  if (originalShare === 0) return null;
  const ratio = (bound) => bound === null ? null : Math.max(0, 1 - bound / originalShare);
  return {
    value: ratio(drop.value),
    interval: drop.interval && {
      lo: ratio(drop.interval.hi),
      hi: ratio(drop.interval.lo),
      confidence: drop.interval.confidence
    }
  };
}
function resolvableDrop(n, confidence, flips = EXPECTED_FLIPS) {
  return normalQuantile(confidence) * Math.sqrt(flips / n);
}
function samplesToResolve(drop, confidence, flips = EXPECTED_FLIPS) {
  return Math.ceil(flips * (normalQuantile(confidence) / drop) ** 2);
}

// src/measure/accuracy/measurements.ts
function emptyMeasurement(metric, variant, context) {
  const at = {
    model: context.model,
    variant,
    provider: context.provider,
    batch: null,
    threads: null,
    concurrency: null
  };
  return blankMeasurement(at, metric);
}
function accuracyMeasurements(metrics, { original, variants, bases }, context) {
  return metrics.flatMap((metric) => {
    const candidate = (observation) => ({
      variant: observation.runner.variant,
      invalid: observation.invalid(context.samples),
      kept: observation.kept.get(metric.name)
    });
    return metricMeasurements(
      metric,
      {
        original: candidate(original),
        variants: variants.map(candidate),
        bases: new Map([...bases].map(([variant, base]) => [variant, candidate(base)]))
      },
      context
    );
  });
}
function metricMeasurements(metric, { original, variants, bases }, context) {
  const reference = settle(metric, original);
  const measure = (scored, beside) => {
    const base = bases.get(scored.variant);
    return measurementOf(metric, scored, {
      reference: beside,
      base: base ? settle(metric, base) : null,
      context
    });
  };
  return [
    measure(reference, null),
    ...variants.map((variant) => measure(settle(metric, variant), reference))
  ];
}
function settle(metric, candidate) {
  const { kept, invalid } = candidate;
  if (metric.kind !== "share" || invalid !== null) return { ...candidate, right: null };
  return { ...candidate, right: metric.right?.(kept) ?? Uint8Array.from(kept, (numbers) => numbers[0]) };
}
function measurementOf(metric, scored, beside) {
  const { reference, context } = beside;
  const empty = emptyMeasurement(metric.name, scored.variant, context);
  const { invalid } = scored;
  if (invalid !== null) return { ...empty, status: "invalid", reason: invalid };
  if (reference && reference.invalid !== null) {
    return {
      ...empty,
      status: "invalid",
      reason: `the original model can't be scored: ${reference.invalid}`
    };
  }
  const figures = metric.kind === "share" ? shareFigures(scored, beside) : statisticFigures(metric, scored, beside);
  if (Math.abs(figures.value) === Number.POSITIVE_INFINITY) {
    return { ...empty, status: "invalid", reason: "its value is infinite" };
  }
  if (Number.isNaN(figures.value)) {
    const reason = metric.kind === "statistic" ? metric.undefinedReason : "there are no samples";
    return { ...empty, status: "skipped", reason: `undefined here: ${reason}` };
  }
  return { ...empty, ...figures, n: scored.kept.length };
}
function shareFigures(scored, { reference, base, context }) {
  const { confidence } = context;
  const share = shareOf(scored);
  const n = scored.kept.length;
  const against = (other) => {
    const drop = pairedDrop(countFlips(other.right, scored.right), confidence);
    return { drop, ratio: shareRatio(shareOf(other), drop) };
  };
  return {
    value: share,
    interval: n > 0 ? wilson(Math.round(share * n), n, confidence) : null,
    ...reference ? against(reference) : { drop: null, ratio: null },
    base: base && base.invalid === null ? { value: shareOf(base), ratio: against(base).ratio, note: null } : null
  };
}
function shareOf({ right }) {
  return right.reduce((sum, one) => sum + one, 0) / right.length;
}
function statisticFigures(metric, scored, { reference, base, context }) {
  const n = scored.kept.length;
  const statistic = metric.statistic(scored.kept);
  const value = statistic(null);
  const options = {
    confidence: context.confidence,
    higherIsBetter: metric.higherIsBetter ?? metricDefinition(metric.name).higherIsBetter
  };
  const against = (other) => bootstrapComparison(metric.statistic(other.kept), statistic, n, options);
  const compared = reference && Number.isFinite(value) ? against(reference) : null;
  return {
    value,
    interval: compared ? compared.interval : bootstrapInterval(statistic, n, context.confidence),
    drop: compared?.drop ?? null,
    ratio: compared?.ratio ?? null,
    base: base && base.invalid === null ? { value: metric.statistic(base.kept)(null), ratio: against(base).ratio, note: null } : null
  };
}
function skippedMeasurements(metrics, variants, context) {
  return metrics.flatMap(
    ({ name }) => variants.map(
      (variant) => ({
        ...emptyMeasurement(name, variant, context),
        status: "skipped",
        reason: context.reason
      })
    )
  );
}

// src/measure/accuracy/tasks/metric.ts
function ofSums(kept, figure) {
  const sums = new Float64Array(kept[0]?.length ?? 0);
  return (weights) => {
    sums.fill(0);
    for (let sample = 0; sample < kept.length; sample++) {
      const weight = weights === null ? 1 : weights[sample];
      if (weight === 0) continue;
      const numbers = kept[sample];
      for (let at = 0; at < sums.length; at++) sums[at] += weight * numbers[at];
    }
    return figure(sums);
  };
}

// src/measure/fidelity/measurements.ts
function fidelityMeasurements(variants, context) {
  return variants.flatMap((variant) => {
    const measurement = (metric) => emptyMeasurement(metric, variant.runner.variant, context);
    const invalid = variant.invalid(context.samples);
    if (invalid !== null) {
      return FIDELITY_METRICS.map(
        (metric) => ({
          ...measurement(metric),
          status: "invalid",
          reason: invalid
        })
      );
    }
    const outputs = Object.fromEntries(
      [...variant.fidelity].map(([name, output]) => [name, output.result()])
    );
    const judged = context.judged.flatMap((name) => outputs[name] ?? []);
    const figure = (metric, value, interval = null) => value === null ? { ...measurement(metric), status: "skipped", reason: SKIPPED[metric] } : {
      ...measurement(metric),
      value,
      interval,
      n: context.samples,
      ...metric === "fidelity.sqnr" ? { details: { outputs } } : {}
    };
    const agreement = variant.fidelity.get(context.scored);
    return [
      figure("fidelity.sqnr", worst(judged, "sqnr", Math.min)),
      figure("fidelity.cosine", worst(judged, "cosine", Math.min)),
      figure("fidelity.max-abs", worst(judged, "maxAbs", Math.max)),
      figure(
        "fidelity.agreement",
        outputs[context.scored]?.agreement ?? null,
        agreement && agreementInterval(agreement, context)
      )
    ];
  });
}
var FIDELITY_METRICS = ["fidelity.sqnr", "fidelity.cosine", "fidelity.max-abs", "fidelity.agreement"];
var SKIPPED = {
  "fidelity.sqnr": "no output is floating-point",
  "fidelity.cosine": "no output is floating-point",
  "fidelity.max-abs": "no output is floating-point",
  "fidelity.agreement": "the scored output does not hold competing scores"
};
function worst(outputs, field, choose) {
  const values = outputs.flatMap((output) => output[field] ?? []);
  return values.length > 0 ? choose(...values) : null;
}
function agreementInterval({ agreements }, { confidence }) {
  if (agreements.length === 0) return null;
  if (agreements.every(([, positions]) => positions === 1)) {
    return wilson(
      agreements.reduce((sum, [equal]) => sum + equal, 0),
      agreements.length,
      confidence
    );
  }
  const share = ofSums(agreements, ([equal, all]) => equal / all);
  return bootstrapInterval(share, agreements.length, confidence);
}

// src/measure/fidelity/non-finite.ts
function countNonFinite(output, reference) {
  if (!isFloatType(output.type)) return 0;
  const values = numbersOf(output);
  const expected = reference === null ? null : numbersOf(reference);
  let bad = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (Number.isFinite(value)) continue;
    const masked = expected === null ? value === Number.NEGATIVE_INFINITY : value === expected[at];
    if (!masked) bad++;
  }
  return bad;
}
var NonFiniteLog = class {
  samples = [];
  values = 0;
  outputs = /* @__PURE__ */ new Set();
  add(sample, output, count) {
    if (this.samples.at(-1) !== sample) this.samples.push(sample);
    this.outputs.add(output);
    this.values += count;
  }
  get isEmpty() {
    return this.values === 0;
  }
  /** "NaN or infinite values in output 'y' for 3 of 500 samples (12 values): a.png, b.png, …" */
  describe(total) {
    const named = this.samples.slice(0, 3).join(", ");
    const outputs = [...this.outputs].map((name) => `'${name}'`).join(", ");
    return `NaN or infinite values in output ${outputs} for ${this.samples.length} of ${total} samples (${this.values} values): ${named}${this.samples.length > 3 ? ", \u2026" : ""}`;
  }
};

// src/measure/accuracy/observation.ts
var Observation = class {
  constructor(runner, plan) {
    this.runner = runner;
    this.plan = plan;
    for (const { name } of plan.metrics) this.kept.set(name, []);
    const missing = plan.outputs.filter((name) => !runner.outputs.some((output) => output.name === name));
    if (missing.length > 0) {
      this.failure = `its outputs are ${runner.outputs.map(({ name }) => `'${name}'`).join(", ")}; the original's ${missing.map((name) => `'${name}'`).join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
    }
  }
  runner;
  plan;
  /** By metric name, one entry per sample. */
  kept = /* @__PURE__ */ new Map();
  /** By output name. */
  fidelity = /* @__PURE__ */ new Map();
  nonFinite = new NonFiniteLog();
  /** Why the model took no further part. */
  failure = null;
  /** `original` is null when this is the original itself. */
  add(sample, outputs, original) {
    for (const name of this.plan.outputs) {
      const output = outputs[name];
      const reference = original?.[name] ?? null;
      if (reference && !sameShape(output, reference)) {
        this.failure = `output '${name}' has shape [${output.dims.join(", ")}] for sample ${sample.id}, but [${reference.dims.join(", ")}] in the original`;
        return;
      }
      const bad = countNonFinite(output, reference);
      if (bad > 0) this.nonFinite.add(sample.id, name, bad);
      else if (reference) this.fidelityOf(name).add(reference, output);
    }
    if (!this.nonFinite.isEmpty) return;
    for (const metric of this.plan.metrics) {
      this.kept.get(metric.name).push(metric.keep(sample, outputs[this.plan.scored.name]));
    }
  }
  /** Why the model has no valid figures; null when it has. */
  invalid(samples) {
    if (this.failure !== null) return this.failure;
    return this.nonFinite.isEmpty ? null : this.nonFinite.describe(samples);
  }
  fidelityOf(output) {
    let fidelity = this.fidelity.get(output);
    if (!fidelity) {
      fidelity = new OutputFidelity(this.plan.classAxis);
      this.fidelity.set(output, fidelity);
    }
    return fidelity;
  }
};
function sameShape(one, other) {
  return one.dims.length === other.dims.length && one.dims.every((dim, axis) => dim === other.dims[axis]);
}

// src/measure/accuracy/resolution.ts
function resolutionNotes(context, metrics) {
  const { model, dataset, confidence, checks = [] } = context;
  const shares = metrics.filter(({ kind }) => kind === "share");
  if (shares.length === 0) return [];
  const resolvable = resolvableDrop(dataset.length, confidence);
  const note = (level, message) => ({
    level,
    code: "accuracy.resolution",
    message,
    model,
    variant: null
  });
  const ability = `${dataset.length} evaluation samples can tell a drop of ${points(resolvable)} or more from none`;
  const tooFine = shares.flatMap(({ name }) => {
    const bounds = checks.filter((check) => check.metric === name && concerns(check, model)).flatMap(({ maxDrop }) => maxDrop ? [maxDrop] : []);
    const bound = Math.min(...bounds);
    return bound < resolvable ? [{ name, bound }] : [];
  });
  if (tooFine.length === 0)
    return [note("info", `${ability} (when quantization changes 5 % of the answers).`)];
  return tooFine.map(
    ({ name, bound }) => note(
      "warn",
      `${ability}; the bound on ${name} is ${points(bound)}. It is judged by its value all the same: for one that chance can't decide, evaluate about ${roundUp(samplesToResolve(bound, confidence))} samples.`
    )
  );
}
function concerns({ level, where }, model) {
  return level !== "off" && (where.model?.some((pattern) => matchesPattern(model, pattern)) ?? true);
}
function points(share) {
  return `${Number((share * 100).toPrecision(2))} pp`;
}
function roundUp(count) {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / step) * step;
}

// src/measure/accuracy/tasks/classification.ts
function classificationMetrics(options) {
  const top = (count) => ({
    name: `accuracy.top${count}`,
    kind: "share",
    keep: (sample, output) => [rankOfLabel(sample, output, options) < count ? 1 : 0]
  });
  return [top(1), top(5)];
}
function rankOfLabel(sample, output, options) {
  const scores = numbersOf(output);
  if (scores.length < 2) {
    throw new UserError(
      `The scored output has shape [${output.dims.join(", ")}]: classification needs one score per class. Choose another output with \`output\`, or another \`task\`.`
    );
  }
  const index = classIndex(sample, scores.length, options);
  if (!Number.isInteger(index) || index < 0 || index >= scores.length) {
    throw labelOutOfRange(
      `sample ${sample.id} has label ${index - options.labelOffset}`,
      scores.length,
      options
    );
  }
  const score = scores[index];
  let rank = 0;
  for (let other = 0; other < scores.length; other++) {
    if (scores[other] > score || scores[other] === score && other < index) rank++;
  }
  return rank;
}
function assertLabelsInRange(data, output, options) {
  const classes = output.shape?.at(-1);
  if (data.classes === null || typeof classes !== "number" || classes < 2 || output.shape.length > 2) return;
  if (data.classes + options.labelOffset <= classes) return;
  throw labelOutOfRange(`${data.description} has label ${data.classes - 1}`, classes, options);
}
function labelOutOfRange(what, classes, { labelOffset }) {
  const offset = labelOffset === 0 ? "" : ` (with label-offset ${labelOffset})`;
  return new UserError(
    `${what}, but the scored output has ${classes} classes, 0 \u2026 ${classes - 1}${offset}. Correct the labels, \`label-offset\` (1 for models with a background class), or \`output\`.`
  );
}
function classIndex({ label, id }, classes, { labelOffset }) {
  if (typeof label === "number") return label + labelOffset;
  if (label !== null) {
    const values = numbersOf(label);
    if (values.length === 1 && (isIntegerType(label.type) || Number.isInteger(values[0])))
      return values[0] + labelOffset;
    if (values.length === classes) return indexOfMaximum(values);
    throw new UserError(
      `Sample ${id} has a target of shape [${label.dims.join(", ")}]: classification needs a class index per sample. Choose the labels with \`labels\`, or another \`task\`.`
    );
  }
  throw new UserError(`Sample ${id} has no label.`);
}

// src/measure/accuracy/tasks/spearman.ts
function rankCorrelation(first, second) {
  const n = first.length;
  const orders = [first, second].map(
    (values) => Uint32Array.from(values, (_, at) => at).sort((a, b) => values[a] - values[b])
  );
  const ranks = [new Float64Array(n), new Float64Array(n)];
  return (weights) => {
    weightedRanks(first, orders[0], weights, ranks[0]);
    weightedRanks(second, orders[1], weights, ranks[1]);
    return correlation(ranks[0], ranks[1], weights);
  };
}
function weightedRanks(values, order, weights, ranks) {
  let below = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tied = 0;
    while (end < order.length && values[order[end]] === values[order[start]]) {
      tied += weights === null ? 1 : weights[order[end]];
      end++;
    }
    for (let at = start; at < end; at++) ranks[order[at]] = below + (tied + 1) / 2;
    below += tied;
    start = end;
  }
}
function correlation(first, second, weights) {
  const weight = (at) => weights === null ? 1 : weights[at];
  let total = 0;
  let [sumFirst, sumSecond] = [0, 0];
  for (let at = 0; at < first.length; at++) {
    total += weight(at);
    sumFirst += weight(at) * first[at];
    sumSecond += weight(at) * second[at];
  }
  const [meanFirst, meanSecond] = [sumFirst / total, sumSecond / total];
  let [cross, squareFirst, squareSecond] = [0, 0, 0];
  for (let at = 0; at < first.length; at++) {
    const [a, b] = [first[at] - meanFirst, second[at] - meanSecond];
    cross += weight(at) * a * b;
    squareFirst += weight(at) * a * a;
    squareSecond += weight(at) * b * b;
  }
  return cross / Math.sqrt(squareFirst * squareSecond);
}

// src/measure/accuracy/tasks/embedding.ts
var MAX_SAMPLES = 2e4;
function embeddingMetrics({ pairs }) {
  if (pairs) {
    return [
      {
        name: "accuracy.spearman",
        kind: "statistic",
        undefinedReason: "all scores or all similarities are equal",
        keep: (sample, output) => [similarity(sample, output), scoreOf(sample)],
        statistic: (kept) => rankCorrelation(
          Float64Array.from(kept, (pair2) => pair2[0]),
          Float64Array.from(kept, (pair2) => pair2[1])
        )
      }
    ];
  }
  return [{ name: "accuracy.recall1", kind: "share", keep: keepEmbedding, right: nearestIsSameClass }];
}
function keepEmbedding({ id, label }, output) {
  if (typeof label !== "number") throw new UserError(`Sample ${id} has no class index as its label.`);
  if (output.dims[0] === 2) {
    throw new UserError(
      `Sample ${id} gives two embeddings and has an integer label, which is read as a class. Save the scores of pairs as floating-point numbers; for classes, feed one input per sample.`
    );
  }
  const values = numbersOf(output);
  let squares = 0;
  for (let at = 0; at < values.length; at++) squares += values[at] ** 2;
  const length = Math.sqrt(squares) || 1;
  const kept = new Float32Array(values.length + 1);
  kept[0] = label;
  for (let at = 0; at < values.length; at++) kept[at + 1] = values[at] / length;
  return kept;
}
function nearestIsSameClass(kept) {
  if (kept.length > MAX_SAMPLES) {
    throw new UserError(
      `Recall@1 compares every sample with every other; ${kept.length} are too many. Set \`limit\` to ${MAX_SAMPLES} or less.`
    );
  }
  const best = new Float64Array(kept.length).fill(Number.NEGATIVE_INFINITY);
  const nearest = new Int32Array(kept.length).fill(-1);
  const consider = (of, other, cosine) => {
    if (cosine > best[of]) {
      best[of] = cosine;
      nearest[of] = other;
    }
  };
  for (let one = 1; one < kept.length; one++) {
    for (let other = 0; other < one; other++) {
      const cosine = dot(kept[one], kept[other]);
      consider(one, other, cosine);
      consider(other, one, cosine);
    }
  }
  return Uint8Array.from(nearest, (other, one) => other >= 0 && kept[other][0] === kept[one][0] ? 1 : 0);
}
function dot(one, other) {
  let sum = 0;
  for (let at = 1; at < one.length; at++) sum += one[at] * other[at];
  return sum;
}
function similarity({ id }, output) {
  const values = numbersOf(output);
  if (values.length === 1) return values[0];
  if (output.dims[0] !== 2) {
    throw new UserError(
      `Sample ${id}: labels that are scores belong to pairs, so the scored output must hold two embeddings, [2, \u2026], but its shape is [${output.dims.join(", ")}]. Save each input as [samples, 2, \u2026], or give class indices as labels.`
    );
  }
  const size = values.length / 2;
  let product = 0;
  let first = 0;
  let second = 0;
  for (let at = 0; at < size; at++) {
    product += values[at] * values[at + size];
    first += values[at] ** 2;
    second += values[at + size] ** 2;
  }
  return product / (Math.sqrt(first * second) || 1);
}
function scoreOf({ id, label }) {
  if (typeof label === "number") return label;
  const values = label === null ? [] : numbersOf(label);
  if (values.length === 1) return values[0];
  throw new UserError(`Sample ${id} must have one score as its label.`);
}

// src/measure/accuracy/tasks/language-model.ts
var IGNORED = -100;
var TOKENS_INPUT = "input_ids";
var MASK_INPUT = "attention_mask";
function languageModelMetrics() {
  return [
    {
      name: "accuracy.perplexity",
      kind: "statistic",
      undefinedReason: "no token has a predecessor",
      keep(sample, output) {
        let loss = 0;
        let count = 0;
        forEachPrediction(sample, output, ({ scores, from, to, target }) => {
          loss += logSumExp(scores, from, to) - scores[from + target];
          count++;
        });
        return [loss, count];
      },
      statistic: (kept) => ofSums(kept, ([loss, count]) => Math.exp(loss / count))
    },
    {
      name: "accuracy.next-token",
      kind: "statistic",
      undefinedReason: "no token has a predecessor",
      keep(sample, output) {
        let right = 0;
        let count = 0;
        forEachPrediction(sample, output, ({ scores, from, to, target }) => {
          if (indexOfMaximum(scores, from, to) === target) right++;
          count++;
        });
        return [right, count];
      },
      statistic: (kept) => ofSums(kept, ([right, count]) => right / count)
    }
  ];
}
function forEachPrediction(sample, output, visit) {
  const scores = numbersOf(output);
  const vocabulary = output.dims.at(-1) ?? 0;
  const positions = scores.length / vocabulary;
  const targets = targetsOf(sample, positions, output);
  for (const { position, target } of targets) {
    if (target < 0 || target >= vocabulary) {
      throw new UserError(
        `Sample ${sample.id} holds token ${target}, but the scored output has a vocabulary of ${vocabulary} ([${output.dims.join(", ")}]). Choose the logits with \`output\`.`
      );
    }
    visit({ scores, from: position * vocabulary, to: (position + 1) * vocabulary, target });
  }
}
function targetsOf(sample, positions, output) {
  const { label, id } = sample;
  if (positions === 1 && label !== null) {
    return [{ position: 0, target: typeof label === "number" ? label : numbersOf(label)[0] }];
  }
  const tokens = label !== null && typeof label !== "number" ? label : tokensInput(sample);
  const values = tokens ? numbersOf(tokens) : null;
  if (values === null || values.length !== positions) {
    throw new UserError(
      `Sample ${id}: the scored output [${output.dims.join(", ")}] has ${positions} positions, but there are ${values === null ? "no" : values.length} tokens. It must be [1, tokens, vocabulary]; choose it with \`output\`, the tokens with \`labels\`.`
    );
  }
  const mask = sample.feeds[MASK_INPUT];
  const attended = mask ? numbersOf(mask) : null;
  const targets = [];
  for (let at = 1; at < positions; at++) {
    const masked = attended !== null && (attended[at] === 0 || attended[at - 1] === 0);
    if (!masked && values[at] !== IGNORED) targets.push({ position: at - 1, target: values[at] });
  }
  return targets;
}
function tokensInput({ feeds }) {
  return feeds[TOKENS_INPUT] ?? Object.values(feeds).find(({ type }) => isIntegerType(type));
}
function logSumExp(scores, from, to) {
  const highest = scores[from + indexOfMaximum(scores, from, to)];
  let sum = 0;
  for (let at = from; at < to; at++) sum += Math.exp(scores[at] - highest);
  return highest + Math.log(sum);
}

// src/measure/accuracy/tasks/regression.ts
var MAX_COLUMNS = 64;
function regressionMetrics() {
  return [
    {
      name: "accuracy.mae",
      kind: "statistic",
      undefinedReason: "there are no targets",
      keep: (sample, output) => sumsOf(sample, output, Math.abs),
      statistic: (kept) => ofSums(kept, ([sum, count]) => sum / count)
    },
    {
      name: "accuracy.rmse",
      kind: "statistic",
      undefinedReason: "there are no targets",
      keep: (sample, output) => sumsOf(sample, output, (error) => error * error),
      statistic: (kept) => ofSums(kept, ([sum, count]) => Math.sqrt(sum / count))
    },
    {
      name: "accuracy.r2",
      kind: "statistic",
      undefinedReason: "all targets are equal",
      keep: keepForR2,
      statistic: (kept) => ofSums(kept, r2)
    }
  ];
}
function sumsOf(sample, output, loss) {
  const { predicted, target } = pair(sample, output);
  let sum = 0;
  for (let at = 0; at < target.length; at++) sum += loss(predicted[at] - target[at]);
  return [sum, target.length];
}
function keepForR2(sample, output) {
  const { predicted, target } = pair(sample, output);
  const columns = target.length <= MAX_COLUMNS ? target.length : 1;
  const kept = new Float64Array(columns * 4);
  for (let at = 0; at < target.length; at++) {
    const column = at % columns * 4;
    kept[column] += (predicted[at] - target[at]) ** 2;
    kept[column + 1] += target[at];
    kept[column + 2] += target[at] ** 2;
    kept[column + 3]++;
  }
  return kept;
}
function r2(sums) {
  let total = 0;
  for (let at = 0; at < sums.length; at += 4) {
    const [error, target, squared, count] = sums.subarray(at, at + 4);
    const deviation = squared - target * target / count;
    if (deviation <= 1e-12 * squared) return Number.NaN;
    total += 1 - error / deviation;
  }
  return total / (sums.length / 4);
}
function pair({ id, label }, output) {
  if (label === null) throw new UserError(`Sample ${id} has no target.`);
  const target = typeof label === "number" ? [label] : numbersOf(label);
  const predicted = numbersOf(output);
  if (predicted.length === target.length) return { predicted, target };
  const shape = typeof label === "number" ? "[]" : `[${label.dims.join(", ")}]`;
  throw new UserError(
    `Sample ${id} has a target of shape ${shape}, but the scored output has shape [${output.dims.join(", ")}]. Choose the targets with \`labels\`, or another \`output\`.`
  );
}

// src/measure/accuracy/tasks/segmentation.ts
var IGNORED2 = 255;
var INDEX_CLASSES = 256;
function segmentationMetrics() {
  return [
    {
      name: "accuracy.miou",
      kind: "statistic",
      undefinedReason: "every pixel of the masks is ignored",
      keep: keepOverlaps,
      statistic: (kept) => ofSums(kept, meanIntersectionOverUnion)
    },
    {
      name: "accuracy.pixel",
      kind: "statistic",
      undefinedReason: "every pixel of the masks is ignored",
      keep(sample, output) {
        let right = 0;
        let total = 0;
        forEachPixel(sample, output, (predicted, target) => {
          total++;
          if (predicted === target) right++;
        });
        return [right, total];
      },
      statistic: (kept) => ofSums(kept, ([right, total]) => right / total)
    }
  ];
}
function keepOverlaps(sample, output) {
  const { classes } = classMap(sample, output);
  const kept = new Float64Array(classes * 2);
  forEachPixel(sample, output, (predicted, target) => {
    if (predicted === target) kept[target * 2]++;
    else kept[predicted * 2 + 1]++;
    kept[target * 2 + 1]++;
  });
  return kept;
}
function meanIntersectionOverUnion(sums) {
  let total = 0;
  let classes = 0;
  for (let at = 0; at < sums.length; at += 2) {
    if (sums[at + 1] === 0) continue;
    total += sums[at] / sums[at + 1];
    classes++;
  }
  return total / classes;
}
function forEachPixel(sample, output, visit) {
  const { map, classes } = classMap(sample, output);
  const target = maskOf(sample).values;
  for (let pixel = 0; pixel < target.length; pixel++) {
    const label = target[pixel];
    if (label < 0 || label === IGNORED2 && classes <= IGNORED2 || label === IGNORED2 && classes === INDEX_CLASSES)
      continue;
    if (label >= classes) {
      throw new UserError(
        `The mask of sample ${sample.id} names class ${label}, but the scored output has ${classes} classes, 0 \u2026 ${classes - 1} (${IGNORED2} is ignored).`
      );
    }
    visit(map[pixel], label);
  }
}
function maskOf({ id, label }) {
  if (label === null || typeof label === "number") {
    throw new UserError(
      `Sample ${id} has no mask: segmentation needs one class index per pixel, [height, width].`
    );
  }
  const dims = label.dims.filter((dim, axis) => dim !== 1 || axis >= label.dims.length - 2);
  if (dims.length !== 2) {
    throw new UserError(
      `The mask of sample ${id} has shape [${label.dims.join(", ")}]; it must be [height, width].`
    );
  }
  return { values: numbersOf(label), height: dims[0], width: dims[1] };
}
function classMap(sample, output) {
  const { height, width } = maskOf(sample);
  const dims = output.dims[0] === 1 && output.dims.length > 2 ? output.dims.slice(1) : output.dims;
  const is = (...shape) => shape.length === dims.length && shape.every((dim, axis) => dim === dims[axis]);
  const values = numbersOf(output);
  const size = height * width;
  if (!isFloatType(output.type) && (is(height, width) || is(1, height, width))) {
    return { map: values, classes: INDEX_CLASSES };
  }
  if (dims.length === 3 && is(dims[0], height, width)) {
    return {
      map: argmaxMap(values, { classes: dims[0], size, classStep: size, pixelStep: 1 }),
      classes: dims[0]
    };
  }
  if (dims.length === 3 && is(height, width, dims[2])) {
    return {
      map: argmaxMap(values, { classes: dims[2], size, classStep: 1, pixelStep: dims[2] }),
      classes: dims[2]
    };
  }
  throw new UserError(
    `The scored output has shape [${output.dims.join(", ")}], but the mask of sample ${sample.id} is ${height} \xD7 ${width}: it must hold a score per class and pixel, [1, C, height, width]. Save masks in the size of the output, or choose another \`output\`.`
  );
}
function argmaxMap(scores, layout) {
  const map = new Uint16Array(layout.size);
  for (let pixel = 0; pixel < layout.size; pixel++) {
    const first = pixel * layout.pixelStep;
    let best = 0;
    for (let index = 1; index < layout.classes; index++) {
      if (scores[first + index * layout.classStep] > scores[first + best * layout.classStep]) best = index;
    }
    map[pixel] = best;
  }
  return map;
}

// src/measure/accuracy/tasks/task-metrics.ts
function taskMetrics(task, dataset, options) {
  switch (task) {
    case "classification":
      return classificationMetrics(options);
    case "regression":
      return regressionMetrics();
    case "embedding":
      return embeddingMetrics({ pairs: dataset.classes === null });
    case "segmentation":
      return segmentationMetrics();
    case "language-model":
      return languageModelMetrics();
    case "custom":
    case "none":
      return [];
  }
}
function needsLabels(task) {
  return task === "classification" || task === "regression" || task === "embedding" || task === "segmentation";
}

// src/measure/accuracy/evaluate.ts
async function evaluate(request) {
  const { dataset, task, original, log = SILENT } = request;
  const scored = scoredOutput(original.outputs, request.output, request.model);
  const metrics = taskMetrics(task, dataset, request);
  const unlabelled = needsLabels(task) && !dataset.labelled;
  if (task === "classification") assertLabelsInRange(dataset, scored, request);
  const plan = {
    metrics: unlabelled ? [] : metrics,
    scored,
    outputs: request.output === null ? tensorOutputs(original) : [scored.name],
    classAxis: classAxisOf(task)
  };
  const notes = resolutionNotes(request, unlabelled ? [] : metrics);
  for (const { message } of notes) log.info(message);
  const observations = await runAll(request, plan);
  const [reference, ...others] = observations;
  assertUsable(reference, request);
  const variants = others.filter(({ runner }) => !runner.base);
  const bases = new Map(
    others.filter(({ runner }) => runner.base).map((base) => [base.runner.variant, base])
  );
  const context = { ...request, samples: dataset.length };
  return {
    measurements: [
      ...unlabelled ? skippedMeasurements(metrics, [original.variant, ...variants.map(({ runner }) => runner.variant)], {
        ...context,
        reason: `${dataset.description} has no labels`
      }) : accuracyMeasurements(metrics, { original: reference, variants, bases }, context),
      ...fidelityMeasurements(variants, {
        ...context,
        judged: plan.outputs,
        scored: scored.name
      })
    ],
    notes
  };
}
function tensorOutputs({ outputs }) {
  return outputs.filter(({ type }) => type !== null && type !== "string").map(({ name }) => name);
}
function assertUsable(original, { model, dataset }) {
  const reason = original.invalid(dataset.length);
  if (reason === null) return;
  throw new UserError(
    `${model}: the original model gives ${reason}. Check the data (${dataset.description}) and its preprocessing, or choose another \`output\`.`
  );
}
function classAxisOf(task) {
  if (task === "segmentation") return "second";
  return task === "regression" || task === "embedding" ? "none" : "last";
}
var MAX_WAITING_BYTES = 32 * 2 ** 20;
var MAX_WAITING_BATCHES = 16;
var MAX_WAITING_MS = 2e3;
async function runAll(request, plan) {
  const { dataset, original, variants, feedsFile, log = SILENT, signal } = request;
  const observations = [original, ...variants].map((runner) => new Observation(runner, plan));
  let done = 0;
  let waiting = [];
  let together = 1;
  const flush = async () => {
    const start = performance.now();
    const bytes = await runTogether(observations, waiting, plan);
    const ms = (performance.now() - start) / waiting.length;
    const most = Math.min(MAX_WAITING_BATCHES, MAX_WAITING_BYTES / bytes, MAX_WAITING_MS / ms);
    together = Math.max(1, Math.floor(most));
    done += waiting.reduce((sum, { batch }) => sum + batch.samples.length, 0);
    waiting = [];
    feedsFile?.clear();
    log.progress("accuracy", done, dataset.length);
  };
  for await (const batch of batchesOf(dataset, request.batch ?? 1)) {
    if (signal?.aborted) throw new Interrupted("interrupted");
    waiting.push({ batch, stored: feedsFile?.store(batch.feeds) ?? null });
    if (waiting.length >= together) await flush();
  }
  if (waiting.length > 0) await flush();
  return observations;
}
async function runTogether(observations, turns, plan) {
  let references = null;
  let bytes = 1;
  for (const observation of observations) {
    if (observation.failure !== null) continue;
    const isOriginal = references === null;
    const outputs = await runOne(observation, turns, { plan, isOriginal });
    if (outputs === null) continue;
    const perSample = turns.map(({ batch }, at) => splitOutputs(outputs[at], batch));
    turns.forEach(({ batch }, at) => {
      batch.samples.forEach((sample, place) => {
        if (observation.failure !== null) return;
        observation.add(sample, perSample[at][place], references === null ? null : references[at][place]);
      });
    });
    references ??= perSample;
    bytes = Math.max(bytes, ...outputs.map(bytesOf), ...turns.map(({ batch }) => bytesOf(batch.feeds)));
  }
  return bytes;
}
async function runOne(observation, turns, { plan, isOriginal }) {
  const { runner } = observation;
  try {
    const stored = turns.flatMap((turn) => turn.stored ?? []);
    if (runner.runStored && stored.length === turns.length) {
      return await runner.runStored(stored, plan.outputs);
    }
    return await Promise.all(turns.map(({ batch }) => runner.run(batch.feeds, plan.outputs)));
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    if (!isOriginal) {
      observation.failure = messageOf(error);
      return null;
    }
    if (error instanceof UserError || error instanceof MachineError) throw error;
    throw new MachineError(`The original model can't be evaluated: ${messageOf(error)}`);
  }
}
function bytesOf(tensors) {
  return Object.values(tensors).reduce(
    (sum, { data }) => sum + (Array.isArray(data) ? data.length : data.byteLength),
    0
  );
}

// src/measure/accuracy/evaluator/command.ts
import { spawn } from "node:child_process";

// src/measure/accuracy/evaluator/outputs-folder.ts
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
async function withOutputsFolder(task, use) {
  const { dataset } = task;
  if (dataset === null) {
    throw new UserError(
      "The evaluator asks for {outputs}, but there is no evaluation data: give `data.evaluation`."
    );
  }
  const folder = scratchFolder("outputs");
  const files = /* @__PURE__ */ new Map();
  try {
    const append = async (name, tensor, sample) => {
      let file = files.get(name);
      if (!file) {
        file = await NpyWriter.create(join(folder, name), tensor, dataset.length);
        files.set(name, file);
      }
      await file.append(tensor, sample);
    };
    const outputs = task.runner.outputs.filter(({ type }) => type !== null && isNumericType(type));
    const fileOf = outputFiles(outputs.map(({ name }) => name));
    for await (const { id, feeds, label } of dataset.samples()) {
      if (task.signal?.aborted) throw new Interrupted("interrupted");
      const results = await task.runner.run(
        feeds,
        outputs.map(({ name }) => name)
      );
      for (const { name } of outputs) await append(fileOf.get(name), withoutBatch(results[name]), id);
      if (label !== null) await append(LABELS, typeof label === "number" ? classLabel(label) : label, id);
    }
    await closeAll(files);
    return await use(folder);
  } finally {
    await closeAll(files);
    await rm(folder, { recursive: true, force: true });
  }
}
async function closeAll(files) {
  for (const file of files.values()) await file.close();
  files.clear();
}
var LABELS = "labels.npy";
function outputFiles(outputs) {
  const taken = /* @__PURE__ */ new Map([[LABELS, "the data's labels"]]);
  return new Map(
    outputs.map((output) => {
      const file = `${output.replace(/[^\w.-]/g, "_")}.npy`;
      const other = taken.get(file.toLowerCase());
      if (other !== void 0) {
        throw new UserError(
          `{outputs} can't hold the output '${output}' and ${other}: both would be ${file}. Use a \`module\` evaluator, or let the command run {model} itself.`
        );
      }
      taken.set(file.toLowerCase(), `the output '${output}'`);
      return [output, file];
    })
  );
}
function withoutBatch(tensor) {
  return tensor.dims[0] === 1 ? { ...tensor, dims: tensor.dims.slice(1) } : tensor;
}
function classLabel(label) {
  return { type: "int64", dims: [], data: BigInt64Array.of(BigInt(label)) };
}
var NpyWriter = class _NpyWriter {
  constructor(handle, dims) {
    this.handle = handle;
    this.dims = dims;
  }
  handle;
  dims;
  static async create(path, first, samples) {
    if (!isNumericType(first.type)) throw new UserError(`${path}: ${first.type} can't be written as .npy.`);
    const handle = await open(path, "wx");
    await handle.write(npyHeader(first.type, [samples, ...first.dims]));
    return new _NpyWriter(handle, first.dims);
  }
  async append({ dims, data }, sample) {
    if (dims.join() !== this.dims.join()) {
      throw new UserError(
        `Sample ${sample} gives [${dims.join(", ")}], others [${this.dims.join(", ")}]: outputs of changing shape can't be written to one array for {outputs}. Use a \`module\` evaluator, or let the command run {model} itself.`
      );
    }
    const values = data;
    await this.handle.write(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    );
  }
  async close() {
    await this.handle.close();
  }
};

// src/measure/accuracy/evaluator/command.ts
var MAX_OUTPUT_BYTES = 16 * 2 ** 20;
var TAIL_BYTES = 2e3;
async function runEvaluatorCommand(command, task) {
  if (!command.some((part) => part.includes("{outputs}"))) return runCommand(command, task, null);
  return withOutputsFolder(task, (folder) => runCommand(command, task, folder));
}
async function runCommand(command, task, outputs) {
  const fill = (part) => part.replaceAll("{model}", task.runner.file).replaceAll("{outputs}", outputs ?? "{outputs}");
  const [program, ...args] = command.map(fill);
  const shown = `The evaluator \`${[program, ...args].join(" ")}\``;
  task.log.debug(`running: ${[program, ...args].join(" ")}`);
  return parseResult(await standardOutput(program, args, { task, shown }), shown);
}
function standardOutput(program, args, { task, shown }) {
  task.signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: task.directory,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true
    });
    let printed = "";
    let tail = "";
    const stop = (error) => {
      reject(error);
      endGroup(child.pid);
    };
    const killWithParent = () => endGroup(child.pid);
    process.once("exit", killWithParent);
    const quoted = () => tail.trim() ? `
It wrote:
${tail.trim()}` : "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      printed += text;
      if (printed.length > MAX_OUTPUT_BYTES) {
        stop(
          new UserError(
            `${shown} printed more than ${MAX_OUTPUT_BYTES} bytes; it should print one JSON object.`
          )
        );
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      tail = (tail + text).slice(-TAIL_BYTES);
    });
    const timer = setTimeout(() => {
      const limit = `${task.timeoutMs / 1e3} s`;
      stop(
        new UserError(
          `${shown} took longer than ${limit} and was stopped (raise \`evaluator: { timeout }\`).${quoted()}`
        )
      );
    }, task.timeoutMs);
    const onAbort = () => stop(new Interrupted("interrupted"));
    task.signal?.addEventListener("abort", onAbort, { once: true });
    const settle2 = () => {
      clearTimeout(timer);
      process.removeListener("exit", killWithParent);
      task.signal?.removeEventListener("abort", onAbort);
    };
    child.on("error", (error) => {
      settle2();
      reject(new UserError(`${shown} can't be started: ${error.message}. Is ${program} installed?`));
    });
    child.on("close", (code, signal) => {
      settle2();
      if (code === 0) resolve(printed);
      else
        reject(
          new UserError(`${shown} ended ${signal ? `by ${signal}` : `with exit code ${code}`}.${quoted()}`)
        );
    });
  });
}
function endGroup(pid) {
  if (pid === void 0) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
  }
}
function parseResult(printed, shown) {
  const text = printed.trim();
  for (const candidate of [text, text.slice(text.lastIndexOf("\n") + 1)]) {
    try {
      return JSON.parse(candidate);
    } catch (error) {
      if (candidate !== text || !text.includes("\n")) {
        const start = text === "" ? "nothing" : `'${text.slice(-200)}'`;
        throw new UserError(
          `${shown} must print one JSON object of numbers, like {"exact": 0.97}, at the end of its standard output; it printed ${start} (${messageOf(error)}).`
        );
      }
    }
  }
  return null;
}

// src/measure/accuracy/evaluator/module.ts
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
var TAIL_BYTES2 = 2e3;
async function runEvaluatorModule(module, task) {
  if (!existsSync(module)) throw new UserError(`The evaluator ${module} does not exist.`);
  task.signal?.throwIfAborted();
  const child = fork(bundledFile("evaluator.js"), [], {
    cwd: task.directory,
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  });
  const killWithParent = () => child.kill("SIGKILL");
  process.once("exit", killWithParent);
  try {
    return await conversation(child, module, task);
  } finally {
    process.removeListener("exit", killWithParent);
    child.kill("SIGKILL");
  }
}
function conversation(child, module, task) {
  return new Promise((resolve, reject) => {
    let tail = "";
    const keep = (text) => {
      tail = (tail + text.toString("utf8")).slice(-TAIL_BYTES2);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    const fail = (what) => reject(
      new UserError(`The evaluator ${module} ${what}.${tail.trim() ? `
It wrote:
${tail.trim()}` : ""}`)
    );
    const timer = setTimeout(
      () => fail(
        `took longer than ${task.timeoutMs / 1e3} s and was stopped (raise \`evaluator: { timeout }\`)`
      ),
      task.timeoutMs
    );
    const onAbort = () => reject(new Interrupted("interrupted"));
    task.signal?.addEventListener("abort", onAbort, { once: true });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      task.signal?.removeEventListener("abort", onAbort);
      fail(`ended ${signal ? `by ${signal}` : `with exit code ${code}`} without a result`);
    });
    child.on("error", (error) => fail(`could not be started: ${error.message}`));
    const answer = answerer(task);
    child.on("message", (message) => {
      if (message.kind === "result") resolve(message.value);
      else if (message.kind === "error") fail(`failed: ${message.message}`);
      else {
        answer(message).then(
          (value) => child.send({ kind: "reply", id: message.id, ok: true, value }, () => {
          }),
          (error) => child.send({ kind: "reply", id: message.id, ok: false, message: messageOf(error) }, () => {
          })
        );
      }
    });
    const start = { kind: "start", module, model: task.runner.file };
    child.send(start, () => {
    });
  });
}
function answerer({
  runner,
  dataset
}) {
  const tensors = runner.outputs.filter(({ type }) => type !== null && type !== "string").map(({ name }) => name);
  let samples = null;
  return async (message) => {
    if (message.kind === "run") return runner.run(message.feeds, message.outputs ?? tensors);
    if (dataset === null) throw new Error("there is no evaluation data: give `data.evaluation`");
    samples ??= dataset.samples()[Symbol.asyncIterator]();
    const next = await samples.next();
    if (next.done) {
      samples = null;
      return null;
    }
    const { id, label, feeds } = next.value;
    return { id, label, feeds, outputs: await runner.run(feeds, tensors) };
  };
}

// src/measure/accuracy/evaluator/custom.ts
async function evaluateCustom(request) {
  const outcomes = [];
  for (const runner of request.runners) {
    request.log.info(`${request.model}: evaluating ${runner.variant}${runner.base ? " of the base" : ""}`);
    outcomes.push(await outcomeOf(runner, request));
  }
  const original = outcomes[0];
  assertFinite(original);
  const variants = outcomes.slice(1).filter(({ runner }) => !runner.base);
  const bases = outcomes.filter(({ runner }) => runner.base);
  return [...original.scores.keys()].flatMap(
    (name) => measurements(name, { original, variants, bases }, request)
  );
}
async function outcomeOf(runner, request) {
  const { evaluator } = request;
  const task = { ...request, runner, timeoutMs: evaluator.timeoutMs };
  try {
    const result = "module" in evaluator ? await runEvaluatorModule(evaluator.module, task) : await runEvaluatorCommand(evaluator.command, task);
    return { runner, scores: readScores(result), failure: null };
  } catch (error) {
    const fatal = runner.variant === ORIGINAL && !runner.base;
    if (fatal || error instanceof Interrupted || request.signal?.aborted) throw error;
    return { runner, scores: null, failure: messageOf(error) };
  }
}
function readScores(result) {
  const shown = () => JSON.stringify(result)?.slice(0, 200) ?? String(result);
  const expected = "It must return an object of numbers (or arrays of one number per sample), like { exact: 0.97 }.";
  if (typeof result !== "object" || result === null || Array.isArray(result)) {
    throw new UserError(`The evaluator returned ${shown()}. ${expected}`);
  }
  const scores = /* @__PURE__ */ new Map();
  for (const [name, value] of Object.entries(result)) {
    if (metricDefinition(`accuracy.${name}`) === void 0) {
      throw new UserError(
        `The evaluator returned a number called '${name}': names are lower-case letters, digits and dashes.`
      );
    }
    const numbers = Array.isArray(value) ? value : ArrayBuffer.isView(value) ? Array.from(value) : null;
    if (numbers === null ? typeof value !== "number" : !numbers.every((one) => typeof one === "number")) {
      throw new UserError(
        `The evaluator returned ${JSON.stringify(value)?.slice(0, 100)} as '${name}'. ${expected}`
      );
    }
    scores.set(name, numbers ?? value);
  }
  if (scores.size === 0) throw new UserError(`The evaluator returned no numbers. ${expected}`);
  return scores;
}
function assertFinite({ scores }) {
  for (const [name, score] of scores) {
    const bad = [score].flat().filter((value) => !Number.isFinite(value));
    if (bad.length > 0) {
      throw new UserError(
        `The evaluator returned ${bad[0]} as '${name}' for the original model. It must return finite numbers.`
      );
    }
  }
}
function measurements(name, outcomes, request) {
  const { original, variants, bases } = outcomes;
  const { higherIsBetter: directions } = request.evaluator;
  const higherIsBetter = typeof directions === "boolean" ? directions : directions[name] ?? true;
  const reference = original.scores.get(name);
  if (typeof reference === "number") return plainMeasurements(name, outcomes, { ...request, higherIsBetter });
  const candidate = (outcome) => {
    const score = outcome.scores?.get(name);
    const kept = Array.isArray(score) ? score.map((value) => [value]) : [];
    return {
      variant: outcome.runner.variant,
      invalid: outcome.failure ?? faultOf(score, name, reference.length),
      kept
    };
  };
  const metric = perSampleMetric(name, [original, ...variants, ...bases], higherIsBetter);
  return metricMeasurements(
    metric,
    {
      original: candidate(original),
      variants: variants.map(candidate),
      bases: new Map(bases.map((base) => [base.runner.variant, candidate(base)]))
    },
    request
  );
}
function faultOf(score, name, length) {
  if (score === void 0) return `the evaluator returned no '${name}'`;
  if (typeof score === "number")
    return `the evaluator returned one number as '${name}', but one per sample for the original`;
  if (score.length !== length)
    return `the evaluator returned ${score.length} numbers as '${name}', but ${length} for the original`;
  const bad = score.filter((value) => !Number.isFinite(value)).length;
  return bad > 0 ? `${bad} of ${length} numbers of '${name}' are NaN or infinite` : null;
}
function perSampleMetric(name, outcomes, higherIsBetter) {
  const values = outcomes.flatMap(({ scores }) => {
    const score = scores?.get(name);
    return Array.isArray(score) ? score : [];
  });
  const base = { name: `accuracy.${name}`, higherIsBetter, keep: () => [] };
  if (higherIsBetter && values.every((value) => value === 0 || value === 1))
    return { ...base, kind: "share" };
  return {
    ...base,
    kind: "statistic",
    undefinedReason: "the evaluator returned no samples",
    statistic: (kept) => {
      const pairs = kept.map((numbers) => [numbers[0], 1]);
      return ofSums(pairs, ([sum, count]) => sum / count);
    }
  };
}
function plainMeasurements(name, { original, variants, bases }, context) {
  const reference = original.scores.get(name);
  return [original, ...variants].map((outcome) => {
    const { variant } = outcome.runner;
    const empty = emptyMeasurement(`accuracy.${name}`, variant, context);
    const value = outcome.scores?.get(name);
    const invalid = outcome.failure ?? (typeof value !== "number" ? `the evaluator returned no single number '${name}'` : Number.isFinite(value) ? null : `the evaluator returned ${value} as '${name}'`);
    if (invalid !== null || typeof value !== "number")
      return { ...empty, status: "invalid", reason: invalid };
    const base = bases.find(({ runner }) => runner.variant === variant)?.scores?.get(name);
    return {
      ...empty,
      value,
      ratio: outcome === original ? null : plainRatio(value, reference),
      drop: outcome === original ? null : plainDrop(value, reference, context.higherIsBetter),
      base: typeof base === "number" && Number.isFinite(base) ? { value: base, ratio: plainRatio(value, base), note: null } : null
    };
  });
}
function plainRatio(value, reference) {
  if (value === reference) return { value: 1, interval: null };
  return reference === 0 || !Number.isFinite(reference) ? null : { value: value / reference, interval: null };
}
function plainDrop(value, reference, higherIsBetter) {
  if (!Number.isFinite(reference)) return null;
  const drop = higherIsBetter ? reference - value : value - reference;
  return { value: drop, interval: null, lost: null, gained: null, p: null, resolvable: null };
}

// src/measure/accuracy/runner.ts
function workerRunner(worker, variant, options = {}) {
  return {
    variant,
    base: options.base ?? false,
    outputs: worker.opened.outputs,
    run: async (feeds, outputs) => (await worker.call("run", { feeds, outputs })).outputs,
    runStored: async (feeds, outputs) => (await worker.call("runStored", { feeds, outputs })).outputs
  };
}

// src/measure/evaluate-model.ts
async function evaluateModel(request) {
  const { model, log } = request;
  const workers = [];
  const feedsFile = FeedsFile.open();
  try {
    const runners = [];
    for (const subject of request.subjects) {
      runners.push(...await openRunners(subject, request, { workers, feedsFile }));
    }
    const { dataset, task, note } = samplesOf(request, workers[0].opened.inputs);
    const result = await evaluate({
      model: model.name,
      task,
      output: model.output,
      labelOffset: model.labelOffset,
      dataset,
      original: runners[0],
      variants: runners.slice(1),
      provider: request.session.provider ?? "cpu",
      confidence: request.confidence,
      checks: request.checks,
      feedsFile,
      log,
      ...request.signal ? { signal: request.signal } : {}
    });
    const custom = await scoreWithEvaluator(request, runners);
    return {
      measurements: [...custom.measurements, ...result.measurements],
      notes: [...note ? [note] : [], ...result.notes, ...custom.notes]
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
    feedsFile.close();
  }
}
async function scoreWithEvaluator(request, runners) {
  const { model, evaluation, session } = request;
  if (!model.evaluator) return { measurements: [], notes: [] };
  if (!request.allowCommands) {
    const message = `The evaluator of ${model.name} did not run: commands of this pull request are not allowed (allow-commands).`;
    const note = {
      level: "warn",
      code: "accuracy.evaluator",
      message,
      model: model.name,
      variant: null
    };
    return { measurements: [], notes: [note] };
  }
  const measurements2 = await evaluateCustom({
    ...request,
    model: model.name,
    evaluator: model.evaluator,
    dataset: evaluation,
    provider: session.provider ?? "cpu",
    runners
  });
  return { measurements: measurements2, notes: [] };
}
async function openRunners(subject, request, { workers, feedsFile }) {
  const runners = [];
  for (const [file, base] of [
    [subject.file, false],
    [subject.base ?? null, true]
  ]) {
    if (file === null) continue;
    try {
      const worker = await startWorker({
        model: file,
        // Threads that spin on after a run would take the cores from the next model.
        session: { ...request.session, configEntries: SPIN_WITHIN_RUNS },
        runtime: request.runtime,
        feedsFile,
        ...request.signal ? { signal: request.signal } : {}
      });
      workers.push(worker);
      runners.push({ ...workerRunner(worker, subject.variant, { base }), file });
    } catch (error) {
      if (error instanceof Interrupted || request.signal?.aborted) throw error;
      if (subject.variant === ORIGINAL && !base) throw originalFailure(error);
      if (!base) runners.push({ ...failedRunner(subject.variant, error, workers[0].opened.outputs), file });
    }
  }
  return runners;
}
function failedRunner(variant, error, outputs) {
  return { variant, outputs, run: () => Promise.reject(error) };
}
function originalFailure(error) {
  if (!(error instanceof WorkerError)) return error;
  if (error.failure === "refused") return new UserError(error.message);
  return new MachineError(`The original model can't be evaluated. ${messageOf(error)}`);
}
function samplesOf({ model, evaluation, calibration, shapes }, inputs) {
  if (evaluation) return { dataset: evaluation, task: model.task, note: null };
  const note = (code, message) => ({
    level: "info",
    code,
    message,
    model: model.name,
    variant: null
  });
  if (calibration) {
    return {
      dataset: calibration,
      task: "none",
      note: note(
        "fidelity.calibration",
        "Fidelity is measured on the calibration samples: there is no evaluation data."
      )
    };
  }
  return {
    dataset: madeUpSample(inputs, shapes),
    task: "none",
    note: note(
      "fidelity.made-up",
      "Fidelity is measured on one made-up input: give evaluation data for evidence that counts."
    )
  };
}
function madeUpSample(inputs, shapes) {
  const sample = {
    id: "made-up",
    feeds: timingFeeds(inputs, { batch: 1, shapes, sample: null }),
    label: null
  };
  return {
    description: "made-up input",
    length: 1,
    labelled: false,
    classes: null,
    async *samples() {
      yield sample;
    }
  };
}

export {
  assertLabelsInRange,
  needsLabels,
  evaluateModel
};
