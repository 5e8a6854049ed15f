/** The action's outputs (action.yml): every name in one place. Paths, never bodies. */
import { existsSync } from 'node:fs';
import { setOutput } from '@actions/core';
import { MachineError, messageOf } from '../../errors.js';
import type { ReportFiles } from '../../report-files.js';
import type { Report } from '../../terms/report.js';
import type { Verdict } from '../../terms/verdict.js';

export const OUTPUT_NAMES = [
  'verdict',
  'failed-checks',
  'report-json',
  'report-markdown',
  'report-html',
  'report-junit',
  'models',
  'comment-id',
  'comment-url',
] as const;
export type OutputName = (typeof OUTPUT_NAMES)[number];

/** Everything that is known before the first call to GitHub. */
export function setReportOutputs(report: Report, files: ReportFiles): void {
  set('verdict', report.verdict);
  set('failed-checks', String(failedChecks(report).length));
  set('report-json', files.json);
  set('report-markdown', files.markdown);
  set('report-html', files.html);
  set('report-junit', files.junit);
  // Reports of other jobs bring no models.
  set('models', existsSync(files.models) ? files.models : '');
}

export function setCommentOutputs(comment: { id: number; url: string } | null): void {
  set('comment-id', comment ? String(comment.id) : '');
  set('comment-url', comment?.url ?? '');
}

/** Checks that make the verdict `fail` (judge/judge.ts, overallVerdict). */
export function failedChecks(report: Report): Report['checks'] {
  return report.checks.filter((check) => check.level === 'error' && !HOLDS.has(check.verdict));
}

const HOLDS: ReadonlySet<Verdict> = new Set(['pass', 'waived']);

/** Throws MachineError when the runner's file for outputs can't be written: later steps would read empty ones. */
function set(name: OutputName, value: string): void {
  try {
    setOutput(name, value);
  } catch (error) {
    throw new MachineError(
      'github.output',
      `The output '${name}' can't be handed on: ${messageOf(error)} (GITHUB_OUTPUT). The runner makes this file for each step: is its folder the one that this process sees?`,
    );
  }
}
