import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EncodeOptions, TextInput, TokenRow } from '../../../../src/data/text/tokenizer/encoding.js';
import { type TokenizerFile, TokenizerModel } from '../../../../src/data/text/tokenizer/tokenizer-model.js';

interface Row {
  ids: number[];
  types: number[];
}

/** By Hugging Face's tokenizers; make-tokenizers.py beside them made them. */
interface Expected {
  single: { text: string; whole: Row; offsets: [number, number][]; length: number; cut: Row }[];
  pairs: ({ texts: [string, string]; length: number } & Row)[];
  words: ({ words: string[]; wordIds: number[] } & Row)[];
  windows: { texts: [string, string]; length: number; overlap: number; rows: Row[] }[];
}

const PLAIN: EncodeOptions = {
  maxLength: null,
  beyond: 'cut',
  overlap: 0,
  specialTokens: true,
  offsets: false,
};

function read<T>(name: string, file: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', name, file), 'utf8')) as T;
}

const rowOf = ({ ids, typeIds }: TokenRow): Row => ({ ids: [...ids], types: [...typeIds] });

/** Of a letter with its accent in two characters, the library names the letter only. */
const bare = (part: string) => part.normalize('NFD').replace(/\p{M}/gu, '');

describe.each(['word-piece', 'byte-level', 'unigram'])(
  "a %s tokenizer.json gives what Hugging Face's library gives",
  (name) => {
    const model = new TokenizerModel(read<TokenizerFile>(name, 'tokenizer.json'), {});
    const expected = read<Expected>(name, 'expected.json');
    const rows = (input: TextInput, changes: Partial<EncodeOptions> = {}) =>
      model.encode(input, { ...PLAIN, ...changes }).rows.map(rowOf);

    it('for whole texts', () => {
      for (const { text, whole } of expected.single) expect(rows([text])).toEqual([whole]);
    });

    it('for texts cut to a length', () => {
      for (const { text, length, cut } of expected.single)
        expect(rows([text], { maxLength: length })).toEqual([cut]);
    });

    it('for pairs, of which the longer text is cut', () => {
      for (const { texts, length, ids, types } of expected.pairs)
        expect(rows(texts, { maxLength: length })).toEqual([{ ids, types }]);
    });

    it('for documents in windows that overlap, with the question before each', () => {
      for (const { texts, length, overlap, rows: wanted } of expected.windows)
        expect(rows(texts, { maxLength: length, beyond: 'windows', overlap })).toEqual(wanted);
    });

    it('for words that are split already', () => {
      for (const { words, ids, types, wordIds } of expected.words) {
        const [row] = model.encode({ words }, PLAIN).rows;
        expect({ ...rowOf(row!), wordIds: [...row!.words!] }).toEqual({ ids, types, wordIds });
      }
    });

    it('for the places of tokens in the text', () => {
      for (const { text, offsets } of expected.single) {
        const [row] = model.encode([text], { ...PLAIN, offsets: true }).rows;
        const part = (start: number, end: number) => bare(text.slice(start, end).trim());
        const found = Array.from(row!.ids, (_, at) =>
          part(row!.offsets![at * 2]!, row!.offsets![at * 2 + 1]!),
        );
        // Special tokens, and a space that is a token of its own, lie nowhere.
        const wanted = offsets.map(([start, end], at) => (found[at] === '' ? '' : part(start, end)));
        expect(found).toEqual(wanted);
        expect(found.filter((one) => one === '').length).toBeLessThan(8);
      }
    });
  },
);

it.each([
  [true, [1, 2, 1, 2]],
  [false, [3, 3]],
])(
  'tokens of a Unigram vocabulary reach over words only where texts are not split (split: %s)',
  (split, ids) => {
    const file = {
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split },
      model: {
        type: 'Unigram',
        unk_id: 0,
        vocab: [
          ['<unk>', 0],
          ['▁a', -1],
          ['▁b', -1],
          ['▁a▁b', -0.1],
        ],
      },
    };
    const model = new TokenizerModel(file as TokenizerFile, {});
    expect([...model.encode(['a b a b'], PLAIN).rows[0]!.ids]).toEqual(ids);
  },
);
