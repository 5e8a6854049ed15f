import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { studentCdf, studentQuantile } from '../../src/statistics/student.js';

describe('Student’s t', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
  it.each([
    [0.95, 1, 6.314],
    [0.95, 2, 2.92],
    [0.95, 4, 2.132],
    [0.95, 5, 2.015],
    [0.975, 9, 2.262],
    [0.99, 10, 2.764],
    [0.995, 30, 2.75],
    [0.9, 100, 1.29],
  ])('has the tabulated quantile at %f with %i degrees of freedom', (probability, degrees, expected) => {
    expect(studentQuantile(probability, degrees)).toBeCloseTo(expected, 3);
  });

  it('quantile and distribution function are inverse', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (probability, degrees) => {
          expect(studentCdf(studentQuantile(probability, degrees), degrees)).toBeCloseTo(probability, 9);
        },
      ),
    );
  });

  it('refuses what has no answer', () => {
    expect(() => studentQuantile(1, 5)).toThrow(RangeError);
    expect(() => studentQuantile(0.95, 0)).toThrow(RangeError);
  });
});
