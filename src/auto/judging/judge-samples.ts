/** The samples that candidates are compared on. */
import type { Dataset, Sample } from '../../data/samples/dataset.js';
import { fixedBatch } from '../../data/samples/stack.js';
import { UserError } from '../../errors.js';
import { batches } from '../../quantize/observe/batches.js';
import { refuseNotANumber } from '../../quantize/observe/not-a-number.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { JudgeSample } from './evaluate.js';
import { type Folds, MOST_JUDGES } from './held-out.js';
import type { LaidAside } from './laid-aside.js';
import type { Limits } from './limits.js';

/** Samples that candidates are compared on where labels, which are coarse, are counted. */
const MOST_LABELLED = 100;

export interface JudgeOptions {
  /** Of the model. */
  inputs: readonly ValueMeta[];
  limits: Pick<Limits, 'maxTop1Drop'>;
  /** Their tensors wait there: each time that they are asked for they are read. */
  aside: Pick<LaidAside, 'keep'>;
}

/** Those of each fold, stacked as the model takes them; where a limit is about labels, these are counted on others, too.
 *  @throws UserError when there are none, or one holds no number. */
export async function judgeSamples({ folds, others }: Folds, options: JudgeOptions): Promise<JudgeSample[]> {
  const samples: JudgeSample[] = [];
  for (const [fold, { judges }] of folds.entries())
    samples.push(...(await take(judges, { ...options, count: MOST_JUDGES, as: { fold } })));
  if (samples.length === 0)
    throw new UserError('data.empty', `The calibration data (${others.description}) holds no samples.`);
  const left = MOST_LABELLED - samples.length;
  if (!others.labelled || options.limits.maxTop1Drop === undefined || left <= 0) return samples;
  const seen = await take(others, { ...options, count: left, as: { fold: 0, seen: true } });
  return [...samples, ...seen];
}

async function take(
  dataset: Dataset,
  { inputs, aside, count, as }: JudgeOptions & { count: number; as: Pick<JudgeSample, 'fold' | 'seen'> },
): Promise<JudgeSample[]> {
  const samples: JudgeSample[] = [];
  const size = fixedBatch(inputs);
  const seen = size > 1 ? stacks(dataset, inputs) : dataset.samples();
  for await (const sample of seen) {
    refuseNotANumber(sample, dataset.description);
    const { feeds, ...rest } = sample;
    const kept = aside.keep(feeds);
    samples.push({
      ...rest,
      ...as,
      get feeds() {
        return kept();
      },
    });
    if (samples.length * size >= count) break;
  }
  return samples;
}

/** Labels are of single samples: they can't be counted here. */
async function* stacks(dataset: Dataset, inputs: readonly ValueMeta[]): AsyncGenerator<Sample> {
  let count = 0;
  for await (const feeds of batches(dataset, inputs)) yield { id: `stack ${count++}`, feeds, label: null };
}
