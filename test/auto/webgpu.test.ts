import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quantizeVariant } from '../../src/auto/auto.js';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/read.js';
import { writeModel } from '../../src/onnx/write.js';
import {
  DEFAULTS,
  dataset,
  floatValue,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../quantize/small-models.js';
import { float16Device, onDevice } from '../webgpu-device.js';

const SHAPE = [4, 256];

describe.skipIf(float16Device === null)(
  'method auto on WebGPU (needs a Vulkan device with shader-f16, such as lavapipe of Mesa 25)',
  () => {
    it('tries what has kernels there, float16 and weights in 8 and 4 bits, and takes the smallest that holds', async () => {
      using place = scratch();
      const model = join(place.directory, 'float.onnx');
      writeModel(
        smallModel({
          inputs: [floatValue('x', SHAPE)],
          nodes: [
            makeNode('MatMul', ['x', 'w1'], ['h'], { name: 'first' }),
            makeNode('Relu', ['h'], ['r'], { name: 'relu' }),
            makeNode('MatMul', ['r', 'w2'], ['y'], { name: 'second' }),
          ],
          initializers: [weight('w1', [256, 256], 1), weight('w2', [256, 256], 2)],
        }),
        model,
      );
      const { provenance, file } = await onDevice(float16Device!, () =>
        quantizeVariant({
          model,
          out: join(place.directory, 'auto.onnx'),
          options: { ...DEFAULTS, method: 'auto', objective: 'size', budgetMs: 20_000 },
          target: 'webgpu',
          calibration: dataset(samplesOf(SHAPE)),
          runtime,
          log: SILENT,
          verify: true,
          threads: 1,
          checks: [{ id: 'q', metric: 'fidelity.sqnr', level: 'error', where: {}, line: null, min: 25 }],
        }),
      );
      const tried = (provenance.tried as { name: string }[]).map(({ name }) => name);
      expect(tried.slice(0, 3)).toEqual(['float16', 'int8-weights', 'int4-weights']);
      expect(tried.join()).not.toMatch(/static|dynamic/);
      expect(readModel(file).graph.nodes.map(({ opType }) => opType)).toContain('MatMulNBits');
    });
  },
);
