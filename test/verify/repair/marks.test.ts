import { describe, expect, it } from 'vitest';
import type { Method } from '../../../src/config/choices.js';
import { believed, FLOOR_DB, type MarkedFor, marksOf } from '../../../src/verify/repair/marks.js';

const goalOf = (method: Method, about: MarkedFor) => marksOf(method, [], about).goal;

const FLOOR = FLOOR_DB['int8-static'];

describe('the goal of a repair', () => {
  it('is above the floor of int8-static where few samples calibrated', () => {
    expect(goalOf('int8-static', { bytes: 1e6, samples: 100 }).sqnr).toBe(FLOOR);
    expect(goalOf('int8-static', { bytes: 1e6, samples: 14 }).sqnr).toBeGreaterThan(FLOOR);
    expect(goalOf('int8-static', { bytes: 1e6, samples: null }).sqnr).toBe(FLOOR);
  });

  it('is the floor for large models, and the same for methods whose ranges follow the data', () => {
    expect(goalOf('int8-static', { bytes: 1e9, samples: 14 }).sqnr).toBe(FLOOR);
    expect(goalOf('float16', { bytes: 1e9, samples: 14 }).sqnr).toBe(FLOOR_DB.float16);
    for (const samples of [2, 200])
      expect(goalOf('int8-dynamic', { bytes: 1e6, samples })).toEqual({ sqnr: 20, bound: 15 });
  });
});

describe('what may be believed of a file', () => {
  const half = goalOf('float16', { bytes: 1e6, samples: 14 });
  const few = goalOf('int8-static', { bytes: 1e6, samples: 14 });

  it('is what other samples may give, where these differ much', () => {
    expect(believed({ sqnr: 42, bound: 39 }, half)).toBe(39);
    expect(believed({ sqnr: 42, bound: null }, half)).toBe(42);
  });

  it('is enough only where both goals are reached', () => {
    const reaches = (sqnr: number, bound: number) => believed({ sqnr, bound }, few) >= few.sqnr;
    expect(reaches(17.1, 15.1)).toBe(true);
    expect(reaches(17.1, 14.8)).toBe(false);
    expect(reaches(16.9, 16.5)).toBe(false);
  });

  it('is the samples alone for large models', () => {
    const large = goalOf('float16', { bytes: 1e9, samples: 14 });
    expect(believed({ sqnr: 31, bound: 12 }, large)).toBe(31);
  });
});
