/** Where the time goes, operator by operator, in several files of one model, profiled in turns:
 *
 *    node bench/run.mjs operators original.onnx quantized.onnx [--provider wasm] [--threads 2] [--rounds 30] [--shape sequence=17]…
 *
 *  Prints, per kind of operator, the sum over its nodes of the lower quartile of their kernel times (which other work on the machine
 *  disturbs least). A profile costs a few microseconds per node: sums are for comparing kinds, not for quoting latencies. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SILENT } from '../src/log.js';
import { timingFeeds } from '../src/measure/subject/inputs.js';
import { loadRuntime } from '../src/runtime/load.js';
import type { OptimizedNode } from '../src/runtime/optimized-node.js';
import { type ProfiledNode, parseProfile } from '../src/runtime/profile.js';
import { openProfiledIn } from '../src/runtime/profile-file.js';
import { locateWasm } from '../src/runtime/provision/provision.js';
import type { Session } from '../src/runtime/runtime.js';
import { loadWasmRuntime } from '../src/runtime/wasm/wasm-runtime.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    provider: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '30' },
    shape: { type: 'string', multiple: true, default: [] },
  },
});
/** The other session's threads go to sleep meanwhile: ONNX Runtime lets them spin for a while after a run. */
const SETTLE_MS = 50;
const RUNS_PER_TURN = 4;
const WARM_UP_RUNS = 4;

const threads = Number(values.threads);
const open = values.provider === 'wasm' ? await wasmOpener() : await nativeOpener();
const shapes = Object.fromEntries(
  values.shape!.map((text) => [text.split('=')[0]!, Number(text.split('=')[1])]),
);
const subjects = [];
for (const file of positionals) {
  const opened = await open(file);
  const feeds = timingFeeds(opened.session.inputs, { batch: 1, shapes, sample: null });
  subjects.push({ file, ...opened, prepared: opened.session.prepare(feeds) });
}
for (let round = 0; round < Number(values.rounds); round++) {
  for (const { prepared } of round % 2 === 0 ? subjects : [...subjects].reverse()) {
    await delay(SETTLE_MS);
    for (let run = 0; run < RUNS_PER_TURN; run++) await prepared.run();
  }
}
const columns = subjects.map(({ endProfile }) => {
  const { json, graph } = endProfile();
  return timesByKind(parseProfile(json), graph);
});
const kinds = [...new Set(columns.flatMap((column) => [...column.keys()]))];
const total = (kind: string) => Math.max(...columns.map((column) => column.get(kind)?.us ?? 0));
console.log(`| operators | ${subjects.map(({ file }) => file.split('/').at(-1)).join(' | ')} |`);
console.log(`| --- |${' --- |'.repeat(subjects.length)}`);
for (const kind of kinds.sort((a, b) => total(b) - total(a))) {
  const cells = columns.map((column) => {
    const cell = column.get(kind);
    return cell ? `${cell.us.toFixed(0)} µs (${cell.nodes})` : '–';
  });
  console.log(`| ${kind} | ${cells.join(' | ')} |`);
}
const sums = columns.map((column) => [...column.values()].reduce((sum, { us }) => sum + us, 0));
console.log(
  `| **sum** | ${sums.map((sum) => `**${sum.toFixed(0)} µs** (${(sum / sums[0]!).toFixed(3)}×)`).join(' | ')} |`,
);
for (const { session } of subjects) await session.release();

interface Opened {
  session: Session;
  endProfile(): { json: string; graph: readonly OptimizedNode[] };
}

async function nativeOpener(): Promise<(file: string) => Promise<Opened>> {
  const runtime = await loadRuntime();
  return async (file) => {
    const folder = mkdtempSync(join(tmpdir(), 'quantgate-operators-'));
    const { session, profile } = await openProfiledIn(folder, async (options) => ({
      session: await runtime.open(file, { ...options, threads }),
    }));
    const endProfile = () => {
      session.endProfiling();
      return { json: profile.read(), graph: profile.graph ?? [] };
    };
    return { session, endProfile };
  };
}

async function wasmOpener(): Promise<(file: string) => Promise<Opened>> {
  const runtime = await loadWasmRuntime(await locateWasm({ log: SILENT }), { threads });
  return async (file) => {
    const session = await runtime.open(file, { profile: true });
    return { session, endProfile: () => ({ json: session.profileText(), graph: [] }) };
  };
}

function timesByKind(
  profiled: readonly ProfiledNode[],
  graph: readonly OptimizedNode[],
): Map<string, { us: number; nodes: number }> {
  const optimized = new Map(graph.map((node) => [node.name, node]));
  const times = new Map<string, { us: number; nodes: number }>();
  for (const node of profiled) {
    const kind = kindOf(node, optimized.get(node.name));
    const known = times.get(kind) ?? { us: 0, nodes: 0 };
    times.set(kind, {
      us: known.us + 1000 * lowerQuartile(node.durationsMs.slice(WARM_UP_RUNS)),
      nodes: known.nodes + 1,
    });
  }
  return times;
}

/** Convolutions by what they do, in float and in 8 bits alike; everything else by its name. */
function kindOf({ operator, inputs }: ProfiledNode, node: OptimizedNode | undefined): string {
  if (!operator.endsWith('Conv')) return operator;
  const weight =
    node?.constants.find((dims) => dims?.length === 4) ??
    inputs.slice(1).find(({ dims }) => dims.length === 4)?.dims;
  if (!weight) return operator;
  const [, depth = 1, height = 1, width = 1] = weight;
  if (depth === 1 && height * width > 1) return 'Conv depthwise';
  return depth < 8 && height * width > 1 ? 'Conv of the image' : `Conv ${height}×${width}`;
}

function lowerQuartile(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 4)] ?? 0;
}
