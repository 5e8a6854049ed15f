import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SILENT } from '../../src/log.js';
import type { Model } from '../../src/onnx/model.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { layerErrors } from '../../src/variants/layer-errors.js';
import { matMulModel, modelFolder } from '../runtime/models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
const runtime = await loadRuntime();

/** Products in a row, the weight of the one numbered `worse` a tenth too large. */
function products(worse: number | null): Model {
  const model = matMulModel(3, 8);
  if (worse === null) return model;
  const { graph } = model;
  const product = graph.nodes.filter(({ opType }) => opType === 'MatMul')[worse]!;
  const name = product.input[1]!;
  const larger = graph.floats(name).map((value) => value * 1.1);
  const bytes = new Uint8Array(larger.buffer, larger.byteOffset, larger.byteLength);
  graph.setInitializer({ ...graph.initializers.get(name)!, rawData: bytes, floatData: [] });
  return model;
}

const asked = (worse: number | null) => ({
  original: folder.write('original.onnx', products(null)),
  file: folder.write('variant.onnx', products(worse)),
  target: 'cpu' as const,
  calibration: null,
  decisions: [],
  context: { runtime, log: SILENT },
});

describe('the error along the graph', () => {
  it('is lost in the layer that computes otherwise, and in no other', async () => {
    const errors = (await layerErrors(asked(1)))!;
    expect(errors).toMatchObject({ samples: 1, madeUp: true, compared: 3 });
    expect(errors.tensors.map(({ at, sqnr }) => [at, Math.round(sqnr)])).toEqual([
      [0, 200],
      [1, 20],
      [2, 20],
    ]);
    expect(errors.tensors[1]!.loss).toBeCloseTo(60, 0);
  });

  it('is not taken of what is made for a machine elsewhere', async () => {
    expect(await layerErrors({ ...asked(1), target: 'tensorrt' })).toBeUndefined();
  });

  it('is not known where the file does not open, which is said elsewhere', async () => {
    const file = join(folder.path, 'none.onnx');
    expect(await layerErrors({ ...asked(1), file })).toBeUndefined();
  });
});
