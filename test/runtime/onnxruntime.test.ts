import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MachineError, UserError } from '../../src/errors.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { encodeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { tensorType } from '../../src/onnx/tensor/tensor-type.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { openError, wrapOnnxRuntime } from '../../src/runtime/onnxruntime.js';
import { parseProfile } from '../../src/runtime/profile.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { modelFolder, reluModel } from './models.js';

const folder = modelFolder();
const relu = folder.write('relu.onnx', reluModel());
const x = { type: 'float32', dims: [1, 4], data: Float32Array.of(-1, 2, -3, 4) } as const;
let runtime: Runtime;
beforeAll(async () => {
  runtime = await loadRuntime();
});
afterAll(() => folder.remove());

describe('a session', () => {
  it('takes float16 as bits and gives it as bits', async () => {
    const model = makeModel({
      inputs: [makeValue('x', DataType.FLOAT16, [2])],
      outputs: [makeValue('y', DataType.FLOAT16, [2])],
      nodes: [makeNode('Neg', ['x'], ['y'])],
    });
    const session = await runtime.open(encodeModel(model));
    const data = Uint16Array.of(0x3c00, 0xc000);
    const { y } = await session.run({ x: { type: 'float16', dims: [2], data } });
    await session.release();
    expect(y).toEqual({ type: 'float16', dims: [2], data: Uint16Array.of(0xbc00, 0x4000) });
  });

  it('names no size where the model says -1, as some exporters do for sizes that are not fixed', async () => {
    const model = makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [-1, 4])],
      outputs: [makeValue('y', DataType.FLOAT, [-1, 4])],
      nodes: [makeNode('Neg', ['x'], ['y'])],
    });
    const session = await runtime.open(encodeModel(model));
    await session.release();
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['', 4] }]);
    expect(model.graph.inputs.map((input) => tensorType(input)?.shape)).toEqual([['', 4]]);
  });

  it('says which axes of one name are not equally long, where that stops a run', async () => {
    const values = ['x', 'y'].map((name) => makeValue(name, DataType.FLOAT, ['batch', 'length', 8]));
    const model = makeModel({
      inputs: values,
      outputs: [makeValue('z')],
      // What the first node gives is not needed any more where the third gives as much, as the names have it.
      nodes: [
        makeNode('Exp', ['x'], ['e']),
        makeNode('ReduceMax', ['e'], ['most'], { attributes: { keepdims: { int: 0 } } }),
        makeNode('Div', ['y', 'most'], ['d']),
        makeNode('ReduceSum', ['d'], ['z']),
      ],
    });
    const session = await runtime.open(encodeModel(model), { graphOptimizationLevel: 'disabled' });
    const of = (length: number) => ({
      type: 'float32' as const,
      dims: [1, length, 8],
      data: new Float32Array(8 * length),
    });
    try {
      await session.run({ x: of(9), y: of(9) });
      const feeds = { x: of(5), y: of(9) };
      for (const run of [() => session.run(feeds), () => session.prepare(feeds).run()]) {
        const failed = await run().catch((error: unknown) => error);
        expect(failed).toBeInstanceOf(UserError);
        expect((failed as UserError).code).toBe('model.shared-axis');
        expect((failed as UserError).message).toMatch(
          /by one name .* \('length': 5 in x, 9 in y\)\. .* could not run it: Non-zero status code/,
        );
      }
    } finally {
      await session.release();
    }
  });

  it('runs a model for its tensors when another output is a sequence', async () => {
    const model = makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [4])],
      outputs: [makeValue('parts'), makeValue('y', DataType.FLOAT, [4])],
      nodes: [
        makeNode('SplitToSequence', ['x'], ['parts'], { attributes: { axis: { int: 0 } } }),
        makeNode('Relu', ['x'], ['y']),
      ],
    });
    const session = await runtime.open(encodeModel(model));
    expect(session.outputs.map(({ type }) => type)).toEqual([null, 'float32']);
    const result = await session.run({ x: { ...x, dims: [4] } });
    await session.release();
    expect(Object.keys(result)).toEqual(['y']);
  });

  it('refuses to run a model that gives no tensor at all', async () => {
    const model = makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [4])],
      outputs: [makeValue('parts')],
      nodes: [makeNode('SplitToSequence', ['x'], ['parts'], { attributes: { axis: { int: 0 } } })],
    });
    const session = await runtime.open(encodeModel(model));
    await expect(session.run({ x: { ...x, dims: [4] } })).rejects.toThrow(/None of the outputs is a tensor/);
    expect(() => session.prepare({ x: { ...x, dims: [4] } })).toThrow(UserError);
    await session.release();
  });

  it('keeps output buffers where shapes allow, and allocates where they do not', async () => {
    const session = await runtime.open(relu);
    const prepared = session.prepare({ x });
    expect(await prepared.reuseOutputs()).toBe(true);
    await prepared.run();
    expect([...(prepared.outputs().y!.data as Float32Array)]).toEqual([0, 2, 0, 4]);
    await session.release();
  });

  it('hands the number of a device to the providers that take one', async () => {
    const asked: unknown[] = [];
    const create = async (_model: unknown, options: { executionProviders: unknown[] }) => {
      asked.push(options.executionProviders[0]);
      throw new Error('no such machine');
    };
    const ort = { ...createRequire(import.meta.url)(runtime.directory), InferenceSession: { create } };
    const fake = wrapOnnxRuntime(ort, runtime.directory);
    for (const provider of ['cuda', 'tensorrt', 'webgpu', 'cpu']) {
      await expect(fake.open(relu, { provider, deviceId: 1 })).rejects.toThrow('no such machine');
    }
    expect(asked).toEqual([
      { name: 'cuda', deviceId: 1 },
      { name: 'tensorrt', deviceId: 1 },
      'webgpu',
      'cpu',
    ]);
  });

  it('knows where its profile was written', async () => {
    const prefix = join(folder.path, 'trace');
    const session = await runtime.open(relu, { profilePrefix: prefix });
    await session.run({ x });
    const path = session.endProfiling();
    await session.release();
    const [node] = parseProfile(readFileSync(path, 'utf8'));
    rmSync(path);
    expect(node).toMatchObject({
      name: 'relu',
      operator: 'Relu',
      provider: 'CPUExecutionProvider',
      inputs: [{ type: 'float', dims: [1, 4] }],
    });
  });

  it('passes no configuration entry that ONNX Runtime would ignore silently', async () => {
    await expect(runtime.open(relu, { configEntries: { 'session.not_a_key': '1' } })).rejects.toThrow(
      "'session.not_a_key' is not whitelisted",
    );
  });

  it('refuses a model it cannot read, naming the file', async () => {
    await expect(runtime.open(join(folder.path, 'absent.onnx'))).rejects.toThrow(UserError);
    await expect(runtime.open(join(folder.path, 'absent.onnx'))).rejects.toThrow(
      /no model at .*absent\.onnx/,
    );
  });
});

describe('a provider that does not open', () => {
  const place = { model: 'm.onnx', provider: 'cuda', directory: '/opt/onnxruntime-node' };
  it.each([
    [
      'a missing cuDNN',
      'Failed to load library /x/libonnxruntime_providers_cuda.so with error: libcudnn.so.9: cannot open shared object file: No such file or directory',
      /because libcudnn\.so\.9 is missing: install cuDNN 9/,
    ],
    [
      'another CUDA major',
      'Failed to load library /x/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory',
      /because libcublasLt\.so\.12 is missing: install the CUDA toolkit of that major version/,
    ],
    [
      'no driver',
      'Failed to load library /x/libonnxruntime_providers_cuda.so with error: libcuda.so.1: cannot open shared object file: No such file or directory',
      /because libcuda\.so\.1 is missing: install the NVIDIA driver/,
    ],
    [
      'an old driver',
      'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1',
      /NVIDIA driver is older than the CUDA runtime needs/,
    ],
    [
      'no device',
      'CUDA failure 100: no CUDA-capable device is detected ; GPU=-1',
      /no CUDA device was found/,
    ],
    [
      'a GPU number that is not there',
      'CUDA failure 101: invalid device ordinal ; GPU=7 ; expr=cudaSetDevice(info_.device_id);',
      /because there is no GPU of that number: benchmark\.device counts/,
    ],
    [
      'a GPU that another process holds',
      'CUDA failure 46: all CUDA-capable devices are busy or unavailable ; GPU=0',
      /because another process holds the GPU for itself/,
    ],
    [
      'a GPU that this build does not know',
      'CUDA failure 209: no kernel image is available for execution on the device ; GPU=0',
      /because this ONNX Runtime was not built for this GPU/,
    ],
    [
      'no GPU libraries of ONNX Runtime',
      'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
      /libonnxruntime_providers_shared\.so is missing from \/opt\/onnxruntime-node/,
    ],
  ])('names %s and the next step', (_what, text, expected) => {
    const error = openError(text, place);
    expect(error).toBeInstanceOf(MachineError);
    expect(error.message).toMatch(expected);
  });

  it('is told from a GPU that is out of memory', () => {
    for (const text of [
      'CUDA failure 2: out of memory ; GPU=0',
      'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; expr=cublasCreate(&cublas_handle_);',
    ]) {
      const error = openError(text, place);
      expect(error).toBeInstanceOf(MachineError);
      expect(error.message).toMatch(/Out of memory while opening m\.onnx on cuda: .*benchmark\.device/);
    }
  });

  it('is told from a temporary folder without room for the optimized model', () => {
    for (const text of [
      'Protobuf serialization failed.',
      'graph.cc:5280 AddExternalInitializersToGraphProtoImpl Failed to write external initializers to file: "/tmp/prepare/basic.data"',
    ]) {
      const error = openError(text, { ...place, dump: '/tmp/prepare/basic.onnx' });
      expect(error).toBeInstanceOf(MachineError);
      expect(error.message).toMatch(/could not write m\.onnx .* into \/tmp\/prepare .*Make room there/);
      expect(openError(text, place)).toBeInstanceOf(UserError);
    }
  });

  it('is told from a machine without the locale of a model', () => {
    const text =
      'Exception during initialization: string_normalizer.cc:235 Failed to construct locale with ' +
      'name:en_US.UTF-8:locale::facet::_S_create_c_locale name not valid:Please, install necessary language-pack-XX and configure locales';
    const error = openError(text, { ...place, provider: 'cpu' });
    expect(error).toBeInstanceOf(MachineError);
    expect(error.message).toMatch(/locale en_US\.UTF-8, .*localedef -i en_US -f UTF-8 en_US\.UTF-8/);
  });

  it('is told from a model with inputs or outputs of bfloat16, which can’t be handed over', async () => {
    const model = makeModel({
      inputs: [makeValue('x', DataType.BFLOAT16, [2])],
      outputs: [makeValue('y', DataType.BFLOAT16, [2])],
      nodes: [makeNode('Identity', ['x'], ['y'])],
    });
    await expect(runtime.open(folder.write('bfloat16.onnx', model))).rejects.toMatchObject({
      code: 'model.element-type',
      message: expect.stringMatching(
        /bfloat16\.onnx has an input or an output of bfloat16.*float32 or float16/,
      ),
    });
  });

  it('is told from a model that the provider refuses', () => {
    expect(openError('Protobuf parsing failed.', place)).toBeInstanceOf(UserError);
  });
});

describe('loading the runtime', () => {
  it('finds the package itself, or the folder that has it in node_modules', async () => {
    const own = await loadRuntime({ path: runtime.directory });
    expect(own.directory).toBe(runtime.directory);
    expect((await loadRuntime({ path: '.' })).directory).toBe(runtime.directory);
    expect(own.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(own.providers).toContain('cpu');
  });
});
