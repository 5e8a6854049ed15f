/** Every way in which a model is quantized: the command lines. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALIBRATORS } from '../../src/config/choices.js';
import type { Subject } from './subjects.js';

export interface Job {
  /** What it is called in the record. */
  key: string;
  subject: Subject;
  /** Of the command line; `OUT` stands for the file to write. */
  args: string[];
  /** Part of the quick selection. */
  quick: boolean;
}

const TARGETS = ['cpu', 'arm64', 'cuda', 'tensorrt', 'webgpu'];
const PRESETS = ['', 'torch', 'onnxruntime', 'tensorrt'];

/** Larger models are not in the quick selection, and no plan is searched for them. */
const SMALL_BYTES = 5e6;

/** Options of quantgate.yml that the command line has no argument for, each beside its default. */
const OPTIONS: readonly Record<string, unknown>[] = [
  { method: 'int8-static', include: ['Conv', 'MatMul'] },
  { method: 'int8-static', exclude: ['Conv'] },
  { method: 'int8-static', symmetric: true },
  { method: 'int8-static', symmetric: false },
  { method: 'int8-static', 'per-channel': false },
  { method: 'int8-static', 'saturation-safe': false },
  { method: 'int8-static', 'bias-correction': false },
  { method: 'int8-static', equalization: false },
  { method: 'int8-static', rounding: 'adaptive' },
  { method: 'int8-static', overrides: { MatMul: { weight: 'float32' }, Conv: { activation: 'int8' } } },
  { method: 'int8-static', preset: 'onnxruntime', 'per-channel': true },
  { method: 'int8-static', preset: 'torch', rounding: 'adaptive' },
  { method: 'int8-dynamic', include: ['MatMul', 'Gemm', 'Gather'] },
  { method: 'int8-dynamic', exclude: ['Gather'] },
  { method: 'int8-dynamic', 'per-channel': false },
  { method: 'int8-dynamic', 'saturation-safe': false },
  { method: 'int8-dynamic', 'smooth-quant': false },
  { method: 'int8-dynamic', 'smooth-quant': true },
  { method: 'float16', exclude: ['MatMul'] },
  { method: 'float16', overrides: { Conv: { weight: 'float32' } } },
  { method: 'int8-weights', 'block-size': 32 },
  { method: 'int8-weights', exclude: ['Conv'] },
  { method: 'int4-weights', 'block-size': 64 },
  { method: 'int4-weights', symmetric: false },
];

/** Stages of fixed plans, for method auto. */
const PLANS: Readonly<Record<string, readonly string[]>> = {
  'static and folded': ['int8-static', 'folded-weights'],
  'dynamic, then static': ['int8-dynamic', 'int8-static'],
  'four bits, then half': ['int4-weights', 'float16'],
  float: [],
};

/** All jobs of one model. Configs and plans that they read go to `scratch`. */
export function jobsFor(subject: Subject, { scratch }: { scratch: string }): Job[] {
  const folder = join(scratch, 'jobs', subject.label);
  mkdirSync(folder, { recursive: true });
  const isSmall = subject.sizeBytes < SMALL_BYTES;
  const jobs: Job[] = [];
  const add = (name: string, args: string[], { quick = false }: { quick?: boolean } = {}) => {
    jobs.push({ key: `${subject.label}: ${name}`, subject, args, quick: quick && isSmall });
  };
  for (const words of matrix()) {
    const { method, preset, target, verified, calibrated, quick } = words;
    const name = [method, preset, target, verified ? 'verified' : 'unverified', calibrated ? '' : 'no data'];
    const args = ['--method', method, '--target', target, ...(preset ? ['--preset', preset] : [])];
    add(name.filter(Boolean).join(' '), quantize(subject, args, { verified, calibrated }), { quick });
  }
  for (const calibrator of CALIBRATORS) {
    const args = ['--method', 'int8-static', '--calibrator', calibrator];
    add(`int8-static --calibrator ${calibrator}`, quantize(subject, args, { calibrated: true }));
  }
  for (const options of subject.config ? [] : OPTIONS) {
    const config = join(folder, `${createHash('md5').update(JSON.stringify(options)).digest('hex')}.yml`);
    const data = subject.calibration ? { data: { calibration: subject.calibration } } : {};
    const model = { name: 'm', path: subject.model, ...data, variants: [{ name: 'v', ...options }] };
    // YAML holds JSON.
    writeFileSync(config, JSON.stringify({ version: 1, models: [model] }));
    const args = ['--config', config, '--variant', 'v', '--no-verify'];
    add(`options ${JSON.stringify(options)}`, ['quantize', subject.model, '--out', 'OUT', ...args]);
  }
  for (const [name, methods] of Object.entries(PLANS)) {
    const plan = join(folder, `${name}.plan.yml`);
    const stages = methods.map((method) => ({ method, operators: ['*'] }));
    const model = createHash('sha256').update(readFileSync(subject.model)).digest('hex');
    writeFileSync(plan, JSON.stringify({ version: 1, model, target: 'cpu', objective: 'latency', stages }));
    const args = quantize(subject, ['--plan', plan], { calibrated: true, verified: true });
    add(`plan ${name}`, args, { quick: methods[0] === 'int8-dynamic' });
  }
  if (isSmall)
    for (const calibrated of [true, false]) {
      const args = quantize(subject, ['--method', 'auto'], { calibrated, verified: true });
      add(`auto searched${calibrated ? '' : ' no data'}`, args, {
        quick: calibrated && subject.sizeBytes < 5e5,
      });
    }
  add('inspect', ['inspect', subject.model]);
  add('inspect --plan', ['inspect', subject.model, '--plan'], { quick: true });
  return jobs;
}

interface Words {
  method: string;
  preset: string;
  target: string;
  verified: boolean;
  calibrated: boolean;
  quick: boolean;
}

/** Every method, preset and target, with and without verification; once without data where the method reads it and lives without. */
function* matrix(): Generator<Words> {
  for (const target of TARGETS)
    for (const verified of [true, false]) {
      for (const preset of PRESETS) {
        const words = { method: 'int8-static', preset, target, verified, calibrated: true };
        yield { ...words, quick: QUICK_STATIC.has(`${preset} ${target}`) && verified === (preset === '') };
      }
      for (const method of ['int8-dynamic', 'float16', 'int4-weights', 'int8-weights'])
        for (const calibrated of verified ? [true, false] : [true]) {
          const isOnce = target === (method === 'float16' && calibrated ? 'cuda' : 'cpu');
          const quick = verified && isOnce && (calibrated || method === 'float16');
          yield { method, preset: '', target, verified, calibrated, quick };
        }
    }
}

/** Each preset once, and both forms of 8-bit kernels, in the quick selection. */
const QUICK_STATIC = new Set([' cpu', ' arm64', 'torch cpu', 'onnxruntime cpu', 'tensorrt tensorrt']);

function quantize(
  { model, config, calibration }: Subject,
  args: string[],
  { verified = false, calibrated }: { verified?: boolean; calibrated: boolean },
): string[] {
  const data = calibration ? ['--calibration', calibration] : [];
  return [
    ...['quantize', model, '--out', 'OUT', ...args],
    ...(calibrated ? (config ? ['--config', config] : data) : []),
    ...(verified ? [] : ['--no-verify']),
  ];
}
