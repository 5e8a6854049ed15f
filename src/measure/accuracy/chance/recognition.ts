/** Text that is read: is it nearer to the right text than what is read in other images, or than other symbols in its place? */
import { type RecognitionOptions, recognitionRow } from '../tasks/text-recognition.js';
import type { SkillTest } from './skill.js';
import { assessTexts } from './texts.js';

export function recognitionSkill(options: RecognitionOptions): SkillTest {
  return {
    metric: 'accuracy.cer',
    from: 'accuracy.cer',
    keep: recognitionRow(options),
    assess: (rows) =>
      assessTexts(rows, {
        sample: 'image',
        verb: 'read',
        suspects:
          '`keys` (is it the key file of this model, line by line?), texts, preprocessing and `output`',
      }),
  };
}
