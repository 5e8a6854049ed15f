import { join } from 'node:path';
import type { NodeProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { defaultQuantize } from '../../../src/config/defaults.js';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { unlikeLengthsNotes } from '../../../src/verify/proof/unlike-lengths.js';
import { quantizeVerified } from '../../../src/verify/verified-variant.js';
import {
  dataset,
  floats,
  floatValue,
  runtime,
  scratch,
  smallModel,
  weight,
} from '../../quantize/small-models.js';

const context = { runtime, log: SILENT, threads: 1 };
const pooled = (name: string) =>
  makeNode('ReduceMax', [name], [`${name}_most`], {
    attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
  });

/** Two towers whose lengths have one name, and need not be equal. Products that are as wide share memory. */
const towers = (...names: [string, string]) =>
  smallModel({
    inputs: names.map((name, index) => floatValue('xy'[index]!, ['batch', name, 256])),
    outputs: [floatValue('z', ['batch', 256])],
    nodes: [
      makeNode('MatMul', ['x', 'w'], ['a'], { name: 'a' }),
      pooled('a'),
      makeNode('MatMul', ['y', 'v'], ['b'], { name: 'b' }),
      pooled('b'),
      makeNode('MatMul', ['b_most', 'u'], ['c'], { name: 'c' }),
      makeNode('Add', ['a_most', 'c'], ['z']),
    ],
    initializers: [weight('w', [256, 256]), weight('v', [256, 384], 2), weight('u', [384, 256], 3)],
  });

/** What the first node of `nodes` gives is not needed any more where another gives as much, as the names have it. */
const reused = (nodes: NodeProto[]) =>
  smallModel({
    inputs: ['x', 'y'].map((name) => floatValue(name, ['batch', 'length', 256])),
    outputs: [floatValue('z', ['batch', 'length', 256])],
    nodes: [
      ...nodes,
      makeNode('ReduceMax', [nodes.length === 0 ? 'x' : 'e'], ['most'], {
        attributes: { keepdims: { int: 0 } },
      }),
      makeNode('Div', ['y', 'most'], ['d']),
      makeNode('Tanh', ['d'], ['z']),
    ],
  });

/** Axes that have to be equally long. */
const sum = () =>
  smallModel({
    inputs: ['x', 'y'].map((name) => floatValue(name, ['batch', 'length', 256])),
    outputs: [floatValue('z', ['batch', 'length', 256])],
    nodes: [makeNode('Add', ['x', 'y'], ['s']), makeNode('MatMul', ['s', 'w'], ['z'], { name: 'product' })],
    initializers: [weight('w', [256, 256])],
  });

const feeds = (x: number, y: number): Feeds => ({
  x: { type: 'float32', dims: [1, x, 256], data: floats(256 * x) },
  y: { type: 'float32', dims: [1, y, 256], data: floats(256 * y, 2) },
});

async function dynamic(model: Model, place: { directory: string }, samples: Feeds[] | null) {
  const file = join(place.directory, 'float.onnx');
  writeModel(model, file);
  return await quantizeVerified({
    ...{ model: file, out: join(place.directory, 'q.onnx'), target: 'cpu' },
    options: defaultQuantize('int8-dynamic'),
    calibration: samples && dataset(samples),
    ...{ context, verify: true, repair: true },
  });
}

describe('axes of one name', () => {
  it('that only the original takes of unlike lengths are told of without data', async () => {
    using place = scratch();
    const { notes } = await dynamic(towers('length', 'length'), place, null);
    const note = notes.find(({ code }) => code === 'quantize.shared-axis');
    expect(note?.message).toMatch(
      /only where the axes called 'length' are equally long, .* \(5 in x, 9 in y\): ONNX Runtime stops at 'v_x' at optimization level '\w+'\./,
    );
  });

  it('end with an error that says what to export, where the data have both lengths', async () => {
    using place = scratch();
    const failed = dynamic(towers('length', 'length'), place, [feeds(5, 9), feeds(6, 9)]);
    await expect(failed).rejects.toMatchObject({ code: 'model.shared-axis' });
  });

  it.each([
    ['they have a name each', towers('length', 'other')],
    ['the original takes none of unlike lengths', sum()],
  ])('are not told of where %s', async (_, model) => {
    using place = scratch();
    const { notes } = await dynamic(model, place, null);
    expect(notes.map(({ code }) => code)).not.toContain('quantize.shared-axis');
  });

  it('warn where the file stops at the level in use', async () => {
    using place = scratch();
    const [original, file] = ['float.onnx', 'made.onnx'].map((name) => join(place.directory, name));
    writeModel(reused([]), original!);
    writeModel(reused([makeNode('Exp', ['x'], ['e'])]), file!);
    const notes = await unlikeLengthsNotes({ original: original!, file: file!, context });
    expect(notes).toMatchObject([{ level: 'warn', code: 'quantize.shared-axis' }]);
    expect(notes[0]!.message).not.toContain('optimization level');
  });
});
