import { beforeAll, describe, expect, it, vi } from 'vitest';
import { SILENT } from '../../src/log.js';
import { declaredFeatures, saturates } from '../../src/machine/cpu-features.js';
import { fingerprintOf, readEnvironment } from '../../src/machine/environment.js';
import { diagnose } from '../../src/measure/doctor.js';
import { loadRuntime } from '../../src/runtime/load.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { A10G_THROTTLED, T4_IDLE } from '../measure/fixtures/nvidia-smi.js';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await loadRuntime();
});

describe('the environment', () => {
  it('has the same fingerprint every time it is read', async () => {
    const options = { nvidiaSmi: async () => T4_IDLE };
    const first = await readEnvironment(runtime, options);
    expect(await readEnvironment(runtime, options)).toEqual(first);
    expect(first.fingerprint).toMatch(/^[0-9a-f]{12}$/);
    expect(first.gpu).toEqual([{ name: 'Tesla T4', driver: '550.90.07', memoryBytes: 15360 * 2 ** 20 }]);
    expect(first.onnxruntime).toBe(runtime.version);
    expect(first.cores).toBeGreaterThan(0);
  });

  it('changes its fingerprint with what decides speed, not with what does not', async () => {
    const facts = await readEnvironment(runtime, { nvidiaSmi: async () => null });
    const same = fingerprintOf({ ...facts, memoryBytes: 1, node: '99.0.0', os: 'Linux 99' });
    expect(same).toBe(facts.fingerprint);
    for (const change of [{ cpu: 'other' }, { cores: 99 }, { cpuFeatures: [] }, { onnxruntime: '0.0.0' }]) {
      expect(fingerprintOf({ ...facts, ...change })).not.toBe(facts.fingerprint);
    }
  });

  it('has the name of the runner, which is not part of the fingerprint', async () => {
    vi.stubEnv('RUNNER_NAME', '');
    const nameless = await readEnvironment(runtime, { nvidiaSmi: async () => null });
    vi.stubEnv('RUNNER_NAME', 'gpu-1');
    vi.stubEnv('RUNNER_ENVIRONMENT', 'self-hosted');
    const named = await readEnvironment(runtime, { nvidiaSmi: async () => null });
    vi.unstubAllEnvs();
    expect(nameless).not.toHaveProperty('runner');
    expect(named.runner).toBe('gpu-1');
    expect(named.fingerprint).toBe(nameless.fingerprint);
  });

  it('reads CPU features of both architectures', () => {
    expect(declaredFeatures('flags\t\t: fpu avx2 avx512f avx512_vnni\n')).toEqual(['avx2', 'avx512', 'vnni']);
    expect(declaredFeatures('Features\t: fp asimd asimddp i8mm\n')).toEqual(['neon-dot', 'i8mm']);
    expect(declaredFeatures('')).toEqual([]);
  });

  it('agrees with the CPU’s own word on whether int8 products saturate', async () => {
    const features = declaredFeatures();
    // AMX and VNNI accumulate in 32 bits, and so does arm64.
    const exact = process.arch === 'arm64' || features.includes('vnni') || features.includes('amx');
    expect(await saturates(runtime)).toBe(!exact);
  });
});

describe('the doctor', () => {
  it('tells which providers really open, why others do not, and what to look at', async () => {
    const diagnosis = await diagnose({
      context: { runtime, log: SILENT },
      noiseBudgetMs: 0,
      nvidiaSmi: async () => A10G_THROTTLED,
    });
    expect(diagnosis.providers.find(({ name }) => name === 'cpu')).toEqual({
      name: 'cpu',
      opens: true,
      reason: null,
    });
    for (const { opens, reason } of diagnosis.providers) expect(opens).toBe(reason === null);
    expect(diagnosis.problems.join('\n')).toContain(
      'NVIDIA A10G is held down by power cap, thermal limit (software)',
    );
    expect(diagnosis.noise).toBeNull();
  });

  it('fetches nothing: what onnxruntime-web would be downloaded for is not tried', async () => {
    const located: string[] = [];
    const { providers } = await diagnose({
      context: {
        runtime: { ...runtime, providers: [], locateWasm: async () => String(located.push('web')) },
        log: SILENT,
      },
      noiseBudgetMs: 0,
      nvidiaSmi: async () => null,
      webDownload: async () => 33e6,
    });
    expect(providers.find(({ name }) => name === 'wasm')).toEqual({
      name: 'wasm',
      opens: false,
      untried: true,
      reason:
        'not tried: it would fetch onnxruntime-web (33 MB), as its first use does, or `quantgate fetch wasm` now',
    });
    expect(located).toEqual([]);
  });

  it('measures the machine’s noise floor, with the threads that it is given', async () => {
    const { noise, environment } = await diagnose({
      context: { runtime, log: SILENT, threads: 1 },
      noiseBudgetMs: 2_500,
      nvidiaSmi: async () => null,
    });
    expect(noise!.launches).toBeGreaterThanOrEqual(1);
    expect(noise!.threads).toBe(1);
    expect(noise!.floor).toBeGreaterThan(0);
    expect(environment.noiseFloor).toBe(noise!.floor);
  });
});
