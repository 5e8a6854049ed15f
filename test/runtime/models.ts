/** Small models on disk for tests of the runtime and the measuring rooms. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';

export interface ModelFolder {
  readonly path: string;
  /** Writes a model and gives its path. */
  write(name: string, model: Model): string;
  remove(): void;
}

export function modelFolder(): ModelFolder {
  const path = mkdtempSync(join(tmpdir(), 'quantgate-test-'));
  return {
    path,
    write(name, model) {
      const file = join(path, name);
      writeModel(model, file);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** y = relu(x), x float [batch, 4]. */
export function reluModel(): Model {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['batch', 4])],
    outputs: [makeValue('y', DataType.FLOAT, ['batch', 4])],
    nodes: [makeNode('Relu', ['x'], ['y'], { name: 'relu' })],
  });
}

/** `layers` products of x [batch, size] with [size, size] weights. */
export function matMulModel(layers: number, size: number): Model {
  const name = (layer: number) => (layer === layers ? 'y' : layer === 0 ? 'x' : `h${layer}`);
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['batch', size])],
    outputs: [makeValue('y', DataType.FLOAT, ['batch', size])],
    nodes: Array.from({ length: layers }, (_, layer) =>
      makeNode('MatMul', [name(layer), `w${layer}`], [name(layer + 1)], { name: `matmul${layer}` }),
    ),
    initializers: Array.from({ length: layers }, (_, layer) =>
      makeTensor(
        `w${layer}`,
        DataType.FLOAT,
        [size, size],
        Float32Array.from({ length: size * size }, (_value, i) => Math.sin(i + layer) / size),
      ),
    ),
  });
}

/** A Loop whose condition never turns false. */
export function endlessModel(): Model {
  const body = makeModel({
    inputs: [
      makeValue('i', DataType.INT64, []),
      makeValue('going', DataType.BOOL, []),
      makeValue('state', DataType.FLOAT, ['batch', 4]),
    ],
    outputs: [makeValue('still', DataType.BOOL, []), makeValue('next', DataType.FLOAT, ['batch', 4])],
    nodes: [makeNode('Identity', ['going'], ['still']), makeNode('Relu', ['state'], ['next'])],
  });
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['batch', 4])],
    outputs: [makeValue('y', DataType.FLOAT, ['batch', 4])],
    nodes: [
      makeNode('Loop', ['', 'yes', 'x'], ['y'], {
        name: 'forever',
        attributes: { body: { graph: body.proto.graph! } },
      }),
    ],
    initializers: [makeTensor('yes', DataType.BOOL, [], Uint8Array.of(1))],
  });
}

/** Asks for a tensor of 2^50 numbers. */
export function giantModel(): Model {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['batch', 4])],
    outputs: [makeValue('y', DataType.FLOAT, ['rows', 'columns'])],
    nodes: [
      makeNode('ReduceSum', ['x'], ['sum'], { attributes: { keepdims: { int: 0 } } }),
      makeNode('Mul', ['sum', 'zero'], ['nothing']),
      makeNode('Cast', ['nothing'], ['offset'], { attributes: { to: { int: DataType.INT64 } } }),
      makeNode('Add', ['size', 'offset'], ['shape']),
      makeNode('Expand', ['one', 'shape'], ['y'], { name: 'giant' }),
    ],
    initializers: [
      makeTensor('zero', DataType.FLOAT, [], Float32Array.of(0)),
      makeTensor('size', DataType.INT64, [2], BigInt64Array.of(2n ** 25n, 2n ** 25n)),
      makeTensor('one', DataType.FLOAT, [1, 1], Float32Array.of(1)),
    ],
  });
}

/** y = 1 / x: infinite for an input of 0. */
export function infiniteModel(): Model {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['batch', 4])],
    outputs: [makeValue('y', DataType.FLOAT, ['batch', 4])],
    nodes: [makeNode('Sub', ['x', 'x'], ['zero']), makeNode('Div', ['x', 'zero'], ['y'])],
  });
}

/** A convolution in double precision, for which WebAssembly has no kernel. */
export function doubleConvolution(): Model {
  const value = (name: string) => makeValue(name, DataType.DOUBLE, [1, 1, 4, 4]);
  return makeModel({
    inputs: [value('x')],
    outputs: [value('y')],
    nodes: [makeNode('Conv', ['x', 'w'], ['y'])],
    initializers: [makeTensor('w', DataType.DOUBLE, [1, 1, 1, 1], Float64Array.of(1))],
  });
}

/** A model of one value whose output takes 4.8 GB, twice. */
export function giantOutput(): Model {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1])],
    outputs: [makeValue('y', DataType.FLOAT, ['n'])],
    nodes: [makeNode('Expand', ['x', 'shape'], ['h']), makeNode('Neg', ['h'], ['y'])],
    initializers: [makeTensor('shape', DataType.INT64, [1], BigInt64Array.of(1_200_000_000n))],
  });
}
