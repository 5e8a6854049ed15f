import { describe, expect, it } from 'vitest';
import { divergenceAt } from '../../../src/measure/fidelity/divergence.js';
import { OutputFidelity } from '../../../src/measure/fidelity/output-fidelity.js';
import type { Tensor } from '../../../src/tensor/tensor.js';

const whole = (values: readonly number[]) => ({ from: 0, classes: values.length, step: 1 });
const kl = (x: readonly number[], y: readonly number[]) => divergenceAt(x, y, whole(x));
const softmax = (scores: readonly number[]) => {
  const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
  return scores.map((score) => Math.exp(score) / sum);
};
const definition = (p: readonly number[], q: readonly number[]) =>
  p.reduce((sum, share, at) => sum + (share === 0 ? 0 : share * Math.log(share / q[at]!)), 0);

const [X, Y] = [
  [2.5, -1, 0.3, 4],
  [2.1, -0.5, 0.9, 3.2],
];

describe('the Kullback–Leibler divergence', () => {
  it('is Σ p · ln(p ÷ q), of scores after a softmax and of probabilities as they are', () => {
    const expected = definition(softmax(X), softmax(Y));
    expect(kl(X, Y)).toBeCloseTo(expected, 12);
    expect(kl(softmax(X), softmax(Y))).toBeCloseTo(expected, 5);
    // 0.9·ln(0.9/0.5) + 0.1·ln(0.1/0.5)
    expect(kl([0.9, 0.1], [0.5, 0.5])).toBeCloseTo(0.36806, 4);
  });

  it('is 0 for equal scores, and for scores that differ by a constant', () => {
    expect(kl(X, X)).toBe(0);
    expect(
      kl(
        X,
        X.map((score) => score + 7),
      ),
    ).toBeCloseTo(0, 12);
  });

  it('stays finite where a probability became 0, where scores are huge, and where they are masked', () => {
    expect(kl([0.5, 0.5], [1, 0])).toBeGreaterThan(5);
    expect(Number.isFinite(kl([0.5, 0.5], [1, 0]))).toBe(true);
    expect(kl([1000, 0], [0, 1000])).toBeCloseTo(1000, 6);
    const masked = Number.NEGATIVE_INFINITY;
    expect(kl([1, masked, 2], [1.5, masked, 2])).toBeCloseTo(
      definition(softmax([1, 2]), softmax([1.5, 2])),
      12,
    );
  });

  it('is none where every score is masked, or one is not to be compared', () => {
    const masked = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    expect(kl(masked, masked)).toBeNull();
    expect(kl([Number.POSITIVE_INFINITY, 0], [Number.POSITIVE_INFINITY, 0])).toBeNull();
    expect(kl([Number.NaN, 0], [Number.NaN, 0])).toBeNull();
    const fidelity = new OutputFidelity('last');
    const rows = (...values: number[]): Tensor => ({
      type: 'float32',
      dims: [1, 2, 2],
      data: Float32Array.from(values),
    });
    fidelity.add(rows(...masked, 1, 3), rows(...masked, 2, 3));
    expect(fidelity.result().kl).toBeCloseTo(kl([1, 3], [2, 3])!, 12);
    const nothing = new OutputFidelity('last');
    nothing.add(rows(...masked, ...masked), rows(...masked, ...masked));
    expect(nothing.result().kl).toBeNull();
  });

  it('walks along any axis', () => {
    const interleaved = X.flatMap((score, at) => [score, 100 + at]);
    const other = Y.flatMap((score, at) => [score, 100 - at]);
    expect(divergenceAt(interleaved, other, { from: 0, classes: 4, step: 2 })).toBeCloseTo(kl(X, Y)!, 12);
  });

  it('is averaged over samples and positions, and not defined where nothing competes', () => {
    const tensor = (dims: number[], values: readonly number[]) => ({
      type: 'float32' as const,
      dims,
      data: Float32Array.from(values),
    });
    const fidelity = new OutputFidelity('last');
    fidelity.add(tensor([1, 2, 4], [...X, ...X]), tensor([1, 2, 4], [...Y, ...X]));
    fidelity.add(tensor([1, 2, 4], [...X, ...X]), tensor([1, 2, 4], [...X, ...X]));
    expect(fidelity.result().kl).toBeCloseTo(kl(X, Y)! / 4, 6);
    const none = new OutputFidelity('none');
    none.add(tensor([1, 4], X), tensor([1, 4], Y));
    expect(none.result().kl).toBeNull();
  });

  it('leaves out padding, as does agreement', () => {
    const tensor = (values: readonly number[]): Tensor => ({
      type: 'float32',
      dims: [1, 2, 4],
      data: Float32Array.from(values),
    });
    const fidelity = new OutputFidelity('last');
    // The second position is padding, and turned round.
    fidelity.add(tensor([...X, ...X]), tensor([...Y, ...X.toReversed()]), [1, 0]);
    const { kl: divergence, agreement, sqnr } = fidelity.result();
    expect(divergence).toBeCloseTo(kl(X, Y)!, 6);
    expect(agreement).toBe(1);
    // SQNR is about values, whoever reads them (without the padding 16 dB).
    expect(sqnr).toBeLessThan(8);
    const nothing = new OutputFidelity('last');
    nothing.add(tensor([...X, ...X]), tensor([...Y, ...Y]), [0, 0]);
    expect(nothing.result()).toMatchObject({ kl: null, agreement: null });
  });
});
