import { create } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, AttributeProtoSchema, SparseTensorProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { tensorAttribute } from '../../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { densify, holdsSparse } from '../../../src/onnx/convert/densify.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor, tensorValues } from '../../../src/onnx/tensor/tensor.js';
import { runtime } from '../../quantize/small-models.js';

/** y = x · w with w [3, 4]: 5 at [0, 1], −2 at [2, 3]. */
function sparseProduct(indices: { dims: number[]; values: bigint[] }) {
  const model = makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1, 3])],
    outputs: [makeValue('y', DataType.FLOAT, [1, 4])],
    nodes: [makeNode('MatMul', ['x', 'w'], ['y'])],
  });
  model.proto.graph!.sparseInitializer = [
    create(SparseTensorProtoSchema, {
      values: makeTensor('w', DataType.FLOAT, [2], Float32Array.of(5, -2)),
      indices: makeTensor('', DataType.INT64, indices.dims, BigInt64Array.from(indices.values)),
      dims: [3n, 4n],
    }),
  ];
  return model;
}

const FORMS = {
  linear: { dims: [2], values: [1n, 11n] },
  coordinates: { dims: [2, 2], values: [0n, 1n, 2n, 3n] },
};

describe('sparse initializers', () => {
  it.each(Object.entries(FORMS))('become dense as ONNX Runtime makes them: %s', async (_, form) => {
    const { proto } = sparseProduct(form);
    const feeds = { x: { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(1, 10, 100) } };
    const session = await runtime.open(encodeModel(sparseProduct(form)));
    const expected = (await session.run(feeds)).y!.data;
    await session.release();
    expect(densify(proto.graph!, null)).toBe(1);
    expect(proto.graph!.sparseInitializer).toEqual([]);
    const weights = tensorValues(proto.graph!.initializer[0]!) as Float32Array;
    expect([...weights]).toEqual([0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, -2]);
    expect([...(expected as Float32Array)]).toEqual([0, 5, 0, -200]);
  });

  it('of Constant nodes do so too, in bodies as well', async () => {
    const { proto } = sparseProduct(FORMS.linear);
    const graph = proto.graph!;
    const [sparseTensor] = graph.sparseInitializer;
    graph.sparseInitializer = [];
    const constant = makeNode('Constant', [], ['w']);
    constant.attribute = [
      create(AttributeProtoSchema, {
        name: 'sparse_value',
        type: AttributeProto_AttributeType.SPARSE_TENSOR,
        sparseTensor: sparseTensor!,
      }),
    ];
    graph.node.unshift(constant);
    const body = makeModel({
      inputs: [],
      outputs: [makeValue('w', DataType.FLOAT, [3, 4])],
      nodes: [constant],
    });
    const outer = makeModel({
      inputs: [makeValue('c', DataType.BOOL, [])],
      outputs: [makeValue('z', DataType.FLOAT, [3, 4])],
      nodes: [
        makeNode('If', ['c'], ['z'], {
          attributes: {
            then_branch: { graph: body.proto.graph! },
            else_branch: { graph: body.proto.graph! },
          },
        }),
      ],
    });
    expect(holdsSparse(outer.proto.graph!)).toBe(true);
    expect(densify(proto.graph!, null)).toBe(1);
    const dense = tensorValues(tensorAttribute(constant, 'value')!) as Float32Array;
    expect([...dense]).toEqual([0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, -2]);
    // The node is the same in the body.
    expect(holdsSparse(outer.proto.graph!)).toBe(false);
    const session = await runtime.open(encodeModel(new Model(proto, null)));
    const feeds = { x: { type: 'float32' as const, dims: [1, 3], data: Float32Array.of(1, 10, 100) } };
    expect([...((await session.run(feeds)).y!.data as Float32Array)]).toEqual([0, 5, 0, -200]);
    await session.release();
  });

  it('with an index outside of them are refused', () => {
    const { proto } = sparseProduct({ dims: [2], values: [1n, 12n] });
    expect(() => densify(proto.graph!, null)).toThrow(UserError);
  });
});
