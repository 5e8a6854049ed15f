/** Calibration data for a model whose batch is fixed above 1, from samples of one each: as many as it takes are stacked. */
import type { Feeds } from '../tensor/tensor.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import type { Sample, StoredDataset } from './samples/dataset.js';
import { stack } from './samples/stack.js';

/** Samples that come in the model's own batch are handed on as they are. A last, incomplete stack is filled up with its own first samples. */
export function stackedSingles(
  dataset: StoredDataset,
  inputs: readonly ValueMeta[],
  size: number,
): StoredDataset {
  const { preparedAs: _, ...rest } = dataset;
  return { ...rest, samples: () => stacks(dataset.samples(), inputs, size) };
}

async function* stacks(
  samples: AsyncIterable<Sample>,
  inputs: readonly ValueMeta[],
  size: number,
): AsyncGenerator<Sample> {
  let waiting: Sample[] = [];
  for await (const sample of samples) {
    if (Object.values(sample.feeds).every(({ dims }) => dims[0] === size)) yield sample;
    else waiting.push(sample);
    if (waiting.length < size) continue;
    yield stacked(waiting, inputs);
    waiting = [];
  }
  if (waiting.length === 0) return;
  yield stacked(
    Array.from({ length: size }, (_, index) => waiting[index % waiting.length]!),
    inputs,
  );
}

function stacked(samples: readonly Sample[], inputs: readonly ValueMeta[]): Sample {
  const feeds: Feeds = stack(
    samples.map((sample) => sample.feeds),
    inputs,
  );
  return { id: samples[0]!.id, feeds, label: null };
}
