import { describe, expect, it } from 'vitest';
import { ThinnedTensors } from '../../../src/measure/fidelity/thinned-tensors.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import type { Feeds } from '../../../src/tensor/tensor.js';

const model = makeModel({
  inputs: [makeValue('x', DataType.FLOAT, ['n', 3, 'height'])],
  outputs: [makeValue('y', DataType.FLOAT)],
  nodes: [makeNode('Neg', ['x'], ['inner']), makeNode('ReduceMax', ['inner'], ['y'])],
});

function feeds(height: number): Feeds {
  const data = Float32Array.from({ length: 3 * height }, (_, i) => i);
  return { x: { type: 'float32', dims: [1, 3, height], data } };
}

describe('inner tensors', () => {
  it('are whole where they are small, and every so many-th value where they are large, whatever is fed', async () => {
    const tensors = await ThinnedTensors.open(model, ['inner', 'y'], { runtime: await loadRuntime() });
    try {
      const small = await tensors.at(feeds(5));
      expect(small.get('inner')).toMatchObject({ dims: [1, 3, 5], stride: 1 });
      expect([...small.get('inner')!.data]).toEqual(
        Array.from({ length: 15 }, (_, i) => (i === 0 ? -0 : -i)),
      );
      const { dims, data, stride } = (await tensors.at(feeds(50_000))).get('inner')!;
      expect(dims).toEqual([1, 3, 50_000]);
      expect(stride).toBe(9);
      expect(data).toHaveLength(Math.ceil(150_000 / 9));
      expect(data.every((value, i) => value === -9 * i)).toBe(true);
      expect(small.get('y')!.dims.reduce((product, dim) => product * dim, 1)).toBe(1);
    } finally {
      await tensors.release();
    }
  });
});
