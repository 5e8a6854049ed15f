import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Interrupted, UserError } from '../../../src/errors.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel, writeModelUnlessInterrupted } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { scratch } from '../../quantize/small-models.js';

/** A model of so many values. */
function model(values: number) {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [values])],
    outputs: [makeValue('y', DataType.FLOAT, [values])],
    nodes: [makeNode('Add', ['x', 'w'], ['y'])],
    initializers: [makeTensor('w', DataType.FLOAT, [values], new Float32Array(values))],
  });
}

/** Two pieces and more. */
const LARGE = 40e6;

it('writing a large model ends between two pieces when it is interrupted, and the file that was there stays', async () => {
  using place = scratch();
  const path = join(place.directory, 'm.onnx');
  writeModel(model(4), path);
  const before = readFileSync(path);
  for (const externalData of ['always', 'never'] as const) {
    const stop = new AbortController();
    const written = writeModelUnlessInterrupted(model(LARGE), path, { externalData, signal: stop.signal });
    // The first piece has been written when the caller goes on.
    expect(readdirSync(place.directory)).toHaveLength(2);
    stop.abort();
    await expect(written).rejects.toThrow(Interrupted);
    expect(readdirSync(place.directory)).toEqual(['m.onnx']);
    expect(readFileSync(path).equals(before)).toBe(true);
  }
});

it('a model that is written piece by piece has the bytes of one that is written at once', async () => {
  using place = scratch();
  const [pieces, whole] = ['pieces.onnx', 'whole.onnx'].map((name) => join(place.directory, name));
  const large = model(20e6);
  await writeModelUnlessInterrupted(large, pieces!, { externalData: 'never' });
  writeModel(large, whole!, { externalData: 'never', durable: false });
  expect(readFileSync(pieces!).equals(readFileSync(whole!))).toBe(true);
});

it('a place that there is not is the same error, whichever way a model is written', async () => {
  using place = scratch();
  const path = join(place.directory, 'nowhere', 'm.onnx');
  expect(() => writeModel(model(4), path)).toThrow(UserError);
  await expect(writeModelUnlessInterrupted(model(4), path, {})).rejects.toThrow(UserError);
});
