import { describe, expect, it } from 'vitest';
import { type CampaignPlan, launchLogRatios, runCampaign } from '../../../src/measure/timing/launches.js';
import { campaignPlan, DEFAULT_PRECISION } from '../../../src/measure/timing/plan.js';
import { fromStagedLogs } from '../../../src/statistics/mean-intervals.js';
import { median } from '../../../src/statistics/order.js';
import { type Noise, QUIET, VirtualMachine } from '../fake-subject.js';

const PLAN: CampaignPlan = {
  warmUp: { minRuns: 1, minMs: 0, maxMs: 1, windowMs: 1, tolerance: 1 },
  shape: () => ({ block: { minRuns: 5, minMs: 0, maxMs: 1, dropRuns: 0, dropMs: 0 }, rounds: 6 }),
  pilotLaunches: 6,
  maxLaunches: 60,
  precision: 0.02,
  confidence: 0.95,
  budgetMs: 120_000,
};

/** Original against a variant that is truly `ratio` times as slow. */
async function campaign(machine: VirtualMachine, ratio: number, plan: Partial<CampaignPlan> = {}) {
  const settings = { ...PLAN, ...plan };
  const result = await runCampaign([machine.subject('A', 1), machine.subject('B', ratio)], {
    pairs: [{ subject: 'B', reference: 'A' }],
    plan: settings,
    now: () => machine.nowMs,
  });
  const logs = launchLogRatios(result.records.get('B')!, result.records.get('A')!);
  return { ...result, estimate: fromStagedLogs(logs, settings.pilotLaunches, settings.confidence) };
}

describe('a campaign', () => {
  it('alternates blocks A B B A, and the side that begins changes from launch to launch', async () => {
    const machine = new VirtualMachine(1, QUIET);
    await campaign(machine, 1, {
      shape: () => ({ ...PLAN.shape(1), rounds: 2 }),
      pilotLaunches: 3,
    });
    expect(machine.order.join(' ')).toBe(
      ['warm A warm B A B B A', 'warm B warm A B A A B', 'warm A warm B A B B A'].join(' '),
    );
  });

  it('lets a drift cancel that would show between consecutive blocks', async () => {
    const drifting = new VirtualMachine(1, { ...QUIET, driftPerMinute: 5 });
    const { estimate } = await campaign(drifting, 1.1);
    expect(estimate.value).toBeCloseTo(1.1, 4);
  });

  it('settles the number of launches by the pilot’s spread, never by the ratio', async () => {
    const noise: Noise = { ...QUIET, betweenLaunches: 0.06 };
    const counts = [];
    for (const ratio of [0.3, 1, 1.05, 3]) {
      const { launches, planned, stopped } = await campaign(new VirtualMachine(42, noise), ratio);
      expect(stopped).toBe('precise');
      expect(launches).toBe(planned);
      counts.push(launches);
    }
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeGreaterThan(6);
  });

  it('gives the precision it was asked for when the budget allows', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const noise: Noise = { ...QUIET, betweenLaunches: 0.02 };
      const { estimate } = await campaign(new VirtualMachine(seed, noise), 1, { maxLaunches: 1_000 });
      const stein = Math.log(estimate.interval!.hi! / estimate.interval!.lo!) / 2;
      // A little more when the spread grew after the pilot.
      expect(stein).toBeLessThan(0.035);
    }
  });

  it('ends when another launch would exceed the budget', async () => {
    const machine = new VirtualMachine(7, { ...QUIET, betweenLaunches: 0.5 });
    const { stopped, tookMs, launches } = await campaign(machine, 1, { budgetMs: 10_000 });
    expect(stopped).toBe('budget');
    expect(tookMs).toBeLessThanOrEqual(10_000);
    expect(tookMs + tookMs / launches).toBeGreaterThan(10_000);
  });

  it('leaves out a subject that fails and goes on with the others', async () => {
    const machine = new VirtualMachine(3, QUIET);
    const failures: string[] = [];
    const broken = machine.subject('broken', 1, {
      start: async () => {
        throw new Error('crashed');
      },
      onFailure: (error) => failures.push((error as Error).message),
    });
    const { records, stopped } = await runCampaign(
      [machine.subject('A', 1), broken, machine.subject('B', 2)],
      {
        pairs: [
          { subject: 'broken', reference: 'A' },
          { subject: 'B', reference: 'A' },
        ],
        plan: PLAN,
        now: () => machine.nowMs,
      },
    );
    expect(failures).toEqual(['crashed']);
    expect(stopped).toBe('precise');
    expect(records.get('broken')).toEqual([]);
    expect(records.get('B')).toHaveLength(6);
  });

  it('stops at once when the original’s failure ends it', async () => {
    const machine = new VirtualMachine(3, QUIET);
    let stopped = 0;
    const fine = machine.subject('A', 1);
    const original = {
      ...fine,
      start: async () => {
        const runner = await fine.start();
        return {
          ...runner,
          block: async () => {
            throw new Error('original died');
          },
          stop: async () => {
            stopped++;
          },
        };
      },
    };
    await expect(
      runCampaign([original], { pairs: [], plan: PLAN, now: () => machine.nowMs }),
    ).rejects.toThrow('original died');
    expect(stopped).toBe(1);
  });
});

describe('the interval covers the true ratio at least as often as it says', () => {
  const TRIALS = 1_200;
  /** Three standard errors of a 5 % miss rate in that many trials. */
  const ALLOWED = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / TRIALS);
  const rough: Noise = {
    betweenLaunches: 0.02,
    heavyTailed: false,
    withinBlocks: 0.03,
    autocorrelation: 0.9,
    driftPerMinute: 0.1,
    spikes: 0.05,
  };
  it.each<[string, Noise, Partial<CampaignPlan>]>([
    ['autocorrelated, drifting noise', rough, {}],
    ['heavy tails between processes', { ...rough, heavyTailed: true }, {}],
    ['more launches than the pilot', { ...rough, betweenLaunches: 0.035 }, {}],
    ['heavy tails and many launches', { ...rough, betweenLaunches: 0.035, heavyTailed: true }, {}],
    ['a budget that cuts it short', { ...rough, betweenLaunches: 0.15, spikes: 0.2 }, { budgetMs: 8_000 }],
  ])('under %s', async (_what, noise, plan) => {
    const truth = 1.03;
    let tooHigh = 0;
    let tooLow = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      const { estimate } = await campaign(new VirtualMachine(1 + trial * 7919, noise), truth, {
        shape: () => ({ block: { ...PLAN.shape(1).block, minRuns: 3 }, rounds: 4 }),
        ...plan,
      });
      if (estimate.interval!.lo! > truth) tooHigh++;
      if (estimate.interval!.hi! < truth) tooLow++;
    }
    expect(tooHigh / TRIALS).toBeLessThanOrEqual(ALLOWED);
    expect(tooLow / TRIALS).toBeLessThanOrEqual(ALLOWED);
    // And isn't simply infinite.
    expect(tooHigh + tooLow).toBeGreaterThan(0);
  });
});

describe('a verdict at a bound of 5 %', () => {
  const TRIALS = 300;
  /** As measured between fresh processes on two shared cores, run to run as on a quiet machine. */
  const noiseOf = (betweenLaunches: number): Noise => ({
    betweenLaunches,
    heavyTailed: false,
    withinBlocks: 0.05,
    autocorrelation: 0.5,
    driftPerMinute: 0.02,
    spikes: 0.02,
  });

  /** Shares of the verdicts, and the median of the (virtual) time they took. */
  async function verdicts(noise: Noise, scene: { latencyMs: number; ratio: number; bound: number }) {
    const shares = { pass: 0, fail: 0, inconclusive: 0 };
    const seconds: number[] = [];
    for (let trial = 0; trial < TRIALS; trial++) {
      const machine = new VirtualMachine(17 + trial * 104_729, noise);
      const plan = campaignPlan({
        threads: 1,
        pauses: true,
        provider: 'cpu',
        precision: DEFAULT_PRECISION,
        confidence: 0.95,
        budgetMs: 120_000,
      });
      const { latencyMs, ratio, bound } = scene;
      // As many runs as fill the block's time.
      const shape = (slowestMs: number) => {
        const { block, rounds } = plan.shape(slowestMs);
        const runs = Math.max(block.minRuns, Math.ceil(block.minMs / slowestMs));
        return { block: { ...block, minRuns: runs + block.dropRuns }, rounds };
      };
      const result = await runCampaign(
        [machine.subject('A', latencyMs), machine.subject('B', latencyMs * ratio)],
        { pairs: [{ subject: 'B', reference: 'A' }], plan: { ...plan, shape }, now: () => machine.nowMs },
      );
      const logs = launchLogRatios(result.records.get('B')!, result.records.get('A')!);
      const { lo, hi } = fromStagedLogs(logs, plan.pilotLaunches, plan.confidence).interval!;
      shares[lo! > bound ? 'fail' : hi! <= bound ? 'pass' : 'inconclusive'] += 1 / TRIALS;
      seconds.push(result.tookMs / 1000);
    }
    return { ...shares, seconds: median(seconds) };
  }

  it.each([
    ['1.2 %, as of a small model', 0.012, 4],
    ['2.6 %, as of a larger one', 0.026, 13],
    ['4.4 %, as of a larger one on a bad day', 0.044, 13],
  ])('passes a model against its own copy when processes differ by %s', async (_what, sd, latencyMs) => {
    const { pass, fail, seconds } = await verdicts(noiseOf(sd), { latencyMs, ratio: 1, bound: 1.05 });
    expect(fail).toBeLessThanOrEqual(0.01);
    expect(pass).toBeGreaterThanOrEqual(0.9);
    expect(seconds).toBeLessThan(20);
  });

  it.each([
    ['8 % slower, at a bound of 0 %', 1.08, 1],
    ['15 % slower', 1.15, 1.05],
  ])('fails a model that is %s', async (_what, ratio, bound) => {
    for (const sd of [0.012, 0.035]) {
      const { fail } = await verdicts(noiseOf(sd), { latencyMs: 4, ratio, bound });
      expect(fail).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('is rarely a wrong fail under a load that makes processes differ by 20 %', async () => {
    const loaded: Noise = {
      ...noiseOf(0.2),
      heavyTailed: true,
      withinBlocks: 0.3,
      autocorrelation: 0.9,
      spikes: 0.3,
    };
    const { fail, inconclusive } = await verdicts(loaded, { latencyMs: 13, ratio: 1, bound: 1.05 });
    expect(fail).toBeLessThanOrEqual(0.02);
    expect(inconclusive).toBeGreaterThan(0.1);
  });
});
