/** Whose thresholds judge: the base's, so that a pull request can't relax its own gate. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Check, Config, Waiver } from '../../config/config.js';
import { assertApplicable } from '../../judge/applicable.js';
import type { Rules } from '../../judge/input.js';
import { judge } from '../../judge/judge.js';
import { assertWaiversCurrent } from '../../judge/waivers.js';
import type { NoteCode } from '../../terms/codes/codes.js';
import type { Measurement, Note } from '../../terms/measurement.js';
import type { Report } from '../../terms/report.js';
import type { JudgingConfig } from '../base/configuration.js';
import { complaint } from './complaint.js';
import { concernsGoneModels, modelOnlyInBase, type Revisions, takenAway } from './taken-away.js';
import type { Unjudged } from './unjudged.js';

export interface ThresholdsRequest {
  head: Config;
  /** The configuration of the base, or of the base that could not be had. */
  base: JudgingConfig;
  from: 'base' | 'head';
  /** Whether the head is someone's proposal (a pull request, a merge group) that the base must judge. */
  proposed: boolean;
  /** Path that the report shows. */
  file: string | null;
  /** ISO date (UTC). */
  today: string;
  /** Whether a file is in the checkout. */
  isThere: Revisions['isThere'];
}

export interface ChosenThresholds {
  /** The head's configuration, with the judging part that holds. */
  config: Config;
  thresholds: Report['thresholds'];
  notes: Note[];
  /** Checks of the base that should judge this revision and can't. */
  unjudged: Unjudged[];
}

export function chooseThresholds(request: ThresholdsRequest): ChosenThresholds {
  const { head, from, proposed, file, today, isThere } = request;
  const base = request.base.state === 'read' ? request.base.config : null;
  if (!proposed || from === 'head') {
    const changed = proposed && base !== null && !sameJudging(head, base);
    return { config: head, thresholds: { file, from: 'head', changed }, notes: [], unjudged: [] };
  }
  if (!base) {
    return {
      config: head,
      thresholds: { file, from: 'head', changed: false },
      notes: [withoutBase(request.base)],
      unjudged: [],
    };
  }
  const changed = !sameJudging(head, base);
  // The same judging under this revision's line numbers, which annotations point to.
  const thresholds = { file, from: 'base', changed } as const;
  const revisions = { head, base, isThere };
  if (!changed) return { config: head, thresholds, ...takenAway(base.checks, revisions) };
  const { judging, ...rest } = applicablePart(revisions, today);
  return { config: { ...head, ...judging }, thresholds, ...rest };
}

/** A first adoption is no news; a base that should judge and can't is, and is a check of its own beside (established-base.ts). */
function withoutBase({ state }: JudgingConfig): Note {
  return state === 'absent'
    ? note('info', 'thresholds.no-base', `The base has no configuration: ${HEAD_HOLDS}`)
    : note('warn', 'thresholds.no-base', `The base could not be read: ${HEAD_HOLDS}`);
}

const HEAD_HOLDS = 'the thresholds of this revision hold.';

/** For a pull request that changes the thresholds: what its own would say, beside the verdict that holds. */
export function ownVerdictNote(
  head: Config,
  chosen: ChosenThresholds,
  report: Report,
  today: string,
): Note | null {
  const { thresholds } = chosen;
  if (!thresholds.changed || thresholds.from !== 'base') return null;
  const own = judge({
    ...judgingOf(head),
    measurements: report.measurements as Measurement[],
    models: head.models,
    today,
  });
  const text = `This pull request changes the thresholds. Judged by the base's, which hold, the verdict is ${report.verdict}; by its own it would be ${own.verdict}.`;
  return note(own.verdict === report.verdict ? 'info' : 'warn', 'thresholds.changed', text);
}

/** What of the base's judging this revision can be judged by; the rest is told, and counts, unless its model is gone. */
function applicablePart(
  revisions: Revisions,
  today: string,
): { judging: Rules; notes: Note[]; unjudged: Unjudged[] } {
  const { head, base } = revisions;
  const notes: Note[] = [];
  const unjudged: Unjudged[] = [];
  const checks = base.checks.filter((check) => {
    const problem = complaint(() => assertApplicable({ ...head, checks: [check], waivers: [] }));
    if (!problem) return true;
    if (check.level === 'off') return false;
    if (concernsGoneModels(check, revisions)) {
      const text = `The base's check ${check.id} is of a model that this revision doesn't have: ${problem}`;
      notes.push(note('warn', 'thresholds.not-applicable', text));
    } else {
      const model = modelOnlyInBase(check, revisions);
      unjudged.push({ check, problem, ...(model && { model }) });
    }
    return false;
  });
  const waivers = base.waivers.filter((waiver) => {
    const problem =
      complaint(() => assertWaiversCurrent([waiver], today)) ??
      complaint(() => assertApplicable({ ...head, checks, waivers: [waiver] }));
    if (problem)
      notes.push(
        note('warn', 'thresholds.waiver', `The base's waiver of ${waiver.check} doesn't hold: ${problem}`),
      );
    return !problem;
  });
  const inPart = takenAway(checks, revisions);
  return {
    judging: { ...judgingOf(base), checks, waivers },
    notes: [...notes, ...inPart.notes],
    unjudged: [...unjudged, ...inPart.unjudged],
  };
}

function judgingOf(config: Config): Rules {
  const { checks, waivers, confidence, onInconclusive, onMissingBase, onSkipped, onChance, onUnchanged } =
    config;
  return { checks, waivers, confidence, onInconclusive, onMissingBase, onSkipped, onChance, onUnchanged };
}

/** Lines don't judge. */
function sameJudging(one: Config, other: Config): boolean {
  const plain = (config: Config) => {
    const withoutLine = ({ line: _, ...rest }: Check | Waiver) => rest;
    const judging = judgingOf(config);
    return { ...judging, checks: judging.checks.map(withoutLine), waivers: judging.waivers.map(withoutLine) };
  };
  return isDeepStrictEqual(plain(one), plain(other));
}

function note(level: Note['level'], code: NoteCode, message: string): Note {
  return { level, code, message, model: null, variant: null };
}
