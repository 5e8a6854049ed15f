/** Refuses checks and waivers that can never apply, before any work is done: a gate that nothing passes through is no gate. */
import type { Check, Config, ModelConfig } from '../config/config.js';
import { didYouMean } from '../config/file/nearest.js';
import { ConfigError, displayName, type Problem } from '../config/file/problems.js';
import { matchesPattern } from '../config/where.js';
import { ORIGINAL } from '../terms/measurement.js';
import { METRICS, metricDefinition } from '../terms/metrics.js';
import { demandsOf } from './observe.js';
import { covers } from './waivers.js';

/**
 * Throws ConfigError (exit code 2) with line and valid names for every check whose `where` names an unknown model or
 * variant, or a provider, batch, thread count or concurrency that isn't measured; whose metric no selected model can
 * yield; and for waivers of checks that don't exist.
 */
export function assertApplicable(config: Config): void {
  const problems: Problem[] = [];
  for (const check of config.checks) {
    for (const [key, message] of complaints(check, config)) {
      const path = `thresholds.${check.id}${key === '' ? '' : `.${key}`}`;
      problems.push({ line: check.line, path, code: 'config.impossible-check', message });
    }
  }
  for (const [index, waiver] of config.waivers.entries()) {
    const message = waiverComplaint(waiver.check, config.checks);
    if (message)
      problems.push({ line: waiver.line, path: `waivers[${index}].check`, code: 'config.waiver', message });
  }
  if (problems.length === 0) return;
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  throw new ConfigError(config.file === null ? null : displayName(config.file), problems);
}

type Complaint = [key: string, message: string];

function complaints(check: Check, config: Config): Complaint[] {
  const { where } = check;
  const found: Complaint[] = [];
  const names = (
    key: string,
    patterns: readonly string[] | undefined,
    valid: readonly string[],
    what: string,
  ) => {
    for (const pattern of patterns ?? []) {
      if (valid.some((name) => matchesPattern(name, pattern))) continue;
      found.push([
        `where.${key}`,
        `no ${what} '${pattern}'${didYouMean(pattern, valid)}; there ${valid.length === 1 ? 'is' : 'are'} ${list(valid)}`,
      ]);
    }
  };
  const numbers = (key: string, wanted: readonly number[] | undefined, measured: readonly number[]) => {
    for (const value of wanted ?? []) {
      if (measured.includes(value)) continue;
      found.push([
        `where.${key}`,
        `${key} ${value} is not measured; benchmark.${key} is ${list(measured.map(String))}`,
      ]);
    }
  };
  const allModels = config.models.map(({ name }) => name);
  names('model', where.model, allModels, 'model');
  const models = config.models.filter(
    ({ name }) => where.model === undefined || where.model.some((pattern) => matchesPattern(name, pattern)),
  );
  const variants = [...new Set(models.flatMap((model) => model.variants.map(({ name }) => name)))];
  if (models.length > 0) names('variant', where.variant, [ORIGINAL, ...variants], 'variant');
  names('provider', where.provider, config.benchmark.providers, 'measured provider');
  numbers('batch', where.batch, config.benchmark.batch);
  // 'auto' is as many threads as the machine offers: known only there.
  if (config.benchmark.threads !== 'auto') numbers('threads', where.threads, config.benchmark.threads);
  numbers('concurrency', where.concurrency, config.benchmark.concurrency);
  if (models.length > 0) {
    const metric = metricComplaint(check, models);
    if (metric) found.push(['', metric]);
  }
  return [...found, ...conditionComplaints(check)];
}

/** Conditions that compare what has nothing to compare with. */
function conditionComplaints(check: Check): Complaint[] {
  const relativeOnes = demandsOf(check)
    .map(({ condition }) => condition)
    .filter((condition) => condition !== 'max' && condition !== 'min');
  const toOriginal = relativeOnes.filter((condition) => condition !== 'max-regression');
  if (check.metric.startsWith('fidelity.') && toOriginal.length > 0) {
    return toOriginal.map((condition) => [
      condition,
      `${check.metric} compares with the original already; use 'min' or 'max'`,
    ]);
  }
  const onlyOriginal = check.where.variant?.length === 1 && check.where.variant[0] === ORIGINAL;
  if (!onlyOriginal) return [];
  return relativeOnes.map((condition) => [
    condition,
    `the original can't be compared with itself; with where.variant ${ORIGINAL} use 'max' or 'min'`,
  ]);
}

/** Why none of the models the check selects can yield its metric. */
function metricComplaint(check: Check, models: readonly ModelConfig[]): string | null {
  const { metric } = check;
  const definition = metricDefinition(metric);
  const known = METRICS.map(({ name }) => name);
  if (!definition) return `no metric '${metric}'${didYouMean(metric, known)}`;
  const tasks = definition.tasks ?? [];
  if (tasks.length === 0 || models.some((model) => model.task === 'custom' && model.evaluator)) return null;
  if (tasks.includes('custom')) {
    const near = didYouMean(metric, known);
    return `no model yields ${metric}${near}; numbers of your own need task custom and an 'evaluator'`;
  }
  const fitting = models.filter((model) => tasks.includes(model.task));
  if (fitting.length === 0) {
    const have = models
      .map((model) => `${model.name} has task ${model.task}`)
      .slice(0, 3)
      .join(', ');
    return `${metric} needs a model with task ${tasks.join(' or ')}; ${have}${offer(models)}`;
  }
  if (fitting.every((model) => model.data.evaluation === null)) {
    return `${metric} needs labelled samples; give ${fitting[0]!.name} 'data.evaluation'`;
  }
  return null;
}

/** The accuracy metrics that the models' tasks do yield. */
function offer(models: readonly ModelConfig[]): string {
  const metrics = METRICS.filter((metric) => models.some((model) => metric.tasks?.includes(model.task)));
  return metrics.length === 0 ? '' : `, which yields ${list(metrics.map(({ name }) => name))}`;
}

function waiverComplaint(name: string, checks: readonly Check[]): string | null {
  const covered = checks.some((check) =>
    demandsOf(check).some(({ condition }) => covers(name, check, condition)),
  );
  if (covered) return null;
  const valid = checks.flatMap((check) => [
    check.id,
    ...demandsOf(check).map(({ condition }) => `${check.id}.${condition}`),
  ]);
  const offered = valid.length === 0 ? 'there are no checks' : `checks are ${list(valid)}`;
  return `no check '${name}'${didYouMean(name, valid)}; ${offered}`;
}

const LISTED = 12;

function list(names: readonly string[]): string {
  const more = names.length - LISTED;
  return names.slice(0, LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
