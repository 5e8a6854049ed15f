/** judge: measurements against thresholds. */
import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/read/load.js';
import { UserError } from '../errors.js';
import { assertWaiversCurrent } from '../judge/waivers.js';
import { judgeModels } from '../run/judge-models.js';
import type { ModelResult } from '../run/model-result.js';
import type { Level } from '../terms/level.js';
import { blankMeasurement, type Measurement, ORIGINAL } from '../terms/measurement.js';
import type { Report } from '../terms/report.js';
import type { CheckResult, OverallVerdict } from '../terms/verdict.js';
import { assertKnown } from './options/config-keys.js';
import { OptionError } from './options/option-error.js';
import { readOptions } from './options/read-options.js';

/** A bound with its unit: 0.8, '0.5pp', '25 MiB', '5%'. */
export type Bound = number | string;

/** One check: all its conditions must hold. The keys of a check in quantgate.yml, in camelCase. */
export interface CheckOptions {
  max?: Bound | undefined;
  min?: Bound | undefined;
  /** variant ÷ original. */
  maxRatio?: Bound | undefined;
  minRatio?: Bound | undefined;
  /** original − variant. */
  maxDrop?: Bound | undefined;
  /** Over the same variant built from the base. */
  maxRegression?: Bound | { ratio: Bound; slack?: Bound } | undefined;
  /** Bounds on the original itself. */
  original?: { max?: Bound; min?: Bound } | undefined;
  minSamples?: number | undefined;
  /** Accuracy: the whole interval must hold. */
  confident?: boolean | undefined;
  ignoreOps?: string | readonly string[] | undefined;
  /** What it counts as; default error. */
  level?: Level | undefined;
  /** Where it holds; default: everywhere. */
  where?:
    | {
        model?: string | readonly string[];
        variant?: string | readonly string[];
        provider?: string | readonly string[];
        batch?: number | readonly number[];
        threads?: number | readonly number[];
        concurrency?: number | readonly number[];
      }
    | undefined;
}

/** Either `thresholds` or a `config` that has them; the others are the keys of quantgate.yml in camelCase. */
export interface JudgeOptions {
  /** Checks by metric, or lists of them: { 'latency.p50': { maxRatio: 0.8 } }. */
  thresholds?: Readonly<Record<string, CheckOptions | readonly CheckOptions[]>> | undefined;
  /** One-sided confidence per bound; default 0.95. */
  confidence?: number | string | undefined;
  onInconclusive?: Level | undefined;
  onMissingBase?: Level | undefined;
  onSkipped?: Level | undefined;
  onChance?: Level | undefined;
  onUnchanged?: Level | undefined;
  /** Checks that may fail until a day (ISO date), with the reason. */
  waivers?: readonly { check: string; reason: string; until: string }[] | undefined;
  /** Path of a quantgate.yml to take all of this from. */
  config?: string | undefined;
}

/** What `bench` and `evaluate` give, or a report. `sizes` are judged as `size.file`. */
export type Measured =
  | { measurements: readonly Measurement[]; reference?: string; sizes?: Readonly<Record<string, number>> }
  | Report;

export interface Judged {
  /** fail: a check of level error failed; warn: one of level warn. */
  verdict: OverallVerdict;
  checks: CheckResult[];
}

const OWN_KEYS = [
  'thresholds',
  'confidence',
  'onInconclusive',
  'onMissingBase',
  'onSkipped',
  'onChance',
  'onUnchanged',
  'waivers',
] as const satisfies (keyof JudgeOptions)[];

/**
 * One result per condition of every check and measurement it applies to. A check that nothing matches is skipped, with the reason.
 *
 * @throws UserError for thresholds that are none, and for expired waivers.
 */
export async function judge(
  measured: Measured | readonly Measured[],
  options: JudgeOptions,
): Promise<Judged> {
  assertKnown(options, [...OWN_KEYS, 'config']);
  const config = await judgingConfig(options);
  const day = new Date().toISOString().slice(0, 10);
  assertWaiversCurrent(config.waivers, day, config.file);
  const all = (Array.isArray(measured) ? measured : [measured]) as readonly Measured[];
  const { results, verdict } = judgeModels({ config }, all.flatMap(resultsOf), day);
  return { verdict, checks: results };
}

async function judgingConfig(options: JudgeOptions): Promise<Config> {
  const given = OWN_KEYS.filter((key) => options[key] !== undefined);
  if (options.config !== undefined) {
    if (given.length > 0)
      throw new OptionError(
        'usage.invalid-value',
        (option) => `${option('config')} has thresholds of its own: leave ${option(given[0]!)} out.`,
      );
    return await loadConfig(options.config);
  }
  if (options.thresholds === undefined)
    throw new OptionError(
      'usage.invalid-value',
      (option) => `There is nothing to judge by: give ${option('thresholds')} or ${option('config')}.`,
    );
  return await readOptions(
    { path: resolve('model.onnx') },
    { ...Object.fromEntries(given.map((key) => [key, options[key]])), places: [] },
  );
}

/** By model where a report tells of them. */
function resultsOf(
  measured: Measured,
): (Pick<ModelResult, 'measurements'> & Partial<Pick<ModelResult, 'report'>>)[] {
  if (!Array.isArray(measured?.measurements))
    throw new UserError(
      'usage.invalid-value',
      'Only what has measurements can be judged: results of bench, evaluate or run.',
    );
  if ('models' in measured) {
    return measured.models.map((report) => ({
      report,
      measurements: measured.measurements.filter(({ model }) => model === report.name),
    }));
  }
  const { reference, sizes = {} } = measured;
  const measurements = measured.measurements.map((entry) =>
    entry.variant === reference ? { ...entry, variant: ORIGINAL } : entry,
  );
  return [{ measurements: [...sizeFigures(sizes, reference), ...measurements] }];
}

/** Sizes as `size.file`, which a timing doesn't measure. */
function sizeFigures(sizes: Readonly<Record<string, number>>, reference: string | undefined): Measurement[] {
  const original = reference === undefined ? undefined : sizes[reference];
  if (reference === undefined || !original) return [];
  const at = { model: reference, provider: null, batch: null, threads: null, concurrency: null };
  return Object.entries(sizes).map(([name, value]) => ({
    ...blankMeasurement({ ...at, variant: name === reference ? ORIGINAL : name }, 'size.file'),
    value,
    ratio: name === reference ? null : { value: value / original, interval: null },
  }));
}
