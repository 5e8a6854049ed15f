/** What a file holds does not depend on how many threads ONNX Runtime has. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { floats, floatValue, quantizeSmall, scratch, smallModel, weight } from './small-models.js';
import { samplesWithCauses, twoProducts } from './two-products.js';

const [CHANNELS, LENGTH] = [96, 200];

/** A convolution along time: ONNX Runtime shares its places out among threads, and sums up more products at once where a thread gets few. */
function alongTime(): Model {
  return smallModel({
    inputs: [floatValue('x', [1, CHANNELS, LENGTH])],
    nodes: [
      makeNode('Conv', ['x', 'w1'], ['a'], { name: 'first', attributes: { pads: { ints: [2, 2] } } }),
      makeNode('Relu', ['a'], ['b']),
      makeNode('Conv', ['b', 'w2'], ['y'], { name: 'second', attributes: { pads: { ints: [2, 2] } } }),
    ],
    initializers: [weight('w1', [CHANNELS, CHANNELS, 5]), weight('w2', [CHANNELS, CHANNELS, 5])],
  });
}

/** The second layer has fewer channels than inputs: what fits its scales multiplies wide matrices. */
const MANY_VECTORS = { rows: 12, causes: 6, noise: 0.1 };

const sounds = (): Feeds[] =>
  Array.from({ length: 8 }, (_, seed) => ({
    x: {
      type: 'float32' as const,
      dims: [1, CHANNELS, LENGTH],
      data: floats(CHANNELS * LENGTH, 100 + seed),
    },
  }));

describe('the bytes of a file', () => {
  it.each([
    ['int8-static', alongTime, sounds],
    ['int8-dynamic', twoProducts, () => samplesWithCauses(40, 100, MANY_VECTORS)],
    ['int4-weights', twoProducts, () => samplesWithCauses(40, 100, MANY_VECTORS)],
  ] as const)('are the same for any number of threads: %s', async (method, model, samples) => {
    const made: Buffer[] = [];
    for (const threads of [1, 2, 4, 8]) {
      using directory = scratch();
      const options = { method, include: null, samples: samples(), threads } as const;
      made.push(readFileSync((await quantizeSmall(model(), directory, options)).file));
    }
    for (const bytes of made) expect(bytes.equals(made[0]!)).toBe(true);
  });
});
