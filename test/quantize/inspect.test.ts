import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultQuantize } from '../../src/config/defaults.js';
import { SILENT } from '../../src/log.js';
import { measureSize } from '../../src/measure/size.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { inspectModel } from '../../src/quantize/inspect.js';
import { quantizeModel } from '../../src/quantize/quantize.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { dataset, samplesOf } from './small-models.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'quantgate-inspect-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const floats = (name: string, dims: number[]) =>
  makeTensor(
    name,
    DataType.FLOAT,
    dims,
    Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i)),
  );

/** x → Conv (64 channels) → Relu → · s → Conv → Tanh → y */
function write(name: string, externalData: 'always' | 'never' = 'never'): string {
  const path = join(directory, name);
  const model = makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['batch', 64, 32, 32])],
    outputs: [makeValue('y', DataType.FLOAT, ['batch', 64, 30, 30])],
    nodes: [
      makeNode('Constant', [], ['s'], { attributes: { value_float: { float: 2 } } }),
      makeNode('Conv', ['x', 'w'], ['c'], { name: 'conv' }),
      makeNode('Relu', ['c'], ['r'], { name: 'relu' }),
      makeNode('Mul', ['r', 's'], ['m'], { name: 'scale' }),
      makeNode('Conv', ['m', 'w2'], ['d'], { name: 'conv2' }),
      makeNode('Tanh', ['d'], ['y'], { name: 'tanh' }),
    ],
    initializers: [floats('w', [64, 64, 3, 3]), floats('w2', [64, 64, 1, 1])],
  });
  model.setMetadata('author', 'test');
  writeModel(model, path, { externalData });
  return path;
}

/** x → Conv → h-swish, as exporters spell it below opset 14 → Conv → Tanh → y */
function hardSwishAtOpset11() {
  const scalar = (name: string, value: number) =>
    makeTensor(name, DataType.FLOAT, [], Float32Array.of(value));
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1, 64, 32, 32])],
    outputs: [makeValue('y')],
    nodes: [
      makeNode('Conv', ['x', 'w'], ['c'], { name: 'conv' }),
      makeNode('Add', ['c', 'three'], ['shifted'], { name: 'shift' }),
      makeNode('Clip', ['shifted', 'zero', 'six'], ['gate'], { name: 'gate' }),
      makeNode('Mul', ['c', 'gate'], ['product'], { name: 'product' }),
      makeNode('Div', ['product', 'six'], ['swish'], { name: 'swish' }),
      makeNode('Conv', ['swish', 'w2'], ['d'], { name: 'conv2' }),
      makeNode('Tanh', ['d'], ['y'], { name: 'tanh' }),
    ],
    initializers: [
      floats('w', [64, 64, 3, 3]),
      floats('w2', [64, 64, 3, 3]),
      scalar('zero', 0),
      scalar('three', 3),
      scalar('six', 6),
    ],
    opsets: { '': 11 },
  });
}

describe('inspecting a model', () => {
  it('tells what it holds', async () => {
    const inspection = await inspectModel(write('held.onnx'));
    expect(inspection).toMatchObject({
      irVersion: 8,
      opsets: [{ domain: '', version: 17 }],
      inputs: [{ name: 'x', type: 'float32', shape: ['batch', 64, 32, 32] }],
      outputs: [{ name: 'y', type: 'float32' }],
      operators: [
        { opType: 'Conv', domain: '', count: 2 },
        { opType: 'Mul', count: 1 },
        { opType: 'Relu', count: 1 },
        { opType: 'Tanh', count: 1 },
      ],
      parameters: 64 * 64 * 9 + 64 * 64,
      weights: [{ type: 'float32', tensors: 2, elements: 40960, bytes: 163840 }],
      metadata: { author: 'test' },
      plan: null,
    });
    expect(inspection.largest.map(({ name }) => name)).toEqual(['w', 'w2']);
  });

  it('counts external data to its size', async () => {
    const inside = await inspectModel(write('inside.onnx'));
    const outside = await inspectModel(write('outside.onnx', 'always'));
    expect(outside.sizeBytes).toBeGreaterThan(163840);
    expect(outside.parameters).toBe(inside.parameters);
  });

  it.each([
    ['with', false],
    ['without', true],
  ])('counts 4-bit weights %s zero points singly, as size.parameters does', async (_, symmetric) => {
    const size = 256;
    const path = join(directory, `wide-${symmetric}.onnx`);
    const model = makeModel({
      inputs: [makeValue('x', DataType.FLOAT, ['batch', size])],
      outputs: [makeValue('y', DataType.FLOAT, ['batch', size])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
      initializers: [floats('w', [size, size])],
    });
    writeModel(model, path);
    const out = join(directory, `packed-${symmetric}.onnx`);
    const { groups } = await quantizeModel({
      model: path,
      out,
      options: { ...defaultQuantize('int4-weights'), symmetric },
      target: 'cpu',
      calibration: null,
      context: { runtime: await loadRuntime(), log: SILENT },
      verify: false,
    });
    expect(groups.quantized).toBe(1);
    const blocks = (size * size) / 32;
    const expected = size * size + blocks * (symmetric ? 1 : 2);
    expect((await inspectModel(out)).parameters).toBe(expected);
    expect((await measureSize(out)).parameters).toBe(expected);
  });

  it('says for each method what every operator would become, and why not', async () => {
    const { plan } = await inspectModel(write('planned.onnx'), {
      context: { runtime: await loadRuntime(), log: SILENT },
    });
    const staticPlan = plan?.find(({ method }) => method === 'int8-static');
    expect(staticPlan).toMatchObject({ refused: null, rewrites: { 'affine-into-previous': 1 } });
    const decisions = Object.fromEntries(
      staticPlan!.decisions.map(({ node, became, reason }) => [node, { became, reason }]),
    );
    expect(decisions.conv).toEqual({ became: 'QLinearConv', reason: null });
    expect(decisions.tanh).toEqual({ became: 'float', reason: expect.stringContaining('no 8-bit kernel') });
    for (const { refused, decisions: made } of plan!) expect(refused !== null || made.length > 0).toBe(true);
  });

  it('plans the model that int8-static quantizes: of one at opset 11, raised', async () => {
    const path = join(directory, 'opset-11.onnx');
    writeModel(hardSwishAtOpset11(), path);
    const runtime = await loadRuntime();
    const { plan } = await inspectModel(path, { context: { runtime, log: SILENT } });
    const made = await quantizeModel({
      model: path,
      out: join(directory, 'opset-11.int8.onnx'),
      options: defaultQuantize('int8-static'),
      target: 'cpu',
      calibration: dataset(samplesOf([1, 64, 32, 32])),
      context: { runtime, log: SILENT },
      verify: false,
    });
    const planned = plan!.find(({ method }) => method === 'int8-static')!;
    // h-swish runs in 8 bits from opset 12 on.
    expect(made.decisions).toContainEqual(expect.objectContaining({ became: 'QLinearMul' }));
    expect(planned).toMatchObject({ quantized: made.groups.quantized, decisions: made.decisions });
  });

  it('says once what exact rewrites recognized and left, on the log for details only', async () => {
    const path = join(directory, 'left.onnx');
    const model = makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [1, 64, 8, 8])],
      outputs: [makeValue('y')],
      nodes: [
        makeNode('Add', ['x', 'one'], ['a'], { name: 'shift' }),
        makeNode('Conv', ['a', 'w'], ['y'], { attributes: { pads: { ints: [1, 1, 1, 1] } } }),
      ],
      initializers: [floats('w', [64, 64, 3, 3]), makeTensor('one', DataType.FLOAT, [], Float32Array.of(1))],
    });
    writeModel(model, path);
    const said: string[] = [];
    const log = { ...SILENT, debug: (message: string) => said.push(message) };
    await inspectModel(path, { context: { runtime: await loadRuntime(), log } });
    expect(said.filter((message) => message.startsWith('Rewrite'))).toEqual([
      "Rewrite affine-into-next leaves Add 'shift': Conv pads its input with zeros, to which nothing is added.",
    ]);
  });

  it('refuses what is no model', async () => {
    await expect(inspectModel(join(directory, 'none.onnx'))).rejects.toThrow(/no such file/);
  });
});
