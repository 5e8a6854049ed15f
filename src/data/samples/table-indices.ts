/** Indices that a model looks up in a table: token ids in its vocabulary. */
import { UserError } from '../../errors.js';
import { elementCount } from '../../tensor/dims.js';
import { numbersOf } from '../../tensor/elements.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Part } from '../../tensor/value-meta.js';
import type { Binding } from './binding.js';

/** What is counted from 0 by whoever makes it: a negative one is none. */
const NEVER_NEGATIVE: ReadonlySet<Binding['role']> = new Set(['ids', 'types']);

/**
 * An index beyond the model's table would end the run in ONNX Runtime's words, and a negative token would be fed as another one: negative indices count
 * from the end, as ONNX has it, which is how other inputs may mean it. @param sample names the sample in errors (UserError).
 */
export function assertInTable(
  tensor: Tensor,
  { input, lookups = [], role }: Pick<Binding, 'input' | 'lookups' | 'role'>,
  sample: string,
): void {
  if (lookups.length === 0) return;
  const values = numbersOf(tensor);
  for (const { rows, parts } of lookups) {
    const lowest = NEVER_NEGATIVE.has(role) ? 0 : -rows;
    for (const at of placesOf(tensor.dims, parts)) {
      if (values[at]! < lowest || values[at]! >= rows)
        throw outOfTable(values[at]!, { place: sample, input, rows, role });
    }
  }
}

interface Looked {
  /** Names the sample. */
  place: string;
  input: string;
  rows: number;
  role?: Binding['role'];
}

export function outOfTable(value: number, { place, input, rows, role }: Looked): UserError {
  const padding =
    value < 0 && role === 'ids'
      ? ' Positions without a token (-100) belong into the labels; ids hold the padding token there, and `attention_mask` 0.'
      : '';
  const table =
    role === 'ids' ? `the model's vocabulary has ${rows} ids` : `the model's table has ${rows} rows`;
  return new UserError(
    'data.ids-out-of-range',
    `${place}: '${input}' holds ${value}, but ${table}, 0 to ${rows - 1}. Are these ids of another vocabulary?${padding}`,
  );
}

/** Where the values of these parts lie in a tensor of `dims`: everywhere without parts, nowhere for an axis that it doesn't have. */
function* placesOf(dims: readonly number[], parts: readonly Part[]): Generator<number> {
  if (parts.length === 0) {
    for (let at = 0; at < elementCount(dims); at++) yield at;
    return;
  }
  const kept = dims.map((dim) => Array.from({ length: dim }, (_, at) => at));
  for (const part of parts) {
    const axis = part.axis < 0 ? part.axis + dims.length : part.axis;
    if (kept[axis] === undefined) return;
    kept[axis] = taken(kept[axis], part);
  }
  yield* combined(kept, dims, { axis: 0, base: 0 });
}

function* combined(
  kept: readonly (readonly number[])[],
  dims: readonly number[],
  { axis, base }: { axis: number; base: number },
): Generator<number> {
  if (axis === dims.length) yield base;
  else
    for (const at of kept[axis]!)
      yield* combined(kept, dims, { axis: axis + 1, base: base * dims[axis]! + at });
}

/** As ONNX's Slice (starts and ends are clamped) and Gather take positions. */
function taken(positions: readonly number[], part: Part): number[] {
  const size = positions.length;
  const fromEnd = (index: number) => (index < 0 ? index + size : index);
  if ('indices' in part) return part.indices.flatMap((index) => positions[fromEnd(index)] ?? []);
  const { step } = part;
  const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1];
  const clamped = (index: number) => Math.min(highest, Math.max(lowest, fromEnd(index)));
  const [start, end] = [clamped(part.start), clamped(part.end)];
  const found: number[] = [];
  for (let at = start; step > 0 ? at < end : at > end; at += step) found.push(positions[at]!);
  return found;
}
