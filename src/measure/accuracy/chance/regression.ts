/** Numbers: is any target predicted better than by its own mean? */
import type { Statistic } from '../../../statistics/bootstrap.js';
import { ofSums } from '../tasks/metric.js';
import { r2OfColumns, regressionMetrics } from '../tasks/regression.js';
import { byBootstrap, type Skill, type SkillTest } from './skill.js';

/**
 * R² of the best column, where always answering the mean of the targets gets 0. Not the mean over columns: one target on a large scale, or one
 * that hardly varies, can ruin that of a model that works.
 */
export function regressionSkill(): SkillTest {
  const r2 = regressionMetrics().find(({ name }) => name === 'accuracy.r2')!;
  return {
    metric: r2.name,
    from: r2.name,
    keep: r2.keep,
    assess(rows): Skill | null {
      const best: Statistic = ofSums(rows, (sums) => highest(r2OfColumns(sums)));
      const value = best(null);
      if (!Number.isFinite(value)) return null;
      const columns = rows[0]!.length / 4;
      return {
        value,
        chance: 0,
        ...byBootstrap(best, rows.length),
        chanceIs: 'always answering the mean of the targets',
        fact: columns > 1 ? `the best of ${columns} targets counts` : null,
      };
    },
  };
}

/** NaN when there is none. */
function highest(values: readonly number[]): number {
  const defined = values.filter((value) => !Number.isNaN(value));
  return defined.length === 0 ? Number.NaN : Math.max(...defined);
}
