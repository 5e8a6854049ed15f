import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../../src/data/samples/dataset.js';
import { skillTest } from '../../../../src/measure/accuracy/chance/original.js';
import { standingOf } from '../../../../src/measure/accuracy/chance/skill.js';
import { blankOf, hasOneCase, transcriptOf } from '../../../../src/measure/accuracy/decode/transcript.js';
import type { Tensor } from '../../../../src/tensor/tensor.js';
import { datasetOf, floats, model } from '../models.js';
import { score } from '../score.js';

const { references, hypotheses, wer, cer } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'decode', 'fixtures', 'error-rates.json'), 'utf8'),
) as { references: string[]; hypotheses: string[]; wer: number; cer: number };

const LETTERS = [...new Set([...references, ...hypotheses].flatMap((text) => Array.from(text)))].filter(
  (letter) => letter !== ' ',
);
const VOCABULARY = ['<pad>', '|', ...LETTERS];

const FRAMES = 3 * Math.max(...[...references, ...hypotheses].map((text) => Array.from(text).length));

/** Frames whose path of CTC is the text: each symbol twice, a blank after each, and blanks to the end. */
function frames(text: string): Tensor {
  const scores = new Float32Array(FRAMES * VOCABULARY.length);
  const path = Array.from(text).flatMap((letter) => {
    const symbol = letter === ' ' ? 1 : VOCABULARY.indexOf(letter);
    return [symbol, symbol, 0];
  });
  for (let frame = 0; frame < FRAMES; frame++) scores[frame * VOCABULARY.length + (path[frame] ?? 0)] = 1;
  return { type: 'float32', dims: [1, FRAMES, VOCABULARY.length], data: scores };
}

const samples = references.map(
  (text, at): Sample => ({
    id: `${at}`,
    feeds: { x: floats([1, 1], [at]) },
    label: null,
    annotation: { kind: 'text', text },
  }),
);
const dataset = { ...datasetOf(samples), labelled: true, classNames: VOCABULARY };
const saying = (variant: string, texts: readonly string[]) => model(variant, (x) => frames(texts[x[0]!]!));

describe('speech recognition', () => {
  it("has jiwer's word and character error rates of the corpus, from the frames of CTC", async () => {
    const scores = await score(
      'speech-recognition',
      { dataset },
      saying('original', references),
      saying('int8', hypotheses),
    );
    expect(scores.get('accuracy.wer original')!.value).toBe(0);
    expect(scores.get('accuracy.wer int8')!.value).toBeCloseTo(wer, 12);
    expect(scores.get('accuracy.cer int8')!.value).toBeCloseTo(cer, 12);
    const { drop, interval } = scores.get('accuracy.wer int8')!;
    expect(drop!.value).toBeCloseTo(wer, 12);
    const wrong = references.filter(
      (text, at) => text.split(/\s+/).join(' ') !== hypotheses[at]!.trim(),
    ).length;
    expect(drop).toMatchObject({ lost: wrong, gained: 0 });
    expect(interval!.lo).toBeLessThan(wer);
    expect(interval!.hi).toBeGreaterThan(wer);
  });

  it('of nothing is chance', () => {
    const test = skillTest('speech-recognition', { classes: null, classNames: VOCABULARY, labelOffset: 0 })!;
    const rows = samples.map((sample) => test.keep(sample, frames(''), {}));
    expect(standingOf(test.assess(rows)!)).toBe('chance');
  });

  it('needs a vocabulary', async () => {
    await expect(
      score(
        'speech-recognition',
        { dataset: { ...dataset, classNames: [] } },
        saying('original', references),
      ),
    ).rejects.toThrow("speech-recognition needs the recognizer's vocabulary");
  });
});

describe('symbols', () => {
  it('are joined to text, whatever stands for spaces', () => {
    expect(transcriptOf([1, 2, 3, 0, 4], ['|', 'a', '▁b', 'Ġc', '<s>'])).toBe('a b c');
  });

  it('have their blank by its name, or behind the vocabulary', () => {
    expect(blankOf(['a', '<pad>'], 2)).toBe(1);
    expect(blankOf(['a', 'b'], 3)).toBe(2);
    expect(blankOf(['a', 'b'], 2)).toBe(0);
  });

  it('of one case make case no error', () => {
    expect(hasOneCase(['<PAD>', 'A', 'B'])).toBe(true);
    expect(hasOneCase(['A', 'b'])).toBe(false);
  });
});
