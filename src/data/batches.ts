/** Samples grouped into one inference, and outputs taken apart again. */
import { UserError } from '../errors.js';
import { elementCount } from '../tensor/dims.js';
import { allocate, isNumericType } from '../tensor/elements.js';
import type { Feeds, Tensor } from '../tensor/tensor.js';
import type { Dataset, Sample } from './samples/dataset.js';

export interface Batch {
  samples: Sample[];
  /** The samples' tensors concatenated along axis 0. */
  feeds: Feeds;
  /** Rows along axis 0 that each sample brought. */
  rows: number[];
}

/** Groups of `size` samples in order; the last may be smaller (no padding). */
export async function* batchesOf(dataset: Pick<Dataset, 'samples'>, size: number): AsyncGenerator<Batch> {
  let samples: Sample[] = [];
  for await (const sample of dataset.samples()) {
    samples.push(sample);
    if (samples.length < size) continue;
    yield batchOf(samples);
    samples = [];
  }
  if (samples.length > 0) yield batchOf(samples);
}

function batchOf(samples: Sample[]): Batch {
  const [first] = samples;
  const names = Object.keys(first!.feeds);
  const rows = samples.map(({ feeds }) => feeds[names[0]!]?.dims[0] ?? 1);
  if (samples.length === 1) return { samples, feeds: first!.feeds, rows };
  const feeds: Feeds = {};
  for (const name of names) feeds[name] = concatenate(samples, name);
  return { samples, feeds, rows };
}

function concatenate(samples: readonly Sample[], name: string): Tensor {
  const tensors = samples.map(({ feeds }) => feeds[name]!);
  const [first] = tensors as [Tensor, ...Tensor[]];
  const inner = first.dims.slice(1);
  tensors.forEach(({ dims }, at) => {
    if (dims.length === 0 || dims.slice(1).join() !== inner.join()) {
      throw new UserError(
        'data.batch',
        `Samples ${samples[0]!.id} [${first.dims}] and ${samples[at]!.id} [${dims}] can't share a batch: ` +
          `their shapes for input '${name}' differ. Use batch 1, or prepare them to one shape.`,
      );
    }
  });
  if (!isNumericType(first.type))
    throw new UserError('data.batch', `Input '${name}' of type ${first.type} can't be batched.`);
  const data = allocate(
    first.type,
    tensors.reduce((sum, { dims }) => sum + elementCount(dims), 0),
  );
  let at = 0;
  for (const tensor of tensors) {
    (data as Float32Array).set(tensor.data as Float32Array, at);
    at += elementCount(tensor.dims);
  }
  const rows = tensors.reduce((sum, { dims }) => sum + dims[0]!, 0);
  return { type: first.type, dims: [rows, ...inner], data };
}

/** Each sample's part of the outputs, its batch dimension kept. Throws UserError for outputs whose first axis isn't the batch. */
export function splitOutputs(outputs: Feeds, { samples, rows }: Batch): Feeds[] {
  if (samples.length === 1) return [outputs];
  const total = rows.reduce((sum, count) => sum + count, 0);
  const parts: Feeds[] = samples.map(() => ({}));
  for (const [name, { type, dims, data }] of Object.entries(outputs)) {
    if (dims[0] !== total) {
      throw new UserError(
        'data.batch',
        `Output '${name}' has shape [${dims.join(', ')}] for a batch of ${total}: its first axis is not the batch, so the samples ` +
          "can't be told apart. Use batch 1.",
      );
    }
    const size = elementCount(dims.slice(1));
    let row = 0;
    samples.forEach((_, at) => {
      const count = rows[at]!;
      const part = data.slice(row * size, (row + count) * size) as Tensor['data'];
      parts[at]![name] = { type, dims: [count, ...dims.slice(1)], data: part };
      row += count;
    });
  }
  return parts;
}
