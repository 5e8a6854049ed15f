import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readJson,
  readText
} from "./chunk-XMXQBFJC.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  quoted
} from "./chunk-P3SRHLMA.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/text/word-tags.ts
import { basename } from "node:path";

// src/data/text/class-names.ts
async function classNames({ classNames: names, text }) {
  if (names !== null) return { names, from: "class-names" };
  const modelConfig = text?.modelConfig ?? null;
  if (modelConfig === null) return null;
  const parsed = await readJson(modelConfig);
  const entries = Object.entries(parsed?.id2label ?? {});
  const ordered = entries.map(([index, name]) => [Number(index), String(name)]).sort(([a], [b]) => a - b);
  const complete = ordered.every(([index], at) => index === at);
  const given = ordered.some(([index, name]) => name !== `LABEL_${index}`);
  if (ordered.length === 0 || !complete || !given) return null;
  return { names: ordered.map(([, name]) => name), from: shownPath(modelConfig) };
}
function classNumbers(labels, { names, from }, placeOf) {
  const exact = new Map(names.map((name, index) => [name, index]));
  const folded = /* @__PURE__ */ new Map();
  for (const [index, name] of names.entries()) {
    const key = name.toLowerCase();
    folded.set(key, folded.has(key) ? null : index);
  }
  return labels.map((label, at) => {
    if (label === null || typeof label === "number") return label;
    const found = exact.get(label) ?? folded.get(label.toLowerCase());
    if (found !== void 0 && found !== null) return found;
    throw new UserError(
      `${placeOf(at)}: the label '${label}' is none of the model's classes: ${quoted(names)} (${from}). Correct the label, or give the classes in the model's order: \`class-names: [NAME, \u2026]\`.`
    );
  });
}

// src/data/text/word-tags.ts
async function conllRows(data) {
  const { path } = data;
  const sentences = [];
  let words = [];
  let tags = [];
  let first = 0;
  const finish = () => {
    if (words.length > 0) sentences.push({ place: `${basename(path)}:${first}`, words, tags });
    [words, tags] = [[], []];
  };
  for (const [index, line] of (await readText(path)).split(/\r?\n/).entries()) {
    if (line.trim() === "") finish();
    if (line.trim() === "" || line.startsWith("-DOCSTART-") || /^#\s/.test(line)) continue;
    const columns = line.includes("	") ? line.trim().split("	") : line.trim().split(/\s+/);
    if (columns.length < 2) {
      throw new UserError(
        `${basename(path)}:${index + 1} has one column; CoNLL has a word and its tag on each line, and an empty line after each sentence.`
      );
    }
    if (words.length === 0) first = index + 1;
    words.push(columns[0]);
    tags.push(columns.at(-1));
  }
  finish();
  return await tagRows(sentences, { data, description: `conll ${path}` });
}
var WORDS = ["tokens", "words"];
var TAGS = ["tags", "ner_tags", "pos_tags", "labels"];
function holdsWords({ values }) {
  return WORDS.some((name) => Array.isArray(values[name]));
}
function taggedRow({ place, values }) {
  const words = values[WORDS.find((name) => Array.isArray(values[name])) ?? "tokens"];
  if (!Array.isArray(words) || !words.every((word) => typeof word === "string"))
    throw new UserError(`${place} has no list of words; it holds ${quoted(Object.keys(values))}.`);
  const tags = TAGS.map((name) => values[name]).find(Array.isArray);
  if (tags !== void 0 && tags.length !== words.length)
    throw new UserError(`${place} has ${words.length} words, but ${tags.length} tags.`);
  return { place, words, tags: tags ?? null };
}
var IGNORED = -100;
async function tagRows(sentences, { data, description }) {
  const known = await classNames(data);
  const spelled = new Set(
    sentences.flatMap(({ tags }) => tags?.filter((tag) => typeof tag === "string") ?? [])
  );
  const names = known?.names ?? [...spelled].sort();
  const named = sentences.map((sentence) => ({
    ...sentence,
    tags: sentence.tags?.map((tag) => nameOf(tag, sentence)) ?? null
  }));
  const unknown = [...spelled].filter((tag) => known !== null && !names.includes(tag));
  if (unknown.length > 0) {
    throw new UserError(
      `${description} has the tags ${quoted(unknown)}, but the model's are ${quoted(names)} (${known.from}). Give them in the model's order: \`class-names: [O, B-PER, \u2026]\`.`
    );
  }
  function nameOf(tag, { place }) {
    if (typeof tag === "string") return tag;
    if (tag === IGNORED) return null;
    const name = names[tag];
    if (known !== null && name !== void 0) return name;
    throw new UserError(
      `${place} has tag ${tag}, and ${known === null ? "nothing names the classes" : `the model has ${names.length} classes (${known.from})`}. Give their names in the model's order: \`class-names: [O, B-PER, \u2026]\`.`
    );
  }
  return {
    description,
    length: sentences.length,
    labelled: sentences.every(({ tags }) => tags !== null),
    classes: null,
    classNames: names,
    warnings: known === null ? [
      `Nothing names the model's classes: the data's ${names.length} tags are taken in alphabetical order. \`class-names\` gives another.`
    ] : [],
    id: (index) => sentences[index].place,
    input: (index) => ({ words: sentences[index].words }),
    label: () => null,
    annotation(index, { rows, spread }) {
      const { tags } = named[index];
      const words = Int32Array.from(
        rows[0].words,
        (word) => word >= 0 && tags?.[word] === null ? -1 : word
      );
      return { kind: "tags", tags: tags?.map((tag) => tag ?? "O") ?? [], words: spread(words, 1) };
    }
  };
}

export {
  classNames,
  classNumbers,
  conllRows,
  holdsWords,
  taggedRow,
  tagRows
};
