import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RawModel } from '../../src/config/raw.js';
import { loadConfig } from '../../src/config/read/load.js';
import { configText } from '../../src/init/config-text.js';
import { initConfig } from '../../src/init/init.js';
import { assertApplicable } from '../../src/judge/applicable.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';

const root = mkdtempSync(join(tmpdir(), 'quantgate-init-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function folder(models: Record<string, string>): string {
  const directory = join(root, String(folders++));
  mkdirSync(directory);
  for (const [path, operator] of Object.entries(models)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    if (operator === 'broken') writeFileSync(file, 'not a model');
    else {
      const nodes = [makeNode(operator, ['x', 'w'], ['y'])];
      writeModel(makeModel({ inputs: [makeValue('x')], outputs: [makeValue('y')], nodes }), file);
    }
  }
  return directory;
}

/** Guesses alone: nothing is run. */
const initialize = (root: string) => initConfig({ root, measuring: null });

/** What init returns, written as the command line does, read back. */
async function initialized(directory: string) {
  const { files, missing } = await initialize(directory);
  for (const { path, content } of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return { config: await loadConfig(join(directory, 'quantgate.yml')), missing, files };
}

describe('init', () => {
  it("shows a threshold of the task's own metric where nothing was measured", () => {
    const text = (task?: string) =>
      configText(
        [{ raw: { path: 'a.onnx', ...(task === undefined ? {} : { task }) } as RawModel, remarks: [] }],
        null,
      );
    expect(text('segmentation')).toContain('# accuracy.miou: { max-drop: 1pp }');
    expect(text('language-model')).toContain('# accuracy.perplexity: { max-ratio: 1.02 }');
    expect(text()).toContain('# accuracy.top1: { max-drop: 1pp, original: { min: 70% } }');
  });

  it('writes a config that loads and applies, with a variant that fits each model', async () => {
    const { config, missing } = await initialized(folder({ 'net.onnx': 'Conv', 'deep/bert.onnx': 'MatMul' }));
    expect(config.models.map(({ name, variants }) => [name, variants[0]!.name])).toEqual([
      ['bert', 'int8-dynamic'],
      ['net', 'int8-weights'],
    ]);
    expect(() => assertApplicable(config)).not.toThrow();
    expect(missing.join('\n')).toMatch(/For net\.onnx: samples to score it: data\/val\.npz/);
  });

  it('leaves out hidden folders, node_modules and its own output', async () => {
    const directory = folder({
      'net.onnx': 'MatMul',
      '.cache/a.onnx': 'MatMul',
      'node_modules/p/b.onnx': 'MatMul',
      'quantgate-out/models/c.onnx': 'MatMul',
    });
    expect((await initialized(directory)).config.models.map(({ name }) => name)).toEqual(['net']);
  });

  it.each([
    'a b.onnx',
    '123.onnx',
    'true.onnx',
    "it's: #1.onnx",
    'net[1].onnx',
    '-x.onnx',
    'ünï.onnx',
    '{a,b}.onnx',
    '!x.onnx',
  ])('copes with a model called %s', async (path) => {
    const directory = folder({ [path]: 'MatMul' });
    const { config } = await initialized(directory);
    expect(config.models.map((model) => model.path)).toEqual([join(directory, path)]);
  });

  it('tells models of the same name apart', async () => {
    const { config } = await initialized(
      folder({ 'a/model.onnx': 'Conv', 'b/model.onnx': 'Conv', 'a-model.onnx': 'Conv' }),
    );
    expect(new Set(config.models.map(({ name }) => name)).size).toBe(3);
  });

  it('lists a file that is no model yet, and says so', async () => {
    const { config, missing } = await initialized(folder({ 'broken.onnx': 'broken' }));
    expect(config.models).toHaveLength(1);
    expect(missing[0]).toMatch(/^broken\.onnx can't be read yet: /);
  });

  it('without any model says where to put one', async () => {
    const { files, missing } = await initialize(folder({}));
    expect(missing[0]).toContain('No .onnx file was found');
    expect(parse(files[0]!.content).models).toMatchObject([{ path: 'models/model.onnx' }]);
  });

  it('writes what a person reads', async () => {
    const { files } = await initialize(
      folder({ 'models/classifier.onnx': 'Conv', 'models/encoder.onnx': 'MatMul' }),
    );
    expect(files.map(({ path }) => path)).toEqual([
      'quantgate.yml',
      '.github/workflows/quantgate.yml',
      '.gitignore',
    ]);
    await expect(files[0]!.content).toMatchFileSnapshot('golden/config.yml');
    await expect(files[1]!.content).toMatchFileSnapshot('golden/workflow.yml');
  });

  it('adds its output to .gitignore, once', async () => {
    const directory = folder({ 'net.onnx': 'MatMul' });
    writeFileSync(join(directory, '.gitignore'), 'node_modules');
    const { files } = await initialized(directory);
    expect(files.at(-1)).toEqual({
      path: '.gitignore',
      content: 'node_modules\nquantgate-out/\n',
      existing: 'replaced',
    });
    expect((await initialize(directory)).files.map(({ path }) => path)).not.toContain('.gitignore');
  });

  it('writes a workflow with least permissions', async () => {
    const { files } = await initialize(folder({}));
    const workflow = parse(files[1]!.content);
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs.quantgate.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(workflow.jobs.quantgate.steps.map(({ uses }: { uses: string }) => uses.split('@')[0])).toEqual([
      'actions/checkout',
      'quantgate/quantgate',
      'actions/upload-artifact',
    ]);
  });
});
