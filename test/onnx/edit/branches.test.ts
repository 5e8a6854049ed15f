/** Switches whose sides are branches: the same values, and only the side that is read is computed. */
import { describe, expect, it } from 'vitest';
import { attribute } from '../../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { computeReadSide } from '../../../src/onnx/edit/branches.js';
import { copyModel } from '../../../src/onnx/edit/copy-model.js';
import { addSwitch } from '../../../src/onnx/edit/switches.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { runtime } from '../../quantize/small-models.js';

/** 'first' chooses between products by weights of their own, 'y' between the first and two rows of it, one of which is the given one. Both sides of the
 *  first read 'shared' and 'one'. */
function withSwitches(at: number, mostMovedBytes?: number): { where: Model; branched: Model } {
  const where = makeModel({
    inputs: [
      makeValue('x', DataType.FLOAT, [2, 2]),
      makeValue('a', DataType.BOOL, []),
      makeValue('b', DataType.BOOL, []),
    ],
    outputs: [makeValue('y', DataType.FLOAT)],
    nodes: [
      makeNode('Relu', ['x'], ['shared']),
      makeNode('MatMul', ['shared', 'w'], ['product']),
      makeNode('Add', ['product', 'one'], ['on']),
      makeNode('MatMul', ['shared', 'v'], ['other']),
      makeNode('Sub', ['other', 'one'], ['off']),
      makeNode('Gather', ['first', 'at'], ['row']),
    ],
    initializers: [
      makeTensor('w', DataType.FLOAT, [2, 2], Float32Array.of(1, 2, 3, 4)),
      makeTensor('v', DataType.FLOAT, [2, 2], Float32Array.of(5, 6, 7, 8)),
      makeTensor('one', DataType.FLOAT, [], Float32Array.of(1)),
      makeTensor('at', DataType.INT64, [2], BigInt64Array.of(1n, BigInt(at))),
    ],
  });
  addSwitch(where.graph, 'a', { on: 'on', off: 'off', output: 'first' });
  addSwitch(where.graph, 'b', { on: 'first', off: 'row', output: 'y' });
  const branched = copyModel(where);
  computeReadSide(branched.graph, new Set(['first', 'y']), mostMovedBytes);
  return { where, branched };
}

async function values(model: Model, { a, b }: { a: number; b: number }): Promise<number[]> {
  const session = await runtime.open(encodeModel(model), { graphOptimizationLevel: 'all', threads: 1 });
  const flag = (on: number) => ({ type: 'bool' as const, dims: [], data: Uint8Array.of(on) });
  try {
    const x = { type: 'float32' as const, dims: [2, 2], data: Float32Array.of(1, -2, 3, 4) };
    return [...((await session.run({ x, a: flag(a), b: flag(b) })).y!.data as Float32Array)];
  } finally {
    await session.release();
  }
}

const SETTINGS = [0, 1].flatMap((a) => [0, 1].map((b) => ({ a, b })));

describe('sides of switches as branches', () => {
  it.each(SETTINGS)('give what Where gives: $a, $b', async (setting) => {
    const { where, branched } = withSwitches(0);
    expect(branched.graph.nodes.map(({ opType }) => opType).toSorted()).toEqual(['If', 'If', 'Relu']);
    expect(await values(branched, setting)).toEqual(await values(where, setting));
  });

  it('are computed only where they are read', async () => {
    // There is no such row: whoever computes it fails.
    const { where, branched } = withSwitches(7);
    await expect(values(where, { a: 1, b: 1 })).rejects.toThrow();
    expect(await values(branched, { a: 1, b: 1 })).toEqual([2, 3, 16, 23]);
    await expect(values(branched, { a: 1, b: 0 })).rejects.toThrow();
  });

  it('hold the weights that they alone read', () => {
    const { branched } = withSwitches(0);
    const branches = branched.graph.producer('first')!;
    const held = ['then_branch', 'else_branch'].map((name) =>
      attribute(branches, name)!.g!.initializer.map((tensor) => tensor.name),
    );
    expect(held).toEqual([['w'], ['v']]);
    expect([...branched.graph.initializers.keys()]).toEqual(['one']);
  });

  it('read weights outside where those are large', async () => {
    const { where, branched } = withSwitches(0, 16);
    expect([...branched.graph.initializers.keys()].toSorted()).toEqual(['at', 'one', 'v', 'w']);
    for (const setting of SETTINGS)
      expect(await values(branched, setting)).toEqual(await values(where, setting));
  });
});
