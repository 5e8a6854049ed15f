import { describe, expect, it } from 'vitest';
import { FLOOR_DB, goalOf } from '../../src/verify/marks.js';

describe('the goal of a repair', () => {
  it('is above the floor of int8-static where few samples calibrated', () => {
    expect(goalOf('int8-static', { bytes: 1e6, samples: 100 })).toBe(FLOOR_DB['int8-static']);
    expect(goalOf('int8-static', { bytes: 1e6, samples: 14 })).toBeGreaterThan(FLOOR_DB['int8-static']);
    expect(goalOf('int8-static', { bytes: 1e6, samples: null })).toBe(FLOOR_DB['int8-static']);
  });

  it('is the floor for large models, and the same for methods whose ranges follow the data', () => {
    expect(goalOf('int8-static', { bytes: 1e9, samples: 14 })).toBe(FLOOR_DB['int8-static']);
    expect(goalOf('float16', { bytes: 1e9, samples: 14 })).toBe(FLOOR_DB.float16);
    for (const samples of [2, 200]) expect(goalOf('int8-dynamic', { bytes: 1e6, samples })).toBe(20);
  });
});
