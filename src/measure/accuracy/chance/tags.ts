/** Tags of words: do they go with the words at all? */
import { agreementBeyondChance } from '../../../statistics/agreement.js';
import { countEntities } from '../decode/entities.js';
import { type TagOptions, taggedWords, tagScheme } from '../tasks/token-classification.js';
import { BOUND_CONFIDENCE, type SkillTest } from './skill.js';

/** Numbers before the words: entities that both name, answered and labelled. */
const COUNTS = 3;

/** A row is the counts of entities, then answer and label of each word. Chance is told by the words: of entities there are too few. */
export function tagSkill(options: TagOptions): SkillTest {
  const scheme = tagScheme(options);
  const place = new Map(options.classNames.map((name, index) => [name, index]));
  return {
    metric: 'accuracy.entity-f1',
    from: null,
    keep(sample, output) {
      const { gold, answer } = taggedWords(sample, output, options);
      const words = answer.flatMap((tag, at) => [place.get(tag)!, place.get(gold[at]!) ?? -1]);
      return Float64Array.from([...countEntities(gold, answer, scheme), ...words]);
    },
    assess(rows) {
      const column = (offset: number) =>
        rows.flatMap((row) =>
          Array.from(row)
            .slice(COUNTS)
            .filter((_, at) => at % 2 === offset),
        );
      const labels = column(1);
      if (new Set(labels).size < 2) return null;
      const { kappa, upper, p, n } = agreementBeyondChance(column(0), labels, {
        classes: options.classNames.length,
        confidence: BOUND_CONFIDENCE,
      });
      const sum = (at: number) => rows.reduce((total, row) => total + row[at]!, 0);
      const named = sum(1) + sum(2);
      return {
        value: named === 0 ? 0 : (2 * sum(0)) / named,
        chance: 0,
        skill: kappa,
        upper,
        p,
        n,
        chanceIs: 'tags given without regard to the word',
        fact: sum(1) === 0 ? 'no entity is named in any sentence' : null,
      };
    },
  };
}
