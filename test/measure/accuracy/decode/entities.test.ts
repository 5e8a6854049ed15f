import { describe, expect, it } from 'vitest';
import { countEntities, entitiesOf, schemeOf } from '../../../../src/measure/accuracy/decode/entities.js';
import { REFERENCE } from '../reference-scores.js';

describe('entities', () => {
  it.each(REFERENCE.entities)(
    "are seqeval's, in the scheme $scheme",
    ({ scheme, gold, answers, f1, precision, recall }) => {
      const sums = [0, 0, 0];
      gold.forEach((row, at) => {
        countEntities(row, answers[at]!, scheme).forEach((count, place) => {
          sums[place]! += count;
        });
      });
      const [both, answered, labelled] = sums as [number, number, number];
      expect(both).toBeGreaterThan(5);
      expect((2 * both) / (answered + labelled)).toBeCloseTo(f1, 12);
      expect(both / answered).toBeCloseTo(precision, 12);
      expect(both / labelled).toBeCloseTo(recall, 12);
    },
  );

  it('are told by their words', () => {
    expect(entitiesOf(['B-PER', 'I-PER', 'O', 'I-LOC'], 'lenient')).toEqual([
      { type: 'PER', start: 0, end: 2 },
      { type: 'LOC', start: 3, end: 4 },
    ]);
    expect(entitiesOf(['U-LOC', 'B-PER', 'L-PER', 'B-ORG'], 'bilou')).toEqual([
      { type: 'LOC', start: 0, end: 1 },
      { type: 'PER', start: 1, end: 3 },
    ]);
  });

  it('of a scheme with letters of its own are known by them', () => {
    expect(schemeOf(['O', 'B-PER', 'L-PER'])).toBe('bilou');
    expect(schemeOf(['O', 'B-PER', 'I-PER'])).toBe('lenient');
  });
});
