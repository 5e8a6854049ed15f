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
      /** Variants of the recipe that can't be made, and why: a file of theirs is not in git. */
      unreadable: Record<string, string>;
      /** File and recipe are the same as the head's: what holds for one holds for the other. */
      unchanged: boolean;
      /** Repository path at the base, when it was another one. */
      renamedFrom: string | null;
      /** The file from outside git that it is, in words; null: it is git's. */
      baseline: string | null;
    }
  | {
      /** The base has no such model: there is nothing to compare with. */
      status: 'missing';
      /** One sentence, e.g. "models/a.onnx is new: the base has no such model." */
      reason: string;
    }
  | {
      /** The base should have it, and it can't be had. */
      status: 'unreadable';
      /** Sentences: why, and what to do. */
      reason: string;
    };
