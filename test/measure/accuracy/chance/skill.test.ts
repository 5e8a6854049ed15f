/** Which originals are called chance, and above all which are not. */
import { describe, expect, it } from 'vitest';
import { classificationSkill } from '../../../../src/measure/accuracy/chance/classification.js';
import { embeddingSkill } from '../../../../src/measure/accuracy/chance/embedding.js';
import { languageModelSkill } from '../../../../src/measure/accuracy/chance/language-model.js';
import { regressionSkill } from '../../../../src/measure/accuracy/chance/regression.js';
import { segmentationSkill } from '../../../../src/measure/accuracy/chance/segmentation.js';
import { type SkillTest, standingOf } from '../../../../src/measure/accuracy/chance/skill.js';
import { seededRandom } from '../../../../src/tensor/random.js';
import { floats, integers } from '../models.js';

const random = seededRandom(11);
const uniform = () => random.uint32() / 2 ** 32;

type Scored = { label: Parameters<SkillTest['keep']>[0]['label']; output: number[]; dims?: number[] };

function standing(test: SkillTest, samples: readonly Scored[], feeds = {}): string | null {
  const rows = samples.map(({ label, output, dims }, at) =>
    test.keep({ id: `s${at}`, feeds, label }, floats(dims ?? [1, output.length], output), {}),
  );
  const skill = test.assess(rows);
  return skill && standingOf(skill);
}

const classified = (samples: readonly Scored[]) => standing(classificationSkill({ labelOffset: 0 }), samples);

/** Scores that name `answer`. */
function naming(answer: number, classes: number): number[] {
  return Array.from({ length: classes }, (_, at) => (at === answer ? 1 : 0) + uniform() / 10);
}

/** `n` samples of which a share knows its label and the rest guesses. */
function guesser(n: number, classes: number, skill: number, draw = () => random.below(classes)): Scored[] {
  return Array.from({ length: n }, () => {
    const label = draw();
    return { label, output: naming(uniform() < skill ? label : draw(), classes) };
  });
}

describe('classes', () => {
  it('are chance when the answers have nothing to do with the labels', () => {
    for (const [n, classes] of [
      [200, 10],
      [60, 100],
      [400, 2],
    ] as const) {
      const found = Array.from({ length: 10 }, () => classified(guesser(n, classes, 0)));
      // One in a hundred looks better than chance by chance.
      expect(found.filter((name) => name === 'chance').length).toBeGreaterThanOrEqual(9);
      expect(found).not.toContain('above');
    }
  });

  it('are chance when every label is the next class', () => {
    const samples = Array.from({ length: 300 }, (_, at) => ({
      label: (at % 9) + 1,
      output: naming(at % 9, 10),
    }));
    expect(classified(samples)).toBe('chance');
  });

  it('are never chance on a handful of samples, right or wrong', () => {
    for (let n = 1; n <= 10; n++) {
      expect(classified(guesser(n, 10, 0))).not.toBe('chance');
      expect(classified(guesser(n, 2, 0))).not.toBe('chance');
      expect(classified(guesser(n, 2, 1))).toBe('above');
    }
  });

  it('are hardly ever chance for a model that is worth a gate', () => {
    for (const [n, classes, skill] of [
      [50, 2, 0.2],
      [150, 2, 0.2],
      [40, 10, 0.3],
      [200, 10, 0.2],
      [30, 1000, 0.3],
    ] as const) {
      const rounds = 200;
      const wrong = Array.from({ length: rounds }, () => classified(guesser(n, classes, skill)));
      expect(wrong.filter((name) => name === 'chance').length / rounds).toBeLessThan(0.03);
    }
  });

  it('of a hard task that is learnt are not chance, however low their accuracy', () => {
    // 3 % of 1,000 classes: thirty times chance.
    expect(classified(guesser(2_000, 1_000, 0.03))).toBe('hardly');
    // Two classes at 55 %, seen well.
    expect(classified(guesser(4_000, 2, 0.1))).not.toBe('chance');
  });

  it('of which one is rare are judged by whether the answers find it', () => {
    const rare = () => Number(uniform() < 0.05);
    expect(classified(guesser(500, 2, 0.8, rare))).toBe('above');
    // Always the frequent class, and the scores don't know the rare one either.
    const blind = Array.from({ length: 600 }, (_, at) => ({
      label: Number(at % 20 === 0),
      output: [1, uniform() / 10],
    }));
    expect(classified(blind)).toBe('chance');
    // Always the frequent class, but the scores rise for the rare one: a threshold away from useful.
    const knowing = blind.map(({ label }) => ({ label, output: [1, label * 0.3 + uniform() / 5] }));
    expect(classified(knowing)).toBe('hardly');
    // A set with too few of the rare class to tell.
    expect(classified(blind.slice(0, 200))).not.toBe('chance');
  });

  it('that are all one and the same are judged by the number of classes', () => {
    const same = (n: number, answer: number, classes: number) =>
      Array.from({ length: n }, () => ({ label: 3, output: naming(answer, classes) }));
    expect(classified(same(50, 3, 1000))).toBe('above');
    expect(classified(same(50, 4, 1000))).toBe('chance');
  });
});

describe('targets', () => {
  const regress = (samples: readonly Scored[]) => standing(regressionSkill(), samples);
  const target = (at: number) => Math.sin(at) * 3;

  it('are chance for outputs that answer nothing, and for outputs beside the scale', () => {
    const noise = Array.from({ length: 100 }, (_, at) => ({
      label: target(at),
      output: [uniform() * 6 - 3],
    }));
    expect(regress(noise)).toBe('chance');
    const offset = Array.from({ length: 100 }, (_, at) => ({
      label: target(at),
      output: [target(at) + 100],
    }));
    expect(regress(offset)).toBe('chance');
    const constant = Array.from({ length: 100 }, (_, at) => ({ label: target(at), output: [0.01] }));
    expect(regress(constant)).toBe('chance');
  });

  it('are never chance on a handful of samples', () => {
    for (let n = 1; n < 20; n++) {
      const noise = Array.from({ length: n }, (_, at) => ({ label: target(at), output: [uniform()] }));
      expect(regress(noise)).not.toBe('chance');
    }
  });

  it('are above chance where one column of several is predicted, whatever the others cost', () => {
    const columns = Array.from({ length: 60 }, (_, at) => {
      const values = [target(at), 1000 * uniform(), 5];
      return { label: floats([3], values), output: [target(at) + 0.1, 0, 5.2] };
    });
    expect(regress(columns)).toBe('above');
  });

  it('that are all equal have no chance to compare with', () => {
    const equal = Array.from({ length: 60 }, () => ({ label: 2.5, output: [uniform()] }));
    expect(regress(equal)).toBeNull();
  });

  it('of a weak but real model are not chance', () => {
    const weak = Array.from({ length: 300 }, (_, at) => ({
      label: target(at) + (uniform() - 0.5) * 12,
      output: [target(at)],
    }));
    expect(['weak', 'above']).toContain(regress(weak));
  });
});

describe('masks', () => {
  const segment = (samples: readonly Scored[]) => standing(segmentationSkill(), samples);
  /** 4 × 4, class 1 in a corner of `size`; every pixel named by `predict`. */
  const image = (size: number, predict: (pixel: number, label: number) => number): Scored => {
    const labels = Array.from({ length: 16 }, (_, at) => Number(at % 4 < size && at < size * 4));
    const answers = labels.map((label, pixel) => predict(pixel, label));
    return {
      label: integers([4, 4], labels),
      output: [...answers.map((answer) => 1 - answer), ...answers],
      dims: [1, 2, 4, 4],
    };
  };

  it('are chance for a map of the background, and of noise', () => {
    expect(segment(Array.from({ length: 40 }, () => image(2, () => 0)))).toBe('chance');
    expect(segment(Array.from({ length: 40 }, () => image(2, () => random.below(2))))).toBe('chance');
  });

  it('are not chance for a map that finds something, nor where too few images show anything', () => {
    expect(segment(Array.from({ length: 40 }, () => image(2, (_, label) => label)))).toBe('above');
    const empty = Array.from({ length: 40 }, () => image(0, () => 0));
    expect(segment([...empty, image(2, () => 0)])).toBe('untold');
    expect(segment(empty)).toBeNull();
    expect(segment([image(2, () => 0)])).toBe('untold');
  });
});

describe('embeddings', () => {
  const recall = (samples: readonly Scored[]) => standing(embeddingSkill({ pairs: false }), samples);
  const rank = (samples: readonly Scored[]) => standing(embeddingSkill({ pairs: true }), samples);

  it('are chance when neighbours are of any class', () => {
    const anywhere = Array.from({ length: 300 }, (_, at) => ({
      label: at % 10,
      output: [uniform() - 0.5, uniform() - 0.5, uniform() - 0.5],
    }));
    expect(recall(anywhere)).toBe('chance');
    const grouped = anywhere.map(({ label }) => ({ label, output: naming(label, 10) }));
    expect(recall(grouped)).toBe('above');
  });

  it('have nothing to find where no class has two samples', () => {
    expect(recall(Array.from({ length: 30 }, (_, at) => ({ label: at, output: naming(at, 30) })))).toBe(
      'chance',
    );
  });

  it('in pairs are chance when similarity and score have no connection, or the opposite one', () => {
    const pairs = (score: (at: number) => number) =>
      Array.from({ length: 400 }, (_, at) => ({ label: floats([], [score(at)]), output: [Math.sin(at)] }));
    expect(rank(pairs(() => uniform()))).toBe('chance');
    expect(rank(pairs((at) => -Math.sin(at)))).toBe('chance');
    expect(rank(pairs((at) => Math.sin(at) + uniform() * 3))).not.toBe('chance');
    expect(rank(pairs(() => uniform()).slice(0, 12))).not.toBe('chance');
  });
});

describe('tokens', () => {
  const vocabulary = 50;
  /** A text of 40 tokens; the next one is named with `confidence`. */
  const text = (confidence: number, next: (tokens: number[], at: number) => number) => {
    const tokens = Array.from({ length: 40 }, (_, at) => (at * 7 + random.below(3)) % vocabulary);
    const output = tokens.flatMap((_, at) => {
      const named = next(tokens, at);
      return Array.from({ length: vocabulary }, (_unused, token) => (token === named ? confidence : 0));
    });
    return { label: null, output, dims: [1, 40, vocabulary], tokens };
  };
  const standingOfTexts = (texts: ReturnType<typeof text>[]) => {
    const test = languageModelSkill();
    const rows = texts.map(({ output, dims, tokens }, at) =>
      test.keep(
        { id: `t${at}`, feeds: { input_ids: integers([1, 40], tokens) }, label: null },
        floats(dims, output),
        {},
      ),
    );
    const skill = test.assess(rows);
    return skill && standingOf(skill);
  };

  it('are chance when the model says no more than that a token is in the vocabulary', () => {
    expect(standingOfTexts([text(0, () => 0), text(0, () => 0)])).toBe('chance');
    expect(standingOfTexts([text(9, () => 0), text(9, () => 3)])).toBe('chance');
  });

  it('are not chance when the next one is known, also on a short text of rare tokens', () => {
    expect(standingOfTexts([text(6, (tokens, at) => tokens[at + 1] ?? 0)])).not.toBe('chance');
    const halfKnown = (tokens: number[], at: number) => (at % 2 ? (tokens[at + 1] ?? 0) : 0);
    expect(standingOfTexts([text(4, halfKnown), text(4, halfKnown)])).not.toBe('chance');
  });

  it('are too few below fifty', () => {
    expect(standingOfTexts([text(0, () => 0)])).toBeNull();
  });
});
