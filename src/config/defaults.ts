/** What holds when quantgate.yml says nothing, and configurations built from command-line arguments. */
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Method } from './choices.js';
import type { BenchmarkConfig, Config, ModelConfig, QuantizeConfig, ReportConfig } from './config.js';
import type { DataConfig, InputConfig, TextConfig } from './data-config.js';
import { modelConfigFile } from './model-config-file.js';

const MINUTE_MS = 60_000;

/** What the search of method auto may take. */
export const AUTO_BUDGET_MS = MINUTE_MS / 2;

/** Commands and evaluators that take longer are stopped. */
export const DEFAULT_TIMEOUT_MS = 10 * MINUTE_MS;

export const DEFAULT_BENCHMARK: Readonly<BenchmarkConfig> = {
  providers: ['cpu'],
  batch: [1],
  threads: 'auto',
  concurrency: [1],
  budgetMs: 2 * MINUTE_MS,
  shapes: {},
};

/** The global knobs of judging. */
export const DEFAULT_JUDGING = {
  confidence: 0.95,
  onInconclusive: 'warn',
  onMissingBase: 'info',
  onSkipped: 'warn',
  onChance: 'error',
  onUnchanged: 'warn',
} as const satisfies Partial<Config>;

/** Reports lie in artifacts that others may read: they show no data unless asked to. */
export const DEFAULT_REPORT: Readonly<ReportConfig> = { samples: 0 };

export const DEFAULT_INPUT: Readonly<InputConfig> = {
  from: null,
  preset: null,
  preprocessor: null,
  resize: null,
  filter: null,
  letterbox: null,
  crop: null,
  pad: null,
  channels: null,
  scale: null,
  mean: null,
  std: null,
  layout: null,
};

/** Options of a variant before the method or preset decides: null means "the method's own default". */
export function defaultQuantize(method: Method, changes: Partial<QuantizeConfig> = {}): QuantizeConfig {
  return {
    method,
    preset: null,
    target: null,
    calibrator: null,
    percentile: null,
    include: null,
    exclude: [],
    overrides: {},
    blockSize: null,
    symmetric: null,
    perChannel: null,
    saturationSafe: null,
    biasCorrection: null,
    equalization: null,
    smoothQuant: null,
    rounding: null,
    minSqnr: null,
    maxSize: null,
    rest: null,
    objective: method === 'auto' ? 'latency' : null,
    budgetMs: method === 'auto' ? AUTO_BUDGET_MS : null,
    plan: null,
    repair: true,
    files: null,
    ...changes,
  };
}

/** Samples at `path`, format guessed, in the order of seed 0. */
export function defaultData(path: string, changes: Partial<DataConfig> = {}): DataConfig {
  return {
    path: resolve(path),
    format: null,
    limit: null,
    split: null,
    seed: 0,
    inputs: {},
    labels: null,
    images: null,
    masks: null,
    ignore: null,
    classNames: null,
    classOrder: null,
    ...changes,
  };
}

/** Texts by the tokenizer at this absolute path, and what lies beside it. */
export function defaultText(tokenizer: string, changes: Partial<TextConfig> = {}): TextConfig {
  return {
    tokenizer,
    tokenizerConfig: ifThere(join(dirname(tokenizer), 'tokenizer_config.json')),
    maxLength: null,
    columns: null,
    task: 'none',
    ...changes,
  };
}

/**
 * Samples as this model reads them: what it does decides how texts are cut, and its config.json names its classes. Where labels are shifted they are not
 * the model's own numbers, and names say nothing.
 */
export function dataOfModel(
  data: DataConfig,
  {
    path,
    task,
    labelOffset = 0,
  }: Pick<ModelConfig, 'path' | 'task'> & Partial<Pick<ModelConfig, 'labelOffset'>>,
): DataConfig {
  const { modelConfig: _, ...rest } = data;
  const { text } = rest;
  const modelConfig = modelConfigFile(path, text?.tokenizer ?? null);
  return {
    ...rest,
    ...(modelConfig !== null && (text || labelOffset === 0) ? { modelConfig } : {}),
    ...(text ? { text: { ...text, task } } : {}),
  };
}

function ifThere(file: string): string | null {
  return existsSync(file) ? file : null;
}

/** A model named after its file, without data, with the one default variant. `path` is resolved against the working directory. */
export function defaultModel(path: string, changes: Partial<ModelConfig> = {}): ModelConfig {
  return {
    name: modelName(path),
    path: resolve(path),
    task: 'none',
    output: null,
    outputs: {},
    decoder: null,
    keys: null,
    labelOffset: 0,
    evaluator: null,
    data: { evaluation: null, calibration: null },
    variants: [{ name: 'int8', kind: 'quantize', ...defaultQuantize('int8-static') }],
    baseline: null,
    ...changes,
  };
}

/** A config that no file was read for: the models given, default measuring, no checks. */
export function defaultConfig(models: ModelConfig[], changes: Partial<Config> = {}): Config {
  return {
    version: 1,
    file: null,
    directory: models[0] ? dirname(models[0].path) : process.cwd(),
    models,
    benchmark: { ...DEFAULT_BENCHMARK },
    checks: [],
    ...DEFAULT_JUDGING,
    waivers: [],
    ...changes,
  };
}

/** A name from a config as part of a file name: it can neither leave its folder nor hide. */
export function safeName(name: string): string {
  return name.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'model';
}

/** The same for names whose files would be one: on macOS and Windows case makes no difference, nor how an accent is composed. */
export function fileKey(name: string): string {
  return safeName(name).normalize('NFC').toLowerCase();
}

/** A model file's name without folder and extension. */
export function modelName(path: string): string {
  return basename(path, extname(path));
}
