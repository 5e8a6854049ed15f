/** Quick interleaved comparisons of two files on this machine: whether a quantized file is really faster. race.ts compares several.
 *
 *  Not a benchmark (measure/timing is, in processes of their own), but good enough to choose by: both files are open in one process
 *  and run in turns, so that they see the same machine, and are judged by their lower quartile, which other work disturbs least. */
import type { Target } from '../../config/choices.js';
import type { RunContext } from '../../runtime/context.js';
import type { Feeds } from '../../tensor/tensor.js';
import { elapsed, inTurns, lowerQuartile, withSessions } from './in-turns.js';
import { OtherWork } from './other-work.js';

export interface SpeedOptions {
  context: RunContext;
  feeds: Feeds;
}

/** Time after which `speedRatio` begins no round. */
const BUDGET_MS = 500;
const WARM_UP_RUNS = 2;

/** Time of the quantized file ÷ time of the original, at `all`, on one sample. */
export async function speedRatio(
  original: string,
  quantized: string,
  { context: { runtime, threads }, feeds }: SpeedOptions,
): Promise<number> {
  return await withSessions([original, quantized], { runtime, session: { threads } }, async (sessions) => {
    const runs = sessions.map((session) => session.prepare(feeds));
    for (const { run } of runs) for (let i = 0; i < WARM_UP_RUNS; i++) await run();
    const timed = runs.map((prepared) => () => elapsed(prepared.run));
    const times = await inTurns(timed, { budgetMs: BUDGET_MS, isOver: areApart });
    const [before, after] = times.map(lowerQuartile) as [number, number];
    return after / before;
  });
}

/** A busy machine can make anything look slow once: a file is slower only if it is in each of so many comparisons. */
const LOOKS = 4;
/** A ratio up to this is the machine's noise. */
const NOISE = 1.03;

/** Ratios of the comparisons in which a file was slower: all of them. */
export interface Slowdown {
  least: number;
  most: number;
  looks: number;
}

/** How much slower a quantized file is than its original; null unless it was slower in every one of several comparisons, each of many
 *  interleaved runs. While other processes keep the machine busy, it must be slower on one thread, too, which waits for no other. */
export async function sureSlowdown(
  original: string,
  quantized: string,
  options: SpeedOptions,
): Promise<Slowdown | null> {
  const others = new OtherWork();
  const slowdown = await slowdownInEachLook(original, quantized, options);
  if (slowdown === null || options.context.threads === 1) return slowdown;
  if (!others.isMuch) return slowdown;
  options.context.log.debug(
    'Other processes keep this machine busy: the files are compared on one thread, too.',
  );
  return await slowdownInEachLook(original, quantized, {
    ...options,
    context: { ...options.context, threads: 1 },
  });
}

async function slowdownInEachLook(
  original: string,
  quantized: string,
  options: SpeedOptions,
): Promise<Slowdown | null> {
  const ratios: number[] = [];
  while (ratios.length < LOOKS) {
    const ratio = await speedRatio(original, quantized, options);
    if (!(ratio > NOISE)) return null;
    ratios.push(ratio);
  }
  return { least: Math.min(...ratios), most: Math.max(...ratios), looks: LOOKS };
}

/** 'takes 1.10 to 1.20 times the original's time here (in each of 4 comparisons)' */
export function slowdownText({ least, most, looks }: Slowdown): string {
  const [from, to] = [least.toFixed(2), most.toFixed(2)];
  const times = from === to ? from : `${from} to ${to}`;
  return `takes ${times} times the original's time here (in each of ${looks} comparisons)`;
}

/** Whether what is made for this target runs on this machine's CPU, so that its speed can be seen here. */
export function runsHere(target: Target): boolean {
  return target === (process.arch === 'arm64' ? 'arm64' : 'cpu');
}

/** Whether ONNX Runtime's CPU provider runs what is made for this target, natively or as WebAssembly. */
export function isCpu(target: Target): boolean {
  return target === 'cpu' || target === 'arm64' || target === 'wasm';
}

/** Whether 8-bit products of this target may be added in 16 bits, so that weights keep to 7: x64 without VNNI, WebAssembly's relaxed SIMD. */
export function saturates(target: Target): boolean {
  return target === 'cpu' || target === 'wasm';
}

/** Whether every run of one was faster than every run of the other. */
function areApart(times: readonly number[][]): boolean {
  const [before, after] = times as [number[], number[]];
  return Math.max(...after) < Math.min(...before) || Math.max(...before) < Math.min(...after);
}
