/**
 * False alarms: a model against its own copy, again and again, judged at a 5 % bound.
 *
 *   node bench/run.mjs aa --model examples/digits/digits.onnx --runs 200
 *
 * Goals: at most 1 % FAIL, at least 90 % PASS.
 */
import { parseArgs } from 'node:util';
import { measureLatency } from '../src/measure/timing/latency.js';
import { loadRuntime } from '../src/runtime/load.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'examples/digits/digits.onnx' },
    runs: { type: 'string', default: '10' },
    bound: { type: 'string', default: '1.05' },
    budget: { type: 'string', default: '120' },
    precision: { type: 'string' },
  },
});

const runtime = await loadRuntime();
const bound = Number(values.bound);
const tally = { pass: 0, fail: 0, inconclusive: 0 };
const seconds: number[] = [];
for (let run = 0; run < Number(values.runs); run++) {
  const started = performance.now();
  const { measurements } = await measureLatency({
    model: 'aa',
    original: { file: values.model },
    variants: [{ name: 'copy', file: values.model }],
    provider: 'cpu',
    runtime,
    benchmark: {
      providers: ['cpu'],
      batch: [1],
      threads: 'auto',
      concurrency: [1],
      budgetMs: Number(values.budget) * 1000,
      shapes: {},
    },
    confidence: 0.95,
    ...(values.precision ? { precision: Number(values.precision) } : {}),
  });
  const took = (performance.now() - started) / 1000;
  seconds.push(took);
  const p50 = measurements.find((m) => m.variant === 'copy' && m.metric === 'latency.p50')!;
  const { lo, hi } = p50.ratio!.interval!;
  const verdict = lo! > bound ? 'fail' : hi! <= bound ? 'pass' : 'inconclusive';
  tally[verdict]++;
  const details = p50.details as { launches: number; ratioDeviation: number };
  console.log(
    `${run + 1}: ${verdict} ratio ${p50.ratio!.value.toFixed(4)} [${lo!.toFixed(4)}, ${hi!.toFixed(4)}] ` +
      `${details.launches} launches, sd ${(details.ratioDeviation * 100).toFixed(2)} %, p50 ${p50.value!.toFixed(3)} ms, ${took.toFixed(1)} s`,
  );
}
seconds.sort((a, b) => a - b);
console.log(JSON.stringify({ ...tally, medianSeconds: seconds[seconds.length >> 1] }));
