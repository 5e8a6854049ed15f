/** The action's inputs (action.yml): read with core.getInput, validated, paths absolute. */

import { resolve } from 'node:path';
import { getInput } from '@actions/core';
import { UserError } from '../../errors.js';
import { httpUrl } from '../../report/words/escape.js';
import type { Level } from '../../terms/level.js';
import { CUDA_CHOICES, type CudaChoice } from '../../terms/provider.js';
import type { CommentMode } from '../pull-request/worth-telling.js';

export interface Inputs {
  /** Absolute path of quantgate.yml. */
  config: string;
  /** '' when the workflow passes none: the report is then written, not posted. */
  token: string;
  mode: 'run' | 'report';
  /** Patterns, relative to the working directory. */
  reports: string[];
  expectedReports: ExpectedReports;
  /** Where the HTML report will be; null: unknown. */
  reportUrl: string | null;
  /** Where the history page of the badge branch is published; null: nowhere. */
  historyUrl: string | null;
  /** The pull request that the run is about, where its event doesn't carry it; auto: the one of the branch; null: as the event says. */
  prNumber: number | 'auto' | null;
  /** Revision to compare with; null: as the event says. */
  base: string | null;
  /** What a base counts as that can't be read. */
  onUnreadableBase: Level;
  thresholdsFrom: 'base' | 'head';
  failOn: FailOn;
  comment: CommentMode;
  commentKey: string;
  waiveLabel: string | null;
  badgeBranch: string | null;
  allowCommands: AllowCommands;
  /** Absolute. */
  workingDirectory: string;
  onnxruntimePath: string | null;
  cacheDir: string | null;
  cuda: CudaChoice;
}

export type FailOn = 'error' | 'warn' | 'never';
export type AllowCommands = 'same-repository' | 'never' | 'always';
/** A number of reports, or the names of the shards they come from; both empty: whatever is found. */
export interface ExpectedReports {
  count: number | null;
  names: string[];
}

/** `comment-key` when none is given. */
export const DEFAULT_KEY = 'default';

/** Name of every input, as in action.yml. */
export const INPUT_NAMES = [
  'config',
  'token',
  'mode',
  'reports',
  'expected-reports',
  'report-url',
  'history-url',
  'pr-number',
  'base',
  'on-unreadable-base',
  'thresholds-from',
  'fail-on',
  'comment',
  'comment-key',
  'waive-label',
  'badge-branch',
  'allow-commands',
  'working-directory',
  'onnxruntime-path',
  'cache-dir',
  'cuda',
] as const;
export type InputName = (typeof INPUT_NAMES)[number];

/** Reads all inputs; `workspace` is the directory that working-directory is relative to. Throws UserError naming the input. */
export function readInputs(workspace: string): Inputs {
  const workingDirectory = resolve(workspace, text('working-directory') || '.');
  const path = (name: InputName) => (text(name) ? resolve(workingDirectory, text(name)) : null);
  return {
    config: resolve(workingDirectory, text('config') || 'quantgate.yml'),
    token: text('token'),
    mode: choice('mode', ['run', 'report']),
    reports: lines('reports', 'reports/**/quantgate-report.json'),
    expectedReports: expectedReports(),
    reportUrl: address('report-url'),
    historyUrl: address('history-url'),
    prNumber: pullRequestNumber(),
    base: revision('base'),
    onUnreadableBase: choice('on-unreadable-base', ['error', 'warn', 'info', 'off']),
    thresholdsFrom: choice('thresholds-from', ['base', 'head']),
    failOn: choice('fail-on', ['error', 'warn', 'never']),
    comment: commentMode(),
    commentKey: commentKey(),
    waiveLabel: text('waive-label') || null,
    badgeBranch: branch('badge-branch'),
    allowCommands: choice('allow-commands', ['same-repository', 'never', 'always']),
    workingDirectory,
    onnxruntimePath: path('onnxruntime-path'),
    cacheDir: path('cache-dir'),
    cuda: choice('cuda', CUDA_CHOICES),
  };
}

function text(name: InputName): string {
  return getInput(name);
}

/** One of `values`; the first is the default. Case doesn't matter: YAML writes `True` as well. */
function choice<T extends string>(name: InputName, values: readonly [T, ...T[]]): T {
  const given = text(name);
  if (!given) return values[0];
  const found = values.find((value) => value === given.toLowerCase());
  if (!found) {
    throw new UserError('github.input', `Input '${name}' is '${given}'. It must be ${oneOf(values)}.`);
  }
  return found;
}

function oneOf(values: readonly string[]): string {
  return values.length > 1 ? `${values.slice(0, -1).join(', ')} or ${values.at(-1)}` : values.join('');
}

function lines(name: InputName, fallback: string): string[] {
  const found = (text(name) || fallback).split('\n').map((line) => line.trim());
  return found.filter((line) => line && !line.startsWith('#'));
}

function expectedReports(): ExpectedReports {
  const given = text('expected-reports');
  if (/^\d+$/.test(given)) return { count: Number(given), names: [] };
  const names = given.split(/[\n,]/).map((name) => name.trim());
  return { count: null, names: [...new Set(names.filter(Boolean))] };
}

function pullRequestNumber(): Inputs['prNumber'] {
  const given = text('pr-number');
  if (!given) return null;
  if (given.toLowerCase() === 'auto') return 'auto';
  if (/^[1-9]\d{0,14}$/.test(given)) return Number(given);
  throw new UserError(
    'github.input',
    `Input 'pr-number' is '${given}'. It must be the number of a pull request or auto.`,
  );
}

/** `true` and `false` are what it was called first. */
function commentMode(): CommentMode {
  const given = choice('comment', ['always', 'changes', 'failures', 'never', 'true', 'false']);
  if (given === 'true') return 'always';
  return given === 'false' ? 'never' : given;
}

/** The key ends up inside an HTML comment: only characters that can't close it. */
function commentKey(): string {
  const key = text('comment-key') || DEFAULT_KEY;
  if (!/^[A-Za-z0-9][A-Za-z0-9._ /:-]{0,99}$/.test(key) || key.includes('--')) {
    throw new UserError(
      'github.input',
      `Input 'comment-key' is '${key}'. Use up to 100 letters, digits, spaces and . _ - / :, starting with a letter or digit, without '--'.`,
    );
  }
  return key;
}

/** What a comment may link to: nothing that a browser would run, no credentials. */
function address(name: InputName): string | null {
  const given = text(name);
  if (!given) return null;
  const url = httpUrl(given);
  if (!url)
    throw new UserError('github.input', `Input '${name}' is '${given}', which is not an http(s) address.`);
  return url;
}

/** git would read a leading dash as an option, and a colon, a plus, an asterisk or two dots as a refspec or a range. */
function revision(name: InputName): string | null {
  const given = text(name);
  if (/^[-+^]|[\s\0:*?[\\]|\.\./.test(given)) {
    throw new UserError(
      'github.input',
      `Input '${name}' is '${given}', which is not a commit, branch or tag.`,
    );
  }
  return given || null;
}

/** Rules of git check-ref-format that matter for a name in an API path. */
function branch(name: InputName): string | null {
  const given = text(name).replace(/^refs\/heads\//, '');
  if (!given) return null;
  const valid =
    /^[A-Za-z0-9._/-]+$/.test(given) &&
    !/^[-/.]|\.\.|\/\/|\/\.|[/.]$|\.lock$/.test(given) &&
    !given.startsWith('refs/');
  if (!valid)
    throw new UserError('github.input', `Input '${name}' is '${given}', which is not a branch name.`);
  return given;
}
