import type { ElementType } from './tensor.js';

/** An input or output of a session. Symbolic dimensions are strings; unknown ones are ''. */
export interface ValueMeta {
  name: string;
  /** null: not a tensor (a sequence or a map). */
  type: ElementType | null;
  shape: readonly (number | string)[] | null;
  /** Of an input that holds indices: rows of the table that they are looked up in. Absent: not known. */
  tableRows?: number;
}
