import { afterEach, describe, expect, it, vi } from 'vitest';
import { quantizeVariant } from '../../src/auto/auto.js';
import type { Target } from '../../src/config/choices.js';
import { SILENT } from '../../src/log.js';
import { readModel } from '../../src/onnx/file/read.js';
import type { Runtime, SessionOptions } from '../../src/runtime/runtime.js';
import { clockedRuntime } from '../quantize/clock.js';
import { runtime, scratch } from '../quantize/small-models.js';
import { float16Device, onDevice } from '../webgpu-device.js';
import { PRODUCTS_SHAPE, products, requestFor } from './auto-request.js';

/** Of two products, which all of the methods know. */
function request(directory: string, target: Target) {
  const asked = requestFor(products(), directory, { shape: PRODUCTS_SHAPE });
  return {
    ...asked,
    options: { ...asked.options, objective: 'size' as const, budgetMs: 20_000 },
    target,
    checks: [{ id: 'q', metric: 'fidelity.sqnr', level: 'error' as const, where: {}, line: null, min: 25 }],
  };
}

const triedOf = (provenance: Record<string, unknown>) =>
  (provenance.tried as { name: string }[]).map(({ name }) => name);
const operators = (file: string) => readModel(file).graph.nodes.map(({ opType }) => opType);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('method auto for a GPU', () => {
  /** The real runtime, whose GPU is the CPU, with 4 bits too slow to be all that is looked at; keeps what it was asked to open on the GPU. */
  function onCpu(target: Target): { fake: Runtime; asked: SessionOptions[] } {
    const asked: SessionOptions[] = [];
    const clocked = clockedRuntime((file) => (operators(file).includes('MatMulNBits') ? 20 : 10));
    const fake: Runtime = {
      ...runtime,
      open(model, options = {}) {
        if (options.provider !== target) return runtime.open(model, options);
        asked.push(options);
        const { deviceId: _, ...rest } = options;
        return clocked.open(model, { ...rest, provider: 'cpu' });
      },
    };
    return { fake, asked };
  }

  it.each([
    ['cuda', ['int4-weights', 'float16', 'int8-weights']],
    ['webgpu', ['int4-weights', 'float16', 'int8-weights']],
    ['tensorrt', ['int8-static', 'float16']],
  ] as const)('%s tries what has kernels there, on the GPU that is measured: %j', async (target, methods) => {
    using place = scratch();
    const { fake, asked } = onCpu(target);
    const { provenance, file } = await quantizeVariant({
      ...request(place.directory, target),
      context: { runtime: fake, log: SILENT, threads: 1 },
      deviceId: 1,
    });
    expect(triedOf(provenance).slice(0, methods.length)).toEqual(methods);
    expect(triedOf(provenance).join()).not.toMatch(/dynamic/);
    expect(new Set(asked.map(({ deviceId }) => deviceId))).toEqual(new Set([1]));
    if (target !== 'tensorrt') expect(operators(file)).not.toContain('QuantizeLinear');
  });
});

describe.skipIf(float16Device === null)(
  'method auto on WebGPU (needs a Vulkan device with shader-f16, such as lavapipe of Mesa 25)',
  () => {
    it('takes the smallest file that holds the thresholds there', async () => {
      using place = scratch();
      const { provenance, file } = await onDevice(float16Device!, () =>
        quantizeVariant(request(place.directory, 'webgpu')),
      );
      expect(triedOf(provenance)[0]).toBe('int4-weights');
      expect(operators(file)).toContain('MatMulNBits');
    });
  },
);
