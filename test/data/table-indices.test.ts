import { describe, expect, it } from 'vitest';
import { refusal, refusesSample } from '../../src/data/samples/refusal.js';
import { assertInTable } from '../../src/data/samples/table-indices.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { modelInputs } from '../../src/onnx/query/interface.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Tensor } from '../../src/tensor/tensor.js';

type Nodes = Parameters<typeof makeModel>[0]['nodes'];

const ints = (name: string, ...values: number[]) =>
  makeTensor(name, DataType.INT64, [values.length], BigInt64Array.from(values, BigInt));
const table = (name: string, rows: number) =>
  makeTensor(name, DataType.FLOAT, [rows, 2], new Float32Array(rows * 2));

/** The tables that input 'ids' is looked up in. */
function lookups(nodes: Nodes, initializers = [table('words', 50)]) {
  const model = makeModel({
    inputs: [makeValue('ids', DataType.INT64, ['n', 4])],
    outputs: [makeValue('y', DataType.FLOAT)],
    nodes,
    initializers,
  });
  return modelInputs(model)[0]!.lookups;
}

const gather = (from: string, to = 'y') => makeNode('Gather', ['words', from], [to]);

/** Whether a row of four ids is refused. */
function refuses(found: ReturnType<typeof lookups>, ...values: number[]): boolean {
  const tensor: Tensor = { type: 'int64', dims: [1, 4], data: BigInt64Array.from(values, BigInt) };
  try {
    assertInTable(tensor, { input: 'ids', role: 'ids', ...(found ? { lookups: found } : {}) }, 'row 1');
    return false;
  } catch {
    return true;
  }
}

describe('the table that ids are looked up in', () => {
  it.each(['Cast', 'Identity', 'Reshape', 'Unsqueeze', 'Squeeze', 'Transpose', 'Expand', 'Flatten'])(
    'is found behind %s',
    (opType) => {
      const found = lookups([makeNode(opType, ['ids'], ['a']), gather('a')]);
      expect(found).toEqual([{ rows: 50, parts: [] }]);
    },
  );

  it('is found in the bodies of an If, in a Constant node, behind Identity, and in a fused embedding', () => {
    const body = makeModel({ inputs: [], outputs: [makeValue('in')], nodes: [gather('ids', 'in')] });
    const branch = { graph: body.graph.commit() };
    const either = makeNode('If', ['c'], ['y'], {
      attributes: { then_branch: branch, else_branch: branch },
    });
    expect(lookups([either])).toEqual([{ rows: 50, parts: [] }]);
    const constant = makeNode('Constant', [], ['words'], {
      attributes: { value: { tensor: table('words', 7) } },
    });
    expect(lookups([constant, gather('ids')], [])).toEqual([{ rows: 7, parts: [] }]);
    const tied = [makeNode('Identity', ['head'], ['words']), gather('ids')];
    expect(lookups(tied, [table('head', 9)])).toEqual([{ rows: 9, parts: [] }]);
    const fused = makeNode('EmbedLayerNormalization', ['ids', '', 'words'], ['y'], {
      domain: 'com.microsoft',
    });
    expect(lookups([fused])).toEqual([{ rows: 50, parts: [] }]);
  });

  it('is not looked for behind arithmetic, nor in what the model computes', () => {
    expect(
      lookups([makeNode('Add', ['ids', 'two'], ['a']), gather('a')], [table('words', 50), ints('two', 2)]),
    ).toBe(undefined);
    expect(lookups([makeNode('Relu', ['x'], ['words']), gather('ids')], [])).toBe(undefined);
  });

  it('counts for the part that a Slice takes, and for no other', () => {
    const parts = [ints('from', 1), ints('to', -1), ints('axis', -1)];
    const slice = makeNode('Slice', ['ids', 'from', 'to', 'axis'], ['a']);
    const found = lookups(
      [slice, makeNode('Cast', ['a'], ['b']), gather('b')],
      [table('words', 50), ...parts],
    );
    expect(refuses(found, 99, 0, 49, 99)).toBe(false);
    expect(refuses(found, 0, 50, 0, 0)).toBe(true);
    expect(refuses(found, 0, 0, -1, 0)).toBe(true);
  });

  it('counts for a Slice as it was before opset 10, backwards and clamped', () => {
    const attributes = { starts: { ints: [2] }, ends: { ints: [999] }, axes: { ints: [1] } };
    expect(
      refuses(lookups([makeNode('Slice', ['ids'], ['a'], { attributes }), gather('a')]), 99, 99, 0, 1),
    ).toBe(false);
    const back = [ints('from', 0), ints('to', -999), ints('axis', 1), ints('step', -1)];
    const slice = makeNode('Slice', ['ids', 'from', 'to', 'axis', 'step'], ['a']);
    const found = lookups([slice, gather('a')], [table('words', 50), ...back]);
    expect(refuses(found, 99, 0, 0, 0)).toBe(true);
    expect(refuses(found, 0, 99, 99, 99)).toBe(false);
  });

  it('counts column by column where a model takes categories apart', () => {
    const columns = [0, 3].map((column) => ints(`column${column}`, column));
    const nodes = [0, 3].flatMap((column) => [
      makeNode('Gather', ['ids', `column${column}`], [`part${column}`], { attributes: { axis: { int: 1 } } }),
      makeNode('Gather', [`table${column}`, `part${column}`], [`y${column}`]),
    ]);
    const found = lookups(nodes, [...columns, table('table0', 3), table('table3', 2000)]);
    expect(refuses(found, 2, 7777, 7777, 1999)).toBe(false);
    expect(refuses(found, 3, 0, 0, 0)).toBe(true);
    expect(refuses(found, 0, 0, 0, 2000)).toBe(true);
    const split = makeNode('Split', ['ids', 'sizes'], ['a', 'b'], { attributes: { axis: { int: 1 } } });
    const halves = lookups([split, gather('b')], [table('words', 50), ints('sizes', 1, 3)]);
    expect(refuses(halves, 99, 0, 0, 0)).toBe(false);
    expect(refuses(halves, 0, 0, 0, 99)).toBe(true);
  });
});

describe('a sample that ONNX Runtime refuses', () => {
  const said =
    "Non-zero status code returned while running Gather node. Name:'' Status Message: indices element out of data bounds, idx=77 must be within the inclusive range [-50,49]";
  const feeds = (...values: number[]) => ({
    input_ids: { type: 'int64', dims: [1, values.length], data: BigInt64Array.from(values, BigInt) } as const,
    x: { type: 'float32', dims: [1, 1], data: Float32Array.of(77) } as const,
  });

  it('is told with the input, the id and the size of the vocabulary', () => {
    expect(refusesSample(said)).toBe(true);
    expect(refusal(said, { place: 'Sample 5', feeds: [feeds(1, 2), feeds(3, 77)] }).message).toBe(
      "Sample 5: 'input_ids' holds 77, but the model's vocabulary has 50 ids, 0 to 49. Are these ids of another vocabulary?",
    );
  });

  it('is told with what the inputs hold where the model computes the index', () => {
    const { message, code } = refusal(said, { place: 'Sample 5', feeds: [feeds(3, 75)] });
    expect(message).toContain("has 50 rows, 0 to 49. 'input_ids' holds 3 to 75. Are these");
    expect(code).toBe('data.ids-out-of-range');
  });

  it("is told in ONNX Runtime's words where they are of sizes", () => {
    const sizes = 'Got invalid dimensions for input: x for the following indices index: 1 Got: 3 Expected: 4';
    expect(refusal(sizes, { place: 'Sample 5', feeds: [feeds(1)] })).toMatchObject({
      code: 'data.refused-by-model',
      message: `Sample 5: the model doesn't run on it: ${sizes}`,
    });
    expect(refusesSample('the worker was ended by SIGSEGV')).toBe(false);
  });
});
