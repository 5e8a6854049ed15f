import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readVocabulary } from '../../../src/data/audio/vocabulary.js';
import { temporaryFolder } from '../samples.js';

const folder = temporaryFolder();

function vocabulary(name: string, content: string): Promise<string[]> {
  const path = join(folder, name);
  writeFileSync(path, content);
  return readVocabulary(path);
}

describe('the vocabulary of a recognizer', () => {
  it.each([
    ['vocab.json', '{"<pad>": 0, "|": 1, "A": 2}'],
    ['vocab.json', '\uFEFF{"<pad>": 0, "|": 1, "A": 2}'],
    ['vocab.json', '["<pad>", "|", "A"]'],
    [
      'tokenizer.json',
      '{"model": {"vocab": {"|": 1, "A": 2}}, "added_tokens": [{"content": "<pad>", "id": 0}]}',
    ],
    ['tokenizer.json', '{"model": {"vocab": [["<pad>", 0], ["|", -1.5], ["A", -2]]}, "added_tokens": null}'],
    ['tokens.txt', '<pad> 0\n| 1\nA 2\n'],
    ['tokens.txt', '<pad>\r\n|\r\nA\r\n'],
  ])('is read from %s: %s', async (name, content) => {
    expect(await vocabulary(name, content)).toEqual(['<pad>', '|', 'A']);
  });

  it.each([
    ['null', /holds no tokens/],
    ['{"model": {"vocab": null}}', /holds no tokens/],
    ['{"a": "x"}', /holds \["a","x"\]: expected { "TOKEN": ID/],
    ['{"a": 0, "b": 4000000000}', /holds \["b",4000000000\]/],
    ['{"a": 0, "b": 2}', /names no token 1/],
    ['{"model": {"vocab": {"a": 0}}, "added_tokens": [null]}', /Correct `tokenizer`/],
    ['{', /can't be read as JSON/],
  ])('is refused when it is %s', async (content, message) => {
    await expect(vocabulary('vocab.json', content)).rejects.toThrow(message);
  });
});
