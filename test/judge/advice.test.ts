import { describe, expect, it } from 'vitest';
import { judge } from '../../src/judge/judge.js';
import { type Runner, runCampaign } from '../../src/measure/timing/launches.js';
import { timingMeasurements } from '../../src/measure/timing/measurements.js';
import { campaignPlan } from '../../src/measure/timing/plan.js';
import type { CellContext, LatencyRequest, TimedSubject } from '../../src/measure/timing/request.js';
import type { Measurement } from '../../src/terms/measurement.js';
import { check, estimate, input, judgeOne, measurement } from './builders.js';

interface Machine {
  ratio: number;
  /** The pilot's launches deviate by this in turn, up and down, the later ones not: value and Stein's spread stay, however many there are. */
  deviation: number;
  /** A launch takes a second. */
  budgetS: number;
  /** Half-width as a ratio. */
  precision?: number;
}

/** p50 of a variant against its original, timed on a virtual machine. */
async function timed({ ratio, deviation, budgetS, precision = 0.02 }: Machine): Promise<Measurement> {
  let nowMs = 0;
  const subject = (variant: string, latency: (launch: number) => number): TimedSubject => {
    let launch = 0;
    return {
      key: variant,
      variant,
      file: `${variant}.onnx`,
      base: false,
      failure: null,
      onFailure(error) {
        throw error;
      },
      start: async (): Promise<Runner> => {
        const latencyMs = latency(launch++);
        nowMs += 500;
        return {
          loadMs: 1,
          warmUp: async () => ({
            firstMs: 1,
            runs: 6,
            tookMs: 6,
            medianMs: latencyMs,
            stable: true,
            outputsReused: true,
            nonFinite: 0,
          }),
          block: async () => ({ durationsMs: Float64Array.of(latencyMs, latencyMs), wallMs: 2 * latencyMs }),
          stop: async () => {},
        };
      },
    };
  };
  const subjects = [
    subject('original', () => 1),
    subject('int8', (launch) => ratio * Math.exp(launch < 6 ? deviation * (-1) ** launch : 0)),
  ];
  const plan = campaignPlan({
    provider: 'cpu',
    threads: 1,
    pauses: true,
    precision: Math.log1p(precision),
    confidence: 0.95,
    budgetMs: budgetS * 1000,
  });
  const pairs = [{ subject: 'int8', reference: 'original' }];
  const campaign = await runCampaign(subjects, { pairs, plan, now: () => nowMs });
  const request = { model: 'classifier', provider: 'cpu', variants: [] } as unknown as LatencyRequest;
  const cell = { batch: 1, threads: 1, concurrency: 1 };
  const context: CellContext = {
    request,
    cell,
    subjects,
    campaign,
    plan,
    machine: { before: null, after: null },
  };
  return timingMeasurements(context).find(
    (entry) => entry.variant === 'int8' && entry.metric === 'latency.p50',
  )!;
}

async function judged(machine: Machine) {
  const checks = [check('latency.p50', { maxRatio: 0.8 })];
  const { results } = judge(input({ checks, measurements: [await timed(machine)] }));
  return results[0]!;
}

const factorOf = (reason: string | null) => Number(/about ([\d.]+)× the measuring time/.exec(reason!)![1]);

describe('what an undecided check of a timing says it would take', () => {
  it('decides: more of the budget, where the timing states its bounds cautiously until then', async () => {
    const machine = { ratio: 0.77, deviation: 0.05, budgetS: 10 };
    const { verdict, reason, interval } = await judged(machine);
    expect(interval!.confidence).toBe(0.98);
    expect({ verdict, reason }).toEqual({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/ would decide, if the value stays \(benchmark\.budget\)$/),
    });
    const factor = factorOf(reason);
    expect((await judged({ ...machine, budgetS: 10 * factor })).verdict).toBe('pass');
    expect((await judged({ ...machine, budgetS: 10 * factor * 0.8 })).verdict).toBe('inconclusive');
  });

  it('decides as soon as the timing is precise, and states its bounds with less caution', async () => {
    const machine = { ratio: 0.784, deviation: 0.05, budgetS: 10 };
    const factor = factorOf((await judged(machine)).reason);
    const decided = await judged({ ...machine, budgetS: 10 * factor });
    expect(decided).toMatchObject({ verdict: 'pass', interval: { confidence: 0.9 } });
    expect((await judged({ ...machine, budgetS: 10 * factor * 0.8 })).verdict).toBe('inconclusive');
    // An interval that only shrank with the square root of the time would have asked for more than twice that.
    expect(factor).toBeLessThan(4);
  });

  it('is a finer precision where the budget did not end the timing: more of it would change nothing', async () => {
    const machine = { ratio: 0.7862, deviation: 0.05, budgetS: 600 };
    const { verdict, reason } = await judged(machine);
    expect(verdict).toBe('inconclusive');
    expect((await judged({ ...machine, budgetS: 6000 })).verdict).toBe('inconclusive');
    const precision = Number(/\(benchmark\.precision: ([\d.]+)%\)$/.exec(reason!)![1]) / 100;
    expect((await judged({ ...machine, precision })).verdict).toBe('pass');
    expect((await judged({ ...machine, precision: precision * 1.15 })).verdict).toBe('inconclusive');
  });

  it('is both where the budget ended a timing that would not have been precise enough', async () => {
    const { reason } = await judged({ ratio: 0.7862, deviation: 0.05, budgetS: 20 });
    const [, factor, precision] =
      /about ([\d.]+)× .*\(benchmark\.budget, benchmark\.precision: ([\d.]+)%\)$/.exec(reason!)!;
    const more = { ratio: 0.7862, deviation: 0.05, budgetS: 20 * Number(factor) };
    expect((await judged({ ...more, precision: Number(precision) / 100 })).verdict).toBe('pass');
    expect((await judged(more)).verdict).toBe('inconclusive');
  });

  it('is nothing where as many launches were made as are made at most', async () => {
    const { verdict, reason } = await judged({ ratio: 0.787, deviation: 0.2, budgetS: 600 });
    expect(verdict).toBe('inconclusive');
    expect(reason).toMatch(/too near the bound for as many launches as are made at most: .*quieter machine$/);
  });
});

describe('what an undecided check says of figures that no budget changes', () => {
  it('memory is always measured in the same number of processes', () => {
    const measured = measurement('memory.peak', { n: 5, ratio: estimate(1.05, 0.9, 1.2) });
    const { reason } = judgeOne(check('memory.peak', { maxRatio: 1.1 }), measured);
    expect(reason).toBe(
      'the interval [0.9×, 1.2×] crosses the bound 1.1×; it spans all 5 processes, as many as are always measured: leave the bound more room',
    );
  });

  it('TensorRT is always timed in the same number of launches', () => {
    const measured = measurement('latency.p50', {
      ratio: estimate(0.78, 0.7, 0.9),
      details: { method: 'trtexec', launches: 5 },
    });
    const { reason } = judgeOne(check('latency.p50', { maxRatio: 0.8 }), measured);
    expect(reason).toMatch(/TensorRT is always timed in 5 launches: leave the bound more room/);
    expect(reason).not.toContain('budget');
  });
});
