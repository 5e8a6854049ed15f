import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  answerF1,
  averagePrecision,
  bestSpan,
  characterEdits,
  countEntities,
  ctcSymbols,
  editDistance,
  entitiesOf,
  exactMatch,
  ndcg,
  noAnswerScore,
  nonMaximumSuppression,
  ranked,
  recall,
  reciprocalRank,
  schemeOf,
  transcriptOf,
  wordEdits
} from "./chunk-23EIKJQA.js";
import "./chunk-LKXY4777.js";
import "./chunk-7TKFABJD.js";
import {
  numbersOf
} from "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/measure/accuracy/evaluator/process.ts
import { pathToFileURL } from "node:url";

// src/measure/accuracy/decode/keypoints.ts
var COCO_SIGMAS = [
  0.026,
  0.025,
  0.025,
  0.035,
  0.035,
  0.079,
  0.079,
  0.072,
  0.072,
  0.062,
  0.062,
  0.107,
  0.107,
  0.087,
  0.087,
  0.089,
  0.089
];
function pairs(gold, found) {
  return gold.flatMap(([x, y, visibility = 2], at) => {
    const other = found[at];
    if (visibility === 0) return [];
    return [
      {
        at,
        squared: other === void 0 ? Number.POSITIVE_INFINITY : (other[0] - x) ** 2 + (other[1] - y) ** 2
      }
    ];
  });
}
function objectKeypointSimilarity(gold, found, { area, sigmas = COCO_SIGMAS }) {
  const labelled = pairs(gold, found);
  const sum = labelled.reduce(
    (total, { at, squared }) => total + Math.exp(-squared / (2 * area * (2 * sigmas[at]) ** 2)),
    0
  );
  return sum / labelled.length;
}
function correctKeypoints(gold, found, { threshold, size }) {
  const labelled = pairs(gold, found);
  return [labelled.filter(({ squared }) => Math.sqrt(squared) <= threshold * size).length, labelled.length];
}

// src/measure/accuracy/evaluator/toolbox.ts
function gradesOf(given) {
  return given instanceof Map ? given : new Map(Object.entries(given).map(([document, grade]) => [Number(document), grade]));
}
var EVALUATOR_METRICS = {
  editDistance,
  /** [edits, words] of one transcript: return them with `ratio`. */
  wordErrors: wordEdits,
  characterErrors: characterEdits,
  exactMatch,
  answerF1,
  /** [right, answered, labelled] entities of one sentence. */
  entities: (gold, answer, scheme) => countEntities(gold, answer, scheme ?? schemeOf(gold)),
  ndcg: (ranking, grades, depth = 10) => ndcg(ranking, gradesOf(grades), depth),
  recall: (ranking, grades, depth) => recall(ranking, gradesOf(grades), depth),
  reciprocalRank: (ranking, grades, depth = 10) => reciprocalRank(ranking, gradesOf(grades), depth),
  averagePrecision: (ranking, grades) => averagePrecision(ranking, gradesOf(grades)),
  oks: objectKeypointSimilarity,
  /** [right, labelled] keypoints of one object. */
  pck: correctKeypoints,
  /** A figure of the whole set from one row per sample: Σ of the first numbers ÷ Σ of the second. */
  ratio: (values) => ({ values, reduce: "ratio" }),
  /** The sum of one number per sample. */
  sum: (values) => ({ values, reduce: "sum" })
};
var EVALUATOR_DECODERS = {
  /** A tensor's values as plain numbers. */
  numbers: (tensor) => Array.from(numbersOf(tensor)),
  /** Symbols along CTC's greedy path through [1, frames, classes]. */
  ctc: (output, options = {}) => ctcSymbols(output, { ...options, sample: "" }),
  transcript: transcriptOf,
  entities: (tags, scheme) => entitiesOf(tags, scheme ?? schemeOf(tags)),
  span: bestSpan,
  noAnswer: noAnswerScore,
  /** Documents by falling score. */
  rank: (scores) => Array.from(ranked(scores)),
  nms: nonMaximumSuppression
};

// src/measure/accuracy/evaluator/process.ts
function serveEvaluator() {
  if (!process.send) {
    process.stderr.write("quantgate evaluator: started by hand; it is started by quantgate itself.\n");
    process.exit(2);
  }
  process.on("SIGINT", () => {
  });
  process.on("disconnect", () => process.exit(0));
  const waiting = /* @__PURE__ */ new Map();
  process.on("message", (message) => {
    if (message.kind === "start") void evaluateOnce(message, waiting).then(end);
    else {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
}
function end(message) {
  process.send(message, void 0, void 0, () => process.exit(0));
}
async function evaluateOnce(start, waiting) {
  try {
    const module = await import(pathToFileURL(start.module).href);
    if (typeof module.evaluate !== "function") {
      return { kind: "error", message: "it exports no function `evaluate`" };
    }
    let nextId = 1;
    const ask = (question) => new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, (reply) => reply.ok ? resolve(reply.value) : reject(new Error(reply.message)));
      process.send({ ...question, id });
    });
    const context = {
      model: start.model,
      metrics: EVALUATOR_METRICS,
      decode: EVALUATOR_DECODERS,
      run: async (feeds, outputs) => await ask({ kind: "run", feeds, outputs: outputs ?? null }),
      async *samples() {
        for (; ; ) {
          const sample = await ask({ kind: "next" });
          if (sample === null) return;
          yield sample;
        }
      }
    };
    return { kind: "result", value: await module.evaluate(context) };
  } catch (error) {
    return {
      kind: "error",
      message: error instanceof Error ? error.stack ?? error.message : messageOf(error)
    };
  }
}

// src/evaluator.ts
serveEvaluator();
