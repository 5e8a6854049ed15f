/** What the action hands to the pipeline and gets back (src/run.ts fulfils it). */
import type { Config } from '../config/config.js';
import type { Log } from '../log.js';
import type { Report, SourceRevision } from '../report/report.js';
import type { Runtime } from '../runtime/runtime.js';
import type { BaseModels } from './base-models.js';

export interface PipelineRequest {
  /** The configuration that is run; its checks may come from the base (`thresholds`). */
  config: Config;
  /** Absolute path of the output directory. */
  out: string;
  base: BaseModels | null;
  runtime: Runtime;
  log: Log;
  signal?: AbortSignal;
  /** Whether `command:` variants and evaluators may run. */
  allowCommands: boolean;
  source: SourceRevision | null;
  thresholds: Report['thresholds'];
}

export interface PipelineResult {
  report: Report;
  files: ReportFiles;
}

/** Absolute paths of what is on disk when the pipeline returns. */
export interface ReportFiles {
  json: string;
  markdown: string;
  html: string;
  /** Directories; null: nothing of the kind was made. */
  badges: string | null;
  models: string | null;
}

export type Pipeline = (request: PipelineRequest) => Promise<PipelineResult>;
