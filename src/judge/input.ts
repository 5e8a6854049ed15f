/** What is judged, and by what: the terms that all of this room shares. */
import type { Config, ModelConfig } from '../config/config.js';
import type { Level } from '../terms/level.js';
import type { Measurement } from '../terms/measurement.js';
import type { UnreadableBase } from '../terms/unreadable-base.js';

/** A variant whose every comparison passes without saying anything. */
export interface UnchangedVariant {
  model: string;
  variant: string;
  /** The end of a sentence. */
  reason: string;
}

/** The part of a configuration that judges. */
export type Rules = Pick<
  Config,
  | 'checks'
  | 'waivers'
  | 'confidence'
  | 'onInconclusive'
  | 'onMissingBase'
  | 'onSkipped'
  | 'onChance'
  | 'onUnchanged'
>;

export interface JudgeInput extends Rules {
  measurements: readonly Measurement[];
  /** Where a base should be that can't be read; default: nowhere. */
  unreadableBase?: readonly UnreadableBase[];
  /** What max-regression counts as there; default error, and never more than the check's own level. */
  onUnreadableBase?: Level;
  /** ISO date (UTC), for waivers. */
  today: string;
  /** Variants that are the original, and why. */
  unchanged?: readonly UnchangedVariant[];
  /** Custom evaluators say here which way their numbers are better; without, higher is. */
  models?: readonly Pick<ModelConfig, 'name' | 'evaluator'>[];
}
