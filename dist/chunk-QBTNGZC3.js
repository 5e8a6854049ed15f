import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  parse
} from "./chunk-FZLES6B3.js";
import {
  hashSampleFile,
  namedFile,
  readSampleFile
} from "./chunk-EIULVQIF.js";
import {
  classOfLabel,
  labelColumn
} from "./chunk-XCCERROA.js";
import "./chunk-257NUD2U.js";
import "./chunk-6RTF35MK.js";
import "./chunk-VAR2GFSU.js";
import "./chunk-LSKD7L3D.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-VPQXPBZ4.js";
import "./chunk-PLGNMHI6.js";
import "./chunk-XUJYCSQL.js";
import {
  DEFAULT_LABELS
} from "./chunk-PMV6PW5I.js";
import "./chunk-WWTOTCN4.js";
import "./chunk-CQM643LP.js";
import "./chunk-57WIVW7N.js";
import {
  onlyBinding,
  quoted,
  textWithoutTokenizer
} from "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/csv.ts
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
var PATH_COLUMNS = ["path", "file", "filename", "image"];
var LABEL_COLUMNS = [DEFAULT_LABELS, "label", "class", "target"];
async function csvSource(data, bindings) {
  const { path } = data;
  const binding = onlyBinding(bindings, path, "csv");
  const rows = await readRows(path);
  if (binding.role === "ids") throw textWithoutTokenizer(basename(path), rows[0]?.[0] ?? "the first column");
  const columns = findColumns(rows[0] ?? [], data, binding);
  const body = columns.header ? rows.slice(1) : rows;
  const paths = body.map((row) => row[columns.path]);
  const labels = labelColumn(
    body.map((row) => scalarOf(columns.label === null ? void 0 : row[columns.label])),
    data.classOrder
  );
  const file = (index) => namedFile(data, paths[index]);
  return {
    description: `csv ${path}`,
    length: paths.length,
    labelled: labels.labelled,
    classes: labels.classes,
    classIndices: labels.indices,
    id: (index) => paths[index],
    classOf: (index) => classOfLabel(labels, index),
    hash: async (index) => hashSampleFile(await file(index), paths[index]),
    async read(index) {
      const value = await readSampleFile(await file(index), paths[index], binding);
      return { values: { [binding.input]: value }, label: labels.label(index) };
    }
  };
}
async function readRows(path) {
  try {
    return parse(await readFile(path), {
      bom: true,
      delimiter: path.toLowerCase().endsWith(".tsv") ? "	" : ",",
      skip_empty_lines: true,
      trim: true
    });
  } catch (error) {
    throw new UserError(`${path} can't be read as csv: ${messageOf(error)}.`);
  }
}
function findColumns(first, data, { input, config }) {
  const pathNames = config.from !== null ? [config.from] : [input, ...PATH_COLUMNS];
  const labelNames = data.labels !== null ? [data.labels] : LABEL_COLUMNS;
  const find = (names) => first.findIndex((cell) => names.includes(cell));
  const [path, label] = [find(pathNames), find(labelNames)];
  const asked = [
    ...config.from !== null && path < 0 ? [config.from] : [],
    ...data.labels !== null && data.labels !== DEFAULT_LABELS && label < 0 ? [data.labels] : []
  ];
  if (asked.length > 0) {
    throw new UserError(
      `${basename(data.path)} has no column ${quoted(asked)}; its first row is ${quoted(first)}.`
    );
  }
  if (path < 0 && label < 0) return { header: false, path: 0, label: first.length > 1 ? 1 : null };
  return { header: true, path: path < 0 ? firstOther(label) : path, label: label < 0 ? null : label };
}
function firstOther(column) {
  return column === 0 ? 1 : 0;
}
function scalarOf(cell) {
  if (cell === void 0 || cell === "") return null;
  const number = Number(cell);
  return Number.isFinite(number) ? number : cell;
}
export {
  csvSource
};
