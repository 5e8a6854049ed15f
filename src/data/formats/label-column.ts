/** Labels given as text or JSON values, one per sample: what they mean is decided by all of them together. */

import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type ClassOrder, classIndices } from '../samples/class-order.js';
import type { Label } from '../samples/source.js';
import { numberedClasses } from './class-indices.js';

export interface LabelColumn {
  labelled: boolean;
  classes: number | null;
  /** By name, of labels that are names. */
  indices?: ReadonlyMap<string, number>;
  label(index: number): Label;
}

/** The same of data whose labels' order somebody may have told, with what is to be said of it. */
export interface NumberedLabels extends LabelColumn {
  labelWarnings: readonly string[];
}

/** Nothing, numbers or text: what can be settled before the samples are read. */
export type ScalarLabel = number | string | null;

/**
 * Integers are class indices; numbers of which any isn't an integer are targets; text (any at all) names classes, counted in
 * the names' order (code units) unless `order` says otherwise, which makes numbers names too. Samples without a label make the whole
 * set unlabelled. Throws UserError for names that are no indices where `order` asks for them.
 */
export function labelColumn(labels: readonly ScalarLabel[], order: ClassOrder | null = null): LabelColumn {
  if (labels.length === 0 || labels.some((label) => label === null)) {
    return { labelled: false, classes: null, label: () => null };
  }
  if (order !== null || labels.some((label) => typeof label === 'string')) {
    const names = [...new Set(labels.map(String))];
    const indices = classIndices(names, order ?? 'name');
    if (indices === null) {
      throw new UserError(
        'data.unknown-class',
        `class-order index: the label '${names.find((name) => !/^\d+$/.test(name))}' is no class index.`,
      );
    }
    const classes = [...indices.values()].reduce((most, index) => Math.max(most, index), -1) + 1;
    return { labelled: true, classes, indices, label: (index) => indices.get(String(labels[index]))! };
  }
  const numbers = labels as readonly number[];
  if (numbers.every(Number.isInteger)) {
    const classes = numbers.reduce((max, label) => Math.max(max, label), -1) + 1;
    return { labelled: true, classes, label: (index) => numbers[index]! };
  }
  return { labelled: true, classes: null, label: (index) => scalar(numbers[index]!) };
}

/** Labels as a column of the data has them: names in the order of `class-names`, `class-order`, or the model's config.json. Throws UserError. */
export async function numberedLabels(
  labels: readonly ScalarLabel[],
  data: DataConfig,
): Promise<NumberedLabels> {
  const names = labels.some((label) => typeof label === 'string');
  if (!names || data.classOrder !== null || labels.some((label) => label === null)) {
    const column = labelColumn(labels, data.classOrder);
    const known = data.classNames?.map((name, index) => [name, index] as const);
    return { ...column, ...(known ? { indices: new Map(known) } : {}), labelWarnings: [] };
  }
  const found = await numberedClasses([...new Set(labels.map(String))], data, 'labels');
  return {
    labelled: true,
    classes: found.classes,
    indices: found.indices,
    labelWarnings: found.warnings,
    label: (index) => found.indices.get(String(labels[index]))!,
  };
}

function scalar(value: number): Tensor {
  return { type: 'float64', dims: [], data: Float64Array.of(value) };
}

/** The sample's class; null where labels are no classes. */
export function classOfLabel({ classes, label }: LabelColumn, index: number): number | null {
  const own = classes === null ? null : label(index);
  return typeof own === 'number' ? own : null;
}
