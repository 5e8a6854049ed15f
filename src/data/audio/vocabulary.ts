/** Symbols that a recognizer's classes stand for, by index. */
import { readFile } from 'node:fs/promises';
import { messageOf, UserError } from '../../errors.js';
import { shownPath } from '../../system/shown-path.js';

type Entries = Record<string, number> | [string, number][];

/**
 * From a `tokenizer.json` (with its added tokens), a `vocab.json` (token → id), or lines of `token id` or `token`. Throws UserError.
 */
export async function readVocabulary(path: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError(
      `The vocabulary ${shownPath(path)} can't be read: ${messageOf(error)}. Correct \`tokenizer\`.`,
    );
  }
  const tokens: string[] = [];
  for (const [token, id] of path.toLowerCase().endsWith('.json') ? fromJson(text, path) : fromLines(text))
    tokens[id] = token;
  const missing = Array.from(tokens, (token) => token === undefined).indexOf(true);
  if (tokens.length === 0 || missing >= 0)
    throw new UserError(`The vocabulary ${shownPath(path)} names no token ${Math.max(0, missing)}.`);
  return tokens;
}

function fromJson(text: string, path: string): [string, number][] {
  let parsed: { model?: { vocab?: Entries }; added_tokens?: { content: string; id: number }[] } & Record<
    string,
    unknown
  >;
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch (error) {
    throw new UserError(`The vocabulary ${shownPath(path)} is not JSON: ${messageOf(error)}.`);
  }
  if (parsed?.model?.vocab === undefined) return Object.entries(parsed as Record<string, number>);
  const { vocab } = parsed.model;
  // Unigram lists [token, score] in the order of ids.
  const own = Array.isArray(vocab)
    ? vocab.map(([token], id): [string, number] => [token, id])
    : Object.entries(vocab);
  const added = (parsed.added_tokens ?? []).map(({ content, id }): [string, number] => [content, id]);
  return [...own, ...added];
}

function fromLines(text: string): [string, number][] {
  const lines = text.split(/\r?\n/).filter((line, at, all) => line !== '' || at < all.length - 1);
  const numbered = lines.every((line) => /\s\d+$/.test(line));
  return lines.map((line, at) =>
    numbered ? [line.replace(/\s+\d+$/, ''), Number(/\d+$/.exec(line)![0])] : [line, at],
  );
}
