import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { type ObservedValue, openObserver } from '../../../src/quantize/observe/observer.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { floats, floatValue, runtime, smallModel } from '../small-models.js';

/** x → a = 2x → b = −2x */
const model = smallModel({
  inputs: [floatValue('x', [1, 'length'])],
  outputs: [floatValue('b', [1, 'length'])],
  nodes: [makeNode('Add', ['x', 'x'], ['a']), makeNode('Neg', ['a'], ['b'])],
});

const maximum = (tensor: string): ObservedValue => ({
  tensor,
  value: `${tensor}_max`,
  nodes: [makeNode('ReduceMax', [tensor], [`${tensor}_max`], { attributes: { keepdims: { int: 0 } } })],
  single: true,
});

function feeds(length: number): Feeds {
  return { x: { type: 'float32', dims: [1, length], data: floats(length, length) } };
}

describe('what is observed of inner tensors', () => {
  const values = [maximum('x'), { tensor: 'a', value: 'a', nodes: [] }, maximum('b'), maximum('a')];

  it('come out whole and under their names, whatever the length of what is fed', async () => {
    const session = await openObserver(model, [{ values }], { context: { runtime } });
    for (const length of [5, 1, 17]) {
      const fed = feeds(length);
      const x = fed.x!.data as Float32Array;
      const observed = await session.run(fed);
      expect(observed.get('a')).toEqual(x.map((value) => 2 * value));
      expect(observed.get('x_max')).toEqual(Float32Array.of(Math.max(...x)));
      expect(observed.get('a_max')).toEqual(Float32Array.of(Math.max(...x.map((value) => 2 * value))));
      expect(observed.get('b_max')).toEqual(Float32Array.of(Math.max(...x.map((value) => -2 * value))));
    }
    await session.release();
  });

  it('stay what they were when the session runs again', async () => {
    const session = await openObserver(model, [{ values }], { context: { runtime } });
    const first = (await session.run(feeds(6))).get('a')!;
    const before = first.slice();
    await session.run({ x: { type: 'float32', dims: [1, 6], data: floats(6, 99) } });
    expect(first).toEqual(before);
    await session.release();
  });

  it('leave the model as it was', async () => {
    const nodes = model.graph.nodes.length;
    const session = await openObserver(model, [{ values }], { context: { runtime } });
    await session.release();
    expect(model.graph.nodes).toHaveLength(nodes);
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(['b']);
  });
});
