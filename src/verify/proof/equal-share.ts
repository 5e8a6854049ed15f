/** How many whole numbers and truth values of two files' outputs are the same: where no output is floating-point, there is no SQNR. */
import { isFloatType } from '../../tensor/elements.js';
import type { Feeds, Tensor } from '../../tensor/tensor.js';

/** Share of all elements of outputs that are not floating-point, 0 to 1; an output that is missing or of another shape equals nothing.
 *  null: there are none. */
export function equalShare(expected: readonly Feeds[], actual: readonly Feeds[]): number | null {
  let [equal, all] = [0, 0];
  for (const [index, sample] of expected.entries()) {
    for (const [name, tensor] of Object.entries(sample)) {
      if (isFloatType(tensor.type)) continue;
      all += tensor.data.length;
      equal += equalElements(tensor, actual[index]?.[name]);
    }
  }
  return all === 0 ? null : equal / all;
}

function equalElements(expected: Tensor, actual: Tensor | undefined): number {
  if (actual === undefined || actual.type !== expected.type || actual.dims.join() !== expected.dims.join())
    return 0;
  let equal = 0;
  for (let i = 0; i < expected.data.length; i++) if (expected.data[i] === actual.data[i]) equal++;
  return equal;
}
