import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  characterEdits,
  editDistance,
  wordEdits,
  wordsOf,
} from '../../../../src/measure/accuracy/decode/edit-distance.js';

interface ErrorRates {
  references: string[];
  hypotheses: string[];
  wer: number;
  cer: number;
  each: [number, number][];
}

/** By jiwer; error-rates.py beside it made it. */
const JIWER = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'error-rates.json'), 'utf8'),
) as ErrorRates;

function corpusRate(edits: (reference: string, hypothesis: string) => readonly [number, number]): number {
  const counts = JIWER.references.map((reference, at) => edits(reference, JIWER.hypotheses[at]!));
  const sum = (place: 0 | 1) => counts.reduce((total, count) => total + count[place], 0);
  return sum(0) / sum(1);
}

/** Two rows of the textbook's table (Wagner and Fischer). */
function byTable(one: readonly number[], other: readonly number[]): number {
  let row = other.map((_, at) => at + 1);
  let corner = 0;
  one.forEach((symbol, at) => {
    let left = at + 1;
    corner = at;
    row = row.map((above, place) => {
      const best = Math.min(above + 1, left + 1, corner + (symbol === other[place] ? 0 : 1));
      corner = above;
      left = best;
      return best;
    });
  });
  return row.at(-1) ?? one.length;
}

describe('the edit distance', () => {
  it("is that of the textbook's table, whatever the symbols", () => {
    const sequence = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 90 });
    fc.assert(
      fc.property(sequence, sequence, (one, other) => {
        expect(editDistance(one, other)).toBe(byTable(one, other));
      }),
    );
  });

  it('takes whole words for symbols, also such as JavaScript keeps in two code units', () => {
    expect(editDistance(wordsOf('👍 the cat'), wordsOf('👎 the cat sat'))).toBe(2);
    expect(characterEdits('a👍', 'a👎')).toEqual([1, 2]);
  });

  it('counts a transcript that says nothing as all deletions, and one that should say nothing as insertions', () => {
    expect(wordEdits('one two', '')).toEqual([2, 2]);
    expect(wordEdits('  ', 'one two')).toEqual([2, 0]);
  });
});

describe('error rates', () => {
  it("are jiwer's over the corpus", () => {
    expect(corpusRate(wordEdits)).toBeCloseTo(JIWER.wer, 12);
    expect(corpusRate(characterEdits)).toBeCloseTo(JIWER.cer, 12);
  });

  it("are jiwer's for each transcript", () => {
    JIWER.references.forEach((reference, at) => {
      const [words, all] = wordEdits(reference, JIWER.hypotheses[at]!);
      const [characters, length] = characterEdits(reference, JIWER.hypotheses[at]!);
      expect(words / all).toBeCloseTo(JIWER.each[at]![0], 12);
      expect(characters / length).toBeCloseTo(JIWER.each[at]![1], 12);
    });
  });
});
