/** Documents for a language model: windows of as many tokens as it takes, each half context, so that every token but the first has some. */
import { UserError } from '../../errors.js';
import { sha256 } from '../samples/byte-range.js';
import type { Source } from '../samples/source.js';
import { fixedLength, idsBinding, tokenValues } from './token-feeds.js';
import {
  assertRoom,
  assertVocabulary,
  oddities,
  PLAIN,
  smallest,
  type TokenSourceOptions,
} from './token-source.js';
import type { TokenRow } from './tokenizer/encoding.js';
import { tokenize } from './tokenizer/tokenize.js';

interface Window {
  id: string;
  /** What it reads; of a document in several windows from about where its own tokens begin, after an ellipsis. */
  text: string;
  row: TokenRow;
  /** Of the row: first token that the window before does not have. */
  from: number;
  bytes: number;
}

/**
 * One sample per window. All documents are tokenized when they are opened: only then is it known how many there are. A document's bytes are shared out by
 * tokens, so that their sum is right. Throws UserError.
 */
export async function windowSource({ data, bindings, rows }: TokenSourceOptions): Promise<Source> {
  const { tokenizer, tokenizerConfig, maxLength } = data.text;
  const length = fixedLength(bindings, data.path);
  const texts = Array.from({ length: rows.length }, (_, index) => rows.input(index));
  if (texts.some((text) => 'words' in text || text.length > 1))
    throw new UserError(
      'data.text-columns',
      `${data.path}: a language model reads texts one by one, not in pairs or words. Name the column: \`text: NAME\`.`,
    );
  const { facts, encodings, options } = await tokenize({
    tokenizer,
    tokenizerConfig,
    texts,
    options(known) {
      const longest = smallest(maxLength, length, known.maxLength);
      return { ...PLAIN, maxLength: longest, beyond: 'windows', overlap: Math.floor((longest ?? 0) / 2) };
    },
  });
  assertRoom({ facts, tokenizer, options });
  assertVocabulary(encodings, idsBinding(bindings, data.path), tokenizer);
  const windows = encodings.flatMap((encoding, index) =>
    windowsOf(encoding.rows, { id: rows.id(index), text: (texts[index] as [string])[0], facts }),
  );
  return {
    description: rows.description,
    length: windows.length,
    labelled: false,
    classes: null,
    warnings: oddities(encodings, { facts, tokenizer, options }),
    id: (index) => windows[index]!.id,
    text: (index) => windows[index]!.text,
    hash: async (index) => sha256(new Uint8Array(windows[index]!.row.ids.buffer)),
    async read(index) {
      const { row, from, bytes } = windows[index]!;
      const layout = { facts, length };
      const padding = facts.padSide === 'left' && length !== null ? length - row.ids.length : 0;
      return {
        values: tokenValues({ rows: [row], cut: 0 }, bindings, layout),
        label: null,
        annotation: { kind: 'window', from: padding + from, to: padding + row.ids.length, bytes },
      };
    },
  };
}

/**
 * What the tokenizer puts before a text is context at the beginning of every window and never scored; what it puts behind, the end of the text, belongs to the
 * last window alone, so that it is read and scored once per document.
 */
function windowsOf(
  rows: readonly TokenRow[],
  { id, text, facts }: { id: string; text: string; facts: { added: number; before: number } },
): Window[] {
  const ends = rows.map(({ first, ids }) => first + ids.length - facts.added);
  const bytesPerToken = Buffer.byteLength(text) / Math.max(1, ends.at(-1)!);
  const behind = facts.added - facts.before;
  return rows.map((row, at) => {
    const known = at === 0 ? 0 : ends[at - 1]!;
    return {
      id: rows.length === 1 ? id : `${id}, window ${at + 1}`,
      text: at === 0 ? text : `…${text.slice(Math.round((text.length * known) / Math.max(1, ends.at(-1)!)))}`,
      row: at === rows.length - 1 ? row : withoutLast(row, behind),
      // Of the first window the first token has nothing before it, unless the tokenizer puts something there.
      from: at === 0 ? Math.max(1, facts.before) : facts.before + known - row.first,
      bytes: (ends[at]! - known) * bytesPerToken,
    };
  });
}

function withoutLast(row: TokenRow, count: number): TokenRow {
  const end = row.ids.length - count;
  return { ...row, ids: row.ids.slice(0, end), typeIds: row.typeIds.slice(0, end) };
}
