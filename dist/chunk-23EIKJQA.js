import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  indexOfMaximum
} from "./chunk-LKXY4777.js";
import {
  require_mod
} from "./chunk-7TKFABJD.js";
import {
  numbersOf
} from "./chunk-K7D3JYL6.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";
import {
  __toESM
} from "./chunk-XNDQ27F5.js";

// src/measure/accuracy/decode/nms.ts
function nonMaximumSuppression(detections, options) {
  const ranked2 = [...detections].sort((a, b) => b.score - a.score).slice(0, options.candidates);
  const kept = [];
  const ofClass = /* @__PURE__ */ new Map();
  for (const candidate of ranked2) {
    if (kept.length >= options.most) break;
    const rivals = ofClass.get(candidate.class) ?? [];
    if (rivals.some((better) => overlap(better, candidate) > options.iou)) continue;
    rivals.push(candidate);
    ofClass.set(candidate.class, rivals);
    kept.push(candidate);
  }
  return kept;
}
function overlap({ corners: a }, { corners: b }) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  if (width <= 0) return 0;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (height <= 0) return 0;
  const both = width * height;
  const one = (a[2] - a[0]) * (a[3] - a[1]);
  const other = (b[2] - b[0]) * (b[3] - b[1]);
  return both / (one + other - both);
}

// src/measure/accuracy/decode/spans.ts
var LONGEST_ANSWER = 30;
function bestSpan(windows, longest = LONGEST_ANSWER) {
  let best = null;
  for (const { start, end, offsets } of windows) {
    const tokens = Math.min(start.length, offsets.length / 2);
    for (let first = 0; first < tokens; first++) {
      if (offsets[first * 2] < 0) continue;
      for (let last = first; last < Math.min(tokens, first + longest) && offsets[last * 2] >= 0; last++) {
        const score = start[first] + end[last];
        if (best !== null && score <= best.score) continue;
        best = { from: offsets[first * 2], to: offsets[last * 2 + 1], score };
      }
    }
  }
  return best;
}
function noAnswerScore(windows) {
  return windows.reduce(
    (least, { start, end }) => Math.min(least, start[0] + end[0]),
    Number.POSITIVE_INFINITY
  );
}
var PUNCTUATION = /[!-/:-@[-`{-~]/g;
var ARTICLES = /(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu;
function normalizedWords(text) {
  const plain = text.toLowerCase().replace(PUNCTUATION, "").replace(ARTICLES, " ");
  return plain.split(/\s+/u).filter((word) => word !== "");
}
function exactMatch(gold, answer) {
  return normalizedWords(gold).join(" ") === normalizedWords(answer).join(" ");
}
function answerF1(gold, answer) {
  const [expected, given] = [normalizedWords(gold), normalizedWords(answer)];
  if (expected.length === 0 || given.length === 0) return Number(expected.length === given.length);
  const left = /* @__PURE__ */ new Map();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of given) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  return 2 * shared / (expected.length + given.length);
}

// src/measure/accuracy/decode/ranking.ts
function ranked(scores) {
  return Uint32Array.from({ length: scores.length }, (_, at) => at).sort(
    (one, other) => scores[other] - scores[one] || one - other
  );
}
var isRelevant = (grade = 0) => grade > 0;
function relevantCount(grades) {
  return [...grades.values()].filter(isRelevant).length;
}
function ndcg(ranking, grades, depth) {
  const gain = (list) => list.slice(0, depth).reduce((sum, grade, at) => sum + grade / Math.log2(at + 2), 0);
  const best = gain([...grades.values()].filter(isRelevant).sort((a, b) => b - a));
  const found = Array.from(
    { length: Math.min(depth, ranking.length) },
    (_, at) => grades.get(ranking[at]) ?? 0
  );
  return best === 0 ? 0 : gain(found) / best;
}
function recall(ranking, grades, depth) {
  let found = 0;
  for (let at = 0; at < Math.min(depth, ranking.length); at++)
    if (isRelevant(grades.get(ranking[at]))) found++;
  const all = relevantCount(grades);
  return all === 0 ? 0 : found / all;
}
function reciprocalRank(ranking, grades, depth) {
  for (let at = 0; at < Math.min(depth, ranking.length); at++)
    if (isRelevant(grades.get(ranking[at]))) return 1 / (at + 1);
  return 0;
}
function averagePrecision(ranking, grades) {
  let found = 0;
  let sum = 0;
  for (let at = 0; at < ranking.length; at++) {
    if (!isRelevant(grades.get(ranking[at]))) continue;
    found++;
    sum += found / (at + 1);
  }
  const all = relevantCount(grades);
  return all === 0 ? 0 : sum / all;
}

// src/measure/accuracy/decode/ctc.ts
function ctcGreedy(scores, classes, { blank = 0, frames = scores.length / classes } = {}) {
  const symbols = [];
  let last = blank;
  for (let frame = 0; frame < frames; frame++) {
    const from = frame * classes;
    const best = indexOfMaximum(scores, from, from + classes);
    if (best !== last && best !== blank) symbols.push(best);
    last = best;
  }
  return symbols;
}
function ctcSymbols(output, { vocabulary, sample, ...options }) {
  const { dims } = output;
  const classes = dims.at(-1) ?? 0;
  const fits = dims.length === 2 || dims.length === 3 && (dims[0] === 1 || dims[1] === 1);
  if (!fits) {
    throw new UserError(
      `Sample ${sample}: the scored output has shape [${dims.join(", ")}]; CTC reads [1, frames, classes]. Choose another \`output\`.`
    );
  }
  if (vocabulary !== void 0 && classes > vocabulary) {
    throw new UserError(
      `Sample ${sample}: the scored output has ${classes} classes, but the vocabulary only ${vocabulary}. Check its file, and whether it is the model's own.`
    );
  }
  return ctcGreedy(numbersOf(output), classes, options);
}

// src/measure/accuracy/decode/edit-distance.ts
var import_fastest_levenshtein = __toESM(require_mod(), 1);
var UNSEEN = 65535;
function editDistance(one, other) {
  const codes = /* @__PURE__ */ new Map();
  for (const symbol of one) if (!codes.has(symbol)) codes.set(symbol, codes.size);
  if (codes.size > UNSEEN) throw new RangeError(`more than ${UNSEEN} different symbols`);
  const coded = (symbols) => {
    const units = Uint16Array.from(symbols, (symbol) => codes.get(symbol) ?? UNSEEN);
    return Buffer.from(units.buffer).toString("utf16le");
  };
  return (0, import_fastest_levenshtein.distance)(coded(one), coded(other));
}
function wordsOf(text) {
  return text.split(/\s+/u).filter((word) => word !== "");
}
function charactersOf(text) {
  return Array.from(text.trim());
}
function wordEdits(reference, hypothesis) {
  const words = wordsOf(reference);
  return [editDistance(words, wordsOf(hypothesis)), words.length];
}
function characterEdits(reference, hypothesis) {
  const characters = charactersOf(reference);
  return [editDistance(characters, charactersOf(hypothesis)), characters.length];
}

// src/measure/accuracy/decode/transcript.ts
var BLANKS = ["<blk>", "<blank>", "[BLANK]", "<pad>", "[PAD]"];
function blankOf(vocabulary, classes) {
  for (const name of BLANKS) {
    const found = vocabulary.indexOf(name);
    if (found >= 0) return found;
  }
  return classes > vocabulary.length ? vocabulary.length : 0;
}
function transcriptOf(symbols, vocabulary) {
  const parts = symbols.map((symbol) => {
    const token = vocabulary[symbol] ?? "";
    return /^(<[^>]+>|\[[A-Z]+\])$/.test(token) ? "" : token.replace(/[|▁Ġ]/g, " ");
  });
  return parts.join("").replace(/\s+/g, " ").trim();
}
function hasOneCase(vocabulary) {
  const letters = vocabulary.filter((token) => !/^[<[]/.test(token)).join("");
  return letters === letters.toLowerCase() || letters === letters.toUpperCase();
}

// src/measure/accuracy/decode/entities.ts
var TAG_SCHEMES = ["lenient", "iob1", "iob2", "bilou"];
var OUTSIDE = { prefix: "O", type: "_" };
function tagOf(text) {
  if (text === "O" || text === "") return OUTSIDE;
  const parts = /^([BILOUES])(?:[-_](.*))?$/.exec(text);
  return parts ? { prefix: parts[1], type: parts[2] || "_" } : { prefix: "I", type: text };
}
function schemeOf(tags) {
  for (const tag of tags) if (/^[LU][-_]/.test(tag)) return "bilou";
  return "lenient";
}
function entitiesOf(tags, scheme) {
  const read = tags.map(tagOf);
  return scheme === "lenient" ? lenient(read) : strict(read, RULES[scheme]);
}
var same = (one, other) => one.type === other.type;
var isIn = (letters, { prefix }) => letters.includes(prefix);
var RULES = {
  iob1: {
    starts: (tag, before) => tag.prefix === "I" ? before.prefix !== "I" || !same(tag, before) : tag.prefix === "B" && isIn("IB", before) && same(tag, before),
    continues: (tag, before) => tag.prefix === "I" && isIn("BI", before) && same(tag, before),
    ends: (tag, before) => before.prefix === "I" || tag.prefix !== "B" || same(tag, before)
  },
  iob2: {
    starts: (tag) => tag.prefix === "B",
    continues: (tag, before) => tag.prefix === "I" && isIn("BI", before) && same(tag, before),
    ends: () => true
  },
  bilou: {
    starts: (tag) => isIn("BU", tag),
    continues: (tag, before) => isIn("IL", tag) && isIn("BI", before) && same(tag, before),
    ends: (_, before) => isIn("UL", before)
  }
};
function strict(tags, { starts, continues, ends }) {
  const found = [];
  const at = (index) => tags[index] ?? OUTSIDE;
  for (let start = 0; start < tags.length; ) {
    if (!starts(at(start), at(start - 1))) {
      start++;
      continue;
    }
    let end = start + 1;
    while (end < tags.length && continues(at(end), at(end - 1))) end++;
    if (ends(at(end), at(end - 1))) found.push({ type: at(start).type, start, end });
    start = end;
  }
  return found;
}
function lenient(tags) {
  const found = [];
  let start = null;
  let before = OUTSIDE;
  for (let at = 0; at <= tags.length; at++) {
    const tag = tags[at] ?? OUTSIDE;
    const changed = !same(tag, before);
    const fresh = isIn("BS", tag) || isIn("ESO", before) || changed;
    const ended = before.prefix !== "O" && (isIn("ES", before) || isIn("BSO", tag) || changed);
    if (ended && start !== null) found.push({ type: before.type, start, end: at });
    if (ended) start = null;
    if (tag.prefix !== "O" && fresh) start = at;
    before = tag;
  }
  return found;
}
function countEntities(gold, answer, scheme) {
  const key = ({ type, start, end }) => `${start} ${end} ${type}`;
  const labelled = new Set(entitiesOf(gold, scheme).map(key));
  const answered = entitiesOf(answer, scheme).map(key);
  return [answered.filter((one) => labelled.has(one)).length, answered.length, labelled.size];
}

export {
  nonMaximumSuppression,
  bestSpan,
  noAnswerScore,
  exactMatch,
  answerF1,
  ranked,
  ndcg,
  recall,
  reciprocalRank,
  averagePrecision,
  ctcSymbols,
  editDistance,
  wordEdits,
  characterEdits,
  blankOf,
  transcriptOf,
  hasOneCase,
  TAG_SCHEMES,
  schemeOf,
  entitiesOf,
  countEntities
};
