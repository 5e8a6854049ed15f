/** Several runs as one report: a matrix of jobs measures models and providers on its own machines, one comment shows them all. */

import { UserError } from '../../errors.js';
import { establishedResults } from '../../judge/established.js';
import type { Measurement } from '../../terms/measurement.js';
import { type Environment, MAX_MODELS, MAX_VARIANTS, type Report } from '../../terms/report.js';
import type { CheckResult, OverallVerdict } from '../../terms/verdict.js';
import { machineNamer, withRunners } from '../words/machine-name.js';

import { mergeFacts } from './facts.js';
import { mergeModels } from './models.js';
import { conflictNote, Notes, warning } from './notes.js';

export interface MergeOptions {
  /** Names of the reports that should be there (matrix jobs, artifacts). */
  expected?: readonly string[];
  /** How many there should be; default: as many as come. */
  count?: number | null;
  /** Names of those that are, in the order of `reports`. Default: none is known, nothing is missed. */
  names?: readonly string[];
}

/**
 * One report with every model, measurement and check of `reports`. What several machines measured stays apart (`environment`
 * on each fact); facts that all agree on are told once. Where the same machine measured the same thing twice the newest
 * run counts, and a note names it. A shard that is missing fails (`established.reports`). Throws UserError without reports.
 */
export function mergeReports(reports: readonly Report[], options: MergeOptions = {}): Report {
  if (reports.length === 0)
    throw new UserError('report.none', 'There is no report to merge. Check the paths given as reports.');
  const missing = missingReports(reports.length, options);
  if (reports.length === 1 && missing.length === 0) return reports[0]!;
  // The newest run first: it wins where two tell the same thing differently.
  const newest = [...reports].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const environments = distinctEnvironments(reports);
  const several = environments.length > 1;
  const machineOf = machineNamer({ environment: environments[0]!, environments });
  const notes = new Notes();
  for (const report of reports) notes.add(...report.notes);

  const measurements = mergeFacts(newest, reports, {
    pick: (report) => report.measurements,
    key: (item) => item.metric,
    same: sameMeasurement,
    conflict: (item, environment) =>
      notes.add(
        conflictNote(
          item,
          `${item.metric} was measured twice on machine ${machineOf(environment)} with different results`,
        ),
      ),
    several,
  });
  const checks = mergeFacts(newest, reports, {
    pick: (report) => report.checks,
    key: (item) => `${item.check} ${item.condition}`,
    same: (a, b) => a.verdict === b.verdict && a.observed === b.observed && a.bound === b.bound,
    conflict: (item, environment) =>
      notes.add(
        conflictNote(
          item,
          `${item.check} was judged twice on machine ${machineOf(environment)} with different results`,
        ),
      ),
    several,
  });
  const models = mergeModels(reports, notes);
  assertFits(models);
  const first = reports[0]!;
  const versions = new Set(reports.map((report) => report.tool.version));
  if (versions.size > 1) {
    notes.add(
      warning(
        'merge.versions',
        `The reports come from different quantgate versions: ${[...versions].join(', ')}.`,
      ),
    );
  }
  if (new Set(reports.map((report) => report.source?.sha ?? null)).size > 1) {
    notes.add(
      warning(
        'merge.commits',
        'The reports come from different commits: they may not describe the same change.',
      ),
    );
  } else if (new Set(reports.map((report) => report.source?.runId ?? null)).size > 1) {
    notes.add(
      warning(
        'merge.runs',
        'The reports come from different workflow runs: they may not have measured the same files.',
      ),
    );
  }
  return {
    schemaVersion: 1,
    tool: first.tool,
    startedAt: reports.map((report) => report.startedAt).sort()[0]!,
    durationMs: Math.max(...reports.map((report) => report.durationMs)),
    verdict: worstOverall([
      ...reports.map((report) => report.verdict),
      ...(missing.length > 0 ? (['fail'] as const) : []),
    ]),
    environment: environments[0]!,
    models,
    measurements,
    checks: [...missing, ...checks],
    notes: notes.all(),
    thresholds: {
      ...first.thresholds,
      changed: reports.some((report) => report.thresholds.changed),
    },
    source: mergedSource(reports),
    ...(several && { environments }),
  };
}

/** Of the first report that knows; something changed when it did for one, and nothing only when all know that nothing did. */
function mergedSource(reports: readonly Report[]): Report['source'] {
  const found = reports.find(({ source }) => source !== null)?.source;
  if (!found) return null;
  const { changed: _, ...source } = found;
  const told = reports.map((report) => report.source?.changed);
  if (told.includes(true)) return { ...source, changed: true };
  return told.every((one) => one === false) ? { ...source, changed: false } : source;
}

/** What should have been measured and wasn't can't pass. */
function missingReports(
  found: number,
  { expected = [], count = null, names = [] }: MergeOptions,
): CheckResult[] {
  const there = new Set(names);
  const missing = [...new Set(expected)].filter((name) => !there.has(name));
  const messages = [
    ...missing.map(
      (name) => `No report came from ${name}: what it should have checked is not in this report.`,
    ),
    ...(count !== null && found < count
      ? [`${found} of ${count} expected reports are here: ${names.join(', ')}.`]
      : []),
  ];
  if (messages.length === 0) return [];
  const remedy = 'Look into the jobs that should have measured, and run them again.';
  return establishedResults([{ name: 'reports', level: 'error', message: messages.join(' '), remedy }]);
}

function worstOverall(verdicts: readonly OverallVerdict[]): OverallVerdict {
  return (['fail', 'warn'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'pass';
}

/** Each machine once, in the order of the reports; reports merged before bring several. */
function distinctEnvironments(reports: readonly Report[]): Environment[] {
  const machines = new Map<string, { environment: Environment; runners: Set<string> }>();
  for (const report of reports) {
    for (const environment of report.environments ?? [report.environment]) {
      const { fingerprint, runner } = environment;
      const known = machines.get(fingerprint) ?? { environment, runners: new Set() };
      machines.set(fingerprint, known);
      if (runner) known.runners.add(runner);
    }
  }
  return [...machines.values()].map(({ environment, runners }) => withRunners(environment, [...runners]));
}

/** The job that merges would find out when it writes, and blame the reports. */
function assertFits(models: Report['models']): void {
  const crowded = models.find(({ variants }) => variants.length > MAX_VARIANTS);
  const found =
    models.length > MAX_MODELS
      ? `${models.length} models`
      : crowded && `${crowded.variants.length} variants of '${crowded.name}'`;
  if (!found) return;
  throw new UserError(
    'report.too-much',
    `The reports have ${found} together, and a report holds at most ${MAX_MODELS} models with ${MAX_VARIANTS} variants each. Merge fewer at once; jobs of the action keep separate comments with \`comment-key\`.`,
  );
}

function sameMeasurement(a: Measurement, b: Measurement): boolean {
  return a.status === b.status && a.value === b.value && a.unit === b.unit;
}
