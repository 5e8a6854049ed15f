/** `variants:` of a model: shorthands, presets, default names, and options that don't go together. */
import { isAbsolute, resolve } from 'node:path';
import { ORIGINAL } from '../../terms/measurement.js';
import type { Method } from '../choices.js';
import type { OverrideConfig, QuantizeConfig, VariantConfig } from '../config.js';
import { DEFAULT_TIMEOUT_MS, defaultQuantize, fileKey, modelName } from '../defaults.js';
import type { Path, Problems } from '../file/problems.js';
import { parseDuration, parseSizeLimit, parseSqnr } from '../quantity.js';
import { list, type RawVariant } from '../raw.js';
import { browserTarget, transformersFile } from '../transformers-files.js';
import { unreadOptions } from './option-rules.js';

/** What a variant given by one word means. */
const SHORTHANDS: Readonly<Record<string, Method>> = {
  int8: 'int8-static',
  'int8-static': 'int8-static',
  'int8-dynamic': 'int8-dynamic',
  fp16: 'float16',
  float16: 'float16',
  'int8-weights': 'int8-weights',
  'int4-weights': 'int4-weights',
  auto: 'auto',
};

/** The variants of one model, default [int8]. Adds problems for clashing names and options. */
export function readVariants(
  raw: readonly (string | RawVariant)[] | undefined,
  place: { path: Path; directory: string; problems: Problems },
): VariantConfig[] {
  const { problems } = place;
  const taken = new Map<string, number>();
  const files = new Map<string, string>();
  return (raw ?? ['int8']).flatMap((entry, index) => {
    const path = [...place.path, index];
    if (problems.touches(path)) return [];
    const variant = typeof entry === 'string' ? shorthand(entry) : readVariant(entry, { ...place, path });
    if (variant.name === ORIGINAL) {
      problems.add(
        path,
        'config.duplicate-name',
        `the name '${ORIGINAL}' belongs to the unquantized model; choose another`,
      );
    }
    const first = taken.get(variant.name);
    if (first === undefined) taken.set(variant.name, index);
    else {
      problems.add(
        path,
        'config.duplicate-name',
        `variants ${first} and ${index} are both named '${variant.name}'; give one a 'name'`,
      );
    }
    const file = writtenFile(variant);
    const sharing = file === null ? undefined : files.get(file.key);
    if (first === undefined && sharing !== undefined) {
      problems.add(
        path,
        'config.duplicate-name',
        `'${sharing}' and '${variant.name}' would be written to one file; ${file!.remedy}`,
      );
    }
    if (file) files.set(file.key, variant.name);
    return [variant];
  });
}

/** What tells the file of a variant from others'; null: it is there already. */
function writtenFile(variant: VariantConfig): { key: string; remedy: string } | null {
  if (variant.kind === 'file') return null;
  if (variant.kind === 'quantize' && variant.files !== null) {
    const name = transformersFile('model.onnx', variant);
    const remedy = `transformers.js knows one ${name}: leave 'files' out of one, or take another method`;
    return { key: name, remedy };
  }
  const remedy = "give one a 'name' that differs by more than case or punctuation";
  return { key: fileKey(variant.name), remedy };
}

function shorthand(word: string): VariantConfig {
  return { name: word, kind: 'quantize', ...defaultQuantize(SHORTHANDS[word]!) };
}

function readVariant(
  raw: RawVariant,
  place: { path: Path; directory: string; problems: Problems },
): VariantConfig {
  const { path, directory, problems } = place;
  const absolute = (file: string) => (isAbsolute(file) ? file : resolve(directory, file));
  if (raw.file !== undefined) {
    return { name: raw.name ?? modelName(raw.file), kind: 'file', file: absolute(raw.file) };
  }
  if (raw.command !== undefined) {
    if (!raw.command.some((argument) => argument.includes('{output}'))) {
      problems.add(
        [...path, 'command'],
        'config.invalid-value',
        "no argument holds '{output}', the path of the model to write",
      );
    }
    const timeoutMs =
      raw.timeout === undefined
        ? DEFAULT_TIMEOUT_MS
        : problems.attempt([...path, 'timeout'], () => parseDuration(raw.timeout));
    return {
      name: raw.name!,
      kind: 'command',
      command: raw.command,
      timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
    };
  }
  const options = readOptions(raw, { ...place, absolute });
  return { name: raw.name ?? defaultName(options, raw), kind: 'quantize', ...options };
}

function defaultName(options: QuantizeConfig, raw: RawVariant): string {
  if (options.rest !== null) return `${options.method}-${options.rest}`;
  return raw.preset ?? (options.method === 'int8-static' ? 'int8' : options.method);
}

function readOptions(
  raw: RawVariant,
  place: { path: Path; problems: Problems; absolute: (file: string) => string },
): QuantizeConfig {
  const { path, problems } = place;
  const method = raw.method ?? (raw.plan === undefined ? 'int8-static' : 'auto');
  for (const { key, message } of unreadOptions(raw, method))
    problems.add([...path, key], 'config.conflict', message);
  const defaults = defaultQuantize(method);
  const budgetMs =
    raw.budget === undefined
      ? defaults.budgetMs
      : problems.attempt([...path, 'budget'], () => parseDuration(raw.budget));
  const tensorrt = method === 'int8-static' && raw.target === 'tensorrt';
  return {
    method,
    preset: raw.preset ?? (tensorrt ? 'tensorrt' : null),
    target: raw.target ?? (raw.preset === 'tensorrt' ? 'tensorrt' : raw.files ? browserTarget(method) : null),
    calibrator: raw.calibrator ?? (raw.percentile === undefined ? null : 'percentile'),
    percentile: raw.percentile ?? null,
    include: raw.include === undefined ? null : list(raw.include),
    exclude: raw.exclude === undefined ? [] : list(raw.exclude),
    overrides: Object.fromEntries(
      Object.entries(raw.overrides ?? {}).map(([node, override]) => [node, readOverride(override)]),
    ),
    blockSize: raw['block-size'] ?? null,
    symmetric: raw.symmetric ?? null,
    perChannel: raw['per-channel'] ?? null,
    saturationSafe: raw['saturation-safe'] ?? null,
    biasCorrection: raw['bias-correction'] ?? null,
    equalization: raw.equalization ?? null,
    smoothQuant: raw['smooth-quant'] ?? null,
    rounding: raw.rounding ?? null,
    minSqnr: attempt(problems, [...path, 'min-sqnr'], raw['min-sqnr'], parseSqnr) ?? null,
    maxSize: attempt(problems, [...path, 'max-size'], raw['max-size'], parseSizeLimit) ?? null,
    rest: raw.rest ?? null,
    objective: raw.objective ?? defaults.objective,
    budgetMs: budgetMs ?? defaults.budgetMs,
    plan: raw.plan === undefined ? null : place.absolute(raw.plan),
    repair: raw.repair ?? true,
    files: raw.files ?? null,
  };
}

/** What `parse` makes of a value; undefined where there is none, or a problem. */
function attempt<T>(
  problems: Problems,
  path: Path,
  value: unknown,
  parse: (value: unknown) => T,
): T | undefined {
  return value === undefined ? undefined : problems.attempt(path, () => parse(value));
}

function readOverride(raw: NonNullable<RawVariant['overrides']>[string]): OverrideConfig {
  const { 'per-channel': perChannel, ...rest } = raw;
  return { ...rest, perChannel };
}
