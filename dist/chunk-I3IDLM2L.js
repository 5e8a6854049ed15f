import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  listedFile
} from "./chunk-KREUZNUC.js";
import {
  annotatedImagesSource
} from "./chunk-257NUD2U.js";
import "./chunk-6RTF35MK.js";
import "./chunk-VAR2GFSU.js";
import "./chunk-LSKD7L3D.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-VPQXPBZ4.js";
import "./chunk-PLGNMHI6.js";
import {
  readText
} from "./chunk-XMXQBFJC.js";
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import "./chunk-WWTOTCN4.js";
import "./chunk-57WIVW7N.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/text-lines.ts
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
var LABELS_TABLE = "labels.tsv";
var IMAGE_KEYS = ["image", "file", "file_name", "filename", "path"];
var TEXT_KEYS = ["text", "label", "transcription", "labels"];
async function textLinesSource(data, bindings) {
  const { path } = data;
  const isFolder = (await stat(path)).isDirectory();
  const table = isFolder ? await listedFile(path, LABELS_TABLE) : path;
  const lines = parseTable(await readText(table), table);
  const empty = lines.filter(({ text }) => text.trim() === "");
  if (lines.length > 0 && empty.length === lines.length)
    throw new UserError(`${shownPath(table)}: every text is empty, so there is nothing to recognize.`);
  return await annotatedImagesSource({ ...data, images: data.images ?? dirname(table) }, bindings, {
    format: "text-lines",
    images: lines.map(({ file, text }) => ({ file, annotation: () => ({ kind: "text", text }) })),
    classes: null,
    warnings: empty.length === 0 ? [] : [
      `${empty.length} of ${lines.length} texts of ${shownPath(table)} are empty, the first of ${empty[0].file}.`
    ]
  });
}
function parseTable(text, table) {
  const lines = text.split(/\r?\n/).map((line, at) => ({ line, where: `${table}:${at + 1}` }));
  const written = lines.filter(({ line }) => line.trim() !== "");
  if (/\.(jsonl|ndjson)$/i.test(table)) return written.map(({ line, where }) => jsonLine(line, where));
  const [first, ...rest] = written;
  const isHeader = first !== void 0 && IMAGE_KEYS.includes(first.line.split("	")[0].trim().toLowerCase());
  return (isHeader ? rest : written).map(({ line, where }) => tabLine(line, where));
}
function tabLine(line, where) {
  const tab = line.indexOf("	");
  if (tab <= 0)
    throw new UserError(
      `${where}: expected the name of an image, a tab and its text; found '${line.slice(0, 60)}'.`
    );
  return { file: line.slice(0, tab).trim(), text: line.slice(tab + 1) };
}
function jsonLine(line, where) {
  let row;
  try {
    row = JSON.parse(line);
  } catch (error) {
    throw new UserError(`${where} is no JSON: ${messageOf(error)}.`);
  }
  const textAt = (keys) => keys.map((key) => row?.[key]).find((value) => typeof value === "string");
  const [file, text] = [textAt(IMAGE_KEYS), textAt(TEXT_KEYS)];
  if (file === void 0 || text === void 0) {
    throw new UserError(`${where}: expected { "image": \u2026, "text": \u2026 }.`);
  }
  return { file, text };
}
export {
  LABELS_TABLE,
  textLinesSource
};
