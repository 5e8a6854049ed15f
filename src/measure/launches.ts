/** The timing campaign: fresh processes launch after launch, blocks in mirrored order, until precise enough or out of budget. */
import type { BlockPlan, BlockReply, WarmUpPlan, WarmUpReply } from '../runtime/protocol.js';
import { meanInterval, median } from './statistics.js';

/** One fresh process (or, for concurrency, several at once) with the model loaded. */
export interface Runner {
  readonly loadMs: number;
  warmUp(plan: WarmUpPlan): Promise<WarmUpReply>;
  block(plan: BlockPlan): Promise<BlockReply>;
  stop(): Promise<void>;
}

/** What is timed: starts a fresh runner for each launch. */
export interface Subject {
  readonly key: string;
  start(): Promise<Runner>;
  /** Failure of this subject: it takes no further part. Throw to end the campaign. */
  onFailure(error: unknown): void;
}

/** A pair whose ratio must become precise: subject ÷ reference. */
export interface Pair {
  subject: string;
  reference: string;
}

export interface CampaignPlan {
  warmUp: WarmUpPlan;
  block: BlockPlan;
  /** Passes over all subjects per launch, alternating direction; even, so that drift cancels. */
  rounds: number;
  minLaunches: number;
  maxLaunches: number;
  /** Half-width of a log-ratio that is precise enough, e.g. 0.015. */
  precision: number;
  /** One-sided. */
  confidence: number;
  budgetMs: number;
}

/** What one launch saw of one subject. */
export interface LaunchRecord {
  launch: number;
  loadMs: number;
  warmUp: WarmUpReply;
  /** By round. */
  blocks: BlockReply[];
}

export interface Campaign {
  /** Records by subject key; launches in which a subject failed are left out. */
  records: Map<string, LaunchRecord[]>;
  launches: number;
  tookMs: number;
  /** Why it stopped. */
  stopped: 'precise' | 'budget' | 'failed';
}

export interface CampaignOptions {
  pairs: readonly Pair[];
  plan: CampaignPlan;
  /** Milliseconds, monotonic. */
  now?: () => number;
  signal?: AbortSignal | undefined;
  onLaunch?: (done: number, tookMs: number) => void;
}

/** Times the subjects against each other. Only one block runs at any moment. */
export async function runCampaign(subjects: readonly Subject[], options: CampaignOptions): Promise<Campaign> {
  const { plan, now = () => performance.now() } = options;
  const started = now();
  const records = new Map<string, LaunchRecord[]>(subjects.map((subject) => [subject.key, []]));
  let alive = [...subjects];
  for (let launch = 0; ; ) {
    options.signal?.throwIfAborted();
    const failed = await runLaunch(alive, { launch, plan, records });
    alive = alive.filter((subject) => !failed.has(subject.key));
    launch++;
    const tookMs = now() - started;
    options.onLaunch?.(launch, tookMs);
    const result = (stopped: Campaign['stopped']) => ({ records, launches: launch, tookMs, stopped });
    if (alive.length === 0) return result('failed');
    // Never by the ratio itself: looking for significance and stopping on it makes false alarms.
    if (launch >= plan.minLaunches && preciseEnough(records, alive, options)) return result('precise');
    const another = tookMs / launch;
    if (launch >= plan.maxLaunches || tookMs + another > plan.budgetMs) return result('budget');
  }
}

interface LaunchContext {
  launch: number;
  plan: CampaignPlan;
  records: Map<string, LaunchRecord[]>;
}

/** One launch; the keys of subjects that failed. The side that begins changes from launch to launch. */
async function runLaunch(subjects: readonly Subject[], context: LaunchContext): Promise<Set<string>> {
  const { launch, plan, records } = context;
  const failed = new Set<string>();
  const running = new Map<string, { runner: Runner; record: LaunchRecord }>();
  const order = launch % 2 === 0 ? subjects : subjects.toReversed();
  const attempt = async (subject: Subject, work: () => Promise<void>) => {
    if (failed.has(subject.key)) return;
    try {
      await work();
    } catch (error) {
      failed.add(subject.key);
      subject.onFailure(error);
    }
  };
  try {
    for (const subject of order) {
      await attempt(subject, async () => {
        const runner = await subject.start();
        const record: LaunchRecord = { launch, loadMs: runner.loadMs, warmUp: NOT_WARM, blocks: [] };
        running.set(subject.key, { runner, record });
        record.warmUp = await runner.warmUp(plan.warmUp);
      });
    }
    for (let round = 0; round < plan.rounds; round++) {
      for (const subject of round % 2 === 0 ? order : order.toReversed()) {
        await attempt(subject, async () => {
          const { runner, record } = running.get(subject.key)!;
          record.blocks.push(await runner.block(plan.block));
        });
      }
    }
  } finally {
    await Promise.all([...running.values()].map(({ runner }) => runner.stop()));
  }
  for (const [key, { record }] of running) {
    if (!failed.has(key)) records.get(key)!.push(record);
  }
  return failed;
}

const NOT_WARM: WarmUpReply = {
  firstMs: Number.NaN,
  runs: 0,
  tookMs: 0,
  medianMs: Number.NaN,
  stable: false,
  outputsReused: false,
  nonFinite: 0,
};

function preciseEnough(
  records: Map<string, LaunchRecord[]>,
  alive: readonly Subject[],
  { pairs, plan }: CampaignOptions,
): boolean {
  const keys = new Set(alive.map((subject) => subject.key));
  return pairs
    .filter((pair) => keys.has(pair.subject) && keys.has(pair.reference))
    .every((pair) => {
      const logs = launchLogRatios(records.get(pair.subject)!, records.get(pair.reference)!);
      return meanInterval(logs, plan.confidence).halfWidth <= plan.precision;
    });
}

/**
 * One log-ratio per launch that saw both: the median, over pairs of mirrored rounds, of the mean of the two rounds' log-ratios of
 * block medians. A drift that is linear over a mirrored pair (A B · B A) cancels.
 */
export function launchLogRatios(
  subject: readonly LaunchRecord[],
  reference: readonly LaunchRecord[],
): number[] {
  const byLaunch = new Map(reference.map((record) => [record.launch, record]));
  const logs: number[] = [];
  for (const record of subject) {
    const other = byLaunch.get(record.launch);
    if (!other) continue;
    const rounds = record.blocks.map((block, round) =>
      Math.log(median(block.durationsMs) / median(other.blocks[round]!.durationsMs)),
    );
    const mirrored: number[] = [];
    for (let i = 0; i + 1 < rounds.length; i += 2) mirrored.push((rounds[i]! + rounds[i + 1]!) / 2);
    logs.push(median(mirrored));
  }
  return logs;
}
