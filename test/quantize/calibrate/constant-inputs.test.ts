import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { ConstantInputsObserver } from '../../../src/quantize/calibrate/constant-inputs.js';
import type { Feeds, Tensor } from '../../../src/tensor/tensor.js';
import { conv, quantizeSmall, samplesOf, scratch, smallModel, weight } from '../small-models.js';

const floats = (...values: number[]): Tensor => ({
  type: 'float32',
  dims: [1, values.length],
  data: Float32Array.of(...values),
});
const ids = (...values: bigint[]): Tensor => ({
  type: 'int64',
  dims: [1, values.length],
  data: BigInt64Array.of(...values),
});

function messagesOf(...samples: Feeds[]): string[] {
  const observer = new ConstantInputsObserver();
  for (const feeds of samples) observer.add(new Map(), feeds);
  return observer.notes().map(({ message }) => message);
}

describe('calibration data that tell nothing', () => {
  it('are told of where every sample holds one and the same number', () => {
    expect(messagesOf({ x: floats(0, 0) }, { x: floats(0, 0) })).toEqual([
      'The calibration data tell nothing: every sample holds nothing but 0. The ranges fit no other data, which may be cut off to nothing: give real samples.',
    ]);
    expect(messagesOf({ x: ids(7n, 7n), mask: ids(1n, 1n) })[0]).toContain('nothing but 7 and 1.');
  });

  it('are not those that vary from sample to sample, or within one', () => {
    expect(messagesOf({ x: floats(0, 0) }, { x: floats(1, 1) })).toEqual([]);
    expect(messagesOf({ x: floats(0, 0) }, { x: floats(0, 1) })).toEqual([]);
    expect(messagesOf({ x: floats(0, 1) }, { x: floats(0, 0) })).toEqual([]);
  });

  it('are not those of which a mask is constant, or one number is all there is', () => {
    expect(messagesOf({ x: ids(3n, 4n), mask: ids(1n, 1n) })).toEqual([]);
    expect(messagesOf({ x: floats(5) })).toEqual([]);
    expect(messagesOf()).toEqual([]);
  });

  it('are told of by int8-static, whose ranges come of them', async () => {
    using place = scratch();
    const model = smallModel({
      nodes: [
        conv('x', 'a', { weight: 'k1' }),
        makeNode('Relu', ['a'], ['r']),
        conv('r', 'y', { weight: 'k2' }),
      ],
      initializers: [weight('k1', [8, 4, 3, 3]), weight('k2', [4, 8, 3, 3], 2)],
    });
    const samples = samplesOf([1, 4, 8, 8], 2);
    for (const { x } of samples) (x!.data as Float32Array).fill(0);
    const { result } = await quantizeSmall(model, place, { samples });
    const codes = result.notes.map(({ code }) => code);
    expect(codes).toContain('quantize.calibration-constant');
  });
});
