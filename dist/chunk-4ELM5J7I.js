import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readText
} from "./chunk-XMXQBFJC.js";
import "./chunk-XUJYCSQL.js";
import {
  UserError
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/data/text/plain-text.ts
import { basename } from "node:path";
async function plainTextRows({ path }) {
  const text = await readText(path);
  if (text.trim() === "") throw new UserError(`${path} holds no text.`);
  return {
    description: `text ${path}`,
    length: 1,
    labelled: false,
    classes: null,
    id: () => basename(path),
    input: () => [text],
    label: () => null
  };
}
export {
  plainTextRows
};
