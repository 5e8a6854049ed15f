/** Answers as spans of a document: F1 of their words, and exact match, as SQuAD counts them. */
import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import { answerF1, bestSpan, exactMatch, noAnswerScore, type SpanScores } from '../decode/spans.js';
import { type Metric, ofSums } from './metric.js';
import type { TaskOptions } from './task-options.js';

export type AnswerOptions = Pick<TaskOptions, 'roles' | 'outputs'>;

export function answerMetrics(options: AnswerOptions): Metric[] {
  return [
    {
      name: 'accuracy.answer-f1',
      kind: 'statistic',
      undefinedReason: 'there are no samples',
      keep(sample, _, outputs) {
        const { golds, answer } = answered(sample, outputs, options);
        return [Math.max(...golds.map((gold) => answerF1(gold, answer))), 1];
      },
      figureOfSample: (row) => row[0]!,
      statistic: (kept) => ofSums(kept, ([sum = 0, count = 0]) => sum / count),
    },
    {
      name: 'accuracy.exact-match',
      kind: 'share',
      keep(sample, _, outputs) {
        const { golds, answer } = answered(sample, outputs, options);
        return [Number(golds.some((gold) => exactMatch(gold, answer)))];
      },
    },
  ];
}

export interface Answered {
  /** Right answers; an empty one: there is none. */
  golds: readonly string[];
  answer: string;
}

/**
 * The span with the highest score in any window; nothing, where the first token (as models for SQuAD 2.0 say that there is no answer) scores higher
 * and the data have such questions. Throws UserError for outputs that aren't two rows of scores.
 */
export function answered({ id, annotation }: Sample, outputs: Feeds, options: AnswerOptions): Answered {
  if (annotation?.kind !== 'answers') {
    throw new UserError(
      'data.no-labels',
      `Sample ${id} has no question with answers: question-answering reads SQuAD's JSON, or jsonl with question, context and answers, with a tokenizer.`,
    );
  }
  const { offsets, document, answers } = annotation;
  const [start, end] = spanOutputs(outputs, options);
  const windows = offsets.map(
    (places, row): SpanScores => ({
      start: rowOf(start, row, { rows: offsets.length, tokens: places.length / 2, id }),
      end: rowOf(end, row, { rows: offsets.length, tokens: places.length / 2, id }),
      offsets: places,
    }),
  );
  const span = bestSpan(windows);
  const none = annotation.mayHaveNone && (span === null || noAnswerScore(windows) > span.score);
  return {
    golds: answers.length === 0 ? [''] : answers,
    answer: none || span === null ? '' : document.slice(span.from, span.to),
  };
}

/** By `outputs: { start, end }`, by their names, or the first two. */
function spanOutputs(outputs: Feeds, { roles = {} }: AnswerOptions): [Tensor, Tensor] {
  const names = Object.keys(outputs);
  const named = (role: 'start' | 'end') =>
    roles[role] ?? names.find((name) => new RegExp(role, 'i').test(name));
  const unknown = (['start', 'end'] as const).find(
    (role) => roles[role] !== undefined && !names.includes(roles[role]),
  );
  if (unknown !== undefined) {
    throw new UserError(
      'accuracy.unknown-output',
      `\`outputs: { ${unknown}: ${roles[unknown]} }\`: the model has no output '${roles[unknown]}'; it has ${names.map((name) => `'${name}'`).join(', ')}.`,
    );
  }
  const [start, end] = [named('start') ?? names[0], named('end') ?? names[1]];
  if (
    start === undefined ||
    end === undefined ||
    outputs[start] === undefined ||
    outputs[end] === undefined
  ) {
    throw new UserError(
      'accuracy.unknown-output',
      `question-answering needs two outputs, where answers start and where they end; the model has ${names.map((name) => `'${name}'`).join(', ')}. Name them: \`outputs: { start: NAME, end: NAME }\`.`,
    );
  }
  return [outputs[start], outputs[end]];
}

function rowOf(
  output: Tensor,
  row: number,
  { rows, tokens, id }: { rows: number; tokens: number; id: string },
): ArrayLike<number> {
  const scores = numbersOf(output);
  if (scores.length !== rows * tokens) {
    throw new UserError(
      'accuracy.output-shape',
      `Sample ${id}: an output of shape [${output.dims.join(', ')}] holds no score for each of ${rows} × ${tokens} tokens. Name the outputs: \`outputs: { start: NAME, end: NAME }\`.`,
    );
  }
  return Array.prototype.slice.call(scores, row * tokens, (row + 1) * tokens) as number[];
}
