/** One pass over a data set with models that are functions. */
import type { Dataset } from '../../../src/data/samples/dataset.js';
import { type EvaluateRequest, evaluate } from '../../../src/measure/accuracy/evaluate.js';
import type { Runner } from '../../../src/measure/accuracy/runner.js';
import type { Measurement } from '../../../src/terms/measurement.js';
import type { Task } from '../../../src/terms/metrics.js';

/** Measurements by `metric variant`. */
export async function score(
  task: Task,
  { dataset, ...more }: { dataset: Dataset } & Partial<EvaluateRequest>,
  ...models: Runner[]
): Promise<Map<string, Measurement>> {
  const { measurements } = await evaluate({
    model: 'net',
    task,
    output: null,
    labelOffset: 0,
    dataset,
    original: models[0]!,
    variants: models.slice(1),
    provider: 'cpu',
    confidence: 0.95,
    ...more,
  });
  return new Map(measurements.map((one) => [`${one.metric} ${one.variant}`, one]));
}
