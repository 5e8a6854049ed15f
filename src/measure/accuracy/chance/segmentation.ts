/** Masks: is the map better than naming the most frequent class everywhere? */
import { ofSums } from '../tasks/metric.js';
import { meanIntersectionOverUnion, PER_CLASS, segmentationMetrics } from '../tasks/segmentation.js';
import { byBootstrap, type Skill, type SkillTest } from './skill.js';

/** mIoU of a constant map: that class's share of the pixels, over the classes that occur. */
export function segmentationSkill(options: { labelOffset?: number } = {}): SkillTest {
  const miou = segmentationMetrics(options).find(({ name }) => name === 'accuracy.miou')!;
  return {
    metric: miou.name,
    from: miou.name,
    keep: miou.keep,
    assess(rows): Skill | null {
      const chance = ofSums(rows, constantMap)(null);
      // One class only: a constant map is perfect.
      if (!(chance < 1)) return null;
      const skill = ofSums(rows, (sums) => {
        const constant = constantMap(sums);
        return (meanIntersectionOverUnion(sums) - constant) / (1 - constant);
      });
      return {
        value: ofSums(rows, meanIntersectionOverUnion)(null),
        chance,
        ...byBootstrap(skill, rows.length, imagesThatTell(rows)),
        chanceIs: 'naming the most frequent class everywhere',
        fact: null,
      };
    },
  };
}

function constantMap(sums: Float64Array): number {
  let total = 0;
  let most = 0;
  let classes = 0;
  for (let at = 2; at < sums.length; at += PER_CLASS) {
    total += sums[at]!;
    most = Math.max(most, sums[at]!);
    if (sums[at]! > 0) classes++;
  }
  return most / total / classes;
}

/** Images that show more than the most frequent class of all: on the others a constant map is right. */
function imagesThatTell(rows: readonly ArrayLike<number>[]): number {
  const totals = new Map<number, number>();
  for (const row of rows) {
    for (let at = 2; at < row.length; at += PER_CLASS) totals.set(at, (totals.get(at) ?? 0) + row[at]!);
  }
  const most = [...totals].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [2, 0])[0];
  return rows.filter((row) => {
    for (let at = 2; at < row.length; at += PER_CLASS) if (at !== most && row[at]! > 0) return true;
    return false;
  }).length;
}
