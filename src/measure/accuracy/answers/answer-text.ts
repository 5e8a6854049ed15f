/** What a model answers to a sample, and what it should answer, in a few words: one way for each task. */
import type { Dataset, Sample } from '../../../data/samples/dataset.js';
import { indexOfMaximum } from '../../../tensor/argmax.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import type { Task } from '../../../terms/metrics.js';
import { entitiesOf } from '../decode/entities.js';
import { labelledClass } from '../tasks/classification.js';
import { boxesOf } from '../tasks/detection/image-boxes.js';
import { rowKeeper } from '../tasks/detection.js';
import { similarity } from '../tasks/embedding.js';
import { forEachPrediction } from '../tasks/language-model.js';
import { answered } from '../tasks/question-answering.js';
import { classMap, maskOf } from '../tasks/segmentation.js';
import { transcript } from '../tasks/speech-recognition.js';
import type { TaskOptions } from '../tasks/task-options.js';
import { recognitionRow, textsOf } from '../tasks/text-recognition.js';
import { taggedWords, tagScheme } from '../tasks/token-classification.js';
import { probabilitiesOf } from './probabilities.js';
import { shortText } from './short-text.js';

export interface Answer {
  /** '' where the task has no answer per sample: embeddings and rankings are compared with each other. */
  text: string;
  /** Probability that a classifier gives the labelled class; null: it is none. */
  score: number | null;
}

export interface AnswerTexts {
  answer(sample: Sample, output: Tensor, outputs: Feeds): Answer;
  /** '' where it says nothing. Asked with the outputs of the original. */
  label(sample: Sample, output: Tensor, outputs: Feeds): string;
}

type Names = Pick<Dataset, 'classes' | 'classNames' | 'classIndices'>;
type Describe = (sample: Sample, output: Tensor, outputs: Feeds) => string;

/** Boxes, classes of masks, numbers and entities that are told of one sample. */
const TOLD = 5;
/** Detectors give boxes down to no score at all; below this one nobody would show them. */
const LEAST_BOX_SCORE = 0.25;

/** null: the task scores no samples. Its functions throw what the task's metrics throw for the same sample. */
export function answerTexts(task: Task, data: Names, options: TaskOptions): AnswerTexts | null {
  const texts = describers(task, data, options);
  if (texts === null) return null;
  const { answer, label, score } = texts;
  return {
    answer: (sample, output, outputs) => ({
      text: shortText(answer(sample, output, outputs)),
      score: score?.(sample, output) ?? null,
    }),
    label: (...of) => shortText(label(...of)),
  };
}

interface Describers {
  answer: Describe;
  label: Describe;
  score?: (sample: Sample, output: Tensor) => number;
}

function describers(task: Task, data: Names, options: TaskOptions): Describers | null {
  switch (task) {
    case 'classification':
      return classTexts(data, options);
    case 'text-classification':
      return data.classes === null ? pairTexts() : classTexts(data, options);
    case 'regression':
      return {
        answer: (_, output) => numbersText(numbersOf(output)),
        label: ({ label }) => labelNumbers(label),
      };
    case 'segmentation':
      return maskTexts(data, options);
    case 'detection':
      return boxTexts(data, options);
    case 'text-recognition': {
      const row = recognitionRow(options);
      return {
        answer: (sample, output) => textsOf(row(sample, output)).read,
        label: ({ annotation }) => annotationText(annotation),
      };
    }
    case 'speech-recognition': {
      const vocabulary = data.classNames ?? [];
      return {
        answer: (sample, output) => transcript(sample, output, { vocabulary }),
        label: ({ annotation }) => annotationText(annotation),
      };
    }
    case 'token-classification':
      return tagTexts(data, options);
    case 'question-answering':
      return {
        answer: (sample, _, outputs) => answered(sample, outputs, options).answer || 'no answer',
        label: (sample, _, outputs) =>
          [...new Set(answered(sample, outputs, options).golds)]
            .map((gold) => gold || 'no answer')
            .join(' | '),
      };
    case 'language-model':
      return { answer: nextTokens, label: () => '' };
    case 'embedding':
      return data.classes === null
        ? pairTexts()
        : { answer: () => '', label: ({ label }) => className(label, data) };
    case 'retrieval':
      return {
        answer: () => '',
        label: ({ annotation }) =>
          annotation?.kind === 'query' ? `answered by ${annotation.relevant.length} of the documents` : '',
      };
    default:
      return null;
  }
}

function annotationText(annotation: Sample['annotation']): string {
  return annotation?.kind === 'text' ? annotation.text : '';
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}

/** Name of the class that a label has this number for. */
function nameOfClass({ classIndices, classNames }: Names, index: number): string {
  for (const [name, own] of classIndices ?? []) if (own === index) return name;
  return classNames?.[index] ?? `class ${index}`;
}

function className(label: Sample['label'], data: Names): string {
  return typeof label === 'number' ? nameOfClass(data, label) : labelNumbers(label);
}

function classTexts(data: Names, options: TaskOptions): Describers {
  const name = (index: number) => nameOfClass(data, index - options.labelOffset);
  return {
    answer(_, output) {
      const scores = probabilitiesOf(numbersOf(output));
      const best = indexOfMaximum(scores);
      return `${name(best)}, ${percent(scores[best]!)}`;
    },
    label: (sample, output) => name(labelledClass(sample, numbersOf(output).length, options)),
    score(sample, output) {
      const scores = probabilitiesOf(numbersOf(output));
      return scores[labelledClass(sample, scores.length, options)]!;
    },
  };
}

function pairTexts(): Describers {
  return {
    answer: (sample, output) => `similarity ${numbersText([similarity(sample, output)])}`,
    label: ({ label }) => labelNumbers(label),
  };
}

function labelNumbers(label: Sample['label']): string {
  if (label === null) return '';
  return numbersText(typeof label === 'number' ? [label] : numbersOf(label));
}

function numbersText(values: ArrayLike<number>): string {
  const told = Array.from(
    { length: Math.min(TOLD, values.length) },
    (_, at) => `${Number(values[at]!.toPrecision(4))}`,
  );
  return told.join(', ') + (values.length > TOLD ? ` … (${values.length} numbers)` : '');
}

/** Shares of the pixels by class, the largest first. */
function maskTexts(data: Names, { labelOffset }: TaskOptions): Describers {
  const shares = (map: ArrayLike<number>, offset: number) => {
    const counts = new Map<number, number>();
    for (let at = 0; at < map.length; at++) counts.set(map[at]!, (counts.get(map[at]!) ?? 0) + 1);
    return [...counts]
      .sort(([, one], [, other]) => other - one)
      .slice(0, TOLD)
      .map(([index, count]) => `${nameOfClass(data, index - offset)} ${percent(count / map.length)}`)
      .join(', ');
  };
  return {
    answer: (sample, output) => shares(classMap(sample, output).map, labelOffset),
    label: (sample) => shares(maskOf(sample).values, 0),
  };
}

function boxTexts(data: Names, options: TaskOptions): Describers {
  const rowOf = rowKeeper(options);
  const place = (corners: readonly number[]) => `[${corners.map((value) => Math.round(value)).join(', ')}]`;
  const list = (boxes: readonly string[]) =>
    boxes.length === 0
      ? 'nothing'
      : boxes.slice(0, TOLD).join('; ') + (boxes.length > TOLD ? `; ${boxes.length - TOLD} more` : '');
  return {
    answer(sample, output, outputs) {
      const found = boxesOf(rowOf(sample, output, outputs)).detections.filter(
        ({ score }) => score >= LEAST_BOX_SCORE,
      );
      return list(
        found
          .toSorted((one, other) => other.score - one.score)
          .map(
            ({ class: index, score, corners }) =>
              `${nameOfClass(data, index)} ${percent(score)} ${place(corners)}`,
          ),
      );
    },
    label: ({ annotation }) =>
      annotation?.kind === 'boxes'
        ? list(
            annotation.boxes.map(
              ({ class: index, corners }) => `${nameOfClass(data, index)} ${place(corners)}`,
            ),
          )
        : '',
  };
}

/** Entities with the words they are, counted from 1. */
function tagTexts(data: Names, { decoder = null }: TaskOptions): Describers {
  const options = { classNames: data.classNames ?? [], decoder };
  const scheme = tagScheme(options);
  const list = (tags: readonly string[]) => {
    const found = entitiesOf(tags, scheme);
    const told = found.map(({ type, start, end }) =>
      end - start === 1 ? `${type}: word ${start + 1}` : `${type}: words ${start + 1}–${end}`,
    );
    return told.length === 0 ? 'no entity' : told.join('; ');
  };
  return {
    answer: (sample, output) => list(taggedWords(sample, output, options).answer),
    label: (sample, output) => list(taggedWords(sample, output, options).gold),
  };
}

function nextTokens(sample: Sample, output: Tensor): string {
  let right = 0;
  let count = 0;
  forEachPrediction(sample, output, ({ scores, from, to, target }) => {
    if (indexOfMaximum(scores, from, to) === target) right++;
    count++;
  });
  return `${right} of ${count} next tokens right`;
}
