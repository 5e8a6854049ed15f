import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { syntheticTokens } from '../../../src/quantize/observe/synthetic-tokens.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import {
  DEFAULTS,
  floats,
  floatValue,
  run,
  runtime,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const ROWS = 600;

/** Token ids → rows → one loud channel → product. @param length what the model insists on; null: any. */
const text = (length: number | null) =>
  smallModel({
    inputs: [
      makeValue('ids', DataType.INT64, ['batch', 'length']),
      makeValue('mask', DataType.INT64, ['batch', 'length']),
    ],
    outputs: [floatValue('y', ['batch', 'length', 160])],
    nodes: [
      makeNode('Gather', ['table', 'ids'], ['rows']),
      makeNode('Mul', ['rows', 'gain'], ['loud']),
      makeNode('Unsqueeze', ['mask', 'last'], ['column']),
      makeNode('Cast', ['column'], ['m'], { attributes: { to: { int: DataType.FLOAT } } }),
      makeNode('Mul', ['loud', 'm'], ['masked']),
      ...(length === null ? [] : [makeNode('Add', ['masked', 'positions'], ['placed'])]),
      makeNode('MatMul', [length === null ? 'masked' : 'placed', 'w'], ['y']),
    ],
    initializers: [
      weight('table', [ROWS, 128]),
      makeTensor(
        'gain',
        DataType.FLOAT,
        [128],
        floats(128, 4).map((_, j) => (j === 7 ? 60 : 1)),
      ),
      makeTensor('last', DataType.INT64, [1], BigInt64Array.of(2n)),
      weight('w', [128, 160], 5),
      ...(length === null ? [] : [weight('positions', [length, 128], 6)]),
    ],
  });

async function quality(length: number | null, smoothQuant: boolean): Promise<number> {
  using place = scratch();
  const float = join(place.directory, 'float.onnx');
  writeModel(text(length), float);
  const { file } = await quantizeModel({
    model: float,
    out: join(place.directory, 'int8.onnx'),
    options: { ...DEFAULTS, method: 'int8-dynamic', smoothQuant: smoothQuant ? null : false },
    target: 'cpu',
    calibration: null,
    context: { runtime, log: SILENT },
    verify: false,
  });
  const dims = [1, length ?? 20];
  const values = (at: (i: number) => number) =>
    BigInt64Array.from({ length: dims[1]! }, (_, i) => BigInt(at(i)));
  const feeds = {
    ids: { type: 'int64' as const, dims, data: values((i) => (i * 37) % ROWS) },
    mask: { type: 'int64' as const, dims, data: values(() => 1) },
  };
  const [a, b] = [await run(float, feeds), await run(file, feeds)];
  return sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array);
}

describe('made-up tokens', () => {
  it('stay within the table, and end in padding', async () => {
    const samples = [];
    for await (const { feeds } of syntheticTokens(text(null))!.samples()) samples.push(feeds);
    const ids = samples.flatMap((feeds) => [...(feeds.ids!.data as BigInt64Array)].map(Number));
    expect(Math.max(...ids)).toBeLessThan(ROWS);
    expect(new Set(ids).size).toBeGreaterThan(100);
    const mask = [...(samples[0]!.mask!.data as BigInt64Array)].map(Number);
    expect(mask.slice(0, 36)).toEqual(Array(36).fill(1));
    expect(mask.slice(36)).toEqual(Array(12).fill(0));
  });

  it('show the outlier channels that calibration data would', async () => {
    expect(await quality(null, true)).toBeGreaterThan((await quality(null, false)) + 6);
  });

  it('are given up silently where they do not suit the model', async () => {
    expect(await quality(33, true)).toBeCloseTo(await quality(33, false), 5);
  });

  it('stay within tables of a fused embedding, and of what is cast before', async () => {
    const ids = (name: string) => makeValue(name, DataType.INT32, ['batch', 'length']);
    const model = smallModel({
      inputs: [ids('words'), ids('types'), ids('more')],
      outputs: [makeValue('y'), makeValue('z')],
      nodes: [
        makeNode(
          'EmbedLayerNormalization',
          ['words', 'types', 'table', 'places', 'kinds', 'gain', 'gain'],
          ['y', 'm'],
          {
            domain: 'com.microsoft',
          },
        ),
        makeNode('Cast', ['more'], ['wide'], { attributes: { to: { int: DataType.INT64 } } }),
        makeNode('Gather', ['few', 'wide'], ['z']),
      ],
      initializers: [
        weight('table', [ROWS, 64]),
        weight('places', [64, 64], 2),
        weight('kinds', [2, 64], 3),
        weight('gain', [64], 4),
        weight('few', [30, 64], 5),
      ],
    });
    const largest = { words: 0, types: 0, more: 0 };
    for await (const { feeds } of syntheticTokens(model)!.samples())
      for (const name of ['words', 'types', 'more'] as const)
        largest[name] = Math.max(largest[name], ...(feeds[name]!.data as Int32Array));
    expect(largest.words).toBeGreaterThan(30);
    expect(largest.words).toBeLessThan(ROWS);
    expect(largest.types).toBe(0);
    expect(largest.more).toBeLessThan(30);
  });

  it('are not made up for models that read anything else', () => {
    const images = smallModel({ nodes: [makeNode('Relu', ['x'], ['y'])] });
    expect(syntheticTokens(images)).toBeNull();
  });
});
