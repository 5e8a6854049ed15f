/** Which configuration prepares which model input, settled once before any sample is read. */
import type { DataConfig, InputConfig } from '../../config/data-config.js';
import { DEFAULT_INPUT } from '../../config/defaults.js';
import { UserError } from '../../errors.js';
import { isNumericType, type NumericType } from '../../tensor/elements.js';
import type { TableLookup, ValueMeta } from '../../tensor/value-meta.js';
import { type Following, followingInputs } from './following-inputs.js';
import { followsFromTokens, type TokenRole, tokenRoles } from './token-inputs.js';

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
  /** What the input holds of tokens, by its name; absent: nothing. */
  role?: TokenRole;
  /** Where the values follow from what another input is fed with; absent: they don't. */
  follows?: Following;
  /** The tables that the input's values are looked up in; absent: they aren't known. */
  lookups?: readonly TableLookup[];
}

/** One binding per model input, in the model's order. Throws UserError for names the model doesn't have and inputs that can't be fed. */
export function bindInputs(data: DataConfig, inputs: readonly ValueMeta[]): Binding[] {
  const names = inputs.map((input) => input.name);
  const following = followingInputs(inputs);
  const roles = tokenRoles(ownInputs(inputs));
  const sole = soleInput(inputs);
  for (const key of Object.keys(data.inputs)) {
    if (key === '' && sole === null) {
      throw new UserError(
        'data.binding',
        `${data.path}: 'input' prepares the only input of a model, but this model has ${names.length}: ${quoted(names)}. ` +
          "Use 'inputs' with one entry per name.",
      );
    }
    if (key !== '' && !names.includes(key)) {
      throw new UserError(
        'data.binding',
        `${data.path}: preprocessing is given for input '${key}', but the model's inputs are ${quoted(names)}.`,
      );
    }
  }
  if (inputs.length === 0)
    throw new UserError(
      'model.no-inputs',
      `${data.path}: the model has no inputs, so it takes nothing of these data.`,
    );
  return inputs.map((input) => {
    if ((input.type as string | null) === 'bfloat16') {
      throw new UserError(
        'model.element-type',
        `${data.path}: the model's input '${input.name}' takes bfloat16, which ONNX Runtime's binding for JavaScript can't hand over: export the ` +
          'model with float32 or float16 inputs (its weights may stay bfloat16).',
      );
    }
    if (input.type === null || !isNumericType(input.type)) {
      throw new UserError(
        'model.input-not-tensor',
        `${data.path}: the model's input '${input.name}' takes ${input.type ?? 'no tensor'}; quantgate feeds numeric tensors only.`,
      );
    }
    // Own keys only: an input may be named `constructor`.
    const named = Object.hasOwn(data.inputs, input.name) ? data.inputs[input.name] : undefined;
    const config = named ?? (input.name === sole ? data.inputs[''] : undefined) ?? DEFAULT_INPUT;
    const role = roles.get(input.name);
    const follows = following.get(input.name);
    return {
      input: input.name,
      type: input.type,
      shape: input.shape?.length ? input.shape : null,
      from: config.from ?? input.name,
      config,
      ...(role === undefined ? {} : { role }),
      ...(follows === undefined ? {} : { follows }),
      ...(input.lookups === undefined ? {} : { lookups: input.lookups }),
    };
  });
}

type KnownInput = Pick<ValueMeta, 'name' | 'type' | 'shape'>;

/** The inputs whose values don't follow from another's. */
export function ownInputs<Input extends KnownInput>(inputs: readonly Input[]): Input[] {
  const following = followingInputs(inputs);
  return inputs.filter(({ name }) => !following.has(name));
}

/** Name of the only one of them, which `input` prepares; null: there are several. */
export function soleInput(inputs: readonly KnownInput[]): string | null {
  const own = ownInputs(inputs);
  return own.length === 1 ? own[0]!.name : null;
}

/** Whether the data need not hold this input: it follows from the tokens, the image or the recording that another one holds. */
export function isDerivable({ role, follows, config }: Binding, bindings: readonly Binding[]): boolean {
  if (config.from !== null) return false;
  return follows !== undefined || (followsFromTokens(role) && bindings.some((other) => other.role === 'ids'));
}

/** Text where the model takes token ids. */
export function textWithoutTokenizer(place: string, column: string): UserError {
  return new UserError(
    'data.needs-tokenizer',
    `${place}: '${column}' holds text, and the model takes token ids. Name the model's tokenizer: \`data: { tokenizer: tokenizer.json }\` (--tokenizer on the command line).`,
  );
}

/** Recordings where the data are read as images or arrays. */
export function recordingWithoutVocabulary(place: string): UserError {
  return new UserError(
    'data.needs-tokenizer',
    `${place} is a recording. Recordings are read with task speech-recognition and the recognizer's vocabulary: \`data: { path: TABLE, tokenizer: vocab.json, images: FOLDER }\` ` +
      '(or tokenizer.json, tokens.txt), where `images` is the folder that holds the recordings; without labels `format: speech` does.',
  );
}

/** The single binding of formats that feed one input. */
export function onlyBinding(bindings: readonly Binding[], path: string, format: string): Binding {
  const [binding, ...others] = bindings.filter((one) => !isDerivable(one, bindings));
  if (!binding || others.length > 0) {
    throw new UserError(
      'data.binding',
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
