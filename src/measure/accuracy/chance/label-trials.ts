/** Other labels that the same data may have: shifted by one, counted in another order, turned in sign. */
import { CLASS_ORDERS, classIndices } from '../../../data/samples/class-order.js';
import type { Dataset, Sample } from '../../../data/samples/dataset.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { Task } from '../../../terms/metrics.js';

type Label = Sample['label'];

export interface LabelTrial {
  /** What is different, for a sentence. */
  words: string;
  /** What to write or to do, as the beginning of a sentence. */
  remedy: string;
  relabelled(label: Label): Label;
}

export interface LabelContext {
  task: Task;
  labelOffset: number;
  dataset: Pick<Dataset, 'classes' | 'classIndices'>;
}

/** The trials that fit the task. None costs an inference: the same outputs are scored anew. */
export function labelTrials({ task, labelOffset, dataset }: LabelContext): LabelTrial[] {
  switch (task) {
    case 'classification':
    case 'text-classification':
      if (task === 'text-classification' && dataset.classes === null) return [NEGATED];
      return [
        offsetTrial(1, labelOffset),
        offsetTrial(-1, labelOffset),
        ...orderTrials(dataset.classIndices),
      ];
    case 'segmentation':
      return [maskTrial(1), maskTrial(-1)];
    case 'embedding':
      return dataset.classes === null ? [NEGATED] : [];
    default:
      return [];
  }
}

function offsetTrial(step: number, labelOffset: number): LabelTrial {
  const line = `\`label-offset: ${labelOffset + step}\``;
  return {
    words: line,
    remedy: `Write ${line} (now ${labelOffset})`,
    relabelled(label) {
      const index = indexOf(label);
      return index === null ? label : index + step;
    },
  };
}

function indexOf(label: Label): number | null {
  if (label === null || typeof label === 'number') return label;
  return label.data.length === 1 ? numbersOf(label)[0]! : null;
}

/** The orders that number the classes otherwise than now. */
function orderTrials(current: ReadonlyMap<string, number> | undefined): LabelTrial[] {
  if (current === undefined) return [];
  return CLASS_ORDERS.flatMap((order): LabelTrial[] => {
    const other = classIndices([...current.keys()], order);
    if (other === null || [...current].every(([name, index]) => other.get(name) === index)) return [];
    const renumbered = new Map([...current].map(([name, index]) => [index, other.get(name)!]));
    const line = `\`class-order: ${order}\``;
    return [
      {
        words: line,
        remedy: `Write ${line} beside the data's \`path\``,
        relabelled: (label) => (typeof label === 'number' ? (renumbered.get(label) ?? label) : label),
      },
    ];
  });
}

/** Pixels that are ignored (255, negative) stay so. */
function maskTrial(step: 1 | -1): LabelTrial {
  const words = `the masks' classes one ${step > 0 ? 'higher' : 'lower'}`;
  const shifted = (value: number) => (value < 0 || value === 255 ? value : value + step);
  return {
    words,
    remedy: `Save the masks with every class one ${step > 0 ? 'higher' : 'lower'}`,
    relabelled: (label) => (label === null || typeof label === 'number' ? label : mapped(label, shifted)),
  };
}

/** Distances where similarities are asked for. */
const NEGATED: LabelTrial = {
  words: 'the scores with the other sign',
  remedy: 'Save similarities (higher is nearer) instead of distances',
  relabelled: (label) =>
    label === null ? null : typeof label === 'number' ? -label : mapped(label, (value) => -value),
};

function mapped(tensor: Tensor, value: (value: number) => number): Tensor {
  return { type: 'float64', dims: tensor.dims, data: Float64Array.from(numbersOf(tensor), value) };
}
