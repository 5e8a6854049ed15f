/** A model over 2 GB in and out: node bench/run.mjs large-model [--layers 9] [--method float16,int8-weights,int8-dynamic]
 *
 *  Builds a chain of MatMuls with seeded random weights in external data, quantizes it with the command line in a process of its own,
 *  and prints time, peak memory and file sizes. Needs about 6 GB of disk in the temporary folder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeModel, makeNode, makeValue } from '../src/onnx/build.js';
import { DataType } from '../src/onnx/element-type.js';
import { makeTensor } from '../src/onnx/tensor.js';
import { writeModel } from '../src/onnx/write.js';

const { values } = parseArgs({
  options: {
    layers: { type: 'string', default: '9' },
    method: { type: 'string', default: 'float16,int8-weights,int8-dynamic' },
  },
});
const WIDTH = 8192;
const layers = Number(values.layers);
const folder = mkdtempSync(join(tmpdir(), 'quantgate-large-'));

function weights(seed: number): Float32Array {
  const data = new Float32Array(WIDTH * WIDTH);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    data[i] = state / 2 ** 31 / Math.sqrt(WIDTH);
  }
  return data;
}

const bytesIn = (path: string) =>
  readdirSync(folder)
    .filter((name) => join(folder, name).startsWith(path))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

try {
  const names = Array.from({ length: layers + 1 }, (_, i) => (i === 0 ? 'x' : i === layers ? 'y' : `h${i}`));
  const model = join(folder, 'large.onnx');
  writeModel(
    makeModel({
      inputs: [makeValue('x', DataType.FLOAT, ['batch', WIDTH])],
      outputs: [makeValue('y', DataType.FLOAT, ['batch', WIDTH])],
      nodes: names
        .slice(1)
        .map((name, i) => makeNode('MatMul', [names[i]!, `w${i}`], [name], { name: `layer${i}` })),
      initializers: names
        .slice(1)
        .map((_, i) => makeTensor(`w${i}`, DataType.FLOAT, [WIDTH, WIDTH], weights(i + 1))),
    }),
    model,
  );
  console.log(`model: ${(bytesIn(model) / 1e9).toFixed(2)} GB in ${readdirSync(folder).join(', ')}`);
  console.log('| method | seconds | peak memory | size | first inference |\n| --- | --- | --- | --- | --- |');
  for (const method of values.method!.split(',')) {
    const out = join(folder, `${method}.onnx`);
    const cli = [
      resolve('dist/cli.js'),
      'quantize',
      model,
      '--out',
      out,
      '--method',
      method,
      '--no-verify',
      '--quiet',
    ];
    const timer = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', 'peak-kib %M'] : [];
    const begun = process.hrtime.bigint();
    const [program, ...args] = [...timer, process.execPath, ...cli];
    const { status, stderr } = spawnSync(program!, args, { encoding: 'utf8' });
    const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
    if (status !== 0) {
      console.log(
        `| ${method} | failed with ${status}: ${stderr.replace(/Command exited.*|peak-kib.*/g, '').trim()} |`,
      );
      continue;
    }
    const peak = /peak-kib (\d+)/.exec(stderr);
    const bench = execFileSync(
      process.execPath,
      [resolve('dist/cli.js'), 'bench', out, '--budget', '1s', '--json', '--quiet'],
      { encoding: 'utf8' },
    );
    const first = JSON.parse(bench).measurements.find(
      (entry: { metric: string }) => entry.metric === 'latency.first',
    );
    console.log(
      `| ${method} | ${seconds.toFixed(1)} | ${peak ? `${(Number(peak[1]) / 2 ** 20).toFixed(2)} GiB` : '–'} | ${(bytesIn(out) / 1e9).toFixed(2)} GB | ${first?.value?.toFixed(0) ?? first?.status} ms |`,
    );
    for (const name of readdirSync(folder).filter((entry) => entry.startsWith(method)))
      rmSync(join(folder, name));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
