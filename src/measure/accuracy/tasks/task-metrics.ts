/** The metrics of a task. */

import type { Dataset } from '../../../data/samples/dataset.js';
import type { Task } from '../../../terms/metrics.js';
import { classificationMetrics } from './classification.js';
import { detectionMetrics } from './detection.js';
import { embeddingMetrics } from './embedding.js';
import { languageModelMetrics } from './language-model.js';
import type { Metric } from './metric.js';
import { answerMetrics } from './question-answering.js';
import { regressionMetrics } from './regression.js';
import { retrievalMetrics } from './retrieval.js';
import { segmentationMetrics } from './segmentation.js';
import { speechMetrics } from './speech-recognition.js';
import type { TaskOptions } from './task-options.js';
import { textClassificationMetrics } from './text-classification.js';
import { textRecognitionMetrics } from './text-recognition.js';
import { tagMetrics } from './token-classification.js';

/** Empty for tasks without scores of their own (none, custom). */
export function taskMetrics(
  task: Task,
  dataset: Pick<Dataset, 'classes' | 'classNames' | 'classIndices'>,
  options: TaskOptions,
): Metric[] {
  switch (task) {
    case 'classification':
      return classificationMetrics(options);
    case 'regression':
      return regressionMetrics();
    case 'embedding':
      return embeddingMetrics({ pairs: dataset.classes === null });
    case 'segmentation':
      return segmentationMetrics({ ...options, classIndices: dataset.classIndices });
    case 'language-model':
      return languageModelMetrics();
    case 'text-classification':
      return textClassificationMetrics({ ...options, scores: dataset.classes === null });
    case 'detection':
      return detectionMetrics({ ...options, classIndices: dataset.classIndices });
    case 'text-recognition':
      return textRecognitionMetrics(options);
    case 'token-classification':
      return tagMetrics({ ...options, classNames: dataset.classNames ?? [] });
    case 'question-answering':
      return answerMetrics(options);
    case 'speech-recognition':
      return speechMetrics({ vocabulary: dataset.classNames ?? [] });
    case 'retrieval':
      return retrievalMetrics(options);
    default:
      return [];
  }
}

/** Whether the task is scored by labels; a language model's targets are its own tokens. */
export function needsLabels(task: Task): boolean {
  return LABELLED.includes(task);
}

const LABELLED: readonly Task[] = [
  'classification',
  'regression',
  'embedding',
  'segmentation',
  'text-classification',
  'detection',
  'text-recognition',
  'token-classification',
  'question-answering',
  'retrieval',
  'speech-recognition',
];

/** Whether the scored output holds one score per class, which the labels are indices of. */
export function scoresClasses(task: Task): boolean {
  return task === 'classification' || task === 'text-classification';
}
