import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import type { Model } from '../../../src/onnx/model.js';
import {
  type ObservedValue,
  type ObservedValues,
  openObserver,
} from '../../../src/quantize/observe/observer.js';
import { stackedRuns } from '../../../src/quantize/observe/stacked.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { dataset, floats, floatValue, int64s, runtime, smallModel } from '../small-models.js';

const SAMPLES = 21;
const STACK = 8;

function samples(lengths: readonly number[] = [6]): Feeds[] {
  return Array.from({ length: SAMPLES }, (_, i) => {
    const length = lengths[i % lengths.length]!;
    return { x: { type: 'float32' as const, dims: [1, length], data: floats(length, i + 1) } };
  });
}

const VALUES: ObservedValue[] = [
  {
    tensor: 'y',
    value: 'y_max',
    nodes: [makeNode('ReduceMax', ['y'], ['y_max'], { attributes: { keepdims: { int: 0 } } })],
    single: true,
  },
  { tensor: 'y', value: 'y', nodes: [] },
];

/** What is observed over all samples, and the sizes of the runs: those that only compared are not among them. */
async function observeStacked(model: Model, feeds: readonly Feeds[]) {
  const session = await openObserver(model, [{ values: VALUES }], { context: { runtime } });
  let max = Number.NEGATIVE_INFINITY;
  const values: number[] = [];
  const sizes: number[] = [];
  const add = (observed: ObservedValues): void => {
    max = Math.max(max, observed.get('y_max')![0]!);
    values.push(...observed.get('y')!);
  };
  for await (const run of stackedRuns(session, { dataset: dataset(feeds), context: {} })) {
    add(run.values);
    sizes.push(run.samples);
  }
  await session.release();
  return { max, values, sizes };
}

const model = (shape: readonly (number | string)[], opType = 'Neg'): Model =>
  smallModel({
    inputs: [floatValue('x', shape)],
    outputs: [floatValue('y', ['rows', 'length'])],
    nodes: [makeNode(opType, ['x'], ['y'], opType === 'Softmax' ? { attributes: { axis: { int: 0 } } } : {})],
  });

const negated = samples().flatMap(({ x }) => [...(x!.data as Float32Array)].map((value) => -value));

describe('samples that run together', () => {
  it('give what they give alone, in their order, after a first stack was compared', async () => {
    const { max, values, sizes } = await observeStacked(model(['batch', 'length']), samples());
    expect(values).toEqual(negated);
    expect(max).toBe(Math.max(...negated));
    expect(sizes).toEqual([...Array(STACK).fill(1), STACK, SAMPLES - 2 * STACK]);
  });

  it('are only those of one shape', async () => {
    const { sizes } = await observeStacked(model(['batch', 'length']), samples([6, 6, 6, 4]));
    expect(Math.max(...sizes)).toBe(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(SAMPLES);
  });

  it.each([
    ['whose batch is fixed', model([1, 'length'])],
    ['that mixes what lies along its first axis', model(['batch', 'length'], 'Softmax')],
    [
      'that has a batch of one written into it',
      smallModel({
        inputs: [floatValue('x', ['batch', 6])],
        outputs: [floatValue('y', [1, 6])],
        nodes: [makeNode('Reshape', ['x', 'shape'], ['y'])],
        initializers: [int64s('shape', [1, 6])],
      }),
    ],
  ])('are none in a model %s', async (_, mixing) => {
    const { sizes } = await observeStacked(mixing, samples());
    expect(sizes).toEqual(Array(SAMPLES).fill(1));
  });
});
