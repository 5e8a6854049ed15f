/** evaluate: accuracy and fidelity of models on data. */
import { resolve } from 'node:path';
import type { EvaluatorConfig, ModelConfig } from '../config/config.js';
import { DEFAULT_JUDGING, defaultModel } from '../config/defaults.js';
import { loadConfig } from '../config/read/load.js';
import { openDataset } from '../data/open.js';
import type { StoredDataset } from '../data/samples/dataset.js';
import { doubtfulOriginals } from '../judge/original.js';
import { availableCores } from '../machine/cores.js';
import { assertLabelled } from '../measure/accuracy/something-to-score.js';
import { evaluateModel } from '../measure/evaluate-model.js';
import { type LayerFidelity, layerFidelity } from '../measure/fidelity/layers.js';
import { readModel } from '../onnx/file/read.js';
import type { Model } from '../onnx/model.js';
import { modelInputs } from '../onnx/query/interface.js';
import type { RunContext } from '../runtime/context.js';
import type { Level } from '../terms/level.js';
import { type Measurement, type Note, ORIGINAL } from '../terms/measurement.js';
import type { Task } from '../terms/metrics.js';
import { doubtOf } from '../terms/original-doubt.js';
import { namedAfter } from './bench.js';
import { CALL_KEYS, type CallOptions, openCall } from './call.js';
import { assertKnown } from './options/config-keys.js';
import { type DataOptions, readData } from './options/data.js';
import { OptionError } from './options/option-error.js';
import { pickModel } from './options/pick-model.js';
import { readOptions } from './options/read-options.js';
import { modelList, subjectNames } from './options/subject-names.js';

/** What the models do: the keys of a model in quantgate.yml, in camelCase. */
export interface TaskOptions {
  /** Default: the config's, else none, where only fidelity is measured. */
  task?: Task | undefined;
  /** Name of the output that is scored; default: the only, or first, tensor output. */
  output?: string | undefined;
  /** Names of outputs by what they hold (`boxes`, `scores`, …). */
  outputs?: Readonly<Record<string, string>> | undefined;
  /** How a detector's or recognizer's outputs are read: `yolov8`, … */
  decoder?: string | undefined;
  /** Path of a file with the symbols of a recognizer's classes, one per line. */
  keys?: string | undefined;
  /** Added to every label to get the index of its class in the output. */
  labelOffset?: number | undefined;
  /** For task custom, which it stands for: a module or a command that scores the models. */
  evaluator?: EvaluatorOptions | undefined;
}

export interface EvaluatorOptions {
  /** Path of an ES module with a function `evaluate` (type Evaluator). */
  module?: string | undefined;
  /** A program and its arguments; `{model}` and `{outputs}` in them are filled in. */
  command?: readonly string[] | undefined;
  /** For all its numbers, or by their names; default true. */
  higherIsBetter?: boolean | Readonly<Record<string, boolean>> | undefined;
  /** Time it may take, with its unit. */
  timeout?: string | undefined;
}

export interface EvaluateOptions extends CallOptions, TaskOptions {
  /** Samples to score: a path, or more about them. Needed unless a config names them. */
  data?: string | DataOptions | undefined;
  /** Execution provider; default cpu. */
  provider?: string | undefined;
  /** Also where the error enters, tensor by tensor. Default false. */
  layers?: boolean | undefined;
  /** Path of a quantgate.yml: what the options above leave open is taken from it. */
  config?: string | undefined;
  /** Name of the model in the config. Default: the one with the first file, or the only one. */
  model?: string | undefined;
}

/** Figures of several models; those of the first are what the others are compared with. */
export interface Evaluated {
  /** Name of the first model. */
  reference: string;
  /** What the data are, in words. */
  data: string;
  samples: number;
  /** `variant` is the model's name. */
  measurements: Measurement[];
  /** By the models' names, without the first; only with `layers`. */
  layers?: Record<string, LayerFidelity[]>;
  /** Why the first model's accuracy shows nothing, no better than chance for one, and what to do; null: it does. The level is the config's `on-chance`. */
  originalInDoubt: { level: Level; message: string; remedy: string | null } | null;
  notes: Note[];
}

const TASK_KEYS = [
  'task',
  'output',
  'outputs',
  'decoder',
  'keys',
  'labelOffset',
  'evaluator',
] as const satisfies (keyof TaskOptions)[];

const KEYS = [...CALL_KEYS, ...TASK_KEYS, 'data', 'provider', 'layers', 'config', 'model'];

/**
 * Scores the ONNX models (paths) on the same samples; the first is the reference. A model that fails gets measurements of status `invalid`.
 *
 * @throws UserError for models, data or options that don't fit; MachineError when the provider can't be opened or the first model crashes;
 * Interrupted.
 */
export async function evaluate(
  models: string | readonly string[],
  options: EvaluateOptions = {},
): Promise<Evaluated> {
  assertKnown(options, KEYS);
  const call = openCall(options);
  const files = modelList(models);
  const [first] = files as [string];
  if (options.config === undefined && options.model !== undefined)
    throw new OptionError(
      'usage.needs-config',
      (option) => `${option('model')} names a model in a config: give ${option('config')} with it.`,
    );
  const documents = files.map((file) => readModel(file));
  const config = options.config === undefined ? null : await loadConfig(options.config);
  const model = await readTask(first, options, config && pickModel(config, options.model, first));
  const dataset = await openData(options, model, documents[0]!);
  if (files.length === 1 && model.task === 'none')
    throw new OptionError(
      'usage.nothing-to-score',
      (option) =>
        `There is nothing to score: name what the model does with ${option('task')}, or a second model to compare with the first.`,
    );
  assertLabelled(model.task, dataset);
  const told = [...dataset.warnings, ...(model.task === 'none' ? [] : dataset.labelWarnings)];
  for (const warning of told) call.log.warn(warning);
  const context = await call.context();
  const threads = options.threads ?? availableCores();
  const names = subjectNames(files);
  const { onChance } = config ?? DEFAULT_JUDGING;
  const evaluated = await evaluateModel({
    model,
    subjects: files.map((file, index) => ({ variant: index === 0 ? ORIGINAL : names[index]!, file })),
    session: { provider: options.provider ?? 'cpu', threads },
    evaluation: dataset,
    calibration: null,
    shapes: config?.benchmark.shapes ?? {},
    confidence: config?.confidence ?? 0.95,
    checks: config?.checks ?? [],
    questionOriginal: onChance !== 'off',
    allowCommands: true,
    directory: config?.directory ?? process.cwd(),
    context,
  });
  const doubts = doubtNotes(evaluated);
  for (const { message } of doubts) call.log.warn(message);
  const layers = options.layers
    ? await layersOf({ documents, names, dataset, context: { ...context, threads } })
    : undefined;
  return {
    reference: names[0]!,
    data: dataset.description,
    samples: dataset.length,
    measurements: namedAfter(names[0]!, evaluated.measurements),
    ...(layers === undefined ? {} : { layers }),
    originalInDoubt: inDoubt(evaluated.measurements, onChance),
    notes: [...evaluated.notes, ...doubts],
  };
}

/** The config's model, or one that is nothing but its file, with what the options say of it. */
async function readTask(
  file: string,
  options: EvaluateOptions,
  known: ModelConfig | null,
): Promise<ModelConfig> {
  const given = Object.fromEntries(
    TASK_KEYS.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
  const model = known ?? defaultModel(file);
  if (Object.keys(given).length === 0) return model;
  const config = await readOptions({ path: resolve(file), ...given }, { places: [['models[0]', '']] });
  const [own] = config.models as [ModelConfig];
  const task = options.task ?? (options.evaluator === undefined ? model.task : 'custom');
  const changes = Object.keys(given).map((key) => [key, own[key as keyof ModelConfig]]);
  return { ...model, ...Object.fromEntries(changes), task, evaluator: evaluatorFor(task, own, model) };
}

/** A config's evaluator scores nothing when another task is asked for. */
function evaluatorFor(task: Task, own: ModelConfig, known: ModelConfig): EvaluatorConfig | null {
  return task === 'custom' ? (own.evaluator ?? known.evaluator) : null;
}

/** @throws UserError where neither options nor config name any. */
async function openData(
  { data }: EvaluateOptions,
  model: ModelConfig,
  document: Model,
): Promise<StoredDataset> {
  const { evaluation } = model.data;
  const config = await readData(data, {
    option: 'data',
    own: evaluation,
    like: evaluation,
    model: { ...model, path: resolve(model.path) },
  });
  if (config === null)
    throw new OptionError(
      'usage.needs-data',
      (option) =>
        `No evaluation data: give ${option('data.path')}, or ${option('config')} with data.evaluation.`,
    );
  return await openDataset(config, modelInputs(document));
}

/** What `run` would fail for. */
function inDoubt(measurements: readonly Measurement[], onChance: Level): Evaluated['originalInDoubt'] {
  const [found] = doubtfulOriginals(measurements, onChance);
  return found ? { level: found.level, message: found.message, remedy: found.remedy } : null;
}

/** No judge reads these measurements: what is found about the original is said here. */
function doubtNotes({
  measurements,
  notes,
}: {
  measurements: Measurement[];
  notes: readonly Note[];
}): Note[] {
  return measurements.flatMap((one) => {
    const doubt = doubtOf(one);
    const message = [doubt?.message, doubt?.remedy].filter((part) => part).join(' ');
    if (doubt === null || notes.some((note) => note.message === message)) return [];
    return [{ level: 'warn', code: 'accuracy.chance', message, model: one.model, variant: ORIGINAL }];
  });
}

interface LayersOf {
  documents: readonly Model[];
  names: readonly string[];
  dataset: StoredDataset;
  context: RunContext;
}

async function layersOf({ documents, names, dataset, context }: LayersOf) {
  const [original, ...variants] = documents as [Model, ...Model[]];
  const layers: Record<string, LayerFidelity[]> = {};
  for (const [index, variant] of variants.entries()) {
    const name = names[index + 1]!;
    context.log.info(`${name}: comparing tensors`);
    layers[name] = await layerFidelity({ original, variant, dataset, context });
  }
  return layers;
}
