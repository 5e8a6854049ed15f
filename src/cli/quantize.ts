/** quantgate quantize: one model in, a smaller one out. */
import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type {
  Calibrator,
  Config,
  DataConfig,
  Method,
  ModelConfig,
  Preset,
  QuantizeConfig,
  Target,
  VariantConfig,
} from '../config/config.js';
import { defaultQuantize } from '../config/defaults.js';
import { loadConfig } from '../config/load.js';
import { unreadOptions } from '../config/option-rules.js';
import { notNormalized } from '../data/images/not-normalized.js';
import { openCalibration } from '../data/open.js';
import { EXIT, UserError, writeError } from '../errors.js';
import { modelInputs } from '../onnx/interface.js';
import { readModelOutline } from '../onnx/read-outline.js';
import { modelBytes } from '../onnx/weights.js';
import { formatValue } from '../report/format.js';
import { targetOf } from '../variants/target.js';
import { quantizeVerified } from '../verify/verified-variant.js';
import type { CliContext } from './context.js';
import { givenData, withGivenText } from './given-data.js';
import { type InputOptions, withInputOptions } from './input-options.js';
import { pickModel } from './pick-model.js';

interface QuantizeOptions extends InputOptions {
  out: string;
  method?: Method;
  preset?: Preset;
  calibration?: string;
  calibrationLimit?: number;
  calibrator?: Calibrator;
  percentile?: number;
  tokenizer?: string;
  maxLength?: number;
  target?: Target;
  plan?: string;
  include?: string[];
  exclude?: string[];
  blockSize?: number;
  config?: string;
  model?: string;
  variant?: string;
  verify: boolean;
  repair: boolean;
}

export async function quantizeCommand(
  context: CliContext,
  model: string,
  options: QuantizeOptions,
): Promise<number> {
  const outline = readModelOutline(model);
  assertOutput(model, options.out);
  if (!options.config && (options.model ?? options.variant) !== undefined) {
    const option = options.model === undefined ? '--variant' : '--model';
    throw new UserError(`${option} names something in a config: give --config FILE with it.`);
  }
  const started = Date.now();
  const config = options.config ? await loadConfig(options.config) : null;
  const modelConfig = config ? pickModel(config, options.model, model) : null;
  const quantize = quantizeOptions(options, modelConfig);
  const calibrationConfig = withInputOptions(
    await calibrationData(options, { file: model, model: modelConfig }),
    options,
    '--calibration',
  );
  const run = await context.toRun();
  const inputs = modelInputs(outline);
  const calibration = calibrationConfig ? await openCalibration(calibrationConfig, inputs) : null;
  for (const warning of calibration?.warnings ?? []) context.log.warn(warning);
  const silent = calibration && notNormalized(calibration, inputs);
  if (silent !== null) context.log.warn(silent);
  const result = await quantizeVerified({
    model,
    out: options.out,
    options: quantize,
    target: options.target ?? quantize.target ?? defaultTarget(quantize, config),
    calibration,
    context: run,
    verify: options.verify,
    repair: options.repair && quantize.repair,
    checks: config?.checks,
    subject: modelConfig ? { model: modelConfig.name, variant: options.variant ?? '' } : undefined,
  });
  for (const note of result.notes) {
    if (note.level === 'warn') context.log.warn(note.message);
    else context.log.info(note.message);
  }
  const [before, after] = [await modelBytes(model, outline), await modelBytes(result.file)];
  const summary = {
    ...result,
    sizeBytes: { original: before, quantized: after },
    durationMs: Date.now() - started,
  };
  context.print(summary, () => {
    const ratio = (after / before).toFixed(2);
    const { quantized, float } = result.groups;
    return `${result.file}: ${result.method} for ${result.target}, ${formatValue(before, 'bytes')} → ${formatValue(after, 'bytes')} (${ratio}×), ${quantized} groups quantized, ${float} kept float`;
  });
  return EXIT.pass;
}

/** The variant named in the config, the config's first quantized variant, or the method asked for; arguments override. */
function quantizeOptions(options: QuantizeOptions, model: ModelConfig | null): QuantizeConfig {
  const quantized = (model?.variants ?? []).filter((variant) => variant.kind === 'quantize');
  const named = options.variant ? quantized.find(({ name }) => name === options.variant) : undefined;
  if (options.variant && !named) {
    const names = quantized.map(({ name }) => name).join(', ');
    throw new UserError(
      `No quantized variant is called '${options.variant}'. The config has: ${names || 'none'}.`,
    );
  }
  const base = named ?? (options.method ? undefined : quantized[0]);
  const method = options.method ?? (options.plan ? 'auto' : (base?.method ?? 'int8-static'));
  const { preset, calibrator, percentile, plan, blockSize } = options;
  for (const { key, message } of unreadOptions(
    { preset, calibrator, percentile, plan, 'block-size': blockSize },
    method,
  ))
    throw new UserError(`--${key}: ${message}.`);
  const start = base ? withoutName(base) : defaultQuantize(method);
  return {
    ...start,
    method,
    preset: preset ?? start.preset,
    calibrator: percentile === undefined ? (calibrator ?? start.calibrator) : 'percentile',
    percentile: percentile ?? start.percentile,
    include: options.include ?? start.include,
    exclude: options.exclude ?? start.exclude,
    blockSize: blockSize ?? start.blockSize,
    plan: plan ? resolve(plan) : start.plan,
  };
}

type QuantizedVariant = Extract<VariantConfig, { kind: 'quantize' }>;

function withoutName({ name: _name, kind: _kind, ...options }: QuantizedVariant): QuantizeConfig {
  return options;
}

async function calibrationData(
  options: QuantizeOptions,
  { file, model }: { file: string; model: ModelConfig | null },
): Promise<DataConfig | null> {
  const fromConfig = model?.data.calibration ?? null;
  const limit = options.calibrationLimit ? { limit: options.calibrationLimit } : {};
  const given = options.calibration
    ? await givenData(options.calibration, fromConfig ?? model?.data.evaluation ?? null, limit)
    : fromConfig && { ...fromConfig, ...limit };
  return withGivenText(given, options, { path: file, task: model?.task ?? 'none' });
}

function defaultTarget(quantize: QuantizeConfig, config: Config | null): Target {
  if (quantize.preset === 'tensorrt') return 'tensorrt';
  return targetOf(config?.benchmark.providers[0] ?? 'cpu');
}

/** Told before any work: an output that can't be written, or that is the model itself, by whatever path. */
function assertOutput(model: string, out: string): void {
  if (existsSync(out) && realpathSync(model) === realpathSync(out))
    throw new UserError('--out is the model itself: choose another file.');
  if (extname(out) !== '.onnx') throw new UserError(`--out ${out} must end in .onnx.`);
  try {
    mkdirSync(dirname(resolve(out)), { recursive: true });
    accessSync(dirname(resolve(out)), constants.W_OK);
    if (existsSync(out)) {
      if (statSync(out).isDirectory()) throw new Error('it is a folder');
      accessSync(out, constants.W_OK);
    }
  } catch (error) {
    throw writeError(`--out ${out} can't be written: ${(error as Error).message}.`, error);
  }
}
