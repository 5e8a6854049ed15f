/** Samples that a program hands over as tensors: nothing is read, and nothing is prepared. */

import { UserError } from '../errors.js';
import { elementCount } from '../tensor/dims.js';
import type { Feeds, Tensor } from '../tensor/tensor.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import type { Dataset } from './samples/dataset.js';
import { assertInTable } from './samples/table-indices.js';
import { tokenRoles } from './samples/token-inputs.js';

/** @throws UserError for no samples, and for tensors that the model's inputs don't take. */
export function fedSamples(samples: readonly Feeds[], inputs: readonly ValueMeta[]): Dataset {
  if (samples.length === 0) throw new UserError('data.empty', 'No samples are given.');
  for (const [index, feeds] of samples.entries()) assertFits(feeds, { inputs, place: `Sample ${index}` });
  return {
    description: 'tensors of a script',
    length: samples.length,
    labelled: false,
    classes: null,
    async *samples() {
      for (const [index, feeds] of samples.entries()) yield { id: `sample ${index}`, feeds, label: null };
    },
  };
}

function assertFits(feeds: Feeds, { inputs, place }: { inputs: readonly ValueMeta[]; place: string }): void {
  const names = inputs.map(({ name }) => name);
  const unknown = Object.keys(feeds).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new UserError(
      'data.binding',
      `${place}: the model has no input '${unknown}'; its inputs are ${names.join(', ')}.`,
    );
  const roles = tokenRoles(inputs);
  for (const input of inputs) {
    const tensor = feeds[input.name];
    if (tensor === undefined) throw new UserError('data.binding', `${place} has no tensor '${input.name}'.`);
    assertTensor(tensor, input, `${place}, '${input.name}'`);
    const { name, lookups } = input;
    const role = roles.get(name);
    assertInTable(
      tensor,
      {
        input: name,
        ...(lookups === undefined ? {} : { lookups }),
        ...(role === undefined ? {} : { role }),
      },
      place,
    );
  }
}

function assertTensor({ type, dims, data }: Tensor, input: ValueMeta, place: string): void {
  if (type !== input.type)
    throw new UserError('data.input-type', `${place} is ${type}; the model takes ${input.type}.`);
  const { shape } = input;
  const fits =
    shape === null ||
    (dims.length === shape.length &&
      shape.every((dim, axis) => typeof dim === 'string' || dim === dims[axis]));
  if (!fits)
    throw new UserError(
      'data.input-shape',
      `${place} is [${dims.join(', ')}]; the model takes [${shape!.map((dim) => (dim === '' ? '?' : dim)).join(', ')}].`,
    );
  const length = elementCount(dims);
  if (data.length !== length)
    throw new UserError(
      'data.input-shape',
      `${place} holds ${data.length} values; its dims [${dims.join(', ')}] are ${length}.`,
    );
}
