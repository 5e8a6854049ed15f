/** Which outputs hold a score per class. */
import type { ValueMeta } from '../../tensor/value-meta.js';

/** Scores per class, whatever axes of 1 lie around them; null: not known, or no such output. */
export function classesOf(output: ValueMeta | undefined): number | null {
  const sizes = (output?.shape ?? []).slice(1).filter((size) => size !== 1);
  return sizes.length === 1 && typeof sizes[0] === 'number' ? sizes[0] : null;
}
