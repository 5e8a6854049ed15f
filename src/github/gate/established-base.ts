/** What of the base could not be read, as check results: a proposal must not be judged by its own thresholds in silence. Pure. */
import type { Check, Config } from '../../config/config.js';
import { matchesPattern } from '../../config/where.js';
import { establishedResults, type NotEstablished } from '../../judge/established.js';
import { lowerLevel } from '../../judge/result.js';
import type { Level } from '../../terms/level.js';
import type { CheckResult } from '../../terms/verdict.js';
import type { BaseModels } from '../../variants/base-models.js';
import type { JudgingConfig } from '../base/configuration.js';
import type { Problem } from '../base/unreadable.js';

export interface EstablishedBaseRequest {
  /** Why the whole base can't be had; null: it can, or there is none. */
  problem: Problem | null;
  /** The configuration that should judge. */
  judging: JudgingConfig;
  models: BaseModels | null;
  /** The configuration that does. */
  config: Config;
  thresholdsFrom: 'base' | 'head';
  /** Input `on-unreadable-base`. */
  level: Level;
}

const ALLOW = 'Where that is accepted, `on-unreadable-base: warn` says so.';

/** Of a proposal. A base that judges must be read whole; of one that is only compared with, what max-regression needs. */
export function establishedBase(request: EstablishedBaseRequest): CheckResult[] {
  const { problem, judging, models, config, thresholdsFrom, level } = request;
  const base = (cause: string, remedy: string, more: Partial<NotEstablished> = {}): NotEstablished => ({
    name: 'base',
    level,
    message: cause,
    remedy: `${remedy} ${ALLOW}`,
    ...more,
  });
  const own = 'The thresholds of the pull request itself were used.';
  const unread = problem ?? (judging.state === 'unreadable' ? judging : null);
  if (unread && thresholdsFrom === 'base') {
    return establishedResults([base(`${unread.cause} ${own}`, unread.remedy)]);
  }
  const compared = config.checks.filter(({ maxRegression, level: one }) => maxRegression && one !== 'off');
  if (problem) {
    const most = lowerLevel(level, highest(compared));
    return establishedResults([
      base(`${problem.cause} Nothing was compared with it.`, problem.remedy, { level: most }),
    ]);
  }
  return establishedResults(
    Object.entries(models?.models ?? {}).flatMap(([model, found]) => {
      const checks = compared.filter((check) => selects(check, model));
      if (found.status !== 'unreadable' || checks.length === 0) return [];
      return [
        base(found.reason, 'Nothing was compared with it.', {
          model,
          level: lowerLevel(level, highest(checks)),
        }),
      ];
    }),
  );
}

function selects({ where }: Check, model: string): boolean {
  return where.model?.some((pattern) => matchesPattern(model, pattern)) ?? true;
}

const LEVELS: readonly Level[] = ['error', 'warn', 'info', 'off'];

function highest(checks: readonly Check[]): Level {
  return LEVELS.find((level) => checks.some((check) => check.level === level)) ?? 'off';
}
