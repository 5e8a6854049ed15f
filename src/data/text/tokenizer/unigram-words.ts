/** Words of Unigram models, looked up once each. */

/** Words that are remembered, and up to which length. */
const REMEMBERED = { words: 20_000, length: 64 };

/** The character that words begin with, where the tokenizer splits its texts there (Metaspace); null: it doesn't. */
export function wordMark(preTokenizer: unknown): string | null {
  const own = preTokenizer as (MetaspacePart & { pretokenizers?: MetaspacePart[] }) | null;
  const metaspace = [own, ...(own?.pretokenizers ?? [])].find((part) => part?.type === 'Metaspace');
  return metaspace && metaspace.split !== false ? (metaspace.replacement ?? '▁') : null;
}

interface MetaspacePart {
  type?: string;
  replacement?: string;
  split?: boolean;
}

/**
 * A Unigram model looks for the best path through every text anew, and the library hands it texts whole that are to be split at `mark`. Words come again, and
 * their tokens depend on nothing else.
 */
export function rememberWords(
  model: { tokenize?(word: string): string[] } | null,
  mark: string | null,
): void {
  if (!model?.tokenize) return;
  const tokenize = model.tokenize.bind(model);
  const known = new Map<string, string[]>();
  const tokensOf = (word: string) => {
    const found = known.get(word);
    if (found) return found;
    const tokens = tokenize(word);
    if (word.length <= REMEMBERED.length && known.size < REMEMBERED.words) known.set(word, tokens);
    return tokens;
  };
  model.tokenize = (text) => (mark === null ? tokensOf(text) : wordsFrom(text, mark).flatMap(tokensOf));
}

/** Each with the mark that it begins with. */
function wordsFrom(text: string, mark: string): string[] {
  return text.split(mark).flatMap((word, at) => (at > 0 ? `${mark}${word}` : word === '' ? [] : word));
}
