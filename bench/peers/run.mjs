/**
 * quantgate beside ONNX Runtime's Python quantizer: same models, same calibration samples, all files measured interleaved in one run.
 *
 *   node bench/peers/run.mjs --models DIR --images DIR [--sentences NPZ] [--digits NPZ] [--only NAME,…] [--budget 60s]
 *
 * DIR of models holds efficientnet-lite0.onnx, minilm.onnx, …; images are an image-folder by class index, of which every fifth class
 * calibrates and the others judge. Needs Python 3; its packages go to a virtual environment (or set QUANTGATE_PYTHON).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..', '..');
const CLI = join(root, 'dist', 'cli.js');
/** One class in five calibrates: 100 of the 500 sample images. */
const CALIBRATION_SHARE = 5;
const THREADS = 2;

const { values: options } = parseArgs({
  options: {
    models: { type: 'string' },
    images: { type: 'string' },
    sentences: { type: 'string' },
    digits: { type: 'string' },
    only: { type: 'string' },
    budget: { type: 'string', default: '60s' },
    keep: { type: 'string' },
  },
});

const IMAGENET = { mean: [127 / 255, 127 / 255, 127 / 255], std: [128 / 255, 128 / 255, 128 / 255] };

/** What is known of each model: its data and how to prepare it, for both quantizers. */
const CASES = {
  'efficientnet-lite0': {
    data: 'images',
    task: 'classification',
    method: 'int8-static',
    input: { resize: 256, crop: 224, ...IMAGENET, layout: 'NCHW' },
    peer: { input: 'input', resize: 256, crop: 224, ...IMAGENET },
  },
  digits: {
    data: 'digits',
    task: 'classification',
    method: 'int8-static',
    inputs: { image: { from: 'images', mean: [0.1307], std: [0.3081] } },
    peer: { arrays: { image: 'images' }, mean: [0.1307], std: [0.3081] },
  },
  minilm: { data: 'sentences', task: 'none', method: 'int8-dynamic', peer: {} },
};

function python() {
  if (process.env.QUANTGATE_PYTHON) return process.env.QUANTGATE_PYTHON;
  const venv = join(root, 'node_modules', '.cache', 'peers-venv');
  const binary = join(venv, 'bin', 'python');
  if (!existsSync(binary)) {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    execFileSync(binary, ['-m', 'pip', 'install', '-q', '-r', join(here, 'requirements.txt')], {
      stdio: 'inherit',
    });
  }
  return binary;
}

/** Runs a command; gives its stdout, wall seconds and peak resident bytes (GNU time's own accounting where it is installed). */
function measured(command, args) {
  const timed = existsSync('/usr/bin/time');
  const begun = process.hrtime.bigint();
  const { status, stdout, stderr } = timed
    ? spawnSync('/usr/bin/time', ['-f', 'peak-kib %M', command, ...args], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      })
    : spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  if (status !== 0) return { failed: stderr.trim().split('\n').slice(-6).join('\n') };
  const peak = /peak-kib (\d+)/.exec(stderr);
  return { stdout, seconds, peakBytes: peak ? Number(peak[1]) * 1024 : null };
}

function splitImages(folder, into) {
  const classes = readdirSync(folder).sort();
  classes.forEach((name, index) => {
    const part = index % CALIBRATION_SHARE === 0 ? 'calibration' : 'evaluation';
    mkdirSync(join(into, part), { recursive: true });
    cpSync(resolve(folder, name), join(into, part, name), { recursive: true });
  });
}

/** Where a case's calibration and evaluation samples are. */
function dataOf(name, work) {
  if (name === 'images') {
    const folder = join(work, 'images');
    if (!existsSync(folder)) splitImages(options.images, folder);
    return { calibration: join(folder, 'calibration'), evaluation: join(folder, 'evaluation') };
  }
  if (name === 'digits') {
    return {
      calibration: join(root, 'examples/digits/data/calibration.npz'),
      evaluation: join(root, 'examples/digits/data/evaluation.npz'),
    };
  }
  return { calibration: null, evaluation: resolve(options.sentences ?? '') };
}

function configFor(name, model, data, work) {
  const { task, input, inputs } = CASES[name];
  const config = {
    version: 1,
    models: [
      {
        name,
        path: model,
        task,
        data: {
          evaluation: { path: data.evaluation },
          ...(data.calibration ? { calibration: { path: data.calibration } } : {}),
          ...(input ? { input } : {}),
          ...(inputs ? { inputs } : {}),
        },
        variants: [{ name: 'int8', method: CASES[name].method }],
      },
    ],
  };
  const file = join(work, `${name}.json`);
  writeFileSync(file, JSON.stringify(config, null, 2));
  return file;
}

function compare(name, work) {
  // A copy: some of the peers' tools write shape information back into the file they are given.
  const model = join(work, `${name}.onnx`);
  cpSync(resolve(options.models, `${name}.onnx`), model);
  const data = dataOf(CASES[name].data, work);
  const config = configFor(name, model, data, work);
  const dynamic = CASES[name].method === 'int8-dynamic';
  const folder = join(work, name);
  mkdirSync(folder, { recursive: true });
  const quantized = {};
  for (const configuration of ['default', 'best']) {
    const out = join(folder, `python-${configuration}.onnx`);
    quantized[`python-${configuration}`] = {
      out,
      ...measured(python(), [
        join(here, 'quantize_peer.py'),
        model,
        out,
        '--configuration',
        configuration,
        '--options',
        JSON.stringify(CASES[name].peer),
        ...(dynamic ? ['--dynamic'] : ['--calibration', data.calibration]),
      ]),
    };
  }
  for (const [label, more] of [
    ['quantgate', ['--no-verify']],
    ['quantgate-verified', []],
  ]) {
    const out = join(folder, `${label}.onnx`);
    const args = [
      CLI,
      'quantize',
      model,
      '--out',
      out,
      '--config',
      config,
      '--model',
      name,
      '--quiet',
      ...more,
    ];
    quantized[label] = { out, ...measured(process.execPath, args) };
  }
  for (const [label, { failed }] of Object.entries(quantized))
    if (failed) console.error(`${name}: ${label} failed:\n${failed}`);

  const files = ['python-default', 'python-best', 'quantgate'].filter((label) => !quantized[label].failed);
  const paths = files.map((label) => quantized[label].out);
  const threads = ['--threads', String(THREADS)];
  const bench = measured(process.execPath, [
    CLI,
    'bench',
    model,
    ...paths,
    '--budget',
    options.budget,
    ...threads,
    '--json',
    '--quiet',
  ]);
  const evaluated = measured(process.execPath, [
    CLI,
    'eval',
    model,
    ...paths,
    '--config',
    config,
    '--model',
    name,
    ...threads,
    '--json',
    '--quiet',
  ]);
  if (bench.failed || evaluated.failed) throw new Error(bench.failed ?? evaluated.failed);
  const figures = [...JSON.parse(bench.stdout).measurements, ...JSON.parse(evaluated.stdout).measurements];
  const find = (metric, label) => figures.find((entry) => entry.metric === metric && entry.variant === label);

  const originalBytes = statSync(model).size;
  const accuracy = figures.find((entry) => entry.metric === 'accuracy.top1')?.metric;
  for (const label of files) {
    const { out, seconds, peakBytes } = quantized[label];
    const latency = find('latency.p50', label);
    const drop = accuracy ? find(accuracy, label)?.drop : null;
    const bytes = statSync(out).size;
    console.log(
      `| ${[
        name,
        label,
        `${(bytes / 1e6).toFixed(2)} MB (${(bytes / originalBytes).toFixed(3)}×)`,
        latency?.ratio
          ? `${latency.ratio.value.toFixed(3)}× [${latency.ratio.interval.lo.toFixed(3)}, ${latency.ratio.interval.hi.toFixed(3)}]`
          : '–',
        drop ? `${(-100 * drop.value).toFixed(2)} pp` : '–',
        `${find('fidelity.sqnr', label)?.value?.toFixed(1) ?? '–'} dB`,
        find('fidelity.cosine', label)?.value?.toFixed(5) ?? '–',
        `${seconds.toFixed(2)} s`,
        peakBytes ? `${(peakBytes / 1e6).toFixed(0)} MB` : '–',
      ].join(' | ')} |`,
    );
  }
  const verified = quantized['quantgate-verified'];
  if (!verified.failed)
    console.error(`${name}: quantgate with its check of the result: ${verified.seconds.toFixed(2)} s`);
}

const work = options.keep ? resolve(options.keep) : mkdtempSync(join(tmpdir(), 'quantgate-peers-'));
mkdirSync(work, { recursive: true });
try {
  console.log(
    '| model | file | size | latency p50 | top-1 | SQNR | cosine | quantizing, whole process | peak memory |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  const wanted = options.only?.split(',') ?? Object.keys(CASES);
  for (const name of wanted) compare(name, work);
} finally {
  if (!options.keep) rmSync(work, { recursive: true, force: true });
}
