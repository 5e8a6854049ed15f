/** Samples as the model takes them: one at a time, or stacked where its batch dimension is fixed. */
import type { Dataset } from '../../data/samples/dataset.js';
import { fixedBatch, stack } from '../../data/samples/stack.js';
import { throwIfInterrupted } from '../../errors.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import { refuseNotANumber } from './not-a-number.js';

/** Yields feeds for every sample. A last, incomplete stack is filled up with its own first samples: ranges don't mind.
 *  @throws Interrupted when the signal is aborted, UserError for a sample that holds NaN. */
export async function* batches(
  dataset: Dataset,
  inputs: readonly ValueMeta[],
  signal?: AbortSignal,
): AsyncGenerator<Feeds> {
  const size = fixedBatch(inputs);
  let waiting: Feeds[] = [];
  for await (const sample of dataset.samples()) {
    throwIfInterrupted(signal);
    refuseNotANumber(sample, dataset.description);
    const { feeds } = sample;
    const wanted = Object.fromEntries(inputs.map(({ name }) => [name, feeds[name]!]));
    // Some data comes in the model's own shape: a whole batch, or a first axis that is no batch (time, rows).
    if (size === 1 || inputs.every(({ name }) => wanted[name]!.dims[0] === size)) {
      yield wanted;
      continue;
    }
    waiting.push(wanted);
    if (waiting.length < size) continue;
    yield stack(waiting, inputs);
    waiting = [];
  }
  if (waiting.length === 0) return;
  const filled = Array.from({ length: size }, (_, index) => waiting[index % waiting.length]!);
  yield stack(filled, inputs);
}
