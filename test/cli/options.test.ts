/** Options of the command line that would be ignored, or that contradict each other: refused, as in quantgate.yml. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import schema from '../../quantgate.schema.json' with { type: 'json' };
import { buildProgram } from '../../src/cli/declare-commands.js';
import { addInputOptions, type DataFlags, dataOptions } from '../../src/cli/options/data-options.js';
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
      'fitted weights for a method that has none',
      quantize('--method', 'float16', '--rounding', 'gptq'),
      /--rounding: only for method int8-static/,
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
      'a size below 0',
      ['bench', model, '--shape', 'batch=-1'],
      /--shape batch=-1: expected a name and a size/,
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
  const top1 = (options: string[], exitCode: number) => {
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
    expect(status, stderr).toBe(exitCode);
    const { measurements } = JSON.parse(stdout) as { measurements: { metric: string; value: number }[] };
    return measurements.find(({ metric }) => metric === 'accuracy.top1')!.value;
  };
  const configured = top1([], 0);
  const same = ['--mean', '0.1307', '--std', '0.3081', '--resize', '28x28', '--scale', 'true'];
  expect(top1(same, 0)).toBe(configured);
  // No better than chance, which fails as it does in a run.
  expect(top1(['--mean', '1', '--std', '0.01'], 1)).toBeLessThan(configured);
});

describe('keys of data and of their preprocessing as options', () => {
  const parse = (...options: string[]) => {
    const command = addInputOptions(new Command())
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    return dataOptions(command.parse(options, { from: 'user' }).opts<DataFlags>());
  };
  const pixels = (text: string, input: object): [string, object] => [text, { input }];
  /** By the key in quantgate.schema.json: an example, and the library's options that it becomes. */
  const FLAGS: Record<string, Record<string, [string, object]>> = {
    data: {
      split: ['--split 200', { split: { calibration: 200 } }],
      tokenizer: ['--tokenizer t.json', { tokenizer: 't.json' }],
      'max-length': ['--max-length 128', { maxLength: 128 }],
      text: ['--text premise,hypothesis', { text: ['premise', 'hypothesis'] }],
      audio: [
        '--audio-features kaldi --sampling-rate 8000',
        { audio: { features: 'kaldi', samplingRate: 8000 } },
      ],
      'class-names': ['--class-names cat,dog', { classNames: ['cat', 'dog'] }],
    },
    source: {
      format: ['--format text-lines', { format: 'text-lines' }],
      seed: ['--seed 0', { seed: 0 }],
      labels: ['--labels grade', { labels: 'grade' }],
      images: ['--images val', { images: 'val' }],
      masks: ['--masks masks', { masks: 'masks' }],
      ignore: ['--ignore 0', { ignore: 0 }],
      'class-order': ['--class-order number', { classOrder: 'number' }],
    },
    input: {
      from: pixels('--from images', { from: 'images' }),
      preset: pixels('--input-preset yolo', { preset: 'yolo' }),
      preprocessor: pixels('--preprocessor p.json', { preprocessor: 'p.json' }),
      resize: pixels('--resize shorter=512,longer=640,multiple=16', {
        resize: { shorter: 512, longer: 640, multiple: 16 },
      }),
      filter: pixels('--filter lanczos', { filter: 'lanczos' }),
      letterbox: pixels('--letterbox 480x640 --fill 0 --align top-left', {
        letterbox: { size: [480, 640], fill: 0, align: 'top-left' },
      }),
      crop: pixels('--crop 224', { crop: 224 }),
      pad: pixels('--pad multiple=32 --fill mean', { pad: { multiple: 32, fill: 'mean' } }),
      channels: pixels('--channels bgr', { channels: 'bgr' }),
      scale: pixels('--scale false', { scale: false }),
      mean: pixels('--mean 0.1,0.2,0.3', { mean: [0.1, 0.2, 0.3] }),
      std: pixels('--std 0.5', { std: [0.5] }),
      layout: pixels('--layout NHWC', { layout: 'NHWC' }),
    },
  };
  /** Keys without an option of their own, and why. */
  const ELSEWHERE: Record<string, Record<string, string>> = {
    data: {
      path: 'is --data and --calibration',
      evaluation: 'is --data',
      calibration: 'is --calibration',
      input: 'is the options of its keys',
      inputs: 'prepares several inputs, each in its own way: by a config',
    },
    source: { path: 'is --data and --calibration', limit: 'is --limit and --calibration-limit' },
    input: {},
  };

  it.each(['data', 'source', 'input'] as const)('leave out none of %s', (place) => {
    const keys = definitionKeys(place);
    expect(keys.length).toBeGreaterThan(5);
    expect(Object.keys({ ...FLAGS[place], ...ELSEWHERE[place] }).sort()).toEqual(keys.sort());
  });

  it('become what the library takes', () => {
    for (const [text, options] of Object.values(FLAGS).flatMap((flags) => Object.values(flags)))
      expect(parse(...text.split(' ')), text).toEqual(options);
    expect(parse('--pad', '480x640')).toEqual({ input: { pad: { size: [480, 640] } } });
    expect(parse('--letterbox', '640')).toEqual({ input: { letterbox: 640 } });
    expect(parse('--text', 'review')).toEqual({ text: 'review' });
  });

  it.each([
    [['--class-names', 'cat,,dog'], /parted by commas/],
    [['--class-names', 'cat,dog,cat'], /'cat' stands there twice/],
    [['--format', 'parquet'], /Allowed choices are image-folder, npz/],
    [['--text', 'a,b,c'], /the two of a pair/],
    [['--ignore', 'none'], /whole number/],
    [['--sampling-rate', '0'], /at least 1/],
    [['--fill', '0'], /--fill is about what --letterbox and --pad fill/],
    [['--align', 'center', '--resize', '3'], /--align is about what/],
  ])('%j is refused', (options, message) => {
    expect(() => parse(...options)).toThrow(message);
  });

  it('name what a model does, too', () => {
    const command = buildProgram(() => async () => {}).commands.find((one) => one.name() === 'eval')!;
    command.parse(
      'm.onnx --label-offset -1 --outputs boxes=a scores=b=c --task detection --output x --decoder ssd --keys k'.split(
        ' ',
      ),
      { from: 'user' },
    );
    const told = command.opts();
    expect(told).toMatchObject({ labelOffset: -1, outputs: { boxes: 'a', scores: 'b=c' } });
    const elsewhere = ['name', 'path', 'data', 'variants', 'baseline', 'evaluator'];
    for (const key of definitionKeys('model').filter((one) => !elsewhere.includes(one)))
      expect(Object.keys(told)).toContain(key.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()));
  });
});

describe('keys of a variant as options of quantize', () => {
  const command = buildProgram(() => async () => {}).commands.find((one) => one.name() === 'quantize')!;
  const { properties } = schema.definitions.quantizeVariant as {
    properties: Record<string, { enum?: (string | number)[] }>;
  };
  /** Keys without an option, and why. */
  const ELSEWHERE: Record<string, string> = {
    name: 'is --variant',
    overrides: 'holds more than an option can',
    repair: 'is --no-repair',
    symmetric: "is the method's own choice, or a config's",
    'per-channel': 'likewise',
    'saturation-safe': 'likewise',
    'bias-correction': 'likewise',
    equalization: 'likewise',
    'smooth-quant': 'likewise',
  };
  const optionOf = (key: string) => command.options.find(({ long }) => long === `--${key}`);

  it('leave out none', () => {
    const without = Object.keys(properties).filter((key) => !optionOf(key));
    expect(without.sort()).toEqual(Object.keys(ELSEWHERE).sort());
  });

  it('take what the key takes', () => {
    const listed = Object.entries(properties).filter(
      ([key, { enum: values }]) => optionOf(key) && typeof values?.[0] === 'string',
    );
    expect(listed.length).toBeGreaterThan(5);
    for (const [key, { enum: values }] of listed) expect(optionOf(key)!.argChoices, key).toEqual(values);
  });

  it.each([
    [
      ['--method', 'int4-weights', '--rounding', 'adaptive'],
      /--rounding: adaptive is for method int8-static/,
    ],
    [['--method', 'float16', '--rounding', 'nearest'], /--rounding: only for method int8-static/],
    [['--rounding', 'gptq'], /--rounding: gptq is for method int8-dynamic/],
    [
      ['--method', 'int4-weights', '--rounding', 'gptq'],
      /rounding gptq fits the weights to calibration data/,
    ],
    [['--objective', 'size'], /--objective: only for method auto/],
    [['--method', 'auto', '--budget', 'soon'], /--budget: /],
  ])('%j end with their reason', (options, message) => {
    const { status, stderr } = quantgate(quantize(...options));
    expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

function definitionKeys(name: 'data' | 'source' | 'input' | 'model'): string[] {
  const { definitions } = schema as { definitions: Record<string, object> };
  const { properties } = definitions[name] as { properties?: object };
  return Object.keys(properties ?? (definitions[name] as { then: { properties: object } }).then.properties);
}
