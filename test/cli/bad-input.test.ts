import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXAMPLE, quantgate } from './command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-bad-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = join(EXAMPLE, 'digits.onnx');
const bytes = readFileSync(model);

/** A config on the example's model and data, with changes to its text. */
function config(change: (text: string) => string, name: string): string {
  const text = readFileSync(join(EXAMPLE, 'quantgate.yml'), 'utf8')
    .replaceAll('digits.onnx', model)
    .replaceAll('data/', `${EXAMPLE}/data/`);
  const changed = change(text);
  if (changed === text) throw new Error('the change did not change anything');
  const file = join(folder, `${name}.yml`);
  writeFileSync(file, changed);
  return file;
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('names an evaluator that is not there before anything is quantized', () => {
  const missing = config(
    (text) =>
      text
        .replace('task: classification', 'task: custom\n    evaluator: { module: gone.mjs }')
        .replace(/thresholds:[\s\S]*/, ''),
    'no-evaluator',
  );
  const out = join(folder, 'no-evaluator');
  const { status, stdout, stderr } = quantgate(['run', '--config', missing, '--out', out]);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/evaluator of model 'digits' does not exist: .*gone\.mjs/);
  expect(existsSync(join(out, 'models'))).toBe(false);
});

it('names more variants than a report holds before anything is quantized', () => {
  const many = Array.from({ length: 25 }, (_, index) => `{ name: v${index}, method: float16 }`);
  const crowded = config(
    (text) =>
      text
        .replace(/variants:[\s\S]*/, `variants: [${many.join(', ')}]\n`)
        .concat('benchmark: { providers: [cpu, webgpu] }\n'),
    'crowded',
  );
  const out = join(folder, 'crowded');
  const { status, stderr } = quantgate(['run', '--config', crowded, '--out', out]);
  expect(stderr).toMatch(/Model 'digits' has 51 files with the original .* at most 50 of a model/);
  expect([status, existsSync(join(out, 'models'))]).toEqual([2, false]);
});

describe('a wrong model ends with exit code 2, its name, and what to do', () => {
  const cases: [string, () => string, RegExp][] = [
    ['missing', () => join(folder, 'nowhere.onnx'), /nowhere\.onnx can't be read: no such file/],
    [
      'truncated',
      () => file('truncated.onnx', bytes.subarray(0, 100_000)),
      /truncated\.onnx .*truncated.*copy, download or export it again/s,
    ],
    ['empty', () => file('empty.onnx', ''), /empty\.onnx is empty: copy, download or export it again/],
    [
      'an LFS pointer',
      () => file('pointer.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n'),
      /git lfs pull/,
    ],
    [
      'a text file',
      () => file('text.onnx', 'hello, this is not a model\n'),
      /text\.onnx is not.*exported to ONNX/s,
    ],
    ['a folder', () => folder, /is a folder.*name the \.onnx file in it/],
  ];
  for (const [what, path, message] of cases) {
    it(`when it is ${what}`, () => {
      const out = join(folder, 'out.onnx');
      for (const args of [
        ['quantize', path(), '--out', out, '--method', 'int8-dynamic'],
        ['bench', path()],
        ['inspect', path()],
      ]) {
        const { status, stdout, stderr } = quantgate(args);
        expect([args[0], status, stdout]).toEqual([args[0], 2, '']);
        expect(stderr).toMatch(message);
      }
      expect(readdirSync(folder)).not.toContain('out.onnx');
    });
  }
});

describe('a machine without a provider that the config wants', () => {
  it('is told before anything is quantized: exit code 3, the provider and what is missing', () => {
    const path = config((text) => text.replace('providers: [cpu]', 'providers: [cpu, cuda]'), 'gpu');
    const out = join(folder, 'gpu-out');
    const { status, stderr } = quantgate(['run', '--config', path, '--out', out]);
    expect(stderr).toMatch(/execution provider 'cuda' could not be opened because .* is missing/);
    expect(stderr).not.toMatch(/quantizing|measuring/);
    expect(status).toBe(3);
    expect(existsSync(join(out, 'models'))).toBe(false);
  });
});

describe('a wrong config ends with exit code 2 and the place', () => {
  const cases: [string, (text: string) => string, RegExp][] = [
    [
      'an unknown key',
      (text) => text.replace('thresholds:', 'treshold:'),
      /quantgate\.yml:\d+: .*treshold.*thresholds/s,
    ],
    [
      'a wrong type',
      (text) => text.replace('budget: 20s', 'budget: [1]'),
      /quantgate\.yml:\d+: benchmark\.budget: expected .*found a list/s,
    ],
    ['a metric that does not exist', (text) => text.replace('accuracy.top1', 'accuracy.top7x'), /top7x/],
    [
      'a threshold that the run cannot produce',
      (text) => text.replace(/ {6}evaluation:.*\n/, ''),
      /accuracy\.top1.*evaluation/s,
    ],
    [
      'overlapping calibration and evaluation',
      (text) => text.replace('calibration.npz', 'evaluation.npz'),
      /evaluation\.npz.*share/s,
    ],
    ['a missing array', (text) => text.replace('from: images', 'from: pictures'), /pictures.*images/s],
    [
      'a missing data file',
      (text) => text.replace('data/evaluation.npz', 'data/nothing.npz'),
      /nothing\.npz/,
    ],
    [
      'a variant file that is missing',
      (text) => text.replace('      - int8\n', '      - { name: int8, file: absent.onnx }\n'),
      /absent\.onnx/,
    ],
  ];
  for (const [what, change, message] of cases) {
    it(`when it has ${what}`, () => {
      const out = join(folder, `out-${what.replaceAll(' ', '-')}`);
      const { status, stderr } = quantgate(['run', '--config', config(change, 'quantgate'), '--out', out]);
      expect(stderr).toMatch(message);
      expect(status).toBe(2);
    });
  }
});

describe('a place that cannot be written', () => {
  it.skipIf(process.getuid?.() === 0)(
    'ends with exit code 2 before any work (needs a user that is not root)',
    () => {
      const locked = join(folder, 'locked');
      mkdirSync(locked);
      chmodSync(locked, 0o500);
      const { status, stderr } = quantgate([
        'run',
        '--config',
        join(EXAMPLE, 'quantgate.yml'),
        '--out',
        join(locked, 'out'),
      ]);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/can't be written/)]);
    },
  );

  it('is refused when the output is a folder or has a file in its path', () => {
    mkdirSync(join(folder, 'taken.onnx'));
    const quantize = ['quantize', model, '--method', 'int8-dynamic', '--out'];
    expect(quantgate([...quantize, join(folder, 'taken.onnx')])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/folder/),
    });
    const blocked = file('blocked', '');
    expect(
      quantgate(['run', '--config', join(EXAMPLE, 'quantgate.yml'), '--out', join(blocked, 'out')]),
    ).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/can't be written/),
    });
  });

  it('is refused when the output would replace the model', () => {
    const copy = join(folder, 'copy.onnx');
    cpSync(model, copy);
    expect(quantgate(['quantize', copy, '--out', copy])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/model itself/),
    });
    expect(readFileSync(copy).equals(bytes)).toBe(true);
  });
});

describe('wrong usage ends with exit code 2', () => {
  for (const args of [
    [],
    ['bogus'],
    ['quantize', model],
    ['report', 'a.json', '--format', 'pdf', '--out', '-'],
    ['run', 'extra'],
    ['bench', model, '--batch', '0'],
  ]) {
    it(`as in: quantgate ${args.map((arg) => arg.replace(EXAMPLE, '…')).join(' ')}`, () => {
      const { status, stdout, stderr } = quantgate(args);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).not.toBe('');
    });
  }
});

/** One black digit, as numpy.save writes it. */
function unlabelled(): string {
  const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 28, 28), }".padEnd(117).concat('\n');
  const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
  return file('digits.npy', Buffer.concat([magic, Buffer.from(header), Buffer.alloc(28 * 28)]));
}

describe('what would only come out at the end of a run is refused before it quantizes or measures', () => {
  const cases: [string, (text: string) => string, RegExp][] = [
    [
      'a threshold on accuracy with data that has no labels',
      (text) => text.replace(/evaluation: .*/, `evaluation: { path: ${unlabelled()} }`),
      /thresholds\.accuracy\.top1: accuracy\.top1 needs labelled samples, and npy .*digits\.npy has no labels/,
    ],
    [
      'an output that the model does not have',
      (text) => text.replace('task: classification', 'task: classification\n    output: logitz'),
      /output 'logitz' is not an output of the model\. Set `output` to one of 'logits'/,
    ],
    [
      'int8-static without calibration data',
      (text) => text.replace(/ {6}calibration: .*\n/, ''),
      /Variant 'int8' of model 'digits': int8-static needs calibration data/,
    ],
    [
      'weights to be fitted to data that are not there',
      (text) =>
        text
          .replace(/ {6}calibration: .*\n/, '')
          .replace(
            /variants:[\s\S]*?\nbenchmark/,
            'variants: [int8-weights, { name: fitted, method: int8-weights, rounding: gptq }]\n\nbenchmark',
          ),
      /Variant 'fitted' of model 'digits': rounding gptq fits the weights to calibration data: name it/,
    ],
    [
      'a variant made elsewhere whose file is truncated',
      (text) =>
        text.replace(
          /variants:[\s\S]*?\nbenchmark/,
          `variants: [{ name: cut, file: ${file('cut.onnx', bytes.subarray(0, 100_000))} }]\n\nbenchmark`,
        ),
      /Variant 'cut' of model 'digits': .*cut\.onnx is not a readable ONNX model/,
    ],
    [
      'a command that writes something else than a model',
      (text) =>
        text.replace(
          /variants:[\s\S]*?\nbenchmark/,
          `variants: [{ name: made, command: [cp, ${file('text.txt', 'no model')}, "{output}"] }]\n\nbenchmark`,
        ),
      /Variant 'made' of model 'digits': .*is not a readable ONNX model/,
    ],
  ];
  for (const [index, [what, change, message]] of cases.entries()) {
    it(what, () => {
      const out = join(folder, `ready-${index}`);
      const withoutWhere = (text: string) =>
        text.replace(/thresholds:[\s\S]*/, 'thresholds:\n  accuracy.top1: { max-drop: 0.5pp }\n');
      const path = config((text) => change(withoutWhere(text)), `ready-${index}`);
      const { status, stderr, stdout } = quantgate(['run', '--config', path, '--out', out]);
      expect(status, stderr).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/measuring/);
      expect(stdout).toBe('');
    });
  }
});
