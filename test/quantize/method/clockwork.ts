/** A machine whose clock only the runs of models move, and whose cores do for others what a test says. */
import { vi } from 'vitest';
import type { Runtime, Session, SessionOptions } from '../../../src/runtime/runtime.js';

/** Cores that do nothing but what others ask of them: each look sees ten thousand seconds more, which no process of ours could use. */
export const cores = { othersShare: 0, ms: 0, busy: 0 };

/** What stands for `node:os` (vi.mock). */
export async function osOfCores(original: () => Promise<unknown>): Promise<object> {
  return {
    ...((await original()) as object),
    cpus: () => {
      cores.ms += 1e7;
      cores.busy += 1e7 * cores.othersShare;
      const times = { user: cores.busy, nice: 0, sys: 0, irq: 0, idle: cores.ms - cores.busy };
      return [{ model: '', speed: 0, times }];
    },
  };
}

/** A runtime whose models' runs take the given times, in turn, on a clock that only they move. */
export function clockwork(times: Record<string, readonly number[]>) {
  return machine((model, run) => {
    const ms = times[model]![run % times[model]!.length]!;
    return { ms, cpuMs: ms };
  });
}

/** The same by what each run takes on so many threads: of time, and of CPU time. */
export function machine(
  timesOf: (model: string, run: number, threads: number) => { ms: number; cpuMs: number },
): {
  runtime: Runtime;
  runs: Record<string, number>;
  opened: number[];
} {
  let [now, cpu] = [0, 0];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: 1000 * cpu, system: 0 }));
  const runs: Record<string, number> = {};
  const opened: number[] = [];
  const open = async (model: string, { threads = 2 }: SessionOptions = {}): Promise<Session> => {
    runs[model] = 0;
    opened.push(threads);
    const run = async (): Promise<void> => {
      const { ms, cpuMs } = timesOf(model, runs[model]!, threads);
      now += ms;
      cpu += cpuMs;
      runs[model]!++;
    };
    return { prepare: () => ({ run }), release: async () => {} } as unknown as Session;
  };
  return { runtime: { open } as unknown as Runtime, runs, opened };
}
