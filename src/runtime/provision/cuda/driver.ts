/** Which NVIDIA driver runs here, and which CUDA it can serve. */
import { existsSync, readFileSync } from 'node:fs';
import { runProgram } from '../../../system/process/run-program.js';

/** A major version of CUDA that ONNX Runtime has a provider for. */
export type CudaMajor = 12 | 13;

/** Oldest driver of each major version on Linux (NVIDIA, CUDA Compatibility, "minor version compatibility"). */
export const OLDEST_DRIVER: Readonly<Record<CudaMajor, string>> = { 12: '525.60.13', 13: '580.0' };

const KERNEL_MODULE = '/proc/driver/nvidia/version';
/** The GPU of Windows as WSL shows it. */
const WSL_DEVICE = '/dev/dxg';
const TIMEOUT_MS = 5_000;

/** Version of the driver, such as '580.65.06'; null: there is none. In WSL the kernel tells nothing, nvidia-smi does. */
export async function driverVersion(): Promise<string | null> {
  try {
    const told = driverIn(readFileSync(KERNEL_MODULE, 'utf8'));
    if (told) return told;
  } catch {
    // No kernel module of NVIDIA's: a machine without a GPU, or WSL.
  }
  if (!existsSync(WSL_DEVICE)) return null;
  const { exitCode, stdout } = await runProgram(
    'nvidia-smi',
    ['--query-gpu=driver_version', '--format=csv,noheader'],
    { timeoutMs: TIMEOUT_MS, graceMs: 0, stdout: { limitBytes: 4096 } },
  );
  return exitCode === 0 ? (/^\s*(\d+(?:\.\d+)+)\s*$/m.exec(stdout)?.[1] ?? null) : null;
}

/** The version in the text of /proc/driver/nvidia/version, of the proprietary module or the open one. */
export function driverIn(text: string): string | null {
  return /Kernel Module\b[^\n]*?\s(\d{3,}(?:\.\d+)+)\s/.exec(text)?.[1] ?? null;
}

/** Whether this driver is new enough for that CUDA. */
export function serves(driver: string, major: CudaMajor): boolean {
  const parts = (version: string) => version.split('.').map(Number);
  const [has, needs] = [parts(driver), parts(OLDEST_DRIVER[major])];
  for (let at = 0; at < needs.length; at++) {
    const difference = (has[at] ?? 0) - needs[at]!;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
