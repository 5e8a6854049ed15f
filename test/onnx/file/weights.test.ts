import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { TensorProto_DataLocation as Location, type TensorProto, TensorProtoSchema } from 'onnx-buf';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import type { AttributeValue } from '../../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import {
  externalLocations,
  filesOf,
  modelBytes,
  parameterCount,
  weightsOf,
} from '../../../src/onnx/file/weights.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { modelFolder } from '../../runtime/models.js';
import { modelWithOutsideBody, outsideBodyBytes } from '../outside-body.js';

const folder = modelFolder();
afterAll(() => folder.remove());

const value = (name: string) => makeValue(name, DataType.FLOAT, [2]);
const floats = (name: string, dims: number[]) =>
  makeTensor(name, DataType.FLOAT, dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));
const bytes = (name: string, dims: number[]) =>
  makeTensor(name, DataType.UINT8, dims, new Uint8Array(dims.reduce((a, b) => a * b, 1)));

function outside(name: string, location: string): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dataType: DataType.FLOAT,
    dims: [2n],
    dataLocation: Location.EXTERNAL,
    externalData: [{ key: 'location', value: location }],
  });
}

/** cond → If(then: a node that reads 'x' and 'w', else: x), the weight 'w' in the main graph. */
function readFromBody(opType: string, attributes: Record<string, AttributeValue>, inputs: TensorProto[]) {
  const names = inputs.map(({ name }) => name);
  const node = makeNode(opType, ['x', ...names], ['made'], { domain: 'com.microsoft', attributes });
  const then = makeModel({ inputs: [], outputs: [makeValue('made')], nodes: [node] }).graph.commit();
  const otherwise = makeModel({ inputs: [], outputs: [makeValue('x')], nodes: [] }).graph.commit();
  const branches = { then_branch: { graph: then }, else_branch: { graph: otherwise } };
  return makeModel({
    inputs: [makeValue('cond', DataType.BOOL, []), value('x')],
    outputs: [makeValue('y')],
    nodes: [makeNode('If', ['cond'], ['y'], { attributes: branches })],
    initializers: inputs,
  });
}

describe('the weights of a model', () => {
  it('are the initializers and constants of the main graph, of bodies and of functions', () => {
    const model = modelWithOutsideBody('w.bin');
    model.graph.setInitializer(floats('initializer', [3]));
    const tensor = { value: { tensor: floats('', [5]) } };
    model.graph.addNode(makeNode('Constant', [], ['constant'], { attributes: tensor }));
    const { proto } = model;
    model.graph.commit();
    const inFunction = makeNode('Constant', [], ['inner'], { attributes: tensor });
    const function_ = { $typeName: 'onnx.FunctionProto', node: [inFunction] };
    proto.functions.push(function_ as (typeof proto.functions)[number]);
    const weights = weightsOf(proto);
    expect(weights.map(({ name }) => name)).toEqual(['initializer', 'constant', 'w', 'inner']);
    expect(parameterCount(weights)).toBe(3 + 5 + 2 + 5);
  });

  it('are no shapes, flags or texts when they are counted', () => {
    const shape = makeTensor('s', DataType.INT64, [2], BigInt64Array.of(1n, 5n));
    const flag = makeTensor('f', DataType.BOOL, [1], Uint8Array.of(1));
    const { proto } = makeModel({ inputs: [], outputs: [], nodes: [], initializers: [shape, flag] });
    expect(weightsOf(proto)).toHaveLength(2);
    expect(parameterCount(weightsOf(proto))).toBe(0);
  });
});

describe('packed weights count singly', () => {
  const attributes = { K: { int: 96 }, N: { int: 4 }, bits: { int: 4 }, block_size: { int: 32 } };

  it.each([
    [
      'of MatMulNBits, zero points included',
      [bytes('w', [4, 3, 16]), floats('s', [4, 3]), bytes('z', [4, 2])],
      24,
    ],
    [
      'of MatMulNBits with float zero points',
      [bytes('w', [4, 3, 16]), floats('s', [4, 3]), floats('z', [4, 3])],
      24,
    ],
    ['of MatMulNBits without zero points', [bytes('w', [4, 3, 16]), floats('s', [4, 3])], 12],
  ])('%s', (_, inputs, besides) => {
    const node = makeNode('MatMulNBits', ['x', ...inputs.map(({ name }) => name)], ['y'], {
      domain: 'com.microsoft',
      attributes,
    });
    const { proto } = makeModel({ inputs: [], outputs: [], nodes: [node], initializers: inputs });
    expect(parameterCount(weightsOf(proto))).toBe(96 * 4 + besides);
  });

  it('when only a body reads them', () => {
    const inputs = [bytes('w', [4, 3, 16]), floats('s', [4, 3])];
    const { proto } = readFromBody('MatMulNBits', attributes, inputs);
    expect(parameterCount(weightsOf(proto))).toBe(96 * 4 + 12);
  });

  it.each([
    [4, 8],
    [8, 16],
  ])('of GatherBlockQuantized with %i bits', (bits, columns) => {
    const initializers = [bytes('table', [10, columns]), floats('s', [10, 1]), bytes('z', [10, 1])];
    const node = makeNode('GatherBlockQuantized', ['table', 'x', 's', 'z'], ['y'], {
      domain: 'com.microsoft',
      attributes: { bits: { int: bits }, block_size: { int: 16 } },
    });
    const { proto } = makeModel({ inputs: [], outputs: [], nodes: [node], initializers });
    expect(parameterCount(weightsOf(proto))).toBe(10 * 16 + 10 + 10);
  });

  it('of the element type uint4, whose shape counts values', () => {
    const tensor = makeTensor('w', DataType.UINT4, [3, 5], new Uint8Array(15));
    const { proto } = makeModel({ inputs: [], outputs: [], nodes: [], initializers: [tensor] });
    expect(parameterCount(weightsOf(proto))).toBe(15);
  });
});

describe('the files of a model', () => {
  it('are its own and all that tensors lie in, wherever a tensor is', () => {
    const model = modelWithOutsideBody('body.bin');
    model.graph.setInitializer(outside('a', 'shared.bin'));
    model.graph.setInitializer(outside('b', 'shared.bin'));
    const tensor = { value: { tensor: outside('', 'attribute.bin') } };
    model.graph.addNode(makeNode('ConstantOfShape', ['x'], ['filled'], { attributes: tensor }));
    model.graph.commit();
    const sparse = { $typeName: 'onnx.SparseTensorProto', values: outside('c', 'sparse.bin'), dims: [] };
    const { sparseInitializer } = model.proto.graph!;
    sparseInitializer.push(sparse as unknown as (typeof sparseInitializer)[number]);
    expect(externalLocations(model.proto).sort()).toEqual([
      'attribute.bin',
      'body.bin',
      'shared.bin',
      'sparse.bin',
    ]);
  });

  it('count to its size, and must be there', async () => {
    const file = join(folder.path, 'outside.onnx');
    writeFileSync(file, outsideBodyBytes('outside.bin'));
    expect(() => filesOf(file)).toThrow(UserError);
    const data = join(folder.path, 'outside.bin');
    writeFileSync(data, Buffer.alloc(8));
    expect(filesOf(file)).toEqual([file, data]);
    const inside = folder.write(
      'alone.onnx',
      makeModel({ inputs: [], outputs: [], nodes: [makeNode('Neg', ['x'], ['y'])] }),
    );
    expect(filesOf(inside)).toEqual([inside]);
    const before = await modelBytes(file);
    writeFileSync(data, Buffer.alloc(20));
    expect(await modelBytes(file)).toBe(before + 12);
    rmSync(data);
  });

  it('may not lie outside its folder', () => {
    const file = join(folder.path, 'leaving.onnx');
    writeFileSync(file, outsideBodyBytes('../secret'));
    expect(() => filesOf(file)).toThrow("'../secret' leaves the model's folder");
  });
});
