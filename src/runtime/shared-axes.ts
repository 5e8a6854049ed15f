/** Axes that a model calls by one name, of data in which they are not equally long. */
import { messageOf, UserError } from '../errors.js';
import type { Feeds } from '../tensor/tensor.js';
import type { ValueMeta } from '../tensor/value-meta.js';

/** What ONNX Runtime says then: it lays tensors whose sizes have the same names into the same memory. */
const REUSED = /Shape mismatch attempting to re-use buffer/;

/** The error of a run in the words of the model's inputs, where that is what stopped it; else as it is. */
export function inWordsOfAxes(error: unknown, inputs: readonly ValueMeta[], feeds: Feeds): unknown {
  const said = messageOf(error);
  if (!REUSED.test(said)) return error;
  const axes = differingAxes(inputs, feeds);
  if (axes.length === 0) return error;
  return new UserError(
    'model.shared-axis',
    `The model calls axes by one name that are not equally long in the data (${axes.join('; ')}). ONNX Runtime takes them for equal, and could not run it: ${said}`,
  );
}

function differingAxes(inputs: readonly ValueMeta[], feeds: Feeds): string[] {
  const places = new Map<string, { input: string; size: number }[]>();
  for (const { name: input, shape } of inputs) {
    const dims = feeds[input]?.dims ?? [];
    for (const [axis, name] of (shape ?? []).entries()) {
      const size = dims[axis];
      if (typeof name !== 'string' || name === '' || size === undefined) continue;
      places.set(name, [...(places.get(name) ?? []), { input, size }]);
    }
  }
  return [...places]
    .filter(([, found]) => new Set(found.map(({ size }) => size)).size > 1)
    .map(([name, found]) => `'${name}': ${found.map(({ input, size }) => `${size} in ${input}`).join(', ')}`);
}
