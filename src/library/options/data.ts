/** Samples that a call is given: the keys of `data:` and of its sources in quantgate.yml as one object, laid over what a config says. */

import type { DataFormat } from '../../config/choices.js';
import type { ModelConfig } from '../../config/config.js';
import type { AudioConfig, DataConfig, InputConfig, TextConfig } from '../../config/data-config.js';
import { DEFAULT_INPUT, dataOfModel } from '../../config/defaults.js';
import type { RawInput } from '../../config/raw.js';
import { guessFormat, listsClasses, namesClasses } from '../../data/format.js';
import { namesLabels } from '../../data/options-read.js';
import { assertKnown } from './config-keys.js';
import { OptionError } from './option-error.js';
import { readOptions } from './read-options.js';

/** Preprocessing of a model's input: the keys of `input:` in quantgate.yml. */
export type InputOptions = RawInput;

/** Samples, and how they become the model's inputs: the keys of `data:` and of its sources in quantgate.yml, in camelCase. Paths are relative to
 *  the working directory. */
export interface DataOptions {
  /** File or folder; needed unless a config names the data. */
  path?: string | undefined;
  /** Default: guessed from the path. */
  format?: DataFormat | undefined;
  /** At most this many samples. */
  limit?: number | undefined;
  /** Of the fixed shuffle; default 0. */
  seed?: number | undefined;
  /** Name of the array or column with the labels. */
  labels?: string | undefined;
  /** Folder of the images that the data name. */
  images?: string | undefined;
  /** Folder of PNG files with one class index per pixel. */
  masks?: string | undefined;
  /** Value of a mask's pixels without a class. */
  ignore?: number | undefined;
  /** How names of classes become indices. */
  classOrder?: 'index' | 'name' | 'number' | undefined;
  /** Names of the model's classes, in their order. */
  classNames?: readonly string[] | undefined;
  /** Preprocessing of the model's only input, or of all. */
  input?: InputOptions | undefined;
  /** Preprocessing by the name of the model's input. */
  inputs?: Readonly<Record<string, InputOptions>> | undefined;
  /** A tokenizer.json, for texts. */
  tokenizer?: string | undefined;
  /** Tokens of a text at most. */
  maxLength?: number | undefined;
  /** Column of the text, or the two of a pair. */
  text?: string | readonly string[] | undefined;
  /** Of one set of samples so many calibrate, and the others evaluate: `quantize` takes the first, `evaluate` the others. */
  split?: { calibration: number } | undefined;
  /** How recordings become the model's input. */
  audio?: { features?: NonNullable<AudioConfig['features']>; samplingRate?: number } | undefined;
}

/** Keys that stand under a source in the configuration; the others are the data's. */
const SOURCE_KEYS = [
  'path',
  'format',
  'limit',
  'seed',
  'labels',
  'images',
  'masks',
  'ignore',
  'classOrder',
] as const satisfies (keyof DataOptions)[];
const PREPARATION_KEYS = [
  'input',
  'inputs',
  'tokenizer',
  'maxLength',
  'text',
  'audio',
  'classNames',
  'split',
] as const satisfies (keyof DataOptions)[];

/** Keys of which a part that is given leaves the rest as the config has it. */
const MERGED: ReadonlySet<string> = new Set(['inputs', 'text', 'audio']);

export interface DataRequest {
  /** Name of the call's option that holds the data: errors name its parts, and of data that are split it says which side. */
  option: 'data' | 'calibration';
  /** The config's data in this place; null: it names none, or there is no config. */
  own: DataConfig | null;
  /** Data that are read the same way where `given` names others: the config's of either side. */
  like: DataConfig | null;
  /** The model that they are for. */
  model: Pick<ModelConfig, 'path' | 'task' | 'labelOffset'>;
}

/** What is given, over what the config says; null: neither names data. @throws UserError, also for preparations of no data. */
export async function readData(
  given: string | DataOptions | undefined,
  request: DataRequest,
): Promise<DataConfig | null> {
  const { own, like, model } = request;
  if (given === undefined) return own && dataOfModel(own, model);
  const options = defined(typeof given === 'string' ? { path: given } : given);
  assertKnown(options, [...SOURCE_KEYS, ...PREPARATION_KEYS], `${request.option}.`);
  const parsed = await parse(options, request);
  const base = options.path === undefined ? own! : await alike(parsed, like);
  const kept = Object.keys(options).filter((key) => key in parsed && !MERGED.has(key));
  const changes = Object.fromEntries(kept.map((key) => [key, parsed[key as keyof DataConfig]]));
  const data: DataConfig = {
    ...base,
    ...changes,
    inputs: inputsOf(base.inputs, parsed.inputs, options),
    ...(options.audio === undefined ? {} : { audio: audioOf(base.audio, parsed.audio!) }),
  };
  const text = textOf(base.text ?? null, parsed.text ?? null, options);
  return dataOfModel(text ? { ...data, text } : data, model);
}

/** As a config would hold them that says nothing else. */
async function parse(options: DataOptions, { option, own, like, model }: DataRequest): Promise<DataConfig> {
  const path = options.path ?? own?.path;
  if (path === undefined) {
    const [first = 'path'] = Object.keys(options).map((key) =>
      key === 'input' ? `input.${Object.keys(options.input ?? {})[0]}` : key,
    );
    throw new OptionError(
      'usage.needs-data',
      (name) =>
        `${name(`${option}.${first}`)} is about samples, but there are none: give ${name(`${option}.path`)} with it.`,
    );
  }
  const pick = (keys: readonly (keyof DataOptions)[]) =>
    Object.fromEntries(keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
  const needsTokenizer = options.maxLength !== undefined || options.text !== undefined;
  const known = needsTokenizer ? (like?.text?.tokenizer ?? own?.text?.tokenizer) : undefined;
  if (options.maxLength !== undefined && (options.tokenizer ?? known) === undefined)
    throw new OptionError(
      'usage.needs-tokenizer',
      (name) =>
        `${name(`${option}.maxLength`)} cuts texts that a tokenizer reads: give ${name(`${option}.tokenizer`)} with it.`,
    );
  const config = await readOptions(
    {
      path: model.path,
      data: {
        ...(known === undefined ? {} : { tokenizer: known }),
        ...pick(PREPARATION_KEYS),
        evaluation: { ...pick(SOURCE_KEYS), path },
      },
    },
    {
      places: [
        ['models[0].data.evaluation', option],
        ['models[0].data', option],
      ],
    },
  );
  const { evaluation, calibration } = config.models[0]!.data;
  if (option === 'data' || calibration === null) return evaluation!;
  return { ...calibration, limit: options.limit ?? null };
}

/** Data elsewhere, read the way the config's are. What their format doesn't read is left out. */
async function alike(data: DataConfig, like: DataConfig | null): Promise<DataConfig> {
  if (like === null) return data;
  const format = await guessFormat(data.path);
  return {
    ...data,
    inputs: like.inputs,
    ...(like.text ? { text: like.text } : {}),
    ...(like.audio && (format === 'speech' || like.text) ? { audio: like.audio } : {}),
    classNames: like.text || listsClasses(format) ? like.classNames : null,
    labels: namesLabels(format) ? like.labels : null,
    classOrder: namesClasses(format) ? like.classOrder : null,
  };
}

/** A tokenizer replaces the config's; the other options change what is there. */
function textOf(
  base: TextConfig | null,
  parsed: TextConfig | null,
  { tokenizer, maxLength, text }: DataOptions,
): TextConfig | null {
  if (tokenizer === undefined && maxLength === undefined && text === undefined) return base ?? parsed;
  const start = tokenizer === undefined ? (base ?? parsed) : parsed;
  return (
    start && {
      ...start,
      maxLength: maxLength ?? base?.maxLength ?? null,
      columns: text === undefined ? (base?.columns ?? null) : (parsed?.columns ?? null),
    }
  );
}

function audioOf(base: AudioConfig | null | undefined, own: AudioConfig): AudioConfig {
  return {
    features: own.features ?? base?.features ?? null,
    samplingRate: own.samplingRate ?? base?.samplingRate ?? null,
  };
}

/** Every input prepared as `input` says, or each as `inputs` does; what they don't say stays. */
function inputsOf(
  base: DataConfig['inputs'],
  parsed: DataConfig['inputs'],
  { input, inputs }: DataOptions,
): DataConfig['inputs'] {
  if (input !== undefined) {
    const known = Object.keys(base).length === 0 ? { '': DEFAULT_INPUT } : base;
    return Object.fromEntries(
      Object.entries(known).map(([name, config]) => [name, merged(config, parsed['']!)]),
    );
  }
  if (inputs === undefined) return base;
  const changed = Object.entries(parsed).map(([name, own]) => [
    name,
    merged(base[name] ?? base[''] ?? DEFAULT_INPUT, own),
  ]);
  return { ...base, ...Object.fromEntries(changed) };
}

/** A size that is given replaces the config's ways to a size. */
function merged(config: InputConfig, own: InputConfig): InputConfig {
  const kept = { ...config };
  if (own.letterbox !== null) Object.assign(kept, { resize: null, crop: null, pad: null });
  if (own.resize !== null || own.crop !== null) kept.letterbox = null;
  if (own.preset !== null) kept.preprocessor = null;
  if (own.preprocessor !== null) kept.preset = null;
  const said = Object.entries(own).filter(([, value]) => value !== null);
  return { ...kept, ...Object.fromEntries(said) };
}

function defined(options: DataOptions): DataOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
