import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  shownPath
} from "./chunk-XUJYCSQL.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/system/text-file.ts
import { readFile } from "node:fs/promises";
var BYTE_ORDER_MARK = /^\uFEFF/;
async function readText(path) {
  let bytes;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new UserError(`${shownPath(path)} can't be read: ${messageOf(error)}.`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const place = lineOfError(bytes);
    throw new UserError(
      `${shownPath(path)} is no text in UTF-8${place === null ? "" : ` (line ${place})`}: save it as UTF-8.`
    );
  }
}
async function readJson(path) {
  const text = await readText(path);
  try {
    return parseJson(text);
  } catch (error) {
    throw new UserError(`${shownPath(path)} can't be read as JSON: ${messageOf(error)}.`);
  }
}
function parseJson(text) {
  return JSON.parse(text.replace(BYTE_ORDER_MARK, ""));
}
var NEWLINE = 10;
function lineOfError(bytes) {
  const utf16 = bytes[0] === 255 && bytes[1] === 254 || bytes[0] === 254 && bytes[1] === 255;
  if (utf16) return null;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(NEWLINE, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    start = end < 0 ? bytes.length : end + 1;
  }
  return null;
}

export {
  readText,
  readJson,
  parseJson
};
