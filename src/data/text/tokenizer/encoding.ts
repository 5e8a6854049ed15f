/** What tokenizing asks for and gives; it crosses from one thread to another, so that it is plain data. */

/** One text, a pair of texts, or words that are split already. */
export type TextInput = readonly [string] | readonly [string, string] | { words: readonly string[] };

export interface EncodeOptions {
  /** Tokens of one row, special ones included; null: as many as there are. */
  maxLength: number | null;
  /** What becomes of tokens beyond: cut (of a pair, the longer text), or more rows that go on with the last text (the only, or the second one). */
  beyond: 'cut' | 'windows';
  /** Tokens that two windows in succession share. */
  overlap: number;
  specialTokens: boolean;
  /** Where each token of the last text lies in it. Costs time. */
  offsets: boolean;
}

/** One row of tokens. */
export interface TokenRow {
  ids: Int32Array;
  /** 0 for the first text, 1 for the second, as the tokenizer has it. */
  typeIds: Uint8Array;
  /** Of words that were split already: index of each token's word, −1 for special tokens. */
  words?: Int32Array;
  /** Of the last text: start and end of each token in UTF-16 code units, two numbers per token; −1 for the others. */
  offsets?: Int32Array;
  /** Index of the row's first token of the last text among all of that text's tokens. */
  first: number;
}

export interface Encoding {
  rows: TokenRow[];
  /** Tokens left out. */
  cut: number;
}

/** What is known of a tokenizer besides its tokens. */
export interface TokenizerFacts {
  /** Id that rows are filled up with. */
  padId: number;
  padSide: 'left' | 'right';
  /** The tokenizer's own longest row; null: it doesn't say. */
  maxLength: number | null;
  /** Special tokens it adds to one text. */
  added: number;
  /** Those of them that come before it. */
  before: number;
  /** Names of tokens for the beginning or the end of a text that it has but doesn't add. */
  notAdded: string[];
}
