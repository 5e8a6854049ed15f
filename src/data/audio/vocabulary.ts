/** Symbols that a recognizer's classes stand for, by index. */
import { UserError } from '../../errors.js';
import { shownPath } from '../../system/files/shown-path.js';
import { readJson, readText } from '../../system/files/text-file.js';

/** Far more than any model has: an id beyond is damage. */
const MOST_TOKENS = 2 ** 22;

/**
 * From a `tokenizer.json` (with its added tokens), a `vocab.json` (token → id), or lines of `token id` or `token`. Throws UserError.
 */
export async function readVocabulary(path: string): Promise<string[]> {
  const entries = path.toLowerCase().endsWith('.json')
    ? fromJson(await readJson(path), path)
    : fromLines(await readText(path));
  const tokens: string[] = [];
  for (const [token, id] of entries) tokens[id] = token;
  const missing = Array.from(tokens, (token) => token === undefined).indexOf(true);
  if (tokens.length === 0 || missing >= 0)
    throw new UserError(
      'data.tokenizer-file',
      `The vocabulary ${shownPath(path)} names no token ${Math.max(0, missing)}.`,
    );
  return tokens;
}

interface TokenizerFile {
  model?: { vocab?: unknown };
  added_tokens?: unknown;
}

function fromJson(parsed: unknown, path: string): [string, number][] {
  const file = parsed as TokenizerFile | null;
  const isTokenizer = typeof file?.model === 'object' && file.model !== null;
  const vocab = isTokenizer ? file.model!.vocab : parsed;
  // Unigram lists [token, score] in the order of ids.
  const own: unknown[][] = Array.isArray(vocab)
    ? vocab.map((entry: unknown, id) => [Array.isArray(entry) ? (entry[0] as unknown) : entry, id])
    : Object.entries(vocab ?? {});
  const listed = isTokenizer && Array.isArray(file.added_tokens) ? (file.added_tokens as unknown[]) : [];
  const added = listed.map((entry) => {
    const { content, id } = (entry ?? {}) as { content?: unknown; id?: unknown };
    return [content, id];
  });
  const entries = [...own, ...added];
  const odd = entries.find(([token, id]) => typeof token !== 'string' || !isTokenId(id));
  if (odd === undefined && entries.length > 0) return entries as [string, number][];
  const found = odd === undefined ? 'holds no tokens' : `holds ${JSON.stringify(odd)}`;
  throw new UserError(
    'data.tokenizer-file',
    `The vocabulary ${shownPath(path)} ${found}: expected { "TOKEN": ID, … }, or a tokenizer.json. Correct \`tokenizer\`.`,
  );
}

function isTokenId(id: unknown): boolean {
  return Number.isInteger(id) && (id as number) >= 0 && (id as number) < MOST_TOKENS;
}

function fromLines(text: string): [string, number][] {
  const lines = text.split(/\r?\n/).filter((line, at, all) => line !== '' || at < all.length - 1);
  const numbered = lines.every((line) => /\s\d{1,7}$/.test(line));
  return lines.map((line, at) =>
    numbered ? [line.replace(/\s+\d+$/, ''), Number(/\d+$/.exec(line)![0])] : [line, at],
  );
}
