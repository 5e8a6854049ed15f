/** A small tokenizer that many tests of texts use: WordPiece, as BERT has it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Path of its tokenizer.json. */
export const TOKENIZER = join(import.meta.dirname, 'fixtures', 'word-piece', 'tokenizer.json');

/** Its tokens and their ids. */
export function vocabulary(): Record<string, number> {
  return (JSON.parse(readFileSync(TOKENIZER, 'utf8')) as { model: { vocab: Record<string, number> } }).model
    .vocab;
}
