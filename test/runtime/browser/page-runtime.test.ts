import { describe, expect, it } from 'vitest';
import { MachineError } from '../../../src/errors.js';
import { requireAdapter, requireIsolation } from '../../../src/runtime/browser/page/page-runtime.js';
import type { GpuAdapter, WebPage } from '../../../src/runtime/browser/page/web-page.js';

const page = (gpu?: GpuAdapter | null, crossOriginIsolated = true): WebPage => ({
  crossOriginIsolated,
  navigator: {
    userAgent: 'Mozilla/5.0 Old/1.0',
    ...(gpu === undefined ? {} : { gpu: { requestAdapter: async () => gpu } }),
  },
});
const adapter = (info: Partial<GpuAdapter['info']>, features: string[] = []): GpuAdapter => ({
  info: { vendor: '', architecture: '', device: '', description: '', ...info },
  features: new Set(features),
});

describe('what a page must have', () => {
  it('is isolation, or there are no threads: the error names the browser', () => {
    expect(() => requireIsolation(page())).not.toThrow();
    expect(() => requireIsolation(page(undefined, false))).toThrow(MachineError);
    expect(() => requireIsolation(page(undefined, false))).toThrow(
      /not cross-origin isolated.*Old\/1\.0.*no threads/s,
    );
  });

  it('is WebGPU with an adapter, where that is asked for', async () => {
    await expect(requireAdapter(page())).rejects.toThrow(/has no WebGPU \(Mozilla/);
    await expect(requireAdapter(page(null))).rejects.toThrow(/finds no adapter/);
    await expect(requireAdapter(page(null))).rejects.toThrow(MachineError);
  });
});

describe('an adapter', () => {
  it('is named by what the browser tells, and known as software by its name or its flag', async () => {
    const told = async (given: GpuAdapter) => await requireAdapter(page(given));
    expect(await told(adapter({ vendor: 'nvidia', architecture: 'ampere' }, ['shader-f16']))).toEqual({
      name: 'nvidia ampere',
      software: false,
      float16: true,
    });
    expect(await told(adapter({ vendor: 'google', architecture: 'swiftshader' }))).toEqual({
      name: 'google swiftshader',
      software: true,
      float16: false,
    });
    expect(await told(adapter({ isFallbackAdapter: true }))).toMatchObject({
      name: 'not told by the browser',
      software: true,
    });
  });
});
