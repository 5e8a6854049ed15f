/** Models that are plain functions, and data sets that are arrays: what the accuracy pass is tested with. */
import type { Dataset, Sample } from '../../../src/data/samples/dataset.js';
import type { Runner } from '../../../src/measure/accuracy/runner.js';
import type { Feeds, Tensor } from '../../../src/tensor/tensor.js';

export function floats(dims: readonly number[], values: readonly number[]): Tensor {
  return { type: 'float32', dims, data: Float32Array.from(values) };
}

export function integers(dims: readonly number[], values: readonly number[]): Tensor {
  return { type: 'int64', dims, data: BigInt64Array.from(values, BigInt) };
}

/** Samples with one float input `x` of the given numbers. */
export function dataset(rows: readonly { x: readonly number[]; label: Sample['label'] }[]): Dataset {
  const samples = rows.map(
    ({ x, label }, index): Sample => ({
      id: `sample-${index}`,
      feeds: { x: floats([1, x.length], x) },
      label,
    }),
  );
  return datasetOf(samples);
}

export function datasetOf(samples: readonly Sample[]): Dataset {
  const indices = samples.map(({ label }) => label);
  return {
    description: 'made for the test',
    length: samples.length,
    labelled: indices.some((label) => label !== null),
    classes: indices.every((label) => typeof label === 'number')
      ? Math.max(...(indices as number[])) + 1
      : null,
    async *samples() {
      yield* samples;
    },
  };
}

/** A model with one output `y`; its static shape is given where a test needs it. */
export function model(
  variant: string,
  compute: (x: number[], feeds: Feeds) => Tensor,
  more: Partial<Runner> = {},
): Runner {
  return {
    variant,
    outputs: [{ name: 'y', type: 'float32', shape: null }],
    run: async (feeds) => ({ y: compute(Array.from((feeds.x?.data ?? []) as Float32Array), feeds) }),
    ...more,
  };
}

/** A model whose output is its input. */
export function identity(variant: string): Runner {
  return model(variant, (x) => floats([1, x.length], x));
}
