import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  validateReport
} from "./chunk-LQIED5SV.js";
import {
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/cli/read-report.ts
import { readFileSync } from "node:fs";
function readReport(path) {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(`Report ${path} can't be read: ${messageOf(error)}.`);
  }
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`Report ${path} is not JSON: ${messageOf(error)}.`);
  }
  try {
    return validateReport(value);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`Report ${path}: ${error.message}`) : error;
  }
}

export {
  readReport
};
