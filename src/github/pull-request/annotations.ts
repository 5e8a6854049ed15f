/** Annotations: one workflow command per failed check, on the line of quantgate.yml that sets the bound. */
import { type AnnotationProperties, error, notice, warning } from '@actions/core';
import { type EstablishedName, establishedName, isEstablished } from '../../judge/established.js';
import { checkWords } from '../../report/words/check-words.js';
import { establishedLine, variantChecks } from '../../report/words/established.js';
import type { CheckCode } from '../../terms/codes/codes.js';
import type { Report } from '../../terms/report.js';
import type { CheckResult } from '../../terms/verdict.js';

/** GitHub shows ten annotations of each kind per step; the rest is dropped without a word. */
const MAX_PER_KIND = 10;
/** Longest message the runner keeps (ExecutionContext: MaxIssueMessageLength). */
const MAX_MESSAGE_LENGTH = 4096;

export interface Annotation {
  kind: 'error' | 'warning' | 'notice';
  message: string;
  properties: AnnotationProperties;
}

export interface AnnotationPlace {
  /** Path of quantgate.yml relative to the repository; null: it lies outside. */
  file: string | null;
  lineOf: (check: CheckResult) => number | null;
}

/** At most ten of each kind; when there are more, the last one says how many were left out. */
export function annotationsOf(report: Report, place: AnnotationPlace): Annotation[] {
  // Ten are shown: what all others rest on is among them.
  const ordered = [...report.checks.filter(isEstablished), ...variantChecks(report.checks)];
  const all = ordered.flatMap((check): Annotation[] => {
    const kind = kindOf(check);
    if (!kind) return [];
    return [{ kind, message: cut(describeCheck(check)), properties: propertiesOf(check, place) }];
  });
  return (['error', 'warning', 'notice'] as const).flatMap((kind) =>
    limited(all.filter((one) => one.kind === kind)),
  );
}

export function annotate(annotations: readonly Annotation[]): void {
  const commands = { error, warning, notice };
  for (const { kind, message, properties } of annotations) commands[kind](message, properties);
}

function kindOf({ level, verdict }: CheckResult): Annotation['kind'] | null {
  if (verdict === 'pass' || verdict === 'waived' || level === 'off') return null;
  const failed = verdict === 'fail' || verdict === 'invalid' || verdict === 'warn';
  if (level === 'error') return 'error';
  if (level === 'warn') return 'warning';
  return failed ? 'notice' : null;
}

function propertiesOf(check: CheckResult, { file, lineOf }: AnnotationPlace): AnnotationProperties {
  const code = codeOf(check);
  const title = `quantgate: ${check.metric}${code === null ? '' : ` [${code}]`}`;
  const startLine = lineOf(check);
  return file && startLine !== null ? { title, file, startLine } : { title };
}

/** What `quantgate explain` takes; null: a check that only another version knows. */
function codeOf(check: CheckResult): CheckCode | null {
  if (isEstablished(check)) {
    const name = establishedName(check);
    return name === null ? null : ESTABLISHED_CODES[name];
  }
  if (check.verdict === 'inconclusive' || check.verdict === 'skipped' || check.verdict === 'invalid')
    return CODES[check.verdict];
  return CODES.fail;
}

const ESTABLISHED_CODES: Readonly<Record<EstablishedName, CheckCode>> = {
  base: 'established.base',
  commit: 'established.commit',
  original: 'established.original',
  variant: 'established.variant',
  reports: 'established.reports',
};

const CODES = {
  fail: 'check.failed',
  inconclusive: 'check.inconclusive',
  skipped: 'check.skipped',
  invalid: 'check.invalid',
} as const satisfies Record<string, CheckCode>;

/** `classifier int8 (cpu, batch 1): 0.95×, at most 0.80×` */
function describeCheck(check: CheckResult): string {
  if (isEstablished(check)) return describeEstablished(check);
  const { observed, bound, interval } = checkWords(check);
  const place = [check.provider, check.batch === null ? null : `batch ${check.batch}`]
    .filter(Boolean)
    .join(', ');
  const subject = `${check.model} ${check.variant}${place ? ` (${place})` : ''}: ${check.metric}`;
  const figures = [observed, bound, interval].filter(Boolean).join(', ');
  return `${subject}: ${figures}${check.reason ? `. ${check.reason}` : ''}`;
}

/** `The base could not be read: origin is unreachable. …` */
function describeEstablished(check: CheckResult): string {
  const { title, subject, reason } = establishedLine(check);
  return `${title}${subject === '' ? '' : ` (${subject})`}: ${reason}`;
}

function limited(annotations: Annotation[]): Annotation[] {
  if (annotations.length <= MAX_PER_KIND) return annotations;
  const shown = annotations.slice(0, MAX_PER_KIND - 1);
  const left = annotations.length - shown.length;
  const { kind } = annotations[0]!;
  return [
    ...shown,
    {
      kind,
      message: `${left} more checks ended like this; the job summary lists them all.`,
      properties: { title: 'quantgate' },
    },
  ];
}

function cut(message: string): string {
  return message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : message;
}
