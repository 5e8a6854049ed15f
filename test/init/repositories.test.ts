/** Repositories as people have them: init writes a config that passes its first run, without an edit, or says first what is missing. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Outcome, quantgate } from '../cli/command-line.js';
import { temporaryFolder } from '../data/samples.js';
import {
  classifierRepository,
  detectorRepository,
  modelAlone,
  recognizerRepository,
  textRepository,
} from './repositories.js';

const root = temporaryFolder();
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Time for a first run; the only thing about a written config that these tests change is how long it measures. */
const PATIENCE_MS = 240_000;

interface Initialized {
  folder: string;
  init: Outcome;
  config: { models: Record<string, unknown>[]; thresholds: Record<string, Record<string, unknown>> };
  run: Outcome;
}

function initialized(name: string, make: (folder: string) => Promise<void> | void): () => Initialized {
  let result: Initialized;
  beforeAll(async () => {
    const folder = join(root, name);
    mkdirSync(folder);
    await make(folder);
    const init = quantgate(['init', '--explain', '--budget', '1s'], { cwd: folder, input: '' });
    const file = join(folder, 'quantgate.yml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('budget: 120s', 'budget: 1s'));
    const run = quantgate(['run'], { cwd: folder, input: '' });
    result = { folder, init, config: parse(text) as Initialized['config'], run };
  }, PATIENCE_MS);
  return () => result;
}

const firstLine = ({ stdout }: Outcome) => stdout.split('\n', 1)[0];
const passes = ({ init, run }: Initialized) => {
  expect(init.status, init.stderr).toBe(0);
  expect(firstLine(init)).toBe('wrote quantgate.yml');
  expect(run.status, `${run.stderr}\n${run.stdout}`).toBe(0);
};

describe('class folders with an image classifier', () => {
  const repository = initialized('classifier', classifierRepository);

  it('pass their first run without an edit', () => {
    passes(repository());
  });

  it('calibrate with train, evaluate on val, and are gated by top-1', () => {
    const { config } = repository();
    expect(config.models[0]).toMatchObject({
      task: 'classification',
      data: {
        evaluation: { path: 'data/val', 'class-order': 'name' },
        calibration: { path: 'data/train', limit: 200 },
      },
    });
    expect(config.thresholds['accuracy.top1']).toMatchObject({ 'max-drop': expect.stringMatching(/pp$/) });
  });

  it('are prepared as makes most sense to the original, and --explain says what was tried', () => {
    const { config, init } = repository();
    expect(config.models[0]!.data).toMatchObject({
      input: { resize: [16, 16], scale: true },
    });
    expect(init.stdout).toMatch(
      /tried: classification on data\/val, .*values from 0 to 1, classes by name: Top-1 .*chance/,
    );
  });

  it('ignore what a run leaves behind', () => {
    expect(readFileSync(join(repository().folder, '.gitignore'), 'utf8')).toBe('quantgate-out/\n');
  });

  it('keep a config that is there, unless --force', () => {
    const { folder } = repository();
    const file = join(folder, 'quantgate.yml');
    const before = readFileSync(file, 'utf8');
    const again = quantgate(['init'], { cwd: folder, input: '' });
    expect(again.stdout).toContain('kept quantgate.yml (it exists; --force replaces it)');
    expect(readFileSync(file, 'utf8')).toBe(before);
    quantgate(['init', '--force', '--no-measure'], { cwd: folder, input: '' });
    expect(readFileSync(file, 'utf8')).not.toBe(before);
  });
});

describe('a detector with COCO annotations', () => {
  const repository = initialized('detector', detectorRepository);

  it('passes its first run without an edit', () => {
    passes(repository());
  });

  it('is decoded, finds its images, and splits the one folder', () => {
    expect(repository().config.models[0]).toMatchObject({
      task: 'detection',
      decoder: 'yolov8',
      data: {
        evaluation: { path: 'data/val.json', images: 'data/val' },
        split: { calibration: 10 },
        input: { preset: 'yolo' },
      },
    });
  });
});

describe('a text classifier with tokenizer and jsonl', () => {
  const repository = initialized('texts', textRepository);

  it('passes its first run without an edit', () => {
    passes(repository());
  });

  it('has its classes in the order in which the original knows them', () => {
    expect(repository().config.models[0]).toMatchObject({
      task: 'text-classification',
      data: { tokenizer: 'models/tokenizer.json', 'class-names': ['odd', 'even'] },
    });
  });
});

describe('a recognizer with lines of text', () => {
  const repository = initialized('recognizer', recognizerRepository);

  it('passes its first run without an edit', () => {
    passes(repository());
  });

  it('is read by its key file', () => {
    expect(repository().config.models[0]).toMatchObject({
      task: 'text-recognition',
      keys: 'models/keys.txt',
    });
    expect(repository().config.thresholds).toHaveProperty(['accuracy.cer']);
  });
});

describe('a model alone', () => {
  const repository = initialized('alone', modelAlone);

  it('is told first what is missing and where to put it', () => {
    expect(firstLine(repository().init)).toMatch(
      /^missing: For net\.onnx: labelled images to score it: data\/val with a folder of images for each class\./,
    );
  });

  it('passes its first run all the same, with what needs no data', () => {
    const { run, config } = repository();
    expect(run.status, `${run.stderr}\n${run.stdout}`).toBe(0);
    expect(config.thresholds).toHaveProperty(['size.file']);
    expect(config.models[0]).not.toHaveProperty('task');
  });
});
