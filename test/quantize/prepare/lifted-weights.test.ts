/** What is dumped without its weights is what would have been dumped with them. */
import { createHash } from 'node:crypto';
import { existsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  type NodeProto,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { basicDump } from '../../../src/quantize/prepare/basic-dump.js';
import {
  foldedWeights,
  liftableWeights,
  withoutWeights,
} from '../../../src/quantize/prepare/lifted-weights.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { floatValue, int64s, run, runtime, scratch, smallModel, weight } from '../small-models.js';

/** Operators and weights in no order: which of several equal nodes stays is the runtime's choice, and so are the names. */
function contents({ graph }: Model): { operators: string[]; weights: string[] } {
  return {
    operators: graph.nodes.map(({ opType }) => opType).sort(),
    weights: [...graph.initializers.keys()]
      .map((name) => {
        const { buffer, byteOffset, byteLength } = graph.constantValues(name)!;
        return createHash('sha256')
          .update(new Uint8Array(buffer, byteOffset, byteLength))
          .digest('hex');
      })
      .sort(),
  };
}

async function bothDumps(file: string, directory: string): Promise<{ whole: Model; lifted: Model }> {
  const dump = join(directory, 'whole.onnx');
  const options = { graphOptimizationLevel: 'basic', optimizedModelPath: dump, threads: 1 } as const;
  await (await runtime.open(file, options)).release();
  return {
    whole: readModel(dump),
    lifted: (await basicDump(file, { context: { runtime, log: SILENT } })).model,
  };
}

const [vocabulary, width] = [200, 256];
const ids: Feeds = { ids: { type: 'int64', dims: [1, 3], data: BigInt64Array.of(7n, 0n, 199n) } };

interface TextParts {
  nodes: NodeProto[];
  initializers?: TensorProto[];
}

const three = int64s('three', [4, 5, 6]);

/** ids → rows of a table → what the nodes make of `rows`: y. */
function textModel({ nodes, initializers = [] }: TextParts): Model {
  return smallModel({
    inputs: [makeValue('ids', DataType.INT64, [1, 3])],
    outputs: [floatValue('y', [1, 3, width])],
    nodes: [makeNode('Gather', ['table', 'ids'], ['rows']), ...nodes],
    initializers: [weight('table', [vocabulary, width]), ...initializers],
  });
}

const linear = textModel({
  nodes: [makeNode('MatMul', ['rows', 'w'], ['product']), makeNode('Add', ['product', 'b'], ['y'])],
  initializers: [weight('w', [width, width], 2), weight('b', [width], 3)],
});

/** A MatMul before a BatchNorm, which takes it in. */
const normalized = textModel({
  nodes: [
    makeNode('MatMul', ['rows', 'w'], ['product']),
    makeNode('Reshape', ['product', 'flat'], ['rowsOf']),
    makeNode('BatchNormalization', ['rowsOf', 'b', 'b', 'b', 'variance'], ['normal']),
    makeNode('Reshape', ['normal', 'shape'], ['y']),
  ],
  initializers: [
    weight('w', [width, width], 2),
    weight('b', [width], 3),
    makeTensor('variance', DataType.FLOAT, [width], new Float32Array(width).fill(1)),
    int64s('flat', [3, width]),
    int64s('shape', [1, 3, width]),
  ],
});

/** Rows that are always the same ones: the runtime folds them. */
const constantRows = textModel({
  nodes: [makeNode('Gather', ['positions', 'three'], ['same']), makeNode('Add', ['rows', 'same'], ['y'])],
  initializers: [weight('positions', [vocabulary, width], 2), three],
});

/** Read by a MatMul and transposed by the runtime for another. */
const tied = textModel({
  nodes: [
    makeNode('MatMul', ['rows', 'w'], ['first']),
    makeNode('Transpose', ['w'], ['turned'], { attributes: { perm: { ints: [1, 0] } } }),
    makeNode('MatMul', ['first', 'turned'], ['y']),
  ],
  initializers: [weight('w', [width, width], 2)],
});

/** A product of constants, and an Add that the runtime makes one Gemm with it. */
const constantProduct = smallModel({
  inputs: [floatValue('x', [3, width])],
  outputs: [floatValue('y', [3, width])],
  nodes: [makeNode('MatMul', ['a', 'w'], ['product']), makeNode('Add', ['product', 'x'], ['y'])],
  initializers: [weight('a', [3, width]), weight('w', [width, width], 2)],
});

/** Constant rows through constant layers: each can be folded when the one before it is. */
const constantChain = textModel({
  nodes: [
    makeNode('Gather', ['positions', 'three'], ['same']),
    makeNode('MatMul', ['same', 'w'], ['product']),
    makeNode('Add', ['rows', 'product'], ['y']),
  ],
  initializers: [weight('positions', [vocabulary, width], 2), weight('w', [width, width], 3), three],
});

/** Of a product only the shape is asked for. */
const onlyShape = textModel({
  nodes: [
    makeNode('MatMul', ['rows', 'w'], ['product']),
    makeNode('Shape', ['product'], ['size']),
    makeNode('Reshape', ['rows', 'size'], ['y']),
  ],
  initializers: [weight('w', [width, width], 2)],
});

/** Between Q and DQ the runtime quantizes a float weight. */
const halfQuantized = smallModel({
  inputs: [floatValue('x', [3, width])],
  outputs: [floatValue('y', [3, width])],
  nodes: [
    makeNode('QuantizeLinear', ['x', 'scale', 'zero'], ['xq']),
    makeNode('DequantizeLinear', ['xq', 'scale', 'zero'], ['xd']),
    makeNode('MatMul', ['xd', 'w'], ['product']),
    makeNode('Add', ['product', 'b'], ['sum']),
    makeNode('QuantizeLinear', ['sum', 'scale', 'zero'], ['yq']),
    makeNode('DequantizeLinear', ['yq', 'scale', 'zero'], ['y']),
  ],
  initializers: [
    weight('w', [width, width], 2),
    weight('b', [width], 3),
    makeTensor('scale', DataType.FLOAT, [], Float32Array.of(0.1)),
    makeTensor('zero', DataType.INT8, [], Int8Array.of(0)),
  ],
});

describe('a dump without the weights that are only read', () => {
  it.each([
    ['a linear layer', linear, ['table', 'w']],
    ['a MatMul before a BatchNorm', normalized, ['table']],
    ['rows that are constant', constantRows, ['positions', 'table']],
    ['a tied weight', tied, ['table']],
    ['constant rows and layers', constantChain, ['positions', 'table', 'w']],
    ['a product of which only the shape is read', onlyShape, ['table', 'w']],
  ])('holds what the whole dump holds: %s', async (_, model, names) => {
    using place = scratch();
    const file = join(place.directory, 'float.onnx');
    writeModel(model, file);
    expect([...liftableWeights(readModel(file)).keys()].sort()).toEqual(names);
    const { whole, lifted } = await bothDumps(file, place.directory);
    expect(contents(lifted)).toEqual(contents(whole));
    expect(lifted.graph.inputs.map(({ name }) => name)).toEqual(['ids']);
    const again = join(place.directory, 'again.onnx');
    writeModel(lifted, again);
    expect(await run(again, ids)).toEqual(await run(file, ids));
  });

  it.each([
    ['folds a constant product that became a Gemm', constantProduct],
    ['quantizes what the runtime quantizes by itself', halfQuantized],
  ])('%s', async (_, model) => {
    using place = scratch();
    const file = join(place.directory, 'float.onnx');
    writeModel(model, file);
    const { whole, lifted } = await bothDumps(file, place.directory);
    expect(contents(lifted)).toEqual(contents(whole));
  });

  it('knows which weights the runtime would have folded', () => {
    const lifted = liftableWeights(constantRows);
    expect(foldedWeights(withoutWeights(constantRows, lifted), lifted)).toEqual(['positions']);
    const one = liftableWeights(linear);
    expect(foldedWeights(withoutWeights(linear, one), one)).toEqual([]);
  });

  it('is made where weights had to be inputs (IR 3), and leaves those that callers may replace', async () => {
    using place = scratch();
    const nodes = [makeNode('Gather', ['table', 'ids'], ['rows']), makeNode('MatMul', ['rows', 'w'], ['y'])];
    const initializers = [weight('table', [vocabulary, width]), weight('w', [width, width], 2)];
    const inputs = [makeValue('ids', DataType.INT64, [1, 3])];
    const old = smallModel({ inputs, nodes, initializers, opset: 7 });
    const lifted = liftableWeights(old);
    expect([...lifted.keys()]).toEqual(['table', 'w']);
    // Each name once: the runtime refuses a second declaration.
    expect(withoutWeights(old, lifted).proto.graph!.input.map(({ name }) => name)).toEqual([
      'ids',
      'table',
      'w',
    ]);
    const file = join(place.directory, 'float.onnx');
    writeModel(old, file);
    const messages: string[] = [];
    const log = { ...SILENT, debug: (message: string) => messages.push(message) };
    const { model: dump } = await basicDump(file, { context: { runtime, log } });
    expect(messages).toEqual([]);
    expect(dump.proto.graph!.input.map(({ name }) => name)).toEqual(['ids']);
    expect([...dump.graph.initializers.keys()].sort()).toEqual(['table', 'w']);
    old.proto.irVersion = 8n;
    expect([...liftableWeights(old).keys()]).toEqual([]);
  });

  it('leaves weights in files of their own where they are', async () => {
    using place = scratch();
    const file = join(place.directory, 'float.onnx');
    writeModel(linear, file, { externalData: 'always' });
    const { model: dump } = await basicDump(file, { context: { runtime, log: SILENT } });
    const places = [...dump.graph.initializers.values()].map(({ name, dataLocation }) => [
      name,
      dataLocation,
    ]);
    const { DEFAULT, EXTERNAL } = TensorProto_DataLocation;
    // The bias lies in the file too, but the runtime wants to see it.
    expect(Object.fromEntries(places)).toMatchObject({ b: DEFAULT, table: EXTERNAL, w: EXTERNAL });
    const again = join(place.directory, 'again.onnx');
    writeModel(dump, again);
    expect(await run(again, ids)).toEqual(await run(file, ids));
  });

  it('is made of models that are larger than a dump can be', async () => {
    using place = scratch();
    const [rows, columns] = [16_384, 36_864];
    const bytes = rows * columns * 4;
    expect(bytes).toBeGreaterThan(2 ** 31);
    const model = smallModel({
      inputs: [floatValue('x', [2, rows])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['product']), makeNode('Add', ['product', 'b'], ['y'])],
      initializers: [
        create(TensorProtoSchema, {
          name: 'w',
          dataType: DataType.FLOAT,
          dims: [BigInt(rows), BigInt(columns)],
          dataLocation: TensorProto_DataLocation.EXTERNAL,
          externalData: [create(StringStringEntryProtoSchema, { key: 'location', value: 'weights' })],
        }),
        weight('b', [columns]),
      ],
    });
    const file = join(place.directory, 'float.onnx');
    writeFileSync(file, toBinary(ModelProtoSchema, model.proto));
    // Takes no room: nobody reads it.
    writeFileSync(join(place.directory, 'weights'), '');
    truncateSync(join(place.directory, 'weights'), bytes);
    const {
      model: { graph },
    } = await basicDump(file, { context: { runtime, log: SILENT } });
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Gemm']);
    expect(graph.initializers.get('w')!.dataLocation).toBe(TensorProto_DataLocation.EXTERNAL);
  });

  it('reads aligned weights wherever they lie in the file', async () => {
    using place = scratch();
    for (const name of ['w', 'ww', 'www', 'wwww']) {
      const file = join(place.directory, `${name}.onnx`);
      const { graph } = linear;
      const model = textModel({
        nodes: [makeNode('MatMul', ['rows', name], ['y'])],
        initializers: [{ ...graph.initializers.get('w')!, name }],
      });
      writeModel(model, file);
      const { model: dump } = await basicDump(file, { context: { runtime, log: SILENT } });
      expect(dump.graph.initializers.get(name)!.rawData.byteOffset % 4).toBe(0);
      expect(dump.graph.constantValues(name)).toEqual(graph.constantValues('w'));
      expect(dump.graph.constantValues('table')).toEqual(graph.constantValues('table'));
    }
  });
});

const SHARED = `${process.env.QUANTGATE_TEST_DATA ?? 'nowhere'}/models/`;

describe('the dumps of real models', () => {
  it.skipIf(!existsSync(SHARED)).each(['berttoy', 'minilm', 'ppocr-rec', 'digits'])(
    'are the same with and without weights: %s (needs QUANTGATE_TEST_DATA, a folder with models)',
    async (name) => {
      using place = scratch();
      const { whole, lifted } = await bothDumps(`${SHARED}${name}.onnx`, place.directory);
      expect(contents(lifted)).toEqual(contents(whole));
    },
  );
});
