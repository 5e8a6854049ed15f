import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataConfig, InputConfig } from '../../src/config/data-config.js';
import { defaultText } from '../../src/config/defaults.js';
import { openDataset } from '../../src/data/open.js';
import { collect, dataConfig, input, meta, npy, npz, temporaryFolder } from './samples.js';
import { TOKENIZER } from './text/word-piece.js';

const TOKENS = [
  meta('input_ids', 'int64', ['batch', 'sequence']),
  meta('attention_mask', 'int64', ['batch', 'sequence']),
];
const AUDIO = { features: 'waveform', samplingRate: 8_000 } as const;
const text = defaultText(TOKENIZER);

function file(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const texts = () => file('rows.jsonl', '{"text": "the dog"}\n{"text": "the fox"}');
const bytes = () => file('x.npy', npy(new Uint8Array(48).fill(7), [1, 4, 4, 3]));
const PIXELS = [meta('x', 'float32', ['n', 3, 4, 4])];

const opening = (path: string, changes: Partial<DataConfig>, inputs = PIXELS) =>
  openDataset(dataConfig(path, changes), inputs);

describe('what prepares images is refused', () => {
  it.each([
    ['resize', { resize: 224 }],
    ['mean', { mean: [0.5] }],
    ['preset', { preset: 'imagenet' }],
    ['filter', { filter: 'bicubic' }],
  ] as [keyof InputConfig, Partial<InputConfig>][])('where the data are texts: %s', async (key, changes) => {
    await expect(opening(texts(), { text, inputs: { input_ids: input(changes) } }, TOKENS)).rejects.toThrow(
      `'${key}' prepares images or arrays, and input 'input_ids' reads texts. Remove it.`,
    );
    // Written for the only input, of which such a model has two: it is not asked which one is meant.
    await expect(opening(texts(), { text, inputs: { '': input(changes) } }, TOKENS)).rejects.toThrow(
      `'${key}' prepares images or arrays, and the model reads texts. Remove it.`,
    );
  });

  it('where the data are token ids, and it is not asked which input is meant', async () => {
    const rows = () => file('ids.jsonl', '{"input_ids": [1, 2]}\n');
    const inputs = { '': input({ resize: 224, mean: [0.5] }) };
    await expect(opening(rows(), { inputs }, TOKENS)).rejects.toThrow(
      "'resize' prepares images or arrays, and the model reads token ids. Remove it.",
    );
    await expect(opening(rows(), { inputs: { '': input({ mean: [0.5] }) } }, TOKENS)).rejects.toThrow(
      /'input' prepares the only input of a model, but this model has 2/,
    );
  });
});

describe('what belongs to other data is refused', () => {
  it.each([
    [
      'audio with texts',
      texts,
      { text, audio: AUDIO },
      /'audio' prepares recordings, and this is jsonl with texts/,
    ],
    ['audio with arrays', bytes, { audio: AUDIO }, /'audio' prepares recordings, and this is npy\./],
    ['images with texts', texts, { text, images: '.' }, /with a `tokenizer` these are texts/],
    [
      'columns where there are none',
      () => file('a.txt', 'the dog'),
      { text: { ...text, columns: ['text'] } },
      /'text' names the columns of a table of texts, and this is text\. Remove it/,
    ],
    [
      'class names where no label is one',
      () => file('a.txt', 'the dog'),
      { text, classNames: ['a'] },
      /'class-names' lists the classes of labels, and text has none/,
    ],
    [
      'the name of labels where nothing is named',
      () => file('a.txt', 'the dog'),
      { text, labels: 'y' },
      /'labels' names an array or a column, and text has none/,
    ],
    [
      'audio with images',
      () => {
        const folder = temporaryFolder();
        mkdirSync(join(folder, 'cat'));
        return folder;
      },
      { audio: AUDIO },
      /'audio' prepares recordings, and this is image-folder/,
    ],
    [
      'rows of tokens with recordings',
      temporaryFolder,
      { format: 'speech', text: { ...text, maxLength: 8 } },
      /'max-length' cuts texts into rows of tokens, and these are recordings/,
    ],
  ] as [string, () => string, Partial<DataConfig>, RegExp][])('%s', async (_, path, changes, message) => {
    await expect(opening(path(), changes)).rejects.toThrow(message);
  });
});

it('a tokenizer that is not there is said before anything that it would do, of arrays too', async () => {
  const missing = defaultText(join(temporaryFolder(), 'tokenizer.json'));
  await expect(
    opening(file('x.npz', npz({ 'x.npy': npy(new Uint8Array(1), [1]) })), { text: missing }),
  ).rejects.toThrow(/^The tokenizer .*tokenizer\.json does not exist\. Correct `tokenizer`\.$/);
});

it('numbers that are no pixels are never told to be resized, pixels are', async () => {
  const sized = (data: Float32Array | Uint8Array) =>
    opening(file('x.npy', npy(data, [1, 5, 6, 3])), {}, [meta('x', 'float32', ['n', 3, 8, 8])]);
  await expect(sized(new Float32Array(90))).rejects.toThrow(
    /Save the array in this size: of arrays only images in 8 bits/,
  );
  await expect(sized(new Uint8Array(90))).rejects.toThrow(
    /Set `input: \{ resize: 8, crop: 8 \}` \(`letterbox: 8` for a detector\), or save it in this size/,
  );
});

describe('what has no effect is told', () => {
  it('of a filter where nothing resizes', async () => {
    const told = async (changes: Parameters<typeof input>[0]) =>
      (await opening(bytes(), { inputs: { '': input(changes) } })).warnings;
    expect(await told({ filter: 'lanczos' })).toEqual([
      "'filter' of input 'x' had no effect: nothing resizes it (`resize`, `letterbox`).",
    ]);
    expect(await told({ filter: 'lanczos', resize: 4 })).toEqual([]);
    expect(await told({ mean: [0.5], scale: true, layout: 'NCHW' })).toEqual([]);
  });

  it('of an input that follows from another', async () => {
    const rows = file('ids.jsonl', '{"input_ids": [1, 2]}');
    const dataset = await opening(rows, { inputs: { attention_mask: input({ mean: [1] }) } }, TOKENS);
    expect(dataset.warnings).toContain(
      "'mean' of input 'attention_mask' had no effect: it follows from the other inputs.",
    );
    expect(await collect(dataset)).toHaveLength(1);
  });
});
