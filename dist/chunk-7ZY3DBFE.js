import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  answerRows,
  answersOfRow,
  holdsAnswers
} from "./chunk-GXBV5QYC.js";
import {
  pairedRows
} from "./chunk-NQ5KXUYG.js";
import {
  labelColumnName,
  rowText,
  textColumns
} from "./chunk-XVGRRTOO.js";
import {
  readTable
} from "./chunk-P62MKEZY.js";
import {
  classNames,
  classNumbers,
  holdsWords,
  tagRows,
  taggedRow
} from "./chunk-TSZDNFL5.js";
import "./chunk-FZLES6B3.js";
import {
  labelColumn
} from "./chunk-XCCERROA.js";
import "./chunk-KREUZNUC.js";
import "./chunk-VAR2GFSU.js";
import "./chunk-AFAWG3BD.js";
import "./chunk-XMXQBFJC.js";
import "./chunk-XUJYCSQL.js";
import "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/text/text-table.ts
async function textTable(data, format) {
  const rows = await readTable(data.path, format);
  const [first] = rows;
  if (first === void 0) throw new UserError(`${data.path} holds no samples (read as ${format}).`);
  if (data.text?.task === "retrieval") return pairedRows(rows, data);
  if (holdsAnswers(first)) return answerRows(rows.map(answersOfRow), `${format} ${data.path}`);
  if (holdsWords(first))
    return await tagRows(rows.map(taggedRow), { data, description: `${format} ${data.path}` });
  const columns = textColumns(data, first);
  const column = labelColumnName(data, first);
  const written = rows.map(({ place, values }) => scalarOf(column === null ? null : values[column], place));
  const known = data.classOrder === null ? await classNames(data) : null;
  const labels = known === null ? labelColumn(written, data.classOrder) : labelColumn(classNumbers(written, known, (index) => rows[index].place));
  return {
    description: `${format} ${data.path}`,
    length: rows.length,
    labelled: labels.labelled,
    warnings: labelsMissing(rows, written),
    classes: labels.classes,
    ...classIndicesOf(labels, known),
    id: (index) => rows[index].place,
    input: (index) => rowText(rows[index], columns),
    label: (index) => labels.label(index)
  };
}
function classIndicesOf({ indices, classes }, known) {
  if (indices) return { classIndices: indices };
  if (known === null || classes === null) return {};
  return { classIndices: new Map(known.names.map((name, index) => [name, index])) };
}
function labelsMissing(rows, labels) {
  const without = rows.filter((_, index) => labels[index] === null);
  if (without.length === 0 || without.length === rows.length) return [];
  return [
    `${without.length} of ${rows.length} texts have no label, the first at ${without[0].place}: without all of them there is no accuracy.`
  ];
}
function scalarOf(value, place) {
  if (value === null || value === void 0 || value === "") return null;
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string") throw new UserError(`${place}: its label is neither a number nor a name.`);
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}
export {
  textTable
};
