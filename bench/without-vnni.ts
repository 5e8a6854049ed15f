/**
 * What a quantized model says on a CPU without VNNI: the same inputs on this CPU and on an emulated one, in a process each.
 *
 *   node bench/run.mjs without-vnni --config quantgate.yml --limit 400 QUANTIZED.onnx [OTHER.onnx …]
 *
 * The data and its preprocessing are the evaluation data of the config's first model, which classifies. Needs qemu-x86_64-static
 * (Debian: qemu-user-static). One image takes seconds there; each process keeps one core busy.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { loadConfig } from '../src/config/read/load.js';
import { openDataset } from '../src/data/open.js';
import { loadRuntime } from '../src/runtime/load.js';
import { sqnrOf } from '../src/tensor/sqnr.js';

/** AVX2, no AVX-512 and no VNNI. */
const CPUS: Record<string, string[]> = {
  'this CPU': [],
  'without VNNI': ['qemu-x86_64-static', '-cpu', 'EPYC-Milan'],
};

const { values, positionals: files } = parseArgs({
  options: { config: { type: 'string' }, limit: { type: 'string', default: '400' } },
  allowPositionals: true,
});
if (!values.config || files.length === 0)
  throw new Error('usage: without-vnni --config quantgate.yml [--limit N] MODEL.onnx …');

const [model] = (await loadConfig(values.config)).models;
const runtime = await loadRuntime();
const session = await runtime.open(files[0]!, { graphOptimizationLevel: 'disabled', threads: 1 });
const { inputs } = session;
await session.release();
const [input] = inputs;
const evaluation = { ...model!.data.evaluation!, limit: Number(values.limit) };
const dataset = await openDataset(evaluation, inputs);
const directory = mkdtempSync(join(tmpdir(), 'quantgate-bench-'));
try {
  const labels: number[] = [];
  const chunks: Buffer[] = [];
  let dims: readonly number[] = [];
  for await (const { feeds, label } of dataset.samples()) {
    const { data, dims: shape } = feeds[input!.name]!;
    chunks.push(Buffer.from((data as Float32Array).slice().buffer));
    labels.push(label as number);
    dims = shape;
  }
  const samples = join(directory, 'samples.bin');
  writeFileSync(samples, Buffer.concat(chunks));
  for (const [index, file] of files.entries()) {
    const outputs = await Promise.all(
      Object.entries(CPUS).map(async ([cpu, emulator]) => {
        const out = join(directory, `${index}-${emulator.length}.bin`);
        await runOn(emulator, { file, samples, dims, out });
        const bytes = readFileSync(out);
        return { cpu, scores: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) };
      }),
    );
    const [here, there] = outputs.map(({ scores }) => scores) as [Float32Array, Float32Array];
    const shift = model!.labelOffset;
    console.log(`${basename(file)}, ${labels.length} samples:`);
    for (const { cpu, scores } of outputs) {
      const right = classes(scores, labels.length).filter((found, i) => found === labels[i]! + shift).length;
      console.log(`  ${cpu}: ${right} right, ${((100 * right) / labels.length).toFixed(2)} %`);
    }
    const [a, b] = [classes(here, labels.length), classes(there, labels.length)];
    const agreeing = a.filter((found, i) => found === b[i]).length;
    const bits = Buffer.compare(Buffer.from(here.buffer), Buffer.from(there.buffer)) === 0;
    console.log(
      `  ${agreeing} of ${labels.length} top classes agree, ${decibels(here, there).toFixed(1)} dB, ` +
        `${bits ? 'the same bits' : 'not the same bits'}`,
    );
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Of all scores together. */
function decibels(here: Float32Array, there: Float32Array): number {
  let [signal, noise] = [0, 0];
  for (let i = 0; i < here.length; i++) {
    signal += here[i]! ** 2;
    noise += (here[i]! - there[i]!) ** 2;
  }
  return sqnrOf(signal, noise);
}

/** The class of the largest score of each sample. */
function classes(scores: Float32Array, count: number): number[] {
  const length = scores.length / count;
  return Array.from({ length: count }, (_, i) => {
    const own = scores.subarray(i * length, (i + 1) * length);
    return own.indexOf(Math.max(...own));
  });
}

async function runOn(
  emulator: readonly string[],
  work: { file: string; samples: string; dims: readonly number[]; out: string },
): Promise<void> {
  const script = `
    const ort = require(${JSON.stringify(runtime.directory)});
    const fs = require('node:fs');
    const { file, samples, dims, out } = JSON.parse(process.argv[1]);
    (async () => {
      const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1 });
      const bytes = fs.readFileSync(samples);
      const size = dims.reduce((product, dim) => product * dim, 1);
      const parts = [];
      for (let at = 0; at < bytes.length; at += 4 * size) {
        const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + 4 * size));
        const results = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', data, dims) });
        parts.push(Buffer.from(results[session.outputNames[0]].data.slice().buffer));
      }
      fs.writeFileSync(out, Buffer.concat(parts));
    })();`;
  const [command, ...rest] = [...emulator, process.execPath, '-e', script, JSON.stringify(work)];
  await promisify(execFile)(command!, rest, { maxBuffer: 2 ** 26 });
}
