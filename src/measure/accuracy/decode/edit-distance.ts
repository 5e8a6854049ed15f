/** Edit distance between sequences of words or characters, and the error rates made of it. */
import { distance } from 'fastest-levenshtein';

/** Symbols are mapped to the code units of a string. What only the other sequence holds equals nothing, so that one code does for all of it. */
const UNSEEN = 0xffff;

/**
 * Levenshtein's distance: fewest insertions, deletions and substitutions that make `one` into `other`, whatever the symbols are (Myers'
 * bit-parallel algorithm, J. ACM 46, 1999).
 */
export function editDistance<Item>(one: readonly Item[], other: readonly Item[]): number {
  const codes = new Map<Item, number>();
  for (const symbol of one) if (!codes.has(symbol)) codes.set(symbol, codes.size);
  if (codes.size > UNSEEN) throw new RangeError(`more than ${UNSEEN} different symbols`);
  const coded = (symbols: readonly Item[]) => {
    const units = Uint16Array.from(symbols, (symbol) => codes.get(symbol) ?? UNSEEN);
    return Buffer.from(units.buffer).toString('utf16le');
  };
  return distance(coded(one), coded(other));
}

/** Edits, and the length of what should have been said. */
export type EditCounts = readonly [edits: number, length: number];

/** Between white space, as word error rates count them. */
export function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

/** Code points without the white space around them, as character error rates count them. */
function charactersOf(text: string): string[] {
  return Array.from(text.trim());
}

/** Word errors of one transcript. The corpus' rate is Σ edits ÷ Σ length. */
export function wordEdits(reference: string, hypothesis: string): EditCounts {
  const words = wordsOf(reference);
  return [editDistance(words, wordsOf(hypothesis)), words.length];
}

/** Character errors of one transcript. The corpus' rate is Σ edits ÷ Σ length. */
export function characterEdits(reference: string, hypothesis: string): EditCounts {
  const characters = charactersOf(reference);
  return [editDistance(characters, charactersOf(hypothesis)), characters.length];
}
