/** A `tokenizer.json` at work, in the thread that tokenizes: pieces of text become rows of ids. */
import { Tokenizer } from '@huggingface/tokenizers';
import type { EncodeOptions, Encoding, TextInput, TokenizerFacts, TokenRow } from './encoding.js';
import { type TokenSurfaces, tokenOffsets } from './offsets.js';
import { longestFirst, windowsOf } from './truncate.js';
import { rememberWords, wordMark } from './unigram-words.js';

/** What is used of the library: its own types don't resolve under Node's rules for modules. */
interface TokenizerLibrary {
  encode(
    text: string,
    options: { add_special_tokens: boolean },
  ): { ids: (number | undefined)[]; tokens: string[] };
  token_to_id(token: string): number | undefined;
  /** `tokenize`: a Unigram model's, of one word by itself. */
  model: { unk_token?: string; tokenize?(word: string): string[] } | null;
  normalizer: { normalize(text: string): string } | null;
  post_processor: {
    post_process(
      tokens: string[],
      pair: string[] | null,
      specialTokens: boolean,
    ): { tokens?: string[]; token_type_ids?: number[] };
  } | null;
}

/** The parts of a tokenizer's files that are read here; what the library reads is its own affair. */
export interface TokenizerFile {
  truncation?: { max_length?: number } | null;
  padding?: { pad_id?: number; direction?: string } | null;
  added_tokens?: { id: number; content: string }[];
  pre_tokenizer?: unknown;
  post_processor?: { type?: string } | null;
  model: {
    type?: string;
    continuing_subword_prefix?: string;
    end_of_word_suffix?: string;
    byte_fallback?: boolean;
  };
}

export interface TokenizerConfigFile {
  model_max_length?: number;
  padding_side?: string;
  pad_token?: string | { content?: string } | null;
  [key: string]: unknown;
}

/** Tokenizers without a limit say so by a huge number. */
const NO_LIMIT = 1e6;
/** Stand for the texts where the tokenizer lays out its special tokens. */
const [FIRST, SECOND] = ['\u0000first', '\u0000second'];

type Part = { kind: 'special'; id: number; type: number } | { kind: 'first' | 'second'; type: number };

interface Piece {
  ids: number[];
  tokens: string[];
  /** Per token, of words that were split already. */
  words?: number[];
}

/** Throws what the library throws on files that it can't read. */
export class TokenizerModel {
  readonly #tokenizer: TokenizerLibrary;
  readonly #file: TokenizerFile;
  readonly #layouts: { single: Part[]; pair: Part[] };
  readonly facts: TokenizerFacts;

  constructor(file: TokenizerFile, config: TokenizerConfigFile) {
    const whole = {
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: null,
    };
    this.#file = { ...whole, ...file };
    this.#tokenizer = new Tokenizer(this.#file, config) as unknown as TokenizerLibrary;
    if (this.#file.model.type === 'Unigram')
      rememberWords(this.#tokenizer.model, wordMark(this.#file.pre_tokenizer));
    this.#layouts = { single: this.#layout(false), pair: this.#layout(true) };
    this.facts = this.#factsOf(config);
  }

  encode(input: TextInput, options: EncodeOptions): Encoding {
    const pieces =
      'words' in input ? [this.#wordPieces(input.words)] : input.map((text) => this.#piece(text));
    const layout = this.#layouts[pieces.length === 1 ? 'single' : 'pair'].filter(
      ({ kind }) => kind !== 'special' || options.specialTokens,
    );
    const lengths = pieces.map(({ ids }) => ids.length) as [number, number?];
    const room =
      (options.maxLength ?? Number.POSITIVE_INFINITY) -
      layout.filter(({ kind }) => kind === 'special').length;
    const { kept, windows } = layRows(lengths, Math.max(0, room), options);
    const last = pieces.at(-1)!;
    const offsets =
      options.offsets && !('words' in input)
        ? tokenOffsets(input.at(-1)!, last.tokens, this.#surfaces())
        : null;
    const rows = windows.map(([start, end]) => {
      const parts = pieces.map((piece, at) =>
        at === pieces.length - 1 ? { piece, start, end } : { piece, start: 0, end: kept },
      );
      return rowOf(layout, parts, offsets);
    });
    const shown = options.beyond === 'windows' ? lengths.at(-1)! : windows[0]![1];
    const all = lengths.reduce<number>((sum, length) => sum + length!, 0);
    return { rows, cut: all - shown - (pieces.length === 2 ? kept : 0) };
  }

  #piece(text: string): Piece {
    const { ids, tokens } = this.#tokenizer.encode(text, { add_special_tokens: false });
    // A vocabulary without an unknown token has no id for what it doesn't know: that is dropped.
    const known = ids.map((id) => id !== undefined && id !== null);
    return {
      ids: ids.filter((_, at) => known[at]) as number[],
      tokens: tokens.filter((_, at) => known[at]),
    };
  }

  #wordPieces(words: readonly string[]): Piece {
    const piece = { ids: [] as number[], tokens: [] as string[], words: [] as number[] };
    words.forEach((word, index) => {
      // Byte-level vocabularies know a word by the space before it.
      const { ids, tokens } = this.#piece(index > 0 && this.#spaceBelongsToWord() ? ` ${word}` : word);
      piece.ids.push(...ids);
      piece.tokens.push(...tokens);
      piece.words.push(...ids.map(() => index));
    });
    return piece;
  }

  #spaceBelongsToWord(): boolean {
    const text = JSON.stringify(this.#file.pre_tokenizer ?? null);
    return text.includes('"ByteLevel"') && !text.includes('"add_prefix_space":true');
  }

  /** Where the special tokens go, told by the tokenizer's own post-processor. */
  #layout(pair: boolean): Part[] {
    const { post_processor: processor } = this.#tokenizer;
    const plain = pair ? [FIRST!, SECOND!] : [FIRST!];
    const laid = processor?.post_process([FIRST!], pair ? [SECOND!] : null, true);
    const types = laid?.token_type_ids;
    // Some processors say nothing about a second text: it follows the first.
    const tokens = plain.every((one) => laid?.tokens?.includes(one)) ? laid!.tokens! : plain;
    // RoBERTa has one type only, whatever its processor says here.
    const oneType = JSON.stringify(this.#file.post_processor ?? null).includes('"RobertaProcessing"');
    return tokens.map((token, at): Part => {
      const type = oneType
        ? 0
        : ((tokens === laid?.tokens ? types?.[at] : undefined) ?? (token === SECOND ? 1 : 0));
      if (token === FIRST) return { kind: 'first', type };
      if (token === SECOND) return { kind: 'second', type };
      const id = this.#tokenizer.token_to_id(token);
      if (id === undefined) throw new Error(`the special token ${token} is not in the vocabulary`);
      return { kind: 'special', id, type };
    });
  }

  #factsOf(config: TokenizerConfigFile): TokenizerFacts {
    const { truncation, padding } = this.#file;
    const limit = truncation?.max_length ?? config.model_max_length;
    const content = typeof config.pad_token === 'object' ? config.pad_token?.content : config.pad_token;
    const padId = [content, '[PAD]', '<pad>'].flatMap((token) =>
      token ? (this.#tokenizer.token_to_id(token) ?? []) : [],
    );
    const side = config.padding_side ?? padding?.direction ?? 'right';
    const added = this.#layouts.single.filter(({ kind }) => kind === 'special').length;
    const boundaries = ['[CLS]', '[SEP]', '<s>', '</s>'];
    return {
      padId: padding?.pad_id ?? padId[0] ?? 0,
      padSide: side.toLowerCase() === 'left' ? 'left' : 'right',
      maxLength: typeof limit === 'number' && limit > 0 && limit < NO_LIMIT ? limit : null,
      added,
      before: this.#layouts.single.findIndex(({ kind }) => kind === 'first'),
      notAdded:
        added > 0 ? [] : boundaries.filter((token) => this.#tokenizer.token_to_id(token) !== undefined),
    };
  }

  #surfaces(): TokenSurfaces {
    const { model, pre_tokenizer } = this.#file;
    const unknown = this.#tokenizer.model?.unk_token;
    const byteLevel = JSON.stringify(pre_tokenizer ?? null).includes('"ByteLevel"');
    const prefix = model.continuing_subword_prefix ?? (model.type === 'WordPiece' ? '##' : '');
    const suffix = model.end_of_word_suffix ?? '';
    const { normalizer } = this.#tokenizer;
    return {
      normalize: (text) => (normalizer === null ? text : normalizer.normalize(text)),
      surface: (token) => {
        if (token === unknown) return null;
        if (byteLevel) return byteLevelBytes(token);
        const byte = model.byte_fallback ? /^<0x([0-9A-F]{2})>$/.exec(token) : null;
        if (byte) return Uint8Array.of(Number.parseInt(byte[1]!, 16));
        let text = prefix !== '' && token.startsWith(prefix) ? token.slice(prefix.length) : token;
        if (suffix !== '' && text.endsWith(suffix)) text = text.slice(0, -suffix.length);
        return new TextEncoder().encode(text.replaceAll('▁', ' '));
      },
    };
  }
}

/** Tokens kept of the first of two texts, and the windows of the last text. */
function layRows(
  [first, second]: [number, number?],
  room: number,
  { beyond, overlap }: EncodeOptions,
): { kept: number; windows: [number, number][] } {
  if (beyond === 'cut') {
    if (second === undefined) return { kept: 0, windows: [[0, Math.min(first, room)]] };
    const [one, other] = longestFirst(first, second, room);
    return { kept: one, windows: [[0, other]] };
  }
  if (second === undefined) return { kept: 0, windows: windowsWithin(first, room, overlap) };
  // A question that leaves its document no room to advance is cut to half.
  const kept = room - first > Math.min(overlap, second) ? first : Math.min(first, Math.floor(room / 2));
  return { kept, windows: windowsWithin(second, room - kept, overlap) };
}

function windowsWithin(length: number, size: number, overlap: number): [number, number][] {
  if (size < 1) return [[0, 0]];
  return windowsOf(length, size, Math.min(overlap, size - 1));
}

interface PiecePart {
  piece: Piece;
  start: number;
  end: number;
}

function rowOf(layout: readonly Part[], pieces: readonly PiecePart[], offsets: Int32Array | null): TokenRow {
  const ids: number[] = [];
  const types: number[] = [];
  const words: number[] = [];
  const places: number[] = [];
  for (const part of layout) {
    if (part.kind === 'special') {
      ids.push(part.id);
      types.push(part.type);
      words.push(-1);
      places.push(-1, -1);
      continue;
    }
    const { piece, start, end } = pieces[part.kind === 'first' ? 0 : 1]!;
    const located = piece === pieces.at(-1)!.piece ? offsets : null;
    for (let at = start; at < end; at++) {
      ids.push(piece.ids[at]!);
      types.push(part.type);
      words.push(piece.words?.[at] ?? -1);
      places.push(located?.[at * 2] ?? -1, located?.[at * 2 + 1] ?? -1);
    }
  }
  return {
    ids: Int32Array.from(ids),
    typeIds: Uint8Array.from(types),
    ...(pieces[0]!.piece.words ? { words: Int32Array.from(words) } : {}),
    ...(offsets ? { offsets: Int32Array.from(places) } : {}),
    first: pieces.at(-1)!.start,
  };
}

/** GPT-2's table: printable bytes stand for themselves, the others for the characters from 256 up (Radford et al. 2019, `bytes_to_unicode`). */
const BYTE_OF_CHARACTER = (() => {
  const table = new Map<number, number>();
  const printable = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 256;
  for (let byte = 0; byte < 256; byte++) table.set(printable(byte) ? byte : next++, byte);
  return table;
})();

function byteLevelBytes(token: string): Uint8Array {
  const bytes = Array.from(token, (character) => BYTE_OF_CHARACTER.get(character.codePointAt(0)!));
  // An added token stands for itself.
  return bytes.some((byte) => byte === undefined)
    ? new TextEncoder().encode(token)
    : Uint8Array.from(bytes as number[]);
}
