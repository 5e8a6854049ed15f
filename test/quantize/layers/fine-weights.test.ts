import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { copyModel } from '../../../src/onnx/edit/copy-model.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import type { Model } from '../../../src/onnx/model.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { FINE, fineBlocks, storeFinely } from '../../../src/quantize/layers/fine-weights.js';
import { floats, floatValue, run, samplesOf, scratch, smallModel, sqnr } from '../small-models.js';

/** x · w → y, x · w → z. */
const twoReaders = (values = floats(128 * 64, 3, 0.1)) =>
  smallModel({
    inputs: [floatValue('x', [2, 128])],
    outputs: [floatValue('y', [2, 64]), floatValue('z', [2, 64])],
    nodes: [makeNode('MatMul', ['x', 'w'], ['y']), makeNode('MatMul', ['x', 'w'], ['z'])],
    initializers: [makeTensor('w', DataType.FLOAT, [128, 64], values)],
  });

function stored(
  model: Model,
  { left, exclude = [], exact = [] }: { left: string[]; exclude?: string[]; exact?: string[] },
) {
  const fine = copyModel(model);
  const options = { include: null, exclude, overrides: {}, leftNames: left, exactNames: exact };
  const decisions = storeFinely({ model: fine }, options);
  fine.graph.prune();
  return { fine, decisions };
}

describe('weights that a repair leaves', () => {
  it('are stored in 12 bits for all who read them, near the original', async () => {
    using place = scratch();
    const model = twoReaders();
    const { fine, decisions } = stored(model, { left: ['y'] });
    expect(decisions.map(({ node, became }) => [node, became])).toEqual([
      ['y', FINE],
      ['z', FINE],
    ]);
    const files = {
      before: join(place.directory, 'before.onnx'),
      after: join(place.directory, 'after.onnx'),
    };
    writeModel(model, files.before);
    writeModel(fine, files.after);
    const [sample] = samplesOf([2, 128], 1);
    const [expected, actual] = [await run(files.before, sample!), await run(files.after, sample!)];
    for (const name of ['y', 'z'])
      expect(sqnr(expected[name]!.data as Float32Array, actual[name]!.data as Float32Array)).toBeGreaterThan(
        64,
      );
    const parts = [...fine.graph.initializers.keys()].filter((name) => /^w_(int8|low|scale)$/.test(name));
    expect(parts.map((name) => fine.graph.dims(name))).toEqual([
      [128, 32],
      [128, 64],
      [128, 1],
    ]);
  });

  it('stay as they are where another reader is excluded by the user', () => {
    const { fine, decisions } = stored(twoReaders(), { left: ['y'], exclude: ['z'] });
    expect(decisions).toEqual([]);
    expect(fine.graph.initializers.has('w')).toBe(true);
  });

  it('stay as they are where the outputs do not even bear them in half', () => {
    expect(stored(twoReaders(), { left: ['y'], exact: ['z'] }).decisions).toEqual([]);
  });

  it('stay as they are where halves have too few bits for their scales', () => {
    const { decisions } = stored(twoReaders(floats(128 * 64, 3, 1e-6)), { left: ['y'] });
    expect(decisions).toEqual([]);
  });
});

describe('blocks of 12 bits', () => {
  it('are within half a step of every value', () => {
    const value = fc.float({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 16, maxLength: 16 }), (list) => {
        const values = Float32Array.from(list);
        const blocks = fineBlocks(values, 16);
        if (!blocks) return;
        const [scale] = blocks.scales;
        for (const [at, value] of values.entries()) {
          const nibble = (blocks.low[at >> 1]! >> (at % 2 === 0 ? 0 : 4)) & 15;
          const error = Math.abs(value - (blocks.high[at]! + nibble / 16) * scale!);
          expect(error).toBeLessThanOrEqual(scale! / 32 + 1e-6);
        }
      }),
    );
  });
});
