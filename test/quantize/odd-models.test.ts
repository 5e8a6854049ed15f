/** Models and data that are valid and unusual: every method gives a file that loads and computes nearly the same, or keeps float. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { QuantizeConfig } from '../../src/config/config.js';
import { defaultQuantize } from '../../src/config/defaults.js';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { quantizeModel } from '../../src/quantize/quantize.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { outsideBodyBytes } from '../onnx/outside-body.js';
import {
  conv,
  dataset,
  floats,
  floatValue,
  int64s,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from './small-models.js';

const KERNELS = [weight('w', [8, 4, 3, 3]), weight('v', [8, 8, 3, 3], 2)];
const LEVELS = ['disabled', 'basic', 'extended', 'all'] as const;

async function quantized(
  model: Model,
  options: Pick<Partial<QuantizeConfig>, 'method' | 'preset' | 'include' | 'exclude'> & {
    samples?: Feeds[];
    target?: 'tensorrt';
  },
) {
  using place = scratch();
  const samples = options.samples ?? samplesOf([1, 4, 8, 8], 4);
  const { result, float, file } = await quantizeSmall(model, place, { ...options, samples });
  for (const graphOptimizationLevel of LEVELS) {
    await (await runtime.open(file, { graphOptimizationLevel })).release();
  }
  const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
  return { ...result, fidelity: sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array) };
}

const METHODS = ['int8-static', 'int8-dynamic', 'float16', 'int8-weights', 'int4-weights'] as const;

describe('data in the shape that the model fixes', () => {
  it.each(METHODS)('%s takes a batch that comes as one sample', async (method) => {
    const model = smallModel({
      inputs: [floatValue('x', [2, 4, 8, 8])],
      nodes: [
        conv('x', 'a', { weight: 'w' }),
        makeNode('Relu', ['a'], ['r']),
        conv('r', 'y', { weight: 'v' }),
      ],
      initializers: KERNELS,
    });
    const { fidelity, notes } = await quantized(model, { method, samples: samplesOf([2, 4, 8, 8], 3) });
    expect(fidelity).toBeGreaterThan(30);
    expect(notes.map(({ code }) => code)).not.toContain('quantize.ranges-unseen');
  });

  it('takes a first axis that is no batch, and still stacks single samples', async () => {
    const model = () =>
      smallModel({
        inputs: [floatValue('x', [5, 16])],
        nodes: [
          makeNode('Gemm', ['x', 'w', 'b'], ['h']),
          makeNode('Relu', ['h'], ['r']),
          makeNode('MatMul', ['r', 'v'], ['y']),
        ],
        initializers: [weight('w', [16, 160]), weight('b', [160], 2), weight('v', [160, 128], 3)],
      });
    const whole = await quantized(model(), { samples: samplesOf([5, 16], 3) });
    expect(whole.groups.quantized).toBeGreaterThan(0);
    expect(whole.fidelity).toBeGreaterThan(30);
  });
});

describe('a model that holds float16 already', () => {
  it.each(METHODS)('%s gives a file that loads', async (method) => {
    const model = smallModel({
      nodes: [
        makeNode('Cast', ['x'], ['h'], { attributes: { to: { int: DataType.FLOAT16 } } }),
        makeNode('Conv', ['h', 'half'], ['a'], { name: 'a' }),
        makeNode('Cast', ['a'], ['f'], { attributes: { to: { int: DataType.FLOAT } } }),
        conv('f', 'y', { weight: 'v' }),
      ],
      initializers: [
        makeTensor(
          'half',
          DataType.FLOAT16,
          [8, 4, 3, 3],
          Uint16Array.from({ length: 288 }, (_, i) => 0x3000 + i),
        ),
        KERNELS[1]!,
      ],
    });
    expect((await quantized(model, { method, include: null })).fidelity).toBeGreaterThan(30);
  });
});

describe("operators of the domain 'ai.onnx'", () => {
  const spelled = (domain: string) =>
    smallModel({
      nodes: [
        makeNode('Conv', ['x', 'w'], ['a'], { name: 'a', domain }),
        makeNode('Relu', ['a'], ['r'], { name: 'r', domain }),
        makeNode('Conv', ['r', 'v'], ['y'], { name: 'b', domain }),
      ],
      initializers: KERNELS,
    });

  it.each([
    ...METHODS.map((method) => ({ method })),
    { preset: 'onnxruntime' as const },
    { preset: 'tensorrt' as const, target: 'tensorrt' as const },
  ])('are those of the domain without a name: %o', async (options) => {
    const [full, short] = [
      await quantized(spelled('ai.onnx'), options),
      await quantized(spelled(''), options),
    ];
    expect(full.decisions).toEqual(short.decisions);
    expect(full.fidelity).toBe(short.fidelity);
  });
});

describe('a pruned layer: weights near zero beside real biases', () => {
  it('keeps its biases in the preset tensorrt, where ONNX Runtime makes integers of them', async () => {
    const model = smallModel({
      nodes: [
        conv('x', 'a', { weight: 'pruned', bias: 'b' }),
        makeNode('Relu', ['a'], ['r']),
        conv('r', 'y', { weight: 'v' }),
      ],
      initializers: [
        makeTensor('pruned', DataType.FLOAT, [8, 4, 3, 3], floats(288, 2, 1e-30)),
        makeTensor('b', DataType.FLOAT, [8], floats(8, 3, 1e3)),
        KERNELS[1]!,
      ],
    });
    const { fidelity } = await quantized(model, { preset: 'tensorrt', target: 'tensorrt', include: null });
    expect(fidelity).toBeGreaterThan(30);
  });
});

describe('patterns', () => {
  const model = () =>
    smallModel({
      nodes: [conv('x', 'stem', { weight: 'w' }), makeNode('Relu', ['stem'], ['y'], { name: 'act' })],
      initializers: KERNELS,
    });

  it.each(METHODS)(
    '%s: only those that name no operator of the model are called mistakes',
    async (method) => {
      const { notes } = await quantized(model(), {
        method,
        include: null,
        exclude: ['stem', 'act', 'Conv', 'stemm'],
      });
      expect(
        notes.filter(({ code }) => code === 'quantize.unmatched-pattern').map(({ message }) => message),
      ).toEqual(["No operator is called 'stemm'."]);
    },
  );
});

describe('a weight of an If’s body that lies in external data', () => {
  it.each(METHODS)('%s takes it along', async (method) => {
    using place = scratch();
    using elsewhere = scratch();
    const model = `${place.directory}/m.onnx`;
    writeFileSync(model, outsideBodyBytes('w.bin'));
    writeFileSync(`${place.directory}/w.bin`, Buffer.from(Float32Array.of(1, 2).buffer));
    const feeds: Feeds = {
      cond: { type: 'bool', dims: [], data: Uint8Array.of(1) },
      x: { type: 'float32', dims: [2], data: Float32Array.of(10, 20) },
    };
    const out = `${elsewhere.directory}/q.onnx`;
    const calibration = dataset([feeds]);
    const options = defaultQuantize(method);
    await quantizeModel({
      model,
      out,
      options,
      target: 'cpu',
      calibration,
      context: { runtime, log: SILENT },
      verify: true,
    });
    expect((await run(out, feeds)).y!.data).toEqual(Float32Array.of(11, 22));
  });
});

describe('values that are not finite', () => {
  it('keep what only hands them on in float, too', async () => {
    // A root of negative numbers, turned and reshaped before a convolution reads it.
    const model = smallModel({
      nodes: [
        makeNode('Pow', ['x', 'half'], ['root']),
        makeNode('Transpose', ['root'], ['turned'], {
          name: 'turned',
          attributes: { perm: { ints: [0, 2, 3, 1] } },
        }),
        makeNode('Reshape', ['turned', 'image'], ['image_'], { name: 'reshaped' }),
        conv('image_', 'c', { weight: 'w' }),
        makeNode('Exp', ['c'], ['y']),
      ],
      initializers: [
        makeTensor('half', DataType.FLOAT, [], Float32Array.of(0.5)),
        int64s('image', [1, 4, 8, 8]),
        KERNELS[0]!,
      ],
    });
    const { decisions } = await quantized(model, { method: 'int8-static', include: ['*'] });
    const reason = 'its values are not finite on the calibration data';
    for (const node of ['turned', 'reshaped', 'c'])
      expect(decisions).toContainEqual(expect.objectContaining({ node, became: 'float', reason }));
  });
});
