/** Processor time per inference on one thread, several files in turns: what can still be compared on a machine that others use.
 *
 *    node bench/run.mjs cpu-time original.onnx quantized.onnx … [--rounds 25] [--runs 3] [--shape sequence=17]…
 *
 *  Waiting for a core doesn't count as processor time, so a busy machine disturbs it far less than latency. It is no latency: two
 *  threads share caches and memory, and gain unequally. Prints the median over the rounds, and the quartiles of the ratio to the
 *  first file in the same round. */
import { parseArgs } from 'node:util';
import { timingFeeds } from '../src/measure/subject/inputs.js';
import { loadRuntime } from '../src/runtime/load.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '25' },
    runs: { type: 'string', default: '3' },
    shape: { type: 'string', multiple: true, default: [] },
  },
});
const WARM_UP_RUNS = 3;
const runs = Number(values.runs);
const shapes = Object.fromEntries(
  values.shape!.map((text) => [text.split('=')[0]!, Number(text.split('=')[1])]),
);

const runtime = await loadRuntime();
const subjects = [];
for (const file of positionals) {
  const session = await runtime.open(file, { threads: 1 });
  const prepared = session.prepare(timingFeeds(session.inputs, { batch: 1, shapes, sample: null }));
  for (let run = 0; run < WARM_UP_RUNS; run++) await prepared.run();
  subjects.push({ file, session, prepared, timesMs: [] as number[] });
}
for (let round = 0; round < Number(values.rounds); round++) {
  for (const { prepared, timesMs } of round % 2 === 0 ? subjects : [...subjects].reverse()) {
    // The other file's weights have left the cache: one run brings its own back.
    await prepared.run();
    const begun = process.cpuUsage();
    for (let run = 0; run < runs; run++) await prepared.run();
    const { user, system } = process.cpuUsage(begun);
    timesMs.push((user + system) / 1000 / runs);
  }
}
console.log('| file | CPU time | ratio to the first (quartiles) |\n| --- | --- | --- |');
const reference = subjects[0]!.timesMs;
for (const { file, timesMs, session } of subjects) {
  const ratios = timesMs.map((time, round) => time / reference[round]!);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(3));
  console.log(
    `| ${file.split('/').at(-1)} | ${quantile(timesMs, 0.5).toFixed(2)} ms | ${middle} [${low}, ${high}] |`,
  );
  await session.release();
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}
