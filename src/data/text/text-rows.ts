/** Texts with their labels, before they are tokenized. */
import type { Annotation } from '../samples/annotation.js';
import type { Label } from '../samples/source.js';
import type { EncodeOptions, TextInput, TokenRow } from './tokenizer/encoding.js';

export interface TextRows {
  /** Format and path. */
  readonly description: string;
  readonly length: number;
  readonly labelled: boolean;
  readonly classes: number | null;
  readonly classIndices?: ReadonlyMap<string, number>;
  id(index: number): string;
  input(index: number): TextInput;
  label(index: number): Label;
  /** What a sample should come out as where no label can say it, with what its tokens as they are fed tell. */
  annotation?(index: number, tokens: FedTokens): Annotation;
  /** Names of the classes of tags, in the model's order. */
  readonly classNames?: readonly string[];
  /** What the annotations need of the tokenizer, and what becomes of long texts. */
  readonly encode?: (options: EncodeOptions) => Partial<EncodeOptions>;
  readonly warnings?: readonly string[];
  /** What is odd about the labels alone. */
  readonly labelWarnings?: readonly string[];
  /** What these texts lack of the others to be scored with: the documents that answer a query. null: nothing. */
  lacking?(texts: ReadonlySet<number>): string | null;
}

/** Tokens as the model gets them, padding included. */
export interface FedTokens {
  rows: readonly TokenRow[];
  /** Of each row, `per` numbers per position; −1 for padding. */
  spread(values: Int32Array, per: number): Int32Array;
}
