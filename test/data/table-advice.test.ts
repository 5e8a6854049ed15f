/** What a table says that is read as images or arrays, and holds recordings, texts or images of text. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDataset } from '../../src/data/open.js';
import type { ValueMeta } from '../../src/tensor/value-meta.js';
import { dataConfig, meta, temporaryFolder } from './samples.js';

const folder = temporaryFolder();
const WAVE = meta('input_values', 'float32', ['n', 'samples']);
const IMAGE = meta('x', 'float32', ['n', 3, 48, 320]);

async function refused(name: string, content: string, input: ValueMeta): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const error = await openDataset(dataConfig(path), [input]).catch((thrown: unknown) => thrown);
  return (error as Error).message;
}

it.each([
  ['speech.jsonl', '{ "audio": "a.wav", "text": "hello" }\n'],
  ['speech.csv', 'audio,text\na.wav,hello\n'],
  ['bare.tsv', 'a.wav\thello\n'],
  ['named.jsonl', '{ "input_values": "a.wav", "text": "hello" }\n'],
])(
  '%s without a vocabulary: the recordings need it, and the folder that holds them',
  async (name, content) => {
    const message = await refused(name, content, WAVE);
    expect(message).toMatch(/a\.wav.* is a recording/);
    expect(message).toMatch(/speech-recognition.*tokenizer: vocab\.json, images: FOLDER/);
  },
);

it('images of text are read as text-lines, or mapped; never the text', async () => {
  const message = await refused('lines.jsonl', '{ "text": "hello", "image": "a.png" }\n', IMAGE);
  expect(message).toMatch(/inputs: \{ x: \{ from: image \} \}/);
  expect(message).toMatch(/format: text-lines.*images: FOLDER/);
});

it('texts for a model that takes no tokens: what is missing is said', async () => {
  const message = await refused('texts.jsonl', '{ "sentence": "hello", "label": 1 }\n', IMAGE);
  expect(message).toMatch(/None of them is an array of numbers or the name of an image.*tokenizer/);
  expect(message).not.toMatch(/from: sentence/);
});

it('an array is mapped, wherever it stands in the line', async () => {
  const message = await refused('arrays.jsonl', '{ "id": "a", "pixels": [[1]], "label": 1 }\n', IMAGE);
  expect(message).toMatch(/inputs: \{ x: \{ from: pixels \} \}/);
});
