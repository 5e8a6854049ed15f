/** Which configuration prepares which model input, settled once before any sample is read. */
import type { DataConfig, InputConfig } from '../../config/config.js';
import { DEFAULT_INPUT } from '../../config/defaults.js';
import { UserError } from '../../errors.js';
import { isNumericType, type NumericType } from '../../tensor/elements.js';
import type { ValueMeta } from '../../tensor/value-meta.js';

/** A model input and how its values are prepared. */
export interface Binding {
  input: string;
  type: NumericType;
  /** null: the model doesn't say (an empty shape says as little), or a scalar. */
  shape: readonly (number | string)[] | null;
  /** Name of the array, column or file in the data. */
  from: string;
  config: InputConfig;
  /** A sample of one is taken though the model's batch is fixed: several will be stacked. */
  takesSingles?: boolean;
}

/** One binding per model input, in the model's order. Throws UserError for names the model doesn't have and inputs that can't be fed. */
export function bindInputs(data: DataConfig, inputs: readonly ValueMeta[]): Binding[] {
  const names = inputs.map((input) => input.name);
  for (const key of Object.keys(data.inputs)) {
    if (key === '' && inputs.length !== 1) {
      throw new UserError(
        `${data.path}: 'input' prepares the only input of a model, but this model has ${names.length}: ${quoted(names)}. ` +
          "Use 'inputs' with one entry per name.",
      );
    }
    if (key !== '' && !names.includes(key)) {
      throw new UserError(
        `${data.path}: preprocessing is given for input '${key}', but the model's inputs are ${quoted(names)}.`,
      );
    }
  }
  return inputs.map((input) => {
    if (input.type === null || !isNumericType(input.type)) {
      throw new UserError(
        `${data.path}: the model's input '${input.name}' takes ${input.type ?? 'no tensor'}; quantgate feeds numeric tensors only.`,
      );
    }
    const config = data.inputs[input.name] ?? data.inputs[''] ?? DEFAULT_INPUT;
    return {
      input: input.name,
      type: input.type,
      shape: input.shape?.length ? input.shape : null,
      from: config.from ?? input.name,
      config,
    };
  });
}

/** The single binding of formats that feed one input. */
export function onlyBinding(bindings: readonly Binding[], path: string, format: string): Binding {
  const [binding, ...others] = bindings;
  if (!binding || others.length > 0) {
    throw new UserError(
      `${path}: ${format} feeds one input, but the model has ${bindings.length}: ` +
        `${quoted(bindings.map(({ input }) => input))}. Use npz or jsonl, with one array per input.`,
    );
  }
  return binding;
}

/** Names for an error text. */
export function quoted(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.map((name) => `'${name}'`).join(', ');
}
