/** The timing campaign: fresh processes launch after launch, blocks in mirrored order, until precise enough or out of budget. */
import { throwIfInterrupted } from '../../errors.js';
import type { BlockPlan, BlockReply, WarmUpPlan, WarmUpReply } from '../../runtime/worker/protocol.js';
import { meanInterval } from '../../statistics/mean-intervals.js';
import { median } from '../../statistics/order.js';

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

/** The blocks of one launch. */
export interface LaunchShape {
  block: BlockPlan;
  /** Passes over all subjects, alternating direction; even, so that drift cancels. */
  rounds: number;
}

export interface CampaignPlan {
  warmUp: WarmUpPlan;
  /** Blocks for a launch whose slowest subject takes this long per run. */
  shape: (slowestMs: number) => LaunchShape;
  /** Launches whose spread decides how many there will be. */
  pilotLaunches: number;
  maxLaunches: number;
  /** Half-width of a log-ratio that is precise enough, e.g. 0.02. */
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
  /** Launches that the precision asks for, by the pilot's spread; null when the campaign ended before that. */
  planned: number | null;
  /** Half-width of the least certain pair's log-ratio after the pilot; null when there is no pair, or no pilot. */
  pilotHalfWidth: number | null;
  tookMs: number;
  /** Why it stopped; launches: the most that are made. */
  stopped: 'precise' | 'budget' | 'launches' | 'failed';
}

export interface CampaignOptions {
  pairs: readonly Pair[];
  plan: CampaignPlan;
  /** Milliseconds, monotonic. */
  now?: () => number;
  signal?: AbortSignal | undefined;
  /** `of` is the expected number of launches once the pilot is done. */
  onLaunch?: (done: number, of: number | null) => void;
}

/** Fewer launches tell nothing about their spread: these are made even past the budget, up to a half over it. */
const FEWEST_LAUNCHES = 3;
const OVERRUN = 1.5;

/**
 * Times the subjects against each other. Only one block runs at any moment.
 *
 * How many launches there are is settled after the pilot, by its spread alone (Stein's two-stage procedure, 1945): neither the ratio
 * nor its significance has a say, so that looking at the data makes no false alarms.
 */
export async function runCampaign(subjects: readonly Subject[], options: CampaignOptions): Promise<Campaign> {
  const { plan, now = () => performance.now() } = options;
  const started = now();
  const records = new Map<string, LaunchRecord[]>(subjects.map((subject) => [subject.key, []]));
  let alive = [...subjects];
  let pilot: Pilot | null = null;
  for (let launch = 0; ; ) {
    throwIfInterrupted(options.signal);
    const failed = await runLaunch(alive, { launch, plan, records });
    alive = alive.filter((subject) => !failed.has(subject.key));
    launch++;
    const tookMs = now() - started;
    if (launch === plan.pilotLaunches) pilot = pilotOf(records, alive, options);
    const planned = pilot?.planned ?? null;
    options.onLaunch?.(launch, planned);
    const result = (stopped: Campaign['stopped']) => ({
      records,
      launches: launch,
      planned,
      pilotHalfWidth: pilot?.halfWidth ?? null,
      tookMs,
      stopped,
    });
    if (alive.length === 0) return result('failed');
    if (planned !== null && launch >= planned) return result('precise');
    const afterNext = tookMs + tookMs / launch;
    const allowedMs = launch < FEWEST_LAUNCHES ? plan.budgetMs * OVERRUN : plan.budgetMs;
    if (launch >= plan.maxLaunches) return result('launches');
    if (afterNext > allowedMs) return result('budget');
  }
}

interface Pilot {
  /** Of the least certain pair; null: there is none. */
  halfWidth: number | null;
  /** Launches after which every pair's half-width is within the precision, given the spread of those made so far. */
  planned: number;
}

function pilotOf(
  records: Map<string, LaunchRecord[]>,
  alive: readonly Subject[],
  { pairs, plan }: CampaignOptions,
): Pilot {
  const keys = new Set(alive.map((subject) => subject.key));
  const widths = pairs
    .filter((pair) => keys.has(pair.subject) && keys.has(pair.reference))
    .map((pair) => {
      const logs = launchLogRatios(records.get(pair.subject)!, records.get(pair.reference)!);
      return meanInterval(logs, plan.confidence).halfWidth;
    });
  if (widths.length === 0) return { halfWidth: null, planned: plan.pilotLaunches };
  const halfWidth = Math.max(...widths);
  const needed = Math.ceil(plan.pilotLaunches * (halfWidth / plan.precision) ** 2);
  return { halfWidth, planned: Math.max(plan.pilotLaunches, needed) };
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
    const warm = [...running]
      .filter(([key]) => !failed.has(key))
      .map(([, { record }]) => record.warmUp.medianMs);
    const { block, rounds } = plan.shape(Math.max(...warm));
    for (let round = 0; round < rounds; round++) {
      for (const subject of round % 2 === 0 ? order : order.toReversed()) {
        await attempt(subject, async () => {
          const { runner, record } = running.get(subject.key)!;
          record.blocks.push(await runner.block(block));
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
