/** Samples that a model itself can't take: what ONNX Runtime says of them, in the words of the data. */
import { UserError } from '../../errors.js';
import { isIntegerType, isNumericType, numbersOf } from '../../tensor/elements.js';
import type { Feeds } from '../../tensor/tensor.js';
import { outOfTable } from './table-indices.js';
import { tokenRoles } from './token-inputs.js';

/** What it says of values and shapes that a model can't take. */
const REFUSED = /out of (data )?bounds|out of range|Got invalid dimensions/i;
/** Gather's words; the first is the index, the second the last row. */
const OUT_OF_TABLE = /out of data bounds, idx=(-?\d+) must be within the inclusive range \[-?\d+,(-?\d+)\]/;

/** Whether the sample is at fault, not the machine. */
export function refusesSample(said: string): boolean {
  return REFUSED.test(said);
}

/**
 * An index that the model looks up in a table and that one of its inputs holds is told as such; else ONNX Runtime's words follow.
 * @param place names the sample, or the data that hold it. @param feeds what the model was fed: of several samples any may be at fault.
 */
export function refusal(
  said: string,
  { place, feeds }: { place: string; feeds: readonly Feeds[] },
): UserError {
  const found = OUT_OF_TABLE.exec(said);
  if (found === null)
    return new UserError('data.refused-by-model', `${place}: the model doesn't run on it: ${said}`);
  const [index, rows] = [Number(found[1]), Number(found[2]) + 1];
  const integers = feeds.flatMap((one) =>
    Object.entries(one).filter(([, { type }]) => isNumericType(type) && isIntegerType(type)),
  );
  const holder = integers.find(([, tensor]) => Array.from(numbersOf(tensor)).includes(index));
  if (holder) {
    const inputs = Object.entries(feeds[0]!).map(([name, { type }]) => ({ name, type }));
    return outOfTable(index, { place, input: holder[0], rows, role: tokenRoles(inputs).get(holder[0]) });
  }
  const held = [...new Set(integers.filter(([, { data }]) => data.length > 0).map(([name]) => name))].map(
    (name) => {
      const values = integers.flatMap(([other, tensor]) =>
        other === name ? Array.from(numbersOf(tensor)) : [],
      );
      return `'${name}' holds ${extreme(values, Math.min)} to ${extreme(values, Math.max)}`;
    },
  );
  return new UserError(
    'data.ids-out-of-range',
    `${place}: the model computes row ${index} of its inputs, but the table that it looks it up in has ${rows} rows, 0 to ${rows - 1}. ${sentence(held)}Are these ids of another vocabulary, or more tokens than the model has positions?`,
  );
}

function extreme(values: readonly number[], of: (a: number, b: number) => number): number {
  return values.reduce((found, value) => of(found, value));
}

function sentence(parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${parts.join(', ')}. `;
}
