/** Text that a recognizer reads: from images and a key file to error rates, and its level of chance. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { guessFormat } from '../../../../src/data/format.js';
import { openDataset } from '../../../../src/data/open.js';
import { skillTest } from '../../../../src/measure/accuracy/chance/original.js';
import { standingOf } from '../../../../src/measure/accuracy/chance/skill.js';
import { alphabetOf, oddKeys, readKeys } from '../../../../src/measure/accuracy/decode/keys.js';
import type { Runner } from '../../../../src/measure/accuracy/runner.js';
import { oddRecognition, rowOf, textsOf } from '../../../../src/measure/accuracy/tasks/text-recognition.js';
import { dataConfig, input, meta, temporaryFolder } from '../../../data/samples.js';
import { score } from '../score.js';

const folder = temporaryFolder();
const lines = join(folder, 'lines');
const KEYS = ['a', 'b', 'c', 'd'];
/** 24 words of the four letters, all different. */
const WORDS = Array.from({ length: 24 }, (_, at) =>
  [at, at * 7 + 3, at * 5 + 1].map((n) => KEYS[n % 4]).join(KEYS[(at >> 2) % 4]),
);

/** A picture of a word: four columns per letter, whose grey says which. */
beforeAll(async () => {
  mkdirSync(lines);
  for (const [at, word] of WORDS.entries()) {
    const levels = Array.from(word, (letter) => 60 * (KEYS.indexOf(letter) + 1));
    await sharp(Uint8Array.from(levels), { raw: { width: levels.length, height: 1, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(join(lines, `${at}.png`));
  }
  writeFileSync(join(lines, 'labels.tsv'), WORDS.map((word, at) => `${at}.png\t${word}`).join('\n'));
});

const INPUTS = [meta('x', 'float32', ['n', 1, 1, 'w'])];
const opened = (path = lines) =>
  openDataset(dataConfig(path, { inputs: { '': input({ scale: false }) }, format: 'text-lines' }), INPUTS);

/** Reads the greys, with a blank frame between letters; `change` makes a variant of it. */
function reader(
  variant: string,
  change: (word: number[], call: number) => number[] = (word) => word,
): Runner {
  let call = 0;
  return {
    variant,
    outputs: [meta('y', 'float32', [1, 'frames', 5])],
    async run({ x }) {
      const word = change(
        Array.from(x!.data as Float32Array, (level) => Math.round(level / 60)),
        call++,
      );
      const frames = word.flatMap((symbol) => [symbol, symbol, 0]);
      const data = new Float32Array(frames.length * 5);
      frames.forEach((symbol, frame) => {
        data[frame * 5 + symbol] = 9;
      });
      return { y: { type: 'float32', dims: [1, frames.length, 5], data } };
    },
  };
}

describe('text recognition', () => {
  it('reads every word with its key file', async () => {
    const found = await score(
      'text-recognition',
      { dataset: await opened(), keys: KEYS },
      reader('original'),
    );
    expect(found.get('accuracy.cer original')).toMatchObject({ value: 0, unit: 'fraction', n: WORDS.length });
    expect(found.get('accuracy.exact-match original')!.value).toBe(1);
  });

  it('counts the edits of a variant over all characters, and which lines got worse', async () => {
    const worse = reader('int8', (word, call) =>
      call % 6 === 0 ? [1 + (word[0]! % 4), ...word.slice(1)] : word,
    );
    const found = await score(
      'text-recognition',
      { dataset: await opened(), keys: KEYS },
      reader('original'),
      worse,
    );
    const characters = WORDS.join('').length;
    expect(found.get('accuracy.cer int8')!.value).toBeCloseTo(4 / characters, 12);
    expect(found.get('accuracy.cer int8')!.drop).toMatchObject({ lost: 4, gained: 0 });
    expect(found.get('accuracy.exact-match int8')!.drop).toMatchObject({ lost: 4, gained: 0 });
    expect(
      (found.get('accuracy.cer int8')!.details as { flips: { lost: string[] } }).flips.lost,
    ).toHaveLength(4);
  });

  it('needs a key file, and a decoder that it knows', async () => {
    const dataset = await opened();
    await expect(score('text-recognition', { dataset }, reader('original'))).rejects.toThrow(
      /needs `keys`: a file with one symbol per line/,
    );
    await expect(
      score('text-recognition', { dataset, keys: KEYS, decoder: 'beam' }, reader('original')),
    ).rejects.toThrow(/no text-recognition decoder 'beam': use ctc or ctc-blank-last/);
    await expect(score('text-recognition', { dataset, keys: ['a'] }, reader('original'))).rejects.toThrow(
      /has 5 classes, but `keys` 1 lines/,
    );
  });

  it('keeps texts of any symbols', () => {
    expect(textsOf(rowOf('naïve 😀', '日本'))).toEqual({ wanted: 'naïve 😀', read: '日本' });
  });
});

describe('the original against chance', () => {
  const skill = async (original: Runner) => {
    const test = skillTest('text-recognition', { classes: null, labelOffset: 0, keys: KEYS })!;
    const rows: ArrayLike<number>[] = [];
    for await (const sample of (await opened()).samples()) {
      const outputs = await original.run(sample.feeds, ['y']);
      rows.push(test.keep(sample, outputs.y!, outputs));
    }
    return test.assess(rows)!;
  };

  it('is above it when it reads the words, and no better when it reads others', async () => {
    expect(standingOf(await skill(reader('original')))).toBe('above');
    const blind = await skill(
      reader('original', (_, call) => [1 + (call % 4), 1 + ((call >> 2) % 4), 2, 3, 1]),
    );
    expect(standingOf(blind)).toBe('chance');
  });

  it('is chance when nothing is read in any image', async () => {
    const nothing = await skill(reader('original', () => [0]));
    expect(nothing.fact).toBe('nothing is read in any image');
    expect(standingOf(nothing)).toBe('chance');
  });
});

describe('key files', () => {
  it('have the blank before or behind their lines, or a line for it, and the space at the end', () => {
    expect(alphabetOf(['a', 'b'], 3, { blank: 'first' })).toEqual({ symbols: ['', 'a', 'b'], blank: 0 });
    expect(alphabetOf(['a', 'b'], 3, { blank: 'last' })).toEqual({ symbols: ['a', 'b', ''], blank: 2 });
    expect(alphabetOf(['a', 'b'], 4, { blank: 'first' })).toEqual({ symbols: ['', 'a', 'b', ' '], blank: 0 });
    expect(alphabetOf(['a', '<blank>', 'b'], 3, { blank: 'first' })).toEqual({
      symbols: ['a', '', 'b'],
      blank: 1,
    });
    expect(() => alphabetOf(['a', ' '], 4, { blank: 'first' })).toThrow(
      /2 lines, a space among them.*A line is missing/,
    );
    expect(() => alphabetOf(['a', 'b'], 2, { blank: 'first' })).toThrow(/2 classes, but `keys` 2 lines/);
  });

  it('are compared with the classes: what may be another line count is told, and what speaks for one is a warning', () => {
    const odd = (keys: string[], classes: number, blank: 'first' | 'last' = 'first') => {
      const note = oddKeys(keys, classes, { blank });
      return note && `${note.level} ${note.message}`;
    };
    expect(odd(['a', ' '], 3)).toBeNull();
    expect(odd(['<blank>', 'a'], 2)).toBeNull();
    expect(odd(['a', 'b'], 3)).toBe(
      'info `keys` has 2 lines, the model 3 classes: the other is the blank, and no class is the space. If the model has one for it (as its last), `keys` has a line too many.',
    );
    expect(odd(['a', 'b'], 4)).toMatch(
      /^info .*2 lines, the model 4 classes: the two others are the blank, and a space/,
    );
    expect(odd(['a', 'b', 'a'], 4)).toMatch(/^warn .*'a' stands on line 1 and on line 3/);
    expect(odd(['a', '', 'b'], 4)).toMatch(/^warn .*line 2 is empty/);
    expect(odd(['a', 'b', ''], 3)).toMatch(/^warn .*the last line is empty and taken for the blank/);
    expect(odd(['a', 'b', ''], 3, 'last')).toBeNull();
  });

  it('that lack symbols of the texts are told by the texts', () => {
    const rows = ['a b', 'ab', 'b a'].map((text) => rowOf(text, ''));
    const told = (keys: string[]) =>
      oddRecognition(rows, { keys, decoder: null, classes: 4 }).map(({ message }) => message);
    // Blank, a, b and the space; the third line is one too many.
    expect(told(['a', 'b', 'x'])).toEqual([
      "2 of 3 texts hold symbols that no line of `keys` stands for (' '): they can't be read right. If the model has a class for the space, `keys` has a line too many, or none for it.",
    ]);
    expect(told(['a', ' ', 'x'])).toEqual([expect.stringMatching(/^3 of 3 texts hold symbols .*\('b'\)/)]);
    expect(told(['a', 'b', ' '])).toEqual([]);
    expect(told(['a', 'b'])).toEqual([expect.stringMatching(/the two others are the blank/)]);
  });

  it('with a line too many or too few show it by the symbols that are read, though no text holds a space', () => {
    // A model of blank, a to f and the space reads all texts right; the file has other lines.
    const texts = ['abc', 'fade', 'bed', 'cafe'];
    const told = (keys: string[]) => {
      const { symbols } = alphabetOf(keys, 8, { blank: 'first' });
      const rows = texts.map((text) =>
        rowOf(text, Array.from(text, (letter) => symbols[' abcdef'.indexOf(letter)]!).join('')),
      );
      return oddRecognition(rows, { keys, decoder: null, classes: 8 });
    };
    expect(told(['a', 'b', 'x', 'c', 'd', 'e', 'f'])).toContainEqual({
      level: 'warn',
      message:
        '9 of 9 symbols that are read wrong should be that of the next line of `keys`: a line is one too many, between line 2 and line 3.',
    });
    expect(told(['a', 'c', 'd', 'e', 'f', 'g'])).toContainEqual({
      level: 'warn',
      message: expect.stringMatching(
        /should be that of the previous line of `keys`: a line is missing, between/,
      ),
    });
    expect(told(['a', 'b', 'c', 'd', 'e', 'f']).map(({ level }) => level)).toEqual(['info']);
  });

  it('are read line by line, a space being a symbol', async () => {
    const file = join(folder, 'keys.txt');
    writeFileSync(file, 'a\r\n \r\nß\r\n');
    expect(await readKeys(file)).toEqual(['a', ' ', 'ß']);
    writeFileSync(file, '');
    await expect(readKeys(file)).rejects.toThrow(/is empty/);
    await expect(readKeys(join(folder, 'none.txt'))).rejects.toThrow(/can't be read/);
  });
});

describe('tables of texts', () => {
  const table = (name: string, text: string) => {
    const file = join(lines, name);
    writeFileSync(file, text);
    return file;
  };

  it('are jsonl too, and may have a header', async () => {
    expect((await opened(table('t.jsonl', '{"image": "0.png", "text": "ab"}\n'))).length).toBe(1);
    expect((await opened(table('t.tsv', 'image\ttext\n0.png\tab\n'))).length).toBe(1);
    expect(await guessFormat(lines)).toBe('text-lines');
  });

  it('tell of empty texts', async () => {
    expect((await opened(table('t.tsv', '0.png\tab\n1.png\t\n'))).warnings.join()).toMatch(
      /1 of 2 texts .* are empty, the first of 1\.png/,
    );
  });

  it.each([
    ['t.tsv', '0.png ab\n', /t\.tsv:1: expected the name of an image, a tab and its text/],
    ['t.tsv', '0.png\tab\tother\n', /t\.tsv:1: two tabs, and a text holds none.* \('other'\)/],
    ['t.tsv', '../0.png\tab\n', /lies outside of `images`/],
    ['t.tsv', 'gone.png\tab\n', /1 of 1 images .* gone\.png/],
    ['t.jsonl', '{"image": "0.png"}\n', /t\.jsonl:1: expected \{ "image": …, "text": … \}/],
    ['t.jsonl', '{\n', /t\.jsonl:1 is no JSON/],
  ])('in %s refuse %j', async (name, text, message) => {
    await expect(opened(table(name, text))).rejects.toThrow(message);
  });
});
