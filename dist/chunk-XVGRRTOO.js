import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  quoted
} from "./chunk-P3SRHLMA.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/text/columns.ts
var PAIRS = [
  ["sentence1", "sentence2"],
  ["premise", "hypothesis"],
  ["question1", "question2"],
  ["text1", "text2"],
  ["text_a", "text_b"],
  ["text", "text_pair"],
  ["query", "passage"],
  ["query", "document"],
  ["query", "positive"],
  ["anchor", "positive"],
  ["question", "sentence"],
  ["question", "context"]
];
var SINGLE = ["text", "sentence", "content", "review", "utterance", "question", "query", "document"];
var LABELS = ["labels", "label", "class", "target", "score", "similarity_score"];
function textColumns({ path, text }, first) {
  const names = Object.keys(first.values);
  const has = (name) => names.includes(name);
  const asked = text?.columns;
  if (asked) {
    const missing = asked.filter((name) => !has(name));
    if (missing.length > 0)
      throw new UserError(
        `${path} has no column ${quoted(missing)}; it has ${quoted(names)}. Correct \`text\`.`
      );
    if (asked.length > 2)
      throw new UserError(
        `${path}: \`text\` names ${asked.length} columns; a model takes one text or a pair.`
      );
    return asked;
  }
  const pair = PAIRS.find((both) => both.every(has));
  if (pair) return pair;
  const single = SINGLE.find(has);
  if (single !== void 0) return [single];
  throw new UserError(
    `${path} has no column that is known to hold text; it has ${quoted(names)}. Name it: \`text: ${names[0] ?? "NAME"}\`.`
  );
}
function rowText({ place, values }, columns) {
  const texts = columns.map((column) => {
    const value = values[column];
    if (typeof value === "string") return value;
    throw new UserError(`${place} has no text '${column}'; it holds ${quoted(Object.keys(values))}.`);
  });
  return texts;
}
function labelColumnName({ path, labels }, first) {
  const names = Object.keys(first.values);
  const found = (labels === null ? LABELS : [labels]).find((name) => names.includes(name));
  if (found === void 0 && labels !== null && !LABELS.includes(labels))
    throw new UserError(`${path} has no column '${labels}'; it has ${quoted(names)}. Correct \`labels\`.`);
  return found ?? null;
}

export {
  textColumns,
  rowText,
  labelColumnName
};
