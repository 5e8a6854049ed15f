/**
 * False alarms: a model against its own copy, again and again, judged at a 5 % bound.
 *
 *   node bench/run.mjs aa --model examples/digits/digits.onnx --runs 200 --minutes 40 --log digits-aa.jsonl
 *   node bench/run.mjs aa --model examples/digits/digits.onnx --runs 200 --load          with another process eating one core
 *
 * A campaign whose --log exists goes on where it ended. Goals: at most 1 % FAIL, at least 90 % PASS, median at most 10 s (20 s for
 * efficientnet-lite0); under load at most 2 % FAIL.
 */
import { parseArgs } from 'node:util';
import { loadRuntime } from '../src/runtime/load.js';
import { runCampaign } from './campaign.js';
import { compare, eatOneCore } from './comparison.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'examples/digits/digits.onnx' },
    runs: { type: 'string', default: '10' },
    minutes: { type: 'string', default: 'Infinity' },
    log: { type: 'string' },
    bound: { type: 'string', default: '1.05' },
    budget: { type: 'string', default: '120' },
    precision: { type: 'string' },
    load: { type: 'boolean', default: false },
  },
});

const runtime = await loadRuntime();
const { model, load } = values;
const bound = Number(values.bound);
const budgetS = Number(values.budget);
const precision = values.precision ? Number(values.precision) : null;
const hog = load ? eatOneCore() : null;
try {
  await runCampaign({
    settings: { campaign: 'aa', model, bound, budgetS, precision, load },
    bound,
    runs: Number(values.runs),
    minutes: Number(values.minutes),
    log: values.log ?? null,
    once: () =>
      compare({
        runtime,
        original: model,
        variant: model,
        budgetS,
        ...(precision === null ? {} : { precision }),
      }),
  });
} finally {
  hog?.kill('SIGKILL');
}
