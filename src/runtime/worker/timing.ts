/** The timing loops that run inside a worker: warm-up until stable, and one block of timed runs. */

import type { Feeds } from '../../tensor/tensor.js';
import type { PreparedRun } from '../runtime.js';
import type { BlockPlan, BlockReply, WarmUpPlan, WarmUpReply } from './protocol.js';

/** Monotonic time in nanoseconds. hrtime: integer, not clamped, 38 ns a call. */
export type Clock = () => bigint;

const NS_PER_MS = 1e6;

/** Windows that must agree: perf_analyzer's stability rule. */
const STABLE_WINDOWS = 3;

/** Runs until three consecutive windows agree and both minima are reached, or until `maxMs`. */
export async function warmUp(
  prepared: PreparedRun,
  plan: WarmUpPlan,
  clock: Clock = process.hrtime.bigint,
): Promise<WarmUpReply> {
  const start = clock();
  await prepared.run();
  const firstMs = Number(clock() - start) / NS_PER_MS;
  const nonFinite = countNonFinite(prepared.outputs());
  const outputsReused = await prepared.reuseOutputs();
  const medians: number[] = [];
  let runs = 3;
  let stable = false;
  for (;;) {
    const window: number[] = [];
    const opened = clock();
    do {
      const before = clock();
      await prepared.run();
      window.push(Number(clock() - before) / NS_PER_MS);
    } while (Number(clock() - opened) < plan.windowMs * NS_PER_MS);
    runs += window.length;
    medians.push(medianOf(window));
    const tookMs = Number(clock() - start) / NS_PER_MS;
    stable = agree(medians, plan.tolerance);
    const enough = runs >= plan.minRuns && tookMs >= plan.minMs;
    if ((stable && enough) || tookMs >= plan.maxMs) {
      return { firstMs, runs, tookMs, medianMs: medians.at(-1)!, stable, outputsReused, nonFinite };
    }
  }
}

/** Times single runs; nothing but the clock stands between them. */
export async function timeBlock(
  prepared: PreparedRun,
  plan: BlockPlan,
  clock: Clock = process.hrtime.bigint,
): Promise<BlockReply> {
  const begin = clock();
  for (let dropped = 0; ; dropped++) {
    const elapsedMs = Number(clock() - begin) / NS_PER_MS;
    if ((dropped >= plan.dropRuns && elapsedMs >= plan.dropMs) || elapsedMs >= plan.maxMs) break;
    await prepared.run();
  }
  const minNs = plan.minMs * NS_PER_MS;
  const maxNs = plan.maxMs * NS_PER_MS;
  let durations = new Float64Array(1024);
  let runs = 0;
  const start = clock();
  let now = start;
  do {
    if (runs === durations.length) durations = grown(durations);
    const before = clock();
    await prepared.run();
    now = clock();
    durations[runs++] = Number(now - before) / NS_PER_MS;
  } while ((runs < plan.minRuns || Number(now - start) < minNs) && Number(now - start) < maxNs);
  return { durationsMs: durations.slice(0, runs), wallMs: Number(now - start) / NS_PER_MS };
}

function grown(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

function agree(medians: readonly number[], tolerance: number): boolean {
  if (medians.length < STABLE_WINDOWS) return false;
  const last = medians.slice(-STABLE_WINDOWS);
  return Math.max(...last) <= Math.min(...last) * tolerance;
}

function medianOf(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1]!;
}

/** NaN and infinite values in floating-point outputs (float16 by its exponent bits). */
export function countNonFinite(outputs: Feeds): number {
  let count = 0;
  for (const { type, data } of Object.values(outputs)) {
    if (type === 'float32' || type === 'float64') {
      for (const value of data as Float32Array) if (!Number.isFinite(value)) count++;
    } else if (type === 'float16') {
      for (const bits of data as Uint16Array) if ((bits & 0x7c00) === 0x7c00) count++;
    }
  }
  return count;
}
