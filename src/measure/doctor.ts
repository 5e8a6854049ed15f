/** What `quantgate doctor` tells: the runtime, providers that really open, GPU, CPU features, and the noise floor. */

import { Interrupted, messageOf, throwIfInterrupted } from '../errors.js';
import { readEnvironment } from '../machine/environment.js';
import { readMachineState } from '../machine/machine.js';
import { type GpuState, type RunNvidiaSmi, readGpus, runNvidiaSmi } from '../machine/nvidia-smi.js';
import { PROVIDER_DEADLINE_MS, probeProvider } from '../machine/provider-probe.js';
import { findBrowser } from '../runtime/browser/find-browser.js';
import type { RunContext } from '../runtime/context.js';
import type { CudaPlan } from '../runtime/provision/cuda/cuda.js';
import { WEB_BUILDS, type WebBuild } from '../runtime/runtime.js';
import { findTrtexec, openTrtexec, trtexecRunner } from '../runtime/trtexec.js';
import { browserText } from '../terms/browser.js';
import { type Fetched, NEED_CUDA } from '../terms/provider.js';
import type { Environment } from '../terms/report.js';
import { measureNoise, type NoiseFloor } from './timing/noise.js';

export interface DoctorRequest {
  context: RunContext;
  /** Time for the noise measurement; 0 skips it. */
  noiseBudgetMs?: number;
  nvidiaSmi?: RunNvidiaSmi;
  /** What CUDA needs here. Providers for which something would have to be fetched are not opened. */
  cuda?: () => Promise<CudaPlan>;
  /** Bytes that would be downloaded of onnxruntime-web, 0 where it is there. Providers that need them are not opened. Default: it is there. */
  webDownload?: (build: WebBuild) => Promise<number>;
}

export interface Diagnosis {
  environment: Environment;
  /** Directory of the onnxruntime-node package in use. */
  runtimeDirectory: string;
  providers: ProviderDiagnosis[];
  /** What CUDA needs, where it is and what would be fetched; null: there is no NVIDIA driver. */
  cuda: CudaPlan | null;
  /** null: no nvidia-smi that answers. */
  gpus: GpuState[] | null;
  /** What builds and times TensorRT engines: its version; null: none, or it doesn't work (see `problems`). */
  trtexec: string | null;
  governor: string | null;
  /** null: not measured, or it couldn't be (see `problems`). */
  noise: NoiseFloor | null;
  /** What to look at, each with what to do. */
  problems: string[];
}

export interface ProviderDiagnosis {
  name: string;
  /** A session opened and gave the right answer. */
  opens: boolean;
  /** Why not: the library that is missing and the next step. */
  reason: string | null;
  /** Opening it would have fetched something: whether it opens is not known. */
  untried?: true;
  /** The browser that it runs in, its adapter and whether it is sandboxed; absent: none. */
  browser?: string;
}

/** Examines the machine. Throws only Interrupted; everything else is part of the diagnosis. */
export async function diagnose(request: DoctorRequest): Promise<Diagnosis> {
  const { context } = request;
  const { runtime, signal } = context;
  const gpus = await readGpus(request.nvidiaSmi ?? runNvidiaSmi);
  const environment = await readEnvironment(runtime, { nvidiaSmi: request.nvidiaSmi ?? runNvidiaSmi });
  const problems: string[] = [];
  const cuda = await findCuda(request, problems);
  const providers: ProviderDiagnosis[] = [];
  for (const name of [...runtime.providers, ...(runtime.locateWasm ? Object.keys(WEB_BUILDS) : [])]) {
    throwIfInterrupted(signal);
    const fetched = cudaToBeFetched(name, cuda) ?? (await webToBeFetched(name, request));
    providers.push(fetched ?? (await tryProvider(name, context)));
  }
  const governor = readMachineState()?.governor ?? null;
  if (governor !== null && governor !== 'performance') {
    problems.push(
      `CPU frequency governor is '${governor}': latency varies with the clock. Set it to performance (cpupower frequency-set -g performance).`,
    );
  }
  if (environment.cpuFeatures.includes('saturating-int8')) {
    problems.push(
      'This CPU adds int8 products in 16 bits (no VNNI): full-range u8·s8 weights saturate. Keep saturation-safe weights on.',
    );
  }
  const trtexec = await findVersion(problems, signal);
  for (const gpu of gpus ?? []) {
    if (gpu.persistence === false) {
      problems.push(
        `Persistence mode of ${gpu.name} is off: every process loads the driver anew. Turn it on: nvidia-smi -pm 1.`,
      );
    }
    if (gpu.throttling.length > 0) {
      problems.push(`${gpu.name} is held down by ${gpu.throttling.join(', ')}: check cooling and power.`);
    }
  }
  let noise: NoiseFloor | null = null;
  const budgetMs = request.noiseBudgetMs ?? 6_000;
  if (budgetMs > 0) {
    try {
      noise = await measureNoise({
        context,
        budgetMs,
        // Of the model that the noise is measured with.
        threads: context.threads,
      });
      environment.noiseFloor = noise.floor;
      environment.noiseFloorFrom = 'copy';
    } catch (error) {
      if (signal?.aborted) throw error;
      problems.push(`The noise floor can't be measured: ${messageOf(error)}`);
    }
  }
  return {
    environment,
    runtimeDirectory: runtime.directory,
    providers,
    cuda: cuda?.driver ? cuda : null,
    gpus,
    trtexec,
    governor,
    noise,
    problems,
  };
}

async function findVersion(problems: string[], signal: AbortSignal | undefined): Promise<string | null> {
  try {
    const command = findTrtexec();
    if (command === null) return null;
    const { version } = await openTrtexec(
      trtexecRunner(command, { signal, timeoutMs: PROVIDER_DEADLINE_MS }),
    );
    return `${version.major}.${version.minor}.${version.patch} (${command})`;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    problems.push(messageOf(error));
    return null;
  }
}

async function findCuda({ cuda, context }: DoctorRequest, problems: string[]): Promise<CudaPlan | null> {
  try {
    return (await cuda?.()) ?? null;
  } catch (error) {
    if (context.signal?.aborted) throw error;
    problems.push(messageOf(error));
    return null;
  }
}

/** A provider that can't be opened before CUDA has been fetched; null: it can be tried. */
function cudaToBeFetched(name: string, plan: CudaPlan | null): ProviderDiagnosis | null {
  if (!NEED_CUDA.has(name) || !plan || plan.fetch.length === 0) return null;
  const { reason, ...rest } = notTried(plan.fetch, 'cuda');
  return { name, ...rest, reason: `${reason} (--cuda skip: never)` };
}

/** A provider that can't be opened before onnxruntime-web has been fetched; null: it can be tried, or lacks a browser, which trying it tells. */
async function webToBeFetched(
  name: string,
  { webDownload }: DoctorRequest,
): Promise<ProviderDiagnosis | null> {
  const build = WEB_BUILDS[name];
  if (build === undefined || (build !== 'node' && findBrowser() === null)) return null;
  const bytes = (await webDownload?.(build)) ?? 0;
  if (bytes === 0) return null;
  return { name, ...notTried([{ what: 'onnxruntime-web', downloadBytes: bytes }], 'wasm') };
}

/** What is said of a provider that is not opened because that would fetch something. */
function notTried(
  fetch: readonly Pick<CudaPlan['fetch'][number], 'what' | 'downloadBytes'>[],
  part: Fetched,
): Pick<ProviderDiagnosis, 'opens' | 'untried'> & { reason: string } {
  const parts = fetch.map(({ what, downloadBytes }) =>
    downloadBytes === null ? what : `${what} (${Math.ceil(downloadBytes / 1e6)} MB)`,
  );
  return {
    opens: false,
    untried: true,
    reason: `not tried: it would fetch ${parts.join(', ')}, as its first use does, or \`quantgate fetch ${part}\` now`,
  };
}

async function tryProvider(name: string, context: RunContext): Promise<ProviderDiagnosis> {
  try {
    const { computes, browser } = await probeProvider(name, { context });
    const reason = computes ? null : 'it computes wrong results: |−2| is not 2';
    return { name, opens: computes, reason, ...(browser && { browser: browserText(browser) }) };
  } catch (error) {
    if (context.signal?.aborted) throw error;
    return { name, opens: false, reason: messageOf(error) };
  }
}
