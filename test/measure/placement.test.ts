import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MachineError } from '../../src/errors.js';
import { SILENT } from '../../src/log.js';
import { measurePlacement, type PlacedOperator, summarize } from '../../src/measure/placement.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { loadRuntime } from '../../src/runtime/load.js';
import type { ProfiledNode } from '../../src/runtime/profile.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { conv, floatValue, quantizeSmall, scratch, smallModel, weight } from '../quantize/small-models.js';
import { endlessModel, matMulModel, modelFolder, reluModel } from '../runtime/models.js';
import { float16Device, onDevice, webgpuDevice } from '../webgpu-device.js';

const folder = modelFolder();
let runtime: Runtime;
beforeAll(async () => {
  runtime = await loadRuntime();
});
afterAll(() => folder.remove());

const request = (subjects: Record<string, string>, provider = 'cpu') => ({
  model: 'm',
  subjects: Object.entries(subjects).map(([variant, file]) => ({ variant, file })),
  context: { runtime, log: SILENT },
  session: { provider, threads: 1 },
  inputs: { batch: 1, shapes: {}, sample: null },
});

const value = (measurements: Awaited<ReturnType<typeof measurePlacement>>, variant: string, metric: string) =>
  measurements.find((entry) => entry.variant === variant && entry.metric === metric)!;

/** 64 × 64 products in float32, then 64 × 192 in int8: three quarters are reduced. */
function mixedModel(): Model {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1, 64])],
    outputs: [makeValue('y', DataType.FLOAT, [1, 192])],
    nodes: [
      makeNode('MatMul', ['x', 'w0'], ['h']),
      makeNode('DynamicQuantizeLinear', ['h'], ['q', 'scale', 'zero']),
      makeNode('MatMulInteger', ['q', 'w1', 'zero', 'wzero'], ['sum']),
      makeNode('Cast', ['sum'], ['real'], { attributes: { to: { int: DataType.FLOAT } } }),
      makeNode('Mul', ['scale', 'wscale'], ['factor']),
      makeNode('Mul', ['real', 'factor'], ['y']),
    ],
    initializers: [
      makeTensor('w0', DataType.FLOAT, [64, 64], new Float32Array(64 * 64).fill(0.01)),
      makeTensor('w1', DataType.INT8, [64, 192], new Int8Array(64 * 192).fill(3)),
      makeTensor('wzero', DataType.INT8, [], Int8Array.of(0)),
      makeTensor('wscale', DataType.FLOAT, [], Float32Array.of(0.1)),
    ],
  });
}

describe('placement', () => {
  it('counts the multiply-accumulates that really ran in the reduced type', async () => {
    const original = folder.write('float.onnx', matMulModel(2, 64));
    const mixed = folder.write('mixed.onnx', mixedModel());
    const result = await measurePlacement(request({ original, mixed }));
    expect(value(result, 'original', 'placement.quantized').value).toBe(0);
    expect(value(result, 'mixed', 'placement.quantized').value).toBe(0.75);
    const { operators } = value(result, 'mixed', 'placement.quantized').details as {
      operators: PlacedOperator[];
    };
    expect(operators.map(({ operator, macs, reduced }) => [operator, macs, reduced])).toEqual([
      ['DynamicQuantizeMatMul', 64 * 192, true],
      ['MatMul', 64 * 64, false],
    ]);
  });

  it('gives the same figures every time', async () => {
    const mixed = folder.write('again.onnx', mixedModel());
    const shares = [];
    for (let run = 0; run < 3; run++) {
      shares.push(
        value(await measurePlacement(request({ original: mixed })), 'original', 'placement.quantized').value,
      );
    }
    expect(new Set(shares)).toEqual(new Set([0.75]));
  });

  it('has nothing to count in a model without products', async () => {
    const result = await measurePlacement(request({ original: folder.write('relu.onnx', reluModel()) }));
    expect(value(result, 'original', 'placement.quantized')).toMatchObject({
      status: 'skipped',
      value: null,
    });
    expect(value(result, 'original', 'placement.fallback').value).toBe(0);
  });

  it('marks a variant that hangs as invalid, with the reason', async () => {
    const original = folder.write('fine.onnx', reluModel());
    const stuck = folder.write('stuck.onnx', endlessModel());
    const result = await measurePlacement({ ...request({ original, stuck }), deadlineMs: 1_500 });
    expect(value(result, 'stuck', 'placement.quantized')).toMatchObject({ status: 'invalid', value: null });
    expect(value(result, 'stuck', 'placement.quantized').reason).toMatch(/stuck\.onnx: no answer to 'run'/);
  });

  it('ends the run when the original hangs', async () => {
    const original = folder.write('stuck-original.onnx', endlessModel());
    await expect(measurePlacement({ ...request({ original }), deadlineMs: 1_500 })).rejects.toThrow(
      MachineError,
    );
  });
});

describe('fallback', () => {
  const node = (
    operator: string,
    provider: string,
    output: ProfiledNode['outputs'][number],
  ): ProfiledNode => ({
    name: `${operator}1`,
    operator,
    provider,
    inputs: [],
    outputs: [output],
    durationsMs: [1, 1],
  });
  const shape = { type: 'int64', dims: [4] };
  const activation = { type: 'float', dims: [1, 64] };
  const nodes = [
    node('Conv', 'CUDAExecutionProvider', activation),
    node('Gather', 'CPUExecutionProvider', shape),
    node('Gather', 'CPUExecutionProvider', activation),
    node('QLinearConv', 'CPUExecutionProvider', activation),
    node('MemcpyToHost', 'CUDAExecutionProvider', activation),
    node('MemcpyFromHost', 'CUDAExecutionProvider', activation),
  ];

  it('counts nodes that ran on the CPU, but not shape arithmetic', () => {
    const { fallback, transfers } = summarize(nodes, { graph: null });
    expect(fallback).toBe(2);
    expect(transfers).toBe(2);
  });

  it('ignores the operators that the check names, whatever they compute', () => {
    expect(summarize(nodes, { graph: null, ignoreOps: ['Gather'] }).fallback).toBe(1);
    expect(summarize(nodes, { graph: null, ignoreOps: [] }).fallback).toBe(3);
  });
});

describe.skipIf(webgpuDevice === null)(
  'on a second provider, WebGPU (needs libvulkan1 and a Vulkan driver, such as SwiftShader of chromium)',
  () => {
    const placed = (original: string) =>
      onDevice(webgpuDevice!, () => measurePlacement(request({ original }, 'webgpu')));

    it('runs every node there when it can', async () => {
      const original = folder.write('webgpu.onnx', matMulModel(2, 16));
      const fallback = value(await placed(original), 'original', 'placement.fallback');
      expect(fallback).toMatchObject({ status: 'ok', value: 0, provider: 'webgpu' });
      const { operators } = fallback.details as { operators: PlacedOperator[] };
      expect(new Set(operators.map(({ provider }) => provider))).toEqual(
        new Set(['WebGpuExecutionProvider']),
      );
    });

    it('opens whichever device number the GPU of another provider has', async () => {
      const asked = request({ original: folder.write('device.onnx', matMulModel(2, 16)) }, 'webgpu');
      const measurements = await onDevice(webgpuDevice!, () =>
        measurePlacement({ ...asked, session: { ...asked.session, deviceId: 1 } }),
      );
      expect(value(measurements, 'original', 'placement.fallback').status).toBe('ok');
    });

    it('finds an operator that fell back to the CPU, and the copies around it', async () => {
      const model = makeModel({
        inputs: [makeValue('x', DataType.FLOAT, [1, 16])],
        outputs: [makeValue('y', DataType.FLOAT, [1, 16])],
        nodes: [
          makeNode('Relu', ['x'], ['a']),
          makeNode('Hardmax', ['a'], ['b'], { name: 'falls back' }),
          makeNode('Relu', ['b'], ['y']),
        ],
      });
      const original = folder.write('fallback.onnx', model);
      const fallback = value(await placed(original), 'original', 'placement.fallback');
      expect(fallback.value).toBe(1);
      const { operators, transfers } = fallback.details as { operators: PlacedOperator[]; transfers: number };
      expect(operators.find(({ operator }) => operator === 'Hardmax')?.provider).toBe('CPUExecutionProvider');
      expect(transfers).toBe(2);
    });
  },
);

describe.skipIf(float16Device === null)(
  'of float16 on WebGPU (needs a Vulkan device with shader-f16, such as lavapipe of Mesa 25)',
  () => {
    it('is all there, and all of the compute is reduced', async () => {
      using place = scratch();
      const { file, float } = await quantizeSmall(
        smallModel({
          outputs: [floatValue('y', [1, 5])],
          nodes: [
            conv('x', 'a', { weight: 'wa', bias: 'ba' }),
            makeNode('Relu', ['a'], ['r']),
            makeNode('Flatten', ['r'], ['f']),
            makeNode('Gemm', ['f', 'wc', 'bc'], ['y'], { attributes: { transB: { int: 1 } } }),
          ],
          initializers: [
            weight('wa', [8, 4, 3, 3], 2),
            weight('ba', [8], 3),
            weight('wc', [5, 512], 5),
            weight('bc', [5], 6),
          ],
        }),
        place,
        { method: 'float16' },
      );
      const subjects = { original: float, half: file };
      const result = await onDevice(float16Device!, () => measurePlacement(request(subjects, 'webgpu')));
      expect(value(result, 'half', 'placement.fallback')).toMatchObject({ status: 'ok', value: 0 });
      expect(value(result, 'half', 'placement.quantized').value).toBe(1);
      expect(value(result, 'original', 'placement.quantized').value).toBe(0);
    });
  },
);
