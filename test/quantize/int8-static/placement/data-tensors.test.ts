import type { NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../../src/onnx/build.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { dataTensors } from '../../../../src/quantize/int8-static/placement/data-tensors.js';
import { inferTypes } from '../../../../src/quantize/prepare/prepare.js';
import { floatValue, int64s, runtime, smallModel, weight } from '../../small-models.js';

/** The inputs that are data. */
async function dataInputs(
  inputs: ValueInfoProto[],
  nodes: NodeProto[],
  initializers: TensorProto[],
): Promise<string[]> {
  const model = smallModel({ inputs, nodes, initializers });
  const data = dataTensors(model.graph, await inferTypes(model, { context: { runtime } }));
  return inputs.map(({ name }) => name).filter((name) => data.has(name));
}

const product = (input: string, output: string) => makeNode('MatMul', [input, 'w'], [output]);
const w = weight('w', [64, 64]);

describe('the data of a model', () => {
  it('is the audio, though a state of a recurrent layer has one dimension more', async () => {
    const found = await dataInputs(
      [floatValue('audio', [1, 64]), floatValue('state', [2, 1, 8])],
      [
        product('audio', 'a'),
        makeNode('Unsqueeze', ['a', 'first'], ['sequence']),
        makeNode('Split', ['state'], ['h', 'c'], { attributes: { axis: { int: 0 } } }),
        makeNode('LSTM', ['sequence', 'lw', 'lr', '', '', 'h', 'c'], ['y'], {
          attributes: { hidden_size: { int: 8 } },
        }),
      ],
      [w, int64s('first', [0]), weight('lw', [1, 32, 64], 2), weight('lr', [1, 32, 8], 3)],
    );
    expect(found).toEqual(['audio']);
  });

  it('is not a factor, a mean or a mask that is broadcast over it', async () => {
    const found = await dataInputs(
      [
        floatValue('image', [1, 3, 64, 64]),
        floatValue('scale', [1]),
        floatValue('mean', [3, 1, 1]),
        floatValue('mask', [1, 1, 64, 64]),
      ],
      [
        makeNode('Mul', ['scale', 'image'], ['scaled']),
        makeNode('Sub', ['scaled', 'mean'], ['centred']),
        makeNode('Mul', ['centred', 'mask'], ['masked']),
        makeNode('Conv', ['masked', 'k'], ['y']),
      ],
      [weight('k', [4, 3, 3, 3])],
    );
    expect(found).toEqual(['image']);
  });

  it('is no size by which the results are stretched', async () => {
    const found = await dataInputs(
      [
        floatValue('image', [1, 3, 64, 64]),
        floatValue('size', [1, 4]),
        makeValue('length', DataType.INT64, [1]),
      ],
      [
        makeNode('Conv', ['image', 'k'], ['c']),
        makeNode('Reshape', ['c', 'rows'], ['boxes']),
        makeNode('Mul', ['boxes', 'size'], ['stretched']),
        makeNode('Cast', ['length'], ['l'], { attributes: { to: { int: DataType.FLOAT } } }),
        makeNode('Div', ['stretched', 'l'], ['y']),
      ],
      [weight('k', [4, 3, 3, 3]), int64s('rows', [-1, 4])],
    );
    expect(found).toEqual(['image']);
  });

  it('is every input that weights read: pictures of different rank, a style, a cached context, tokens', async () => {
    const found = await dataInputs(
      [
        floatValue('rows', [8, 64]),
        floatValue('style', [1, 64]),
        floatValue('cache', [4, 64]),
        makeValue('tokens', DataType.INT64, [3]),
      ],
      [
        makeNode('Concat', ['cache', 'rows'], ['all'], { attributes: { axis: { int: 0 } } }),
        product('all', 'a'),
        product('style', 's'),
        makeNode('Add', ['a', 's'], ['b']),
        makeNode('Gather', ['table', 'tokens'], ['e']),
        makeNode('Concat', ['b', 'e'], ['y'], { attributes: { axis: { int: 0 } } }),
      ],
      [w, weight('table', [10, 64], 4)],
    );
    expect(found).toEqual(['rows', 'style', 'cache', 'tokens']);
  });

  it('is what has most dimensions where no weights say more', async () => {
    const found = await dataInputs(
      [floatValue('image', [1, 3, 8, 8]), floatValue('scale', [1])],
      [makeNode('Relu', ['image'], ['r']), makeNode('Mul', ['r', 'scale'], ['y'])],
      [],
    );
    expect(found).toEqual(['image']);
  });
});
