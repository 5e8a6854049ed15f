import { afterAll, describe, expect, it } from 'vitest';
import { providerNotes } from '../../src/measure/provider-notes.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/element-type.js';
import { modelFolder, reluModel } from '../runtime/models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
const qdq = folder.write(
  'qdq.onnx',
  makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1]), makeValue('scale', DataType.FLOAT, [])],
    outputs: [makeValue('y', DataType.FLOAT, [1])],
    nodes: [
      makeNode('QuantizeLinear', ['x', 'scale'], ['q']),
      makeNode('DequantizeLinear', ['q', 'scale'], ['y']),
    ],
  }),
);
const float = folder.write('float.onnx', reluModel());

const said = (provider: string, file: string, { target = null as string | null, trtexec = false } = {}) =>
  providerNotes({ model: 'm', provider, variants: [{ name: 'int8', file, target }], trtexec }).map(
    ({ code }) => code,
  );

describe('what a provider makes of 8-bit files', () => {
  it('is warned about on cuda and webgpu, which have no 8-bit kernels', () => {
    expect(said('cuda', qdq)).toEqual(['provider.no-int8']);
    expect(said('webgpu', qdq, { target: 'tensorrt' })).toEqual(['provider.no-int8']);
  });

  it('is not said twice of a file that was made for that provider', () => {
    expect(said('cuda', qdq, { target: 'cuda' })).toEqual([]);
  });

  it('is warned about on tensorrt without trtexec only', () => {
    expect(said('tensorrt', qdq)).toEqual(['provider.no-trtexec']);
    expect(said('tensorrt', qdq, { trtexec: true })).toEqual([]);
  });

  it('is nothing to say of float files, nor on the CPU', () => {
    expect(said('cuda', float)).toEqual([]);
    expect(said('tensorrt', float)).toEqual([]);
    expect(said('cpu', qdq)).toEqual([]);
  });
});
