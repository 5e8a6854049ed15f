/** What it would take to decide what a timing left open: how many launches, and which setting brings them about. */
import { FINEST_PRECISION } from '../../config/quantity.js';
import { studentQuantile } from '../../statistics/student.js';
import type { Campaign } from './launches.js';
import { MAX_LAUNCHES, PILOT_LAUNCHES } from './plan.js';

/** What the details of a timing tell of the campaign that it comes from. */
export interface CampaignFacts {
  launches: number;
  stopped: Campaign['stopped'];
  planned: number | null;
  pilotHalfWidth: number | null;
}

/** `details` is free-form; null: they don't tell of a campaign. */
export function campaignFacts(details: Record<string, unknown> | undefined): CampaignFacts | null {
  const facts = details as Partial<CampaignFacts> | undefined;
  if (typeof facts?.launches !== 'number' || typeof facts.stopped !== 'string') return null;
  const { launches, stopped, planned = null, pilotHalfWidth = null } = facts;
  return { launches, stopped, planned, pilotHalfWidth };
}

export interface Question {
  /** What an interval's half must shrink to so that it ends at the bound, as a share of what it is. */
  shrink: number;
  /** One-sided confidence that the interval states. */
  stated: number;
  /** One-sided confidence that it states once the timing has become precise. */
  confidence: number;
}

export interface Prospect {
  /** Launches after which the interval no longer crosses the bound, if value and spread stay. */
  launches: number;
  /** `benchmark.precision` that makes the campaign go on until then; null: it would go on by itself, if the budget let it. */
  precision: number | null;
}

/**
 * The fewest launches that would decide; null: not even the most that are made.
 *
 * An interval of N launches goes with t ÷ √N, where t is Student's of the pilot (statistics.ts, fromStagedLogs). It also narrows at the
 * moment when the campaign has become precise, for then it states its bounds with less caution (plan.ts, earnedConfidence).
 */
export function prospect(campaign: CampaignFacts, { shrink, stated, confidence }: Question): Prospect | null {
  const { launches: made, planned, pilotHalfWidth } = campaign;
  const width = (launches: number, sure: number) =>
    studentQuantile(sure, Math.max(2, Math.min(launches, PILOT_LAUNCHES)) - 1) / Math.sqrt(launches);
  const enough = shrink * width(made, stated);
  const precise = campaign.stopped === 'precise' ? made : planned;
  for (let launches = made + 1; launches <= MAX_LAUNCHES; launches++) {
    const becomesPrecise = precise !== null && launches >= precise;
    if (width(launches, becomesPrecise ? confidence : stated) > enough) continue;
    if (precise === null || launches <= precise) return { launches, precision: null };
    return pilotHalfWidth === null ? null : finer(pilotHalfWidth, launches);
  }
  return null;
}

/** The precision, rounded down to what one writes, that asks for so many launches: the pilot's half-width asks for
 *  (half-width ÷ precision)² times the pilot's. */
function finer(pilotHalfWidth: number, atLeast: number): Prospect | null {
  const exact = Math.expm1(pilotHalfWidth * Math.sqrt(PILOT_LAUNCHES / atLeast));
  const precision = Math.floor(exact * 1000) / 1000;
  const launches = Math.ceil(PILOT_LAUNCHES * (pilotHalfWidth / Math.log1p(precision)) ** 2);
  return launches <= MAX_LAUNCHES && precision >= FINEST_PRECISION ? { launches, precision } : null;
}
