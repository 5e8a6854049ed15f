/**
 * Every path that a configuration names, in one list: what a fork must not point outside of its checkout, and what decides, with its contents, whether
 * a result can be used again.
 */
import { dirname, extname } from 'node:path';
import type { Config, ModelConfig, VariantConfig } from './config.js';
import type { DataConfig } from './data-config.js';

/** Of models, data, variants, plans and evaluators; absolute. A test walks the schema, so that none is forgotten. */
export function namedPaths({ models }: Pick<Config, 'models'>): string[] {
  return models.flatMap(pathsOfModel);
}

function pathsOfModel({ path, keys, data, evaluator, variants, baseline }: ModelConfig): string[] {
  return [
    path,
    ...(keys === null ? [] : [keys]),
    ...pathsOfData(data.evaluation),
    ...pathsOfData(data.calibration),
    ...(evaluator && 'module' in evaluator ? [evaluator.module] : []),
    ...variants.flatMap(pathsOfVariant),
    ...(baseline ? [baseline.file] : []),
  ];
}

function pathsOfData(data: DataConfig | null): string[] {
  if (data === null) return [];
  const preprocessors = Object.values(data.inputs).flatMap(({ preprocessor }) => preprocessor ?? []);
  const { tokenizer, tokenizerConfig } = data.text ?? {};
  const beside = [data.images, data.masks, tokenizer, tokenizerConfig, data.modelConfig].flatMap(
    (path) => path ?? [],
  );
  return [data.path, ...filesBeside(data), ...beside, ...preprocessors];
}

/** Files that hold all that is read of them. */
const WHOLE = new Set(['.npz', '.onnx']);

/** The folder of a table, without `images`: the files that the table names lie in it, and a change of theirs is a change of the data. */
function filesBeside({ path, images, text }: DataConfig): string[] {
  const extension = extname(path);
  return images !== null || text || extension === '' || WHOLE.has(extension.toLowerCase())
    ? []
    : [dirname(path)];
}

function pathsOfVariant(variant: VariantConfig): string[] {
  if (variant.kind === 'file') return [variant.file];
  return variant.kind === 'quantize' && variant.plan !== null ? [variant.plan] : [];
}
