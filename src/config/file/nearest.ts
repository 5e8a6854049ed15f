/** The valid key that a mistyped one most likely meant. */
import { distance } from 'fastest-levenshtein';

/** Edits a typo may take: one, and one more for every four characters. */
const LETTERS_PER_EDIT = 4;

/**
 * The candidate nearest to `key`, or undefined when none is near enough to be worth naming. Case, underscores and
 * camelCase don't count as differences (`maxRatio`, `max_ratio` → `max-ratio`); of several equally near the first wins.
 */
export function nearest(key: string, candidates: readonly string[]): string | undefined {
  const wanted = kebab(key);
  let best: string | undefined;
  let bestDistance = 1 + Math.floor(wanted.length / LETTERS_PER_EDIT);
  for (const candidate of candidates) {
    const d = edits(wanted, kebab(candidate));
    if (d < bestDistance || (d === bestDistance && best === undefined)) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** `; did you mean 'max-ratio'?`, or nothing. */
export function didYouMean(key: string, candidates: readonly string[]): string {
  const candidate = nearest(key, candidates);
  return candidate === undefined ? '' : `; did you mean '${candidate}'?`;
}

/** Levenshtein distance, with letters in the wrong order (`cdua`) as the one slip they are. */
function edits(a: string, b: string): number {
  return Math.min(distance(a, b), letters(a) === letters(b) ? 1 : Number.POSITIVE_INFINITY);
}

function letters(text: string): string {
  return [...text].sort().join('');
}

function kebab(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[_\s]+/g, '-')
    .toLowerCase();
}
