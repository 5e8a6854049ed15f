import { describe, expect, it } from 'vitest';
import { OutputFidelity } from '../../../src/measure/fidelity/output-fidelity.js';
import { TensorError } from '../../../src/measure/fidelity/tensor-error.js';

const tensor = (...values: number[]) => ({
  type: 'float32' as const,
  dims: [1, values.length],
  data: Float32Array.from(values),
});

describe('values that can’t be used in both files', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    '%d counts in no figure',
    (value) => {
      const fidelity = new OutputFidelity('none');
      const error = new TensorError();
      for (const one of [fidelity, error]) one.add(tensor(1, value, 2), tensor(1, value, 2.02));
      const alone = new OutputFidelity('none');
      alone.add(tensor(1, 2), tensor(1, 2.02));
      expect(fidelity.result()).toEqual(alone.result());
      expect(error.sqnr()).toBeCloseTo(alone.result().sqnr!, 9);
    },
  );

  it('NaN of the variant alone is no small error', () => {
    const fidelity = new OutputFidelity('none');
    fidelity.add(tensor(1, 2), tensor(1, Number.NaN));
    expect(fidelity.result().sqnr).toBeNaN();
  });
});

describe('an output of zeros', () => {
  const sqnrOf = (...variant: number[]) => {
    const fidelity = new OutputFidelity('none');
    fidelity.add(tensor(0, 0), tensor(...variant));
    return fidelity.result().sqnr;
  };

  it('has no ratio where the variant gives zeros, too, and is not followed where it gives anything else', () => {
    expect(sqnrOf(0, 0)).toBeNull();
    expect(sqnrOf(0, 0.1)).toBeLessThan(0);
  });

  it('is not what a model gives that computes nothing but NaN', () => {
    const fidelity = new OutputFidelity('none');
    fidelity.add(tensor(Number.NaN), tensor(Number.NaN));
    expect(fidelity.result().sqnr).toBe(0);
  });
});
