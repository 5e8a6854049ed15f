/** Samples from one stored array per model input, with an optional array of labels (npz, npy, idx). */
import { UserError } from '../../../errors.js';
import { elementCount } from '../../../tensor/dims.js';
import { fromBytes, isIntegerType, numbersOf } from '../../../tensor/elements.js';
import { type Binding, isDerivable, quoted } from '../../samples/binding.js';
import { sha256 } from '../../samples/byte-range.js';
import type { Label, RawSample, RawValue, Source } from '../../samples/source.js';
import { type StoredArray, sliceTensor } from './stored-array.js';

export interface ArraySourceOptions {
  description: string;
  /** Path for errors. */
  path: string;
  bindings: readonly Binding[];
  /** By model input. */
  inputs: ReadonlyMap<string, StoredArray>;
  labels: StoredArray | null;
}

/** Throws UserError when the arrays differ in their number of samples. Integer labels are class indices and are read at once. */
export async function arraySource(options: ArraySourceOptions): Promise<Source> {
  const { description, path, inputs, labels } = options;
  const bindings = options.bindings.filter(({ input }) => inputs.has(input));
  const counts = bindings.map(({ input, from }) => ({ name: from, count: inputs.get(input)!.dims[0]! }));
  if (labels) counts.push({ name: 'labels', count: labels.dims[0]! });
  const length = counts[0]!.count;
  if (counts.some(({ count }) => count !== length)) {
    throw new UserError(
      'data.counts-differ',
      `${path}: the arrays must hold as many samples as each other along their first axis, but ` +
        `${counts.map(({ name, count }) => `'${name}' holds ${count}`).join(', ')}.`,
    );
  }
  const classLabels = labels ? await classIndices(labels) : null;

  async function slices(index: number): Promise<Uint8Array[]> {
    return Promise.all(bindings.map(({ input }) => inputs.get(input)!.slice(index)));
  }

  async function label(index: number): Promise<Label> {
    if (classLabels) return classLabels[index]!;
    return labels ? sliceTensor(labels, await labels.slice(index)) : null;
  }

  return {
    description,
    length,
    labelled: labels !== null,
    classes: classLabels ? classLabels.reduce((max, value) => Math.max(max, value), -1) + 1 : null,
    classOf: (index) => classLabels?.[index] ?? null,
    id: (index) => `${bindings[0]!.from}[${index}]`,
    hash: async (index) => sha256(...(await slices(index))),
    async read(index): Promise<RawSample> {
      const parts = await slices(index);
      const values: Record<string, RawValue> = {};
      bindings.forEach(({ input }, at) => {
        values[input] = { kind: 'array', tensor: sliceTensor(inputs.get(input)!, parts[at]!) };
      });
      return { values, label: await label(index) };
    },
  };
}

/** [n] or [n, 1] of an integer type: one class index per sample; null for targets of another form. */
async function classIndices(labels: StoredArray): Promise<Float64Array | null> {
  if (!isIntegerType(labels.type) || elementCount(labels.dims.slice(1)) !== 1) return null;
  const data = fromBytes(labels.type, await labels.whole());
  return Float64Array.from(numbersOf({ type: labels.type, dims: labels.dims, data }));
}

/**
 * The arrays the bindings ask for. A model with one input takes the only array beside the labels, whatever its name. Throws
 * UserError that lists what there is.
 */
export function chooseArrays<T>(
  bindings: readonly Binding[],
  available: ReadonlyMap<string, T>,
  { path, labels }: { path: string; labels: string | null },
): Map<string, T> {
  const others = [...available.keys()].filter((name) => name !== (labels ?? DEFAULT_LABELS));
  const chosen = new Map<string, T>();
  for (const binding of bindings) {
    const { input, from, config } = binding;
    const only = bindings.length === 1 && others.length === 1 && config.from === null ? others[0]! : null;
    const array = available.get(from) ?? (only === null ? undefined : available.get(only));
    if (array === undefined && isDerivable(binding, bindings)) continue;
    if (array === undefined) {
      throw new UserError(
        'data.no-column',
        `${path} has no array '${from}' for the model's input '${input}'; it holds ${quoted([...available.keys()])}. ` +
          (config.from === null
            ? `Map one of them: \`inputs: { ${input}: { from: ${others[0] ?? 'NAME'} } }\`.`
            : 'Correct `from`.'),
      );
    }
    chosen.set(input, array);
  }
  return chosen;
}

/** The labels array: missing is fine under its default name, not under one that was asked for. */
export function chooseLabels<T>(
  labels: string | null,
  available: ReadonlyMap<string, T>,
  path: string,
): T | null {
  const array = available.get(labels ?? DEFAULT_LABELS);
  if (array === undefined && labels !== null && labels !== DEFAULT_LABELS) {
    throw new UserError(
      'data.no-column',
      `${path} has no labels '${labels}'; it holds ${quoted([...available.keys()])}.`,
    );
  }
  return array ?? null;
}

export const DEFAULT_LABELS = 'labels';
