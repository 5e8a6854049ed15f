/** Text that is read: is it nearer to the right text than what is read in other images? */
import { characterEdits } from '../decode/edit-distance.js';
import { ofSums } from '../tasks/metric.js';
import { type RecognitionOptions, recognitionRow, textsOf } from '../tasks/text-recognition.js';
import { byBootstrap, type SkillTest } from './skill.js';

/** Other images whose text each image is given, one after the other. */
const TURNS = 5;

/** Character error rate: 1 less its ratio to that of texts read in other images. */
export function recognitionSkill(options: RecognitionOptions): SkillTest {
  return {
    metric: 'accuracy.cer',
    from: 'accuracy.cer',
    keep: recognitionRow(options),
    assess(rows) {
      const texts = rows.map(textsOf);
      const counted = rows.map((row, at) => [row[0]!, row[1]!, turnedEdits(texts, at)]);
      const skill = ofSums(counted, ([edits = 0, , chance = 0]) => (chance - edits) / chance);
      if (!Number.isFinite(skill(null))) return null;
      const nothing = texts.every(({ read }) => read.trim() === '');
      return {
        value: ofSums(counted, ([edits = 0, length = 0]) => edits / length)(null),
        chance: ofSums(counted, ([, length = 0, chance = 0]) => chance / length)(null),
        ...(nothing ? { skill: 0, upper: 0, p: 1, n: rows.length } : byBootstrap(skill, rows.length)),
        chanceIs: 'the texts read in other images',
        fact: nothing ? 'nothing is read in any image' : null,
      };
    },
  };
}

/** Mean of the edits to this sample's text from what is read in the next image, the one after, … */
function turnedEdits(texts: readonly ReturnType<typeof textsOf>[], at: number): number {
  const turns = Math.min(TURNS, texts.length - 1);
  if (turns === 0) return texts[at]!.wanted.length;
  let sum = 0;
  for (let turn = 1; turn <= turns; turn++) {
    sum += characterEdits(texts[at]!.wanted, texts[(at + turn) % texts.length]!.read)[0];
  }
  return sum / turns;
}
