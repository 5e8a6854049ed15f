/** Runners of real models: one worker, or several that run at once, fresh for each launch. */

import type { SessionOptions } from '../../runtime/runtime.js';
import type { BlockReply, WarmUpReply } from '../../runtime/worker/protocol.js';
import { workersPause } from '../../runtime/worker/spawn.js';
import { startWorker, type Worker } from '../../runtime/worker/worker.js';
import { inBrowser, runsOnCpu } from '../../terms/provider.js';
import { timingFeeds } from '../subject/inputs.js';
import type { Runner } from './launches.js';
import type { Cell, LatencyRequest } from './request.js';

/** Opens the model in `concurrency` fresh processes at once. */
export async function startRunner(
  request: LatencyRequest,
  cell: Cell,
  { file, cpus }: { file: string; cpus: readonly number[] },
): Promise<Runner> {
  const session: SessionOptions = {
    provider: request.provider,
    threads: cell.threads,
    deviceId: request.deviceId,
  };
  const workers: Worker[] = [];
  const stop = async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
  };
  try {
    for (let i = 0; i < cell.concurrency; i++) {
      workers.push(
        await startWorker({
          model: file,
          session,
          ...request.context,
          cpus,
          deadlineMs: request.deadlineMs,
        }),
      );
    }
    const feeds = timingFeeds(workers[0]!.opened.inputs, {
      batch: cell.batch,
      shapes: request.benchmark.shapes,
      sample: request.sample ?? null,
    });
    for (const worker of workers) await worker.call('feeds', { feeds });
  } catch (error) {
    await stop();
    throw error;
  }
  /** Awake only for what it is asked: between blocks the other models have the machine to themselves. */
  const awake = async <Reply>(ask: (worker: Worker) => Promise<Reply>): Promise<Reply[]> => {
    for (const worker of workers) worker.resume();
    const replies = await Promise.all(workers.map(ask));
    if (pauses(request.provider)) for (const worker of workers) worker.pause();
    return replies;
  };
  return {
    loadMs: workers[0]!.opened.loadMs,
    warmUp: async (plan) => mergedWarmUp(await awake((worker) => worker.call('warmUp', plan))),
    block: async (plan) => mergedBlocks(await awake((worker) => worker.call('block', plan))),
    stop,
  };
}

/** Whether the processes of a provider are frozen between their blocks: not those that a device's driver may be waiting for, nor a browser's,
 *  which watch each other. */
export function pauses(provider: string): boolean {
  return runsOnCpu(provider) && !inBrowser(provider) && workersPause();
}

function mergedWarmUp(replies: WarmUpReply[]): WarmUpReply {
  const [first] = replies;
  return {
    ...first!,
    runs: replies.reduce((sum, reply) => sum + reply.runs, 0),
    stable: replies.every((reply) => reply.stable),
    outputsReused: replies.every((reply) => reply.outputsReused),
  };
}

/** Several processes' blocks as one: all durations, and the wall time that gives the sum of their rates. */
function mergedBlocks(replies: BlockReply[]): BlockReply {
  if (replies.length === 1) return replies[0]!;
  const runs = replies.reduce((sum, reply) => sum + reply.durationsMs.length, 0);
  const rate = replies.reduce((sum, reply) => sum + reply.durationsMs.length / reply.wallMs, 0);
  const durationsMs = new Float64Array(runs);
  let offset = 0;
  for (const reply of replies) {
    durationsMs.set(reply.durationsMs, offset);
    offset += reply.durationsMs.length;
  }
  return { durationsMs, wallMs: runs / rate };
}
