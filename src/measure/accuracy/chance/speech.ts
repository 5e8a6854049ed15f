/** Transcripts: are they nearer to what is said than those of other recordings, or than other symbols in their place? */
import { type SpeechOptions, transcriptRow } from '../tasks/speech-recognition.js';
import type { SkillTest } from './skill.js';
import { assessTexts } from './texts.js';

export function speechSkill(options: SpeechOptions): SkillTest {
  return {
    metric: 'accuracy.cer',
    from: null,
    keep: transcriptRow(options),
    assess: (rows) =>
      assessTexts(rows, {
        sample: 'recording',
        verb: 'heard',
        suspects: '`tokenizer` (is it the vocabulary of this model?), transcripts, `audio` and `output`',
      }),
  };
}
