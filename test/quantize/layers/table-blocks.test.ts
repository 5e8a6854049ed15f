import { expect, it } from 'vitest';
import { copyModel } from '../../../src/onnx/edit/copy-model.js';
import { addBlockTable } from '../../../src/quantize/layers/table-blocks.js';
import { floatValue, smallModel, weight } from '../small-models.js';

it('a table is packed into blocks once for all copies of a model, by rows and by columns', () => {
  const model = smallModel({
    inputs: [floatValue('x', [1])],
    nodes: [],
    initializers: [weight('table', [64, 96])],
  });
  const packed = (axis: number) => {
    const { graph } = copyModel(model);
    return addBlockTable(graph, { name: 'table', axis }).inputs.map((name) => graph.constant(name)!);
  };
  const rows = packed(0);
  expect(rows.map(({ dims }) => dims.map(Number))).toEqual([
    [64, 48],
    [64, 3],
    [64, 2],
  ]);
  for (const [index, { rawData }] of packed(0).entries())
    expect(rawData.buffer).toBe(rows[index]!.rawData.buffer);
  expect(packed(1).map(({ dims }) => dims.map(Number))).toEqual([
    [96, 32],
    [96, 2],
    [96, 1],
  ]);
});
