/** docs/data.md: every configuration loads, and every file in it is read by the configuration beside it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import type { DataConfig } from '../../src/config/data-config.js';
import { parseConfig } from '../../src/config/read/load.js';
import { openDataset } from '../../src/data/open.js';
import { assertApplicable } from '../../src/judge/applicable.js';
import { readKeys } from '../../src/measure/accuracy/decode/keys.js';
import type { ValueMeta } from '../../src/tensor/value-meta.js';
import { tone, wav } from './audio/recordings.js';
import { collect, meta, temporaryFolder } from './samples.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/data.md'), 'utf8');
const blocks = [...page.matchAll(/```(\w+)(?: (\S+))?\n(.*?)```/gs)].map(([, language, file, text]) => ({
  language: language!,
  file: file ?? null,
  text: text!,
}));
const configs = blocks.filter(({ language }) => language === 'yaml').map(({ text }) => text);
const files = blocks.filter(({ file }) => file !== null);

/** A folder that holds every file of the page, and images of every name in it. */
async function project(): Promise<string> {
  const folder = temporaryFolder();
  const write = (file: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  for (const { file, text } of files) write(file!, text);
  write('models/tokenizer.json', readFileSync(join(FIXTURES, 'word-piece', 'tokenizer.json')));
  write('data/speech/a.wav', wav(tone(440)));
  const images = new Set([...page.matchAll(/[\w-]+\.(?:jpg|png)\b/g)].map(([name]) => name));
  const picture = sharp({ create: { width: 640, height: 480, channels: 3, background: 'grey' } });
  for (const name of images) {
    const bytes = await picture
      .clone()
      .toFormat(name.endsWith('png') ? 'png' : 'jpeg')
      .toBuffer();
    for (const place of ['data/val', 'data/images', 'data/lines']) write(join(place, name), bytes);
  }
  return folder;
}

const FIXTURES = join(import.meta.dirname, 'text', 'fixtures');

/** What a model takes that this configuration is for. */
function inputsFor({ text, audio }: DataConfig): ValueMeta[] {
  if (audio || text?.task === 'speech-recognition') return [meta('x', 'float32', ['n', 'samples'])];
  if (text) return ['input_ids', 'attention_mask'].map((name) => meta(name, 'int64', ['n', 'tokens']));
  return [meta('x', 'float32', ['n', 3, 'h', 'w'])];
}

function evaluations({ models }: Config): DataConfig[] {
  return models.flatMap(({ data }) => data.evaluation ?? []);
}

describe('docs/data.md', () => {
  it.each(configs.map((text, at) => [at + 1, text] as const))(
    'shows a configuration %d that loads',
    async (_, text) => {
      const config = await parseConfig(text, { file: null, directory: '/project', expand: false });
      expect(() => assertApplicable(config)).not.toThrow();
    },
  );

  it('shows files that are read as it says', async () => {
    const directory = await project();
    const read = new Set<string>();
    for (const text of configs) {
      const config = await parseConfig(text, { file: null, directory, expand: false });
      for (const { keys } of config.models) {
        if (keys === null) continue;
        expect(await readKeys(keys)).toEqual(['a', 'b', 'c']);
        read.add(relative(directory, keys));
      }
      for (const data of evaluations(config)) {
        const preprocessors = Object.values(data.inputs).map(({ preprocessor }) => preprocessor);
        const named = [data.path, ...preprocessors, data.text?.tokenizer ?? null];
        const shown = files.filter(({ file }) =>
          named.some((path) => path !== null && join(directory, file!).startsWith(path)),
        );
        if (shown.length === 0) continue;
        // The page shows one sample of each kind: too few to split.
        const samples = await collect(await openDataset({ ...data, split: null }, inputsFor(data)));
        expect(samples.length, data.path).toBeGreaterThan(0);
        for (const { file } of shown) read.add(file!);
      }
    }
    expect([...read].sort()).toEqual(files.map(({ file }) => file!).sort());
  });
});
