import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  SILENT
} from "./chunk-X7SHKWLT.js";
import {
  withDoubt
} from "./chunk-Z7C2XHPS.js";
import {
  runProgram
} from "./chunk-HK6CHRLM.js";
import {
  twoSided
} from "./chunk-AQF5U6DS.js";
import {
  OutputFidelity,
  indexOfMaximum,
  scoredOutput,
  seededRandom
} from "./chunk-GX2LVYN6.js";
import {
  SPIN_WITHIN_RUNS
} from "./chunk-2HF4QNQX.js";
import {
  matchesWhere
} from "./chunk-OU7AXWVO.js";
import {
  WorkerError,
  bundledFile,
  forkFile,
  signalAll,
  startWorker,
  superviseChild,
  timingFeeds
} from "./chunk-7TIY6MZ6.js";
import {
  ORIGINAL,
  blankMeasurement,
  metricDefinition
} from "./chunk-4HVFDZ7G.js";
import {
  FeedsFile
} from "./chunk-SZD3ZDXA.js";
import {
  CLASS_ORDERS,
  classIndices
} from "./chunk-AFAWG3BD.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  npyHeader
} from "./chunk-CQM643LP.js";
import {
  elementCount
} from "./chunk-OEIIXWBO.js";
import {
  allocate,
  isFloatType,
  isIntegerType,
  isNumericType,
  numbersOf
} from "./chunk-DFCMXZVG.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf,
  throwIfInterrupted
} from "./chunk-IYM25C4U.js";

// src/measure/statistics/binomial.ts
function binomialTail(k, n, probability2) {
  if (k <= 0) return 1;
  if (probability2 <= 0) return 0;
  if (probability2 >= 1) return 1;
  const odds = Math.log(probability2) - Math.log1p(-probability2);
  let logTerm = n * Math.log1p(-probability2);
  let below = 0;
  let tail = 0;
  for (let hits = 0; hits <= n; hits++) {
    const term = Math.exp(logTerm);
    if (hits >= k) tail += term;
    else below += term;
    logTerm += Math.log(n - hits) - Math.log(hits + 1) + odds;
  }
  return Math.min(1, Math.max(0, tail < below ? tail : 1 - below));
}

// src/measure/statistics/normal.ts
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
function normalQuantile(probability2) {
  if (!(probability2 > 0 && probability2 < 1))
    throw new RangeError(`probability ${probability2} is not in (0, 1)`);
  let low = -8;
  let high = 8;
  for (let step = 0; step < 80 && high - low > 1e-13; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability2) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// src/measure/statistics/paired.ts
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

// src/measure/statistics/agreement.ts
var DRAWS = 2e3;
var MAX_WORK = 2e7;
var MIN_DRAWS = 200;
var SEED = 20240301;
var CERTAIN = 6;
var NORMAL_DEVIATION = 3;
function agreementBeyondChance(answers, labels, { classes, confidence }) {
  const n = answers.length;
  const answered = counts(answers);
  const labelled = counts(labels);
  let right = 0;
  for (let at = 0; at < n; at++) if (answers[at] === labels[at]) right++;
  if (labelled.size < 2) {
    const chance2 = 1 / Math.max(2, classes);
    const kappa = (right / n - chance2) / (1 - chance2);
    const upper = (wilson(right, n, confidence).hi - chance2) / (1 - chance2);
    return { n, right, chance: chance2, kappa, p: binomialTail(right, n, chance2), upper };
  }
  const { mean, deviation } = matchesByChance(answered, labelled, n);
  const chance = mean / n;
  return {
    n,
    right,
    chance,
    kappa: chance < 1 ? (right / n - chance) / (1 - chance) : 0,
    p: permutationP(answers, labels, { right, mean, deviation }),
    upper: upperKappa({ answers, labels, answered }, { right, chance, confidence })
  };
}
function counts(values) {
  const found = /* @__PURE__ */ new Map();
  for (let at = 0; at < values.length; at++) found.set(values[at], (found.get(values[at]) ?? 0) + 1);
  return found;
}
function matchesByChance(answered, labelled, n) {
  let pairs = 0;
  let excluded = 0;
  for (const [value, a] of answered) {
    const b = labelled.get(value) ?? 0;
    pairs += a * b;
    excluded += a * b * (a + b - 1);
  }
  const mean = pairs / n;
  const twice = n > 1 ? (pairs * pairs - excluded) / (n * (n - 1)) : 0;
  return { mean, deviation: Math.sqrt(Math.max(0, twice + mean - mean * mean)) };
}
function permutationP(answers, labels, { right, mean, deviation }) {
  if (deviation < 1e-9) return 1;
  const z = (right - 0.5 - mean) / deviation;
  if (z > CERTAIN) return 0;
  if (z < -CERTAIN) return 1;
  if (deviation >= NORMAL_DEVIATION) return 1 - normalCdf(z);
  const n = answers.length;
  const draws = Math.max(MIN_DRAWS, Math.min(DRAWS, Math.floor(MAX_WORK / n)));
  const random = seededRandom(SEED);
  const drawn = Float64Array.from({ length: n }, (_, at) => labels[at]);
  let reached = 0;
  for (let draw = 0; draw < draws; draw++) {
    let matches = 0;
    for (let last = n - 1; last >= 0; last--) {
      const other = random.below(last + 1);
      const held = drawn[last];
      drawn[last] = drawn[other];
      drawn[other] = held;
      if (drawn[last] === answers[last]) matches++;
    }
    if (matches >= right) reached++;
  }
  return (reached + 1) / (draws + 1);
}
function upperKappa({ answers, labels, answered }, { right, chance, confidence }) {
  const n = answers.length;
  const bound = (hits, total, expected) => expected < 1 ? (wilson(hits, total, confidence).hi - expected) / (1 - expected) : 1;
  const favourite = [...answered].reduce((best, entry) => entry[1] > best[1] ? entry : best)[0];
  let others = 0;
  let othersRight = 0;
  let othersExpected = 0;
  for (let at = 0; at < n; at++) {
    if (labels[at] === favourite) continue;
    others++;
    if (answers[at] === labels[at]) othersRight++;
    othersExpected += (answered.get(labels[at]) ?? 0) / n;
  }
  const overall = bound(right, n, chance);
  return others === 0 ? overall : Math.min(overall, bound(othersRight, others, othersExpected / others));
}

// src/measure/accuracy/tasks/class-axis.ts
function assertOneClassAxis(shape, context) {
  if (axesAboveOne(shape) < 2) return;
  const name = context.output === void 0 ? "The scored output" : `The scored output '${context.output}'`;
  throw new UserError(
    `${name} has shape [${shape.join(", ")}]: classification needs one score per class, so only one axis after the batch may be above 1. ` + advice(shape, context)
  );
}
function axesAboveOne(shape) {
  return shape.slice(1).filter((size) => typeof size === "number" && size > 1).length;
}
function advice(shape, { output, outputs = [], sample }) {
  const fitting = outputs.filter(
    ({ name, shape: other }) => name !== output && other !== null && other.length > 1 && isOneRow(other)
  );
  const choose = fitting.map(({ name }) => `\`output: ${name}\``).join(" or ");
  const task = `\`task: ${taskOf(shape, sample)}\``;
  const evaluator = taskOf(shape, sample) === "custom" ? " with an 'evaluator' of yours" : "";
  return fitting.length > 0 ? `Write ${choose}, which has one, or ${task}${evaluator}.` : `Write ${task}${evaluator}, or choose another \`output\`.`;
}
function isOneRow(shape) {
  return shape.slice(1).filter((size) => size !== 1).length === 1;
}
function taskOf(shape, sample) {
  const label = sample?.label ?? null;
  const mask = label !== null && typeof label !== "number" && label.dims.filter((size) => size > 1).length >= 2;
  if (mask || shape.length === 4) return "segmentation";
  const tokens = Object.values(sample?.feeds ?? {}).some(
    ({ type, dims }) => isIntegerType(type) && dims.at(-1) === shape.at(-2)
  );
  return tokens ? "language-model" : "custom";
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
  assertOneClassAxis(output.dims, { outputs: options.outputs ?? [], sample });
  const index = labelledClass(sample, scores.length, options);
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
  const { outputs = [] } = options;
  if (output.shape !== null) assertOneClassAxis(output.shape, { output: output.name, outputs });
  const classes = output.shape?.at(-1);
  if (data.classes === null || typeof classes !== "number" || classes < 2 || output.shape.length > 2) return;
  if (data.classes + options.labelOffset <= classes) return;
  throw labelOutOfRange(`${data.description} has label ${data.classes - 1}`, classes, options);
}
function labelOutOfRange(what, classes, { labelOffset }) {
  const offset = labelOffset === 0 ? "" : ` (with label-offset ${labelOffset})`;
  return new UserError(
    `${what}, but the scored output has ${classes} classes, 0 \u2026 ${classes - 1}${offset}. Correct the labels, \`label-offset\` (1 for models with a background class, \u22121 for labels that count from 1), or \`output\`.`
  );
}
function labelledClass({ label, id }, classes, { labelOffset }) {
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

// src/measure/statistics/bootstrap.ts
var DRAWS2 = 2e3;
var DRAWS_BEYOND = 10;
var MAX_WORK2 = 2e8;
var MIN_DRAWS2 = 500;
var SEED2 = 20240229;
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
  const wanted = Math.max(DRAWS2, Math.ceil(DRAWS_BEYOND / (1 - confidence)));
  const draws = Math.max(MIN_DRAWS2, Math.min(wanted, Math.floor(MAX_WORK2 / n)));
  const random = seededRandom(SEED2);
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

// src/measure/accuracy/chance/skill.ts
var BOUND_CONFIDENCE = 0.99;
var MARGIN = 0.2;
var ALPHA = 0.01;
var HARDLY = 0.1;
var WEAK = 0.4;
function standingOf({ skill, upper, p, informed = false }) {
  if (skill >= WEAK) return "above";
  if (p <= ALPHA || informed) return skill < HARDLY ? "hardly" : "weak";
  if (upper <= MARGIN) return "chance";
  return skill < MARGIN ? "untold" : "above";
}
var MIN_SAMPLES = 20;
function byBootstrap(skill, samples, telling = samples) {
  const value = skill(null);
  const known = { skill: value, n: samples };
  if (value >= WEAK) return { ...known, upper: 1, p: 0 };
  if (telling < MIN_SAMPLES) return { ...known, upper: 1, p: 1 };
  const lower = bootstrapInterval(skill, samples, 1 - ALPHA)?.lo ?? 0;
  const upper = bootstrapInterval(skill, samples, BOUND_CONFIDENCE)?.hi ?? 1;
  return { ...known, upper: Math.max(value, upper), p: lower > 0 ? 0 : 1 };
}

// src/measure/accuracy/chance/classification.ts
var MOST_SCORES = 16;
var ONE_SIDED = 0.9;
var ORDER_P = 1e-3;
var ORDER_AREA = 0.65;
var MIN_OF_CLASS = 5;
function classificationSkill(options) {
  return {
    metric: "accuracy.top1",
    from: null,
    keep(sample, output) {
      const scores = numbersOf(output);
      const head = [indexOfMaximum(scores), labelledClass(sample, scores.length, options), scores.length];
      return scores.length <= MOST_SCORES ? Float64Array.from([...head, ...Array.from(scores)]) : Float64Array.from(head);
    },
    right: (row) => row[0] === row[1],
    assess(rows) {
      if (rows.length === 0) return null;
      const answers = Float64Array.from(rows, (row) => row[0]);
      const labels = Float64Array.from(rows, (row) => row[1]);
      const found = agreementBeyondChance(answers, labels, {
        classes: rows[0][2],
        confidence: BOUND_CONFIDENCE
      });
      const fact = oneSided(answers, options);
      return {
        value: found.right / found.n,
        chance: found.chance,
        skill: found.kappa,
        upper: found.upper,
        p: found.p,
        n: found.n,
        chanceIs: "answers given without regard to the sample",
        fact,
        informed: found.p > ALPHA && fact !== null && ordersClasses(rows)
      };
    }
  };
}
function oneSided(answers, { labelOffset }) {
  const counts2 = /* @__PURE__ */ new Map();
  for (const answer of answers) counts2.set(answer, (counts2.get(answer) ?? 0) + 1);
  const [favourite, count] = [...counts2].reduce((best, entry) => entry[1] > best[1] ? entry : best);
  if (count < ONE_SIDED * answers.length || answers.length < 2) return null;
  const name = labelOffset === 0 ? `class ${favourite}` : `output ${favourite}`;
  return count === answers.length ? `every answer is ${name}` : `${Math.round(count / answers.length * 100)} % of the answers are ${name}`;
}
function ordersClasses(rows) {
  const classes = rows[0][2];
  if (rows[0].length < 3 + classes) return false;
  for (let index = 0; index < classes; index++) {
    const margins = rows.map((row) => ({ margin: marginOf(row, index), own: row[1] === index }));
    const area = areaUnderRoc(margins);
    if (area !== null && area.value >= ORDER_AREA && area.p * classes <= ORDER_P) return true;
  }
  return false;
}
function marginOf(row, index) {
  let other = Number.NEGATIVE_INFINITY;
  for (let at = 3; at < row.length; at++) if (at - 3 !== index) other = Math.max(other, row[at]);
  return row[3 + index] - other;
}
function areaUnderRoc(margins) {
  const own = margins.filter((entry) => entry.own).length;
  const others = margins.length - own;
  if (own < MIN_OF_CLASS || others < MIN_OF_CLASS) return null;
  const order = [...margins].sort((a, b) => a.margin - b.margin);
  let ranks = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && order[to].margin === order[from].margin) to++;
    for (let at = from; at < to; at++) if (order[at].own) ranks += (from + to + 1) / 2;
    from = to;
  }
  const value = (ranks - own * (own + 1) / 2) / (own * others);
  const deviation = Math.sqrt((own + others + 1) / (12 * own * others));
  return { value, p: 1 - normalCdf((value - 0.5) / deviation) };
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

// src/measure/accuracy/chance/embedding.ts
function embeddingSkill({ pairs }) {
  const [metric] = embeddingMetrics({ pairs });
  return {
    metric: metric.name,
    from: metric.name,
    keep: metric.keep,
    assess: metric.kind === "share" ? recallSkill(metric) : rankSkill(metric)
  };
}
var recallSkill = (metric) => (rows) => {
  const n = rows.length;
  if (n < 2) return null;
  const counts2 = /* @__PURE__ */ new Map();
  for (const row of rows) counts2.set(row[0], (counts2.get(row[0]) ?? 0) + 1);
  let pairs = 0;
  for (const count of counts2.values()) pairs += count * (count - 1);
  const chance = pairs / (n * (n - 1));
  if (chance === 1) return null;
  const right = metric.right(rows).reduce((sum, one) => sum + one, 0);
  const skill = (share) => (share - chance) / (1 - chance);
  const alone = pairs === 0;
  return {
    value: right / n,
    chance,
    skill: skill(right / n),
    upper: alone ? 0 : skill(wilson(right, n, BOUND_CONFIDENCE).hi),
    p: binomialTail(right, n, chance),
    n,
    chanceIs: "a random other sample",
    fact: alone ? "no class has two samples, so that no neighbour can be right" : null
  };
};
var rankSkill = (metric) => (rows) => {
  const n = rows.length;
  const value = metric.statistic(rows)(null);
  if (!Number.isFinite(value)) return null;
  const spread = n > 3 ? Math.sqrt((1 + value ** 2 / 2) / (n - 3)) : Number.POSITIVE_INFINITY;
  const inside = Math.min(1 - 1e-12, Math.max(-1 + 1e-12, value));
  const upper = Math.tanh(Math.atanh(inside) + normalQuantile(BOUND_CONFIDENCE) * spread);
  return {
    value,
    chance: 0,
    skill: value,
    upper,
    p: 1 - normalCdf(Math.atanh(inside) * Math.sqrt(Math.max(0, n - 3))),
    n,
    chanceIs: "similarities without regard to the labels",
    fact: null
  };
};

// src/measure/accuracy/tasks/metric.ts
function ofSums(kept, figure2) {
  const sums = new Float64Array(kept[0]?.length ?? 0);
  return (weights) => {
    sums.fill(0);
    for (let sample = 0; sample < kept.length; sample++) {
      const weight = weights === null ? 1 : weights[sample];
      if (weight === 0) continue;
      const numbers = kept[sample];
      for (let at = 0; at < sums.length; at++) sums[at] += weight * numbers[at];
    }
    return figure2(sums);
  };
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
          loss += lossOf({ scores, from, to, target });
          count++;
        });
        return [loss, count];
      },
      statistic: (kept) => ofSums(kept, ([loss = 0, count = 0]) => Math.exp(loss / count))
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
      statistic: (kept) => ofSums(kept, ([right = 0, count = 0]) => right / count)
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
function lossOf({ scores, from, to, target }) {
  return logSumExp(scores, from, to) - scores[from + target];
}
function logSumExp(scores, from, to) {
  const highest2 = scores[from + indexOfMaximum(scores, from, to)];
  let sum = 0;
  for (let at = from; at < to; at++) sum += Math.exp(scores[at] - highest2);
  return highest2 + Math.log(sum);
}

// src/measure/accuracy/chance/language-model.ts
var MOST_TOKENS = 4096;
var MIN_TOKENS = 50;
var ROUNDING = 1e-6;
var PER_TOKEN = 3;
function languageModelSkill() {
  let seen2 = 0;
  return {
    metric: "accuracy.perplexity",
    from: null,
    keep(sample, output) {
      const row = [output.dims.at(-1) ?? 0];
      if (seen2 >= MOST_TOKENS) return row;
      forEachPrediction(sample, output, (prediction) => {
        const { scores, from, to, target } = prediction;
        row.push(lossOf(prediction), indexOfMaximum(scores, from, to), target);
      });
      seen2 += (row.length - 1) / PER_TOKEN;
      return Float64Array.from(row);
    },
    assess(rows) {
      const [losses, answers, targets] = [0, 1, 2].map((place) => column(rows, place));
      const vocabulary = rows[0]?.[0] ?? 0;
      if (losses.length < MIN_TOKENS || vocabulary < 2) return null;
      const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
      const uniform = Math.log(vocabulary);
      const frequency = lossByFrequency(targets, vocabulary);
      const next = agreementBeyondChance(answers, targets, {
        classes: vocabulary,
        confidence: BOUND_CONFIDENCE
      });
      const tokens = { skill: next.kappa, upper: next.upper, p: next.p, n: losses.length };
      const figures = { value: Math.exp(loss), fact: null };
      if (loss >= uniform * (1 - ROUNDING)) {
        return {
          ...figures,
          ...tokens,
          skill: Math.min(0, next.kappa),
          upper: 0,
          p: 1,
          chance: vocabulary,
          chanceIs: "every token being equally likely"
        };
      }
      const above = {
        ...figures,
        ...tokens,
        chance: Math.exp(frequency),
        chanceIs: "the tokens' own frequency"
      };
      return loss < frequency ? { ...above, skill: Math.max(next.kappa, 1 - loss / frequency), upper: 1, p: 0, informed: true } : above;
    }
  };
}
function column(rows, place) {
  return rows.flatMap((row) => {
    const values = [];
    for (let at = 1 + place; at < row.length; at += PER_TOKEN) values.push(row[at]);
    return values;
  });
}
function lossByFrequency(targets, vocabulary) {
  const counts2 = /* @__PURE__ */ new Map();
  for (const target of targets) counts2.set(target, (counts2.get(target) ?? 0) + 1);
  let loss = 0;
  for (const count of counts2.values()) loss -= count * Math.log(count / (targets.length - 1 + vocabulary));
  return loss / targets.length;
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
      statistic: (kept) => ofSums(kept, ([sum = 0, count = 0]) => sum / count)
    },
    {
      name: "accuracy.rmse",
      kind: "statistic",
      undefinedReason: "there are no targets",
      keep: (sample, output) => sumsOf(sample, output, (error) => error * error),
      statistic: (kept) => ofSums(kept, ([sum = 0, count = 0]) => Math.sqrt(sum / count))
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
    const column2 = at % columns * 4;
    kept[column2] += (predicted[at] - target[at]) ** 2;
    kept[column2 + 1] += target[at];
    kept[column2 + 2] += target[at] ** 2;
    kept[column2 + 3]++;
  }
  return kept;
}
function r2(sums) {
  const columns = r2OfColumns(sums);
  return columns.reduce((total, value) => total + value, 0) / columns.length;
}
function r2OfColumns(sums) {
  const columns = [];
  for (let at = 0; at < sums.length; at += 4) {
    const [error = 0, target = 0, squared = 0, count = 0] = sums.subarray(at, at + 4);
    const deviation = squared - target * target / count;
    columns.push(deviation <= 1e-12 * squared ? Number.NaN : 1 - error / deviation);
  }
  return columns;
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

// src/measure/accuracy/chance/regression.ts
function regressionSkill() {
  const r22 = regressionMetrics().find(({ name }) => name === "accuracy.r2");
  return {
    metric: r22.name,
    from: r22.name,
    keep: r22.keep,
    assess(rows) {
      const best = ofSums(rows, (sums) => highest(r2OfColumns(sums)));
      const value = best(null);
      if (!Number.isFinite(value)) return null;
      const columns = rows[0].length / 4;
      return {
        value,
        chance: 0,
        ...byBootstrap(best, rows.length),
        chanceIs: "always answering the mean of the targets",
        fact: columns > 1 ? `the best of ${columns} targets counts` : null
      };
    }
  };
}
function highest(values) {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.length === 0 ? Number.NaN : Math.max(...defined);
}

// src/measure/accuracy/chance/renumbered.ts
var MIN_SAMPLES2 = 20;
var MIN_KAPPA = 0.4;
var MIN_DISTINCT = 0.7;
var MAX_RIGHT = 0.1;
var MIN_CORRELATION = 0.8;
var NAMED = 4;
function renumbering(rows, names) {
  if (rows.length < MIN_SAMPLES2) return null;
  return byMostFrequent(rows, names) ?? byPosition(rows);
}
function byMostFrequent(rows, names) {
  const [learnt, tested] = [rows.filter((_, at) => at % 2 === 0), rows.filter((_, at) => at % 2 === 1)];
  const mapping = mostFrequentAnswers(learnt);
  if (new Set(mapping.values()).size < MIN_DISTINCT * mapping.size) return null;
  const known = tested.filter((row) => mapping.has(row[1]));
  if (known.length < MIN_SAMPLES2 / 2) return null;
  const { kappa, p } = agreementBeyondChance(
    known.map((row) => row[0]),
    known.map((row) => mapping.get(row[1])),
    { classes: rows[0][2], confidence: BOUND_CONFIDENCE }
  );
  if (kappa < MIN_KAPPA || p > 1e-3) return null;
  const moved = [...mapping].filter(([label, answer]) => label !== answer).sort((a, b) => a[0] - b[0]);
  if (moved.length === 0) return null;
  const pairs = moved.slice(0, NAMED).map(([label, answer]) => {
    const name = names.get(label);
    return `${name === void 0 ? `label ${label}` : `'${name}' (counted as ${label})`} is output ${answer}`;
  });
  const more = moved.length > NAMED ? `, and ${moved.length - NAMED} more` : "";
  return {
    found: `Answers and labels do go together, under other numbers: ${pairs.join(", ")}${more}.`,
    remedy: names.size > 0 ? "Name each class by the index of the model's output (folders 0, 1, 2 \u2026)" : "Number the labels as the model's outputs are",
    kappa
  };
}
function mostFrequentAnswers(rows) {
  const counts2 = /* @__PURE__ */ new Map();
  for (const row of rows) {
    const answers = counts2.get(row[1]) ?? /* @__PURE__ */ new Map();
    answers.set(row[0], (answers.get(row[0]) ?? 0) + 1);
    counts2.set(row[1], answers);
  }
  return new Map(
    [...counts2].map(([label, answers]) => [
      label,
      [...answers].reduce((best, entry) => entry[1] > best[1] ? entry : best)[0]
    ])
  );
}
function byPosition(rows) {
  const answers = rows.map((row) => row[0]);
  const labels = rows.map((row) => row[1]);
  const [classes, outputs] = [new Set(labels).size, rows[0][2]];
  const right = rows.filter((row) => row[0] === row[1]).length;
  if (Math.max(...labels) > classes || right > MAX_RIGHT * rows.length) return null;
  if (classes >= outputs || classes < MIN_SAMPLES2 || correlation2(answers, labels) < MIN_CORRELATION)
    return null;
  return {
    found: `The answers rise with the labels: these are positions among the ${classes} classes that are there, and the model has ${outputs} outputs.`,
    remedy: "Name each class by the index of the model's output (folders 0, 2, 4 \u2026), or give a folder for every class",
    kappa: null
  };
}
function correlation2(one, other) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [a, b] = [mean(one), mean(other)];
  let [both, left, right] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    both += (one[at] - a) * (other[at] - b);
    left += (one[at] - a) ** 2;
    right += (other[at] - b) ** 2;
  }
  return left === 0 || right === 0 ? 0 : both / Math.sqrt(left * right);
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
      statistic: (kept) => ofSums(kept, ([right = 0, total = 0]) => right / total)
    }
  ];
}
var PER_CLASS = 3;
function keepOverlaps(sample, output) {
  const { classes } = classMap(sample, output);
  const kept = new Float64Array(classes * PER_CLASS);
  forEachPixel(sample, output, (predicted, target) => {
    if (predicted === target) kept[target * PER_CLASS]++;
    else kept[predicted * PER_CLASS + 1]++;
    kept[target * PER_CLASS + 1]++;
    kept[target * PER_CLASS + 2]++;
  });
  return kept;
}
function meanIntersectionOverUnion(sums) {
  let total = 0;
  let classes = 0;
  for (let at = 0; at < sums.length; at += PER_CLASS) {
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

// src/measure/accuracy/chance/segmentation.ts
function segmentationSkill() {
  const miou = segmentationMetrics().find(({ name }) => name === "accuracy.miou");
  return {
    metric: miou.name,
    from: miou.name,
    keep: miou.keep,
    assess(rows) {
      const chance = ofSums(rows, constantMap)(null);
      if (!(chance < 1)) return null;
      const skill = ofSums(rows, (sums) => {
        const constant = constantMap(sums);
        return (meanIntersectionOverUnion(sums) - constant) / (1 - constant);
      });
      return {
        value: ofSums(rows, meanIntersectionOverUnion)(null),
        chance,
        ...byBootstrap(skill, rows.length, imagesThatTell(rows)),
        chanceIs: "naming the most frequent class everywhere",
        fact: null
      };
    }
  };
}
function constantMap(sums) {
  let total = 0;
  let most = 0;
  let classes = 0;
  for (let at = 2; at < sums.length; at += PER_CLASS) {
    total += sums[at];
    most = Math.max(most, sums[at]);
    if (sums[at] > 0) classes++;
  }
  return most / total / classes;
}
function imagesThatTell(rows) {
  const totals = /* @__PURE__ */ new Map();
  for (const row of rows) {
    for (let at = 2; at < row.length; at += PER_CLASS) totals.set(at, (totals.get(at) ?? 0) + row[at]);
  }
  const most = [...totals].reduce((best, entry) => entry[1] > best[1] ? entry : best, [2, 0])[0];
  return rows.filter((row) => {
    for (let at = 2; at < row.length; at += PER_CLASS) if (at !== most && row[at] > 0) return true;
    return false;
  }).length;
}

// src/data/images/alternatives.ts
var IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
var CAFFE_MEAN = [103.939, 116.779, 123.68];
var HIGHEST_SHARE = 2;
var IMAGE_AXES = 2;
function canBePreparedOtherwise({ stored, axes, config }) {
  const { scale, mean, std } = config;
  if (stored === "fed") return false;
  if (stored === "image" || stored === "bytes") return true;
  return axes >= IMAGE_AXES || scale !== null || mean !== null || std !== null;
}
var AS_STORED = { scale: false, mean: null, std: null };
function alternatives(preparation, statistics) {
  const { config } = preparation;
  const swap = { channels: config.channels === "bgr" ? "rgb" : "bgr" };
  const normalizations = normalizationsOf(preparation, statistics);
  const layout = config.layout === "NHWC" ? "NCHW" : "NHWC";
  return {
    single: [
      { words: "the channels swapped", changes: swap },
      ...normalizations,
      { words: `layout ${layout}`, changes: { layout } }
    ],
    swapped: normalizations.map(({ words, changes }) => ({
      of: words,
      words: `${words} and the channels swapped`,
      changes: { ...changes, ...swap }
    }))
  };
}
function normalizationsOf({ stored, config }, { mean, std, highest: highest2 }) {
  const levels = stored !== "numbers" || highest2 > HIGHEST_SHARE;
  const unit = levels ? 255 : 1;
  const divided = stored === "numbers" ? config.scale === true : config.scale !== false;
  const scale = (wanted) => wanted === divided ? {} : { scale: wanted };
  const own = {
    mean: mean.map((value) => rounded(value / unit)),
    std: std.map((value) => rounded(value / unit))
  };
  const from = (words, changes, divide = levels) => ({
    words,
    changes: { ...scale(divide), mean: null, std: null, ...changes }
  });
  return [
    from("values from 0 to 1", {}),
    from("values from 0 to 255", levels ? {} : { std: [rounded(1 / 255)] }, false),
    from("values from \u22121 to 1", { mean: [0.5], std: [0.5] }),
    from("ImageNet's mean and std", IMAGENET),
    ...own.std.every((value) => value > 0) ? [from("the data's own mean and std", own)] : [],
    ...levels ? [from("Caffe's mean in the order blue, green, red", { mean: CAFFE_MEAN, channels: "bgr" }, false)] : []
  ];
}
function rounded(value) {
  return Number(value.toPrecision(4));
}
function changesAsWritten(changes, config) {
  const entries = Object.entries(changes).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(config[key])
  );
  const written = entries.flatMap(
    ([key, value]) => value === null ? [] : [`${key}: ${Array.isArray(value) ? `[${value.join(", ")}]` : value}`]
  );
  const gone = entries.flatMap(([key, value]) => value === null ? [`\`${key}\``] : []);
  return [
    ...written.length > 0 ? [`write \`${written.join(", ")}\``] : [],
    ...gone.length > 0 ? [`leave out ${gone.join(" and ")}`] : []
  ].join(" and ");
}

// src/measure/accuracy/chance/label-trials.ts
function labelTrials({ task, labelOffset, dataset }) {
  switch (task) {
    case "classification":
      return [
        offsetTrial(1, labelOffset),
        offsetTrial(-1, labelOffset),
        ...orderTrials(dataset.classIndices)
      ];
    case "segmentation":
      return [maskTrial(1), maskTrial(-1)];
    case "embedding":
      return dataset.classes === null ? [NEGATED] : [];
    default:
      return [];
  }
}
function offsetTrial(step, labelOffset) {
  const line = `\`label-offset: ${labelOffset + step}\``;
  return {
    words: line,
    remedy: `Write ${line} (now ${labelOffset})`,
    relabelled(label) {
      const index = indexOf(label);
      return index === null ? label : index + step;
    }
  };
}
function indexOf(label) {
  if (label === null || typeof label === "number") return label;
  return label.data.length === 1 ? numbersOf(label)[0] : null;
}
function orderTrials(current) {
  if (current === void 0) return [];
  return CLASS_ORDERS.flatMap((order) => {
    const other = classIndices([...current.keys()], order);
    if (other === null || [...current].every(([name, index]) => other.get(name) === index)) return [];
    const renumbered = new Map([...current].map(([name, index]) => [index, other.get(name)]));
    const line = `\`class-order: ${order}\``;
    return [
      {
        words: line,
        remedy: `Write ${line} beside the data's \`path\``,
        relabelled: (label) => typeof label === "number" ? renumbered.get(label) ?? label : label
      }
    ];
  });
}
function maskTrial(step) {
  const words = `the masks' classes one ${step > 0 ? "higher" : "lower"}`;
  const shifted = (value) => value < 0 || value === 255 ? value : value + step;
  return {
    words,
    remedy: `Save the masks with every class one ${step > 0 ? "higher" : "lower"}`,
    relabelled: (label) => label === null || typeof label === "number" ? label : mapped(label, shifted)
  };
}
var NEGATED = {
  words: "the scores with the other sign",
  remedy: "Save similarities (higher is nearer) instead of distances",
  relabelled: (label) => label === null ? null : typeof label === "number" ? -label : mapped(label, (value) => -value)
};
function mapped(tensor, value) {
  return { type: "float64", dims: tensor.dims, data: Float64Array.from(numbersOf(tensor), value) };
}

// src/measure/accuracy/chance/trials.ts
var MOST_SAMPLES = 128;
var FEWEST_SAMPLES = 16;
var PASSES = 10;
var MIN_SAMPLES3 = 8;
var GAIN = 0.25;
var MAX_P = 1e-3;
var MODEST_GAIN = 0.03;
var MODEST_GAIN_UNPAIRED = 0.1;
var MODEST_SAMPLES = 512;
var MODEST_BUDGET_MS = 3e4;
async function tryCauses(request) {
  const until = performance.now() + request.budgetMs;
  const labels = labelTrials(request);
  const inputs = preparable(request.dataset);
  if (labels.length === 0 && inputs.length === 0) return { best: null, tried: [] };
  const first = await labelPass(request, labels).catch((error) => {
    if (error instanceof Interrupted) throw error;
    return null;
  });
  if (first === null) return { best: null, tried: [] };
  const trials = [...first.trials];
  const best = () => bestOf(trials, request);
  for (const preparation of best() === null ? inputs : []) {
    const like = { request, preparation, first: first.sample, until, samples: first.samples };
    const { single, swapped } = alternatives(preparation, await statisticsOf(preparation, like));
    const prepared = [];
    const run = async (alternative) => {
      const trial = performance.now() > until ? null : await preparedTrial(alternative, like);
      if (trial !== null) prepared.push([alternative, trial]);
      if (trial !== null) trials.push(trial);
    };
    for (const alternative of single) await run(alternative);
    const found = best();
    for (const alternative of swapped)
      if (found === null || alternative.of === found.words) await run(alternative);
    if (best() === null && request.modest) trials.push(...await seenOnMore(prepared, like));
    if (best() !== null) break;
  }
  return { best: best(), tried: [...new Set(trials.map(({ words }) => words))] };
}
function preparable({ preparations = [], preparedAs }) {
  return preparedAs === void 0 ? [] : preparations.filter(canBePreparedOtherwise);
}
async function seenOnMore(prepared, like) {
  const gain = ({ skill, configured }) => skill.skill - (configured?.skill ?? 0);
  const [alternative, trial] = prepared.reduce(
    (most, each) => most[1] === null || gain(each[1]) > gain(most[1]) ? each : most,
    [null, null]
  );
  if (alternative === null || trial === null || gain(trial) <= 0) return [];
  const until = performance.now() + MODEST_BUDGET_MS;
  const more = await preparedTrial(alternative, { ...like, until, samples: MODEST_SAMPLES });
  return more === null ? [] : [more];
}
function explains(then, now) {
  return then >= now + GAIN && then >= 2 * now;
}
function bestOf(trials, { test, rows, modest = false }) {
  const convincing = trials.filter((trial) => {
    const { skill, p, n } = trial.skill;
    if (n < MIN_SAMPLES3 || p > MAX_P) return false;
    const now = Math.max(0, trial.configured?.skill ?? 0);
    if (explains(skill, now)) return true;
    if (!modest) return false;
    if (!test.right) return skill >= now + MODEST_GAIN_UNPAIRED;
    return skill >= now + MODEST_GAIN && gainedByChance(rows, trial.rows, test.right) <= MAX_P;
  });
  return convincing.reduce(
    (best, trial) => best === null || trial.skill.skill > best.skill.skill ? trial : best,
    null
  );
}
function gainedByChance(now, then, right) {
  const rights = (rows) => Uint8Array.from(rows.slice(0, then.length), (row) => Number(right(row)));
  return mcNemarMidP(countFlips(rights(then), rights(now)));
}
function trialOf({ words, remedy }, rows, request) {
  const skill = request.test.assess(rows);
  if (skill === null) return null;
  return { words, remedy, skill, rows, configured: request.test.assess(request.rows.slice(0, rows.length)) };
}
async function labelPass(request, labels) {
  const { dataset, budgetMs, test } = request;
  const relabelled = labels.map((trial) => ({ trial, rows: [], fits: true }));
  let first = null;
  let samples = 0;
  const start = performance.now();
  for await (const sample of dataset.samples()) {
    first ??= sample;
    samples++;
    const output = await infer(sample, request);
    for (const own of relabelled) {
      if (!own.fits) continue;
      try {
        own.rows.push(test.keep({ ...sample, label: own.trial.relabelled(sample.label) }, output));
      } catch {
        own.fits = false;
      }
    }
    const slow = performance.now() - start > budgetMs / PASSES;
    if (samples >= (slow ? FEWEST_SAMPLES : MOST_SAMPLES)) break;
  }
  const trials = relabelled.flatMap(
    ({ trial, rows, fits }) => fits ? trialOf(trial, rows, request) ?? [] : []
  );
  return { samples, sample: first, trials };
}
async function infer({ feeds }, { original, scored, signal }) {
  if (signal?.aborted) throw new Interrupted("interrupted");
  return (await original.run(feeds, [scored.name]))[scored.name];
}
async function preparedTrial({ words, changes }, { request, preparation, first, samples, until }) {
  const { input, config } = preparation;
  const rows = [];
  try {
    for await (const sample of request.dataset.preparedAs(input, changes)) {
      if (rows.length === 0 && first && sameValues(sample.feeds[input], first.feeds[input])) return null;
      rows.push(request.test.keep(sample, await infer(sample, request)));
      if (rows.length >= (performance.now() > until ? FEWEST_SAMPLES : samples)) break;
    }
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return null;
  }
  const remedy = `For input '${input}' ${changesAsWritten(changes, config)}`;
  return trialOf({ words, remedy }, rows, request);
}
function sameValues(one, other) {
  if (one.dims.join() !== other.dims.join()) return false;
  const [a, b] = [numbersOf(one), numbersOf(other)];
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
async function statisticsOf({ input }, { samples, request: { dataset } }) {
  let sums = null;
  let highest2 = Number.NEGATIVE_INFINITY;
  let seen2 = 0;
  for await (const { feeds } of dataset.preparedAs(input, AS_STORED)) {
    const tensor = feeds[input];
    const values = numbersOf(tensor);
    const { channels, inner } = channelsOf(tensor);
    sums ??= { sum: new Float64Array(channels), squares: new Float64Array(channels), count: 0 };
    if (sums.sum.length !== channels) break;
    for (let at = 0; at < values.length; at++) {
      const channel = Math.floor(at / inner) % channels;
      sums.sum[channel] += values[at];
      sums.squares[channel] += values[at] ** 2;
      if (values[at] > highest2) highest2 = values[at];
    }
    sums.count += values.length / channels;
    if (++seen2 >= samples) break;
  }
  const { sum, squares, count } = sums;
  const mean = Array.from(sum, (total) => total / count);
  const std = Array.from(squares, (total, at) => Math.sqrt(Math.max(0, total / count - mean[at] ** 2)));
  return { mean, std, highest: highest2 };
}
var MOST_CHANNELS = 4;
function channelsOf({ dims }) {
  if (dims.length !== 4) return { channels: 1, inner: 1 };
  const [, second, third, last] = dims;
  if (second <= MOST_CHANNELS) return { channels: second, inner: third * last };
  return last <= MOST_CHANNELS ? { channels: last, inner: 1 } : { channels: 1, inner: 1 };
}

// src/measure/accuracy/chance/words.ts
function doubtWords(said) {
  const { renumbered, trials } = said;
  const explanation = renumbered?.found ?? trialSentence(said);
  const message = [seen(said), ...explanation === null ? [] : [explanation]].join(" ");
  const remedy = renumbered?.remedy ?? trials.best?.remedy ?? null;
  return { message, remedy: remedy === null ? without(said) : `${remedy}.` };
}
function seen({ standing, skill, metric }) {
  const { value, chance, p, n, chanceIs, fact, informed = false } = skill;
  const of = metric === "accuracy.perplexity" ? "tokens" : "samples";
  const title = metricDefinition(metric)?.title ?? metric;
  const known = `${title} of the original is ${figure(value, metric)} on ${n} ${n === 1 ? of.slice(0, -1) : of}`;
  if (standing === "low") return `${known}.`;
  const level = `chance (${chanceIs}) reaches ${figure(chance, metric)}`;
  const more = fact === null ? "" : `, and ${fact}`;
  switch (standing) {
    case "chance":
      return `${known}; ${level}${probability(p)}${more}. Such a result can't show what quantization changes.`;
    case "untold":
      return `${known}; ${level}${probability(p)}${more}. So few can't tell the two apart.`;
    case "hardly":
      return `${known}; ${level}${more}. ${informed ? "The scores behind the answers do tell the classes apart, but the answers can't show what quantization changes." : "That is better by next to nothing."}`;
    case "weak":
      return `${known}; ${level}${more}.`;
  }
}
function trialSentence({ trials: { best }, metric }) {
  if (best === null) return null;
  const { configured } = best;
  const now = configured === null ? "" : `, as configured ${figure(configured.value, metric)}`;
  return `With ${best.words} it is ${figure(best.skill.value, metric)} on the first ${best.skill.n}${now}.`;
}
function without({ standing, trials: { tried } }) {
  const attempts = tried.length === 0 ? "" : `Tried in vain: ${tried.join(", ")}. `;
  switch (standing) {
    case "chance":
      return `${attempts}Check labels, preprocessing and \`output\`; if the task is as hard as that, \`on-chance: warn\` says so and lets it pass.`;
    case "untold":
      return `${attempts}Evaluate more samples.`;
    case "low":
    case "hardly":
      return attempts === "" ? null : attempts.trimEnd();
    case "weak":
      return null;
  }
}
function figure(value, metric) {
  const unit = metricDefinition(metric)?.unit;
  return unit === "fraction" ? `${digits(value * 100)} %` : digits(value);
}
function digits(value) {
  return String(Number(value.toPrecision(3)));
}
function probability(p) {
  return p > 0 && p < 0.995 ? ` (p = ${digits(p)})` : "";
}

// src/measure/accuracy/chance/original.ts
function skillTest(task, { classes, labelOffset }) {
  switch (task) {
    case "classification":
      return classificationSkill({ labelOffset });
    case "regression":
      return regressionSkill();
    case "embedding":
      return embeddingSkill({ pairs: classes === null });
    case "segmentation":
      return segmentationSkill();
    case "language-model":
      return languageModelSkill();
    default:
      return null;
  }
}
var BUDGET_MS = 2e4;
var WEAK_BUDGET_MS = 5e3;
async function questionOriginal(request) {
  const { test, rows, measurements: measurements2 } = request;
  const unchanged = { measurements: [...measurements2], notes: [] };
  const skill = test.assess(rows);
  if (skill === null) return unchanged;
  const low = lowMetric(request);
  const natural = standingOf(skill);
  const standing = natural === "above" ? low === null ? null : "low" : natural;
  if (standing === null) return unchanged;
  request.log.info("the original is in doubt: trying other labels and other preprocessing");
  const patient = standing !== "weak" || low !== null;
  const renumbered = request.task === "classification" ? renumberingThatConvinces(request, skill) : null;
  const trials = await tryCauses({
    ...request,
    modest: low !== null,
    budgetMs: patient ? BUDGET_MS : WEAK_BUDGET_MS
  });
  const doubt = doubtFrom({ standing, skill, trials, renumbered: trials.best ? null : renumbered, request });
  if (standing === "weak" && low === null && !doubt.explained) return unchanged;
  const about = standing === "low" ? low : test.metric;
  return {
    measurements: measurements2.map(
      (one) => one.variant === ORIGINAL && one.metric === about ? withDoubt(one, doubt) : one
    ),
    notes: noteOf(doubt, measurements2[0]?.model ?? null)
  };
}
function namesOf({ dataset, labelOffset }) {
  return new Map([...dataset.classIndices ?? []].map(([name, index]) => [index + labelOffset, name]));
}
function renumberingThatConvinces(request, { skill }) {
  const found = renumbering(request.rows, namesOf(request));
  if (found === null || found.kappa === null) return found;
  return explains(found.kappa, skill) ? found : null;
}
function lowMetric({ measurements: measurements2, checks }) {
  const beyond = measurements2.find(
    (one) => one.variant === ORIGINAL && one.value !== null && checks.some(
      ({ metric, level, where, min, max }) => metric === one.metric && level !== "off" && where.variant?.includes(ORIGINAL) === true && matchesWhere(where, one) && (min !== void 0 && one.value < min || max !== void 0 && one.value > max)
    )
  );
  return beyond?.metric ?? null;
}
function doubtFrom({ standing, skill, trials, renumbered, request }) {
  const { value, chance, upper, p, n } = skill;
  return {
    standing,
    explained: renumbered !== null || trials.best !== null,
    ...doubtWords({ standing, skill, trials, renumbered, metric: request.test.metric }),
    figures: { value, chance, skill: skill.skill, upper, p, n },
    tried: trials.tried
  };
}
function noteOf({ standing, explained, message, remedy, figures }, model) {
  if (standing === "chance" || standing === "low" || explained) return [];
  return [
    {
      level: standing === "untold" || figures.p > ALPHA ? "warn" : "info",
      code: "accuracy.chance",
      message: remedy === null ? message : `${message} ${remedy}`,
      model,
      variant: ORIGINAL
    }
  ];
}

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

// src/measure/accuracy/fidelity.ts
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
    const figure2 = (metric, value, interval = null) => value === null ? { ...measurement(metric), status: "skipped", reason: SKIPPED[metric] } : {
      ...measurement(metric),
      value,
      interval,
      n: context.samples,
      ...metric === "fidelity.sqnr" ? { details: { outputs } } : {}
    };
    const agreement = variant.fidelity.get(context.scored);
    return [
      figure2("fidelity.sqnr", worst(judged, "sqnr", Math.min)),
      figure2("fidelity.cosine", worst(judged, "cosine", Math.min)),
      figure2("fidelity.max-abs", worst(judged, "maxAbs", Math.max)),
      figure2(
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
  /** By sample, of the original: what the plan's witness kept. */
  witnessed = [];
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
    if (original === null && this.plan.witness) {
      this.witnessed.push(this.plan.witness(sample, outputs[this.plan.scored.name]));
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
  const { dataset, task, original } = request;
  const scored = scoredOutput(original.outputs, request.output, request.model);
  const options = { labelOffset: request.labelOffset, outputs: original.outputs };
  const metrics = taskMetrics(task, dataset, options);
  const unlabelled = needsLabels(task) && !dataset.labelled;
  if (task === "classification") assertLabelsInRange(dataset, scored, options);
  const plan = {
    metrics: unlabelled ? [] : metrics,
    scored,
    outputs: request.output === null ? tensorOutputs(original) : [scored.name],
    classAxis: classAxisOf(task),
    witness: unlabelled ? void 0 : request.witness
  };
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
    original: { scored, kept: reference.kept, witnessed: reference.witnessed }
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
      throwIfInterrupted(task.signal);
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
var TAIL_LENGTH = 2e3;
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
async function standardOutput(program, args, { task, shown }) {
  const { directory, timeoutMs, signal } = task;
  const stdout = { limitBytes: MAX_OUTPUT_BYTES };
  const end = await runProgram(program, args, {
    directory,
    timeoutMs,
    signal,
    stdout,
    keptLength: TAIL_LENGTH
  });
  const tail = end.stderr.trim();
  const quoted = tail ? `
It wrote:
${tail}` : "";
  if (end.startError !== null) throw new UserError(`${shown} can't be started: ${end.startError}`);
  if (end.stopped === "output") {
    throw new UserError(
      `${shown} printed more than ${MAX_OUTPUT_BYTES} bytes; it should print one JSON object.`
    );
  }
  if (end.stopped !== null) {
    throw new UserError(
      `${shown} took longer than ${timeoutMs / 1e3} s and was stopped (raise \`evaluator: { timeout }\`).${quoted}`
    );
  }
  if (end.exitCode !== 0) {
    const how = end.signal ? `by ${end.signal}` : `with exit code ${end.exitCode}`;
    throw new UserError(`${shown} ended ${how}.${quoted}`);
  }
  return end.stdout;
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
import { existsSync } from "node:fs";
var TAIL_LENGTH2 = 2e3;
async function runEvaluatorModule(module, task) {
  if (!existsSync(module)) throw new UserError(`The evaluator ${module} does not exist.`);
  throwIfInterrupted(task.signal);
  const child = forkFile(bundledFile("evaluator.js"), {
    directory: task.directory,
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  });
  try {
    return await conversation(child, module, task);
  } finally {
    signalAll(child, "SIGKILL");
  }
}
function conversation(child, module, task) {
  return new Promise((resolve, reject) => {
    let tail = "";
    const keep = (text) => {
      tail = (tail + text).slice(-TAIL_LENGTH2);
    };
    child.stdout?.setEncoding("utf8").on("data", keep);
    child.stderr?.setEncoding("utf8").on("data", keep);
    const fail = (what) => reject(
      new UserError(`The evaluator ${module} ${what}.${tail.trim() ? `
It wrote:
${tail.trim()}` : ""}`)
    );
    superviseChild(child, task).ended.then(({ startError, stopped, exitCode, signal }) => {
      if (startError !== null) fail(`could not be started: ${startError.message}`);
      else if (stopped !== null) {
        const limit = `${task.timeoutMs / 1e3} s`;
        fail(`took longer than ${limit} and was stopped (raise \`evaluator: { timeout }\`)`);
      } else fail(`ended ${signal ? `by ${signal}` : `with exit code ${exitCode}`} without a result`);
    }, reject);
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
  const { model, context } = request;
  const workers = [];
  const feedsFile = FeedsFile.open();
  try {
    const runners = [];
    for (const subject of request.subjects) {
      runners.push(...await openRunners(subject, request, { workers, feedsFile }));
    }
    const { dataset, task, note } = samplesOf(request, workers[0].opened.inputs);
    const test = request.questionOriginal === false ? null : skillTest(task, { ...dataset, labelOffset: model.labelOffset });
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
      ...test !== null && test.from === null ? { witness: test.keep } : {},
      feedsFile,
      log: context.log,
      signal: context.signal
    });
    const questioned = await question({ request, dataset, task, test, result, original: runners[0] });
    const custom = await scoreWithEvaluator(request, runners);
    return {
      measurements: [...custom.measurements, ...questioned.measurements],
      notes: [...note ? [note] : [], ...questioned.notes, ...custom.notes]
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.close()));
    feedsFile.close();
  }
}
async function question({ request, dataset, task, test, result, original }) {
  const { model, checks } = request;
  const { log, signal } = request.context;
  const rows = test?.from ? result.original.kept.get(test.from) : result.original.witnessed;
  if (test === null || rows === void 0 || rows.length === 0)
    return { measurements: result.measurements, notes: [] };
  const questioned = await questionOriginal({
    task,
    labelOffset: model.labelOffset,
    dataset,
    original,
    scored: result.original.scored,
    // Of its own: what a test has seen so far stays with it.
    test: skillTest(task, { ...dataset, labelOffset: model.labelOffset }),
    rows,
    measurements: result.measurements,
    checks,
    log,
    signal
  });
  for (const { message } of questioned.notes) log.warn(message);
  return questioned;
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
    ...request.context,
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
        ...request.context,
        feedsFile
      });
      workers.push(worker);
      runners.push({ ...workerRunner(worker, subject.variant, { base }), file });
    } catch (error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
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
