/** Tokens: is the next one predicted better than by how frequent it is? */

import { agreementBeyondChance } from '../../../statistics/agreement.js';
import { indexOfMaximum } from '../../../tensor/argmax.js';
import { forEachPrediction, lossOf } from '../tasks/language-model.js';
import { BOUND_CONFIDENCE, type Skill, type SkillTest } from './skill.js';

/** Tokens that are looked at: a vocabulary's worth of scores each. */
const MOST_TOKENS = 4_096;
/** Fewer fail nothing. */
const MIN_TOKENS = 50;
/** Equal scores give the uniform loss but for their last digits. */
const ROUNDING = 1e-6;
/** Numbers kept per token. */
const PER_TOKEN = 3;

/**
 * Two levels of chance, in perplexity: 1 ÷ vocabulary for every token; and each token's own frequency among the others of the set (one added to each
 * count: a token that occurs once is no safe guess). A model that doesn't reach the first is at chance; so is one that doesn't reach the second
 * and whose most likely tokens agree with the text no more than at random. A row is the vocabulary, then loss, most likely token and
 * target of each position.
 */
export function languageModelSkill(): SkillTest {
  let seen = 0;
  return {
    metric: 'accuracy.perplexity',
    from: null,
    keep(sample, output) {
      const row = [output.dims.at(-1) ?? 0];
      if (seen >= MOST_TOKENS) return row;
      forEachPrediction(sample, output, (prediction) => {
        const { scores, from, to, target } = prediction;
        row.push(lossOf(prediction), indexOfMaximum(scores, from, to), target);
      });
      seen += (row.length - 1) / PER_TOKEN;
      return Float64Array.from(row);
    },
    assess(rows): Skill | null {
      const [losses, answers, targets] = [0, 1, 2].map((place) => column(rows, place)) as [
        number[],
        number[],
        number[],
      ];
      const vocabulary = rows[0]?.[0] ?? 0;
      if (losses.length === 0 || vocabulary < 2) return null;
      const loss = losses.reduce((sum, one) => sum + one, 0) / losses.length;
      const uniform = Math.log(vocabulary);
      if (losses.length < MIN_TOKENS) return few(loss, { uniform, vocabulary, tokens: losses.length });
      const frequency = lossByFrequency(targets, vocabulary);
      const next = agreementBeyondChance(answers, targets, {
        classes: vocabulary,
        confidence: BOUND_CONFIDENCE,
      });
      const tokens = { skill: next.kappa, upper: next.upper, p: next.p, n: losses.length };
      const figures = { value: perplexityOf(loss), fact: null };
      if (loss >= uniform * (1 - ROUNDING)) {
        return {
          ...figures,
          ...tokens,
          skill: Math.min(0, next.kappa),
          upper: 0,
          p: 1,
          chance: vocabulary,
          chanceIs: 'every token being equally likely',
        };
      }
      const above = {
        ...figures,
        ...tokens,
        chance: Math.exp(frequency),
        chanceIs: "the tokens' own frequency",
      };
      // Better than the frequencies: whatever the single most likely tokens are.
      return loss < frequency
        ? { ...above, skill: Math.max(next.kappa, 1 - loss / frequency), upper: 1, p: 0, informed: true }
        : above;
    },
  };
}

/** A loss that grows beyond what numbers hold stays a number. */
function perplexityOf(loss: number): number {
  return Math.min(Number.MAX_VALUE, Math.exp(loss));
}

/** So few tokens fail nothing. null: they are predicted better than by guessing, and nothing needs to be said. */
function few(
  loss: number,
  { uniform, vocabulary, tokens }: { uniform: number; vocabulary: number; tokens: number },
): Skill | null {
  if (loss < uniform) return null;
  return {
    value: perplexityOf(loss),
    fact: null,
    skill: 0,
    upper: 1,
    p: 1,
    n: tokens,
    chance: vocabulary,
    chanceIs: 'every token being equally likely',
  };
}

function column(rows: readonly ArrayLike<number>[], place: number): number[] {
  return rows.flatMap((row) => {
    const values: number[] = [];
    for (let at = 1 + place; at < row.length; at += PER_TOKEN) values.push(row[at]!);
    return values;
  });
}

/** Mean loss of each token by its frequency among the others, one added to the count of each of the vocabulary (Laplace). */
function lossByFrequency(targets: readonly number[], vocabulary: number): number {
  const counts = new Map<number, number>();
  for (const target of targets) counts.set(target, (counts.get(target) ?? 0) + 1);
  let loss = 0;
  for (const count of counts.values()) loss -= count * Math.log(count / (targets.length - 1 + vocabulary));
  return loss / targets.length;
}
