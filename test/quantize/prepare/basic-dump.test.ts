import { truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, TensorProto_DataLocation, TensorProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { MachineError } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { type WriteOptions, writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { tensorByteLength } from '../../../src/onnx/tensor/tensor.js';
import { basicDump } from '../../../src/quantize/prepare/basic-dump.js';
import type { Runtime } from '../../../src/runtime/runtime.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import {
  conv,
  floats,
  floatValue,
  int64s,
  run,
  runtime,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

/** The model's outputs and its dump's, and the dump's initializers. */
async function dumped(model: Model, feeds: Feeds, options: WriteOptions = {}) {
  using place = scratch();
  const [file, again] = [join(place.directory, 'float.onnx'), join(place.directory, 'dump.onnx')];
  writeModel(model, file, options);
  const { model: dump } = await basicDump(file, { context: { runtime, log: SILENT } });
  const initializers = [...dump.graph.initializers.values()];
  writeModel(dump, again);
  return { original: await run(file, feeds), dump: await run(again, feeds), initializers };
}

const image: Feeds = { x: { type: 'float32', dims: [1, 4, 8, 8], data: floats(256) } };
const convolution = smallModel({
  nodes: [conv('x', 'y', { weight: 'w' })],
  initializers: [weight('w', [8, 4, 3, 3])],
});

describe("ONNX Runtime's dump", () => {
  it('holds its weights itself, where arrays of their type can view them', async () => {
    const { original, dump, initializers } = await dumped(convolution, image);
    expect(dump).toEqual(original);
    expect(initializers.map(tensorByteLength)).toEqual([8 * 4 * 3 * 3 * 4]);
    for (const { dataLocation, rawData } of initializers) {
      expect(dataLocation).toBe(TensorProto_DataLocation.DEFAULT);
      expect(rawData.byteOffset % 4).toBe(0);
    }
  });

  it('leaves weights external that are', async () => {
    const { original, dump, initializers } = await dumped(convolution, image, { externalData: 'always' });
    expect(dump).toEqual(original);
    expect(initializers.map(({ dataLocation }) => dataLocation)).toEqual([TensorProto_DataLocation.EXTERNAL]);
  });

  it('keeps large constants of bodies', async () => {
    const branch = (seed: number) =>
      create(GraphProtoSchema, {
        name: `branch${seed}`,
        node: [makeNode('Add', ['x', `c${seed}`], [`sum${seed}`])],
        initializer: [weight(`c${seed}`, [1, 4, 8, 8], seed)],
        output: [makeValue(`sum${seed}`, DataType.FLOAT, [1, 4, 8, 8])],
      });
    const model = smallModel({
      inputs: [floatValue('x', [1, 4, 8, 8]), makeValue('flag', DataType.BOOL, [])],
      nodes: [
        makeNode('If', ['flag'], ['y'], {
          attributes: { then_branch: { graph: branch(1) }, else_branch: { graph: branch(2) } },
        }),
      ],
    });
    for (const flag of [0, 1]) {
      const { original, dump } = await dumped(model, {
        ...image,
        flag: { type: 'bool', dims: [], data: Uint8Array.of(flag) },
      });
      expect(dump).toEqual(original);
    }
  });

  it('is refused where its weights were cut off: the disk was full', async () => {
    using place = scratch();
    const file = join(place.directory, 'float.onnx');
    writeModel(convolution, file);
    const full: Runtime = {
      ...runtime,
      async open(model, options) {
        const session = await runtime.open(model, options);
        truncateSync(join(dirname(options!.optimizedModelPath!), 'basic.data'), 1000);
        return session;
      },
    };
    const dump = basicDump(file, { context: { runtime: full, log: SILENT } });
    await expect(dump).rejects.toThrow(MachineError);
    await expect(dump).rejects.toThrow(/could not write all weights .* make room/);
  });

  it('keeps large tables of text', async () => {
    const words = Array.from({ length: 300 }, (_, i) => `word ${i}`);
    const table = create(TensorProtoSchema, {
      name: 'words',
      dataType: DataType.STRING,
      dims: [300n],
      stringData: words.map((word) => new TextEncoder().encode(word)),
    });
    const model = smallModel({
      inputs: [makeValue('i', DataType.INT64, [2])],
      outputs: [makeValue('y', DataType.STRING, [2])],
      nodes: [makeNode('Gather', ['words', 'i'], ['y'])],
      initializers: [table, int64s('unused', [1])],
    });
    const { dump } = await dumped(model, {
      i: { type: 'int64', dims: [2], data: BigInt64Array.of(7n, 299n) },
    });
    expect(dump.y!.data).toEqual(['word 7', 'word 299']);
  });

  it('opens where products before an attention of opset 23 are fused later than the others', async () => {
    const linear = (name: string, input: string) => [
      makeNode('MatMul', [input, `${name}_w`], [`${name}_p`]),
      makeNode('Add', [`${name}_p`, `${name}_b`], [name]),
    ];
    const heads = (name: string) => [
      ...linear(name, 'norm'),
      makeNode('Reshape', [name, 'heads'], [`${name}_h`]),
      makeNode('Transpose', [`${name}_h`], [`${name}_t`], { attributes: { perm: { ints: [0, 2, 1, 3] } } }),
    ];
    const model = smallModel({
      opset: 23,
      inputs: [floatValue('x', [1, 8, 64])],
      nodes: [
        makeNode('LayerNormalization', ['x', 'scale', 'shift'], ['norm']),
        ...['q', 'k', 'v'].flatMap(heads),
        makeNode('Attention', ['q_t', 'k_t', 'v_t'], ['a']),
        makeNode('Transpose', ['a'], ['a_t'], { attributes: { perm: { ints: [0, 2, 1, 3] } } }),
        makeNode('Reshape', ['a_t', 'flat'], ['a_f']),
        ...linear('o', 'a_f'),
        makeNode('Add', ['o', 'norm'], ['sum']),
        makeNode('LayerNormalization', ['sum', 'scale', 'shift'], ['second']),
        ...linear('y', 'second'),
      ],
      initializers: [
        int64s('heads', [1, -1, 2, 32]),
        int64s('flat', [1, -1, 64]),
        ...['scale', 'shift'].map((name, index) => weight(name, [64], index + 1)),
        ...['q', 'k', 'v', 'o', 'y'].flatMap((name, index) => [
          weight(`${name}_w`, [64, 64], index + 3),
          weight(`${name}_b`, [64], index + 9),
        ]),
      ],
    });
    const feeds: Feeds = { x: { type: 'float32', dims: [1, 8, 64], data: floats(8 * 64) } };
    const { original, dump, initializers } = await dumped(model, feeds);
    expect(sqnr(original.y!.data as Float32Array, dump.y!.data as Float32Array)).toBeGreaterThan(100);
    // The names that made ONNX Runtime refuse it.
    expect(initializers.filter(({ name }) => name.startsWith('gemm_'))).toEqual([]);
    expect(initializers.map(({ name }) => name)).toContain('prepared_gemm_input_shape');
  });
});
