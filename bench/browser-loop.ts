/**
 * The harness in a browser beside a bare loop in a page of the same browser: a few lines that call onnxruntime-web and the clock, and nothing of ours.
 *
 *   node bench/run.mjs browser-loop MODEL.onnx… [--launches 5] [--threads 1] [--shape sequence=32]… [--results FILE] [--fresh]
 *     [--write docs/benchmarks.md]
 *
 * Both pages are open at once and run in turns; a launch's ratio is that of the lower quartiles of their runs. Each launch is kept in FILE when it
 * ends, and a run that begins anew goes on from there (--fresh: from nothing). Needs Chromium.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { SILENT } from '../src/log.js';
import { timingFeeds } from '../src/measure/subject/inputs.js';
import { type Chromium, launchChromium } from '../src/runtime/browser/chromium.js';
import { requireBrowser } from '../src/runtime/browser/find-browser.js';
import { PageServer } from '../src/runtime/browser/page-server.js';
import { loadRuntime } from '../src/runtime/load.js';
import { locateWasm } from '../src/runtime/provision/provision.js';
import { WEB_FILES } from '../src/runtime/runtime.js';
import { startWorker } from '../src/runtime/worker/worker.js';
import type { Feeds } from '../src/tensor/tensor.js';
import { KeptLaunches, lowerQuartile, median, modelKey, spread } from './kept-launches.js';
import { asTable } from './markdown.js';
import { replaceSection } from './peers/table.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    launches: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
    shape: { type: 'string', multiple: true, default: [] },
    results: { type: 'string', default: join(tmpdir(), 'quantgate-bench-browser-loop.json') },
    fresh: { type: 'boolean', default: false },
    write: { type: 'string' },
  },
});
const threads = Number(values.threads);
const shapes = Object.fromEntries(
  values.shape.map((text) => [text.split('=')[0]!, Number(text.split('=')[1])]),
);
const ROUNDS = 10;
const WARM_UP_RUNS = 20;
/** Runs of a turn take about this long together. */
const TURN_MS = 60;

/** What somebody writes who times a model in a page. Messages are JSON behind eight bytes, the first four their length. */
const BARE = `
let reply = null;
for (;;) {
  const bytes = new Uint8Array(await (await fetch('exchange', { method: 'POST', body: reply })).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const asked = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const answer = new TextEncoder().encode(JSON.stringify(await answerTo(asked)));
  reply = new Uint8Array(8 * Math.ceil((8 + answer.length) / 8));
  new DataView(reply.buffer).setUint32(0, answer.length, true);
  reply.set(answer, 8);
}
async function answerTo({ open, runs }) {
  if (open) {
    globalThis.ort = await import(open.module);
    ort.env.wasm.numThreads = open.threads;
    ort.env.wasm.wasmPaths = open.wasmPaths;
    globalThis.session = await ort.InferenceSession.create(open.model, { executionProviders: ['wasm'] });
    globalThis.feeds = {};
    for (const [name, { type, dims, data }] of Object.entries(open.feeds))
      feeds[name] = new ort.Tensor(type, type === 'int64' ? BigInt64Array.from(data.map(BigInt)) : Float32Array.from(data), dims);
    return null;
  }
  const times = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await session.run(feeds);
    times.push(performance.now() - start);
  }
  return times;
}
`;

const runtime = await loadRuntime({ locateWasm: (build) => locateWasm({ log: SILENT, build }) });
const directory = await runtime.locateWasm!('browser');
const work = mkdtempSync(join(tmpdir(), 'quantgate-bench-loop-'));
writeFileSync(join(work, 'bare.js'), BARE);
const kept = new KeptLaunches(values.results, { fresh: values.fresh });
const keyOf = (model: string) => modelKey(model, { threads, shapes });
try {
  for (const model of positionals) {
    for (let launch = kept.of(keyOf(model)).length; launch < Number(values.launches); launch++) {
      const profile = join(work, `profile-${positionals.indexOf(model)}-${launch}`);
      const { harness, bare, browser } = await launched(model, profile);
      kept.add({ key: keyOf(model), ratios: { harness: harness / bare }, facts: { bareMs: bare, browser } });
      console.error(`${basename(model)}, launch ${launch + 1}: ${(harness / bare).toFixed(3)}`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 10 });
}
report();

function report(): void {
  const launches = positionals.map((model) => kept.of(keyOf(model)));
  const rows = launches.map((list, index) => [
    basename(positionals[index]!, '.onnx'),
    `${median(list.map(({ facts }) => Number(facts.bareMs))).toPrecision(3)} ms`,
    spread(
      list.map(({ ratios }) => ratios.harness!),
      3,
    ),
    `${list.length}`,
  ]);
  const browsers = new Set(launches.flat().map(({ facts }) => facts.browser));
  const said = `${cpus()[0]!.model.trim()}, ${threads} thread${threads === 1 ? '' : 's'}, onnxruntime-web ${runtime.version}, ${[...browsers].join(', ')}.`;
  const text = `${said}\n\n${asTable(['model', 'bare loop', 'harness ÷ bare loop', 'launches'], rows)}`;
  console.log(text);
  if (values.write) replaceSection(values.write, 'browser-loop', text);
}

/** One launch of both: the lower quartile of their runs, in milliseconds. */
async function launched(
  model: string,
  profile: string,
): Promise<{ harness: number; bare: number; browser: string }> {
  const worker = await startWorker({ model, runtime, session: { provider: 'browser-wasm', threads } });
  const server = await PageServer.start();
  let chromium: Chromium | null = null;
  try {
    const feeds = timingFeeds(worker.opened.inputs, { batch: 1, shapes, sample: null });
    await worker.call('feeds', { feeds });
    chromium = await launchChromium({
      path: requireBrowser('browser-wasm'),
      profile,
      webgpu: false,
      onGone: () => {},
    });
    await openBare(server, chromium, { model, feeds });
    const warm = (await server.ask({ runs: WARM_UP_RUNS })) as number[];
    const runs = Math.max(2, Math.round(TURN_MS / lowerQuartile(warm)));
    const block = { minRuns: runs, minMs: 0, maxMs: Infinity, dropRuns: 0, dropMs: 0 };
    await worker.call('block', { ...block, minRuns: WARM_UP_RUNS });
    const times = { harness: [] as number[], bare: [] as number[] };
    const turns = [
      async () => times.harness.push(...(await worker.call('block', block)).durationsMs),
      async () => times.bare.push(...((await server.ask({ runs })) as number[])),
    ];
    for (let round = 0; round < ROUNDS; round++) {
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
    }
    const browser = chromium.product;
    return { harness: lowerQuartile(times.harness), bare: lowerQuartile(times.bare), browser };
  } finally {
    await worker.kill();
    server.close();
    await chromium?.kill();
  }
}

async function openBare(
  server: PageServer,
  chromium: Chromium,
  { model, feeds }: { model: string; feeds: Feeds },
): Promise<void> {
  server.list('page.js', join(work, 'bare.js'));
  const [module, mjs, wasm] = WEB_FILES.browser.map(
    (name) => server.url + server.list(`ort/${name}`, join(directory, 'dist', name)),
  );
  const plain = Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => [
      name,
      { type, dims, data: Array.from(data, Number) },
    ]),
  );
  const address = server.url + server.list('model', model);
  await chromium.open(server.url);
  await server.ask({ open: { module, wasmPaths: { mjs, wasm }, threads, model: address, feeds: plain } });
}
