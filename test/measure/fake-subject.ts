/** Subjects that take virtual time: their durations come from a noise model, and only they move the clock. */
import type { Runner, Subject } from '../../src/measure/timing/launches.js';
import type { WarmUpReply } from '../../src/runtime/worker/protocol.js';
import { uniformRandom } from '../../src/tensor/random.js';

/** What disturbs a virtual machine. */
export interface Noise {
  /** Standard deviation of log latency from process to process. */
  betweenLaunches: number;
  /** Tails of the same: Student's t with 3 degrees of freedom instead of the normal. */
  heavyTailed: boolean;
  /** Standard deviation of log latency from run to run. */
  withinBlocks: number;
  /** Correlation of a run with the one before. */
  autocorrelation: number;
  /** Log latency gained per minute. */
  driftPerMinute: number;
  /** Share of runs that something interrupts. */
  spikes: number;
}

/** One machine: a clock and a source of noise, the same for the same seed. */
export class VirtualMachine {
  nowMs = 0;
  /** Every block in order, by subject. */
  readonly order: string[] = [];
  running = 0;
  private readonly uniform: () => number;
  private correlated = 0;

  constructor(
    seed: number,
    readonly noise: Noise,
  ) {
    this.uniform = uniformRandom(seed);
  }

  /** A subject whose true latency is `latencyMs`. */
  subject(key: string, latencyMs: number, more: Partial<Subject> = {}): Subject {
    return {
      key,
      start: async () => this.start(key, latencyMs),
      onFailure(error) {
        throw error;
      },
      ...more,
    };
  }

  private start(key: string, latencyMs: number): Runner {
    this.nowMs += 150;
    // Two subjects per ratio: each has half the variance.
    const bias = (this.noise.betweenLaunches / Math.SQRT2) * this.deviate();
    const run = () => {
      const { noise } = this;
      this.correlated =
        noise.autocorrelation * this.correlated +
        Math.sqrt(1 - noise.autocorrelation ** 2) * noise.withinBlocks * this.normal();
      const drift = (noise.driftPerMinute * this.nowMs) / 60_000;
      const interrupted = this.uniform() < noise.spikes ? 1 + 3 * this.uniform() : 1;
      const durationMs = latencyMs * Math.exp(bias + drift + this.correlated) * interrupted;
      this.nowMs += durationMs;
      return durationMs;
    };
    return {
      loadMs: 10 * Math.exp(bias),
      warmUp: async () => {
        this.order.push(`warm ${key}`);
        this.nowMs += 100;
        return { ...WARM, firstMs: run(), medianMs: latencyMs };
      },
      block: async ({ minRuns }) => {
        this.running++;
        if (this.running > 1) throw new Error('two blocks at once');
        await Promise.resolve();
        this.order.push(key);
        const durationsMs = Float64Array.from({ length: minRuns }, run);
        this.running--;
        return { durationsMs, wallMs: durationsMs.reduce((sum, ms) => sum + ms, 0) };
      },
      stop: async () => {},
    };
  }

  private deviate(): number {
    if (!this.noise.heavyTailed) return this.normal();
    const chi2 = this.normal() ** 2 + this.normal() ** 2 + this.normal() ** 2;
    // Scaled to the variance of the normal.
    return this.normal() / Math.sqrt(chi2 / 3) / Math.sqrt(3);
  }

  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}

const WARM: WarmUpReply = {
  firstMs: 1,
  runs: 10,
  tookMs: 100,
  medianMs: 1,
  stable: true,
  outputsReused: true,
  nonFinite: 0,
};

export const QUIET: Noise = {
  betweenLaunches: 0,
  heavyTailed: false,
  withinBlocks: 0,
  autocorrelation: 0,
  driftPerMinute: 0,
  spikes: 0,
};
