/** What it would take to decide a check whose interval crosses its bound: true of how the metric is measured. */

import { campaignFacts, prospect } from '../measure/timing/prospect.js';
import type { Estimate, Measurement } from '../terms/measurement.js';
import { type Bound, shrinkToDecide } from './bound.js';

export interface Undecided {
  estimate: Estimate;
  bound: Bound;
  measurement: Measurement;
  /** One-sided, of the config. */
  confidence: number;
}

export function adviceToDecide({ estimate, bound, measurement, confidence }: Undecided): string {
  const { metric, details, n } = measurement;
  const shrink = shrinkToDecide(estimate, bound);
  const room = 'leave the bound more room';
  if (metric.startsWith('memory.'))
    return `it spans all ${n} processes, as many as are always measured: ${room}`;
  if (details?.method === 'trtexec')
    return `TensorRT is always timed in ${details.launches} launches: ${room}, or lock the GPU's clocks`;
  if (shrink === null) return 'the value lies too near the bound for more measuring to decide';
  const campaign = campaignFacts(details);
  if (campaign === null)
    return `about ${times(1 / shrink ** 2)}× the measuring would decide, if the value stays`;
  const stated = (1 + estimate.interval!.confidence) / 2;
  const found = prospect(campaign, { shrink, stated, confidence });
  if (found === null)
    return `the value lies too near the bound for as many launches as are made at most: ${room}, or measure on a quieter machine`;
  const settings = [
    ...(campaign.stopped === 'precise' ? [] : ['benchmark.budget']),
    ...(found.precision === null ? [] : [`benchmark.precision: ${(found.precision * 100).toFixed(1)}%`]),
  ];
  return `about ${times(found.launches / campaign.launches)}× the measuring time would decide, if the value stays (${settings.join(', ')})`;
}

const times = (factor: number) => Math.max(1.1, Math.ceil(factor * 10 - 1e-9) / 10);
