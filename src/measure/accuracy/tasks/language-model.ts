/** Perplexity and next-token accuracy of a causal language model: how well each token predicts the one after it. */

import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import { indexOfMaximum } from '../../../tensor/argmax.js';
import { MASK_INPUT } from '../../../tensor/attended.js';
import { isIntegerType, numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { ofSums, type StatisticMetric } from './metric.js';

/** Targets that don't count, as PyTorch's cross-entropy marks them. */
const IGNORED = -100;
const TOKENS_INPUT = 'input_ids';

/**
 * The targets are the tokens themselves (input `input_ids`, else the first integer input), shifted by one, where
 * `attention_mask` is 1 (of a document's windows: where they don't only give context); labels of the same length replace them (−100: ignored). Of logits for the last position only, the
 * label is the next token.
 */
export function languageModelMetrics(): StatisticMetric[] {
  const summed = new WeakMap<Tensor, readonly [loss: number, count: number]>();
  /** Once for both metrics that need it. */
  const lossAndCount = (sample: Sample, output: Tensor) => {
    const known = summed.get(output) ?? totalLoss(sample, output);
    summed.set(output, known);
    return known;
  };
  return [
    {
      name: 'accuracy.perplexity',
      kind: 'statistic',
      undefinedReason: 'no token has a predecessor',
      keep: lossAndCount,
      statistic: (kept) => ofSums(kept, ([loss = 0, count = 0]) => Math.exp(loss / count)),
    },
    {
      name: 'accuracy.next-token',
      kind: 'statistic',
      undefinedReason: 'no token has a predecessor',
      keep(sample, output) {
        let right = 0;
        let count = 0;
        forEachPrediction(sample, output, ({ scores, from, to, target }) => {
          if (indexOfMaximum(scores, from, to) === target) right++;
          count++;
        });
        return [right, count];
      },
      statistic: (kept) => ofSums(kept, ([right = 0, count = 0]) => right / count),
    },
    {
      name: 'accuracy.bits-per-byte',
      kind: 'statistic',
      undefinedReason: 'only texts have bytes: give raw text and a tokenizer',
      keep: (sample, output) => [
        lossAndCount(sample, output)[0],
        sample.annotation?.kind === 'window' ? sample.annotation.bytes : 0,
      ],
      statistic: (kept) =>
        ofSums(kept, ([loss = 0, bytes = 0]) => (bytes === 0 ? Number.NaN : loss / Math.LN2 / bytes)),
    },
  ];
}

/** −ln of the probability that each token with a predecessor was given, summed, and how many there are. */
export function totalLoss(sample: Sample, output: Tensor): readonly [loss: number, tokens: number] {
  let loss = 0;
  let count = 0;
  forEachPrediction(sample, output, (prediction) => {
    loss += lossOf(prediction);
    count++;
  });
  return [loss, count];
}

export interface Prediction {
  scores: ArrayLike<number>;
  /** The position's logits are scores[from … to − 1]. */
  from: number;
  to: number;
  target: number;
}

/** Every position that has a target. Throws UserError. */
export function forEachPrediction(
  sample: Sample,
  output: Tensor,
  visit: (prediction: Prediction) => void,
): void {
  const scores = numbersOf(output);
  const vocabulary = output.dims.at(-1) ?? 0;
  const positions = scores.length / vocabulary;
  const targets = targetsOf(sample, positions, output);
  for (const { position, target } of targets) {
    if (target < 0 || target >= vocabulary) {
      throw new UserError(
        'accuracy.classes-differ',
        `Sample ${sample.id} holds token ${target}, but the scored output has a vocabulary of ${vocabulary} ([${output.dims.join(', ')}]). ` +
          'Choose the logits with `output`.',
      );
    }
    visit({ scores, from: position * vocabulary, to: (position + 1) * vocabulary, target });
  }
}

function targetsOf(
  sample: Sample,
  positions: number,
  output: Tensor,
): { position: number; target: number }[] {
  const { label, id } = sample;
  if (positions === 1 && label !== null) {
    return [{ position: 0, target: typeof label === 'number' ? label : numbersOf(label)[0]! }];
  }
  const tokens = label !== null && typeof label !== 'number' ? label : tokensInput(sample);
  const values = tokens ? numbersOf(tokens) : null;
  if (values === null || values.length !== positions) {
    throw new UserError(
      'accuracy.output-shape',
      `Sample ${id}: the scored output [${output.dims.join(', ')}] has ${positions} positions, but there are ` +
        `${values === null ? 'no' : values.length} tokens. It must be [1, tokens, vocabulary]; choose it with \`output\`, the tokens with \`labels\`.`,
    );
  }
  const mask = sample.feeds[MASK_INPUT];
  const attended = mask ? numbersOf(mask) : null;
  const targets: { position: number; target: number }[] = [];
  const { from, to } = sample.annotation?.kind === 'window' ? sample.annotation : { from: 1, to: positions };
  for (let at = Math.max(1, from); at < Math.min(to, positions); at++) {
    const masked = attended !== null && (attended[at] === 0 || attended[at - 1] === 0);
    if (!masked && values[at] !== IGNORED) targets.push({ position: at - 1, target: values[at]! });
  }
  return targets;
}

function tokensInput({ feeds }: Sample): Tensor | undefined {
  return feeds[TOKENS_INPUT] ?? Object.values(feeds).find(({ type }) => isIntegerType(type));
}

/** −ln of the probability that the scores give the target. */
export function lossOf({ scores, from, to, target }: Prediction): number {
  return logSumExp(scores, from, to) - scores[from + target]!;
}

function logSumExp(scores: ArrayLike<number>, from: number, to: number): number {
  const highest = scores[from + indexOfMaximum(scores, from, to)]!;
  let sum = 0;
  for (let at = from; at < to; at++) sum += Math.exp(scores[at]! - highest);
  return highest + Math.log(sum);
}
