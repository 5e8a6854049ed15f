import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quantizeVariant } from '../../src/auto/auto.js';
import type { Method } from '../../src/config/choices.js';
import { defaultQuantize } from '../../src/config/defaults.js';
import { messageOf, UserError } from '../../src/errors.js';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import {
  dataset,
  floats,
  floatValue,
  runtime,
  samplesOf,
  scratch,
  smallModel,
} from '../quantize/small-models.js';

/** The upper halves of float32. */
const bfloat16 = (values: Float32Array) =>
  Uint16Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length), (bits) => bits >>> 16);
const cast = (to: DataType) => ({ attributes: { to: { int: to } } });

const model = () =>
  smallModel({
    inputs: [floatValue('x', ['batch', 256])],
    outputs: [floatValue('y', ['batch', 256])],
    nodes: [
      makeNode('Cast', ['x'], ['narrow'], cast(DataType.BFLOAT16)),
      makeNode('MatMul', ['narrow', 'w'], ['product'], { name: 'product' }),
      makeNode('Cast', ['product'], ['y'], cast(DataType.FLOAT)),
    ],
    initializers: [makeTensor('w', DataType.BFLOAT16, [256, 256], bfloat16(floats(256 * 256)))],
  });

it('auto names the methods that make a file of a model in bfloat16, which can not be timed', async () => {
  using place = scratch();
  const [file, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'q.onnx')];
  writeModel(model(), file);
  const made = async (method: Method) =>
    await quantizeVariant({
      ...{ model: file, out, options: defaultQuantize(method), target: 'cpu' },
      calibration: dataset(samplesOf([1, 256])),
      ...{ context: { runtime, log: SILENT, threads: 1 }, verify: false },
    });
  const error = await made('auto').catch((failed: unknown) => failed);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'model.refused' });
  const named = [...(/: take (.+), which/.exec(messageOf(error))?.[1] ?? '').matchAll(/int\d-\w+/g)];
  expect(named).toHaveLength(4);
  for (const [method] of named) {
    await made(method as Method);
    expect(existsSync(out)).toBe(true);
    rmSync(out);
  }
});
