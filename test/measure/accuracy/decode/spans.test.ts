import { describe, expect, it } from 'vitest';
import {
  answerF1,
  bestSpan,
  exactMatch,
  noAnswerScore,
} from '../../../../src/measure/accuracy/decode/spans.js';
import { REFERENCE } from '../reference-scores.js';

describe('answers', () => {
  it("are compared as SQuAD's script compares them", () => {
    for (const { golds, answer, f1, exact } of REFERENCE.answers) {
      expect(Math.max(...golds.map((gold) => answerF1(gold, answer)))).toBeCloseTo(f1, 12);
      expect(golds.some((gold) => exactMatch(gold, answer))).toBe(exact === 1);
    }
  });
});

describe('the best span', () => {
  // One token of a question, then a document of three tokens: 'the', 'red', 'fox'.
  const offsets = [-1, -1, 0, 3, 4, 7, 8, 11];

  it('has the highest sum of both scores, ends after it begins, and lies in the document', () => {
    const scores = { start: [9, 0, 3, 1], end: [9, 5, 1, 2], offsets };
    expect(bestSpan([scores])).toEqual({ from: 0, to: 3, score: 5 });
    expect(bestSpan([{ ...scores, end: [9, 0, 1, 2] }])).toEqual({ from: 4, to: 11, score: 5 });
  });

  it('is that of the window where it scores most', () => {
    const low = { start: [0, 1, 0, 0], end: [0, 1, 0, 0], offsets };
    const high = { start: [0, 0, 0, 4], end: [0, 0, 0, 4], offsets: [-1, -1, 12, 15, 16, 19, 20, 23] };
    expect(bestSpan([low, high])).toEqual({ from: 20, to: 23, score: 8 });
    expect(noAnswerScore([low, { ...high, start: [-3, 0, 0, 4] }])).toBe(-3);
  });

  it('is no longer than asked', () => {
    const scores = { start: [0, 5, 0, 0], end: [0, 0, 1, 5], offsets };
    expect(bestSpan([scores], 2)).toEqual({ from: 0, to: 7, score: 6 });
  });
});
