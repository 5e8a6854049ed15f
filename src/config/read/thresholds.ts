/** `extends`, `thresholds` and `waivers`: from what is written to a flat list of checks in base units. */

import { ORIGINAL } from '../../terms/measurement.js';
import { type MetricDefinition, metricDefinition } from '../../terms/metrics.js';
import type { Check, ModelConfig, Waiver, Where } from '../config.js';
import type { Path, Problems } from '../file/problems.js';
import { parseChange, parseDifference, parseQuantity, parseRatio } from '../quantity.js';
import { isMapping, list, type RawCheck, type RawConfig, type RawWhere } from '../raw.js';
import { THRESHOLD_PRESETS } from './presets.js';

/** The keys of a check that can fail; a check needs at least one. */
const CONDITIONS = ['max', 'min', 'max-ratio', 'min-ratio', 'max-drop', 'max-regression'] as const;

interface Place {
  problems: Problems;
  lineOf(path: Path): number | null;
}

/** A check as written, with the path that errors and annotations point at. */
interface Written {
  id: string;
  metric: string;
  raw: RawCheck;
  path: Path;
}

/** All checks in the order of the file, those of presets first. Adds problems for units, bounds and presets without effect. */
export function readChecks(
  raw: Pick<RawConfig, 'extends' | 'thresholds'>,
  models: readonly ModelConfig[],
  place: Place,
): Check[] {
  const written = merge(raw, models, place);
  return written
    .flatMap((check) => apart(check, place))
    .map((check) => readCheck(check, { ...place, models }));
}

/** A check's bounds on the original are a check of their own: the same metric and place, another variant. */
function apart(check: Written, { problems }: Place): Written[] {
  const { id, metric, path } = check;
  const { original, ...raw } = check.raw;
  if (!isMapping(original) || problems.touches([...path, 'original'])) return [{ ...check, raw }];
  if (metric.startsWith('fidelity.')) {
    problems.add(
      [...path, 'original'],
      'config.impossible-check',
      `${metric} is how close a variant is to the original, which has none`,
    );
    return [{ ...check, raw }];
  }
  const bounds: Written = {
    id: `${id}.original`,
    metric,
    raw: {
      ...original,
      ...(raw.level === undefined ? {} : { level: raw.level }),
      ...(raw['min-samples'] === undefined ? {} : { 'min-samples': raw['min-samples'] }),
      where: { ...(problems.touches([...path, 'where']) ? {} : raw.where), variant: ORIGINAL },
    },
    path: [...path, 'original'],
  };
  return CONDITIONS.some((key) => raw[key] !== undefined) ? [{ ...check, raw }, bounds] : [bounds];
}

/** Presets below, the file's own thresholds above: one check overrides key by key, a list replaces. */
function merge(
  raw: Pick<RawConfig, 'extends' | 'thresholds'>,
  models: readonly ModelConfig[],
  place: Place,
): Written[] {
  const merged = new Map<string, Written[]>();
  const presets = raw.extends === undefined || place.problems.touches(['extends']) ? [] : list(raw.extends);
  for (const name of presets) {
    const applicable = Object.entries(THRESHOLD_PRESETS[name] ?? {}).filter(([metric]) =>
      models.some((model) => canMeasure(model, metric)),
    );
    if (applicable.length === 0 && models.length > 0 && !place.problems.touches(['models'])) {
      place.problems.add(
        ['extends'],
        'config.impossible-check',
        `${name} checks accuracy, but no model has both a 'task' with built-in metrics and 'data.evaluation'`,
      );
    }
    for (const [metric, check] of applicable) {
      const below = merged.get(metric)?.[0]?.raw;
      merged.set(metric, [{ id: metric, metric, raw: { ...below, ...check }, path: ['extends'] }]);
    }
  }
  for (const [metric, value] of Object.entries(raw.thresholds ?? {})) {
    const path = ['thresholds', metric];
    if (metricDefinition(metric) === undefined) continue;
    if (Array.isArray(value)) {
      merged.set(
        metric,
        value.flatMap((check, i) =>
          isMapping(check) ? [{ id: `${metric}[${i}]`, metric, raw: check, path: [...path, i] }] : [],
        ),
      );
    } else if (isMapping(value)) {
      const below = merged.get(metric)?.[0]?.raw;
      merged.set(metric, [{ id: metric, metric, raw: { ...below, ...value }, path }]);
    }
  }
  return [...merged.values()].flat();
}

/** Whether the model's task and data yield a built-in accuracy metric. */
function canMeasure(model: ModelConfig, metric: string): boolean {
  return model.data.evaluation !== null && (metricDefinition(metric)?.tasks ?? []).includes(model.task);
}

/** An evaluator's number where any of the models has one: its unit allows all that the built-in metric's does. */
function definitionIn(metric: string, models: readonly ModelConfig[]): MetricDefinition {
  const evaluator = models.some((model) => model.evaluator !== null) ? { higherIsBetter: true } : null;
  return metricDefinition(metric, evaluator)!;
}

function readCheck(
  { id, metric, raw: all, path }: Written,
  place: Place & { models: readonly ModelConfig[] },
): Check {
  const { problems } = place;
  // One mistake hides no other: what fits the schema is read on.
  const spoiled = problems.touches(path);
  const raw: RawCheck = Object.fromEntries(
    Object.entries(all).filter(([key]) => !problems.touches([...path, key])),
  );
  const definition = definitionIn(metric, place.models);
  const at = (key: string): Path => [...path, key];
  const percent = definition.tasks?.includes('custom') === true;
  const check: Check = {
    id,
    metric,
    level: raw.level ?? 'error',
    where: readWhere(raw.where ?? {}),
    line: place.lineOf(path),
  };
  if (CONDITIONS.every((key) => raw[key] === undefined) && check.level !== 'off' && !spoiled) {
    problems.add(
      path,
      'config.impossible-check',
      `this check has no condition; give it one of ${CONDITIONS.join(', ')}, or 'original' with one of max, min`,
    );
  }
  for (const key of ['max', 'min'] as const) {
    if (raw[key] === undefined) continue;
    const bound = problems.attempt(at(key), () => parseQuantity(raw[key], definition.unit, { percent }));
    if (bound === undefined) continue;
    check[key] = bound;
    impossible(definition, key, bound, (message) =>
      problems.add(at(key), 'config.impossible-check', message),
    );
  }
  const maxRatio = optional(raw['max-ratio'], (value) =>
    problems.attempt(at('max-ratio'), () => parseRatio(value)),
  );
  const minRatio = optional(raw['min-ratio'], (value) =>
    problems.attempt(at('min-ratio'), () => parseRatio(value)),
  );
  const maxDrop = optional(raw['max-drop'], (value) =>
    problems.attempt(at('max-drop'), () => parseDifference(value, definition.unit, { percent })),
  );
  const maxRegression = optional(raw['max-regression'], (value) =>
    readRegression(value, { definition, percent, path: at('max-regression'), problems }),
  );
  if (maxRatio !== undefined) check.maxRatio = maxRatio;
  if (minRatio !== undefined) check.minRatio = minRatio;
  if (maxDrop !== undefined) check.maxDrop = maxDrop;
  if (maxRegression !== undefined) check.maxRegression = maxRegression;
  crossed(check, (message) => problems.add(path, 'config.impossible-check', message));
  if (raw['min-samples'] !== undefined) check.minSamples = raw['min-samples'];
  if (raw.confident !== undefined) check.confident = raw.confident;
  if (raw['ignore-ops'] !== undefined) {
    check.ignoreOps = list(raw['ignore-ops']);
    if (metric !== 'placement.fallback')
      problems.add(at('ignore-ops'), 'config.conflict', 'only placement.fallback counts operators');
  }
  return check;
}

function readRegression(
  raw: NonNullable<RawCheck['max-regression']>,
  place: { definition: MetricDefinition; percent: boolean; path: Path; problems: Problems },
): { ratio: number; slack: number } | undefined {
  const { path, problems, definition, percent } = place;
  const written = typeof raw === 'object' ? raw : { ratio: raw };
  const ratioPath = typeof raw === 'object' ? [...path, 'ratio'] : path;
  const ratio = problems.attempt(ratioPath, () => parseChange(written.ratio));
  const slack =
    written.slack === undefined
      ? 0
      : problems.attempt([...path, 'slack'], () =>
          parseDifference(written.slack, definition.unit, { percent }),
        );
  if (slack !== undefined && slack < 0)
    problems.add([...path, 'slack'], 'config.invalid-value', 'expected 0 or more');
  return ratio === undefined || slack === undefined ? undefined : { ratio, slack };
}

/** Bounds that no value of the metric can ever cross, or ever meet: mistakes of scale. */
function impossible(
  metric: MetricDefinition,
  key: 'max' | 'min',
  bound: number,
  report: (message: string) => void,
): void {
  if (metric.unit === 'fraction' && bound > 1) {
    report(`${metric.name} is a fraction from 0 to 1; write ${bound / 100} or '${bound}%' if that is meant`);
  }
  const neverNegative = ['bytes', 'count', 'ms', 'per-second', 'fraction'].includes(metric.unit);
  if (neverNegative && bound < 0) {
    report(
      `${metric.name} is never negative, so '${key}: ${bound}' ${key === 'max' ? "can't hold" : 'says nothing'}`,
    );
  }
}

function crossed(check: Check, report: (message: string) => void): void {
  if (check.max !== undefined && check.min !== undefined && check.min > check.max) {
    report("'min' is above 'max': no value can satisfy both");
  }
  if (check.maxRatio !== undefined && check.minRatio !== undefined && check.minRatio > check.maxRatio) {
    report("'min-ratio' is above 'max-ratio': no value can satisfy both");
  }
}

function readWhere(raw: RawWhere): Where {
  const where: Where = {};
  if (raw.model !== undefined) where.model = list(raw.model);
  if (raw.variant !== undefined) where.variant = list(raw.variant);
  if (raw.provider !== undefined) where.provider = list(raw.provider);
  if (raw.batch !== undefined) where.batch = list(raw.batch);
  if (raw.threads !== undefined) where.threads = list(raw.threads);
  if (raw.concurrency !== undefined) where.concurrency = list(raw.concurrency);
  return where;
}

/** Waivers as written; whether they are still current is the judge's question (judge/waivers.ts). */
export function readWaivers(raw: RawConfig['waivers'], place: Place): Waiver[] {
  return (raw ?? []).flatMap((waiver, index) => {
    const path = ['waivers', index];
    if (place.problems.touches(path)) return [];
    if (!isDate(waiver.until)) {
      place.problems.add([...path, 'until'], 'config.waiver', `there is no such day: '${waiver.until}'`);
    }
    return [{ check: waiver.check, reason: waiver.reason, until: waiver.until, line: place.lineOf(path) }];
  });
}

/** Whether the calendar has this YYYY-MM-DD day. */
function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

function optional<T, R>(value: T | undefined, read: (value: T) => R | undefined): R | undefined {
  return value === undefined ? undefined : read(value);
}
