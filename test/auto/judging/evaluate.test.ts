import { describe, expect, it } from 'vitest';
import { evaluate, makeReference } from '../../../src/auto/judging/evaluate.js';
import type { Limits } from '../../../src/auto/judging/limits.js';
import { SILENT } from '../../../src/log.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { toHalf } from '../../../src/tensor/half.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { runtime, scratch } from '../../quantize/small-models.js';

/** Nothing is laid aside. */
const aside = { keep: (feeds: Feeds) => () => feeds };

/** x [1, 3] through `opType`, as float16. */
function half(opType: string) {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1, 3])],
    outputs: [makeValue('y', DataType.FLOAT16, [1, 3])],
    nodes: [
      makeNode(opType, ['x'], ['f']),
      makeNode('Cast', ['f'], ['y'], { attributes: { to: { int: DataType.FLOAT16 } } }),
    ],
  });
}

describe('a candidate’s quality', () => {
  it('counts lost labels by values, where the output is float16 too', async () => {
    using place = scratch();
    const [original, candidate] = [`${place.directory}/a.onnx`, `${place.directory}/b.onnx`];
    writeModel(half('Identity'), original);
    writeModel(half('Neg'), candidate);
    const x = { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(-3, 1, 2) };
    const samples = [{ id: 'one', feeds: { x }, label: 2, fold: 0 }];
    const options = { context: { runtime, log: SILENT, threads: 1 }, provider: 'cpu' };
    const reference = await makeReference(original, samples, { ...options, aside });
    const qualityOf = async (file: string) =>
      (await evaluate([{ file, folds: [0] }], reference, options)).quality;
    expect((await qualityOf(original)).top1Drop).toBe(0);
    expect((await qualityOf(candidate)).top1Drop).toBe(1);
    const scored = { output: 'y', labelOffset: 1, task: 'classification' as const };
    const [own] = samples;
    const one = await makeReference(original, [{ ...own!, label: 1 }], { ...options, aside, scored });
    expect((await evaluate([{ file: candidate, folds: [0] }], one, options)).quality.top1Drop).toBe(1);
  });

  it('of half precision is that of a device that computes in half', async () => {
    using place = scratch();
    const [original, candidate] = [`${place.directory}/a.onnx`, `${place.directory}/b.onnx`];
    const large = Float32Array.of(2048);
    const around = (half: boolean) => {
      const type = half ? DataType.FLOAT16 : DataType.FLOAT;
      const cast = (from: string, to: string, dataType: DataType) =>
        makeNode('Cast', [from], [to], { attributes: { to: { int: dataType } } });
      return makeModel({
        inputs: [makeValue('x', DataType.FLOAT, [1, 3])],
        outputs: [makeValue('y', DataType.FLOAT, [1, 3])],
        nodes: [
          cast('x', 'a', type),
          makeNode('Add', ['a', 'large'], ['sum']),
          makeNode('Sub', ['sum', 'large'], ['rest']),
          cast('rest', 'y', DataType.FLOAT),
        ],
        initializers: [makeTensor('large', type, [], half ? toHalf(large) : large)],
      });
    };
    writeModel(around(false), original);
    writeModel(around(true), candidate);
    const x = { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(0.7, 1.2, 2.9) };
    const samples = [{ id: 'one', feeds: { x }, label: null, fold: 0 }];
    const options = { context: { runtime, log: SILENT, threads: 1 }, provider: 'cpu' };
    const reference = await makeReference(original, samples, { ...options, aside });
    // Around 2048 half numbers are 2 apart.
    const { quality } = await evaluate([{ file: candidate, folds: [0] }], reference, options);
    expect(quality.maxAbs).toBeGreaterThan(0.5);
  });

  it('is that of the worst output, of those that have counterparts', async () => {
    using place = scratch();
    const [original, candidate] = [`${place.directory}/a.onnx`, `${place.directory}/b.onnx`];
    const model = (second: string) =>
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, [1, 3])],
        outputs: ['first', 'second'].map((name) => makeValue(name, DataType.FLOAT, [1, 3])),
        nodes: [makeNode('Identity', ['x'], ['first']), makeNode(second, ['x'], ['second'])],
      });
    writeModel(model('Identity'), original);
    writeModel(model('Relu'), candidate);
    const x = { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(-3, 1, 2) };
    const samples = [{ id: 'one', feeds: { x }, label: null, fold: 0 }];
    const options = { context: { runtime, log: SILENT, threads: 1 }, provider: 'cpu' };
    const reference = await makeReference(original, samples, { ...options, aside });
    const { quality, errors } = await evaluate([{ file: candidate, folds: [0] }], reference, options);
    expect(quality).toMatchObject({ maxAbs: 3, agreement: 1 });
    expect(quality.sqnr).toBeCloseTo(10 * Math.log10(14 / 9));
    expect(quality.cosine).toBeCloseTo(Math.sqrt(5 / 14));
    const scored = { output: 'first', labelOffset: 0, task: 'none' as const };
    const alone = await makeReference(original, samples, { ...options, aside, scored });
    expect((await evaluate([{ file: candidate, folds: [0] }], alone, options)).quality.maxAbs).toBe(0);
    // Which of two files is nearer, the scored output says.
    expect(errors).toEqual([{ signal: 14, noise: 0 }]);
  });

  it('is about the classes of pixels where these compete', async () => {
    using place = scratch();
    const original = `${place.directory}/a.onnx`;
    const shape = [1, 2, 1, 3];
    writeModel(
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, shape)],
        outputs: [makeValue('y', DataType.FLOAT, shape)],
        nodes: [makeNode('Identity', ['x'], ['y'])],
      }),
      original,
    );
    const x = { type: 'float32' as const, dims: shape, data: Float32Array.of(1, 2, 3, 0, 5, 1) };
    const samples = [{ id: 'one', feeds: { x }, label: null, fold: 0 }];
    const options = { context: { runtime, log: SILENT, threads: 1 }, provider: 'cpu' };
    const figures = async (task: 'segmentation' | 'regression', limits: Limits = { maxKl: 1 }) => {
      const scored = { output: null, labelOffset: 0, task };
      const reference = await makeReference(original, samples, { ...options, aside, limits, scored });
      return (await evaluate([{ file: original, folds: [0] }], reference, options)).quality;
    };
    expect(await figures('segmentation')).toMatchObject({ agreement: 1, kl: 0 });
    expect(await figures('regression')).toMatchObject({ agreement: null, kl: null });
    // It takes time: only where a limit is about it.
    expect(await figures('segmentation', {})).toMatchObject({ agreement: 1, kl: null });
  });

  it('is judged fold by fold, each by its own file', async () => {
    using place = scratch();
    const [original, other] = [`${place.directory}/a.onnx`, `${place.directory}/b.onnx`];
    writeModel(half('Identity'), original);
    writeModel(half('Neg'), other);
    const x = { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(-3, 1, 2) };
    const samples = [0, 1].map((fold) => ({ id: String(fold), feeds: { x }, label: null, fold }));
    const options = { context: { runtime, log: SILENT, threads: 1 }, provider: 'cpu' };
    const reference = await makeReference(original, samples, { ...options, aside });
    const files = [
      { file: original, folds: [0] },
      { file: other, folds: [1] },
    ];
    const { errors, quality } = await evaluate(files, reference, options);
    expect(errors).toMatchObject([
      { signal: 14, noise: 0 },
      { signal: 14, noise: 56 },
    ]);
    expect(quality.sqnr).toBeCloseTo(10 * Math.log10(28 / 56));
    expect((await evaluate(files.slice(1), reference, options)).errors[0]).toBeNull();
  });

  it('is judged by the first samples of a fold alone where it has seen the others', async () => {
    using place = scratch();
    const original = `${place.directory}/a.onnx`;
    writeModel(half('Identity'), original);
    const x = { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(-3, 1, 2) };
    const samples = [0, 0, 1, 0, 1].map((fold, id) => ({ id: String(id), feeds: { x }, label: null, fold }));
    const options = { context: { runtime, log: SILENT, threads: 1 }, provider: 'cpu' };
    const reference = await makeReference(original, samples, { ...options, aside });
    const { errors } = await evaluate([{ file: original, folds: [0, 1], first: 1 }], reference, options);
    expect(errors.map((error) => error !== null)).toEqual([true, false, true, false, false]);
  });
});
