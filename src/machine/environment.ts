/** The machine that measures, in the report's words, with a fingerprint over what decides speed. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { messageOf } from '../errors.js';
import type { Runtime } from '../runtime/runtime.js';
import type { BrowserOfRun } from '../terms/browser.js';
import type { Environment } from '../terms/report.js';
import { readCpuQuota, readMemoryLimit } from './cgroup.js';
import { availableCores } from './cores.js';
import { cpuFeatures, declaredFeatures } from './cpu-features.js';
import { type GpuState, type RunNvidiaSmi, readGpus, runNvidiaSmi } from './nvidia-smi.js';
import { runnerName } from './runner-name.js';

export interface EnvironmentOptions {
  nvidiaSmi?: RunNvidiaSmi;
  /** Those that providers of this run need. */
  browsers?: readonly BrowserOfRun[];
}

/** Reads the machine. Probes the CPU's int8 kernels; asks nvidia-smi. `noiseFloor` is null: measured elsewhere (noise.ts). */
export async function readEnvironment(
  runtime: Runtime,
  options: EnvironmentOptions = {},
): Promise<Environment> {
  const gpus = (await readGpus(options.nvidiaSmi ?? runNvidiaSmi)) ?? [];
  const facts: Omit<Environment, 'fingerprint' | 'noiseFloor' | 'noiseFloorFrom'> = {
    os: `${type()} ${release()}`,
    arch: arch(),
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableCores(),
    memoryBytes: Math.min(totalmem(), readMemoryLimit() ?? Infinity),
    cpuFeatures: await featuresOf(runtime),
    node: process.version.slice(1),
    onnxruntime: runtime.version,
    gpu: gpus.map(gpuOf),
    ...(options.browsers?.length ? { browsers: [...options.browsers] } : {}),
    container: containerOf(),
  };
  const runner = runnerName();
  return { fingerprint: fingerprintOf(facts), ...(runner && { runner }), ...facts, noiseFloor: null };
}

async function featuresOf(runtime: Runtime): Promise<string[]> {
  try {
    return await cpuFeatures(runtime);
  } catch (error) {
    // A runtime built without MatMulInteger: the operating system's word is all there is.
    void messageOf(error);
    return declaredFeatures();
  }
}

const gpuOf = ({ name, driver, memoryTotalBytes }: GpuState) => ({
  name,
  driver,
  memoryBytes: memoryTotalBytes,
});

/** Short hash over the fields that decide speed: reports with different ones must not be compared by latency. */
export function fingerprintOf(
  facts: Omit<Environment, 'fingerprint' | 'noiseFloor' | 'noiseFloorFrom'>,
): string {
  const { arch: machine, cpu, cores, cpuFeatures: features, onnxruntime, gpu, browsers } = facts;
  // Memory decides nothing until it runs out, and differs by a few kB from boot to boot; kernel and Node patch releases neither.
  const deciding = { machine, cpu, cores, features, onnxruntime, gpu, quota: readCpuQuota(), browsers };
  return createHash('sha256').update(JSON.stringify(deciding)).digest('hex').slice(0, 12);
}

/** What kind of container this is, with its limits; null outside of one. */
function containerOf(root = '/'): string | null {
  const kind = containerKind(root);
  if (kind === null) return null;
  const quota = readCpuQuota();
  const memory = readMemoryLimit();
  const limits = [
    ...(quota === null ? [] : [`${quota} cores`]),
    ...(memory === null ? [] : [`${Math.round(memory / 2 ** 20)} MiB`]),
  ];
  return limits.length > 0 ? `${kind} (limited to ${limits.join(', ')})` : kind;
}

function containerKind(root: string): string | null {
  if (existsSync(`${root}run/.containerenv`)) return 'podman';
  if (existsSync(`${root}.dockerenv`)) return 'docker';
  if (process.env.KUBERNETES_SERVICE_HOST) return 'kubernetes';
  try {
    const groups = readFileSync(`${root}proc/1/cgroup`, 'utf8');
    if (/kubepods/.test(groups)) return 'kubernetes';
    if (/docker|containerd/.test(groups)) return 'docker';
    if (/lxc/.test(groups)) return 'lxc';
  } catch {
    // Not Linux.
  }
  return null;
}
