/** What nvidia-smi says: GPUs, their memory, clocks and who uses them. Absent or hanging, the answer is null, never an error. */
import { runProgram } from '../system/process/run-program.js';

/** One GPU at one moment. null: not told ("[N/A]", a MIG instance, an old driver). */
export interface GpuState {
  index: number;
  uuid: string;
  name: string;
  driver: string;
  memoryTotalBytes: number | null;
  memoryUsedBytes: number | null;
  smClockMHz: number | null;
  smClockMaxMHz: number | null;
  temperatureCelsius: number | null;
  /** Percent of time busy. */
  utilization: number | null;
  performanceState: string | null;
  persistence: boolean | null;
  mig: boolean;
  /** Why the clocks are held down, in words; []: they aren't, or it isn't told. */
  throttling: string[];
}

/** A process with a context on a GPU. In containers nvidia-smi tells host pids, or none. */
export interface GpuProcess {
  uuid: string;
  pid: number;
  name: string;
  usedBytes: number | null;
}

/** Runs nvidia-smi and gives its standard output; null when it isn't there, fails or takes too long. */
export type RunNvidiaSmi = (args: readonly string[]) => Promise<string | null>;

/** A broken driver makes nvidia-smi hang in the kernel. */
const TIMEOUT_MS = 5_000;
const MAX_OUTPUT_BYTES = 2 ** 20;

/** Runs the command; `runNvidiaSmi` is the one on PATH. One that didn't answer in time is not asked again: it would cost every look as much. */
export function nvidiaSmi({ command = 'nvidia-smi', timeoutMs = TIMEOUT_MS } = {}): RunNvidiaSmi {
  let hangs = false;
  return async (args) => {
    if (hangs) return null;
    try {
      const end = await runProgram(command, args, {
        timeoutMs,
        graceMs: 0,
        stdout: { limitBytes: MAX_OUTPUT_BYTES },
      });
      hangs = end.stopped === 'timeout';
      return end.startError === null && end.exitCode === 0 && end.stopped === null ? end.stdout : null;
    } catch {
      return null;
    }
  };
}

export const runNvidiaSmi: RunNvidiaSmi = nvidiaSmi();

const FIELDS = [
  'index',
  'uuid',
  'name',
  'driver_version',
  'memory.total',
  'memory.used',
  'clocks.sm',
  'clocks.max.sm',
  'temperature.gpu',
  'utilization.gpu',
  'pstate',
  'persistence_mode',
  'mig.mode.current',
] as const;

/** Drivers before 535 know the reasons under their old name. */
const THROTTLE_FIELDS = ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'] as const;

/** Bits of clocks_event_reasons that slow a benchmark (NVML, nvmlClocksEventReasons). Idle and user limits are not throttling. */
const THROTTLE_BITS: readonly [bigint, string][] = [
  [0x4n, 'power cap'],
  [0x8n, 'hardware slowdown'],
  [0x20n, 'thermal limit (software)'],
  [0x40n, 'thermal limit (hardware)'],
  [0x80n, 'power brake'],
];

/** Every GPU; null when there is no nvidia-smi that answers. */
export async function readGpus(run: RunNvidiaSmi = runNvidiaSmi): Promise<GpuState[] | null> {
  for (const throttle of THROTTLE_FIELDS) {
    const text = await run([
      `--query-gpu=${[...FIELDS, throttle].join(',')}`,
      '--format=csv,noheader,nounits',
    ]);
    if (text !== null && !/not a valid field/i.test(text)) return parseGpus(text);
  }
  return null;
}

/** Parses the CSV of `readGpus`' query. Lines that don't fit are left out. */
export function parseGpus(csv: string): GpuState[] {
  return csv.split('\n').flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    if (cells.length < FIELDS.length + 1) return [];
    const cell = (field: (typeof FIELDS)[number]) => cells[FIELDS.indexOf(field)]!;
    const mebibytes = number(cell('memory.total'));
    const used = number(cell('memory.used'));
    return [
      {
        index: Number(cell('index')),
        uuid: cell('uuid'),
        name: cell('name'),
        driver: cell('driver_version'),
        memoryTotalBytes: mebibytes === null ? null : mebibytes * 2 ** 20,
        memoryUsedBytes: used === null ? null : used * 2 ** 20,
        smClockMHz: number(cell('clocks.sm')),
        smClockMaxMHz: number(cell('clocks.max.sm')),
        temperatureCelsius: number(cell('temperature.gpu')),
        utilization: number(cell('utilization.gpu')),
        performanceState: told(cell('pstate')),
        persistence: told(cell('persistence_mode')) === null ? null : cell('persistence_mode') === 'Enabled',
        mig: cell('mig.mode.current') === 'Enabled',
        throttling: throttleReasons(cells[FIELDS.length]!),
      },
    ];
  });
}

/** Processes that compute on any GPU; null when nvidia-smi doesn't answer. */
export async function readGpuProcesses(run: RunNvidiaSmi = runNvidiaSmi): Promise<GpuProcess[] | null> {
  const text = await run([
    '--query-compute-apps=gpu_uuid,pid,process_name,used_gpu_memory',
    '--format=csv,noheader,nounits',
  ]);
  return text === null ? null : parseGpuProcesses(text);
}

export function parseGpuProcesses(csv: string): GpuProcess[] {
  return csv.split('\n').flatMap((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    const pid = Number(cells[1]);
    if (cells.length < 4 || !Number.isInteger(pid)) return [];
    const used = number(cells.at(-1)!);
    return [
      {
        uuid: cells[0]!,
        pid,
        name: cells.slice(2, -1).join(', '),
        usedBytes: used === null ? null : used * 2 ** 20,
      },
    ];
  });
}

/** The GPU's UUID by the UUID of each of its MIG instances, from `nvidia-smi -L`. */
export async function readMigParents(run: RunNvidiaSmi = runNvidiaSmi): Promise<Map<string, string>> {
  return parseMigParents((await run(['-L'])) ?? '');
}

function parseMigParents(list: string): Map<string, string> {
  const parents = new Map<string, string>();
  let gpu = '';
  for (const [, uuid] of list.matchAll(/UUID:\s*([\w/-]+)/g)) {
    if (uuid!.startsWith('MIG-')) parents.set(uuid!, gpu);
    else gpu = uuid!;
  }
  return parents;
}

/** nvidia-smi writes [N/A], [Not Supported], [Insufficient Permissions] where it has nothing to tell. */
function told(cell: string): string | null {
  return cell === '' || cell.startsWith('[') || cell === 'N/A' ? null : cell;
}

function number(cell: string): number | null {
  const text = told(cell);
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function throttleReasons(cell: string): string[] {
  const text = told(cell);
  if (text === null || !/^0x[0-9a-f]+$/i.test(text)) return [];
  const bits = BigInt(text);
  return THROTTLE_BITS.filter(([bit]) => (bits & bit) !== 0n).map(([, name]) => name);
}
