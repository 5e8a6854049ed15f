/** Options of the command line that would be ignored, or that contradict each other: refused, as in quantgate.yml. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import { addInputOptions, type DataFlags, dataOptions } from '../../src/cli/data-options.js';
import { EXAMPLE, quantgate } from './command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = join(EXAMPLE, 'digits.onnx');
const out = join(folder, 'out.onnx');
const config = join(EXAMPLE, 'quantgate.yml');
const report = join(folder, 'report.json');
const quantize = (...options: string[]) => ['quantize', model, '--out', out, ...options];

describe('exit code 2 and the reason', () => {
  const cases: [string, string[], RegExp][] = [
    ['a percentile that is no number', quantize('--percentile', 'abc'), /--percentile .*above 50/],
    ['a percentile beyond 100', quantize('--percentile', '250'), /--percentile .*at most 100/],
    [
      'a percentile for another calibrator',
      quantize('--config', config, '--percentile', '99', '--calibrator', 'mse'),
      /--percentile: only for calibrator percentile; this variant's is mse/,
    ],
    [
      'a calibrator for a method that calibrates nothing',
      quantize('--method', 'float16', '--calibrator', 'entropy'),
      /--calibrator: only for method int8-static or auto; this variant's method is float16/,
    ],
    [
      'a block size for float16',
      quantize('--method', 'float16', '--block-size', '32'),
      /--block-size: only for method int8-weights/,
    ],
    [
      "a preset of another method's",
      quantize('--method', 'int8-dynamic', '--preset', 'torch'),
      /--preset: presets are for method int8-static/,
    ],
    [
      'a plan beside a method that follows none',
      quantize('--method', 'float16', '--plan', 'plan.yml'),
      /--plan: a plan is followed by method auto/,
    ],
    ['a variant without a config', quantize('--variant', 'int8'), /--variant .*give --config FILE/],
    ['a model without a config', quantize('--model', 'digits'), /--model .*give --config FILE/],
    [
      'a model of no config for eval',
      ['eval', model, '--data', join(EXAMPLE, 'data', 'evaluation.npz'), '--model', 'digits'],
      /--model .*give --config FILE/,
    ],
    [
      'one model of no task, of which nothing could be said',
      ['eval', model, '--data', join(EXAMPLE, 'data', 'evaluation.npz')],
      /nothing to score: .*--task.*second model/,
    ],
    [
      'a size for a dimension that no input has',
      ['bench', model, '--shape', 'bacth=3', '--budget', '1ms'],
      /--shape: no input has a dimension 'bacth'; did you mean 'batch'\?; those with a name are 'batch'/,
    ],
    [
      'preprocessing of samples that nobody gave',
      quantize('--resize', '32'),
      /--resize is about samples, but there are none: give --calibration PATH/,
    ],
    ['sizes that are none', quantize('--crop', '12by12'), /--crop .*whole pixels: 224, or HEIGHTxWIDTH/],
    ['a std of 0', quantize('--config', config, '--std', '0'), /--std: values are divided by it/],
    [
      'a letterbox beside a crop',
      quantize('--config', config, '--letterbox', '32', '--crop', '28'),
      /--letterbox: it resizes and pads by itself; remove it or 'crop'/,
    ],
    [
      'a mean that is no number',
      quantize('--config', config, '--mean', '0.1,,0.3'),
      /--mean .*one per channel/,
    ],
    [
      'two kinds of document for one standard output',
      ['report', report, '--format', 'html', '--out', '-', '--json'],
      /--json and --format html can't both go to stdout/,
    ],
  ];
  for (const [what, args, message] of cases) {
    it(`for ${what}`, () => {
      const { status, stdout, stderr } = quantgate(args);
      expect(stderr).toMatch(message);
      expect([status, args.includes('--json') ? '' : stdout]).toEqual([2, '']);
    });
  }

  it('for a file named twice, by --out and by --files', () => {
    const args = ['quantize', model, '--files', 'transformers.js', '--out', join(folder, 'mine.onnx')];
    const { status, stderr } = quantgate([...args, '--method', 'float16']);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/--out must be the folder that holds onnx\//),
    ]);
  });

  it('for an output that is the model by another path', () => {
    const original = join(folder, 'original.onnx');
    const link = join(folder, 'link.onnx');
    cpSync(model, original);
    symlinkSync(original, link);
    for (const [from, to] of [
      [link, original],
      [original, link],
    ] as const) {
      const { status, stderr } = quantgate(['quantize', from, '--out', to, '--method', 'float16']);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/--out is the model itself/)]);
    }
    expect(readFileSync(original).equals(readFileSync(model))).toBe(true);
  });
});

it('a percentile alone chooses the percentile calibrator', () => {
  const sizes = ['55', '99.99'].map((percentile) => {
    const { status, stderr } = quantgate(
      quantize('--config', config, '--calibration-limit', '8', '--percentile', percentile, '--no-verify'),
    );
    expect(status, stderr).toBe(0);
    return readFileSync(out);
  });
  expect(sizes[0]!.equals(sizes[1]!)).toBe(false);
});

it("preprocessing on the command line comes before the config's, and leaves the rest of it", () => {
  const top1 = (...options: string[]) => {
    const { status, stdout, stderr } = quantgate([
      'eval',
      model,
      '--config',
      config,
      '--limit',
      '200',
      '--json',
      ...options,
    ]);
    expect(status, stderr).toBe(0);
    const { measurements } = JSON.parse(stdout) as { measurements: { metric: string; value: number }[] };
    return measurements.find(({ metric }) => metric === 'accuracy.top1')!.value;
  };
  const configured = top1();
  expect(top1('--mean', '0.1307', '--std', '0.3081', '--resize', '28x28', '--scale', 'true')).toBe(
    configured,
  );
  expect(top1('--mean', '1', '--std', '0.01')).toBeLessThan(configured);
});

it('what the data are goes by options too: format, masks, names of the classes', () => {
  const parse = (...options: string[]) => {
    const command = addInputOptions(new Command())
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    return dataOptions(command.parse(options, { from: 'user' }).opts<DataFlags>());
  };
  expect(parse('--format', 'text-lines', '--masks', 'masks', '--class-names', 'cat, dog')).toEqual({
    format: 'text-lines',
    masks: 'masks',
    classNames: ['cat', 'dog'],
  });
  expect(() => parse('--class-names', 'cat,,dog')).toThrow(/parted by commas/);
  expect(() => parse('--format', 'parquet')).toThrow(/Allowed choices are image-folder, npz/);
});
