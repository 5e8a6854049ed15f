import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreementBeyondChance } from '../../src/statistics/agreement.js';
import { binomialTail } from '../../src/statistics/binomial.js';
import { seededRandom } from '../../src/tensor/random.js';

const options = { classes: 10, confidence: 0.99 };

/** Every order of the labels beside the answers: what the permutation test samples. */
function matchesOfAllPairings(answers: readonly number[], labels: readonly number[]): number[] {
  if (answers.length === 0) return [0];
  const [first, ...rest] = answers;
  return labels.flatMap((label, at) =>
    matchesOfAllPairings(rest, [...labels.slice(0, at), ...labels.slice(at + 1)]).map(
      (matches) => matches + Number(label === first),
    ),
  );
}

describe('the binomial tail', () => {
  it('is what tables say', () => {
    expect(binomialTail(8, 10, 0.5)).toBeCloseTo(56 / 1024, 12);
    expect(binomialTail(0, 10, 0.3)).toBe(1);
    expect(binomialTail(5, 5, 0.1)).toBeCloseTo(1e-5, 15);
    // R: pbinom(59, 1000, 0.05, lower.tail = FALSE)
    expect(binomialTail(60, 1000, 0.05)).toBeCloseTo(0.0867, 3);
    expect(binomialTail(3, 10, 0)).toBe(0);
  });
});

describe('agreement beyond chance', () => {
  it("is Cohen's kappa of his own example", () => {
    // 1960, table 1: 3 × 3 with the agreements 44, 20 and 6 of 100 and the margins 50, 30, 20 and 60, 25, 15.
    const table = [
      [44, 5, 1],
      [7, 20, 3],
      [9, 5, 6],
    ];
    const answers: number[] = [];
    const labels: number[] = [];
    for (const [answer, row] of table.entries()) {
      for (const [label, count] of row.entries()) {
        answers.push(...Array.from({ length: count }, () => answer));
        labels.push(...Array.from({ length: count }, () => label));
      }
    }
    const expected = (50 * 60 + 30 * 30 + 20 * 10) / 100 ** 2;
    const found = agreementBeyondChance(answers, labels, options);
    expect(found).toMatchObject({ n: 100, right: 70 });
    expect(found.chance).toBeCloseTo(expected, 12);
    expect(found.kappa).toBeCloseTo((0.7 - expected) / (1 - expected), 12);
    expect(found.p).toBeLessThan(0.001);
  });

  it('draws p from the pairings of answers and labels', () => {
    const six = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(six, six, (answers, labels) => {
        fc.pre(new Set(labels).size > 1);
        const { right, chance, p } = agreementBeyondChance(answers, labels, options);
        const all = matchesOfAllPairings(answers, labels);
        expect(chance * 6).toBeCloseTo(all.reduce((sum, one) => sum + one, 0) / all.length, 9);
        expect(p).toBeCloseTo(all.filter((matches) => matches >= right).length / all.length, 1);
      }),
      { numRuns: 40 },
    );
  });

  it('is none where every answer is the same, however often that is right', () => {
    const labels = Array.from({ length: 500 }, (_, at) => Number(at % 20 === 0));
    const found = agreementBeyondChance(new Uint8Array(500), labels, { ...options, classes: 2 });
    expect(found).toMatchObject({ right: 475, p: 1 });
    expect(found.kappa).toBeCloseTo(0, 12);
    // The 25 of the other class tell: none is right.
    expect(found.upper).toBeLessThan(0.2);
  });

  it('knows chance by the number of classes where all labels are equal', () => {
    const found = agreementBeyondChance([0, 0, 0, 1], [0, 0, 0, 0], { ...options, classes: 4 });
    expect(found).toMatchObject({ right: 3, chance: 0.25 });
    expect(found.p).toBeCloseTo(binomialTail(3, 4, 0.25), 12);
  });

  it.each([
    { classes: 2, n: 60, skill: 0.2 },
    { classes: 2, n: 400, skill: 0.2 },
    { classes: 10, n: 60, skill: 0.2 },
    { classes: 100, n: 30, skill: 0.2 },
    { classes: 2, n: 300, skill: 0.2, rare: 0.1 },
  ])('has an upper bound that a true kappa rarely passes: %o', ({ classes, n, skill, rare }) => {
    const random = seededRandom(7);
    const uniform = () => random.uint32() / 2 ** 32;
    const draw = () => (rare === undefined ? random.below(classes) : Number(uniform() < rare));
    let passed = 0;
    const rounds = 300;
    for (let round = 0; round < rounds; round++) {
      const labels = Array.from({ length: n }, draw);
      // Of each answer a share `skill` knows the label, the rest is drawn like a label: kappa is `skill`.
      const answers = labels.map((label) => (uniform() < skill ? label : draw()));
      if (agreementBeyondChance(answers, labels, { classes, confidence: 0.99 }).upper < skill) passed++;
    }
    // Two bounds at 0.99 each; the smaller counts.
    expect(passed / rounds).toBeLessThan(0.035);
  });
});
