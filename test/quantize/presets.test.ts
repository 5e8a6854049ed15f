/** Presets reproduce other systems: checked against the other system where it is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TensorProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/file/read.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { schemeOf } from '../../src/quantize/int8-static/placement/scheme.js';
import { activationScale } from '../../src/quantize/integers/scale.js';
import {
  conv,
  DEFAULTS,
  floatValue,
  int64s,
  quantizeSmall,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from './small-models.js';

const python = process.env.QUANTGATE_PYTHON ?? 'python3';
const hasOnnxRuntime =
  spawnSync(python, ['-c', 'import onnx, onnxruntime.quantization'], { stdio: 'ignore' }).status === 0;

/** Calibrates on the samples in samples.bin and prints every initializer and node of the quantized file as JSON. */
const QUANTIZE_STATIC = `
import json, sys, numpy as np, onnx
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, quantize_static
model, samples, out = sys.argv[1:4]
class Reader(CalibrationDataReader):
    def __init__(self): self.rows = iter(np.fromfile(samples, dtype=np.float32).reshape(-1, 1, 4, 8, 8))
    def get_next(self):
        row = next(self.rows, None)
        return None if row is None else {'x': row}
quantize_static(model, out, Reader())
graph = onnx.load(out).graph
print(json.dumps({
    'initializers': {t.name: [str(numpy_helper.to_array(t).dtype), list(t.dims), numpy_helper.to_array(t).astype(float).ravel().tolist()] for t in graph.initializer},
    'nodes': sorted([n.op_type, list(n.input), list(n.output)] for n in graph.node),
}))`;

/** Residual, pooled, padded, concatenated, shared bias, constants in sums, clamps: what the marking rules tell apart. */
const varied = () =>
  smallModel({
    outputs: [floatValue('y', [1, 5])],
    nodes: [
      conv('x', 'a', { weight: 'wa', bias: 'ba' }),
      makeNode('Relu', ['a'], ['r'], { name: 'r' }),
      conv('r', 'b', { weight: 'wb', bias: 'ba' }),
      makeNode('Add', ['r', 'b'], ['s'], { name: 's' }),
      makeNode('Relu', ['s'], ['t'], { name: 't' }),
      makeNode('MaxPool', ['t'], ['p'], {
        name: 'p',
        attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
      }),
      makeNode('Mul', ['p', 'k'], ['m'], { name: 'm' }),
      makeNode('Concat', ['m', 'p'], ['c'], { name: 'c', attributes: { axis: { int: 1 } } }),
      makeNode('Sigmoid', ['c'], ['g'], { name: 'g' }),
      makeNode('Transpose', ['g'], ['u'], { name: 'u', attributes: { perm: { ints: [0, 2, 3, 1] } } }),
      makeNode('Reshape', ['u', 'shape'], ['f'], { name: 'f' }),
      makeNode('Gemm', ['f', 'wc', 'bc'], ['y'], {
        name: 'y',
        attributes: { transB: { int: 1 }, beta: { float: 2 } },
      }),
    ],
    initializers: [
      weight('wa', [8, 4, 3, 3], 2),
      weight('ba', [8], 3),
      weight('wb', [8, 8, 3, 3], 4),
      weight('wc', [5, 256], 5),
      weight('bc', [5], 6),
      makeTensor('k', DataType.FLOAT, [], Float32Array.of(0.7)),
      int64s('shape', [1, 256]),
    ],
  });

/** Rows of a table, which take over its scale, and a Softmax that opset 13 would spell otherwise. */
const lookups = () =>
  smallModel({
    opset: 12,
    outputs: [floatValue('y', [64, 16])],
    nodes: [
      makeNode('ArgMax', ['x'], ['ids'], { name: 'ids', attributes: { axis: { int: 1 } } }),
      makeNode('Gather', ['table', 'ids'], ['rows'], { name: 'rows' }),
      makeNode('Reshape', ['rows', 'shape'], ['flat'], { name: 'flat' }),
      makeNode('Gemm', ['flat', 'w', 'b'], ['h'], { name: 'h' }),
      makeNode('Softmax', ['h'], ['y'], { name: 'y' }),
    ],
    initializers: [
      weight('table', [4, 24], 2),
      weight('w', [24, 16], 3),
      weight('b', [16], 4),
      int64s('shape', [64, 24]),
    ],
  });

/** Slices by attributes, in the middle of what is quantized. */
const slices = (): Model => {
  const model = smallModel({
    opset: 9,
    outputs: [floatValue('y', [1, 8, 8, 8])],
    nodes: [
      conv('x', 'a', { weight: 'w', bias: 'b' }),
      makeNode('Concat', ['a', 'a'], ['c'], { name: 'c', attributes: { axis: { int: 1 } } }),
      makeNode('Slice', ['c'], ['s'], {
        name: 's',
        attributes: { axes: { ints: [1] }, starts: { ints: [4] }, ends: { ints: [12] } },
      }),
      makeNode('Mul', ['s', 'a'], ['y'], { name: 'y' }),
    ],
    initializers: [weight('w', [8, 4, 3, 3], 2), weight('b', [8], 3)],
  });
  model.proto.irVersion = 4n;
  return model;
};

/** Weights in Constant nodes, which are tensors like any other to quantize_static. */
const constants = () => {
  const constant = (tensor: TensorProto) =>
    makeNode('Constant', [], [tensor.name], { name: tensor.name, attributes: { value: { tensor } } });
  return smallModel({
    outputs: [floatValue('y', [1, 8, 8, 8])],
    nodes: [
      constant(weight('w', [8, 4, 3, 3], 2)),
      constant(weight('b', [8], 3)),
      conv('x', 'a', { weight: 'w', bias: 'b' }),
      makeNode('Relu', ['a'], ['r'], { name: 'r' }),
      conv('r', 'y', { weight: 'v' }),
    ],
    initializers: [weight('v', [8, 8, 3, 3], 4)],
  });
};

/** Constants that a tool made to raise the opset have names of its own. */
const RAISED = /^_v_\d+$|_(starts|ends|axes|steps)$/;

describe('the preset onnxruntime', () => {
  it.skipIf(!hasOnnxRuntime).each([
    ['varied', varied],
    ['lookups', lookups],
    ['slices', slices],
    ['constants', constants],
  ])(
    'makes what quantize_static makes of %s: the same nodes, names and integers (needs Python with onnxruntime and onnx)',
    async (_, build) => {
      using place = scratch();
      const samples = samplesOf([1, 4, 8, 8], 6);
      const { file, float } = await quantizeSmall(build(), place, {
        samples,
        preset: 'onnxruntime',
        include: null,
      });
      const [bin, theirs] = [join(place.directory, 'samples.bin'), join(place.directory, 'theirs.onnx')];
      writeFileSync(
        bin,
        Buffer.concat(samples.map(({ x }) => Buffer.from((x!.data as Float32Array).buffer))),
      );
      const expected = JSON.parse(
        execFileSync(python, ['-c', QUANTIZE_STATIC, float, bin, theirs], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        }),
      ) as {
        initializers: Record<string, [string, number[], number[]]>;
        nodes: [string, string[], string[]][];
      };
      const { graph } = readModel(file);
      const comparable = (nodes: readonly [string, string[], string[]][]) =>
        nodes
          .filter(([opType]) => opType !== 'Constant')
          .map(([opType, inputs, outputs]) =>
            String([opType, inputs.map((name) => (RAISED.test(name) ? '…' : name)), outputs]),
          )
          .sort();
      const nodes = graph.nodes.map(
        (node) => [node.opType, node.input, node.output] satisfies [string, string[], string[]],
      );
      expect(comparable(nodes)).toEqual(comparable(expected.nodes));
      expect([...graph.initializers.keys()].filter((name) => !RAISED.test(name)).sort()).toEqual(
        Object.keys(expected.initializers).sort(),
      );
      for (const [name, [type, dims, values]] of Object.entries(expected.initializers)) {
        const tensor = graph.initializers.get(name)!;
        const ours = Array.from(graph.constantValues(name)!, Number);
        expect([name, tensor.dims.map(Number)]).toEqual([name, dims]);
        // Scales come from float sums whose order is the runtime's business: the last bit may differ.
        if (type === 'float32')
          expect(Math.max(...ours.map((value, i) => Math.abs(value / values[i]! - 1)))).toBeLessThan(1e-5);
        else expect([name, ours]).toEqual([name, values]);
      }
    },
  );

  it('raises the opset only as far as quantize_static does', async () => {
    for (const [build, opset] of [
      [slices, 11],
      [lookups, 12],
      [varied, 17],
    ] as const) {
      using place = scratch();
      const { file } = await quantizeSmall(build(), place, { preset: 'onnxruntime', include: null });
      expect(readModel(file).opset()).toBe(opset);
      for (const graphOptimizationLevel of ['disabled', 'basic', 'extended', 'all'] as const) {
        await (await runtime.open(file, { graphOptimizationLevel })).release();
      }
    }
  });

  it('gives rows of a table the scale of the table', async () => {
    using place = scratch();
    const { file } = await quantizeSmall(lookups(), place, { preset: 'onnxruntime', include: null });
    const { graph } = readModel(file);
    const quantize = graph.nodes.find(
      ({ opType, input }) => opType === 'QuantizeLinear' && input[0] === 'rows',
    );
    expect(quantize?.input.slice(1)).toEqual(['table_scale', 'table_zero_point']);
  });

  it('keeps the declared shapes of integers, and drops those of floats, which may no longer hold', async () => {
    using place = scratch();
    const model = lookups();
    model.graph.setValueInfo([
      makeValue('ids', DataType.INT64, [1, 1, 8, 8]),
      floatValue('rows', [1, 1, 8, 8, 24]),
    ]);
    const { file } = await quantizeSmall(model, place, { preset: 'onnxruntime', include: null });
    expect(readModel(file).graph.valueInfo).toEqual([makeValue('ids', DataType.INT64, [1, 1, 8, 8])]);
  });

  it('quantizes weights in Constant nodes like activations', async () => {
    using place = scratch();
    const { file } = await quantizeSmall(constants(), place, { preset: 'onnxruntime', include: null });
    const { graph } = readModel(file);
    const reads = (opType: string, name: string) =>
      graph.nodes.some((node) => node.opType === opType && node.input[0] === name);
    expect(reads('QuantizeLinear', 'w')).toBe(true);
    expect(graph.initializers.has('w_quantized')).toBe(false);
    expect(reads('DequantizeLinear', 'v_quantized')).toBe(true);
  });

  it('says that it is for comparison', async () => {
    using place = scratch();
    const { result, file } = await quantizeSmall(varied(), place, { preset: 'onnxruntime', include: null });
    expect(result.notes.map(({ code }) => code)).toContain('quantize.preset-unplanned');
    const session = await runtime.open(file);
    expect(session.outputs.map(({ name }) => name)).toEqual(['y']);
    await session.release();
  });
});

describe('schemes', () => {
  it('follow the preset, the target, and then the options', () => {
    expect(schemeOf(DEFAULTS, 'cpu')).toMatchObject({
      activation: { type: 'uint8', symmetry: 'affine' },
      weight: { perChannel: true, saturationSafe: true },
      placement: 'fused',
    });
    expect(schemeOf(DEFAULTS, 'arm64').weight.saturationSafe).toBe(false);
    expect(schemeOf(DEFAULTS, 'tensorrt')).toMatchObject({
      activation: { type: 'int8', symmetry: 'symmetric' },
      bias: 'float32',
      placement: 'weighted-inputs',
    });
    expect(schemeOf({ ...DEFAULTS, preset: 'torch', perChannel: false }, 'cpu')).toMatchObject({
      calibrator: 'moving-average',
      weight: { perChannel: false, saturationSafe: false },
    });
  });

  it('put zero at 0 or 128 when activations are to be symmetric', () => {
    const { activation } = schemeOf({ ...DEFAULTS, symmetric: true }, 'cpu');
    expect(activationScale({ min: 0, max: 5 }, activation).zeroPoint).toBe(0);
    for (const [min, max] of [
      [-3, 5],
      [-5, 0.1],
    ] as const) {
      const { scale, zeroPoint } = activationScale({ min, max }, activation);
      expect(zeroPoint).toBe(128);
      expect(-128 * scale).toBeLessThanOrEqual(min * 0.9999);
      expect(127 * scale).toBeGreaterThanOrEqual(max * 0.9999);
    }
  });
});

describe('overrides', () => {
  it('give one operator weights with a single scale', async () => {
    using place = scratch();
    const { file } = await quantizeSmall(varied(), place, { overrides: { b: { perChannel: false } } });
    const { graph } = readModel(file);
    expect(graph.constantValues('wa_scale')).toHaveLength(8);
    expect(graph.constantValues('wb_scale')).toHaveLength(1);
  });

  it('that mean nothing here are named, not passed over', async () => {
    using place = scratch();
    const { result } = await quantizeSmall(varied(), place, { overrides: { 'b*': { activation: 'int8' } } });
    expect(result.notes).toContainEqual(
      expect.objectContaining({
        code: 'quantize.override-not-applied',
        message: expect.stringContaining('activation: int8'),
      }),
    );
  });
});
