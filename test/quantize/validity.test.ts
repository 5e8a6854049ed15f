/** What an independent judge says of the files: Python's onnx.checker, and a CPU without VNNI. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Method } from '../../src/config/choices.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import {
  conv,
  floats,
  floatValue,
  quantizeSmall,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from './small-models.js';

const python = process.env.QUANTGATE_PYTHON ?? 'python3';
const hasChecker = spawnSync(python, ['-c', 'import onnx'], { stdio: 'ignore' }).status === 0;

/** A table, a large and a small product, and a convolution. */
const everything = (opset: number) =>
  smallModel({
    opset,
    inputs: [floatValue('x', [1, 4, 8, 8]), makeValue('ids', DataType.INT64, ['n'])],
    nodes: [
      conv('x', 'c', { weight: 'k' }),
      makeNode('Flatten', ['c'], ['flat']),
      makeNode('Gemm', ['flat', 'w1', 'b1'], ['h'], { name: 'gemm', attributes: { alpha: { float: 0.5 } } }),
      makeNode('Gather', ['table', 'ids'], ['rows'], { name: 'lookup' }),
      makeNode('MatMul', ['rows', 'w2'], ['m'], { name: 'product' }),
      makeNode('Add', ['h', 'm'], ['s']),
      makeNode('MatMul', ['s', 'w3'], ['y'], { name: 'small' }),
    ],
    outputs: [floatValue('y', ['n', 8])],
    initializers: [
      weight('k', [8, 4, 3, 3]),
      weight('w1', [512, 128]),
      weight('b1', [128]),
      weight('table', [1000, 160]),
      weight('w2', [160, 128]),
      weight('w3', [128, 8]),
    ],
  });

const samples = samplesOf([1, 4, 8, 8], 2).map((feeds) => ({
  ...feeds,
  ids: { type: 'int64' as const, dims: [3], data: BigInt64Array.of(0n, 7n, 999n) },
}));

const METHODS: Method[] = ['int8-dynamic', 'float16', 'int8-weights', 'int4-weights'];

describe('validity', () => {
  for (const opset of [7, 17]) {
    it.skipIf(!hasChecker).each(METHODS)(
      `onnx.checker accepts %s at opset ${opset} (needs Python with onnx)`,
      async (method) => {
        using place = scratch();
        const { file } = await quantizeSmall(everything(opset), place, { method, include: null, samples });
        const script = 'import onnx, sys; onnx.checker.check_model(sys.argv[1], full_check=True)';
        expect(() => execFileSync(python, ['-c', script, file], { stdio: 'pipe' })).not.toThrow();
      },
    );
  }

  it.each(METHODS)('%s says what became of every kind of operator', async (method) => {
    using place = scratch();
    const { result } = await quantizeSmall(everything(17), place, {
      method,
      ...(method === 'int8-dynamic' ? { include: ['*'], exclude: ['small'] } : { include: null }),
      samples,
    });
    const became = Object.fromEntries(result.decisions.map((decision) => [decision.node, decision.became]));
    expect(became).toMatchObject(
      {
        'int8-dynamic': {
          gemm: 'DynamicQuantizeMatMul',
          product: 'DynamicQuantizeMatMul',
          lookup: 'int8 table',
          c: 'float',
          small: 'float',
        },
        float16: { gemm: 'float16', product: 'float16', lookup: 'float16', c: 'float16', small: 'float16' },
        'int8-weights': {
          gemm: 'MatMulNBits',
          product: 'MatMulNBits',
          lookup: 'int8 table',
          small: 'int8 weights, folded',
        },
        'int4-weights': {
          gemm: 'MatMulNBits',
          product: 'MatMulNBits',
          lookup: 'GatherBlockQuantized',
          small: 'int8 weights, folded',
        },
      }[method as 'float16'],
    );
  });
});

describe('weights that hold NaN', () => {
  it.each(['int8-dynamic', 'int8-weights', 'int4-weights'] as const)('stay float32 in %s', async (method) => {
    using place = scratch();
    const broken = weight('w', [256, 128]);
    new Float32Array(broken.rawData.buffer, broken.rawData.byteOffset, 1)[0] = Number.NaN;
    const model = smallModel({
      inputs: [floatValue('x', [4, 256])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
      initializers: [broken],
    });
    const { result } = await quantizeSmall(model, place, {
      method,
      include: null,
      samples: samplesOf([4, 256]),
    });
    expect(result.decisions).toMatchObject([
      { node: 'product', became: 'float', reason: 'its weights hold NaN or infinity' },
    ]);
  });

  it('stay float32 in int8-static, and with its presets, where what follows makes numbers of them', async () => {
    const broken = weight('w', [256, 128]);
    new Float32Array(broken.rawData.buffer, broken.rawData.byteOffset, 1)[0] = Number.POSITIVE_INFINITY;
    const model = smallModel({
      inputs: [floatValue('x', [4, 256])],
      nodes: [
        makeNode('MatMul', ['x', 'w'], ['a'], { name: 'product' }),
        makeNode('Tanh', ['a'], ['t']),
        makeNode('MatMul', ['t', 'v'], ['y'], { name: 'whole' }),
      ],
      initializers: [broken, weight('v', [128, 64])],
    });
    for (const preset of [null, 'torch'] as const) {
      using place = scratch();
      const { result } = await quantizeSmall(model, place, { preset, samples: samplesOf([4, 256]) });
      const became = Object.fromEntries(result.decisions.map((each) => [each.node, each.became]));
      expect(became).toMatchObject({ product: 'float', whole: 'MatMulIntegerToFloat' });
    }
    using place = scratch();
    const like = { preset: 'onnxruntime', samples: samplesOf([4, 256]) } as const;
    await expect(quantizeSmall(model, place, like)).rejects.toThrow(/quantizes 'a' .* NaN or infinity/);
    const kept = await quantizeSmall(model, place, { ...like, exclude: ['product'] });
    expect(kept.result.decisions.at(-1)).toMatchObject({ node: 'whole', became: 'Q/DQ around it' });
  });
});

const qemu = ['/usr/bin/qemu-x86_64-static', '/usr/local/bin/qemu-x86_64-static'].find(existsSync);
const emulates = process.arch === 'x64' && process.platform === 'linux' && qemu !== undefined;

/** Output y of a model in a process of its own, natively or on an emulated CPU; its bytes in hex. */
function bytesOn(emulator: string[], file: string, input: { file: string; dims: readonly number[] }): string {
  const script = `
    const ort = require(${JSON.stringify(runtime.directory)});
    const [model, input, dims] = process.argv.slice(1);
    (async () => {
      const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1 });
      const bytes = require('node:fs').readFileSync(input);
      const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      const { y } = await session.run({ x: new ort.Tensor('float32', data, JSON.parse(dims)) });
      process.stdout.write(Buffer.from(y.data.buffer, y.data.byteOffset, y.data.byteLength).toString('hex'));
    })();`;
  const [command, ...rest] = [
    ...emulator,
    process.execPath,
    '-e',
    script,
    file,
    input.file,
    JSON.stringify(input.dims),
  ];
  return execFileSync(command!, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

describe('without VNNI', () => {
  it.skipIf(!emulates)(
    'int8-dynamic gives the same bits; with full-range weights it does not (needs qemu-x86_64-static)',
    async () => {
      using place = scratch();
      const dims = [4, 256];
      // Large activations and weights of one sign: what saturates.
      const model = () =>
        smallModel({
          inputs: [floatValue('x', dims)],
          nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
          initializers: [weight('w', [256, 128])],
        });
      const input = { file: join(place.directory, 'x.bin'), dims };
      writeFileSync(input.file, Buffer.from(floats(4 * 256, 3, 2).map(Math.abs).buffer));
      const same = async (saturationSafe: boolean): Promise<boolean> => {
        const { file } = await quantizeSmall(model(), place, {
          method: 'int8-dynamic',
          samples: samplesOf(dims),
          smoothQuant: false,
          saturationSafe,
        });
        return bytesOn([], file, input) === bytesOn([qemu!, '-cpu', 'EPYC-Milan'], file, input);
      };
      expect(await same(true)).toBe(true);
      // A machine without VNNI saturates natively too: there both agree.
      const hasVnni = /avx512_vnni|avx_vnni/.test(readFileSync('/proc/cpuinfo', 'utf8'));
      expect(await same(false)).toBe(!hasVnni);
    },
  );
});
