/** Indices that a model looks up in a table: token ids in its vocabulary. */
import { UserError } from '../../errors.js';
import { numbersOf } from '../../tensor/elements.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Binding } from './binding.js';

/** What is counted from 0 by whoever makes it: a negative one is none. */
const NEVER_NEGATIVE: ReadonlySet<Binding['role']> = new Set(['ids', 'types']);

/**
 * An index beyond the model's table would end the run in ONNX Runtime's words, and a negative token would be fed as another one: negative indices count
 * from the end, as ONNX has it, which is how other inputs may mean it. @param sample names the sample in errors (UserError).
 */
export function assertInTable(
  tensor: Tensor,
  { input, tableRows, role }: Pick<Binding, 'input' | 'tableRows' | 'role'>,
  sample: string,
): void {
  if (tableRows === undefined) return;
  const values = numbersOf(tensor);
  const lowest = NEVER_NEGATIVE.has(role) ? 0 : -tableRows;
  for (let at = 0; at < values.length; at++) {
    if (values[at]! >= lowest && values[at]! < tableRows) continue;
    const padding =
      values[at]! < 0 && role === 'ids'
        ? ' Positions without a token (-100) belong into the labels; ids hold the padding token there, and `attention_mask` 0.'
        : '';
    throw new UserError(
      'data.ids-out-of-range',
      `${sample}: '${input}' holds ${values[at]}, but the model's table has rows 0 to ${tableRows - 1} only. Are these ids of another vocabulary?${padding}`,
    );
  }
}
