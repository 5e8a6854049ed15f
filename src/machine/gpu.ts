/** The GPU that a measurement uses: which one it is, who else is on it, and whether its clocks are held down. Not run on a GPU so far. */
import type { Measurement, Note } from '../terms/measurement.js';
import {
  type GpuProcess,
  type GpuState,
  type RunNvidiaSmi,
  readGpuProcesses,
  readGpus,
  readMigParents,
  runNvidiaSmi,
} from './nvidia-smi.js';

const NVIDIA: ReadonlySet<string> = new Set(['cuda', 'tensorrt']);

/** Whether a provider computes on an NVIDIA GPU. */
export const onNvidiaGpu = (provider: string): boolean => NVIDIA.has(provider);

/** One look at the GPU. */
export interface GpuSnapshot {
  gpu: GpuState;
  /** Processes on it; empty in containers that hide them. */
  processes: GpuProcess[];
}

/**
 * The GPU behind a provider and device id; null on other providers, and where nvidia-smi doesn't tell. CUDA counts the devices of
 * CUDA_VISIBLE_DEVICES (numbers, GPU or MIG UUIDs), nvidia-smi always all of them.
 */
export async function snapshotGpu(
  provider: string,
  deviceId = 0,
  run: RunNvidiaSmi = runNvidiaSmi,
  visible: string | undefined = process.env.CUDA_VISIBLE_DEVICES,
): Promise<GpuSnapshot | null> {
  if (!onNvidiaGpu(provider)) return null;
  const gpus = await readGpus(run);
  const gpu = gpus && (await chosen(gpus, { deviceId, visible, run }));
  if (!gpu) return null;
  const processes = (await readGpuProcesses(run)) ?? [];
  return { gpu, processes: processes.filter(({ uuid }) => uuid === gpu.uuid) };
}

async function chosen(
  gpus: readonly GpuState[],
  { deviceId, visible, run }: { deviceId: number; visible: string | undefined; run: RunNvidiaSmi },
): Promise<GpuState | undefined> {
  const byIndex = (index: number) => gpus.find((gpu) => gpu.index === index);
  if (!visible?.trim()) return byIndex(deviceId) ?? gpus[deviceId];
  const name = visible.split(',')[deviceId]?.trim() ?? '';
  if (/^\d+$/.test(name)) return byIndex(Number(name));
  // A MIG instance is part of a GPU: whoever computes on that one disturbs.
  const uuid = name.startsWith('MIG-') ? (await readMigParents(run)).get(name) : name;
  // CUDA takes the beginning of a UUID for the whole.
  return uuid ? gpus.find((gpu) => gpu.uuid.startsWith(uuid)) : undefined;
}

/** CUDA puts the fastest GPU first unless told; nvidia-smi goes by the bus. The workers inherit this. */
export function countGpusAsNvidiaSmi(environment: NodeJS.ProcessEnv = process.env): void {
  environment.CUDA_DEVICE_ORDER ??= 'PCI_BUS_ID';
}

/** Clocks that differ by more than this between before and after make absolute latencies doubtful. */
const CLOCK_CHANGE = 0.02;
/** Busy with something else, percent. */
const BUSY_PERCENT = 5;

/** Computes, though nobody is seen on it. */
export const isBusy = ({ gpu }: GpuSnapshot): boolean => (gpu.utilization ?? 0) > BUSY_PERCENT;

/** GPUs slow down from about here on, whatever they say about it. */
const HOT_CELSIUS = 83;

type Say = Pick<Note, 'level' | 'code' | 'message'>;

/** Looks at a GPU around a measurement: the first before any process of ours was on it. */
export interface GpuWatch {
  before: GpuSnapshot | null;
  /** While it ran: our own processes are among these. */
  during: readonly GpuSnapshot[];
  after: GpuSnapshot | null;
  /** Whether a process is one of ours. */
  isOurs: (process: GpuProcess) => boolean;
}

/** Who else used the GPU, in words; null: nobody that nvidia-smi shows. */
export function gpuUsers({ before, during, after, isOurs }: GpuWatch): string | null {
  const others = new Map<number, string>();
  for (const { processes } of [before, ...during, after].filter((look) => look !== null)) {
    for (const process of processes.filter((process) => !isOurs(process))) {
      others.set(process.pid, `${process.name} (pid ${process.pid})`);
    }
  }
  if (others.size > 0) return [...others.values()].join(', ');
  return before && isBusy(before) ? 'a process that nvidia-smi does not show' : null;
}

/** What disturbed, or may have disturbed, a measurement. */
export function gpuNotes(watch: GpuWatch): Say[] {
  const { before, during, after } = watch;
  if (!before) return [];
  const notes: Say[] = [];
  const { name } = before.gpu;
  const users = gpuUsers(watch);
  if (users) {
    notes.push({
      level: 'warn',
      code: 'noise.gpu-shared',
      message: `${name} was in use by ${users} as well: nothing is decided from latencies measured then. Run quantgate alone on the GPU.`,
    });
  }
  const looks = [before, ...during, ...(after ? [after] : [])];
  const reasons = [...new Set(looks.flatMap(({ gpu }) => gpu.throttling))];
  const celsius = Math.max(...looks.map(({ gpu }) => gpu.temperatureCelsius ?? 0));
  if (reasons.length > 0) {
    notes.push({
      level: 'warn',
      code: 'noise.gpu-throttled',
      message: `${name} was held down by ${reasons.join(', ')}. Check cooling and power, or lock its clocks below that limit (nvidia-smi -lgc).`,
    });
  } else if (after && clockChange(before.gpu, after.gpu) > CLOCK_CHANGE) {
    notes.push({
      level: 'info',
      code: 'noise.gpu-clocks',
      message: `${name}'s clock floats (${before.gpu.smClockMHz} MHz before, ${after.gpu.smClockMHz} MHz after). For absolute latencies lock it: nvidia-smi -lgc.`,
    });
  }
  if (celsius >= HOT_CELSIUS) {
    notes.push({
      level: 'info',
      code: 'noise.gpu-hot',
      message: `${name} reached ${celsius} °C: it may slow down without saying so. Check its cooling.`,
    });
  }
  if (before.gpu.mig) {
    notes.push({
      level: 'info',
      code: 'noise.gpu-mig',
      message: `${name} is divided (MIG): figures hold for this instance, and the neighbours share its clocks and memory bandwidth.`,
    });
  }
  if (before.gpu.persistence === false) {
    notes.push({
      level: 'info',
      code: 'noise.gpu-persistence',
      message: `Persistence mode of ${name} is off: the driver is loaded anew for each process, which latency.load holds. Turn it on: nvidia-smi -pm 1.`,
    });
  }
  return notes;
}

function clockChange(before: GpuState, after: GpuState): number {
  if (!before.smClockMHz || !after.smClockMHz) return 0;
  return Math.abs(after.smClockMHz / before.smClockMHz - 1);
}

/** Times taken beside another process tell nothing: unbounded intervals make every check of them inconclusive, and the reason says why. */
export function doubted(measurements: readonly Measurement[], users: string): Measurement[] {
  const reason = `another process used the GPU during the timing: ${users}`;
  return measurements.map((measurement) => {
    if (measurement.status !== 'ok' || !/^(latency|throughput)/.test(measurement.metric)) return measurement;
    const { interval, ratio, base } = measurement;
    return {
      ...measurement,
      reason,
      interval: interval && { ...interval, lo: null, hi: null },
      ratio: ratio && unbounded(ratio),
      base: base && { ...base, ratio: base.ratio && unbounded(base.ratio) },
    };
  });
}

const unbounded = <T extends Pick<Measurement, 'interval'>>(estimate: T): T => ({
  ...estimate,
  interval: estimate.interval && { ...estimate.interval, lo: null, hi: null },
});
