/**
 * What quantizing costs and gives: time and peak memory of this whole process, then size, speed and SQNR of the file.
 *
 *   node bench/run.mjs quantize --config examples/digits/quantgate.yml --calibrator minmax --limit 100
 *
 * Model, preprocessing and data are those of the config's first model. Time counts from the start of the process; peak memory is
 * read right after the file is written (Linux). Speed is the ratio of the fastest quarters of alternating runs.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Calibrator } from '../src/config/choices.js';
import { defaultQuantize } from '../src/config/defaults.js';
import { loadConfig } from '../src/config/read/load.js';
import { openDataset } from '../src/data/open.js';
import { SILENT } from '../src/log.js';
import { speedRatio } from '../src/quantize/method/compare-speed.js';
import { quantizeModel } from '../src/quantize/quantize.js';
import { loadRuntime } from '../src/runtime/load.js';

const { values } = parseArgs({
  options: {
    config: { type: 'string', default: 'examples/digits/quantgate.yml' },
    calibrator: { type: 'string', default: 'minmax' },
    limit: { type: 'string', default: '100' },
    evaluate: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
    verify: { type: 'boolean', default: false },
  },
});

const config = await loadConfig(values.config);
const model = config.models[0]!;
const threads = Number(values.threads);
if (!model.data.calibration) throw new Error(`${values.config} names no calibration data`);
const runtime = await loadRuntime();
const probe = await runtime.open(model.path, { graphOptimizationLevel: 'disabled', threads: 1 });
const { inputs } = probe;
await probe.release();
const directory = mkdtempSync(join(tmpdir(), 'quantgate-bench-'));
try {
  const out = join(directory, 'int8.onnx');
  const result = await quantizeModel({
    model: model.path,
    out,
    options: defaultQuantize('int8-static', { calibrator: values.calibrator as Calibrator }),
    target: 'cpu',
    calibration: await openDataset({ ...model.data.calibration, limit: Number(values.limit) }, inputs),
    context: { runtime, log: SILENT, threads },
    verify: values.verify,
  });
  const seconds = performance.now() / 1000;
  const { user, system } = process.cpuUsage();
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  console.log(`model            ${model.path}`);
  console.log(
    `groups           ${result.groups.quantized} in 8 bits, ${result.groups.float} operators float`,
  );
  console.log(`whole process    ${seconds.toFixed(2)} s (${((user + system) / 1e6).toFixed(2)} s of CPU)`);
  if (peak) console.log(`peak memory      ${(Number(peak) / 1024).toFixed(0)} MiB`);
  console.log(`size             ${(statSync(out).size / statSync(model.path).size).toFixed(3)} x`);

  const evaluation = await openDataset(
    { ...(model.data.evaluation ?? model.data.calibration), limit: Number(values.evaluate) },
    inputs,
  );
  const sessions = [await runtime.open(model.path, { threads }), await runtime.open(out, { threads })];
  let [signal, error] = [0, 0];
  let feeds: Parameters<typeof speedRatio>[2]['feeds'] = {};
  for await (const sample of evaluation.samples()) {
    feeds = sample.feeds;
    const [before, after] = await Promise.all(sessions.map((session) => session.run(feeds)));
    for (const [name, { type, data }] of Object.entries(before!)) {
      if (type !== 'float32') continue;
      (data as Float32Array).forEach((value, i) => {
        signal += value ** 2;
        error += (value - Number(after![name]!.data[i])) ** 2;
      });
    }
  }
  for (const session of sessions) await session.release();
  console.log(`SQNR             ${(10 * Math.log10(signal / error)).toFixed(1)} dB`);
  const ratio = await speedRatio(model.path, out, { context: { runtime, log: SILENT, threads }, feeds });
  console.log(`latency          ${ratio.toFixed(3)} x (${threads} threads)`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
