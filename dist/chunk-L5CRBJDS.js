import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  UserError
} from "./chunk-IYM25C4U.js";

// src/config/problems.ts
import { relative, resolve } from "node:path";
var LISTED = 10;
var ConfigError = class extends UserError {
  file;
  problems;
  constructor(file, problems) {
    super(describe(file, problems));
    this.file = file;
    this.problems = problems;
  }
};
var Problems = class {
  list = [];
  paths = [];
  lineOf;
  constructor(lineOf) {
    this.lineOf = lineOf;
  }
  add(path, message) {
    this.paths.push(path);
    this.list.push({ line: this.lineOf(path), path: pathText(path), message });
  }
  /** Whether something at `path`, below it or at a part that holds it is wrong already: reading on there would stumble. */
  touches(path) {
    return this.paths.some((found) => {
      const shared = Math.min(found.length, path.length);
      if (found.length === 0 && path.length > 0) return false;
      return path.slice(0, shared).every((step, i) => found[i] === step);
    });
  }
  /** The result of `parse`, or undefined and a problem at `path` when it throws a UserError. */
  attempt(path, parse) {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.add(path, error.message);
      return void 0;
    }
  }
  /** Throws ConfigError when anything was collected, in the order of the file. */
  throwIfAny(file) {
    if (this.list.length === 0) return;
    const ordered = [...this.list].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    throw new ConfigError(file, ordered);
  }
};
function pathText(path) {
  return path.map((step, index) => typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`).join("");
}
function displayName(file) {
  const short = relative(process.cwd(), resolve(file));
  return short !== "" && !short.startsWith("..") ? short : file;
}
function visible(text) {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (mark) => `\\u${mark.codePointAt(0).toString(16).padStart(4, "0")}`
  );
}
function describe(file, problems) {
  const name = file ?? "config";
  const lines = problems.slice(0, LISTED).map((problem) => {
    const place = problem.line === null ? name : `${name}:${problem.line}`;
    return visible(`${place}: ${problem.path === "" ? "" : `${problem.path}: `}${problem.message}`);
  });
  if (lines.length === 1) return lines[0];
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`\u2026 and ${more} more`);
  return `${problems.length} errors in ${name}:
${lines.map((line) => `  ${line}`).join("\n")}`;
}

export {
  ConfigError,
  Problems,
  displayName
};
