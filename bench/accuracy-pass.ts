/**
 * What the accuracy pass adds to decoding and inference: two models over the same images, beside decoding alone and the same
 * number of bare inferences.
 *
 *   node bench/run.mjs accuracy-pass --model A.onnx --variant B.onnx --config quantgate.yml --limit 400
 *
 * The data and its preprocessing are the evaluation data of the config's first model. Goal: pass ≤ 1.15 × (decode + inference).
 */
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config/read/load.js';
import { openDataset } from '../src/data/open.js';
import { availableCores } from '../src/machine/cores.js';
import { evaluate } from '../src/measure/accuracy/evaluate.js';
import { workerRunner } from '../src/measure/accuracy/runner.js';
import { loadRuntime } from '../src/runtime/load.js';
import { SPIN_WITHIN_RUNS } from '../src/runtime/runtime.js';
import { FeedsFile } from '../src/runtime/worker/feeds-file.js';
import { startWorker } from '../src/runtime/worker/worker.js';
import { median } from '../src/statistics/order.js';
import type { Feeds } from '../src/tensor/tensor.js';

const ALLOWED = 1.15;

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    variant: { type: 'string' },
    config: { type: 'string' },
    limit: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '3' },
  },
});
if (!values.model || !values.variant || !values.config)
  throw new Error('give --model, --variant and --config');

const [model] = (await loadConfig(values.config)).models;
const runtime = await loadRuntime();
const session = { threads: availableCores(), configEntries: SPIN_WITHIN_RUNS };
const feedsFile = FeedsFile.open();
const original = await startWorker({ model: values.model, runtime, session, feedsFile });
const variant = await startWorker({ model: values.variant, runtime, session, feedsFile });
const data = { ...model!.data.evaluation!, limit: Number(values.limit) };
const dataset = await openDataset(data, original.opened.inputs);

const ratios: number[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const decoding = performance.now();
  let feeds: Feeds = {};
  for await (const sample of dataset.samples()) feeds = sample.feeds;
  const decodeMs = performance.now() - decoding;

  let inferenceMs = 0;
  for (const worker of [original, variant]) {
    await worker.call('feeds', { feeds });
    const block = {
      minRuns: dataset.length,
      minMs: 0,
      maxMs: Number.POSITIVE_INFINITY,
      dropRuns: 0,
      dropMs: 0,
    };
    inferenceMs += (await worker.call('block', block)).wallMs;
  }

  const passing = performance.now();
  await evaluate({
    model: model!.name,
    task: model!.task,
    output: model!.output,
    labelOffset: model!.labelOffset,
    dataset,
    original: workerRunner(original, 'original'),
    variants: [workerRunner(variant, 'variant')],
    feedsFile,
    provider: 'cpu',
    confidence: 0.95,
  });
  const passMs = performance.now() - passing;
  const ratio = passMs / (decodeMs + inferenceMs);
  ratios.push(ratio);
  console.log(
    `${dataset.length} samples: decode ${decodeMs.toFixed(0)} ms, inference ${inferenceMs.toFixed(0)} ms, ` +
      `pass ${passMs.toFixed(0)} ms = ${ratio.toFixed(3)} ×`,
  );
}
const middle = median(ratios);
console.log(
  JSON.stringify({
    samples: dataset.length,
    medianRatio: Number(middle.toFixed(3)),
    holds: middle <= ALLOWED,
  }),
);
await Promise.all([original.close(), variant.close()]);
feedsFile.close();
