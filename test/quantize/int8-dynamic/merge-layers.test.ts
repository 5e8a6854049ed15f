import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import { mergeLayers } from '../../../src/quantize/int8-dynamic/merge-layers.js';
import { linearLayer } from '../../../src/quantize/layers/linear-layer.js';
import {
  floatValue,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const SHAPE = [1, 6, 256];
const sample = samplesOf(SHAPE, 9).at(-1)!;

interface Shape {
  /** Names of the layers that have a bias. */
  biased?: string[];
  opset?: number;
}

/** Query, key and value of one activation, of different widths. */
function projections({ biased = ['q', 'k', 'v'], opset = 17 }: Shape = {}) {
  const widths = { q: 128, k: 128, v: 192 };
  const end = (name: string) => (biased.includes(name) ? `${name}_sum` : `${name}_product`);
  return smallModel({
    opset,
    inputs: [floatValue('x', [1, 'length', 256])],
    outputs: Object.keys(widths).map((name) => makeValue(`${name}_out`)),
    nodes: Object.keys(widths).flatMap((name) => [
      makeNode('MatMul', ['x', name], [`${name}_product`], { name }),
      ...(biased.includes(name) ? [makeNode('Add', [`${name}_product`, `${name}_bias`], [end(name)])] : []),
      makeNode('Tanh', [end(name)], [`${name}_out`]),
    ]),
    initializers: Object.entries(widths).flatMap(([name, width], i) => [
      weight(name, [256, width], i + 3),
      ...(biased.includes(name) ? [weight(`${name}_bias`, [width], i + 30)] : []),
    ]),
  });
}

async function outputs(model: ReturnType<typeof projections>) {
  const session = await runtime.open(encodeModel(model), { graphOptimizationLevel: 'disabled', threads: 1 });
  const all = await session.run(sample);
  await session.release();
  return all;
}

function mergeAll(model: ReturnType<typeof projections>) {
  const layers = model.graph.nodes.flatMap((node) => {
    const layer = node.opType === 'MatMul' ? linearLayer(model.graph, node) : null;
    return layer && !('reason' in layer) ? [layer] : [];
  });
  const merged = mergeLayers(model, layers);
  model.graph.prune();
  return merged;
}

describe('layers that read the same activation', () => {
  it.each([
    ['with biases', {}],
    ['without biases', { biased: [] }],
    ['in an old opset, where Split has its sizes as an attribute', { opset: 11 }],
  ] as [string, Shape][])('become one and a Split, which compute the same: %s', async (_, shape) => {
    const model = projections(shape);
    expect(mergeAll(model)).toMatchObject([{ depth: 256, channels: 448 }]);
    expect(model.graph.nodes.filter(({ opType }) => opType === 'MatMul')).toHaveLength(1);
    const [before, after] = [await outputs(projections(shape)), await outputs(model)];
    for (const name of ['q_out', 'k_out', 'v_out']) {
      expect(after[name]!.dims).toEqual(before[name]!.dims);
      expect(sqnr(before[name]!.data as Float32Array, after[name]!.data as Float32Array)).toBeGreaterThan(
        100,
      );
    }
  });

  it('stay apart where only some have a bias', () => {
    const model = projections({ biased: ['q', 'v'] });
    expect(mergeAll(model)).toHaveLength(3);
    expect(model.graph.nodes.some(({ opType }) => opType === 'Split')).toBe(false);
  });

  const dynamic = { method: 'int8-dynamic' as const, include: ['*'], samples: [sample], smoothQuant: false };

  it('run as one fused kernel, and not a bit changes', async () => {
    using place = scratch();
    const { file, result } = await quantizeSmall(projections(), place, dynamic);
    expect(result.groups).toEqual({ quantized: 3, float: 0 });
    const dump = join(place.directory, 'extended.onnx');
    await (
      await runtime.open(file, { graphOptimizationLevel: 'extended', optimizedModelPath: dump })
    ).release();
    const operators = readModel(dump).graph.nodes.map(({ opType }) => opType);
    expect(operators.filter((opType) => opType !== 'Tanh')).toEqual(['DynamicQuantizeMatMul', 'Split']);
    const merged = await run(file, sample);
    for (const name of ['q', 'k', 'v']) {
      using alone = scratch();
      const single = await quantizeSmall(projections(), alone, { ...dynamic, include: [name] });
      expect((await run(single.file, sample))[`${name}_out`]!.data).toEqual(merged[`${name}_out`]!.data);
    }
  });

  it('stay apart with one scale per weight, which would become coarser', async () => {
    using place = scratch();
    const { file } = await quantizeSmall(projections(), place, { ...dynamic, perChannel: false });
    const operators = readModel(file).graph.nodes.map(({ opType }) => opType);
    expect(operators.filter((opType) => opType === 'MatMulInteger')).toHaveLength(3);
  });
});
