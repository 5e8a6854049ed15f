/** quantgate.yml (or JSON) → Config: parsed, checked against the schema, defaults filled in, units and paths resolved. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { codeOf, messageOf, UserError } from '../../errors.js';
import type { BenchmarkConfig, Config } from '../config.js';
import { DEFAULT_BENCHMARK, DEFAULT_JUDGING, DEFAULT_REPORT } from '../defaults.js';
import { parseDocument } from '../file/document.js';
import { displayName, Problems } from '../file/problems.js';
import { validate } from '../file/validate.js';
import { parseConfidence, parseDuration, parsePrecision } from '../quantity.js';
import { isMapping, list, type RawConfig } from '../raw.js';
import { readModels } from './models.js';
import { readChecks, readWaivers } from './thresholds.js';

/** A config is written by hand; anything larger is another kind of file. */
const MAX_BYTES = 4 * 1024 * 1024;

export interface ParseOptions {
  /** For messages and Config.file; null when the text comes from no file. */
  file: string | null;
  /** What relative paths in the text refer to. */
  directory: string;
  /** false: models' files need not be there, nor fit (a config read from another revision). Default true. */
  expand?: boolean;
}

/**
 * Reads the config at `file`, absolute or relative to the working directory. Throws ConfigError (a UserError, exit code
 * 2) with line, path and next step for everything that is wrong in it.
 */
export async function loadConfig(file: string): Promise<Config> {
  const absolute = resolve(file);
  return parseConfig(await readText(absolute, file), { file: absolute, directory: dirname(absolute) });
}

/** The same for a text already read. Throws ConfigError. */
export async function parseConfig(text: string, options: ParseOptions): Promise<Config> {
  const name = options.file === null ? null : displayName(options.file);
  const document = parseDocument(text, name);
  const problems = new Problems(document.lineOf);
  validate(document.value, problems);
  if (!isMapping(document.value)) problems.throwIfAny(name);
  const raw = document.value as RawConfig;
  const place = { directory: resolve(options.directory), problems, lineOf: document.lineOf };
  const models = await readModels(Array.isArray(raw.models) ? raw.models : [], {
    ...place,
    expand: options.expand ?? true,
  });
  const config: Config = {
    version: 1,
    file: options.file === null ? null : resolve(options.file),
    directory: place.directory,
    models,
    benchmark: readBenchmark(raw.benchmark, problems),
    checks: readChecks(raw, models, place),
    confidence:
      raw.confidence === undefined || problems.touches(['confidence'])
        ? DEFAULT_JUDGING.confidence
        : (problems.attempt(['confidence'], () => parseConfidence(raw.confidence)) ??
          DEFAULT_JUDGING.confidence),
    onInconclusive: raw['on-inconclusive'] ?? DEFAULT_JUDGING.onInconclusive,
    onMissingBase: raw['on-missing-base'] ?? DEFAULT_JUDGING.onMissingBase,
    onSkipped: raw['on-skipped'] ?? DEFAULT_JUDGING.onSkipped,
    onChance: raw['on-chance'] ?? DEFAULT_JUDGING.onChance,
    onUnchanged: raw['on-unchanged'] ?? DEFAULT_JUDGING.onUnchanged,
    waivers: Array.isArray(raw.waivers) ? readWaivers(raw.waivers, place) : [],
    report: { ...DEFAULT_REPORT, ...raw.report },
  };
  problems.throwIfAny(name);
  return config;
}

/** One mistake hides no other: a key that doesn't fit the schema leaves the rest to be read. */
function readBenchmark(raw: RawConfig['benchmark'], problems: Problems): BenchmarkConfig {
  const defaults = structuredClone(DEFAULT_BENCHMARK);
  if (!isMapping(raw)) return defaults;
  const { providers, batch, threads, concurrency, budget, precision: written, device, shapes } = raw;
  const budgetPath = ['benchmark', 'budget'];
  const budgetMs =
    budget === undefined || problems.touches(budgetPath)
      ? undefined
      : problems.attempt(budgetPath, () => parseDuration(budget));
  const precisionPath = ['benchmark', 'precision'];
  const precision =
    written === undefined || problems.touches(precisionPath)
      ? undefined
      : problems.attempt(precisionPath, () => parsePrecision(written));
  return {
    providers: providers === undefined ? defaults.providers : list(providers),
    batch: batch === undefined ? defaults.batch : list(batch),
    threads: threads === undefined || threads === 'auto' ? 'auto' : list(threads),
    concurrency: concurrency === undefined ? defaults.concurrency : list(concurrency),
    budgetMs: budgetMs ?? defaults.budgetMs,
    precision,
    device,
    shapes: shapes ?? defaults.shapes,
  };
}

async function readText(file: string, written: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) {
      throw new UserError(
        'config.unreadable',
        `${written} has ${size} bytes: that is no config file. Name one with --config.`,
      );
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
    if (text.includes('\u0000')) throw new UserError('config.unreadable', `${written} is not a text file.`);
    return text;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(error, written, file);
  }
}

function unreadable(error: unknown, written: string, file: string): UserError {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UserError(
      'config.not-found',
      `No config file at ${written}${written === file ? '' : ` (${file})`}. Run 'quantgate init' to write one, or name another with --config.`,
    );
  }
  return new UserError('config.unreadable', `${written} ${whyUnreadable(code, error)}`);
}

function whyUnreadable(code: string | undefined, error: unknown): string {
  if (code === 'EISDIR') return 'is a folder, not a config file. Name the file in it with --config.';
  if (code === 'EACCES') return "can't be read: no permission.";
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'is not UTF-8 text. Save it as UTF-8.';
  return `can't be read: ${messageOf(error)}`;
}
