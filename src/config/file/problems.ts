/** What is wrong with a config file: collected while reading, thrown together as one error. */
import { relative, resolve } from 'node:path';
import { UserError } from '../../errors.js';
import type { ErrorCode } from '../../terms/codes/codes.js';

export interface Problem {
  /** 1-based; null when the config came from no file. */
  line: number | null;
  /** `models[0].data.evaluation`; empty for the document itself. */
  path: string;
  code: ErrorCode;
  message: string;
}

/** One step into the document: a key of a mapping or an index of a list. */
export type Path = readonly (string | number)[];

/** More than these are counted, not listed: the rest usually follow from the first. */
const LISTED = 10;

/** Exit code 2, with every problem of the file and its line (annotations are made of them); its code is the first problem's. */
export class ConfigError extends UserError {
  readonly file: string | null;
  readonly problems: readonly Problem[];

  constructor(file: string | null, problems: readonly Problem[]) {
    super(problems[0]?.code ?? 'config.invalid-value', describe(file, problems));
    this.file = file;
    this.problems = problems;
  }
}

/** Collects problems under the positions of one document. */
export class Problems {
  readonly list: Problem[] = [];
  private readonly paths: Path[] = [];
  private readonly lineOf: (path: Path) => number | null;

  constructor(lineOf: (path: Path) => number | null) {
    this.lineOf = lineOf;
  }

  add(path: Path, code: ErrorCode, message: string): void {
    this.paths.push(path);
    this.list.push({ line: this.lineOf(path), path: pathText(path), code, message });
  }

  /** Whether something at `path`, below it or at a part that holds it is wrong already: reading on there would stumble. */
  touches(path: Path): boolean {
    return this.paths.some((found) => {
      const shared = Math.min(found.length, path.length);
      // A problem of the document as a whole (a key missing at the top) spoils no part of it.
      if (found.length === 0 && path.length > 0) return false;
      return path.slice(0, shared).every((step, i) => found[i] === step);
    });
  }

  /** The result of `parse`, or undefined and a problem at `path` when it throws a UserError. */
  attempt<T>(path: Path, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.add(path, error.code, error.message);
      return undefined;
    }
  }

  /** Throws ConfigError when anything was collected, in the order of the file. */
  throwIfAny(file: string | null): void {
    if (this.list.length === 0) return;
    const ordered = [...this.list].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    throw new ConfigError(file, ordered);
  }
}

/** `['models', 0, 'path']` → `models[0].path`. */
function pathText(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}

/** As short as it stays clear: relative to the working directory when inside it. */
export function displayName(file: string): string {
  const short = relative(process.cwd(), resolve(file));
  return short !== '' && !short.startsWith('..') ? short : file;
}

/** Control and direction marks written out: keys and values of a stranger's file must not steer a terminal or a log. */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (mark) => `\\u${mark.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

function describe(file: string | null, problems: readonly Problem[]): string {
  const name = file ?? 'config';
  const lines = problems.slice(0, LISTED).map((problem) => {
    const place = problem.line === null ? name : `${name}:${problem.line}`;
    return visible(`${place}: ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`);
  });
  if (lines.length === 1) return lines[0]!;
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`… and ${more} more`);
  return `${problems.length} errors in ${name}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
