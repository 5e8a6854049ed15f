import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  parse
} from "./chunk-FZLES6B3.js";
import {
  readText
} from "./chunk-XMXQBFJC.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/data/text/table.ts
import { basename } from "node:path";
async function readTable(path, format) {
  const text = await readText(path);
  return format === "jsonl" ? jsonRows(text, path) : tableRows(text, path);
}
function jsonRows(text, path) {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const place = `${basename(path)}:${index + 1}`;
    let values;
    try {
      values = JSON.parse(line);
    } catch (error) {
      throw new UserError(`${place} is not JSON: ${messageOf(error)}. Each line must be one JSON object.`);
    }
    if (typeof values !== "object" || values === null || Array.isArray(values)) {
      throw new UserError(`${place} is not a JSON object: write { "text": \u2026, "label": \u2026 } on each line.`);
    }
    return [{ place, values }];
  });
}
function tableRows(text, path) {
  const tabs = path.toLowerCase().endsWith(".tsv");
  let rows;
  try {
    rows = parse(text, {
      delimiter: tabs ? "	" : ",",
      quote: tabs ? false : '"',
      skip_empty_lines: true,
      relax_column_count: false
    });
  } catch (error) {
    throw new UserError(`${path} can't be read as ${tabs ? "tsv" : "csv"}: ${messageOf(error)}.`);
  }
  const [header = [], ...body] = rows.map((row) => row.map((cell) => (tabs ? unquoted(cell) : cell).trim()));
  return body.map((row, index) => ({
    place: `${basename(path)}, row ${index + 2}`,
    values: Object.fromEntries(header.map((name, column) => [name, row[column]]))
  }));
}
function unquoted(cell) {
  return /^".*"$/s.test(cell) && cell.length > 1 ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

export {
  readTable
};
