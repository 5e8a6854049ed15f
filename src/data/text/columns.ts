/** Which columns of a table hold texts and labels. */
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { quoted } from '../samples/binding.js';
import type { TableRow } from './table.js';
import type { TextInput } from './tokenizer/encoding.js';

/** Names understood without configuration, pairs first: a table of pairs may hold a column `text` of something else. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['sentence1', 'sentence2'],
  ['premise', 'hypothesis'],
  ['question1', 'question2'],
  ['text1', 'text2'],
  ['text_a', 'text_b'],
  ['text', 'text_pair'],
  ['query', 'passage'],
  ['query', 'document'],
  ['query', 'positive'],
  ['anchor', 'positive'],
  ['question', 'sentence'],
  ['question', 'context'],
];
const SINGLE = ['text', 'sentence', 'content', 'review', 'utterance', 'question', 'query', 'document'];
const LABELS = ['labels', 'label', 'class', 'target', 'score', 'similarity_score'];

/** Columns with the text, or with the two of a pair. Throws UserError that lists what there is. */
export function textColumns({ path, text }: DataConfig, first: TableRow): readonly [string, string?] {
  const names = Object.keys(first.values);
  const has = (name: string) => names.includes(name);
  const asked = text?.columns;
  if (asked) {
    const missing = asked.filter((name) => !has(name));
    if (missing.length > 0)
      throw new UserError(
        'data.no-column',
        `${path} has no column ${quoted(missing)}; it has ${quoted(names)}. Correct \`text\`.`,
      );
    if (asked.length > 2)
      throw new UserError(
        'data.text-columns',
        `${path}: \`text\` names ${asked.length} columns; a model takes one text or a pair.`,
      );
    return asked as unknown as readonly [string, string?];
  }
  const pair = PAIRS.find((both) => both.every(has));
  if (pair) return pair;
  const single = SINGLE.find(has);
  if (single !== undefined) return [single];
  throw new UserError(
    'data.text-columns',
    `${path} has no column that is known to hold text; it has ${quoted(names)}. Name it: \`text: ${names[0] ?? 'NAME'}\`.`,
  );
}

/** The row's text or pair. Throws UserError where there is none. */
export function rowText({ place, values }: TableRow, columns: readonly [string, string?]): TextInput {
  const texts = columns.map((column) => {
    const value = values[column!];
    if (typeof value === 'string') return value;
    throw new UserError(
      'data.no-column',
      `${place} has no text '${column}'; it holds ${quoted(Object.keys(values))}.`,
    );
  });
  return texts as unknown as TextInput;
}

/** Column with the labels; null: there is none. Throws UserError for one that was asked for and isn't there. */
export function labelColumnName({ path, labels }: DataConfig, first: TableRow): string | null {
  const names = Object.keys(first.values);
  const found = (labels === null ? LABELS : [labels]).find((name) => names.includes(name));
  if (found === undefined && labels !== null && !LABELS.includes(labels))
    throw new UserError(
      'data.no-column',
      `${path} has no column '${labels}'; it has ${quoted(names)}. Correct \`labels\`.`,
    );
  return found ?? null;
}
