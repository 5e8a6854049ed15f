/** Values that nobody saw, behind constants beyond the half range. */
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { behindLargeFactors } from '../../../src/quantize/float16/large-factors.js';
import { inferTypes } from '../../../src/quantize/prepare/prepare.js';
import { runtime, smallModel } from '../small-models.js';

/** Operators that stay float32 in: x, scaled, plus one, its logarithm, halved. */
async function keptFloat(opType: string, factor: number, observed: string[] = []): Promise<string[]> {
  const model = smallModel({
    nodes: [
      makeNode(opType, ['x', 'factor'], ['scaled']),
      makeNode('Add', ['scaled', 'one'], ['sum']),
      makeNode('Log', ['sum'], ['log']),
      makeNode('Mul', ['log', 'one'], ['y']),
    ],
    initializers: [
      makeTensor('factor', DataType.FLOAT, [], Float32Array.of(factor)),
      makeTensor('one', DataType.FLOAT, [], Float32Array.of(1)),
    ],
  });
  const { graph } = model;
  const types = await inferTypes(model, { context: { runtime } });
  const ranges = new Map(observed.map((name) => [name, { min: 0, max: 1 }]));
  const constant = (name: string) => graph.constant(name);
  const found = behindLargeFactors({ graph, types, opset: 17 }, { ranges, constant });
  return [...found].map(({ output }) => output[0]!);
}

describe('float16 without observed values', () => {
  it('keeps a product with a constant beyond the half range float32, up to what bounds it', async () => {
    expect(await keptFloat('Mul', 2 ** 20)).toEqual(['scaled', 'sum', 'log']);
  });

  it('keeps a quotient by such a constant, but not what reads it', async () => {
    expect(await keptFloat('Div', 2 ** 20)).toEqual(['scaled']);
  });

  it('keeps nothing behind factors in the half range, masks, or what was observed', async () => {
    expect(await keptFloat('Mul', 60_000)).toEqual([]);
    expect(await keptFloat('Mul', -3.4e38)).toEqual([]);
    expect(await keptFloat('Mul', Number.POSITIVE_INFINITY)).toEqual([]);
    expect(await keptFloat('Mul', 2 ** 20, ['scaled', 'sum', 'log', 'y'])).toEqual([]);
  });
});
