import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT } from '../../../../src/log.js';
import { makeNode, makeValue } from '../../../../src/onnx/build.js';
import { readModel } from '../../../../src/onnx/file/read.js';
import type { Model } from '../../../../src/onnx/model.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { loadRuntime } from '../../../../src/runtime/load.js';
import { locateWasm } from '../../../../src/runtime/provision/provision.js';
import { startWorker } from '../../../../src/runtime/worker/worker.js';
import { type Feeds, floatsOf } from '../../../../src/tensor/tensor.js';
import { verifyFile } from '../../../../src/verify/proof/verify-file.js';
import { type Quantized, quantizeSmall, run, scratch, smallModel, sqnr, weight } from '../../small-models.js';

const WIDTH = 160;
const ROWS = 512;

/** A table, two large products, and what lies between them in float32. */
function textModel(): Model {
  return smallModel({
    inputs: [makeValue('ids', DataType.INT64, ['tokens'])],
    outputs: [makeValue('y', DataType.FLOAT, ['tokens', WIDTH])],
    nodes: [
      makeNode('Gather', ['table', 'ids'], ['rows'], { name: 'lookup' }),
      makeNode('LayerNormalization', ['rows', 'scale', 'bias'], ['normal'], { name: 'norm' }),
      makeNode('MatMul', ['normal', 'w_first'], ['h'], { name: 'first' }),
      makeNode('Sigmoid', ['h'], ['gate'], { name: 'squash' }),
      makeNode('MatMul', ['gate', 'w_second'], ['y'], { name: 'second' }),
    ],
    initializers: [
      weight('table', [ROWS, WIDTH]),
      weight('scale', [WIDTH], 2),
      weight('bias', [WIDTH], 3),
      weight('w_first', [WIDTH, WIDTH], 4),
      weight('w_second', [WIDTH, WIDTH], 5),
    ],
  });
}

const samples = Array.from({ length: 4 }, (_, sample): Feeds => {
  const ids = Array.from({ length: 7 }, (_, at) => (sample * 97 + at * 31) % ROWS);
  return { ids: { type: 'int64', dims: [7], data: BigInt64Array.from(ids, BigInt) } };
});

const runtime = await loadRuntime({ locateWasm: (build) => locateWasm({ log: SILENT, build }) });
const OPTIONS = { method: 'int4-weights', include: null, rounding: 'nearest', samples } as const;

async function fidelity({ file, float }: Quantized): Promise<number> {
  const [a, b] = [await run(float, samples[0]!), await run(file, samples[0]!)];
  return sqnr(floatsOf(a.y!), floatsOf(b.y!));
}

describe('4-bit weights with the rest in half', () => {
  const place = scratch();
  afterAll(() => place[Symbol.dispose]());
  let half: Quantized;
  beforeAll(async () => {
    half = await quantizeSmall(textModel(), place, { ...OPTIONS, rest: 'float16' });
  });

  it('hold codes in 4 bits and all else in half, between inputs and outputs as they were', () => {
    const { graph } = readModel(half.file);
    const types = [...graph.initializers.values()].map(({ dataType }) => dataType);
    expect(new Set(types)).toEqual(new Set([DataType.UINT8, DataType.FLOAT16]));
    const operators = graph.nodes.map(({ opType }) => opType);
    expect(operators.toSorted()).toEqual(
      'Cast GatherBlockQuantized LayerNormalization MatMulNBits MatMulNBits Sigmoid'.split(' '),
    );
    expect(graph.producer('y')).toMatchObject({ opType: 'Cast' });
    const became = half.result.decisions.map(({ node, became }) => [node, became]);
    expect(Object.fromEntries(became)).toEqual({
      lookup: 'GatherBlockQuantized',
      norm: 'float16',
      first: 'MatMulNBits',
      squash: 'float16',
      second: 'MatMulNBits',
    });
  });

  it('follow the original as 4 bits alone do, natively, in half arithmetic, and in WebAssembly', async () => {
    using other = scratch();
    const plain = await fidelity(await quantizeSmall(textModel(), other, OPTIONS));
    expect(plain).toBeGreaterThan(12);
    expect(Math.abs((await fidelity(half)) - plain)).toBeLessThan(1);

    const context = { runtime, log: SILENT };
    const { file, float: original } = half;
    const request = { original, file, target: 'cpu', samples, representative: true, floor: 8 } as const;
    const proof = await verifyFile({ ...request, context });
    expect(proof).toMatchObject({ state: 'full', levels: ['disabled', 'basic', 'extended', 'all'] });
    expect(Math.abs(proof.sqnr! - plain)).toBeLessThan(3);

    const worker = await startWorker({ model: file, runtime, session: { provider: 'wasm', threads: 1 } });
    try {
      const { outputs } = await worker.call('run', { feeds: samples[0]!, outputs: null });
      const expected = floatsOf((await run(original, samples[0]!)).y!);
      expect(Math.abs(sqnr(expected, floatsOf(outputs.y!)) - plain)).toBeLessThan(1);
    } finally {
      await worker.kill();
    }
  });

  it('leave what is excluded in float32, and count what include leaves out to the rest', async () => {
    using other = scratch();
    const some = { ...OPTIONS, rest: 'float16' as const, include: ['first', 'second'], exclude: ['second'] };
    const { result, file } = await quantizeSmall(textModel(), other, some);
    const became = Object.fromEntries(result.decisions.map(({ node, became }) => [node, became]));
    expect(became).toMatchObject({ first: 'MatMulNBits', second: 'float', lookup: 'float16' });
    expect(readModel(file).graph.initializers.get('w_second')?.dataType).toBe(DataType.FLOAT);
  });

  it('take 8 bits where the outputs need them', async () => {
    using other = scratch();
    const mixed = await quantizeSmall(textModel(), other, { ...OPTIONS, rest: 'float16', minSqnr: 30 });
    expect((mixed.result.provenance.mixed as { sqnr: number }).sqnr).toBeGreaterThan(30);
    expect(mixed.result.decisions.map(({ became }) => became)).toContain('float16');
    expect(await fidelity(mixed)).toBeGreaterThan(25);
  });
});

describe('float16 of a file in 4 bits', () => {
  it('makes scales and arithmetic half, leaves the codes, and answers as the file did', async () => {
    using first = scratch();
    using second = scratch();
    const bits = await quantizeSmall(textModel(), first, OPTIONS);
    const half = await quantizeSmall(readModel(bits.file), second, {
      method: 'float16',
      include: null,
      samples,
    });
    const became = half.result.decisions.map(({ node, became }) => [node, became]);
    const names = ['lookup', 'norm', 'first', 'squash', 'second'];
    expect(Object.fromEntries(became)).toMatchObject(
      Object.fromEntries(names.map((name) => [name, 'float16'])),
    );

    const typesOf = (file: string) =>
      [...readModel(file).graph.initializers.values()].map(({ dataType }) => dataType);
    const codes = (file: string) => typesOf(file).filter((type) => type === DataType.UINT8).length;
    expect(codes(half.file)).toBe(codes(bits.file));
    expect(typesOf(bits.file)).toContain(DataType.FLOAT);
    expect(new Set(typesOf(half.file))).toEqual(new Set([DataType.UINT8, DataType.FLOAT16]));
    expect(await fidelity(half)).toBeGreaterThan(45);
  });
});
