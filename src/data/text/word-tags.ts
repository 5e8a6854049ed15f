/** Words with a tag each: CoNLL's columns, or jsonl with a list of words and one of tags. */
import { basename } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { readText } from '../../system/files/text-file.js';
import { quoted } from '../samples/binding.js';
import { classNames, orderIsAGuess } from '../samples/model-classes.js';
import type { TableRow } from './table.js';
import type { TextRows } from './text-rows.js';

export interface TaggedWords {
  place: string;
  words: readonly string[];
  /** Names, or indices into the model's classes; null: none is given. */
  tags: readonly (string | number)[] | null;
}

/**
 * One word per line, its tag in the last column, an empty line after each sentence. Lines that begin with `#` (and no tag) and `-DOCSTART-` are left out.
 */
export async function conllRows(data: DataConfig): Promise<TextRows> {
  const { path } = data;
  const sentences: TaggedWords[] = [];
  let words: string[] = [];
  let tags: string[] = [];
  let first = 0;
  const finish = () => {
    if (words.length > 0) sentences.push({ place: `${basename(path)}:${first}`, words, tags });
    [words, tags] = [[], []];
  };
  for (const [index, line] of (await readText(path)).split(/\r?\n/).entries()) {
    if (line.trim() === '') finish();
    if (line.trim() === '' || line.startsWith('-DOCSTART-') || /^#\s/.test(line)) continue;
    const columns = line.includes('\t') ? line.trim().split('\t') : line.trim().split(/\s+/);
    if (columns.length < 2) {
      throw new UserError(
        'data.record',
        `${basename(path)}:${index + 1} has one column; CoNLL has a word and its tag on each line, and an empty line after each sentence.`,
      );
    }
    if (words.length === 0) first = index + 1;
    words.push(columns[0]!);
    tags.push(columns.at(-1)!);
  }
  finish();
  return await tagRows(sentences, { data, description: `conll ${path}` });
}

const WORDS = ['tokens', 'words'];
const TAGS = ['tags', 'ner_tags', 'pos_tags', 'labels'];

/** Whether a table's rows are lists of words. */
export function holdsWords({ values }: TableRow): boolean {
  return WORDS.some((name) => Array.isArray(values[name]));
}

/** Throws UserError for lists of different lengths. */
export function taggedRow({ place, values }: TableRow): TaggedWords {
  const words = values[WORDS.find((name) => Array.isArray(values[name])) ?? 'tokens'];
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string'))
    throw new UserError(
      'data.record',
      `${place} has no list of words; it holds ${quoted(Object.keys(values))}.`,
    );
  const tags = TAGS.map((name) => values[name]).find(Array.isArray) as (string | number)[] | undefined;
  if (tags !== undefined && tags.length !== words.length)
    throw new UserError('data.counts-differ', `${place} has ${words.length} words, but ${tags.length} tags.`);
  return { place, words, tags: tags ?? null };
}

/** Index that marks words without a tag, as PyTorch's cross-entropy has it. */
const IGNORED = -100;

export async function tagRows(
  sentences: readonly TaggedWords[],
  { data, description }: { data: DataConfig; description: string },
): Promise<TextRows> {
  const known = await classNames(data);
  const spelled = new Set(
    sentences.flatMap(({ tags }) => tags?.filter((tag) => typeof tag === 'string') ?? []),
  );
  const names = known?.names ?? [...spelled].sort();
  const named = sentences.map((sentence) => ({
    ...sentence,
    tags: sentence.tags?.map((tag) => nameOf(tag, sentence)) ?? null,
  }));
  const unknown = [...spelled].filter((tag) => known !== null && !names.includes(tag));
  if (unknown.length > 0) {
    throw new UserError(
      'data.unknown-class',
      `${description} has the tags ${quoted(unknown)}, but the model's are ${quoted(names)} (${known!.from}). Give them in the model's order: \`class-names: [O, B-PER, …]\`.`,
    );
  }

  function nameOf(tag: string | number, { place }: TaggedWords): string | null {
    if (typeof tag === 'string') return tag;
    if (tag === IGNORED) return null;
    const name = names[tag];
    if (known !== null && name !== undefined) return name;
    throw new UserError(
      'data.unknown-class',
      `${place} has tag ${tag}, and ${known === null ? 'nothing names the classes' : `the model has ${names.length} classes (${known.from})`}. Give their names in the model's order: \`class-names: [O, B-PER, …]\`.`,
    );
  }

  return {
    description,
    length: sentences.length,
    labelled: sentences.every(({ tags }) => tags !== null),
    classes: null,
    classNames: names,
    labelWarnings: known === null ? [orderIsAGuess(names.length, 'tags')] : [],
    id: (index) => sentences[index]!.place,
    input: (index) => ({ words: sentences[index]!.words }),
    label: () => null,
    annotation(index, { rows, spread }) {
      const { tags } = named[index]!;
      const words = Int32Array.from(rows[0]!.words!, (word) =>
        word >= 0 && tags?.[word] === null ? -1 : word,
      );
      return { kind: 'tags', tags: tags?.map((tag) => tag ?? 'O') ?? [], words: spread(words, 1) };
    },
  };
}
