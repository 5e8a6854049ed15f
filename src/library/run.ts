/** run: the whole pipeline of a quantgate.yml, without GitHub. */
import { resolve } from 'node:path';
import { loadConfig } from '../config/read/load.js';
import { findBase } from '../github/base/base.js';
import { readContext, sourceRevision } from '../github/event/context.js';
import { measuredCommit } from '../github/head/measured-commit.js';
import type { ReportFiles } from '../report-files.js';
import { run as runPipeline } from '../run.js';
import { shownPath } from '../system/files/shown-path.js';
import type { Report, SourceRevision } from '../terms/report.js';
import { MOST_WORST_SAMPLES } from '../terms/worst-sample.js';
import { CALL_KEYS, type CallOptions, openCall } from './call.js';
import { assertKnown } from './options/config-keys.js';
import { OptionError } from './options/option-error.js';

export interface RunOptions extends CallOptions {
  /** Path of the configuration; default quantgate.yml. */
  config?: string | undefined;
  /** Git revision to compare with (max-regression); default: none. */
  base?: string | undefined;
  /** Folder for the report, badges and models; default quantgate-out. */
  out?: string | undefined;
  /** Samples that the report shows of each variant, those where it lost most: 0 to 20; default: as the configuration says. */
  reportSamples?: number | undefined;
}

/** What a run gives; `report.verdict` is fail when a check of level error failed. */
export interface Ran {
  report: Report;
  /** Absolute paths. */
  files: ReportFiles;
}

/**
 * Quantizes, measures and judges the models of a configuration and leaves the report in a folder.
 *
 * @throws UserError for a configuration, models or data that don't fit; MachineError when the machine can't do it; Interrupted.
 */
export async function run(options: RunOptions = {}): Promise<Ran> {
  assertKnown(options, [...CALL_KEYS, 'config', 'base', 'out', 'reportSamples']);
  const samples = shownSamples(options.reportSamples);
  const call = openCall(options);
  const config = await loadConfig(options.config ?? 'quantgate.yml');
  if (options.threads !== undefined) config.benchmark = { ...config.benchmark, threads: [options.threads] };
  if (samples !== undefined) config.report = { samples };
  const { runtime, log, signal } = await call.context();
  const base = await findBase({ config, ref: options.base ?? null, log, signal });
  const found = base.state === 'found' ? base : null;
  try {
    return await runPipeline({
      config,
      out: resolve(options.out ?? 'quantgate-out'),
      base: found?.models ?? null,
      baseProblem: base.state === 'unreadable' ? `${base.cause} ${base.remedy}` : null,
      context: { runtime, log, ...(signal === undefined ? {} : { signal }) },
      allowCommands: true,
      source: await sourceOfJob(config.directory, found?.revision.sha ?? null),
      thresholds: { file: config.file && shownPath(config.file), from: 'head', changed: false },
    });
  } finally {
    await found?.dispose();
  }
}

function shownSamples(count: number | undefined): number | undefined {
  if (count === undefined) return undefined;
  if (Number.isInteger(count) && count >= 0 && count <= MOST_WORST_SAMPLES) return count;
  throw new OptionError(
    'usage.invalid-value',
    (option) => `${option('reportSamples')} must be a whole number from 0 to ${MOST_WORST_SAMPLES}.`,
  );
}

/** Of the GitHub Actions job that this runs in, so that reports of other runs are told apart; null: it runs in none. */
async function sourceOfJob(directory: string, baseSha: string | null): Promise<SourceRevision | null> {
  const context = readContext();
  if (context.runId === null) return null;
  const { sha: measuredSha } = await measuredCommit(directory, null);
  return sourceRevision(context, { baseSha, measuredSha });
}
