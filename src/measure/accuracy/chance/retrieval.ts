/** Queries: are their documents found earlier than at random? */
import { retrievalMetrics } from '../tasks/retrieval.js';
import type { TaskOptions } from '../tasks/task-options.js';
import { byBootstrap, type SkillTest } from './skill.js';

/** A reciprocal rank at random, of one document among n: the mean of 1 ÷ rank over the first ten. */
function chanceOf(documents: number): number {
  const depth = Math.min(10, documents);
  let sum = 0;
  for (let rank = 1; rank <= depth; rank++) sum += 1 / rank;
  return sum / Math.max(1, documents);
}

export function retrievalSkill(options: Pick<TaskOptions, 'decoder'>): SkillTest {
  const metric = retrievalMetrics(options).find(({ name }) => name === 'accuracy.mrr10')!;
  return {
    metric: metric.name,
    from: metric.name,
    keep: metric.keep,
    assess(rows) {
      const queries = rows.filter((row) => row[0] === 0).length;
      const documents = rows.length - queries;
      if (queries === 0 || documents < 2) return null;
      const mean = metric.statistic(rows);
      const chance = chanceOf(documents);
      const skill = (weights: Uint32Array | null) => (mean(weights) - chance) / (1 - chance);
      return {
        value: mean(null),
        chance,
        ...byBootstrap(skill, rows.length, queries),
        n: queries,
        chanceIs: 'documents in an order at random',
        fact: null,
      };
    },
  };
}
