/**
 * The one list of codes: every error and every note has one. Codes are a contract: a code that has been released keeps its meaning. One
 * code per cause that has a cure of its own; several places share it. docs/troubleshooting.md is made of this list.
 */
import { ACCURACY_CODES } from './accuracy.js';
import { CHECK_CODES } from './checks.js';
import { CONFIG_CODES } from './config.js';
import { DATA_CODES } from './data.js';
import type { Explanation } from './explanation.js';
import { JUDGING_NOTES } from './judging-notes.js';
import { MAKING_NOTES } from './making-notes.js';
import { MEASURING_NOTES } from './measuring-notes.js';
import { MODEL_CODES } from './model.js';
import { QUANTIZE_CODES } from './quantize.js';
import { REPORT_CODES } from './report.js';
import { RUNTIME_CODES } from './runtime.js';
import { USAGE_CODES } from './usage.js';

/** What ends a command. */
export const ERROR_CODES = {
  ...USAGE_CODES,
  ...CONFIG_CODES,
  ...MODEL_CODES,
  ...DATA_CODES,
  ...ACCURACY_CODES,
  ...QUANTIZE_CODES,
  ...RUNTIME_CODES,
  ...REPORT_CODES,
};

/** What a report's reader should know. */
export const NOTE_CODES = { ...MEASURING_NOTES, ...MAKING_NOTES, ...JUDGING_NOTES };

export type ErrorCode = keyof typeof ERROR_CODES;
export type NoteCode = keyof typeof NOTE_CODES;
export type CheckCode = keyof typeof CHECK_CODES;

export interface ExplainedCode extends Explanation {
  code: ErrorCode | NoteCode | CheckCode;
  kind: 'error' | 'note' | 'check';
}

/** All codes in the order in which they are told. */
export const EXPLAINED: readonly ExplainedCode[] = [
  ...entries(ERROR_CODES).map(([code, told]): ExplainedCode => ({ code, kind: 'error', ...told })),
  ...entries(NOTE_CODES).map(([code, told]): ExplainedCode => ({ code, kind: 'note', ...told })),
  ...entries(CHECK_CODES).map(([code, told]): ExplainedCode => ({ code, kind: 'check', ...told })),
];

function entries<K extends string>(list: Record<K, Explanation>): [K, Explanation][] {
  return Object.entries(list) as [K, Explanation][];
}

/** The part of a code before its first dot: `data` of `data.no-labels`. */
export const areaOf = (code: string): string => code.slice(0, code.indexOf('.'));
