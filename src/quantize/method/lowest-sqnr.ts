/** How closely the outputs of a file follow the original's: the figure by which it is judged. */
import { isFloatType, numbersOf } from '../../tensor/elements.js';
import { SignalAndNoise } from '../../tensor/sqnr.js';
import type { Feeds } from '../../tensor/tensor.js';

/** Stands for no likeness at all: JSON knows no infinity. */
const FOLLOWS_NOTHING_DB = -200;

/** The lowest SQNR of the floating-point outputs over all samples, in dB; null: there are none. An output of another shape, or one with values that
 *  are not finite where the original's are, follows nothing. */
export function lowestSqnr(expected: readonly Feeds[], actual: readonly Feeds[]): number | null {
  const outputs = new Map<string, SignalAndNoise>();
  for (const [index, sample] of expected.entries()) {
    for (const [name, tensor] of Object.entries(sample)) {
      if (!isFloatType(tensor.type)) continue;
      const other = actual[index]![name];
      if (!other || other.dims.join() !== tensor.dims.join()) return FOLLOWS_NOTHING_DB;
      const sums = outputs.get(name) ?? new SignalAndNoise();
      sums.add(numbersOf(tensor), numbersOf(other));
      outputs.set(name, sums);
    }
  }
  // Of an output that is zero in both there is no ratio.
  const figures = [...outputs.values()].flatMap(({ sqnr, noise }) => (noise === 0 && sqnr <= 0 ? [] : sqnr));
  if (figures.length === 0) return null;
  return figures.some(Number.isNaN) ? FOLLOWS_NOTHING_DB : Math.min(...figures);
}
