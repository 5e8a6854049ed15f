import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { proofNotes } from '../../../src/verify/notes.js';
import { equalShare } from '../../../src/verify/proof/equal-share.js';

const classes = (...values: number[]): Tensor => ({
  type: 'int64',
  dims: [values.length],
  data: BigInt64Array.from(values.map(BigInt)),
});
const scores: Tensor = { type: 'float32', dims: [1], data: Float32Array.of(1) };

describe('the share of equal whole numbers', () => {
  it('is that of all elements of all samples', () => {
    const expected = [{ y: classes(1, 2, 3) }, { y: classes(4) }];
    expect(equalShare(expected, [{ y: classes(1, 2, 0) }, { y: classes(4) }])).toBe(0.75);
  });

  it('is nothing for an output of another shape', () => {
    expect(equalShare([{ y: classes(1, 2) }], [{ y: classes(1) }])).toBe(0);
  });

  it('is not there where all outputs are floating-point', () => {
    expect(equalShare([{ y: scores }], [{ y: scores }])).toBeNull();
  });
});

describe('what is told of whole numbers', () => {
  const told = (equal: number, representative = true) =>
    proofNotes(
      {
        ...{ state: 'full', reason: null, levels: ['all'], samples: 1, sqnr: null, equal, floor: 15 },
        ...{ worst: [], repaired: [] },
      },
      {
        goal: { sqnr: 15, bound: 15 },
        trial: { samples: [], representative },
        cutShortAfter: null,
        inParts: false,
      },
    ).map(({ level, message }) => `${level}: ${message}`);

  it("is a warning where none equals the original's, and nothing where most do", () => {
    expect(told(0)).toEqual(["warn: None of the whole numbers in the outputs equals the original's."]);
    expect(told(0.5)).toEqual([
      "info: Only 50.0 % of the whole numbers in the outputs equal the original's.",
    ]);
    expect(told(0.95)).toEqual([]);
  });

  it('is information where the inputs are made up', () => {
    expect(told(0, false)[0]).toMatch(/^info: .* on made-up inputs/);
  });
});
