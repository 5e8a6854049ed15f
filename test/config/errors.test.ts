import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/file/problems.js';
import { parseConfig } from '../../src/config/read/load.js';
import { UserError } from '../../src/errors.js';

const fixtures = join(import.meta.dirname, 'fixtures');
const parse = (text: string) => parseConfig(text, { file: null, directory: '/project', expand: false });
const HEAD = 'version: 1\nmodels:\n  - path: m.onnx\n';

/** [what is wrong, YAML after the head, the whole message] */
const CASES: [string, string, string][] = [
  [
    'an unknown key',
    'treshholds: {}',
    "config:4: treshholds: unknown key 'treshholds'; did you mean 'thresholds'?",
  ],
  [
    'a key without its plural, though the singular is valid elsewhere',
    '    variant: [int8]',
    "config:4: models[0].variant: unknown key 'variant'; did you mean 'variants'?",
  ],
  [
    'a key in camelCase',
    'thresholds: { size.file: { maxRatio: 0.3 } }',
    "config:4: thresholds.size.file.maxRatio: unknown key 'maxRatio'; did you mean 'max-ratio'?",
  ],
  [
    'a key at the wrong level',
    '    resize: 224',
    "config:4: models[0].resize: unknown key 'resize'; it belongs to 'data.input' or one of 'data.inputs'; valid here: name, path, task, output, outputs, decoder, keys, label-offset, evaluator, data, variants, baseline",
  ],
  [
    'a baseline without its hash, or with a short one',
    '    baseline: { file: b.onnx }\n  - path: n.onnx\n    baseline: { file: b.onnx, sha256: abc }',
    '2 errors in config:\n' +
      "  config:4: models[0].baseline: 'sha256' is missing\n" +
      "  config:6: models[1].baseline.sha256: expected a SHA-256: 64 hexadecimal digits; found 'abc'",
  ],
  [
    'an unknown metric',
    'thresholds: { latency.p55: { max: 1 ms } }',
    "config:4: thresholds.latency.p55: unknown key 'latency.p55'; did you mean 'latency.p50'?",
  ],
  [
    'an unknown variant',
    '    variants: [int9]',
    "config:4: models[0].variants[0]: expected one of int8, int8-static, int8-dynamic, fp16, float16, int8-weights, int4-weights, auto; found 'int9'; did you mean 'int8'?",
  ],
  [
    'an unknown provider',
    'benchmark: { providers: [cdua] }',
    "config:4: benchmark.providers[0]: expected one of cpu, cuda, tensorrt, webgpu, wasm, browser-wasm, browser-webgpu, dml, coreml; found 'cdua'; did you mean 'cuda'?",
  ],
  [
    'text for a number',
    'benchmark: { batch: [many] }',
    "config:4: benchmark.batch[0]: expected a whole number, found 'many'",
  ],
  [
    'mappings in a list of numbers, with names that every object has',
    'benchmark: { threads: [{}, { valueOf: x, toString: y }] }',
    '2 errors in config:\n' +
      '  config:4: benchmark.threads[0]: expected a whole number, found a mapping\n' +
      '  config:4: benchmark.threads[1]: expected a whole number, found a mapping',
  ],
  [
    'a number twice in a list',
    'benchmark: { batch: [1, 4, 1] }',
    'config:4: benchmark.batch: entries 0 and 2 are the same (counted from 0)',
  ],
  ['a number for text', '    name: 5', 'config:4: models[0].name: expected text, found 5'],
  ['a batch of 0', 'benchmark: { batch: 0 }', 'config:4: benchmark.batch: expected 1 or more, found 0'],
  [
    'an empty list',
    '    variants: []',
    'config:4: models[0].variants: expected at least one entry, found none',
  ],
  [
    'a name with a slash',
    '    name: a/b',
    "config:4: models[0].name: expected a name without / \\ * ? < > : | \" or control characters that does not start with a dot; found 'a/b'",
  ],
  [
    'the same variant name twice',
    '    variants: [int8, { method: int8-static }]',
    "config:4: models[0].variants[1]: variants 0 and 1 are both named 'int8'; give one a 'name'",
  ],
  [
    'the same model name twice',
    '  - path: other/m.onnx',
    "config:4: models[1]: models 0 and 1 are both named 'm'; give one a 'name'",
  ],
  [
    'variants that would be one file where case makes no difference',
    '    variants: [int8, { name: INT8, method: int8-dynamic }]',
    "config:4: models[0].variants[1]: 'int8' and 'INT8' would be written to one file; give one a 'name' that differs by more than case or punctuation",
  ],
  [
    'variants that would be one file everywhere',
    '    variants: [{ name: my int8 }, { name: my-int8, method: int8-dynamic }]',
    "config:4: models[0].variants[1]: 'my int8' and 'my-int8' would be written to one file; give one a 'name' that differs by more than case or punctuation",
  ],
  [
    'variants that transformers.js would know by one name',
    '    variants: [{ method: int8-dynamic, files: transformers.js }, { name: b, files: transformers.js }]',
    "config:4: models[0].variants[1]: 'int8-dynamic' and 'b' would be written to one file; transformers.js knows one onnx/model_quantized.onnx: leave 'files' out of one, or take another method",
  ],
  [
    'models that would be one folder',
    '  - path: other/M.onnx',
    "config:4: models[1]: variants of 'm' and 'M' would be written to one folder; give one a 'name' that differs by more than case or punctuation",
  ],
  [
    'a variant named original',
    '    variants: [{ name: original }]',
    "config:4: models[0].variants[0]: the name 'original' belongs to the unquantized model; choose another",
  ],
  [
    'an option of another method',
    '    variants: [{ method: float16, budget: 60s }]',
    "config:4: models[0].variants[0].budget: only for method auto; this variant's method is float16",
  ],
  [
    'a size for a method with one precision',
    '    variants: [{ method: int8-weights, max-size: 0.2x }]',
    "config:4: models[0].variants[0].max-size: only for method int4-weights; this variant's method is int8-weights",
  ],
  [
    'a size that could be a share or megabytes',
    '    variants: [{ method: int4-weights, max-size: "0.2" }]',
    "config:4: models[0].variants[0].max-size: expected a size such as '30 MB', or a share of the original's such as '0.2x' or '20%'; found '0.2'",
  ],
  [
    'a floor that is none',
    '    variants: [{ method: int4-weights, min-sqnr: -3 dB }]',
    "config:4: models[0].variants[0].min-sqnr: expected a level above 0 dB; found '-3 dB'",
  ],
  ...(
    [
      ['rounding: adaptive', 'float16', 'int8-static, int8-dynamic, int8-weights, int4-weights or auto'],
      ['equalization: true', 'int8-dynamic', 'int8-static or auto'],
      ['bias-correction: true', 'int4-weights', 'int8-static or auto'],
      ['smooth-quant: true', 'int8-static', 'int8-dynamic or auto'],
      ['per-channel: true', 'int8-weights', 'int8-static, int8-dynamic or auto'],
      ['saturation-safe: true', 'float16', 'int8-static, int8-dynamic or auto'],
      ['symmetric: false', 'int8-weights', 'int8-static, int8-dynamic, int4-weights or auto'],
    ] as const
  ).map(([option, method, readers]): [string, string, string] => [
    `${option} with ${method}, which does not read it`,
    `    variants: [{ method: ${method}, ${option} }]`,
    `config:4: models[0].variants[0].${option.split(':')[0]}: only for method ${readers}; this variant's method is ${method}`,
  ]),
  [
    'a rounding that another method has',
    '    variants: [{ method: int4-weights, rounding: adaptive }]',
    "config:4: models[0].variants[0].rounding: adaptive is for method int8-static, int8-dynamic or auto; this variant's method is int4-weights",
  ],
  ...['rounding: adaptive', 'bias-correction: true', 'equalization: true'].map(
    (option): [string, string, string] => [
      `${option} beside the preset that has no such step`,
      `    variants: [{ preset: onnxruntime, ${option} }]`,
      `config:4: models[0].variants[0].${option.split(':')[0]}: the preset onnxruntime reproduces ONNX Runtime's own quantizer, which has no such step`,
    ],
  ),
  [
    'a plan beside another method',
    '    variants: [{ method: float16, plan: p.yml }]',
    "config:4: models[0].variants[0].plan: a plan is followed by method auto; this variant's method is float16",
  ],
  [
    'several mistakes in one mapping, of which the first hides none',
    'benchmark: { batch: 0, budget: -5s }\nthresholds: { latency.p50: { max: 5 MiB, max-ration: 1, where: { batsh: 1 } } }',
    [
      '5 errors in config:',
      '  config:4: benchmark.batch: expected 1 or more, found 0',
      "  config:4: benchmark.budget: expected a time above 0; found '-5s'",
      "  config:5: thresholds.latency.p50.max-ration: unknown key 'max-ration'; did you mean 'max-ratio'?",
      "  config:5: thresholds.latency.p50.where.batsh: unknown key 'batsh'; did you mean 'batch'?",
      "  config:5: thresholds.latency.p50.max: expected a time such as '8 ms' or '1.2 s', or a number of milliseconds; the unit 'MiB' does not fit",
    ].join('\n'),
  ],
  [
    'an option of another kind of variant',
    '    variants: [{ file: a.onnx, calibrator: mse }]',
    "config:4: models[0].variants[0].calibrator: unknown key 'calibrator'; it belongs to a variant that quantgate quantizes; valid here: name, file",
  ],
  [
    'a command that writes nowhere',
    '    variants: [{ name: t, command: [python, e.py] }]',
    "config:4: models[0].variants[0].command: no argument holds '{output}', the path of the model to write",
  ],
  [
    'a command as one text',
    '    variants: [{ name: t, command: python e.py }]',
    "config:4: models[0].variants[0].command: expected a list, found 'python e.py'",
  ],
  [
    'a command without a name',
    '    variants: [{ command: [make, "{output}"] }]',
    "config:4: models[0].variants[0]: 'name' is missing",
  ],
  [
    'a duration without unit',
    'benchmark: { budget: 60 }',
    "config:4: benchmark.budget: expected a time with its unit, such as '60s' or '2 min'; found 60; write '60s' or '60ms'",
  ],
  [
    'a precision that no number of launches gives',
    'benchmark: { precision: 0.01% }',
    "config:4: benchmark.precision: expected a precision from 0.1% to 10%; found '0.01%'",
  ],
  [
    'a precision that tells nothing',
    'benchmark: { precision: 0.5 }',
    'config:4: benchmark.precision: expected a precision from 0.1% to 10%; found 0.5',
  ],
  [
    'a size for a time',
    'thresholds: { latency.p50: { max: 8 MB } }',
    "config:4: thresholds.latency.p50.max: expected a time such as '8 ms' or '1.2 s', or a number of milliseconds; the unit 'MB' does not fit",
  ],
  [
    'a drop in percent',
    'thresholds: { accuracy.top1: { max-drop: 0.5% } }',
    "config:4: thresholds.accuracy.top1.max-drop: '0.5%' could mean points or a share of the original; write '0.5pp' for percentage points, or use min-ratio",
  ],
  [
    'a drop of one point written as 1',
    'thresholds: { accuracy.top1: { max-drop: 1 } }',
    "config:4: thresholds.accuracy.top1.max-drop: 1 is 100 points; write '1pp' for percentage points",
  ],
  [
    'a percentage without its sign',
    'thresholds: { accuracy.top1: { min: 75 } }',
    "config:4: thresholds.accuracy.top1.min: accuracy.top1 is a fraction from 0 to 1; write 0.75 or '75%' if that is meant",
  ],
  [
    'a regression of 5 instead of 5 %',
    'thresholds: { size.file: { max-regression: 5 } }',
    "config:4: thresholds.size.file.max-regression: 5 means 500%; write '5%', or '500%' if that is meant",
  ],
  [
    'a check without a condition',
    'thresholds: { size.file: { level: warn } }',
    "config:4: thresholds.size.file: this check has no condition; give it one of max, min, max-ratio, min-ratio, max-drop, max-regression, or 'original' with one of max, min",
  ],
  [
    'bounds that exclude each other',
    'thresholds: { size.file: { min: 2, max: 1 } }',
    "config:4: thresholds.size.file: 'min' is above 'max': no value can satisfy both",
  ],
  [
    'a bound of nothing',
    'thresholds: { size.file: { max: } }',
    'config:4: thresholds.size.file.max: expected text or a number, found nothing',
  ],
  [
    'a level written as a number',
    'thresholds: { size.file: { max: 1, level: 1 } }',
    'config:4: thresholds.size.file.level: expected one of error, warn, info, off; found 1',
  ],
  [
    'a day that does not exist',
    'waivers: [{ check: size.file, reason: r, until: 2027-02-30 }]',
    "config:4: waivers[0].until: there is no such day: '2027-02-30'",
  ],
  [
    'a waiver without a reason',
    'waivers: [{ check: size.file, until: 2027-02-28 }]',
    "config:4: waivers[0]: 'reason' is missing",
  ],
  [
    'an unknown preset',
    'extends: mlperf-90',
    "config:4: extends: expected one of mlperf-99, mlperf-99.9; found 'mlperf-90'; did you mean 'mlperf-99'?",
  ],
  [
    'a preset without effect',
    'extends: mlperf-99',
    "config:4: extends: mlperf-99 checks accuracy, but no model has both a 'task' with built-in metrics and 'data.evaluation'",
  ],
  [
    'input and inputs together',
    '    data: { input: { crop: 8 }, inputs: { x: { crop: 8 } } }',
    "config:4: models[0].data.inputs: give 'input' for the model's only input or 'inputs' by name, not both",
  ],
  [
    'a crop larger than the image',
    '    data: { input: { resize: 224, crop: 256 } }',
    "config:4: models[0].data.input.crop: a crop of 256 × 256 doesn't fit in images whose shorter side is resized to 224",
  ],
  [
    'a division by zero',
    '    data: { input: { std: 0 } }',
    'config:4: models[0].data.input.std: values are divided by it: 0 is not allowed',
  ],
  [
    'a custom task without an evaluator',
    '    task: custom',
    "config:4: models[0].task: task custom needs an 'evaluator' with a 'command' or a 'module'",
  ],
  [
    'an evaluator of two kinds',
    '    evaluator: { command: [a], module: b }',
    "config:4: models[0].evaluator: give either a 'command' or a 'module'",
  ],
  [
    'a confidence of 1',
    'confidence: 1',
    'config:4: confidence: expected a confidence above 0.5, at most 0.9999, such as 0.95; found 1',
  ],
  [
    'a key written twice',
    'confidence: 0.9\nconfidence: 0.8',
    'config:5: this key is written twice in the same mapping',
  ],
  ['a broken quote', 'extends: "mlperf', 'config:5: not valid YAML: missing closing "quote'],
  ['a tab', 'benchmark:\n\tbudget: 1s', 'config:5: a tab is used as indentation; YAML allows spaces only'],
];

describe('the message for', () => {
  it.each(CASES)('%s', async (_, yaml, message) => {
    const error = await parse(`${HEAD}${yaml}\n`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toBe(message);
  });

  it('keys and values that would steer a terminal or a log writes their control marks out', async () => {
    const error = await parse(`${HEAD}"a\\n::error::b": "x"\nconfidence: "\\e[31m\\u202e"`).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as Error).message).toBe(
      [
        '2 errors in config:',
        String.raw`  config:4: a\u000a::error::b: unknown key 'a\u000a::error::b'; valid here: version, extends, models, benchmark, thresholds, confidence, on-inconclusive, on-missing-base, on-skipped, on-chance, on-unchanged, report, waivers`,
        String.raw`  config:5: confidence: expected a confidence above 0.5, at most 0.9999, such as 0.95; found '\u001b[31m\u202e'`,
      ].join('\n'),
    );
  });

  it('a file that has no version and no models', async () => {
    await expect(parse('benchmark: { batch: 1 }')).rejects.toThrow(
      "2 errors in config:\n  config:1: 'version' is missing; write 'version: 1'\n  config:1: 'models' is missing; 'quantgate init' writes a file to start from",
    );
  });

  it('a later version says what this one reads', async () => {
    await expect(parse('version: 2\nmodels: [{ path: a.onnx }]')).rejects.toThrow(
      'config:1: version: expected 1, found 2',
    );
  });
});

describe('a file with many errors', () => {
  const broken = join(fixtures, 'broken.yml');

  it('has them all in one message, in the order of their lines, the rest counted', async () => {
    const error = await parseConfig(readFileSync(broken, 'utf8'), { file: null, directory: fixtures }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ConfigError);
    const { message, problems } = error as ConfigError;
    await expect(`${message.replaceAll(fixtures, 'fixtures')}\n`).toMatchFileSnapshot('golden/broken.txt');
    const lines = problems.map(({ line }) => line ?? 0);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });

  it('never speaks the schema validator’s language', async () => {
    for (const name of readdirSync(fixtures).filter((file) => file.endsWith('.yml'))) {
      const text = readFileSync(join(fixtures, name), 'utf8');
      const error = await parseConfig(text, {
        file: basename(name),
        directory: fixtures,
        expand: false,
      }).catch((thrown: unknown) => thrown);
      expect(String((error as Error).message ?? '')).not.toMatch(
        /must (be|have|match|NOT)|schema|ajv|instancePath|#\//i,
      );
    }
  });
});
