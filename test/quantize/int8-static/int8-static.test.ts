/** What int8-static leaves alone, what it refuses, and that everything it writes is valid and safe. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { FunctionProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeModel, makeNode } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import {
  conv,
  DEFAULTS,
  floats,
  floatValue,
  nearness,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const convolutions = () =>
  smallModel({
    outputs: [floatValue('y', [1, 5])],
    nodes: [
      conv('x', 'a', { weight: 'wa', bias: 'ba' }),
      makeNode('Relu', ['a'], ['r'], { name: 'r' }),
      conv('r', 'b', { weight: 'wb' }),
      makeNode('Add', ['r', 'b'], ['s'], { name: 's' }),
      makeNode('GlobalAveragePool', ['s'], ['g'], { name: 'g' }),
      makeNode('Flatten', ['g'], ['f'], { name: 'f' }),
      makeNode('Gemm', ['f', 'wc', 'bc'], ['y'], { name: 'y', attributes: { transB: { int: 1 } } }),
    ],
    initializers: [
      weight('wa', [8, 4, 3, 3], 2),
      weight('ba', [8], 3),
      weight('wb', [8, 8, 3, 3], 4),
      weight('wc', [5, 8], 5),
      weight('bc', [5], 6),
    ],
  });

const becameOf = (result: { decisions: { node: string; became: string }[] }): Record<string, string> =>
  Object.fromEntries(result.decisions.map(({ node, became }) => [node, became]));

describe('int8-static', () => {
  it('writes a file that loads at every optimization level and agrees with the float model', async () => {
    using place = scratch();
    const { file, float, result } = await quantizeSmall(convolutions(), place);
    expect(becameOf(result)).toEqual({
      a: 'QLinearConv',
      r: 'part of QLinearConv',
      b: 'QLinearConv',
      s: 'QLinearAdd',
      g: 'QLinearGlobalAveragePool',
      f: 'Flatten',
      y: 'QGemm',
    });
    const [feeds] = samplesOf([1, 4, 8, 8]);
    const expected = (await run(float, feeds!)).y!.data as Float32Array;
    for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const) {
      const session = await runtime.open(file, { graphOptimizationLevel });
      const got = (await session.run(feeds!)).y!.data as Float32Array;
      await session.release();
      expect(sqnr(expected, got)).toBeGreaterThan(25);
    }
  });

  it('writes standard Q/DQ, not the runtime’s own, where the opset has them', async () => {
    using place = scratch();
    const { file } = await quantizeSmall(convolutions(), place);
    const { graph, proto } = readModel(file);
    const linear = graph.nodes.filter(({ opType }) => /quantizeLinear$/i.test(opType));
    expect([...new Set(linear.map(({ domain }) => domain))]).toEqual(['']);
    expect(proto.opsetImport.map(({ domain }) => domain)).toEqual(['']);
  });

  it('computes what its own Q/DQ graph says, within one quantum, when the runtime fuses it', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [conv('x', 'a', { weight: 'wa', bias: 'ba' }), makeNode('Neg', ['a'], ['y'])],
      initializers: [weight('wa', [8, 4, 3, 3], 2), weight('ba', [8], 3)],
    });
    const { file } = await quantizeSmall(model, place);
    const { graph } = readModel(file);
    const scale = Number(graph.constantValues('a_scale')![0]);
    for (const feeds of samplesOf([1, 4, 8, 8], 4)) {
      const results: Float32Array[] = [];
      for (const graphOptimizationLevel of ['disabled', 'all'] as const) {
        const session = await runtime.open(file, { graphOptimizationLevel });
        results.push((await session.run(feeds)).y!.data as Float32Array);
        await session.release();
      }
      const [reference, fused] = results as [Float32Array, Float32Array];
      reference.forEach((value, i) => {
        expect(Math.abs(value - fused[i]!)).toBeLessThanOrEqual(scale * 1.001);
      });
    }
  });

  it('keeps float what reads or writes the outputs of the model, and the outputs themselves', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [conv('x', 'a', { weight: 'wa' }), conv('a', 'y', { weight: 'wb' })],
      initializers: [weight('wa', [8, 4, 3, 3], 2), weight('wb', [8, 8, 3, 3], 4)],
    });
    const { result, file } = await quantizeSmall(model, place);
    expect(result.decisions.find(({ node }) => node === 'y')).toMatchObject({
      became: 'float',
      reason: expect.stringContaining('output'),
    });
    const session = await runtime.open(file);
    expect(session.outputs.map(({ name, type }) => [name, type])).toEqual([['y', 'float32']]);
    await session.release();
  });

  it('leaves the path of a scale factor alone, and the boxes that are multiplied by it', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 4, 8, 8]), floatValue('scale_factor', [1, 1])],
      nodes: [
        conv('x', 'a', { weight: 'wa' }),
        makeNode('Mul', ['scale_factor', 'scale_factor'], ['area'], { name: 'area' }),
        makeNode('Mul', ['a', 'area'], ['boxes'], { name: 'boxes' }),
        makeNode('Neg', ['boxes'], ['y']),
      ],
      initializers: [weight('wa', [8, 4, 3, 3], 2)],
    });
    const samples = samplesOf([1, 4, 8, 8]).map(
      (feeds): Feeds => ({
        ...feeds,
        scale_factor: { type: 'float32', dims: [1, 1], data: Float32Array.of(640) },
      }),
    );
    const { result } = await quantizeSmall(model, place, { samples });
    expect(becameOf(result)).toMatchObject({ a: 'QLinearConv', area: 'float', boxes: 'float' });
  });

  it('does not join boxes and scores under one scale', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [
        conv('x', 'boxes', { weight: 'wa' }),
        conv('x', 'scores', { weight: 'wb' }),
        makeNode('Concat', ['boxes', 'scores'], ['y'], { name: 'head', attributes: { axis: { int: 1 } } }),
      ],
      initializers: [weight('wa', [8, 4, 3, 3], 2), weight('wb', [8, 4, 3, 3], 4)],
    });
    const { result } = await quantizeSmall(model, place);
    expect(becameOf(result).head).toBe('float');
  });

  it('keeps float what it takes no profit from, and copies a model where nothing pays', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [makeNode('Sigmoid', ['x'], ['a'], { name: 'a' }), makeNode('Neg', ['a'], ['y'])],
    });
    const { result, file } = await quantizeSmall(model, place, { include: null });
    expect(result.groups.quantized).toBe(0);
    expect(result.notes).toContainEqual(
      expect.objectContaining({ code: 'quantize.nothing-pays', level: 'warn' }),
    );
    expect(readModel(file).graph.nodes.map(({ opType }) => opType)).toEqual(['Sigmoid', 'Neg']);
  });

  it('quantizes one weight for two operators, and a bias for each of them', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [1, 8, 8, 8])],
      nodes: [
        conv('x', 'a', { weight: 'w', bias: 'c' }),
        conv('a', 'b', { weight: 'w', bias: 'c' }),
        makeNode('Neg', ['b'], ['y']),
      ],
      initializers: [weight('w', [8, 8, 3, 3], 2), weight('c', [8], 3)],
    });
    const samples = samplesOf([1, 8, 8, 8]);
    const { float, file, result } = await quantizeSmall(model, place, { samples });
    expect(becameOf(result)).toMatchObject({ a: 'QLinearConv', b: 'QLinearConv' });
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(25);
    const large = [...readModel(file).graph.initializers.values()].filter(
      (tensor) => tensor.rawData.length === 576,
    );
    expect(large).toHaveLength(1);
  });

  it('takes weights from Constant nodes, and leaves subgraphs and unknown domains alone', async () => {
    using place = scratch();
    const branch = (opType: string) =>
      makeModel({
        inputs: [],
        outputs: [floatValue('chosen', [1, 8, 8, 8])],
        nodes: [makeNode(opType, ['a'], ['chosen'])],
      }).graph.commit();
    const model = smallModel({
      nodes: [
        makeNode('Constant', [], ['w'], { attributes: { value: { tensor: weight('', [8, 4, 3, 3], 2) } } }),
        conv('x', 'a', { weight: 'w' }),
        makeNode('ReduceSum', ['x'], ['sum'], { attributes: { keepdims: { int: 0 } } }),
        makeNode('Greater', ['sum', 'zero'], ['positive']),
        makeNode('If', ['positive'], ['y'], {
          name: 'if',
          attributes: { then_branch: { graph: branch('Relu') }, else_branch: { graph: branch('Neg') } },
        }),
      ],
      initializers: [makeTensor('zero', DataType.FLOAT, [], Float32Array.of(0))],
    });
    const { float, file, result } = await quantizeSmall(model, place);
    expect(becameOf(result)).toMatchObject({ a: 'QLinearConv', if: 'float' });
    const [feeds] = samplesOf([1, 4, 8, 8]);
    expect(await nearness({ float, file }, feeds!)).toBeGreaterThan(30);
  });

  it('quantizes a model that defines functions', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [
        conv('x', 'a', { weight: 'w' }),
        makeNode('Twice', ['a'], ['t'], { name: 'twice', domain: 'local' }),
        makeNode('Neg', ['t'], ['y']),
      ],
      initializers: [weight('w', [8, 4, 3, 3], 2)],
    });
    model.setOpset('local', 1);
    model.proto.functions.push(
      create(FunctionProtoSchema, {
        name: 'Twice',
        domain: 'local',
        input: ['v'],
        output: ['d'],
        node: [makeNode('Add', ['v', 'v'], ['d'])],
        opsetImport: model.proto.opsetImport.filter(({ domain }) => domain === ''),
      }),
    );
    const { float, file } = await quantizeSmall(model, place);
    const [feeds] = samplesOf([1, 4, 8, 8]);
    expect(await nearness({ float, file }, feeds!)).toBeGreaterThan(28);
  });

  it('keeps a channel with almost no weight and a large bias from overflowing', async () => {
    using place = scratch();
    const w = weight('w', [8, 4, 3, 3], 2);
    const values = floats(8 * 36, 2, 0.5);
    values.fill(1e-12, 0, 36);
    const model = smallModel({
      nodes: [conv('x', 'a', { weight: 'w', bias: 'c' }), makeNode('Neg', ['a'], ['y'])],
      initializers: [makeTensor('w', DataType.FLOAT, w.dims.map(Number), values), weight('c', [8], 3)],
    });
    const { float, file } = await quantizeSmall(model, place);
    const [feeds] = samplesOf([1, 4, 8, 8]);
    const [expected, got] = [await run(float, feeds!), await run(file, feeds!)];
    const channel = (outputs: Feeds) => (outputs.y!.data as Float32Array).subarray(0, 64);
    expect(sqnr(channel(expected), channel(got))).toBeGreaterThan(25);
  });

  it('raises opset 9, and quantizes at opset 11 with Q/DQ of com.microsoft where it cannot be raised', async () => {
    for (const opset of [9, 11]) {
      using place = scratch();
      const model = smallModel({
        nodes: [conv('x', 'a', { weight: 'w' }), makeNode('Neg', ['a'], ['y'])],
        initializers: [weight('w', [8, 4, 3, 3], 2)],
        opset,
      });
      const { result, file } = await quantizeSmall(model, place);
      expect(becameOf(result).a).toBe('QLinearConv');
      expect(readModel(file).opset()).toBe(13);
    }
  });

  it('includes, excludes and overrides by operator type, node name and pattern', async () => {
    const quantized = async (options: object): Promise<string[]> => {
      using place = scratch();
      const { result } = await quantizeSmall(convolutions(), place, options);
      return result.decisions.filter(({ became }) => became.startsWith('Q')).map(({ node }) => node);
    };
    expect(await quantized({ include: ['Conv'] })).toEqual(['a', 'b']);
    expect(await quantized({ exclude: ['b', 'G*'] })).toEqual(['a', 's']);
    expect(await quantized({ overrides: { 'a*': { activation: 'float32' } } })).toEqual(['b', 's', 'g', 'y']);
  });

  it('says which pattern named nothing', async () => {
    using place = scratch();
    const { result } = await quantizeSmall(convolutions(), place, { exclude: ['/head/*'] });
    expect(result.notes).toContainEqual(
      expect.objectContaining({
        code: 'quantize.unmatched-pattern',
        message: expect.stringContaining("'/head/*'"),
      }),
    );
  });

  it('refuses to work without calibration data', async () => {
    using place = scratch();
    const float = join(place.directory, 'm.onnx');
    writeModel(convolutions(), float);
    await expect(
      quantizeModel({
        model: float,
        out: join(place.directory, 'out.onnx'),
        options: DEFAULTS,
        target: 'cpu',
        calibration: null,
        context: { runtime, log: SILENT },
        verify: true,
      }),
    ).rejects.toThrow(/needs calibration data/);
  });

  it('stacks single samples for a model with a fixed batch', async () => {
    using place = scratch();
    const model = smallModel({
      inputs: [floatValue('x', [4, 4, 8, 8])],
      nodes: [conv('x', 'a', { weight: 'w' }), makeNode('Neg', ['a'], ['y'])],
      initializers: [weight('w', [8, 4, 3, 3], 2)],
    });
    const { result } = await quantizeSmall(model, place, { samples: samplesOf([1, 4, 8, 8], 6) });
    expect(becameOf(result).a).toBe('QLinearConv');
  });
});

describe('presets', () => {
  it('tensorrt: int8 with zero-point 0 on the inputs of weighted operators and one residual branch, float bias', async () => {
    using place = scratch();
    const { file } = await quantizeSmall(convolutions(), place, { preset: 'tensorrt', include: null });
    const { graph } = readModel(file);
    const sources = (opType: string) =>
      graph.nodes
        .filter((node) => node.opType === opType)
        .map((node) => node.input.map((name) => graph.producer(name)?.opType ?? 'none'));
    expect(sources('Conv')).toEqual([
      ['DequantizeLinear', 'DequantizeLinear', 'none'],
      ['DequantizeLinear', 'DequantizeLinear'],
    ]);
    // The branch that is not the convolution's.
    expect(sources('Add')).toEqual([['DequantizeLinear', 'Conv']]);
    expect(sources('GlobalAveragePool')).toEqual([['Add']]);
    for (const node of graph.nodes.filter(({ opType }) => opType === 'DequantizeLinear')) {
      expect(graph.constant(node.input[2]!)!.dataType).toBe(DataType.INT8);
      expect([...graph.constantValues(node.input[2]!)!].every((zero) => Number(zero) === 0)).toBe(true);
    }
  });

  it('torch: moving average, affine uint8 activations, int8 weights over −128 … 127', async () => {
    using place = scratch();
    const { file } = await quantizeSmall(convolutions(), place, { preset: 'torch', include: null });
    const { graph } = readModel(file);
    const original = convolutions().graph.constantValues('wb') as Float32Array;
    const channel = original.subarray(0, 72);
    const scale = Number(graph.constantValues('wb_scale')![0]);
    expect(scale).toBeCloseTo(Math.max(...channel.map(Math.abs)) / 127.5, 8);
    expect(graph.constant('x_zero_point')!.dataType).toBe(DataType.UINT8);
  });
});

const python = process.env.QUANTGATE_PYTHON ?? 'python3';
const checkers = [python].filter(
  (command) => spawnSync(command, ['-c', 'import onnx'], { stdio: 'ignore' }).status === 0,
);

describe('validity', () => {
  it.skipIf(checkers.length === 0)(
    'onnx.checker accepts what is written (needs Python with onnx)',
    async () => {
      using place = scratch();
      for (const options of [{}, { preset: 'tensorrt' as const, include: null }, { perChannel: false }]) {
        const { file } = await quantizeSmall(convolutions(), place, options);
        execFileSync(checkers[0]!, [
          '-c',
          'import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)',
          file,
        ]);
      }
    },
  );
});

const qemu = ['/usr/bin/qemu-x86_64-static', '/usr/local/bin/qemu-x86_64-static'].find(existsSync);
const emulates = process.arch === 'x64' && process.platform === 'linux' && qemu !== undefined;

/** Runs a model in a process of its own, natively or on an emulated CPU without VNNI; gives the bytes of output y in hex. */
function runElsewhere(file: string, inputFile: string, emulator: string[]): string {
  const script = `
    const ort = require(${JSON.stringify(runtime.directory)});
    const { readFileSync } = require('node:fs');
    (async () => {
      const bytes = readFileSync(process.argv[2]);
      const session = await ort.InferenceSession.create(process.argv[1], { intraOpNumThreads: 1 });
      const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      const { y } = await session.run({ x: new ort.Tensor('float32', data, [1, data.length / 64, 8, 8]) });
      process.stdout.write(Buffer.from(y.data.buffer, y.data.byteOffset, y.data.byteLength).toString('hex'));
    })();`;
  const [command, ...before] = [...emulator, process.execPath];
  return execFileSync(command!, [...before, '-e', script, file, inputFile], {
    encoding: 'utf8',
    timeout: 50_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

describe('saturation-safe weights', () => {
  // A photograph's three channels are padded to four before the kernel pairs them.
  it.skipIf(!emulates).each([16, 3])(
    'give the same bits on a CPU without VNNI, where full-range weights do not: %i channels (needs qemu-x86_64-static)',
    async (channels) => {
      using place = scratch();
      // Weights and activations at their extremes: the worst case for 16-bit sums.
      const extreme = (name: string, dims: number[], seed: number) => {
        const next = floats(
          dims.reduce((a, b) => a * b),
          seed,
        );
        return makeTensor(
          name,
          DataType.FLOAT,
          dims,
          next.map((value) => Math.sign(value) * (0.9 + 0.1 * Math.abs(value))),
        );
      };
      const model = smallModel({
        inputs: [floatValue('x', [1, channels, 8, 8])],
        nodes: [
          makeNode('Conv', ['x', 'w3'], ['a'], { name: 'a', attributes: { pads: { ints: [1, 1, 1, 1] } } }),
          makeNode('Relu', ['a'], ['r']),
          makeNode('Conv', ['r', 'w1'], ['b'], { name: 'b' }),
          makeNode('Flatten', ['b'], ['f']),
          makeNode('MatMul', ['f', 'wm'], ['y'], { name: 'm' }),
        ],
        initializers: [
          extreme('w3', [16, channels, 3, 3], 2),
          extreme('w1', [16, 16, 1, 1], 3),
          extreme('wm', [1024, 10], 4),
        ],
      });
      const samples: Feeds[] = Array.from({ length: 3 }, (_, i) => ({
        x: {
          type: 'float32',
          dims: [1, channels, 8, 8],
          data: floats(channels * 64, i + 1).map((value) => Math.abs(value) ** 0.2),
        },
      }));
      const inputFile = join(place.directory, 'input.bin');
      const { writeFileSync } = await import('node:fs');
      writeFileSync(inputFile, Buffer.from((samples[0]!.x!.data as Float32Array).buffer));
      const same: Record<string, boolean> = {};
      for (const saturationSafe of [true, false]) {
        const { file } = await quantizeSmall(model, place, { samples, saturationSafe });
        const native = runElsewhere(file, inputFile, []);
        const emulated = runElsewhere(file, inputFile, [qemu!, '-cpu', 'EPYC-Milan']);
        expect(native.length).toBe(10 * 8);
        same[String(saturationSafe)] = native === emulated;
      }
      expect(same).toEqual({ true: true, false: hasVnni() ? false : expect.any(Boolean) });
    },
    60_000,
  );
});

function hasVnni(): boolean {
  return /avx512_vnni|avx_vnni/.test(readFileSync('/proc/cpuinfo', 'utf8'));
}

describe('what stays float in int8-static', () => {
  const upscaled = () =>
    smallModel({
      inputs: [floatValue('x', [1, 16, 8, 8])],
      nodes: [
        makeNode('ConvTranspose', ['x', 'w'], ['up'], {
          name: 'up',
          attributes: { strides: { ints: [2, 2] } },
        }),
        makeNode('Tanh', ['up'], ['y'], { name: 'tanh' }),
      ],
      initializers: [weight('w', [16, 32, 2, 2], 3)],
    });

  it('has its weights stored in 8 bits: a ConvTranspose', async () => {
    using place = scratch();
    const samples = samplesOf([1, 16, 8, 8]);
    const { result, float, file } = await quantizeSmall(upscaled(), place, { include: null, samples });
    expect(becameOf(result)).toEqual({ up: 'int8 weights, folded', tanh: 'float' });
    expect(result.groups).toEqual({ quantized: 1, float: 1 });
    expect(result.notes.map(({ code }) => code)).toEqual(['quantize.only-weights']);
    expect(await nearness({ float, file }, samples[0]!)).toBeGreaterThan(35);
  });

  it('keeps weights in float32 that bear no rounding', async () => {
    using place = scratch();
    // What is left of the products is a difference that 8 bits can't hold.
    const model = smallModel({
      inputs: [floatValue('x', [1, 64])],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['a'], { name: 'product' }),
        makeNode('MatMul', ['x', 'v'], ['b'], { name: 'other' }),
        makeNode('Sub', ['a', 'b'], ['y'], { name: 'difference' }),
      ],
      initializers: [weight('w', [64, 64], 3), weight('v', [64, 64], 3)],
    });
    const close = model.graph.initializers.get('v')!;
    const values = new Float32Array(close.rawData.buffer, close.rawData.byteOffset, close.rawData.length / 4);
    for (let i = 0; i < values.length; i += 7) values[i] = values[i]! * 1.0001;
    const { result } = await quantizeSmall(model, place, { include: null, samples: samplesOf([1, 64]) });
    expect(result.groups.quantized).toBe(0);
  });

  it('is left alone where `include` lists what is quantized', async () => {
    using place = scratch();
    const samples = samplesOf([1, 16, 8, 8]);
    const { result } = await quantizeSmall(upscaled(), place, { include: ['Conv'], samples });
    expect(result.groups.quantized).toBe(0);
  });
});
