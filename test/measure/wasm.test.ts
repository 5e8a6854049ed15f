import { afterAll, describe, expect, it } from 'vitest';
import { SILENT } from '../../src/log.js';
import { measureMemory } from '../../src/measure/memory.js';
import { measurePlacement } from '../../src/measure/placement.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { locateWasm } from '../../src/runtime/provision/provision.js';
import type { Measurement } from '../../src/terms/measurement.js';
import { matMulModel, modelFolder } from '../runtime/models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
const runtime = await loadRuntime({ locateWasm: () => locateWasm({ log: SILENT }) });

const request = {
  model: 'm',
  subjects: [
    { variant: 'original', file: folder.write('heavy.onnx', matMulModel(6, 1024)) },
    { variant: 'light', file: folder.write('light.onnx', matMulModel(1, 64)) },
  ],
  context: { runtime, log: SILENT },
  session: { provider: 'wasm', threads: 1 },
  inputs: { batch: 1, shapes: {}, sample: null },
  confidence: 0.8,
};
const find = (measurements: Measurement[], variant: string, metric: string) =>
  measurements.find((entry) => entry.variant === variant && entry.metric === metric);

describe('on wasm', () => {
  it('memory is the heap’s, and that of a model which its first 16 MB hold is not told', async () => {
    const measurements = await measureMemory(request);
    // 24 MiB of weights, beside the model's bytes while it is opened.
    const heavy = find(measurements, 'original', 'memory.model')!;
    expect(heavy.value!).toBeGreaterThan(24 * 2 ** 20);
    expect(heavy.value!).toBeLessThan(100 * 2 ** 20);
    // With one thread its heap repeats itself: where two launches of the original agree, one of each other file is enough.
    expect(heavy).toMatchObject({ n: 2, interval: { lo: heavy.value, hi: heavy.value } });
    expect(find(measurements, 'light', 'memory.peak')).toMatchObject({ n: 1, ratio: { interval: {} } });
    expect(find(measurements, 'light', 'memory.peak')!.value).toBe(16 * 2 ** 20);
    const light = find(measurements, 'light', 'memory.model')!;
    expect(light.status).toBe('skipped');
    expect(light.reason).toMatch(/WebAssembly heap/);
    expect(find(measurements, 'light', 'memory.gpu')).toBeUndefined();
  });

  it('placement tells operators, and that nothing fell back', async () => {
    const measurements = await measurePlacement(request);
    const fallback = find(measurements, 'light', 'placement.fallback')!;
    expect(fallback.value).toBe(0);
    expect(fallback.details?.operators).toMatchObject([{ operator: 'MatMul', nodes: 1, macs: 64 * 64 }]);
    expect(find(measurements, 'light', 'placement.quantized')!.value).toBe(0);
  });
});
