import { describe, expect, it } from 'vitest';
import type { PreparedRun } from '../../../src/runtime/runtime.js';
import { countNonFinite, timeBlock, warmUp } from '../../../src/runtime/worker/timing.js';

/** A run whose durations are given, on a clock that only they move. */
function scripted(durationMs: (run: number) => number) {
  let nowNs = 0n;
  let runs = 0;
  const prepared: PreparedRun = {
    async run() {
      nowNs += BigInt(Math.round(durationMs(runs++) * 1e6));
    },
    async reuseOutputs() {
      await this.run();
      await this.run();
      return true;
    },
    outputs: () => ({}),
  };
  return { prepared, clock: () => nowNs, ran: () => runs };
}

const plan = { minRuns: 5, minMs: 10, maxMs: 1_000, windowMs: 10, tolerance: 1.05 };

describe('warm-up', () => {
  it('tells the first inference apart and goes on until three windows agree', async () => {
    const { prepared, clock, ran } = scripted((run) => (run === 0 ? 50 : Math.max(1, 8 - run * 0.5)));
    const reply = await warmUp(prepared, plan, clock);
    expect(reply).toMatchObject({ firstMs: 50, stable: true, medianMs: 1 });
    expect(reply.runs).toBe(ran());
  });

  it('gives up on a run that never becomes steady, and says so', async () => {
    const { prepared, clock } = scripted((run) => 1 + (run % 25));
    const reply = await warmUp(prepared, plan, clock);
    expect(reply.stable).toBe(false);
    expect(reply.tookMs).toBeGreaterThanOrEqual(plan.maxMs);
    expect(reply.tookMs).toBeLessThan(plan.maxMs + 100);
  });

  it('does not warm a slow model longer than its limit allows', async () => {
    const { prepared, clock, ran } = scripted(() => 900);
    await warmUp(prepared, { ...plan, minRuns: 10 }, clock);
    expect(ran()).toBe(4);
  });
});

describe('a block', () => {
  const block = { minRuns: 3, minMs: 10, maxMs: 1_000, dropRuns: 2, dropMs: 5 };

  it('drops the runs at its start and keeps the rest', async () => {
    const { prepared, clock } = scripted((run) => (run < 2 ? 9 : 1));
    const { durationsMs, wallMs } = await timeBlock(prepared, block, clock);
    expect([...durationsMs]).toEqual(new Array(10).fill(1));
    expect(wallMs).toBe(10);
  });

  it('keeps the least number of runs of a slow model', async () => {
    const { prepared, clock } = scripted(() => 200);
    expect((await timeBlock(prepared, block, clock)).durationsMs).toHaveLength(3);
  });

  it('ends at its limit', async () => {
    const { prepared, clock } = scripted(() => 400);
    const { durationsMs } = await timeBlock(prepared, { ...block, minRuns: 100, maxMs: 1_000 }, clock);
    expect(durationsMs).toHaveLength(3);
  });

  it('holds more runs than it first made room for', async () => {
    const { prepared, clock } = scripted(() => 0.001);
    expect((await timeBlock(prepared, block, clock)).durationsMs).toHaveLength(10_000);
  });
});

it('counts NaN and infinite values in every floating-point type', () => {
  expect(
    countNonFinite({
      a: { type: 'float32', dims: [3], data: Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY) },
      b: { type: 'float16', dims: [3], data: Uint16Array.of(0x7c00, 0x7e00, 0x3c00) },
      c: { type: 'int64', dims: [1], data: BigInt64Array.of(1n) },
    }),
  ).toBe(4);
});
