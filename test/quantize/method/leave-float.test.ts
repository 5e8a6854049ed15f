import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Interrupted } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { leaveFloat } from '../../../src/quantize/method/result.js';
import { floatValue, runtime, scratch, smallModel } from '../small-models.js';

it('a large model that is left as it was is no longer written once that is interrupted, and nothing of it stays', async () => {
  using place = scratch();
  const model = join(place.directory, 'float.onnx');
  // Some pieces of a file.
  const size = 40e6;
  writeModel(
    smallModel({
      inputs: [floatValue('x', [size])],
      nodes: [makeNode('Add', ['x', 'w'], ['y'])],
      initializers: [makeTensor('w', DataType.FLOAT, [size], new Float32Array(size))],
    }),
    model,
    { durable: false },
  );
  const stop = new AbortController();
  const context = { runtime, log: SILENT, signal: stop.signal };
  const left = leaveFloat({ model, out: join(place.directory, 'q.onnx'), context });
  // The first piece has been written when the caller goes on.
  expect(readdirSync(place.directory)).toHaveLength(2);
  stop.abort();
  await expect(left).rejects.toThrow(Interrupted);
  expect(readdirSync(place.directory)).toEqual(['float.onnx']);
});
