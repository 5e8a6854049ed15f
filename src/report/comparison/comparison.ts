/** What changed between two reports: verdict, checks, figures, files. Pure; docs/command-line.md describes it as JSON. */
import { UserError } from '../../errors.js';
import type { Report } from '../../terms/report.js';
import type { OverallVerdict } from '../../terms/verdict.js';
import { plainText } from '../words/escape.js';
import { countOf } from '../words/format.js';
import { machineNamer } from '../words/machine-name.js';
import { type CheckDifference, checkDifferences } from './check-differences.js';
import { type FigureDifference, figureDifferences, type NotCompared } from './figure-differences.js';
import { type ModelDifferences, modelDifferences } from './model-differences.js';

export interface Comparison {
  comparisonVersion: 1;
  before: Side;
  after: Side;
  models: ModelDifferences;
  /** Checks that were judged otherwise, the worst first; those that are new or gone among them. */
  checks: CheckDifference[];
  /** Every figure that both reports have, whether it changed or not. */
  figures: FigureDifference[];
  notCompared: NotCompared[];
}

export interface Side {
  /** As it was given; untrusted. */
  name: string;
  quantgate: string;
  startedAt: string;
  verdict: OverallVerdict;
  /** null: the report tells of none. */
  sha: string | null;
  repository: string | null;
  machines: { fingerprint: string; name: string; onnxruntime: string }[];
}

export interface NamedReport {
  /** Path or address, for people. */
  name: string;
  report: Report;
}

/** Throws UserError when there is nothing to compare: the same report twice, or no model that both have. */
export function compareReports(before: NamedReport, after: NamedReport): Comparison {
  assertComparable(before, after);
  return {
    comparisonVersion: 1,
    before: sideOf(before),
    after: sideOf(after),
    models: modelDifferences(before.report, after.report),
    checks: checkDifferences(before.report, after.report),
    ...figureDifferences(before.report, after.report),
  };
}

function sideOf({ name, report }: NamedReport): Side {
  const { tool, startedAt, verdict, source, environment, environments } = report;
  const nameOf = machineNamer(report);
  return {
    name,
    quantgate: tool.version,
    startedAt,
    verdict,
    sha: source?.sha ?? null,
    repository: source?.repository ?? null,
    machines: (environments ?? [environment]).map(({ fingerprint, cpu, onnxruntime }) => {
      const known = nameOf(fingerprint);
      return { fingerprint, name: known === fingerprint ? cpu : known, onnxruntime };
    }),
  };
}

function assertComparable(before: NamedReport, after: NamedReport): void {
  if (JSON.stringify(before.report) === JSON.stringify(after.report)) {
    throw new UserError(
      'report.same',
      `${before.name} and ${after.name} hold the same report: nothing can have changed. Name the report of another run.`,
    );
  }
  const known = new Set(before.report.models.map(({ name }) => name));
  if (after.report.models.some(({ name }) => known.has(name))) return;
  throw new UserError(
    'report.other-models',
    `The reports have no model in common: ${before.name} has ${modelsOf(before.report)}, ${after.name} has ${modelsOf(after.report)}. Compare two reports of the same models.`,
  );
}

/** Names shown of a report's models. */
const SHOWN = 5;

function modelsOf({ models }: Report): string {
  if (models.length === 0) return 'none';
  const names = models.slice(0, SHOWN).map(({ name }) => `'${plainText(name, 60)}'`);
  const more = models.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${countOf(more, 'more', 'more')}` : ''}`;
}
