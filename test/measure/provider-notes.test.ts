import { afterAll, describe, expect, it } from 'vitest';
import { providerNotes } from '../../src/measure/provider-notes.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { modelFolder, reluModel } from '../runtime/models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
/** x quantized around the zero-points, and back. */
const qdqModel = (type: DataType, zeroPoints: Int8Array | Uint8Array) =>
  makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [zeroPoints.length])],
    outputs: [makeValue('y', DataType.FLOAT, [zeroPoints.length])],
    nodes: [
      makeNode('QuantizeLinear', ['x', 'scale', 'zero'], ['q'], {
        name: 'quantize x',
        attributes: { axis: { int: 0 } },
      }),
      makeNode('DequantizeLinear', ['q', 'scale', 'zero'], ['y'], { attributes: { axis: { int: 0 } } }),
    ],
    initializers: [
      makeTensor('scale', DataType.FLOAT, [zeroPoints.length], new Float32Array(zeroPoints.length).fill(0.1)),
      makeTensor('zero', type, [zeroPoints.length], zeroPoints),
    ],
  });
const qdq = folder.write('qdq.onnx', qdqModel(DataType.INT8, Int8Array.of(0, 0)));
const asymmetric = folder.write('asymmetric.onnx', qdqModel(DataType.INT8, Int8Array.of(0, -7)));
const unsigned = folder.write('unsigned.onnx', qdqModel(DataType.UINT8, Uint8Array.of(0)));
const dynamic = folder.write(
  'dynamic.onnx',
  makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [4])],
    outputs: [makeValue('q', DataType.UINT8, [4])],
    nodes: [makeNode('DynamicQuantizeLinear', ['x'], ['q', 'scale', 'zero'])],
  }),
);
const float = folder.write('float.onnx', reluModel());

const said = (provider: string, file: string, { target = null as string | null, trtexec = false } = {}) =>
  providerNotes({ model: 'm', provider, variants: [{ name: 'int8', file, target }], trtexec }).map(
    ({ code }) => code,
  );
const sentence = (file: string) =>
  providerNotes({
    model: 'm',
    provider: 'tensorrt',
    variants: [{ name: 'peer', file, target: null }],
    trtexec: true,
  })[0]!.message;

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

  it('is said where TensorRT would refuse the file: unsigned, off zero, or the CPU’s own operators', () => {
    expect(said('tensorrt', unsigned, { trtexec: true })).toEqual(['provider.not-tensorrt']);
    expect(sentence(unsigned)).toContain('quantize x makes uint8');
    expect(sentence(asymmetric)).toContain('quantize x has a zero-point other than 0');
    expect(sentence(dynamic)).toMatch(/it has DynamicQuantizeLinear.*preset: tensorrt/);
    expect(said('cuda', dynamic)).toEqual(['provider.no-int8']);
  });

  it('is nothing to say of float files, nor on the CPU', () => {
    expect(said('cuda', float)).toEqual([]);
    expect(said('tensorrt', float)).toEqual([]);
    expect(said('cpu', qdq)).toEqual([]);
  });
});
