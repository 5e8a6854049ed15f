/** What is judged, and by what: the terms that all of this room shares. */
import type { Config, ModelConfig } from '../config/config.js';
import type { Measurement } from '../terms/measurement.js';

export interface JudgeInput
  extends Pick<
    Config,
    'checks' | 'waivers' | 'confidence' | 'onInconclusive' | 'onMissingBase' | 'onSkipped'
  > {
  measurements: readonly Measurement[];
  /** ISO date (UTC), for waivers. */
  today: string;
  /** Custom evaluators say here which way their numbers are better; without, higher is. */
  models?: readonly Pick<ModelConfig, 'name' | 'evaluator'>[];
}
