/** Texts with their labels, before they are tokenized. */
import type { Label } from '../samples/source.js';
import type { TextInput } from './encoding.js';

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
}
