import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
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
import {
  sha256
} from "./chunk-WWTOTCN4.js";
import "./chunk-CQM643LP.js";
import "./chunk-57WIVW7N.js";
import {
  isDerivable,
  quoted,
  textWithoutTokenizer
} from "./chunk-P3SRHLMA.js";
import "./chunk-OEIIXWBO.js";
import "./chunk-D475USFB.js";
import {
  allocate,
  castLossless,
  isFloatType
} from "./chunk-K7D3JYL6.js";
import {
  halfBits
} from "./chunk-B4R2XIPD.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/formats/jsonl.ts
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";

// src/data/formats/json-tensor.ts
function jsonTensor(value, type, place) {
  const dims = [];
  for (let part = value; Array.isArray(part); part = part[0]) dims.push(part.length);
  const numbers = [];
  const collect = (part, axis) => {
    if (axis < dims.length) {
      if (!Array.isArray(part) || part.length !== dims[axis]) throw ragged(place, dims);
      for (const inner of part) collect(inner, axis + 1);
    } else if (typeof part === "number" || typeof part === "boolean") numbers.push(Number(part));
    else throw ragged(place, dims);
  };
  collect(value, 0);
  if (isFloatType(type)) {
    const data = allocate(type, numbers.length);
    numbers.forEach((number, at) => {
      data[at] = type === "float16" ? halfBits(number) : number;
    });
    return { type, dims, data };
  }
  return { type: "float64", dims, data: Float64Array.from(numbers) };
}
function ragged(place, dims) {
  return new UserError(
    `${place}: values must be numbers in nested arrays of equal lengths (the first ones make the shape [${dims.join(", ")}]).`
  );
}

// src/data/formats/jsonl.ts
var LABEL_KEYS = [DEFAULT_LABELS, "label"];
var NEWLINE = 10;
async function jsonlSource(data, bindings) {
  const { path } = data;
  const index = await indexLines(path, data.labels);
  const scalars = index.labels.every((label) => label !== void 0) ? labelColumn(index.labels, data.classOrder) : null;
  const idOf = (line) => `${basename(path)}:${index.lines[line] + 1}`;
  const fileId = (line, file) => `${idOf(line)} (${file})`;
  async function readLine(line) {
    const bytes = await readBytes(path, index.starts[line], index.ends[line] - index.starts[line]);
    return { bytes, row: parseRow(bytes, `${path}:${index.lines[line] + 1}`) };
  }
  async function rawSample(line) {
    const { row } = await readLine(line);
    const values = {};
    for (const binding of bindings) {
      if (isMissing(row[binding.from]) && isDerivable(binding, bindings)) continue;
      const value = inputValue(row, binding, idOf(line));
      values[binding.input] = typeof value === "string" ? await readSampleFile(await namedFile(data, value), fileId(line, value), binding) : { kind: "array", tensor: jsonTensor(value, binding.type, idOf(line)) };
    }
    const label = scalars ? scalars.label(line) : arrayLabel(row[labelKey(row, data.labels)], idOf(line));
    return { values, label };
  }
  async function hashOf(line) {
    const { bytes, row } = await readLine(line);
    const files = bindings.filter((binding) => !isMissing(row[binding.from]) || !isDerivable(binding, bindings)).map((binding) => inputValue(row, binding, idOf(line))).filter((value) => typeof value === "string");
    if (files.length === 0) return sha256(bytes);
    const hashes = files.map(async (file) => hashSampleFile(await namedFile(data, file), fileId(line, file)));
    return sha256(Buffer.from((await Promise.all(hashes)).join()));
  }
  return {
    description: `jsonl ${path}`,
    length: index.starts.length,
    labelled: scalars?.labelled ?? true,
    classes: scalars?.classes ?? null,
    classIndices: scalars?.indices,
    id: idOf,
    classOf: (line) => scalars ? classOfLabel(scalars, line) : null,
    hash: hashOf,
    read: rawSample
  };
}
async function indexLines(path, labels) {
  const index = { starts: [], ends: [], lines: [], labels: [] };
  let line = 0;
  let start = 0;
  let pending = [];
  const finish = (end) => {
    const text = Buffer.concat(pending);
    pending = [];
    if (text.toString("utf8").trim() !== "") {
      const row = parseRow(text, `${path}:${line + 1}`);
      index.starts.push(start);
      index.ends.push(end);
      index.lines.push(line);
      index.labels.push(scalarLabel(row, labels));
    }
    line++;
    start = end + 1;
  };
  let position = 0;
  for await (const chunk of createReadStream(path)) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      pending.push(chunk.subarray(from, at));
      finish(position + at);
      from = at + 1;
    }
    pending.push(chunk.subarray(from));
    position += chunk.length;
  }
  finish(position);
  return index;
}
function parseRow(bytes, place) {
  let row;
  try {
    row = JSON.parse(
      Buffer.from(bytes).toString("utf8").replace(/^\uFEFF/, "")
    );
  } catch (error) {
    throw new UserError(`${place} is not JSON: ${messageOf(error)}. Each line must be one JSON object.`);
  }
  if (typeof row === "object" && row !== null && !Array.isArray(row)) return row;
  throw new UserError(`${place} is not a JSON object: write { "input": \u2026, "label": \u2026 } on each line.`);
}
function labelKey(row, configured) {
  return (configured === null ? LABEL_KEYS : [configured]).find((key) => row[key] !== void 0);
}
function scalarLabel(row, configured) {
  const key = labelKey(row, configured);
  const label = key === void 0 ? null : row[key];
  if (label === null || typeof label === "number" || typeof label === "string") return label;
  return typeof label === "boolean" ? Number(label) : void 0;
}
function arrayLabel(value, place) {
  if (value === void 0 || value === null) return null;
  const tensor = jsonTensor(value, "float64", place);
  const integers = tensor.data.every(Number.isInteger);
  const cast = integers ? castLossless(tensor, "int64") : tensor;
  return "dims" in cast ? cast : tensor;
}
function isMissing(value) {
  return value === void 0 || value === null;
}
function inputValue(row, { from, input, config, role }, place) {
  const value = row[from];
  if (role === "ids" && typeof value === "string") throw textWithoutTokenizer(place, from);
  if (!isMissing(value)) return value;
  const keys = Object.keys(row);
  const text = keys.find((key) => typeof row[key] === "string" && !LABEL_KEYS.includes(key));
  if (role === "ids" && config.from === null && text !== void 0) throw textWithoutTokenizer(place, text);
  throw new UserError(
    `${place} has no value '${from}' for the model's input '${input}'; it holds ${quoted(keys)}. ` + (config.from === null ? `Map one of them: \`inputs: { ${input}: { from: ${keys[0] ?? "NAME"} } }\`.` : "Correct `from`.")
  );
}
async function readBytes(path, start, length) {
  const handle = await open(path, "r");
  try {
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, start);
    return bytes;
  } finally {
    await handle.close();
  }
}
export {
  jsonlSource
};
