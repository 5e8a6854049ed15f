/** Answers: are they nearer to the right ones than any words of the document? */
import { seededRandom } from '../../../tensor/random.js';
import { answerF1 } from '../decode/spans.js';
import { ofSums } from '../tasks/metric.js';
import { type AnswerOptions, answered } from '../tasks/question-answering.js';
import { byBootstrap, type SkillTest } from './skill.js';

/** Words of a span at random, at most: about as long as answers are. */
const LONGEST = 5;
const SEED = 20_240_302;

/** A row is the answer's F1, that of a span of the document at random, and whether there is no answer. */
export function answerSkill(options: AnswerOptions): SkillTest {
  const random = seededRandom(SEED);
  return {
    metric: 'accuracy.answer-f1',
    from: null,
    keep(sample, _, outputs) {
      const { golds, answer } = answered(sample, outputs, options);
      const document = sample.annotation?.kind === 'answers' ? sample.annotation.document : '';
      const words = document.split(/\s+/);
      const start = random.below(words.length);
      const span = words.slice(start, start + 1 + random.below(LONGEST)).join(' ');
      const best = (given: string) => Math.max(...golds.map((gold) => answerF1(gold, given)));
      return [best(answer), best(span), best('')];
    },
    assess(rows) {
      if (rows.length === 0) return null;
      const counted = rows.map((row) => [...Array.from(row), 1]);
      const chanceOf = (sums: Float64Array) => Math.max(sums[1]!, sums[2]!) / sums[3]!;
      const skill = ofSums(counted, (sums) => (sums[0]! / sums[3]! - chanceOf(sums)) / (1 - chanceOf(sums)));
      if (!Number.isFinite(skill(null))) return null;
      return {
        value: ofSums(counted, (sums) => sums[0]! / sums[3]!)(null),
        chance: ofSums(counted, chanceOf)(null),
        ...byBootstrap(skill, rows.length),
        chanceIs: 'a span of the document at random, or no answer at all',
        fact: null,
      };
    },
  };
}
