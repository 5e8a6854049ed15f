/** The models of a run with their data, and what is odd about those, before any time is spent. */
import type { Config, ModelConfig } from '../config/config.js';
import { assertDisjoint } from '../data/disjoint.js';
import { oddData } from '../data/odd-data.js';
import { openCalibration, openDataset } from '../data/open.js';
import type { StoredDataset } from '../data/samples/dataset.js';
import { readModel } from '../onnx/file/read.js';
import type { Model } from '../onnx/model.js';
import { modelInputs } from '../onnx/query/interface.js';
import type { RunContext } from '../runtime/context.js';
import type { Note } from '../terms/measurement.js';
import { assertReady } from './ready.js';

/** A model, read, and its data, opened. */
export interface OpenModel {
  config: ModelConfig;
  document: Model;
  calibration: StoredDataset | null;
  evaluation: StoredDataset | null;
}

/** Models with their data, after the checks that would otherwise stop the run late. Throws UserError. */
export async function openModels(config: Config, { log }: Pick<RunContext, 'log'>): Promise<OpenModel[]> {
  const documents = config.models.map((model) => ({ config: model, document: readModel(model.path) }));
  const models: OpenModel[] = [];
  for (const model of documents) models.push({ ...model, ...(await openData(model)) });
  // Said first: they explain what may be refused next.
  for (const { message } of models.flatMap(dataNotes)) log.warn(message);
  assertReady(models, config);
  return models;
}

/** What is odd about a model's data. */
export function dataNotes({ config, document, ...data }: OpenModel): Note[] {
  return oddData({ ...data, scored: config.task !== 'none' }, modelInputs(document)).map((note) => ({
    ...note,
    model: config.name,
    variant: null,
  }));
}

async function openData({
  config,
  document,
}: Pick<OpenModel, 'config' | 'document'>): Promise<Pick<OpenModel, 'calibration' | 'evaluation'>> {
  const inputs = modelInputs(document);
  const { calibration: calibrationConfig, evaluation: evaluationConfig } = config.data;
  const calibration = calibrationConfig ? await openCalibration(calibrationConfig, inputs) : null;
  const evaluation = evaluationConfig ? await openDataset(evaluationConfig, inputs) : null;
  // The two sides of a split are apart by what they are.
  const apart = calibrationConfig?.split != null;
  if (calibration && evaluation && !apart) await assertDisjoint(calibration, evaluation);
  return { calibration, evaluation };
}
