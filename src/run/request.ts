/** What a run is asked for. */
import type { Config, ModelConfig } from '../config/config.js';
import type { RunContext } from '../runtime/context.js';
import type { Level } from '../terms/level.js';
import type { Report, SourceRevision } from '../terms/report.js';
import type { BaseModels } from '../variants/base-models.js';
import type { ModelResult } from './model-result.js';

export interface RunRequest {
  config: Config;
  /** Absolute path of the output directory. */
  out: string;
  /** The base revision's models; null: nothing to compare with. */
  base: BaseModels | null;
  /** Why the base can't be read, when there should be one: what compares with it can't be judged. */
  baseProblem?: string | null;
  /** What max-regression counts as where the base can't be read; default error. */
  onUnreadableBase?: Level;
  context: RunContext;
  /** Whether `command:` variants and evaluators may run. */
  allowCommands: boolean;
  source: SourceRevision | null;
  thresholds: Report['thresholds'];
  /** Results of earlier runs that still hold; default: every model is measured. */
  kept?: KeptResults | null;
}

export interface KeptResults {
  /** The model's files are put in place. */
  find(model: ModelConfig): Promise<ModelResult | null>;
  keep(model: ModelConfig, result: ModelResult): Promise<void>;
}
