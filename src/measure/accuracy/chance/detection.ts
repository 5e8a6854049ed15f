/** Boxes: are they better than those of other images? */
import { boxesOf, boxesRow } from '../tasks/detection/image-boxes.js';
import { detectionStatistic, rowKeeper } from '../tasks/detection.js';
import type { TaskOptions } from '../tasks/task-options.js';
import { byBootstrap, type Skill, type SkillTest } from './skill.js';

/** Other images whose boxes each image is given, one after the other. */
const TURNS = 5;

/** mAP at IoU 0.5, where boxes found in other images reach what places and classes alone do. */
export function detectionSkill(options: TaskOptions): SkillTest {
  return {
    metric: 'accuracy.map50',
    from: 'accuracy.map50',
    keep: rowKeeper(options),
    assess(rows): Skill | null {
      const statistic = detectionStatistic('map50', rows);
      const value = statistic(null);
      if (Number.isNaN(value)) return null;
      const images = rows.map(boxesOf);
      const said = { value, chanceIs: 'the boxes found in other images', fact: null };
      if (images.every(({ detections }) => detections.length === 0)) {
        const fact = 'the decoder finds no box in any image';
        return { ...said, chance: 0, skill: 0, upper: 0, p: 1, n: rows.length, fact };
      }
      const chance = meanOfTurned(images);
      if (!(chance < 1)) return null;
      return {
        ...said,
        chance,
        ...byBootstrap((weights) => (statistic(weights) - chance) / (1 - chance), rows.length),
      };
    },
  };
}

/** mAP with the boxes of the next image, of the one after, … */
function meanOfTurned(images: readonly ReturnType<typeof boxesOf>[]): number {
  const turns = Math.min(TURNS, images.length - 1);
  if (turns === 0) return 0;
  let sum = 0;
  for (let turn = 1; turn <= turns; turn++) {
    const rows = images.map(({ objects }, at) =>
      boxesRow({ objects, detections: images[(at + turn) % images.length]!.detections }),
    );
    sum += detectionStatistic('map50', rows)(null);
  }
  return sum / turns;
}
