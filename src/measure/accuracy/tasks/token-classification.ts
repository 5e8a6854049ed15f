/** Tags of words: whole entities that are right, by the first token of each word. */
import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import { indexOfMaximum } from '../../../tensor/argmax.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { countEntities, schemeOf, TAG_SCHEMES, type TagScheme } from '../decode/entities.js';
import { ofSums, type StatisticMetric } from './metric.js';

export interface TagOptions {
  /** Tags by the index of their class in the output. */
  classNames: readonly string[];
  /** How the tags spell entities; null: as their letters tell. */
  decoder?: string | null | undefined;
}

/** Sums over the corpus, as seqeval's micro average has them; 0 where nothing is named. */
export function tagMetrics(options: TagOptions): StatisticMetric[] {
  const scheme = tagScheme(options);
  const keep = (sample: Sample, output: Tensor) => {
    const { gold, answer } = taggedWords(sample, output, options);
    return countEntities(gold, answer, scheme);
  };
  const of = (
    name: string,
    figure: (both: number, answered: number, labelled: number) => number,
  ): StatisticMetric => ({
    name,
    kind: 'statistic',
    undefinedReason: 'there are no samples',
    keep,
    // A sentence without entities on either side is right.
    figureOfSample: ({ 0: both = 0, 1: answered = 0, 2: labelled = 0 }) =>
      answered + labelled === 0 ? 1 : figure(both, answered, labelled),
    statistic: (kept) =>
      ofSums(kept, ([both = 0, answered = 0, labelled = 0]) => figure(both, answered, labelled)),
  });
  const share = (part: number, all: number) => (all === 0 ? 0 : part / all);
  return [
    of('accuracy.entity-f1', (both, answered, labelled) => share(2 * both, answered + labelled)),
    of('accuracy.entity-precision', (both, answered) => share(both, answered)),
    of('accuracy.entity-recall', (both, _, labelled) => share(both, labelled)),
  ];
}

/** Throws UserError for a `decoder` that is no scheme. */
export function tagScheme({ classNames, decoder = null }: TagOptions): TagScheme {
  if (decoder === null) return schemeOf(classNames);
  const found = TAG_SCHEMES.find((scheme) => scheme === decoder);
  if (found) return found;
  throw new UserError(
    'accuracy.decoder',
    `decoder '${decoder}' reads no tags; token-classification has ${TAG_SCHEMES.join(', ')}.`,
  );
}

/** Tags of the words that the model has seen: words cut off, or without a token, count on neither side. Throws UserError. */
export function taggedWords(
  { id, annotation }: Sample,
  output: Tensor,
  { classNames }: TagOptions,
): { gold: string[]; answer: string[] } {
  if (annotation?.kind !== 'tags') {
    throw new UserError(
      'data.no-labels',
      `Sample ${id} has no tags of words: token-classification reads CoNLL, or jsonl with words and tags, with a tokenizer.`,
    );
  }
  const classes = output.dims.at(-1) ?? 0;
  const scores = numbersOf(output);
  const positions = scores.length / classes;
  if (positions !== annotation.words.length || classes > classNames.length) {
    throw new UserError(
      positions === annotation.words.length ? 'accuracy.classes-differ' : 'accuracy.output-shape',
      positions === annotation.words.length
        ? `The scored output has ${classes} classes, but the data's tags are ${classNames.length}: ${classNames.join(', ')}. Give the classes in the model's order: \`class-names: [O, B-PER, …]\`.`
        : `Sample ${id}: the scored output [${output.dims.join(', ')}] has ${positions} positions for ${annotation.words.length} tokens. It must be [1, tokens, classes]; choose it with \`output\`.`,
    );
  }
  const gold: string[] = [];
  const answer: string[] = [];
  let last = -1;
  for (let at = 0; at < positions; at++) {
    const word = annotation.words[at]!;
    // Only the first token of a word speaks for it.
    if (word < 0 || word === last) continue;
    last = word;
    gold.push(annotation.tags[word]!);
    answer.push(classNames[indexOfMaximum(scores, at * classes, (at + 1) * classes)]!);
  }
  return { gold, answer };
}
