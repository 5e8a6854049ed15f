import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readJson
} from "./chunk-XMXQBFJC.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/text/answers.ts
var OVERLAP = 128;
async function squadRows({ path }) {
  const file = await readJson(path);
  const questions = listAt(file, { key: "data", place: path }).flatMap((article, at) => {
    const place = `${path}: data[${at}]`;
    return listAt(article, { key: "paragraphs", place }).flatMap(
      (paragraph, number) => paragraphQuestions(paragraph, `${place}.paragraphs[${number}]`)
    );
  });
  if (questions.length === 0)
    throw new UserError(`${path} holds no questions: SQuAD's are at data[].paragraphs[].qas[].`);
  return answerRows(questions, `squad ${path}`);
}
function paragraphQuestions(paragraph, place) {
  return listAt(paragraph, { key: "qas", place }).map((entry, at) => {
    const { context } = paragraph;
    const where = `${place}.qas[${at}]`;
    const answers = listAt(entry, { key: "answers", place: where });
    const { id, question } = entry;
    if (typeof context !== "string") throw new UserError(`${place} has no 'context'.`);
    if (typeof question !== "string") throw new UserError(`${where} has no 'question'.`);
    const texts = answers.map((answer) => answer?.text);
    if (!texts.every((text) => typeof text === "string"))
      throw new UserError(`${where}: each of its answers must have a text, { "text": "\u2026" }.`);
    return { id: String(id ?? where), question, document: context, answers: texts };
  });
}
function listAt(holder, { key, place }) {
  if (typeof holder !== "object" || holder === null)
    throw new UserError(`${place} is no object with '${key}', as SQuAD's is.`);
  const list = holder[key] ?? [];
  if (Array.isArray(list)) return list;
  throw new UserError(`${place}: '${key}' is no list, as SQuAD's is.`);
}
function holdsAnswers({ values }) {
  return typeof values.context === "string" && values.question !== void 0 && values.answers !== void 0;
}
function answersOfRow({ place, values }) {
  const { question, context, answers } = values;
  const texts = Array.isArray(answers) ? answers : answers?.text;
  const given = Array.isArray(texts) ? texts.map((one) => typeof one === "object" && one !== null ? one.text : one) : null;
  if (typeof question !== "string" || typeof context !== "string" || !given?.every((one) => typeof one === "string")) {
    throw new UserError(
      `${place} must hold a question, its document as 'context' and 'answers': { "question": "\u2026", "context": "\u2026", "answers": ["\u2026"] }.`
    );
  }
  return {
    id: typeof values.id === "string" ? values.id : place,
    question,
    document: context,
    answers: given
  };
}
function answerRows(questions, description) {
  const mayHaveNone = questions.some(({ answers }) => answers.length === 0);
  return {
    description,
    length: questions.length,
    labelled: true,
    classes: null,
    // A third of a short row, so that windows advance.
    encode: ({ maxLength }) => ({
      beyond: "windows",
      overlap: Math.min(OVERLAP, Math.floor((maxLength ?? Number.POSITIVE_INFINITY) / 3)),
      offsets: true
    }),
    id: (index) => questions[index].id,
    input: (index) => [questions[index].question, questions[index].document],
    label: () => null,
    annotation(index, { rows, spread }) {
      const { document, answers } = questions[index];
      const offsets = rows.map((row) => spread(row.offsets, 2));
      return { kind: "answers", document, answers, mayHaveNone, offsets };
    }
  };
}

export {
  squadRows,
  holdsAnswers,
  answersOfRow,
  answerRows
};
