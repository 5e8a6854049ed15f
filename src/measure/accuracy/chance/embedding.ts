/** Embeddings: are neighbours of one class, or similarities in order, more often than at random? */
import { binomialTail } from '../../../statistics/binomial.js';
import { normalCdf, normalQuantile } from '../../../statistics/normal.js';
import { wilson } from '../../../statistics/paired.js';
import { embeddingMetrics } from '../tasks/embedding.js';
import type { ShareMetric, StatisticMetric } from '../tasks/metric.js';
import { BOUND_CONFIDENCE, type Skill, type SkillTest } from './skill.js';

export function embeddingSkill({ pairs }: { pairs: boolean }): SkillTest {
  const [metric] = embeddingMetrics({ pairs });
  return {
    metric: metric!.name,
    from: metric!.name,
    keep: metric!.keep,
    assess:
      metric!.kind === 'share' ? recallSkill(metric as ShareMetric) : rankSkill(metric as StatisticMetric),
  };
}

/** Of a random other sample: Σ bᵢ (bᵢ − 1) ÷ n (n − 1), the bᵢ being the classes' samples. The class is a row's first number. */
const recallSkill =
  (metric: ShareMetric) =>
  (rows: readonly ArrayLike<number>[]): Skill | null => {
    const n = rows.length;
    if (n < 2) return null;
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(row[0]!, (counts.get(row[0]!) ?? 0) + 1);
    let pairs = 0;
    for (const count of counts.values()) pairs += count * (count - 1);
    const chance = pairs / (n * (n - 1));
    if (chance === 1) return null;
    const right = metric.right!(rows).reduce((sum, one) => sum + one, 0);
    const skill = (share: number) => (share - chance) / (1 - chance);
    const alone = pairs === 0;
    return {
      value: right / n,
      chance,
      skill: skill(right / n),
      upper: alone ? 0 : skill(wilson(right, n, BOUND_CONFIDENCE).hi!),
      p: binomialTail(right, n, chance),
      n,
      chanceIs: 'a random other sample',
      fact: alone ? 'no class has two samples, so that no neighbour can be right' : null,
    };
  };

/** Rank correlation: 0 without any connection; p and bound by Fisher's z with Bonett and Wright's variance (Psychometrika 65, 2000). */
const rankSkill =
  (metric: StatisticMetric) =>
  (rows: readonly ArrayLike<number>[]): Skill | null => {
    const n = rows.length;
    const value = metric.statistic(rows)(null);
    if (!Number.isFinite(value)) return null;
    const spread = n > 3 ? Math.sqrt((1 + value ** 2 / 2) / (n - 3)) : Number.POSITIVE_INFINITY;
    const inside = Math.min(1 - 1e-12, Math.max(-1 + 1e-12, value));
    const upper = Math.tanh(Math.atanh(inside) + normalQuantile(BOUND_CONFIDENCE) * spread);
    return {
      value,
      chance: 0,
      skill: value,
      upper,
      p: 1 - normalCdf(Math.atanh(inside) * Math.sqrt(Math.max(0, n - 3))),
      n,
      chanceIs: 'similarities without regard to the labels',
      fact: null,
    };
  };
