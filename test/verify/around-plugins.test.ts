import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultQuantize } from '../../src/config/defaults.js';
import { SILENT } from '../../src/log.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { cutBefore, pluginNodes } from '../../src/onnx/convert/plugins.js';
import { readModel } from '../../src/onnx/file/read.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { quantizeVerified } from '../../src/verify/verified-variant.js';
import {
  conv,
  dataset,
  floatValue,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../quantize/small-models.js';

/** Convolutions, a plugin of TensorRT, and what reads its result; `h` is an output that the plugin has nothing to do with. */
function withPlugin(domain: string): Model {
  const model = smallModel({
    outputs: [floatValue('y', [1, 16, 8, 8]), floatValue('h', [1, 32, 8, 8])],
    nodes: [
      conv('x', 'z', { weight: 'wz' }),
      conv('z', 'r', { weight: 'wr' }),
      conv('r', 'a', { weight: 'wa' }),
      makeNode('Relu', ['a'], ['h'], { name: 'relu' }),
      conv('h', 'k', { weight: 'wb' }),
      makeNode('EfficientNMS_TRT', ['k'], ['p'], {
        name: 'plugin',
        domain,
        attributes: { plugin_version: { string: '1' } },
      }),
      makeNode('Add', ['p', 'offset'], ['q'], { name: 'behind' }),
      // A name that quantizing makes, too.
      makeNode('Neg', ['q'], ['wa_scale'], { name: 'wa_blocks' }),
      makeNode('Neg', ['wa_scale'], ['y'], { name: 'end' }),
    ],
    initializers: [
      weight('wz', [32, 4, 3, 3], 7),
      weight('wr', [32, 32, 3, 3], 8),
      weight('wa', [32, 32, 3, 3], 2),
      weight('wb', [16, 32, 3, 3], 3),
      weight('offset', [1, 16, 8, 8], 4),
    ],
  });
  if (domain !== '') model.setOpset(domain, 1);
  return model;
}

async function quantized(
  model: Model,
  place: { directory: string },
  method: Parameters<typeof defaultQuantize>[0],
) {
  const [file, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'q.onnx')];
  writeModel(model, file);
  const result = await quantizeVerified({
    model: file,
    out,
    options: { ...defaultQuantize(method), ...(method === 'int8-static' ? { include: ['*'] } : {}) },
    target: 'cpu',
    calibration: dataset(samplesOf([1, 4, 8, 8])),
    context: { runtime, log: SILENT, threads: 1 },
    verify: true,
    repair: true,
  });
  return { result, file, out };
}

const METHODS = ['int8-static', 'int8-dynamic', 'int8-weights', 'int4-weights', 'float16'] as const;

describe.each(['TRT', ''])(
  'a model with an operator that ONNX Runtime does not know (domain %j)',
  (domain) => {
    it.each(METHODS)(
      '%s: what is before it is quantized and checked, it and what depends on it stay',
      async (method) => {
        using place = scratch();
        const { result, file, out } = await quantized(withPlugin(domain), place, method);
        expect(result.groups.quantized).toBeGreaterThan(0);
        expect(result.verification).toMatchObject({
          state: 'partly',
          reason: expect.stringContaining("ONNX Runtime doesn't know EfficientNMS_TRT"),
          levels: ['disabled', 'basic', 'extended', 'all'],
          samples: 8,
        });
        expect(result.verification.sqnr).toBeGreaterThan(25);
        expect(result.notes.map(({ code }) => code)).toContain('quantize.not-fully-verified');
        expect(readFileSync(out).length).toBeLessThan(readFileSync(file).length);
        const [before, after] = [readModel(file), readModel(out)];
        const tail = after.graph.nodes.slice(-4);
        expect(tail.map(({ opType, input }) => [opType, input[0]])).toEqual([
          ['EfficientNMS_TRT', 'k'],
          ['Add', 'p'],
          ['Neg', 'q'],
          ['Neg', 'wa_scale'],
        ]);
        expect(tail[0]!.attribute).toHaveLength(1);
        expect(after.graph.outputs.map(({ name }) => name)).toEqual(
          before.graph.outputs.map(({ name }) => name),
        );
        expect(after.opset(domain)).toBe(before.opset(domain));
        const names = after.graph.nodes.map(({ name }) => name).filter((name) => name !== '');
        expect(new Set(names).size).toBe(names.length);
        // What is before the plugin, run: both files up to it.
        const [feeds] = samplesOf([1, 4, 8, 8]);
        const outputs = [before, after].map((model, index) => {
          const { front } = cutBefore(model, pluginNodes(model));
          const path = join(place.directory, `${index}.onnx`);
          writeModel(front, path);
          return run(path, feeds!);
        });
        const [a, b] = await Promise.all(outputs);
        for (const name of ['h', 'k'])
          expect(sqnr(a![name]!.data as Float32Array, b![name]!.data as Float32Array)).toBeGreaterThan(25);
      },
    );
  },
);

describe('pluginNodes', () => {
  it('takes no operator that ONNX Runtime knows', () => {
    const known = smallModel({
      nodes: [
        makeNode('Relu', ['x'], ['a']),
        makeNode('Gelu', ['a'], ['b'], { domain: 'com.microsoft' }),
        makeNode('Normalizer', ['b'], ['c'], { domain: 'ai.onnx.ml' }),
        makeNode('ImageScaler', ['c'], ['d']),
        // As onnxruntime-genai's model builder writes it.
        makeNode('SimplifiedLayerNormalization', ['d', 'd'], ['y']),
      ],
    });
    expect(pluginNodes(known)).toEqual([]);
  });

  it('takes a node whose body holds one', () => {
    const inner = smallModel({
      nodes: [makeNode('Mystery', ['x'], ['z'], { domain: 'mine' })],
      outputs: [makeValue('z')],
    });
    const model = smallModel({
      inputs: [floatValue('x', [1]), makeValue('flag', DataType.BOOL, [])],
      nodes: [
        makeNode('If', ['flag'], ['y'], {
          name: 'choice',
          attributes: {
            then_branch: { graph: inner.graph.commit() },
            else_branch: { graph: inner.graph.commit() },
          },
        }),
      ],
    });
    expect(pluginNodes(model).map(({ name }) => name)).toEqual(['choice']);
  });
});
