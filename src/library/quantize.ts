/** quantize: one model file in, a smaller one out, proved against the original. */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Calibrator, FileNames, Method, Objective, Preset, Target } from '../config/choices.js';
import type { Config, ModelConfig, OverrideConfig, QuantizeConfig, VariantConfig } from '../config/config.js';
import { defaultQuantize } from '../config/defaults.js';
import { loadConfig } from '../config/read/load.js';
import { transformersFile } from '../config/transformers-files.js';
import { fedSamples } from '../data/fed-samples.js';
import { oddData } from '../data/odd-data.js';
import { openCalibration } from '../data/open.js';
import { messageOf, writeError } from '../errors.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { modelBytes } from '../onnx/file/weights.js';
import { modelInputs } from '../onnx/query/interface.js';
import { makeFolder } from '../system/files/make-folder.js';
import type { Feeds } from '../tensor/tensor.js';
import { targetOf } from '../variants/target.js';
import { asTransformersReads } from '../variants/variant-file.js';
import type { VerifiedResult } from '../verify/made-file.js';
import { quantizeVerified } from '../verify/verified-variant.js';
import { CALL_KEYS, type CallOptions, openCall } from './call.js';
import { assertKnown } from './options/config-keys.js';
import { type DataOptions, readData } from './options/data.js';
import { OptionError } from './options/option-error.js';
import { pickModel } from './options/pick-model.js';
import { readOptions } from './options/read-options.js';

/** What becomes of the model: the keys of a variant in quantgate.yml, in camelCase. What is left out is the method's own choice. */
export interface MethodOptions {
  /** Default: the config's, else int8-static. */
  method?: Method | undefined;
  /** Options that reproduce another system. */
  preset?: Preset | undefined;
  /** What kind of machine the file is for. Default: the config's first provider's, else this machine's CPU. */
  target?: Target | undefined;
  /** How ranges are found. */
  calibrator?: Calibrator | undefined;
  /** For the percentile calibrator, such as 99.99. */
  percentile?: number | undefined;
  /** Only these: names of nodes, operator types, or patterns with `*`. */
  include?: string | readonly string[] | undefined;
  /** Not these. */
  exclude?: string | readonly string[] | undefined;
  /** Types by node. */
  overrides?: Readonly<Record<string, OverrideConfig>> | undefined;
  /** Block size of weight-only methods. */
  blockSize?: number | undefined;
  symmetric?: boolean | undefined;
  perChannel?: boolean | undefined;
  /** Weight scales that can't saturate on CPUs without VNNI. */
  saturationSafe?: boolean | undefined;
  biasCorrection?: boolean | undefined;
  equalization?: boolean | undefined;
  smoothQuant?: boolean | undefined;
  rounding?: 'nearest' | 'adaptive' | 'gptq' | undefined;
  /** For `int4-weights`: layers get 8 bits until the outputs' SQNR is this: '20 dB', or a number of decibels. */
  minSqnr?: string | number | undefined;
  /** For `int4-weights`: layers get 8 bits as long as the file is no larger: '30 MB', or '0.2x' of the original. */
  maxSize?: string | undefined;
  /** For `int4-weights`: 'float16' makes half of what is not in 4 or 8 bits. */
  rest?: 'float16' | undefined;
  /** What `auto` is to gain. */
  objective?: Objective | undefined;
  /** Time that `auto` may take: '60s'. */
  budget?: string | undefined;
  /** Path of a plan to reproduce. */
  plan?: string | undefined;
  /** false: layers that lose most are quantized all the same. Default true. */
  repair?: boolean | undefined;
  /** Whose names the file gets: `out` is the folder that holds `onnx/`, and the method decides on the file in it (`onnx/model_q4.onnx`). */
  files?: FileNames | undefined;
}

export interface QuantizeOptions extends CallOptions, MethodOptions {
  /** Path of the file to write; its name ends in .onnx. With `files` a folder. */
  out: string;
  /** Samples that ranges are taken from: a path, more about them, or tensors by input name, one set a sample. int8-static needs them. */
  calibration?: string | DataOptions | readonly Feeds[] | undefined;
  /** false: the file is not opened, run and compared with the original. Default true. */
  verify?: boolean | undefined;
  /** Path of a quantgate.yml: what the options above leave open is taken from it. */
  config?: string | undefined;
  /** Name of the model in the config. Default: the one with this file, or the only one. */
  model?: string | undefined;
  /** Name of the variant in the config. Default: without a `method` its first one. */
  variant?: string | undefined;
}

/** A quantized file, what became of each operator, and what was proved. */
export interface Quantized extends VerifiedResult {
  /** With external data. */
  sizeBytes: { original: number; quantized: number };
  durationMs: number;
}

const METHOD_KEYS = [
  'method',
  'preset',
  'target',
  'calibrator',
  'percentile',
  'include',
  'exclude',
  'overrides',
  'blockSize',
  'symmetric',
  'perChannel',
  'saturationSafe',
  'biasCorrection',
  'equalization',
  'smoothQuant',
  'rounding',
  'minSqnr',
  'maxSize',
  'rest',
  'objective',
  'budget',
  'plan',
  'repair',
  'files',
] as const satisfies (keyof MethodOptions)[];

const KEYS = [...CALL_KEYS, ...METHOD_KEYS, 'out', 'calibration', 'verify', 'config', 'model', 'variant'];

/**
 * Quantizes the ONNX model at `model` (a path) into the file `out`, opens and runs both on samples, and compares. The file appears under its
 * name when it is proved; who interrupts keeps what was there.
 *
 * @throws UserError for a model, data or options that don't fit; MachineError when the runtime can't be had or fails; Interrupted.
 */
export async function quantize(model: string, options: QuantizeOptions): Promise<Quantized> {
  const started = Date.now();
  assertKnown(options, KEYS);
  const call = openCall(options);
  const outline = readModelOutline(model);
  if (options.config === undefined && (options.model ?? options.variant) !== undefined) {
    const named = options.model === undefined ? 'variant' : 'model';
    throw new OptionError(
      'usage.needs-config',
      (option) => `${option(named)} names something in a config: give ${option('config')} with it.`,
    );
  }
  const config = options.config === undefined ? null : await loadConfig(options.config);
  const modelConfig = config ? pickModel(config, options.model, model) : null;
  const method = await readMethod(model, options, modelConfig);
  const out = outputOf(model, options, method);
  assertOutput(model, out);
  const samples = await calibrationOf(model, options, modelConfig);
  const context = await call.context();
  const inputs = modelInputs(outline);
  const stored = samples && !isFed(samples) ? await openCalibration(samples, inputs) : null;
  const calibration = isFed(samples) ? fedSamples(samples, inputs) : stored;
  const odd = oddData({ calibration: stored, evaluation: null, scored: false }, inputs);
  for (const { message } of odd) call.log.warn(message);
  const result = await quantizeVerified({
    model,
    out,
    options: method,
    target: method.target ?? defaultTarget(method, config),
    calibration,
    context,
    verify: options.verify ?? true,
    repair: method.repair,
    ...(config ? { checks: config.checks } : {}),
    ...(modelConfig
      ? { subject: { model: modelConfig.name, variant: options.variant ?? '', scored: modelConfig } }
      : {}),
  });
  if (out !== options.out) asTransformersReads(result.file);
  for (const { level, message } of result.notes) call.log[level](message);
  return {
    ...result,
    notes: [...odd, ...result.notes],
    sizeBytes: { original: await modelBytes(model, outline), quantized: await modelBytes(result.file) },
    durationMs: Date.now() - started,
  };
}

/** The variant named in the config, the config's first quantized variant, or the method asked for; options override. */
async function readMethod(
  model: string,
  options: QuantizeOptions,
  modelConfig: ModelConfig | null,
): Promise<QuantizeConfig> {
  const base = baseVariant(options, modelConfig);
  const given = Object.fromEntries(
    METHOD_KEYS.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
  const method = options.method ?? (options.plan === undefined ? (base?.method ?? 'int8-static') : 'auto');
  const config = await readOptions(
    { path: model, variants: [{ ...given, method }] },
    { places: [['models[0].variants[0]', '']] },
  );
  const [variant] = config.models[0]!.variants;
  const own = withoutName(variant as QuantizedVariant);
  if (base === null) return own;
  const defaults: Readonly<Record<string, unknown>> = { ...defaultQuantize(method) };
  // What follows from an option is said, too: a percentile is for the calibrator of its name.
  const said = Object.entries(own).filter(
    ([key, value]) => key.replace(/Ms$/, '') in given || !isDeepStrictEqual(value, defaults[key]),
  );
  return { ...withoutName(base), ...Object.fromEntries(said), method };
}

function withoutName({ name: _name, kind: _kind, ...options }: QuantizedVariant): QuantizeConfig {
  return options;
}

type QuantizedVariant = Extract<VariantConfig, { kind: 'quantize' }>;

/** null: nothing of a config holds. */
function baseVariant(
  { variant, method }: QuantizeOptions,
  model: ModelConfig | null,
): QuantizedVariant | null {
  const quantized = (model?.variants ?? []).filter((one): one is QuantizedVariant => one.kind === 'quantize');
  if (variant === undefined) return method === undefined ? (quantized[0] ?? null) : null;
  const named = quantized.find(({ name }) => name === variant);
  if (named) return named;
  const names = quantized.map(({ name }) => name).join(', ');
  throw new OptionError(
    'usage.unknown-name',
    (option) =>
      `${option('variant')}: no quantized variant is called '${variant}'. The config has: ${names || 'none'}.`,
  );
}

async function calibrationOf(model: string, { calibration }: QuantizeOptions, config: ModelConfig | null) {
  if (isFed(calibration)) return calibration;
  const { calibration: own, evaluation } = config?.data ?? { calibration: null, evaluation: null };
  return await readData(calibration, {
    option: 'calibration',
    own,
    like: own ?? evaluation,
    model: { path: resolve(model), task: config?.task ?? 'none', labelOffset: config?.labelOffset ?? 0 },
  });
}

function isFed<Other>(samples: readonly Feeds[] | Other): samples is readonly Feeds[] {
  return Array.isArray(samples);
}

function defaultTarget({ preset }: QuantizeConfig, config: Config | null): Target {
  return preset === 'tensorrt' ? 'tensorrt' : targetOf(config?.benchmark.providers[0] ?? 'cpu');
}

/** The file to write: what is asked for, or the one of the names of `files` in that folder. A file may be named where only the config says `files`. */
function outputOf(model: string, { out, files }: QuantizeOptions, method: QuantizeConfig): string {
  if (typeof out !== 'string' || method.files === null) return out;
  if (extname(out) !== '.onnx') return join(out, transformersFile(model, method));
  if (files === undefined) return out;
  throw new OptionError(
    'usage.output-conflict',
    (option) =>
      `${option('files')} gives the file its name: ${option('out')} must be the folder that holds onnx/, not ${out}.`,
  );
}

/** Told before any work: an output that can't be written, or that is the model itself, by whatever path. */
function assertOutput(model: string, out: string): void {
  if (typeof out !== 'string')
    throw new OptionError(
      'usage.invalid-value',
      (option) => `${option('out')} is missing: the path of the file to write.`,
    );
  if (existsSync(out) && realpathSync(model) === realpathSync(out))
    throw new OptionError(
      'usage.output-conflict',
      (option) => `${option('out')} is the model itself: choose another file.`,
    );
  if (extname(out) !== '.onnx')
    throw new OptionError('usage.invalid-value', (option) => `${option('out')} ${out} must end in .onnx.`);
  try {
    makeFolder(dirname(resolve(out)));
    accessSync(dirname(resolve(out)), constants.W_OK);
    if (existsSync(out)) {
      if (statSync(out).isDirectory()) throw new Error('it is a folder');
      accessSync(out, constants.W_OK);
    }
  } catch (error) {
    throw writeError(`Model ${out} can't be written: ${messageOf(error)}.`, error);
  }
}
