/** Models that choose the length of what they give, as speech synthesis does. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultQuantize } from '../../src/config/defaults.js';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { heldLengths, holdLengths, releaseLengths } from '../../src/onnx/convert/held-lengths.js';
import { readModel } from '../../src/onnx/file/read.js';
import { encodeModel, writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { inferTypes } from '../../src/quantize/prepare/prepare.js';
import { quantizeVerified } from '../../src/verify/verified-variant.js';
import { evaluatedFiles } from '../measure/evaluated-files.js';
import {
  dataset,
  floatValue,
  int64s,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../quantize/small-models.js';

const context = { runtime, log: SILENT, threads: 1 };
const cast = (from: string, to: string, type: DataType) =>
  makeNode('Cast', [from], [to], { attributes: { to: { int: type } } });
const float = (name: string, value: number) => makeTensor(name, DataType.FLOAT, [], Float32Array.of(value));

/** A layer says how many frames each sound lasts; as many rows follow. */
const speech = () =>
  smallModel({
    inputs: [floatValue('x', [1, 6, 64])],
    nodes: [
      makeNode('MatMul', ['x', 'durations'], ['d'], { name: 'durations' }),
      makeNode('Mul', ['d', 'frames'], ['scaled']),
      makeNode('Abs', ['scaled'], ['positive']),
      makeNode('Ceil', ['positive'], ['lengths']),
      makeNode('ReduceSum', ['lengths'], ['sum'], { attributes: { keepdims: { int: 0 } } }),
      cast('sum', 'total', DataType.INT64),
      makeNode('Range', ['zero', 'total', 'one'], ['frame']),
      cast('frame', 'time', DataType.FLOAT),
      makeNode('Unsqueeze', ['time', 'axis'], ['column']),
      makeNode('MatMul', ['x', 'sounds'], ['v'], { name: 'sounds' }),
      makeNode('ReduceMean', ['v'], ['mean'], { attributes: { axes: { ints: [1] }, keepdims: { int: 1 } } }),
      makeNode('Mul', ['mean', 'column'], ['y']),
    ],
    initializers: [
      weight('durations', [64, 64]),
      weight('sounds', [64, 64], 2),
      float('frames', 2),
      makeTensor('zero', DataType.INT64, [], BigInt64Array.of(0n)),
      makeTensor('one', DataType.INT64, [], BigInt64Array.of(1n)),
      int64s('axis', [1]),
    ],
  });

const samples = samplesOf([1, 6, 64]);

async function made(place: { directory: string }) {
  const [file, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'q.onnx')];
  writeModel(speech(), file);
  const result = await quantizeVerified({
    model: file,
    out,
    options: defaultQuantize('int8-weights'),
    target: 'cpu',
    calibration: dataset(samples),
    context,
    verify: true,
    repair: true,
  });
  return { file, out, result };
}

describe('a model that chooses the length of its outputs', () => {
  it('is proved at the lengths that the original chooses, and its file chooses its own', async () => {
    using place = scratch();
    const { file, out, result } = await made(place);
    expect(result.verification).toMatchObject({ state: 'full', repaired: [] });
    expect(result.verification.sqnr).toBeGreaterThan(30);
    expect(result.notes.map(({ code }) => code)).toContain('fidelity.lengths-held');
    const { graph } = readModel(out);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(graph.outputs.map(({ name }) => name)).toEqual(['y']);
    const rows = async (of: string) =>
      await Promise.all(samples.map(async (sample) => (await run(of, sample)).y!.dims[1]));
    expect(await rows(out)).not.toEqual(await rows(file));
  });

  it('is evaluated at them, and the lengths themselves beside the outputs', async () => {
    using place = scratch();
    const { file, out } = await made(place);
    const { measurements, notes } = await evaluatedFiles({
      files: { original: file, small: out },
      evaluation: dataset(samples),
      directory: place.directory,
    });
    const sqnr = measurements.find(({ metric }) => metric === 'fidelity.sqnr')!;
    expect(sqnr.status).toBe('ok');
    expect(sqnr.value).toBeGreaterThan(30);
    expect(Object.keys((sqnr.details as { outputs: object }).outputs)).toEqual(['y', 'lengths']);
    expect(notes.map(({ code }) => code)).toContain('fidelity.lengths-held');
  });

  it('is the same model again when the lengths are released', async () => {
    const [model, original] = [speech(), speech()];
    const lengths = heldLengths(model);
    expect(lengths).toEqual([{ tensor: 'lengths', input: 'lengths_held' }]);
    expect(holdLengths(model, lengths, await inferTypes(original, { context }))).toBe(true);
    expect(model.graph.inputs.map(({ name }) => name)).toEqual(['x', 'lengths_held']);
    releaseLengths(model, lengths, original);
    expect(Buffer.from(encodeModel(model)).equals(Buffer.from(encodeModel(original)))).toBe(true);
  });

  it('is none whose sizes come of the shapes of its inputs', () => {
    const model = smallModel({
      inputs: [floatValue('x', [1, 'n', 64])],
      nodes: [
        makeNode('Shape', ['x'], ['shape']),
        cast('shape', 'sizes', DataType.FLOAT),
        makeNode('Mul', ['sizes', 'half'], ['halves']),
        makeNode('Floor', ['halves'], ['whole']),
        cast('whole', 'dims', DataType.INT64),
        makeNode('MatMul', ['x', 'w'], ['m']),
        makeNode('ReduceMean', ['m'], ['mean'], { attributes: { keepdims: { int: 1 } } }),
        makeNode('Expand', ['mean', 'dims'], ['y']),
      ],
      initializers: [weight('w', [64, 64]), float('half', 0.5)],
    });
    expect(heldLengths(model)).toEqual([]);
  });
});
