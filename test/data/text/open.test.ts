import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TextConfig } from '../../../src/config/data-config.js';
import { defaultText } from '../../../src/config/defaults.js';
import { fedSamples } from '../../../src/data/fed-samples.js';
import { openDataset } from '../../../src/data/open.js';
import type { ValueMeta } from '../../../src/tensor/value-meta.js';
import { collect, dataConfig, meta, npy, npz, temporaryFolder } from '../samples.js';
import { TOKENIZER } from './word-piece.js';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const IDS = meta('input_ids', 'int64', ['batch', 'sequence']);
const MASK = meta('attention_mask', 'int64', ['batch', 'sequence']);
const TYPES = meta('token_type_ids', 'int64', ['batch', 'sequence']);

function file(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

function texts(path: string, changes: Partial<TextConfig> = {}) {
  return dataConfig(path, { text: defaultText(TOKENIZER, changes) });
}

const rows = (sample: { feeds: Record<string, { data: unknown }> }) =>
  Object.fromEntries(
    Object.entries(sample.feeds).map(([name, { data }]) => [name, Array.from(data as BigInt64Array, Number)]),
  );

const THREE = [
  '{ "text": "the dog", "label": "good" }',
  '{ "text": "the quick brown fox", "label": "bad" }',
  '{ "text": "the dog", "label": "good" }',
].join('\n');

it('a column that a table has twice is an error, and so is a tokenizer that is a folder', async () => {
  const twice = texts(file('twice.csv', 'text,label,label\nthe dog,good,bad\n'));
  await expect(openDataset(twice, [IDS])).rejects.toThrow(/twice\.csv has two columns 'label'/);
  const rows = file('texts.jsonl', THREE);
  const folder = dataConfig(rows, { text: defaultText(join(FIXTURES, 'word-piece'), {}) });
  await expect(openDataset(folder, [IDS])).rejects.toThrow(/it is a folder; name the file in it/);
});

describe('texts with a tokenizer', () => {
  it.each([
    ['jsonl', THREE],
    ['csv', 'label,text\ngood,the dog\nbad,"the quick brown fox"\ngood,the dog\n'],
    ['tsv', 'text\tlabel\nthe dog\tgood\nthe quick brown fox\tbad\nthe dog\tgood\n'],
  ])('become what the model takes, from %s', async (extension, content) => {
    const data = texts(file(`texts.${extension}`, content));
    const dataset = await openDataset(data, [IDS, MASK, TYPES]);
    const samples = await collect(dataset);
    expect(dataset.classes).toBe(2);
    expect(dataset.classIndices).toEqual(
      new Map([
        ['bad', 0],
        ['good', 1],
      ]),
    );
    const dog = samples.filter(({ label }) => label === 1);
    expect(dog).toHaveLength(2);
    const { input_ids: ids, attention_mask: mask, token_type_ids: types } = rows(dog[0]!);
    expect(ids![0]).toBe(2);
    expect(ids!.at(-1)).toBe(3);
    expect(mask).toEqual(ids!.map(() => 1));
    expect(types).toEqual(ids!.map(() => 0));
    expect(dog[0]!.feeds.input_ids!.dims).toEqual([1, ids!.length]);
  });

  it('in pairs have the second text in another segment', async () => {
    const path = file('pairs.jsonl', '{"premise": "the dog", "hypothesis": "the fox", "label": 1}');
    const [sample] = await collect(await openDataset(texts(path), [IDS, MASK, TYPES]));
    const { token_type_ids: types } = rows(sample!);
    expect(types![0]).toBe(0);
    expect(types!.at(-1)).toBe(1);
  });

  it('are filled up to the length that the model has, and the mask leaves that out', async () => {
    const path = file('texts.jsonl', '{"text": "the dog"}');
    const inputs = [meta('input_ids', 'int32', [1, 12]), meta('attention_mask', 'float32', [1, 12])];
    const [sample] = await collect(await openDataset(texts(path), inputs));
    const ids = Array.from(sample!.feeds.input_ids!.data as Int32Array);
    const mask = Array.from(sample!.feeds.attention_mask!.data as Float32Array);
    expect(ids).toHaveLength(12);
    expect(mask).toEqual(ids.map((id) => (id === 0 ? 0 : 1)));
    expect(mask[0]).toBe(1);
    expect(mask[11]).toBe(0);
  });

  it('longer than max-length are cut, and that is told', async () => {
    const path = file('texts.jsonl', THREE);
    const dataset = await openDataset(texts(path, { maxLength: 5 }), [IDS, MASK]);
    for (const { feeds } of await collect(dataset)) expect(feeds.input_ids!.dims[1]).toBeLessThanOrEqual(5);
    expect(dataset.warnings).toContain('1 of 3 texts are longer than 5 tokens: they are cut.');
  });

  it('get position ids counted from 0 where the model takes them, with a note', async () => {
    const path = file('texts.jsonl', '{"text": "the dog"}');
    const dataset = await openDataset(texts(path), [IDS, meta('position_ids', 'int64', ['b', 's'])]);
    const [sample] = await collect(dataset);
    const { position_ids: positions } = rows(sample!);
    expect(positions).toEqual(positions!.map((_, at) => at));
    expect(dataset.warnings).toEqual([
      "The data hold nothing for 'position_ids'; fed with the tokens counted from 0.",
    ]);
  });

  it('of a decoder meet empty caches', async () => {
    const path = file('texts.jsonl', '{"text": "the dog"}');
    const cache = ['batch_size', 4, 'past_sequence_length', 8];
    const inputs = [
      IDS,
      MASK,
      meta('past_key_values.0.key', 'float32', cache),
      meta('past_key_values.0.value', 'float32', cache),
      meta('use_cache_branch', 'bool', [1]),
    ];
    const dataset = await openDataset(texts(path), inputs);
    const [sample] = await collect(dataset);
    expect(sample!.feeds['past_key_values.0.value']).toEqual({
      type: 'float32',
      dims: [1, 4, 0, 8],
      data: new Float32Array(0),
    });
    expect(sample!.feeds.use_cache_branch!.data).toEqual(Uint8Array.of(0));
    expect(Object.keys(sample!.feeds)).toEqual(inputs.map(({ name }) => name));
    expect(dataset.warnings).toContain(
      "The data hold nothing for 'past_key_values.0.key' and 1 more of its kind; fed with empty: no tokens before.",
    );
  });
});

describe('tables of texts', () => {
  it('may begin with a byte order mark and end their lines as Windows does', async () => {
    const path = file('texts.jsonl', `\uFEFF${THREE.replaceAll('\n', '\r\n')}\r\n`);
    expect((await openDataset(texts(path), [IDS, MASK])).length).toBe(3);
  });

  it('of which some rows have no label say which', async () => {
    const path = file('texts.jsonl', `${THREE}\n{ "text": "the fox" }`);
    expect((await openDataset(texts(path), [IDS, MASK])).warnings).toContainEqual(
      '1 of 4 texts have no label, the first at texts.jsonl:4: without all of them there is no accuracy.',
    );
  });
});

describe('texts are refused', () => {
  const opened = (path: string, inputs: readonly ValueMeta[] = [IDS, MASK]) =>
    openDataset(texts(path), inputs);

  it('without a tokenizer, with what to write', async () => {
    const path = file('texts.jsonl', THREE.split('\n')[0]!);
    await expect(openDataset(dataConfig(path), [IDS, MASK])).rejects.toThrow(
      "texts.jsonl:1: 'text' holds text, and the model takes token ids. Name the model's tokenizer: `data: { tokenizer: tokenizer.json }`",
    );
    const table = file('texts.csv', 'text,label\nthe dog,1\n');
    await expect(openDataset(dataConfig(table), [IDS, MASK])).rejects.toThrow(
      "texts.csv: 'text' holds text, and the model takes token ids.",
    );
  });

  it('with a tokenizer whose ids the model has no place for', async () => {
    await expect(
      opened(file('texts.jsonl', THREE), [{ ...IDS, lookups: [{ rows: 20, parts: [] }] }, MASK]),
    ).rejects.toThrow(
      /gives token \d+, but the vocabulary that the model's input 'input_ids' looks up has 20 ids and ends at 19: it is another model's tokenizer/,
    );
  });

  it('with a tokenizer that is not there, or is none', async () => {
    const path = file('texts.jsonl', THREE);
    const missing = dataConfig(path, { text: defaultText(join(temporaryFolder(), 'tokenizer.json')) });
    await expect(openDataset(missing, [IDS])).rejects.toThrow(
      /The tokenizer .*tokenizer.json does not exist/,
    );
    const broken = dataConfig(path, {
      text: defaultText(file('tokenizer.json', '{"model": {"type": "Whatever"}}')),
    });
    await expect(openDataset(broken, [IDS])).rejects.toThrow(/can't be used as a tokenizer/);
  });

  it.each([
    ['texts.jsonl', '{ "text": "the dog", "label": 1 }\n{ "text": "café", "label": 0 }'],
    ['texts.csv', 'text,label\ncafé,1'],
    ['texts.conll', 'the O\ncafé O'],
  ])('in another encoding than UTF-8, with the line: %s', async (name, content) => {
    await expect(opened(file(name, Buffer.from(content, 'latin1')))).rejects.toThrow(
      /texts\.\w+ is no text in UTF-8 \(line 2\): save it as UTF-8\./,
    );
  });

  it('in UTF-16', async () => {
    const path = file('texts.jsonl', Buffer.from(`\uFEFF${THREE}`, 'utf16le'));
    await expect(opened(path)).rejects.toThrow('texts.jsonl is no text in UTF-8: save it as UTF-8.');
  });

  it('in rows that the special tokens fill', async () => {
    const data = texts(file('texts.jsonl', THREE), { maxLength: 2 });
    await expect(openDataset(data, [IDS, MASK])).rejects.toThrow(
      /Rows of 2 tokens leave no room for a text: the tokenizer .*tokenizer\.json adds 2 of its own\. Correct `max-length`\./,
    );
  });

  it('with class names and no tokenizer, with what is missing', async () => {
    const data = dataConfig(file('texts.jsonl', THREE), { classNames: ['bad', 'good'] });
    await expect(openDataset(data, [IDS, MASK])).rejects.toThrow(
      "holds text, and the model takes token ids. Name the model's tokenizer",
    );
  });

  it('in columns that no name tells', async () => {
    await expect(opened(file('texts.csv', 'satz,label\nder Hund,1\n'))).rejects.toThrow(
      "has no column that is known to hold text; it has 'satz', 'label'. Name it: `text: satz`.",
    );
  });

  it('in rows longer than the model takes', async () => {
    const data = texts(file('texts.jsonl', THREE), { maxLength: 64 });
    await expect(openDataset(data, [meta('input_ids', 'int64', [1, 32])])).rejects.toThrow(
      'max-length is 64, but the model takes rows of 32 tokens. Set it to 32 or less, or remove it.',
    );
  });

  it('for a model that takes no tokens', async () => {
    await expect(
      opened(file('texts.jsonl', THREE), [meta('image', 'float32', [1, 3, 8, 8])]),
    ).rejects.toThrow("none of the model's inputs takes them: 'image'. Remove `tokenizer`.");
  });

  it('when the data are arrays already', async () => {
    const path = file('ids.npz', npz({ input_ids: npy(BigInt64Array.of(1n, 2n), [1, 2]) }));
    await expect(opened(path)).rejects.toThrow('holds no texts for the tokenizer.');
  });
});

describe('a tokenizer', () => {
  it('that adds no special tokens although it has them is told', async () => {
    const folder = temporaryFolder();
    cpSync(join(FIXTURES, 'word-piece'), folder, { recursive: true });
    const tokenizer = join(folder, 'tokenizer.json');
    const { default: whole } = (await import(TOKENIZER, { with: { type: 'json' } })) as { default: object };
    writeFileSync(tokenizer, JSON.stringify({ ...whole, post_processor: null }));
    const data = dataConfig(file('texts.jsonl', THREE), { text: defaultText(tokenizer) });
    const { warnings } = await openDataset(data, [IDS, MASK]);
    expect(warnings.join()).toMatch(/has \[CLS\] and \[SEP\], but adds them to no text/);
  });
});

describe('arrays of token ids', () => {
  const ids = npy(BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n), [2, 3]);

  it('get the mask and the types that the model takes besides, with a note for each', async () => {
    const dataset = await openDataset(dataConfig(file('ids.npz', npz({ input_ids: ids }))), [
      IDS,
      MASK,
      TYPES,
    ]);
    const [sample] = await collect(dataset);
    expect(rows(sample!)).toMatchObject({ attention_mask: [1, 1, 1], token_type_ids: [0, 0, 0] });
    expect(dataset.warnings).toEqual([
      "The data hold nothing for 'attention_mask'; fed with ones: every token counts.",
      "The data hold nothing for 'token_type_ids'; fed with zeros: one segment.",
    ]);
  });

  it('get them from jsonl and a single .npy, too', async () => {
    const lines = file('ids.jsonl', '{"input_ids": [1, 2, 3]}\n{"input_ids": [4, 5, 6]}');
    for (const path of [lines, file('ids.npy', ids)]) {
      const [sample] = await collect(await openDataset(dataConfig(path), [IDS, MASK, TYPES]));
      expect(rows(sample!)).toMatchObject({ attention_mask: [1, 1, 1], token_type_ids: [0, 0, 0] });
    }
  });

  it("beyond the model's vocabulary are refused before any work", async () => {
    const data = dataConfig(file('ids.npz', npz({ input_ids: ids })));
    const open = openDataset(data, [{ ...IDS, lookups: [{ rows: 4, parts: [] }] }]);
    await expect(open.then(collect)).rejects.toThrow(
      /'input_ids' holds \d, but the model's vocabulary has 4 ids, 0 to 3/,
    );
  });

  it('below 0 are none of the vocabulary either, whoever hands them over; labels of -100 are', async () => {
    const table = { ...IDS, lookups: [{ rows: 200, parts: [] }] };
    const lines = file('negative.jsonl', '{"input_ids": [1, -100, 3], "labels": [1, -100, 3]}\n');
    await expect(openDataset(dataConfig(lines), [table])).rejects.toThrow(
      /'input_ids' holds -100, but the model's vocabulary has 200 ids, 0 to 199.*\(-100\) belong into the labels/,
    );
    const tensor = (...values: number[]) =>
      ({ type: 'int64', dims: [1, values.length], data: BigInt64Array.from(values, BigInt) }) as const;
    expect(() => fedSamples([{ input_ids: tensor(1, -1) }], [table])).toThrow(
      /^Sample 0: 'input_ids' holds -1, but/,
    );
    expect(fedSamples([{ input_ids: tensor(1, 199) }], [table]).length).toBe(1);
    const labelled = file('ignored.jsonl', '{"input_ids": [1, 2, 3], "labels": [1, -100, 3]}\n');
    expect(await collect(await openDataset(dataConfig(labelled), [table]))).toHaveLength(1);
  });

  it('of other inputs count from the end of the table, as ONNX has it', async () => {
    const columns = { ...meta('month', 'float32', ['n', 2]), lookups: [{ rows: 12, parts: [] }] };
    const lines = file('months.jsonl', '{"month": [1, -1]}\n');
    expect(await collect(await openDataset(dataConfig(lines), [columns]))).toHaveLength(1);
  });
});
