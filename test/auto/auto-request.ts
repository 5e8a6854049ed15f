import { join } from 'node:path';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import {
  DEFAULTS,
  dataset,
  floatValue,
  runtime,
  samplesOf,
  smallModel,
  weight,
} from '../quantize/small-models.js';

/** What method auto is asked for a model, whose file goes into the directory, with seeded samples of its input `x`. */
export function requestFor(
  model: Model,
  directory: string,
  { shape, samples = 8 }: { shape: readonly number[]; samples?: number },
) {
  const file = join(directory, 'float.onnx');
  writeModel(model, file);
  return {
    model: file,
    out: join(directory, 'auto.onnx'),
    options: { ...DEFAULTS, method: 'auto' as const },
    target: 'cpu' as const,
    calibration: dataset(samplesOf(shape, samples)),
    context: { runtime, log: SILENT, threads: 1 },
    verify: true,
  };
}

/** What `products` reads. */
export const PRODUCTS_SHAPE = [1, 256];

/** Two products that are large enough for 4 bits. */
export const products = () =>
  smallModel({
    inputs: [floatValue('x', PRODUCTS_SHAPE)],
    nodes: [
      makeNode('MatMul', ['x', 'w1'], ['h'], { name: 'first' }),
      makeNode('Relu', ['h'], ['r'], { name: 'relu' }),
      makeNode('MatMul', ['r', 'w2'], ['y'], { name: 'second' }),
    ],
    initializers: [weight('w1', [256, 256], 1), weight('w2', [256, 256], 2)],
  });
