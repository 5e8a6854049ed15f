import { describe, expect, it } from 'vitest';
import { DEFAULT_BENCHMARK } from '../../../src/config/defaults.js';
import type { MachineState } from '../../../src/machine/machine.js';
import { type LaunchShape, runCampaign } from '../../../src/measure/timing/launches.js';
import { timingMeasurements } from '../../../src/measure/timing/measurements.js';
import { timingNotes } from '../../../src/measure/timing/notes.js';
import { campaignPlan, earnedConfidence } from '../../../src/measure/timing/plan.js';
import type { CellContext, LatencyRequest, TimedSubject } from '../../../src/measure/timing/request.js';
import { fromStagedLogs } from '../../../src/statistics/mean-intervals.js';
import type { Measurement } from '../../../src/terms/measurement.js';
import { type Noise, QUIET, VirtualMachine } from '../fake-subject.js';

interface Scene {
  noise?: Partial<Noise>;
  /** True latencies by subject; keys ending in ' (base)' are the base branch's builds. */
  latencies: Record<string, number>;
  runsPerBlock?: number;
  batch?: number;
  /** Batch sizes of the whole benchmark. */
  batches?: number[];
  budgetMs?: number;
  machine?: CellContext['machine'];
}

const IDLE: MachineState = {
  busy: 0,
  stolen: 0,
  total: 0,
  own: 0,
  quota: null,
  throttledPeriods: 0,
  governor: null,
  frequenciesMHz: [],
  cores: 4,
};

/** A cell timed on a virtual machine. */
async function timed(scene: Scene): Promise<CellContext> {
  const machine = new VirtualMachine(5, { ...QUIET, ...scene.noise });
  const subjects = Object.entries(scene.latencies).map(
    ([key, latencyMs]): TimedSubject => ({
      ...machine.subject(key, latencyMs),
      variant: key.replace(' (base)', ''),
      file: `${key}.onnx`,
      base: key.endsWith(' (base)'),
      failure: null,
    }),
  );
  const shape: LaunchShape = {
    block: { minRuns: scene.runsPerBlock ?? 20, minMs: 0, maxMs: 1, dropRuns: 0, dropMs: 0 },
    rounds: 6,
  };
  const plan = {
    ...campaignPlan({
      threads: 1,
      pauses: true,
      provider: 'cpu',
      precision: 0.02,
      confidence: 0.95,
      budgetMs: scene.budgetMs ?? 60_000,
    }),
    shape: () => shape,
  };
  const pairs = subjects
    .filter(({ key }) => key !== 'original')
    .map(({ key }) => ({ subject: key, reference: 'original' }));
  const campaign = await runCampaign(subjects, { pairs, plan, now: () => machine.nowMs });
  const variants = subjects
    .filter(({ key }) => key !== 'original')
    .map(({ key }) => ({ name: key, file: '' }));
  const benchmark = { ...DEFAULT_BENCHMARK, batch: scene.batches ?? [1] };
  const request = { model: 'm', provider: 'cpu', variants, benchmark } as unknown as LatencyRequest;
  const cell = { batch: scene.batch ?? 1, threads: 2, concurrency: 1 };
  return { request, cell, subjects, campaign, plan, machine: scene.machine ?? { before: null, after: null } };
}

const find = (measurements: Measurement[], variant: string, metric: string) =>
  measurements.find((entry) => entry.variant === variant && entry.metric === metric)!;

describe('timing measurements', () => {
  it('state their bounds with more confidence when the timing did not become precise', async () => {
    const latencies = { original: 1, int8: 1 };
    const interval = async (scene: Partial<Scene>) =>
      find(timingMeasurements(await timed({ latencies, ...scene })), 'int8', 'latency.p50').ratio!.interval!;
    expect((await interval({})).confidence).toBe(0.9);
    const loaded = await interval({ noise: { betweenLaunches: 0.3 }, budgetMs: 15_000 });
    expect(loaded.confidence).toBe(0.98);
  });

  it('raise few false alarms at a bound of 5 % beside another process', () => {
    const TRIALS = 4_000;
    const launches = 12;
    // Each process finds itself beside the other one's core or on it.
    let state = 77;
    /** In [-1, 1) (Park–Miller). */
    const next = () => {
      state = (state * 48271) % 2147483647;
      return (state / 2147483647) * 2 - 1;
    };
    const slow = () => (next() > 0.2 ? 0 : 0.45) + 0.05 * next();
    const share = (stopped: 'precise' | 'budget') => {
      let alarms = 0;
      for (let trial = 0; trial < TRIALS; trial++) {
        const logs = Array.from({ length: launches }, () => slow() - slow());
        const confidence = earnedConfidence(0.95, stopped);
        if (fromStagedLogs(logs, 6, confidence).interval!.lo! > 1.05) alarms++;
      }
      return alarms / TRIALS;
    };
    const [careful, plain] = [share('budget'), share('precise')];
    expect(careful).toBeLessThanOrEqual(0.005);
    // Which is not how it would be without.
    expect(plain).toBeGreaterThan(2 * careful);
  });

  it('relate a variant to the original and to its base, in the same launches', async () => {
    const measurements = timingMeasurements(
      await timed({ latencies: { original: 2, int8: 1, 'int8 (base)': 0.8 }, batch: 4 }),
    );
    const p50 = find(measurements, 'int8', 'latency.p50');
    expect(p50.value).toBeCloseTo(1, 9);
    expect(p50.ratio!.value).toBeCloseTo(0.5, 9);
    expect(p50.base!.value).toBeCloseTo(0.8, 9);
    expect(p50.base!.ratio!.value).toBeCloseTo(1.25, 9);
    expect(find(measurements, 'int8', 'throughput').value).toBeCloseTo(4000, 6);
    expect(find(measurements, 'int8', 'throughput').ratio!.value).toBeCloseTo(2, 9);
    expect(find(measurements, 'original', 'latency.p50')).toMatchObject({ ratio: null, base: null });
    expect(new Set(measurements.map(({ variant }) => variant))).toEqual(new Set(['original', 'int8']));
  });

  it('print a tail percentile only with enough samples', async () => {
    const few = timingMeasurements(await timed({ latencies: { original: 1 }, runsPerBlock: 2 }));
    expect(find(few, 'original', 'latency.p90')).toMatchObject({ status: 'ok', n: 72 });
    expect(find(few, 'original', 'latency.p95')).toMatchObject({
      status: 'skipped',
      value: null,
      reason: '72 samples; at least 130 are needed',
    });
    const many = timingMeasurements(await timed({ latencies: { original: 1 }, runsPerBlock: 20 }));
    expect(find(many, 'original', 'latency.p99')).toMatchObject({ status: 'ok', n: 720 });
  });

  it('place the tail above the median, with an interval around it', async () => {
    const measurements = timingMeasurements(
      await timed({ latencies: { original: 1, int8: 0.5 }, noise: { spikes: 0.05, betweenLaunches: 0.01 } }),
    );
    const [p50, p99] = ['latency.p50', 'latency.p99'].map((metric) => find(measurements, 'int8', metric));
    expect(p99!.value!).toBeGreaterThan(p50!.value! * 1.5);
    expect(p99!.interval!.lo!).toBeLessThan(p99!.value!);
    expect(p99!.interval!.hi!).toBeGreaterThan(p99!.value!);
  });

  it('are invalid for a variant that failed, with its reason', async () => {
    const context = await timed({ latencies: { original: 1, int8: 1 } });
    context.subjects.find(({ key }) => key === 'int8')!.failure = 'it crashed';
    const measurements = timingMeasurements(context);
    expect(find(measurements, 'int8', 'latency.p50')).toMatchObject({
      status: 'invalid',
      value: null,
      reason: 'it crashed',
    });
  });
});

describe('notes on timing', () => {
  const codes = async (scene: Scene) => timingNotes(await timed(scene)).map(({ code }) => code);

  it('are none on a quiet machine', async () => {
    expect(
      await codes({ latencies: { original: 1, int8: 0.5 }, machine: { before: IDLE, after: IDLE } }),
    ).toEqual([]);
  });

  it('say what disturbed the machine, and what to do', async () => {
    const after = {
      ...IDLE,
      total: 1000,
      busy: 700,
      own: 400,
      stolen: 50,
      throttledPeriods: 3,
      governor: 'powersave',
      frequenciesMHz: [2000],
    };
    const before = { ...IDLE, quota: 1.5, governor: 'powersave', frequenciesMHz: [3000] };
    const notes = timingNotes(await timed({ latencies: { original: 1 }, machine: { before, after } }));
    expect(notes.map(({ level, code, message }) => `${level} ${code}: ${message}`)).toMatchInlineSnapshot(`
      [
        "warn noise.load: Other processes kept 1.2 of 4 cores busy during the timing. Run quantgate alone on this machine.",
        "warn noise.steal: The hypervisor gave 5 % of the CPU time to other machines. Expect wide intervals; a dedicated runner has none of this.",
        "warn noise.quota: The container's CPU limit stopped the process 3 times during the timing. Raise the limit, or set benchmark.threads to at most 1.",
        "info noise.governor: The CPU frequency governor is 'powersave': clocks follow the load. For absolute latencies set it to performance.",
        "info noise.frequency: The cores' clock was 33 % lower after the timing than before: heat or a power limit. Ratios are not affected, absolute latencies are.",
      ]
    `);
  });

  it('tell a drift that the ratios do not show', async () => {
    expect(await codes({ latencies: { original: 1, int8: 1 }, noise: { driftPerMinute: 3 } })).toContain(
      'noise.drift',
    );
  });

  it('tell that the call itself is a visible part of a very fast model', async () => {
    expect(await codes({ latencies: { original: 0.05 } })).toEqual(['latency.binding-floor']);
  });

  it('say when it was not the budget that ended the timing but the number of launches', async () => {
    const notes = timingNotes(
      await timed({
        latencies: { original: 1, int8: 1 },
        noise: { betweenLaunches: 0.5 },
        budgetMs: 600_000,
      }),
    );
    expect(notes[0]!.message).toMatch(/ended after 60 launches, the most that are made.*quieter machine/);
    expect(notes[0]!.message).not.toContain('budget');
  });

  it('name the combination whose budget ended, where there are several', async () => {
    const noisy = { latencies: { original: 1, int8: 1 }, noise: { betweenLaunches: 0.1 }, budgetMs: 8_000 };
    const [several] = timingNotes(await timed({ ...noisy, batch: 8, batches: [1, 8] }));
    expect(several!.message).toContain('before the latency ratio on cpu (batch 8) was known to');
    const [only] = timingNotes(await timed({ ...noisy, batch: 8, batches: [8] }));
    expect(only!.message).toContain('before the latency ratio on cpu was known to');
  });

  it('name a budget of less than a second in milliseconds, not as 0 s', async () => {
    const noisy = { latencies: { original: 1, int8: 1 }, noise: { betweenLaunches: 0.1 }, budgetMs: 40 };
    expect(timingNotes(await timed(noisy))[0]!.message).toMatch(/^The budget of 40 ms ended after/);
  });

  it('say how long the precision would have taken when the budget ended first', async () => {
    const notes = timingNotes(
      await timed({ latencies: { original: 1, int8: 1 }, noise: { betweenLaunches: 0.1 }, budgetMs: 8_000 }),
    );
    expect(notes.map(({ code }) => code)).toEqual(['latency.budget']);
    expect(notes[0]!.message).toMatch(
      /budget of 8 s ended after \d+ launches.*confidence of 0\.99 instead of 0\.95\. About \d+ s would do/,
    );
  });
});
