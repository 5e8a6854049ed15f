/** A task without anything to score measures nothing: said as an error, with what is missing, instead of empty figures. */
import type { Dataset } from '../../data/samples/dataset.js';
import { UserError } from '../../errors.js';
import { type Measurement, ORIGINAL } from '../../terms/measurement.js';
import type { Task } from '../../terms/metrics.js';
import { needsLabels } from './tasks/task-metrics.js';

/** What each task is scored against, and where it is looked for. */
const SCORED_AGAINST: Partial<Record<Task, string>> = {
  detection: 'boxes: annotations in the COCO file, label files, XML files',
  segmentation: 'masks with a class per pixel that is not ignored (255, or `ignore`)',
  'text-recognition': 'texts: a `labels.tsv`',
  'speech-recognition': 'transcripts: a table, `*.trans.txt`, or a `.txt` beside each recording',
  'text-classification': "a column 'label'",
  'token-classification': 'tags',
  'question-answering': 'answers',
  retrieval: 'judgements (qrels)',
};
const LABELS = "labels: class folders, or an array or column 'labels'";
const OTHERWISE = 'Add them, or set `task: none`: closeness to the original needs none.';

/** Throws UserError for a task that is scored against labels with data that have none. */
export function assertLabelled(
  task: Task,
  { labelled, description }: Pick<Dataset, 'labelled' | 'description'>,
): void {
  if (labelled || !needsLabels(task)) return;
  throw new UserError(
    'data.no-labels',
    `Task ${task} is scored against ${SCORED_AGAINST[task] ?? LABELS}, and ${description} has no labels for every sample. ${OTHERWISE}`,
  );
}

/** Throws UserError when no metric of the original has a value for want of anything to compare with. */
export function assertSomethingScored(
  measurements: readonly Measurement[],
  { task, dataset }: { task: Task; dataset: Pick<Dataset, 'description'> },
): void {
  const own = measurements.filter(({ variant }) => variant === ORIGINAL);
  if (own.length === 0 || !own.every(({ status }) => status === 'skipped')) return;
  throw new UserError(
    'data.no-labels',
    `Nothing in ${dataset.description} can be scored (${own[0]!.reason}). Task ${task} is scored against ${SCORED_AGAINST[task] ?? LABELS}. ${OTHERWISE}`,
  );
}
