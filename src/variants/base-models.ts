/** The base revision's models and recipes, as the pipeline measures them beside the head's. */
import type { Config, ModelConfig } from '../config/config.js';

export interface BaseModels {
  /** Commit that the files were taken from. */
  sha: string;
  /** The base's own configuration; null: it had none (first adoption) or an unreadable one, and the head's is used. */
  config: Config | null;
  /** By name of the head's model. */
  models: Record<string, BaseModel>;
}

export type BaseModel =
  | {
      status: 'found';
      /** The base's recipe, its `path` pointing at the file taken from git. */
      model: ModelConfig;
      /** File and recipe are the same as the head's: what holds for one holds for the other. */
      unchanged: boolean;
      /** Repository path at the base, when it was another one. */
      renamedFrom: string | null;
    }
  | {
      status: 'missing';
      /** One sentence, e.g. "models/a.onnx is new in this pull request". */
      reason: string;
    };
