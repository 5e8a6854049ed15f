/**
 * What the harness adds: its p50 beside a bare loop around `session.run` in the same kind of process, block by block.
 *
 *   node bench/run.mjs harness --model examples/digits/digits.onnx
 *
 * Goal: within 2 µs + 1 % of the bare loop.
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import type { Tensor } from 'onnxruntime-node';
import { timingFeeds } from '../src/measure/subject/inputs.js';
import { loadRuntime } from '../src/runtime/load.js';
import { wrapOnnxRuntime } from '../src/runtime/onnxruntime.js';
import { timeBlock, warmUp } from '../src/runtime/worker/timing.js';
import { median } from '../src/statistics/order.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'examples/digits/digits.onnx' },
    rounds: { type: 'string', default: '40' },
    'block-ms': { type: 'string', default: '100' },
    threads: { type: 'string', default: '1' },
  },
});

const { directory } = await loadRuntime();
const ort = createRequire(import.meta.url)(directory) as typeof import('onnxruntime-node');
const threads = Number(values.threads);
const blockMs = Number(values['block-ms']);

// One session for both: two would differ by more than what is looked for.
const bare = await ort.InferenceSession.create(values.model, {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
});
const runtime = wrapOnnxRuntime(
  { ...ort, InferenceSession: { create: async () => bare } } as never,
  directory,
);
const session = await runtime.open(values.model, { threads });
const feeds = timingFeeds(session.inputs, { batch: 1, shapes: {}, sample: null });
const prepared = session.prepare(feeds);
await warmUp(prepared, { minRuns: 20, minMs: 500, maxMs: 5_000, windowMs: 50, tolerance: 1.05 });

const inputs: Record<string, Tensor> = {};
for (const [name, { type, data, dims }] of Object.entries(feeds)) {
  inputs[name] = new ort.Tensor(type as 'float32', data as Float32Array, dims);
}
const fetches = (await bare.run(inputs)) as Record<string, Tensor>;

/** As a developer would write it, with the outputs preallocated as the harness has them. */
async function bareBlock(): Promise<number> {
  const durationsMs: number[] = [];
  const end = performance.now() + blockMs;
  while (performance.now() < end) {
    const before = process.hrtime.bigint();
    await bare.run(inputs, fetches);
    durationsMs.push(Number(process.hrtime.bigint() - before) / 1e6);
  }
  return median(durationsMs);
}

async function harnessBlock(): Promise<number> {
  const plan = { minRuns: 1, minMs: blockMs, maxMs: Number.POSITIVE_INFINITY, dropRuns: 0, dropMs: 0 };
  return median((await timeBlock(prepared, plan)).durationsMs);
}

const differencesUs: number[] = [];
const bareMs: number[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const first = round % 2 === 0 ? harnessBlock : bareBlock;
  const a = await first();
  const b = await (round % 2 === 0 ? bareBlock() : harnessBlock());
  const [harness, loop] = round % 2 === 0 ? [a, b] : [b, a];
  differencesUs.push((harness - loop) * 1000);
  bareMs.push(loop);
}
const loopUs = median(bareMs) * 1000;
const differenceUs = median(differencesUs);
const allowedUs = 2 + 0.01 * loopUs;
console.log(
  JSON.stringify({
    model: values.model,
    bareLoopUs: Number(loopUs.toFixed(2)),
    harnessAddsUs: Number(differenceUs.toFixed(3)),
    allowedUs: Number(allowedUs.toFixed(2)),
    holds: Math.abs(differenceUs) <= allowedUs,
  }),
);
