import type { ElementType } from './tensor.js';

/** An input or output of a session. Symbolic dimensions are strings; unknown ones are ''. */
export interface ValueMeta {
  name: string;
  /** null: not a tensor (a sequence or a map). */
  type: ElementType | null;
  shape: readonly (number | string)[] | null;
}
