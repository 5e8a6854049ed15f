/** quantgate eval: accuracy and fidelity of models on data; the first is the reference. */
import { resolve } from 'node:path';
import type { DataConfig, ModelConfig } from '../config/config.js';
import { defaultModel } from '../config/defaults.js';
import { loadConfig } from '../config/load.js';
import { openDataset } from '../data/open.js';
import { EXIT, UserError } from '../errors.js';
import { availableCores } from '../machine/cores.js';
import { evaluateModel } from '../measure/evaluate-model.js';
import { type LayerFidelity, layerFidelity } from '../measure/fidelity/layers.js';
import { modelInputs } from '../onnx/interface.js';
import { readModel } from '../onnx/read.js';
import { type Measurement, type Note, ORIGINAL } from '../terms/measurement.js';
import type { Task } from '../terms/metrics.js';
import { doubtOf } from '../terms/original-doubt.js';
import type { CliContext } from './context.js';
import { givenData, withGivenText } from './given-data.js';
import { type InputOptions, withInputOptions } from './input-options.js';
import { pickModel } from './pick-model.js';
import { subjectNames } from './subject-names.js';
import { comparisonTable } from './tables/comparison-table.js';
import { layersTable } from './tables/layers-table.js';

interface EvalOptions extends InputOptions {
  provider: string;
  data?: string;
  limit?: number;
  task?: Task;
  output?: string;
  decoder?: string;
  keys?: string;
  layers?: boolean;
  tokenizer?: string;
  maxLength?: number;
  config?: string;
  model?: string;
}

export async function evalCommand(
  context: CliContext,
  models: string[],
  options: EvalOptions,
): Promise<number> {
  const [reference] = models;
  if (!options.config && options.model !== undefined)
    throw new UserError('--model names a model in a config: give --config FILE with it.');
  const documents = models.map(readModel);
  const config = options.config ? await loadConfig(options.config) : null;
  const model = modelConfig(reference!, config ? pickModel(config, options.model, reference) : null, options);
  const data = withInputOptions(await evaluationData(model, options), options, '--data');
  if (!data)
    throw new UserError('No evaluation data: give --data PATH, or --config FILE with data.evaluation.');
  if (models.length === 1 && model.task === 'none') {
    throw new UserError(
      'There is nothing to score: name what the model does with --task, or a second model to compare with the first.',
    );
  }
  const dataset = await openDataset(data, modelInputs(documents[0]!));
  for (const warning of dataset.warnings) context.log.warn(warning);
  const run = await context.toRun();
  const session = { provider: options.provider, threads: context.options.threads ?? availableCores() };
  const names = subjectNames(models);
  const evaluated = await evaluateModel({
    model,
    subjects: models.map((file, index) => ({ variant: index === 0 ? ORIGINAL : names[index]!, file })),
    session,
    evaluation: dataset,
    calibration: null,
    shapes: config?.benchmark.shapes ?? {},
    confidence: config?.confidence ?? 0.95,
    checks: config?.checks ?? [],
    allowCommands: true,
    directory: config?.directory ?? process.cwd(),
    context: run,
  });
  const { measurements } = evaluated;
  const notes = [...evaluated.notes, ...doubtNotes(evaluated)];
  for (const { message } of notes.slice(evaluated.notes.length)) context.log.warn(message);
  const named = measurements.map((entry) => ({
    ...entry,
    variant: entry.variant === ORIGINAL ? names[0]! : entry.variant,
  }));
  const layers: Record<string, LayerFidelity[]> = {};
  for (let index = 1; options.layers && index < documents.length; index++) {
    context.log.info(`${names[index]}: comparing tensors`);
    layers[names[index]!] = await layerFidelity({
      original: documents[0]!,
      variant: documents[index]!,
      dataset,
      context: { ...run, threads: session.threads },
    });
  }
  context.print(
    {
      reference: names[0],
      data: dataset.description,
      samples: dataset.length,
      measurements: named,
      layers: options.layers ? layers : undefined,
      notes,
    },
    () =>
      [
        `${dataset.description}: ${dataset.length} samples`,
        comparisonTable(named),
        ...notes.map(({ message }) => message),
        ...Object.entries(layers).flatMap(([variant, entries]) => ['', layersTable(variant, entries)]),
      ].join('\n'),
  );
  return named.some(({ status }) => status === 'invalid') ? EXIT.failedCheck : EXIT.pass;
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

function modelConfig(file: string, fromConfig: ModelConfig | null, options: EvalOptions): ModelConfig {
  const model = fromConfig ?? defaultModel(file);
  return {
    ...model,
    task: options.task ?? model.task,
    decoder: options.decoder ?? model.decoder,
    keys: options.keys === undefined ? model.keys : resolve(options.keys),
    output: options.output || model.output,
  };
}

async function evaluationData(model: ModelConfig, options: EvalOptions): Promise<DataConfig | null> {
  const { evaluation } = model.data;
  const limit = options.limit ? { limit: options.limit } : {};
  const given = options.data
    ? await givenData(options.data, evaluation, limit)
    : evaluation && { ...evaluation, ...limit };
  return withGivenText(given, options, model);
}
