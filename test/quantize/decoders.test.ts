/** Language models as onnxruntime-genai's model builder writes them: operators that ONNX Runtime adds to the default domain, and attention with caches. */
import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { halfReference } from '../../src/measure/subject/half-reference.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/file/read.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import {
  floats,
  floatValue,
  quantizeSmall,
  run,
  runtime,
  scratch,
  smallModel,
  sqnr,
  weight,
} from './small-models.js';

const domain = 'com.microsoft';
const [HEADS, KEYS, DEPTH, WIDTH, TOKENS] = [4, 2, 16, 64, 6];

function decoder(): Model {
  const scalar = (name: string, value: number) => makeTensor(name, DataType.INT32, [1], Int32Array.of(value));
  const cache = (name: string, length: string) => floatValue(name, [1, KEYS, length, DEPTH]);
  const model = smallModel({
    opset: 14,
    inputs: [floatValue('x', [1, TOKENS, WIDTH]), cache('past_key', 'past'), cache('past_value', 'past')],
    outputs: [makeValue('y', DataType.FLOAT), cache('key', 'total'), cache('value', 'total')],
    nodes: [
      makeNode('SimplifiedLayerNormalization', ['x', 'gain'], ['n'], {
        name: 'norm',
        attributes: { axis: { int: -1 } },
      }),
      makeNode('MatMul', ['n', 'wq'], ['q'], { name: 'query' }),
      makeNode('MatMul', ['n', 'wk'], ['k'], { name: 'keys' }),
      makeNode('MatMul', ['n', 'wv'], ['v'], { name: 'values' }),
      makeNode(
        'GroupQueryAttention',
        ['q', 'k', 'v', 'past_key', 'past_value', 'last', 'total', 'cos', 'sin'],
        ['a', 'key', 'value'],
        {
          name: 'attention',
          domain,
          attributes: { num_heads: { int: HEADS }, kv_num_heads: { int: KEYS }, do_rotary: { int: 1 } },
        },
      ),
      makeNode('MatMul', ['a', 'wo'], ['o'], { name: 'out' }),
      makeNode('SkipSimplifiedLayerNormalization', ['x', 'o', 'gain'], ['s'], { name: 'skip', domain }),
      makeNode('MatMul', ['s', 'head'], ['y'], { name: 'head' }),
    ],
    initializers: [
      weight('gain', [WIDTH], 2),
      weight('wq', [WIDTH, HEADS * DEPTH], 3),
      weight('wk', [WIDTH, KEYS * DEPTH], 4),
      weight('wv', [WIDTH, KEYS * DEPTH], 5),
      weight('wo', [HEADS * DEPTH, WIDTH], 6),
      weight('head', [WIDTH, 512], 7),
      makeTensor('cos', DataType.FLOAT, [32, DEPTH / 2], floats(16 * DEPTH, 8).map(Math.cos)),
      makeTensor('sin', DataType.FLOAT, [32, DEPTH / 2], floats(16 * DEPTH, 8).map(Math.sin)),
      scalar('last', TOKENS - 1),
      scalar('total', TOKENS),
    ],
  });
  model.setOpset(domain, 1);
  return model;
}

const samples: Feeds[] = Array.from({ length: 4 }, (_, i) => {
  const empty = { type: 'float32' as const, dims: [1, KEYS, 0, DEPTH], data: new Float32Array() };
  return {
    x: { type: 'float32', dims: [1, TOKENS, WIDTH], data: floats(TOKENS * WIDTH, i + 1) },
    past_key: empty,
    past_value: empty,
  };
});

it.each([
  ['float16', 0.55, 50],
  ['int8-dynamic', 0.35, 25],
  ['int4-weights', 0.3, 10],
] as const)('%s quantizes all of a decoder with caches', async (method, size, decibels) => {
  using place = scratch();
  const { file, float, result } = await quantizeSmall(decoder(), place, { method, include: null, samples });
  expect(result.decisions.filter(({ became, node }) => became === 'float' && node !== 'norm')).toEqual([]);
  expect(statSync(file).size / statSync(float).size).toBeLessThan(size);
  const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
  for (const name of ['y', 'key', 'value']) {
    expect(b[name]!.dims).toEqual(a[name]!.dims);
    expect(sqnr(a[name]!.data as Float32Array, b[name]!.data as Float32Array)).toBeGreaterThan(decibels);
  }
});

it('what a half decoder is judged by runs, caches included', async () => {
  using place = scratch();
  const { file } = await quantizeSmall(decoder(), place, { method: 'float16', include: null, samples });
  const reference = await halfReference(readModel(file), { runtime });
  const path = `${place.directory}/reference.onnx`;
  writeModel(reference as Model, path);
  const [a, b] = [await run(file, samples[0]!), await run(path, samples[0]!)];
  for (const name of ['y', 'key', 'value'])
    expect(sqnr(a[name]!.data as Float32Array, b[name]!.data as Float32Array)).toBeGreaterThan(50);
});
