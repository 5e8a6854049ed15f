import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  rowText,
  textColumns
} from "./chunk-XVGRRTOO.js";
import {
  readTable
} from "./chunk-P62MKEZY.js";
import {
  listedFile
} from "./chunk-KREUZNUC.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/data/text/queries.ts
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
async function beirRows({ path }) {
  const passages = (await readTable(await listedFile(path, "corpus.jsonl"), "jsonl")).map((row) => {
    const title = typeof row.values.title === "string" ? `${row.values.title} ` : "";
    return { id: idOf(row), text: `${title}${textOf(row)}`.trim() };
  });
  const places = new Map(passages.map(({ id }, index) => [id, index]));
  const grades = await judgements(path);
  const queries = (await readTable(await listedFile(path, "queries.jsonl"), "jsonl")).flatMap(
    (row) => {
      const judged = grades.get(idOf(row));
      if (judged === void 0) return [];
      const relevant = judged.flatMap(([document, grade]) => {
        const place = places.get(document);
        return place === void 0 ? [] : [[place, grade]];
      });
      return [{ id: idOf(row), text: textOf(row), relevant }];
    }
  );
  if (queries.length === 0) throw new UserError(`${path}: no query of queries.jsonl is judged in its qrels.`);
  return retrievalRows({ queries, passages, description: `beir ${path}` });
}
function idOf({ place, values }) {
  const id = values._id ?? values.id;
  if (typeof id === "string" || typeof id === "number") return String(id);
  throw new UserError(`${place} has no '_id'.`);
}
function textOf({ place, values }) {
  if (typeof values.text === "string") return values.text;
  throw new UserError(`${place} has no 'text'.`);
}
async function judgements(path) {
  const folder = join(path, "qrels");
  const files = existsSync(folder) ? (await readdir(folder)).filter((name2) => name2.endsWith(".tsv")).sort() : [];
  const name = files.find((file) => file === "test.tsv") ?? (files.length === 1 ? files[0] : void 0);
  if (name === void 0) {
    throw new UserError(
      `${path} has no qrels/test.tsv${files.length > 1 ? ` (there are ${files.join(", ")})` : ""}: a table of query, document and grade.`
    );
  }
  const found = /* @__PURE__ */ new Map();
  for (const line of (await readFile(await listedFile(path, join("qrels", name)), "utf8")).split(/\r?\n/)) {
    const cells = line.split("	");
    const grade = Number(cells.at(-1));
    if (cells.length < 3 || !Number.isFinite(grade)) continue;
    const [query, document] = [cells[0], cells.at(-2)];
    found.set(query, [...found.get(query) ?? [], [document, grade]]);
  }
  return found;
}
function pairedRows(rows, data) {
  const columns = textColumns(data, rows[0]);
  if (columns.length < 2) {
    throw new UserError(
      `${data.path}: retrieval needs a query and the text that answers it. Name both columns: \`text: [query, passage]\`.`
    );
  }
  const places = /* @__PURE__ */ new Map();
  const queries = /* @__PURE__ */ new Map();
  for (const row of rows) {
    const [query, passage] = rowText(row, columns);
    if (!places.has(passage)) places.set(passage, places.size);
    const known = queries.get(query) ?? { id: row.place, relevant: [] };
    known.relevant.push([places.get(passage), 1]);
    queries.set(query, known);
  }
  return retrievalRows({
    queries: [...queries].map(([text, query]) => ({ ...query, text })),
    passages: [...places.keys()].map((text, index) => ({ id: `passage ${index}`, text })),
    description: `pairs ${data.path}`
  });
}
function retrievalRows({
  queries,
  passages,
  description
}) {
  const passageAt = (index) => passages[index - queries.length];
  return {
    description,
    length: queries.length + passages.length,
    labelled: true,
    classes: null,
    id: (index) => (queries[index] ?? passageAt(index)).id,
    input: (index) => [(queries[index] ?? passageAt(index)).text],
    label: () => null,
    annotation: (index) => index < queries.length ? { kind: "query", relevant: queries[index].relevant } : { kind: "document", index: index - queries.length }
  };
}

export {
  beirRows,
  pairedRows
};
