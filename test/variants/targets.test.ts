/** The file that a variant becomes follows the provider that it is for: judged by what the files hold. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/read/load.js';
import { transformersFile } from '../../src/config/transformers-files.js';
import { openDataset } from '../../src/data/open.js';
import { SILENT } from '../../src/log.js';
import { readModel } from '../../src/onnx/file/read.js';
import type { Graph } from '../../src/onnx/graph.js';
import { modelInputs } from '../../src/onnx/query/interface.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { loadRuntime } from '../../src/runtime/load.js';
import type { Variant } from '../../src/terms/variant.js';
import { makeVariants } from '../../src/variants/make.js';
import { EXAMPLE } from '../cli/command-line.js';

const directory = mkdtempSync(join(tmpdir(), 'quantgate-targets-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const runtime = await loadRuntime();

/** The variants of the digits example as a config makes them for these providers. */
async function made(variants: string, providers: string): Promise<Variant[]> {
  const config = await parseConfig(
    `version: 1
models:
  - name: digits
    path: ${join(EXAMPLE, 'digits.onnx')}
    task: classification
    data:
      calibration: { path: ${join(EXAMPLE, 'data', 'calibration.npz')}, limit: 8 }
      inputs: { image: { from: images, mean: [0.1307], std: [0.3081] } }
    variants: ${variants}
benchmark: { providers: ${providers} }
`,
    { file: null, directory },
  );
  const model = config.models[0]!;
  return makeVariants({
    model,
    providers: config.benchmark.providers,
    directory: mkdtempSync(join(directory, 'models-')),
    calibration: await openDataset(model.data.calibration!, modelInputs(readModel(model.path))),
    context: { runtime, log: SILENT },
    allowCommands: false,
    configDirectory: directory,
  });
}

const graphOf = ({ file }: Variant): Graph => readModel(file!).graph;
const quantizers = (graph: Graph) => graph.nodes.filter(({ opType }) => opType === 'QuantizeLinear');
const codes = ({ notes }: Variant) => notes.map(({ code }) => code);

/** The type and distinct values of the zero-points that activations are quantized with. */
function zeroPoints(graph: Graph): { type: string; values: number[] } {
  const tensors = quantizers(graph).map(({ input }) => graph.constantValues(input[2]!)!);
  return {
    type: [...new Set(tensors.map((tensor) => tensor.constructor.name))].join(),
    values: [...new Set(tensors.flatMap((tensor) => Array.from(tensor, Number)))],
  };
}

describe('files for transformers.js', () => {
  it('have its names, and are made once, for where it runs them, whatever the providers', async () => {
    const all = await made(
      '[{ name: a, method: int8-weights, files: transformers.js }, { name: b, method: float16, files: transformers.js }]',
      '[cpu, wasm]',
    );
    const places = all.map(({ file, report }) => [file!.split('/').slice(-3).join('/'), report.target]);
    expect(places).toEqual([
      ['digits/onnx/model_int8.onnx', 'wasm'],
      ['digits/onnx/model_fp16.onnx', 'webgpu'],
    ]);
    expect(all[0]!.providers).toEqual(['cpu', 'wasm']);
  });

  it('keep the name of a part in a folder onnx', () => {
    const name = (path: string, method: 'int4-weights' | 'auto', rest: 'float16' | null = null) =>
      transformersFile(path, { method, rest });
    expect(name('/repo/onnx/decoder_model.onnx', 'int4-weights', 'float16')).toBe(
      'onnx/decoder_model_q4f16.onnx',
    );
    expect(name('/repo/onnx/decoder_model.onnx', 'int4-weights')).toBe('onnx/decoder_model_q4.onnx');
    expect(name('/repo/net.onnx', 'auto')).toBe('onnx/model_quantized.onnx');
  });
});

describe('int8 for tensorrt, without being told', () => {
  it('is signed around zero, on the inputs of weighted operators and one branch of residual sums, and nowhere else', async () => {
    const [variant] = await made('[int8]', '[tensorrt]');
    const graph = graphOf(variant!);
    expect(variant).toMatchObject({ providers: ['tensorrt'], report: { target: 'tensorrt' } });
    expect(zeroPoints(graph)).toEqual({ type: 'Int8Array', values: [0] });
    const readers = graph.nodes
      .filter(({ opType }) => opType === 'DequantizeLinear')
      .flatMap(({ output }) => graph.consumers(output[0]!).map(({ opType }) => opType));
    expect(new Set(readers)).toEqual(new Set(['Conv', 'Gemm', 'Add']));
    // No Q/DQ behind the last operator, and biases stay float.
    expect(graph.producer(graph.outputs[0]!.name)?.opType).toBe('Gemm');
    for (const conv of graph.nodes.filter(({ opType }) => opType === 'Conv')) {
      expect(graph.initializers.get(conv.input[2]!)?.dataType).toBe(DataType.FLOAT);
    }
  });

  it('has weights in int8, one scale per channel', async () => {
    const graph = graphOf((await made('[int8]', '[tensorrt]'))[0]!);
    for (const conv of graph.nodes.filter(({ opType }) => opType === 'Conv')) {
      const weights = graph.producer(conv.input[1]!)!;
      const stored = graph.initializers.get(weights.input[0]!)!;
      expect(stored.dataType).toBe(DataType.INT8);
      expect(graph.constantValues(weights.input[1]!)).toHaveLength(Number(stored.dims[0]));
    }
  });

  it('beside the CPU is a file of its own: the CPU’s stays unsigned with quantized outputs', async () => {
    const variants = await made('[int8]', '[cpu, tensorrt]');
    const [cpu, tensorrt] = variants.map(graphOf);
    expect(variants.map(({ providers }) => providers)).toEqual([['cpu'], ['tensorrt']]);
    expect(new Set(variants.map(({ file }) => file)).size).toBe(2);
    expect(zeroPoints(tensorrt!)).toEqual({ type: 'Int8Array', values: [0] });
    if (process.arch !== 'arm64') expect(zeroPoints(cpu!).type).toBe('Uint8Array');
    expect(quantizers(cpu!).length).toBeGreaterThan(quantizers(tensorrt!).length);
  });

  it('has the structure that `preset: tensorrt` has; only the preset leaves out what ModelOpt does not do', async () => {
    const [plain] = await made('[int8]', '[tensorrt]');
    const [preset] = await made('[{ name: int8, preset: tensorrt }]', '[tensorrt]');
    // Equalization renames the weights it scales; what is quantized where stays.
    const structure = (variant: Variant) =>
      graphOf(variant).nodes.map(({ opType, input }) => (opType === 'QuantizeLinear' ? input[0] : opType));
    expect(structure(preset!)).toEqual(structure(plain!));
    expect(preset!.report.provenance).not.toEqual(plain!.report.provenance);
  });
});

describe('on providers without 8-bit kernels', () => {
  for (const provider of ['cuda', 'webgpu']) {
    it(`int8 for ${provider} is warned about, and float16 is not`, async () => {
      const [int8, half] = await made('[int8, fp16]', `[${provider}]`);
      expect(codes(int8!)).toContain('quantize.target-without-int8');
      expect(codes(half!)).not.toContain('quantize.target-without-int8');
      const stored = [...graphOf(half!).initializers.values()].map(({ dataType }) => dataType);
      expect(stored).toContain(DataType.FLOAT16);
      expect(stored).not.toContain(DataType.FLOAT);
    });
  }
});

describe('for WebAssembly', () => {
  it('int8-static leaves arithmetic in float, and stores weights in a quarter of their size', async () => {
    const [int8] = await made('[int8]', '[wasm]');
    expect(int8!.report.target).toBe('wasm');
    expect(codes(int8!)).toContain('quantize.only-weights');
    const operators = graphOf(int8!).nodes.map(({ opType }) => opType);
    expect(operators.filter((name) => /Quantize|Integer|QLinear/.test(name))).toEqual([]);
    const stored = [...graphOf(int8!).initializers.values()].map(({ dataType }) => dataType);
    expect(stored).toContain(DataType.INT8);
  });

  it('int8-weights are unpacked when the file is loaded, not in every product', async () => {
    const [weights] = await made('[int8-weights]', '[wasm]');
    expect(graphOf(weights!).nodes.map(({ opType }) => opType)).not.toContain('MatMulNBits');
    const stored = [...graphOf(weights!).initializers.values()].map(({ dataType }) => dataType);
    expect(stored).toContain(DataType.INT8);
  });
});
