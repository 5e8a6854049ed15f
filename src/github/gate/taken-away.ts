/**
 * What the base's checks judge, model by model, and this revision has nothing of. A check that still judges another model would pass over it
 * without a word. Pure.
 */
import type { BenchmarkConfig, Check, Config, ModelConfig } from '../../config/config.js';
import { matchesPattern } from '../../config/where.js';
import { assertApplicable } from '../../judge/applicable.js';
import type { Note } from '../../terms/measurement.js';
import { counterpart } from '../base/models.js';
import { complaint } from './complaint.js';
import type { Unjudged } from './unjudged.js';

export interface Revisions {
  head: Config;
  base: Config;
  /** Whether a file is in the checkout: a model that left with its file needs no gate. */
  isThere(path: string): boolean;
}

/** `checks`: those of the base that this revision can be judged by as a whole. */
export function takenAway(
  checks: readonly Check[],
  revisions: Revisions,
): { unjudged: Unjudged[]; notes: Note[] } {
  const { head, base } = revisions;
  const counting = checks.filter(({ level }) => level !== 'off');
  const unjudged = counting.flatMap((check) =>
    base.models
      .filter((model) => judges(check, model, base))
      .flatMap((model) => lost(check, model, revisions)),
  );
  const dropped = base.models.flatMap((model) => droppedVariants(model, head, counting));
  return { unjudged, notes: [...dropped, ...droppedSettings(base, head, counting)].map(note) };
}

/** Whether all models that the check names left with their files. A new name alone is not gone. */
export function concernsGoneModels(check: Check, { head, base, isThere }: Revisions): boolean {
  if (check.where.model === undefined) return false;
  if (head.models.some((model) => names(check.where.model, model))) return false;
  return !base.models.some(
    (model) => names(check.where.model, model) && (counterpart(model, head) !== null || isThere(model.path)),
  );
}

/** The base's model that the check names and this revision doesn't have under that name; null: it has one, or the check names none. */
export function modelOnlyInBase(check: Check, { head, base }: Revisions): ModelConfig | null {
  const { model: patterns } = check.where;
  if (patterns === undefined || head.models.some((model) => names(patterns, model))) return null;
  return base.models.find((model) => names(patterns, model)) ?? null;
}

function lost(check: Check, model: ModelConfig, { head, isThere }: Revisions): Unjudged[] {
  const successor = counterpart(model, head);
  if (successor === null) {
    if (!isThere(model.path)) return [];
    return [
      {
        check,
        model,
        problem: `'${model.name}' is in the base's quantgate.yml and not in this one, though its file is there (where the base added it since, update the branch)`,
      },
    ];
  }
  const problem = notJudged(check, model, successor, head);
  return problem === null ? [] : [{ check, model: successor, problem }];
}

function notJudged(check: Check, model: ModelConfig, successor: ModelConfig, head: Config): string | null {
  if (!names(check.where.model, successor)) {
    return `'${model.name}' is named '${successor.name}' here, which the check doesn't select`;
  }
  const gone = check.where.variant?.filter(
    (pattern) =>
      model.variants.some(({ name }) => matchesPattern(name, pattern)) &&
      !successor.variants.some(({ name }) => matchesPattern(name, pattern)),
  );
  if (gone?.length) return `there is no variant ${gone.map(quoted).join(', ')} of '${successor.name}'`;
  return complaint(() => assertApplicable(alone(check, successor, head)));
}

/** Whether the check judges anything of a model of the configuration that it stands in. */
function judges(check: Check, model: ModelConfig, config: Config): boolean {
  return (
    names(check.where.model, model) &&
    (check.where.variant === undefined ||
      model.variants.some((variant) => names(check.where.variant, variant))) &&
    complaint(() => assertApplicable(alone(check, model, config))) === null
  );
}

/** The model by itself, under the check wherever it applies: is its metric to be had? */
function alone(check: Check, model: ModelConfig, config: Config): Config {
  return { ...config, models: [model], checks: [{ ...check, where: {} }], waivers: [] };
}

/** Variants of the base that no check names: what is not made any more needs no gate, but is told. */
function droppedVariants(model: ModelConfig, head: Config, checks: readonly Check[]): string[] {
  const successor = counterpart(model, head);
  if (successor === null) return [];
  const made = new Set(successor.variants.map(({ name }) => name));
  const dropped = model.variants.filter(
    (variant) =>
      !made.has(variant.name) &&
      checks.some(({ where }) => names(where.model, model) && names(where.variant, variant)),
  );
  if (dropped.length === 0) return [];
  return [`${dropped.map(({ name }) => quoted(name)).join(', ')} of '${successor.name}'`];
}

/** The metrics that have a figure for each value of a setting. */
const MEASURED_BY: Record<'providers' | 'batch' | 'threads' | 'concurrency', RegExp> = {
  providers: /^(?!size\.)/,
  batch: /^(latency|throughput|memory)/,
  threads: /^(latency|throughput|memory)/,
  concurrency: /^(latency|throughput|memory)/,
};

function droppedSettings(base: Config, head: Config, checks: readonly Check[]): string[] {
  return (Object.keys(MEASURED_BY) as (keyof typeof MEASURED_BY)[]).flatMap((key) => {
    const kept = valuesOf(head.benchmark, key);
    const dropped = valuesOf(base.benchmark, key)?.filter((value) => !kept?.includes(value));
    if (kept === null || !dropped?.length || !checks.some(({ metric }) => MEASURED_BY[key].test(metric)))
      return [];
    return [`${key} ${dropped.join(', ')}`];
  });
}

/** null: how many threads that is, is known on the machine only. */
function valuesOf(benchmark: BenchmarkConfig, key: keyof typeof MEASURED_BY): (string | number)[] | null {
  const values = benchmark[key];
  return values === 'auto' ? null : values;
}

function names(patterns: readonly string[] | undefined, { name }: { name: string }): boolean {
  return patterns === undefined || patterns.some((pattern) => matchesPattern(name, pattern));
}

const quoted = (name: string) => `'${name}'`;

function note(dropped: string): Note {
  const message = `The base's checks judge ${dropped}, which this revision doesn't make or measure.`;
  return { level: 'warn', code: 'thresholds.not-applicable', message, model: null, variant: null };
}
