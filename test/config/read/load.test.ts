import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { QuantizeConfig } from '../../../src/config/config.js';
import { DEFAULT_INPUT, defaultModel, defaultQuantize, fileKey } from '../../../src/config/defaults.js';
import { loadConfig, parseConfig } from '../../../src/config/read/load.js';
import { UserError } from '../../../src/errors.js';

const root = mkdtempSync(join(tmpdir(), 'quantgate-config-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder with these files in it; returns the path of the first. */
let folders = 0;
function folder(files: Record<string, string | Uint8Array>): string {
  const directory = join(root, String(folders++));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return join(directory, Object.keys(files)[0]!);
}

const parse = (text: string) => parseConfig(text, { file: null, directory: '/project', expand: false });
const model = (lines: string) =>
  parse(`version: 1\nmodels:\n  - path: m.onnx\n${lines.replace(/^/gm, '    ')}`);
const firstVariant = async (yaml: string) => (await model(`variants: [${yaml}]`)).models[0]!.variants[0]!;

describe('defaults', () => {
  it('fill in everything for a model named after its file with one int8 variant', async () => {
    const config = await parse('version: 1\nmodels: [{ path: models/net.onnx }]');
    expect(config).toMatchObject({
      directory: '/project',
      checks: [],
      confidence: 0.95,
      onInconclusive: 'warn',
      onMissingBase: 'info',
      onSkipped: 'warn',
      onChance: 'error',
      onUnchanged: 'warn',
      benchmark: { providers: ['cpu'], batch: [1], threads: 'auto', concurrency: [1], budgetMs: 120_000 },
    });
    expect(config.models).toEqual([defaultModel('/project/models/net.onnx')]);
  });

  it('accept sections with nothing under them', async () => {
    const text = 'version: 1\nmodels: [{ path: a.onnx, data: }]\nthresholds:\nbenchmark:\nwaivers:\n';
    expect((await parse(text)).checks).toEqual([]);
  });
});

describe('variants', () => {
  it.each([
    ['int8', 'int8-static'],
    ['int8-static', 'int8-static'],
    ['int8-dynamic', 'int8-dynamic'],
    ['fp16', 'float16'],
    ['float16', 'float16'],
    ['int8-weights', 'int8-weights'],
    ['int4-weights', 'int4-weights'],
    ['auto', 'auto'],
  ] as const)('the word %s means method %s', async (word, method) => {
    expect(await firstVariant(word)).toEqual({ name: word, kind: 'quantize', ...defaultQuantize(method) });
  });

  it.each([
    ['{ preset: tensorrt }', { name: 'tensorrt', preset: 'tensorrt', target: 'tensorrt' }],
    ['{ target: tensorrt }', { name: 'int8', preset: 'tensorrt', target: 'tensorrt' }],
    ['{ target: tensorrt, preset: torch }', { preset: 'torch', target: 'tensorrt' }],
    ['{ preset: tensorrt, target: cuda }', { preset: 'tensorrt', target: 'cuda' }],
    ['{ method: float16, target: tensorrt }', { name: 'float16', preset: null, target: 'tensorrt' }],
    ['{ percentile: 99.9 }', { calibrator: 'percentile', percentile: 99.9 }],
    ['{ name: best, plan: plans/p.yml }', { method: 'auto', plan: '/project/plans/p.yml' }],
    ['{ method: auto }', { objective: 'latency', budgetMs: 30_000 }],
    ['{ exclude: Conv }', { exclude: ['Conv'], include: null }],
  ] as [string, Partial<QuantizeConfig>][])('%s', async (yaml, expected) => {
    expect(await firstVariant(yaml)).toMatchObject(expected);
  });

  it('may have names in any script, and files made elsewhere keep their own', async () => {
    const named =
      '[{ name: 模型一, method: float16 }, { name: 模型二 }, { name: a, file: x/a.onnx }, { name: A, file: y/A.onnx }]';
    const { models } = await parse(`version: 1\nmodels: [{ path: m.onnx, variants: ${named} }]`);
    expect(models[0]!.variants.map(({ name }) => name)).toEqual(['模型一', '模型二', 'a', 'A']);
    expect(fileKey('模型一')).not.toBe(fileKey('模型二'));
  });

  it('of a file or a command keep their paths relative to the config', async () => {
    expect(await firstVariant('{ file: out/net.trt.onnx }')).toEqual({
      name: 'net.trt',
      kind: 'file',
      file: '/project/out/net.trt.onnx',
    });
    expect(await firstVariant('{ name: t, command: [python, e.py, "--out={output}"] }')).toEqual({
      name: 't',
      kind: 'command',
      command: ['python', 'e.py', '--out={output}'],
      timeoutMs: 600_000,
    });
  });
});

describe('models', () => {
  const NO_VARIANTS = 'version: 1\nmodels:\n';

  it('are every file that a glob matches, in order, named after their files', async () => {
    const file = folder({
      'quantgate.yml': `${NO_VARIANTS}  - path: models/**/*.onnx\n    task: none\n`,
      'models/b.onnx': '',
      'models/deep/a.onnx': '',
      'models/readme.txt': '',
    });
    const { models } = await loadConfig(file);
    expect(models.map(({ name, path }) => [name, path])).toEqual([
      ['b', join(dirname(file), 'models/b.onnx')],
      ['a', join(dirname(file), 'models/deep/a.onnx')],
    ]);
  });

  it.each([
    ['before', '  - path: models/*.onnx\n  - { name: a, path: other/a.onnx, task: regression }\n'],
    ['after', '  - { name: a, path: other/a.onnx, task: regression }\n  - path: models/*.onnx\n'],
  ])(
    "of another revision's text are what is here, and a name written %s a pattern is no conflict with it",
    async (_, models) => {
      const directory = dirname(folder({ 'quantgate.yml': '', 'models/a.onnx': '', 'models/b.onnx': '' }));
      const read = await parseConfig(NO_VARIANTS + models, { file: null, directory, expand: false });
      const found = read.models.map(({ name, path }) => `${name} ${relative(directory, path)}`);
      expect(found.sort()).toEqual(['a other/a.onnx', 'b models/b.onnx']);
    },
  );

  it('may lie above the config, or be named from the root', async () => {
    const file = folder({ 'ci/quantgate.yml': '', 'models/a.onnx': '' });
    const above = dirname(dirname(file));
    writeFileSync(file, `${NO_VARIANTS}  - path: ../models/*.onnx\n`);
    expect((await loadConfig(file)).models[0]!.path).toBe(join(above, 'models/a.onnx'));
    writeFileSync(file, `${NO_VARIANTS}  - path: ${above}/models/*.onnx\n`);
    expect((await loadConfig(file)).models[0]!.path).toBe(join(above, 'models/a.onnx'));
  });

  it.each([
    ['models/*.onnx', /no file matches 'models\/\*\.onnx' \(looked in /],
    ['models/clasifier.onnx', /no such file: models\/clasifier\.onnx .*; did you mean 'classifier\.onnx'\?/],
    ['net', /'net' is a folder; write 'net\/\*\.onnx' for its models/],
  ])('that are not there are an error: %s', async (path, message) => {
    const file = folder({
      'quantgate.yml': `${NO_VARIANTS}  - path: ${path}\n`,
      'net/a.onnx': '',
      'models/readme.txt': '',
      ...(path.endsWith('clasifier.onnx') ? { 'models/classifier.onnx': '' } : {}),
    });
    await expect(loadConfig(file)).rejects.toThrow(message);
  });

  it('that share one name can not be told apart', async () => {
    const file = folder({
      'quantgate.yml': `${NO_VARIANTS}  - { name: x, path: "*.onnx" }\n`,
      'a.onnx': '',
      'b.onnx': '',
    });
    await expect(loadConfig(file)).rejects.toThrow(/models\[0\]\.name: one name can't serve the 2 models/);
  });

  it('have a baseline each, which needs not be there: one for all that a pattern matches is an error', async () => {
    const baseline = `    baseline: { file: base/a.onnx, sha256: ${'AB'.repeat(32)} }\n`;
    const file = folder({ 'quantgate.yml': `${NO_VARIANTS}  - path: a.onnx\n${baseline}`, 'a.onnx': '' });
    expect((await loadConfig(file)).models[0]!.baseline).toEqual({
      file: join(dirname(file), 'base/a.onnx'),
      sha256: 'ab'.repeat(32),
      externalData: {},
    });
    writeFileSync(file, `${NO_VARIANTS}  - path: "*.onnx"\n${baseline}`);
    await expect(loadConfig(file)).rejects.toThrow(
      /models\[0\]\.baseline: a baseline is one model's; write its file as 'path' instead of '\*\.onnx'/,
    );
  });

  it('of one glob that have the same file name are told apart by their folders', async () => {
    const file = folder({
      'quantgate.yml': `${NO_VARIANTS}  - path: models/*/model.onnx\n`,
      'models/resnet/model.onnx': '',
      'models/vit/model.onnx': '',
    });
    expect((await loadConfig(file)).models.map(({ name }) => name)).toEqual(['resnet-model', 'vit-model']);
  });

  it('may have a name that looks like a pattern', async () => {
    const file = folder({ 'quantgate.yml': `${NO_VARIANTS}  - path: "net[1].onnx"\n`, 'net[1].onnx': '' });
    expect((await loadConfig(file)).models[0]!.name).toBe('net[1]');
  });

  it('read from another revision are taken as they are written', async () => {
    const { models } = await parse('version: 1\nmodels: [{ path: gone/*.onnx }]');
    expect(models).toMatchObject([{ name: '*', path: '/project/gone/*.onnx' }]);
  });
});

describe('data', () => {
  it('applies input to evaluation and calibration alike, under the empty name', async () => {
    const { models } = await model(
      'data: { evaluation: val, calibration: { path: /abs/train, limit: 5, seed: 3 }, input: { crop: 32, mean: 0.5 } }',
    );
    const { evaluation, calibration } = models[0]!.data;
    expect(evaluation).toMatchObject({
      path: '/project/val',
      format: null,
      limit: null,
      seed: 0,
      labels: null,
    });
    expect(calibration).toMatchObject({ path: '/abs/train', limit: 5, seed: 3 });
    expect(evaluation!.inputs).toEqual({
      '': {
        ...DEFAULT_INPUT,
        crop: [32, 32],
        mean: [0.5],
      },
    });
    expect(calibration!.inputs).toEqual(evaluation!.inputs);
  });
});

describe('thresholds', () => {
  const checks = async (yaml: string, more = '') =>
    (await parse(`version: 1\nmodels: [{ path: m.onnx${more} }]\n${yaml}`)).checks;

  it('are numbered in a list and carry their line', async () => {
    const found = await checks(
      'thresholds:\n  size.file:\n    - { max: 1 MB }\n    - max: 2 MB\n  latency.p50: { max: 3 }\n',
    );
    expect(found.map(({ id, line, max }) => [id, line, max])).toEqual([
      ['size.file[0]', 5, 1e6],
      ['size.file[1]', 6, 2e6],
      ['latency.p50', 7, 3],
    ]);
  });

  it('of a preset are a fraction of the original for every metric that the models yield', async () => {
    const more = ', task: classification, data: { evaluation: val }';
    expect(await checks('extends: mlperf-99', more)).toMatchObject([
      { id: 'accuracy.top1', minRatio: 0.99, line: 3 },
      { id: 'accuracy.top5', minRatio: 0.99 },
    ]);
    expect(await checks('extends: mlperf-99.9', more.replace('classification', 'regression'))).toMatchObject([
      { id: 'accuracy.mae', maxRatio: 1.001 },
      { id: 'accuracy.rmse', maxRatio: 1.001 },
      { id: 'accuracy.r2', minRatio: 0.999 },
    ]);
  });

  it('override a preset key by key, and as a list replace it', async () => {
    const more = ', task: classification, data: { evaluation: val }';
    const one = await checks(
      'extends: [mlperf-99]\nthresholds:\n  accuracy.top1: { level: warn, max-drop: 1pp }\n  accuracy.top5: { level: off }',
      more,
    );
    expect(one).toMatchObject([
      { id: 'accuracy.top1', minRatio: 0.99, maxDrop: 0.01, level: 'warn', line: 5 },
      { id: 'accuracy.top5', minRatio: 0.99, level: 'off' },
    ]);
    const list = await checks('extends: mlperf-99\nthresholds:\n  accuracy.top1: [{ max-drop: 1pp }]', more);
    expect(list[0]).toMatchObject({ id: 'accuracy.top1[0]', maxDrop: 0.01 });
    expect(list[0]).not.toHaveProperty('minRatio');
  });

  it('of a later preset win over those of an earlier one', async () => {
    const more = ', task: classification, data: { evaluation: val }';
    expect((await checks('extends: [mlperf-99, mlperf-99.9]', more))[0]).toMatchObject({ minRatio: 0.999 });
  });

  it('of custom numbers may be written in points', async () => {
    expect(await checks('thresholds: { accuracy.exact-match: { max-drop: 1pp, min: 95% } }')).toMatchObject([
      { maxDrop: 0.01, min: 0.95 },
    ]);
  });
});

describe('the same in JSON', () => {
  it.each(['  ', '\t'])('indented with %j', async (indent) => {
    const json = JSON.stringify(
      {
        version: 1,
        models: [{ path: 'a.onnx', variants: ['fp16'] }],
        thresholds: { 'size.file': { max: '1 MB' } },
      },
      null,
      indent,
    );
    const config = await parse(`\uFEFF${json}`);
    expect(config.checks).toMatchObject([{ id: 'size.file', max: 1e6, line: 12 }]);
  });
});

describe('YAML', () => {
  it('anchors, aliases and merge keys are followed, and errors in them have a line', async () => {
    const text = `version: 1
models:
  - path: a.onnx
    data: &data { evaluation: val }
  - path: b.onnx
    data: *data
    variants:
      - &options { name: x, symmetric: true }
      - { <<: *options, name: y }
`;
    const { models } = await parse(text);
    expect(models[1]!.data.evaluation!.path).toBe('/project/val');
    expect(models[1]!.variants[1]).toMatchObject({ name: 'y', symmetric: true });
    await expect(parse(text.replace('symmetric: true', 'symetric: true'))).rejects.toThrow(
      /config:8: models\[1\]\.variants\[0\]\.symetric: unknown key 'symetric'; did you mean 'symmetric'\?/,
    );
  });

  it('with a byte order mark and Windows line ends reads the same', async () => {
    expect((await parse('\uFEFFversion: 1\r\nmodels:\r\n  - path: a.onnx\r\n')).models).toHaveLength(1);
  });
});

describe('more than a report holds', () => {
  const entries = (count: number, entry: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => entry(index)).join('\n');
  const models = (count: number) =>
    `version: 1\nmodels:\n${entries(count, (i) => `  - { path: a.onnx, name: m${i} }`)}\n`;

  it('of models is refused before any work, and no fault of another revision', async () => {
    const written = (count: number) => loadConfig(folder({ 'quantgate.yml': models(count), 'a.onnx': 'x' }));
    expect((await written(200)).models).toHaveLength(200);
    await expect(written(201)).rejects.toThrow(/yml:2: models: there are 201 models.*at most 200/);
    expect((await parse(models(201))).models).toHaveLength(201);
  });
});

describe('a config file that is none', () => {
  it.each([
    ['missing', null, /No config file at [^(]*\. Run 'quantgate init'/],
    ['empty', '', /the file is empty; 'quantgate init'/],
    ['only comments', '# nothing\n', /the file is empty/],
    ['a list', '- a\n- b\n', /expected a mapping \(key: value\), found a list/],
    ['one word', 'hello\n', /expected a mapping \(key: value\), found 'hello'/],
    ['not UTF-8', new Uint8Array([0xff, 0xfe, 0x00, 0x41]), /not UTF-8 text/],
    ['a binary file', new Uint8Array([8, 9, 0, 0, 1]), /not a text file/],
    ['two documents', 'version: 1\n---\nversion: 1\n', /:3: a second document starts here/],
  ])('%s', async (name, content, message) => {
    const file = content === null ? join(root, 'nowhere.yml') : folder({ [`${name}.yml`]: content });
    const error = await loadConfig(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(message);
  });

  it('is a folder', async () => {
    await expect(loadConfig(root)).rejects.toThrow(/is a folder/);
  });
});
