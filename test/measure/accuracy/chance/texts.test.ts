/** Texts that are read by the right symbols, and by those of another model. */
import { describe, expect, it } from 'vitest';
import { languageModelSkill } from '../../../../src/measure/accuracy/chance/language-model.js';
import { recognitionSkill } from '../../../../src/measure/accuracy/chance/recognition.js';
import { standingOf } from '../../../../src/measure/accuracy/chance/skill.js';
import { speechSkill } from '../../../../src/measure/accuracy/chance/speech.js';
import { rowOf } from '../../../../src/measure/accuracy/tasks/text-recognition.js';
import { seededRandom } from '../../../../src/tensor/random.js';
import { floats, integers } from '../models.js';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const random = seededRandom(3);

/** Lines of two words. */
const LINES = Array.from({ length: 60 }, () => {
  const word = () => Array.from({ length: 4 + random.below(6) }, () => LETTERS[random.below(26)]!).join('');
  return `${word()} ${word()}`;
});

const KEYS = { decoder: null, keys: [...LETTERS] };
const tests = {
  'text-recognition': recognitionSkill(KEYS),
  'speech-recognition': speechSkill({ vocabulary: [...LETTERS] }),
};

const assess = (test: keyof typeof tests, read: (line: string, at: number) => string, lines = LINES) =>
  tests[test].assess(lines.map((line, at) => rowOf(line, read(line, at))))!;
const standing: (...args: Parameters<typeof assess>) => string = (...args) => standingOf(assess(...args));

/** Each letter as the one `step` places on: a key file in another order. */
const shifted = (line: string, step: number) =>
  line.replace(/[a-z]/g, (letter) => LETTERS[(LETTERS.indexOf(letter) + step) % 26]!);

describe.each(['text-recognition', 'speech-recognition'] as const)('%s', (task) => {
  it('is chance with the symbols of another model, though lengths and spaces are right', () => {
    for (const step of [1, 7, 25]) expect(standing(task, (line) => shifted(line, step))).toBe('chance');
    const keys = [...LETTERS].sort((a, b) => ((a.charCodeAt(0) * 37) % 29) - ((b.charCodeAt(0) * 37) % 29));
    const permuted = (line: string) => line.replace(/[a-z]/g, (letter) => keys[LETTERS.indexOf(letter)]!);
    expect(standing(task, permuted)).toBe('chance');
  });

  it('is chance when nothing is read, or the text of another sample', () => {
    expect(standing(task, () => '')).toBe('chance');
    expect(standing(task, (_, at) => LINES[(at + 9) % LINES.length]!)).toBe('chance');
  });

  it('is chance on eight samples, too, where not one is right and nearly every symbol wrong; the likely cause is named', () => {
    const eight = LINES.slice(0, 8);
    expect(standing(task, (line) => shifted(line, 7), eight)).toBe('chance');
    expect(standing(task, (line) => `${line.slice(0, -1)}!`, eight)).toBe('above');
    expect(standing(task, (line) => shifted(line, 7), LINES.slice(0, 2))).toBe('untold');
    expect(assess(task, (line) => shifted(line, 7), eight).suspects).toMatch(
      task === 'text-recognition'
        ? /^`keys` \(is it the key file of this model/
        : /^`tokenizer` \(is it the vocabulary/,
    );
  });

  it('is above chance when a model reads, well or with one letter in three wrong', () => {
    expect(standing(task, (line) => line)).toBe('above');
    const rough = (line: string) =>
      line.replace(/[a-z]/g, (letter, at: number) => (at % 3 === 0 ? 'q' : letter));
    expect(standing(task, rough)).toBe('above');
  });
});

it('a key file with another number of symbols is an error with both numbers', () => {
  const output = floats([1, 2, 40], new Array(80).fill(0));
  const sample = { id: 's', feeds: {}, label: null, annotation: { kind: 'text' as const, text: 'a' } };
  expect(() => recognitionSkill(KEYS).keep(sample, output, {})).toThrow(
    /has 40 classes, but `keys` 26 lines/,
  );
});

describe('a language model whose perplexity is worse than that of guessing', () => {
  const assess = (tokens: number) => {
    const test = languageModelSkill();
    const ids = Array.from({ length: tokens + 1 }, (_, at) => at % 10);
    const scores = ids.flatMap((id) => Array.from({ length: 10 }, (_, token) => (token === id ? 3 : 0)));
    const feeds = { input_ids: integers([1, ids.length], ids) };
    const row = test.keep({ id: 's', feeds, label: null }, floats([1, ids.length, 10], scores), {});
    return test.assess([row]);
  };

  it('is at chance', () => {
    const skill = assess(80)!;
    expect(standingOf(skill)).toBe('chance');
    expect(skill.value).toBeGreaterThan(10);
  });

  it('is told, but fails nothing, with less than 50 tokens', () => {
    expect(standingOf(assess(49)!)).toBe('untold');
    expect(standingOf(assess(50)!)).toBe('chance');
  });
});
