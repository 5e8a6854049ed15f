import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultText } from '../../../src/config/defaults.js';
import { openDataset } from '../../../src/data/open.js';
import type { Sample } from '../../../src/data/samples/dataset.js';
import { type TokenizerFile, TokenizerModel } from '../../../src/data/text/tokenizer/tokenizer-model.js';
import { numbersOf } from '../../../src/tensor/elements.js';
import { floats, model } from '../../measure/accuracy/models.js';
import { score } from '../../measure/accuracy/score.js';
import { collect, dataConfig, meta, temporaryFolder } from '../samples.js';

const TOKENIZER = join(import.meta.dirname, 'fixtures', 'byte-level', 'tokenizer.json');
const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(12);
const INPUTS = [meta('input_ids', 'int64', ['batch', 'sequence'])];

function open(name: string, content: string, inputs = INPUTS) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  const text = defaultText(TOKENIZER, { maxLength: 32, task: 'language-model' });
  return openDataset(dataConfig(path, { text }), inputs);
}

type Window = Extract<NonNullable<Sample['annotation']>, { kind: 'window' }>;
const windowOf = ({ annotation }: Sample) => annotation as Window;

describe('raw text for a language model', () => {
  it('comes in windows that score each token once, with context before it', async () => {
    const samples = await collect(await open('text.txt', TEXT));
    samples.sort((a, b) => Number(a.id.split(' ').at(-1)) - Number(b.id.split(' ').at(-1)));
    const file = JSON.parse(readFileSync(TOKENIZER, 'utf8')) as TokenizerFile;
    const [whole] = new TokenizerModel(file, {}).encode([TEXT], {
      maxLength: null,
      beyond: 'cut',
      overlap: 0,
      specialTokens: false,
      offsets: false,
    }).rows;
    const scored = samples.flatMap((sample) => {
      const { from, to } = windowOf(sample);
      return Array.from(numbersOf(sample.feeds.input_ids!)).slice(from, to);
    });
    // What begins a text stands before every window and is never scored; what ends it comes once.
    const [begin, end] = [0, 2];
    expect(scored).toEqual([...whole!.ids, end]);
    for (const [at, sample] of samples.entries()) {
      const ids = Array.from(numbersOf(sample.feeds.input_ids!));
      expect(ids[0]).toBe(begin);
      expect(ids.includes(end)).toBe(at === samples.length - 1);
    }
    for (const sample of samples.slice(1)) expect(windowOf(sample).from).toBeGreaterThanOrEqual(16);
    const bytes = samples.reduce((sum, sample) => sum + windowOf(sample).bytes, 0);
    expect(bytes).toBeCloseTo(Buffer.byteLength(TEXT), 6);
  });

  it('shows the text of a window: from the beginning of the document, and from about where a later one begins', async () => {
    const dataset = await open('text.txt', TEXT);
    const ids = new Set((await collect(dataset)).map(({ id }) => id));
    const shown = await dataset.shown!(ids);
    expect([...shown.keys()].sort()).toEqual([...ids].sort());
    const texts = [...shown.values()].map((content) => ('text' in content ? content.text : ''));
    expect(texts.filter((text) => TEXT.startsWith(text))).toEqual([TEXT]);
    const later = texts.filter((text) => text.startsWith('…'));
    expect(later).toHaveLength(ids.size - 1);
    expect(new Set(later.map((text) => text.length)).size).toBe(later.length);
    for (const text of later) expect(TEXT).toContain(text.slice(1));
  });

  it('has as many bits per byte as its tokens cost, whatever the tokens are', async () => {
    const dataset = await open('texts.jsonl', ['{"text": "one fox"}', '{"text": "über"}'].join('\n'));
    const uniform = model('original', (_, { input_ids: ids }) =>
      floats([1, ids!.dims[1]!, 420], new Array(ids!.dims[1]! * 420).fill(0)),
    );
    const scores = await score('language-model', { dataset }, uniform);
    const tokens = (await collect(dataset)).reduce(
      (sum, sample) => sum + windowOf(sample).to - windowOf(sample).from,
      0,
    );
    const bytes = Buffer.byteLength('one fox') + Buffer.byteLength('über');
    expect(scores.get('accuracy.bits-per-byte original')!.value).toBeCloseTo(
      (tokens * Math.log2(420)) / bytes,
      6,
    );
    expect(scores.get('accuracy.perplexity original')!.value).toBeCloseTo(420, 4);
  });

  it('has no bits per byte where the data are tokens, which have no bytes', async () => {
    const { datasetOf, integers } = await import('../../measure/accuracy/models.js');
    const dataset = datasetOf([{ id: 'a', feeds: { input_ids: integers([1, 2], [1, 2]) }, label: null }]);
    const scores = await score(
      'language-model',
      { dataset },
      model('original', () => floats([1, 2, 4], new Array(8).fill(0))),
    );
    expect(scores.get('accuracy.bits-per-byte original')).toMatchObject({
      status: 'skipped',
      reason: 'undefined here: only texts have bytes: give raw text and a tokenizer',
    });
  });
});
