/** What `quantgate doctor` tells: the runtime, providers that really open, GPU, CPU features, and the noise floor. */
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';
import { makeModel, makeNode, makeValue } from '../onnx/build.js';
import { DataType } from '../onnx/element-type.js';
import { encodeModel } from '../onnx/write.js';
import type { Environment } from '../report/report.js';
import type { Runtime } from '../runtime/runtime.js';
import { findTrtexec, openTrtexec, trtexecRunner } from '../runtime/trtexec.js';
import { startWorker } from '../runtime/worker/worker.js';
import { type GpuState, type RunNvidiaSmi, readGpus, runNvidiaSmi } from './gpu/nvidia-smi.js';
import { readEnvironment } from './machine/environment.js';
import { readMachineState } from './machine/machine.js';
import { measureNoise, type NoiseFloor } from './timing/noise.js';

export interface DoctorRequest {
  runtime: Runtime;
  /** Time for the noise measurement; 0 skips it. */
  noiseBudgetMs?: number;
  nvidiaSmi?: RunNvidiaSmi;
  signal?: AbortSignal;
  log?: Log;
}

export interface Diagnosis {
  environment: Environment;
  /** Directory of the onnxruntime-node package in use. */
  runtimeDirectory: string;
  providers: ProviderDiagnosis[];
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
}

/** A device that doesn't answer shouldn't stop the doctor. */
const PROVIDER_DEADLINE_MS = 60_000;

/** Examines the machine. Throws only Interrupted; everything else is part of the diagnosis. */
export async function diagnose(request: DoctorRequest): Promise<Diagnosis> {
  const { runtime, signal, log } = request;
  const gpus = await readGpus(request.nvidiaSmi ?? runNvidiaSmi);
  const environment = await readEnvironment(runtime, { nvidiaSmi: request.nvidiaSmi ?? runNvidiaSmi });
  const providers: ProviderDiagnosis[] = [];
  for (const name of runtime.providers) {
    signal?.throwIfAborted();
    providers.push(await tryProvider(name, request));
  }
  const problems: string[] = [];
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
  const trtexec = await findVersion(problems);
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
        runtime,
        budgetMs,
        ...(signal ? { signal } : {}),
        ...(log ? { log } : {}),
      });
      environment.noiseFloor = noise.floor;
    } catch (error) {
      if (signal?.aborted) throw error;
      problems.push(`The noise floor can't be measured: ${messageOf(error)}`);
    }
  }
  return {
    environment,
    runtimeDirectory: runtime.directory,
    providers,
    gpus,
    trtexec,
    governor,
    noise,
    problems,
  };
}

async function findVersion(problems: string[]): Promise<string | null> {
  try {
    const command = findTrtexec();
    if (command === null) return null;
    const { version } = await openTrtexec(trtexecRunner(command, { timeoutMs: PROVIDER_DEADLINE_MS }));
    return `${version.major}.${version.minor}.${version.patch} (${command})`;
  } catch (error) {
    problems.push(messageOf(error));
    return null;
  }
}

/** Opens a session on the provider in a child process: a driver that crashes takes only that along. */
async function tryProvider(name: string, request: DoctorRequest): Promise<ProviderDiagnosis> {
  const { runtime, signal } = request;
  try {
    const worker = await startWorker({
      model: probeModel(),
      name: `a session on ${name}`,
      session: { provider: name },
      runtime,
      deadlineMs: PROVIDER_DEADLINE_MS,
      ...(signal ? { signal } : {}),
    });
    try {
      const x = { type: 'float32', dims: [1], data: Float32Array.of(-2) } as const;
      const { outputs } = await worker.call('run', { feeds: { x }, outputs: null });
      const opens = (outputs.y!.data as Float32Array)[0] === 2;
      return { name, opens, reason: opens ? null : 'it computes wrong results: |−2| is not 2' };
    } finally {
      await worker.kill();
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    return { name, opens: false, reason: messageOf(error) };
  }
}

function probeModel(): Uint8Array {
  return encodeModel(
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, [1])],
      outputs: [makeValue('y', DataType.FLOAT, [1])],
      nodes: [makeNode('Abs', ['x'], ['y'])],
    }),
  );
}
