/** Transcripts: is more right of them than nothing? */
import { ofSums } from '../tasks/metric.js';
import { type SpeechOptions, speechMetrics } from '../tasks/speech-recognition.js';
import { byBootstrap, type SkillTest } from './skill.js';

/** A recognizer that says nothing has an error rate of 1; what is said at random is seldom better. */
export function speechSkill(options: SpeechOptions): SkillTest {
  const metric = speechMetrics(options).find(({ name }) => name === 'accuracy.cer')!;
  return {
    metric: metric.name,
    from: metric.name,
    keep: metric.keep,
    assess(rows) {
      const value = metric.statistic(rows)(null);
      if (!Number.isFinite(value)) return null;
      const skill = ofSums(rows, ([edits = 0, length = 0]) => 1 - edits / length);
      return {
        value,
        chance: 1,
        ...byBootstrap(skill, rows.length),
        chanceIs: 'saying nothing',
        fact: null,
      };
    },
  };
}
