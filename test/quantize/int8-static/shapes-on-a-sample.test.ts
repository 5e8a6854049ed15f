/** What int8-static takes for the shapes of a model: those that a sample gives, where they depend on data. */
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, type NodeProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { staticPrologue } from '../../../src/quantize/int8-static/prologue.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import {
  conv,
  DEFAULTS,
  floats,
  floatValue,
  int64s,
  quantizeSmall,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../small-models.js';

async function prologueOf(model: Model, place: { directory: string }, sample?: Feeds) {
  const file = join(place.directory, 'float.onnx');
  writeModel(model, file);
  const shapes = sample && new Map(Object.entries(sample).map(([name, { dims }]) => [name, dims]));
  return await staticPrologue({
    model: file,
    options: DEFAULTS,
    target: 'cpu',
    context: { runtime, log: SILENT },
    ...(sample && shapes ? { sample, inputShapes: shapes } : {}),
  });
}

describe('shapes that depend on data', () => {
  /** The shape of what the products read is itself an input. */
  const reshaped = () =>
    smallModel({
      inputs: [floatValue('x', ['elements']), makeValue('shape', DataType.INT64, [2])],
      nodes: [
        makeNode('Reshape', ['x', 'shape'], ['r'], { name: 'r' }),
        makeNode('MatMul', ['r', 'w1'], ['a'], { name: 'a' }),
        makeNode('Relu', ['a'], ['b'], { name: 'b' }),
        makeNode('MatMul', ['b', 'w2'], ['y'], { name: 'y' }),
      ],
      initializers: [weight('w1', [64, 256], 1), weight('w2', [256, 64], 2)],
    });

  it('count as they are on the sample, not as 1', async () => {
    using place = scratch();
    const sample: Feeds = {
      x: { type: 'float32', dims: [512 * 64], data: floats(512 * 64) },
      shape: { type: 'int64', dims: [2], data: BigInt64Array.of(512n, 64n) },
    };
    const seen = await prologueOf(reshaped(), place, sample);
    expect(seen.types.get('a')!.shape).toEqual([512, 256]);
    expect(seen.draft.partition.quantized.map(({ node }) => node.name)).toEqual(['a', 'y']);
    const unseen = await prologueOf(reshaped(), place);
    expect(seen.draft.partition.estimate.float).toBeGreaterThan(15 * unseen.draft.partition.estimate.float);
  });
});

describe('a branch that is not taken', () => {
  const branch = (node: NodeProto) =>
    create(GraphProtoSchema, { name: node.output[0]!, node: [node], output: [makeValue(node.output[0]!)] });

  it('keeps shapes of its own', async () => {
    using place = scratch();
    // One branch is for 64 values per row, the other for 32.
    const model = smallModel({
      inputs: [floatValue('x', ['rows', 'n']), makeValue('wide', DataType.BOOL, [])],
      nodes: [
        makeNode('If', ['wide'], ['h'], {
          name: 'choice',
          attributes: {
            then_branch: { graph: branch(makeNode('MatMul', ['x', 'w64'], ['t'])) },
            else_branch: { graph: branch(makeNode('MatMul', ['x', 'w32'], ['e'])) },
          },
        }),
        makeNode('MatMul', ['h', 'w'], ['y'], { name: 'product' }),
      ],
      initializers: [weight('w64', [64, 16], 1), weight('w32', [32, 16], 2), weight('w', [16, 8], 3)],
    });
    const sample: Feeds = {
      x: { type: 'float32', dims: [4, 64], data: floats(256) },
      wide: { type: 'bool', dims: [], data: Uint8Array.of(1) },
    };
    const { types } = await prologueOf(model, place, sample);
    expect(types.get('h')!.shape).toEqual([4, 16]);
    expect(types.get('y')!.shape).toEqual([4, 8]);
  });
});

describe('a Softmax', () => {
  const becomes = async (channels: number | string, { shape }: { shape: number[] }) => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, channels, 8, 8])],
      nodes: [
        makeNode('Softmax', ['x'], ['s'], { name: 's', attributes: { axis: { int: 1 } } }),
        makeNode('Slice', ['s', 'zero', 'one', 'axis'], ['c'], { name: 'c' }),
        conv('c', 'd', { weight: 'w' }),
        makeNode('Relu', ['d'], ['r']),
        makeNode('Exp', ['r'], ['y']),
      ],
      initializers: [weight('w', [8, 1, 3, 3]), int64s('zero', [0]), int64s('one', [1]), int64s('axis', [1])],
    });
    const { result } = await quantizeSmall(model, place, { samples: samplesOf(shape) });
    const { became, reason } = result.decisions.find(({ node }) => node === 's')!;
    return [became, reason];
  };
  const FAILS = ['float', 'its axis may have a single element, over which its 8-bit kernel fails'];

  it('over one element stays float: its 8-bit kernel gives 0 there', async () => {
    expect(await becomes(1, { shape: [1, 1, 8, 8] })).toEqual(FAILS);
  });

  it('over an axis that the caller chooses stays float, however long it is on the samples', async () => {
    expect(await becomes('n', { shape: [1, 1, 8, 8] })).toEqual(FAILS);
    expect(await becomes('n', { shape: [1, 5, 8, 8] })).toEqual(FAILS);
  });

  it('over several elements runs in 8 bits', async () => {
    expect(await becomes(5, { shape: [1, 5, 8, 8] })).toEqual(['QLinearSoftmax', null]);
  });
});
