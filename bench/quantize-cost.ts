/**
 * What a quantization costs from start to exit: wall-clock time, CPU time and peak memory of the whole process, medians of several runs.
 *
 *   node bench/run.mjs quantize-cost [--runs 5] -- MODEL.onnx --config quantgate.yml --calibrator minmax --no-verify
 *
 * What stands behind `--` goes to `quantgate quantize` of the built bundle (npm run build); the output goes to a temporary folder. CPU
 * time and memory are GNU time's accounting (/usr/bin/time, Linux): CPU seconds tell more than wall-clock where others share the machine.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '5' } },
  allowPositionals: true,
  args: process.argv.slice(2, separator()),
});
const quantize = process.argv.slice(separator() + 1);
if (positionals.length > 0 || quantize.length === 0)
  throw new Error('usage: quantize-cost [--runs N] -- MODEL …');

const directory = mkdtempSync(join(tmpdir(), 'quantgate-bench-'));
const out = join(directory, 'quantized.onnx');
const runs: { wall: number; cpu: number; peak: number }[] = [];
try {
  for (let i = 0; i < Number(values.runs); i++) {
    const command = [
      process.execPath,
      resolve('dist/cli.js'),
      'quantize',
      ...quantize,
      '--quiet',
      '--out',
      out,
    ];
    const { status, stderr } = spawnSync('/usr/bin/time', ['-f', 'cost %e %U %S %M', ...command], {
      encoding: 'utf8',
    });
    const cost = /cost ([\d.]+) ([\d.]+) ([\d.]+) (\d+)/.exec(stderr);
    if (status !== 0 || !cost) throw new Error(`the quantization failed (exit ${status}):\n${stderr}`);
    const [wall, user, system, kibibytes] = cost.slice(1).map(Number) as [number, number, number, number];
    runs.push({ wall, cpu: user + system, peak: kibibytes * 1024 });
  }
  const median = (of: (run: (typeof runs)[number]) => number): number =>
    runs.map(of).sort((a, b) => a - b)[Math.floor(runs.length / 2)]!;
  console.log(`runs         ${runs.length} of ${quantize.join(' ')}`);
  console.log(`wall clock   ${median((run) => run.wall).toFixed(2)} s (least ${least((run) => run.wall)})`);
  console.log(`CPU          ${median((run) => run.cpu).toFixed(2)} s (least ${least((run) => run.cpu)})`);
  console.log(`peak memory  ${(median((run) => run.peak) / 1e6).toFixed(0)} MB`);
  console.log(`output       ${(statSync(out).size / 1e6).toFixed(2)} MB`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function least(of: (run: (typeof runs)[number]) => number): string {
  return Math.min(...runs.map(of)).toFixed(2);
}

function separator(): number {
  const at = process.argv.indexOf('--');
  return at < 0 ? process.argv.length : at;
}
