import type { ElementType } from './tensor.js';

/** An input or output of a session. Symbolic dimensions are strings; unknown ones are ''. */
export interface ValueMeta {
  name: string;
  /** null: not a tensor (a sequence or a map). */
  type: ElementType | null;
  shape: readonly (number | string)[] | null;
  /** Of an input that holds indices: the tables that they are looked up in. Absent: not known. */
  lookups?: readonly TableLookup[];
}

/** A table that values of an input are looked up in. */
export interface TableLookup {
  rows: number;
  /** Which of the values: each part is taken of what the one before left. None: all of them. */
  parts: readonly Part[];
}

/** Positions along one axis (negative ones count from the end), as a Slice or a Gather of ONNX takes them. */
export type Part =
  | { axis: number; start: number; end: number; step: number }
  | { axis: number; indices: readonly number[] };
