/** Task custom: the user's own evaluator scores each model; its numbers become `accuracy.<name>`. */
import { inspect } from 'node:util';
import type { EvaluatorConfig } from '../../../config/config.js';
import { Interrupted, messageOf, UserError } from '../../../errors.js';
import type { Estimate, Measurement, Paired } from '../../../terms/measurement.js';
import { ORIGINAL } from '../../../terms/measurement.js';
import { type MetricDefinition, metricDefinition } from '../../../terms/metrics.js';
import { type Candidate, emptyMeasurement, metricMeasurements } from '../measurements.js';
import type { Runner } from '../runner.js';
import type { Metric } from '../tasks/metric.js';
import { ofSums } from '../tasks/metric.js';
import { runEvaluatorCommand } from './command.js';
import { type EvaluationTask, runEvaluatorModule } from './module.js';
import { counted, figureOfRow, listOf, type Reducer, readReduced, reduced, rowsInWords } from './reduced.js';

export interface CustomRequest extends Omit<EvaluationTask, 'runner' | 'timeoutMs'> {
  /** Name of the model. */
  model: string;
  provider: string | null;
  /** One-sided per bound. */
  confidence: number;
  evaluator: EvaluatorConfig;
  /** The original first; base builds are marked. */
  runners: readonly (Runner & { file: string })[];
}

/** A number, or rows of one per sample (right or wrong counts 1 or 0), which can be compared in pairs; of rows of one number the figure is the mean. */
type Score = number | Rows;

interface Rows {
  rows: readonly (readonly number[])[];
  reduce: Reducer | 'mean';
}

/** One model's numbers by name, or why it has none. */
interface Outcome {
  runner: Runner;
  scores: ReadonlyMap<string, Score> | null;
  failure: string | null;
}

/**
 * Evaluates one model after the other. The evaluator's failure on the original ends the run (UserError); on a variant it makes
 * the variant `invalid`. Numbers that are NaN or infinite are `invalid`.
 */
export async function evaluateCustom(request: CustomRequest): Promise<Measurement[]> {
  const outcomes: Outcome[] = [];
  for (const runner of request.runners) {
    request.log.info(`${request.model}: evaluating ${runner.variant}${runner.base ? ' of the base' : ''}`);
    outcomes.push(await outcomeOf(runner, request));
  }
  const original = outcomes[0]!;
  assertFinite(original);
  const variants = outcomes.slice(1).filter(({ runner }) => !runner.base);
  const bases = outcomes.filter(({ runner }) => runner.base);
  return [...original.scores!.keys()].flatMap((name) =>
    measurements(name, { original, variants, bases }, request),
  );
}

async function outcomeOf(runner: Runner & { file: string }, request: CustomRequest): Promise<Outcome> {
  const { evaluator } = request;
  const task: EvaluationTask = { ...request, runner, timeoutMs: evaluator.timeoutMs };
  try {
    const result =
      'module' in evaluator
        ? await runEvaluatorModule(evaluator.module, task)
        : await runEvaluatorCommand(evaluator.command, task);
    return { runner, scores: readScores(result), failure: null };
  } catch (error) {
    const fatal = runner.variant === ORIGINAL && !runner.base;
    if (fatal || error instanceof Interrupted || request.signal?.aborted) throw error;
    return { runner, scores: null, failure: messageOf(error) };
  }
}

/** Throws UserError for anything but an object of numbers and arrays of numbers under names that metrics can have. */
function readScores(result: unknown): Map<string, Score> {
  const expected =
    'It must return an object of numbers (or arrays of one number per sample), like { exact: 0.97 }.';
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw new UserError('evaluator.result', `The evaluator returned ${shown(result, 200)}. ${expected}`);
  }
  const scores = new Map<string, Score>();
  for (const [name, value] of Object.entries(result)) {
    if (metricDefinition(`accuracy.${name}`) === undefined) {
      throw new UserError(
        'evaluator.result',
        `The evaluator returned a number called '${name}': names are lower-case letters, digits and dashes.`,
      );
    }
    const score = readScore(value);
    if (score === null) {
      throw new UserError(
        'evaluator.result',
        `The evaluator returned ${shown(value, 100)} as '${name}'. ${reducedIn(value) ?? expected}`,
      );
    }
    scores.set(name, score);
  }
  if (scores.size === 0)
    throw new UserError('evaluator.result', `The evaluator returned no numbers. ${expected}`);
  return scores;
}

/** As JSON; what JSON can't say (BigInt, circles), as Node shows it. */
function shown(value: unknown, most: number): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, most);
  } catch {
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY }).slice(0, most);
  }
}

/** What rows with a `reduce` must be; null for anything else. */
function reducedIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('reduce' in value)) return null;
  return `Of \`{ values, reduce }\` ${rowsInWords(value.reduce)}.`;
}

function readScore(value: unknown): Score | null {
  if (typeof value === 'number') return value;
  const numbers = listOf(value);
  if (numbers === null) return readReduced(value);
  const rows = numbers.map(counted);
  if (!rows.every((one) => typeof one === 'number')) return null;
  return { rows: rows.map((one) => [one]), reduce: 'mean' };
}

/** Without a figure of the original there is nothing to compare with. */
function assertFinite({ scores }: Outcome): void {
  for (const [name, score] of scores!) {
    const values = typeof score === 'number' ? [score] : score.rows.flat();
    const bad = values.filter((value) => !Number.isFinite(value));
    if (bad.length > 0) {
      throw new UserError(
        'evaluator.result',
        `The evaluator returned ${bad[0]} as '${name}' for the original model. It must return finite numbers.`,
      );
    }
  }
}

interface Outcomes {
  original: Outcome;
  variants: readonly Outcome[];
  bases: readonly Outcome[];
}

function measurements(name: string, outcomes: Outcomes, request: CustomRequest): Measurement[] {
  const { original, variants, bases } = outcomes;
  const { higherIsBetter: directions } = request.evaluator;
  const higherIsBetter = typeof directions === 'boolean' ? directions : (directions[name] ?? true);
  const reference = original.scores!.get(name)!;
  if (typeof reference === 'number') return plainMeasurements(name, outcomes, { ...request, higherIsBetter });
  const candidate = (outcome: Outcome): Candidate => {
    const score = outcome.scores?.get(name);
    return {
      variant: outcome.runner.variant,
      invalid: outcome.failure ?? faultOf(score, name, reference),
      kept: typeof score === 'object' ? score.rows : [],
    };
  };
  const metric = perSampleMetric(name, [original, ...variants, ...bases], {
    higherIsBetter,
    reduce: reference.reduce,
    samples: reference.rows.length,
  });
  return metricMeasurements(
    metric,
    {
      original: candidate(original),
      variants: variants.map(candidate),
      bases: new Map(bases.map((base) => [base.runner.variant, candidate(base)])),
    },
    request,
  );
}

function faultOf(score: Score | undefined, name: string, reference: Rows): string | null {
  const length = reference.rows.length;
  if (score === undefined) return `the evaluator returned no '${name}'`;
  if (typeof score === 'number')
    return `the evaluator returned one number as '${name}', but one per sample for the original`;
  if (score.rows.length !== length)
    return `the evaluator returned ${score.rows.length} numbers as '${name}', but ${length} for the original`;
  if (score.reduce !== reference.reduce)
    return `the evaluator's '${name}' is a ${score.reduce}, but a ${reference.reduce} for the original`;
  const bad = score.rows.filter((row) => !row.every(Number.isFinite)).length;
  if (bad > 0) return `${bad} of ${length} numbers of '${name}' are NaN or infinite`;
  return null;
}

/** Names were checked when the numbers were read. */
function numbersOf(name: string, higherIsBetter: boolean): MetricDefinition {
  return metricDefinition(`accuracy.${name}`, { higherIsBetter })!;
}

/** Shares when every number is 0 or 1, else a mean, or what the evaluator's reducer makes of the sums. */
function perSampleMetric(
  name: string,
  outcomes: readonly Outcome[],
  { higherIsBetter, reduce, samples }: { higherIsBetter: boolean; reduce: Rows['reduce']; samples: number },
): Metric {
  const values = outcomes.flatMap(({ scores }) => {
    const score = scores?.get(name);
    return typeof score === 'object' ? score.rows.flat() : [];
  });
  const base = { name: `accuracy.${name}`, own: numbersOf(name, higherIsBetter), keep: () => [] };
  if (reduce === 'mean' && higherIsBetter && values.every((value) => value === 0 || value === 1))
    return { ...base, kind: 'share' };
  const figureOfSample = reduce === 'mean' ? undefined : figureOfRow(reduce);
  return {
    ...base,
    kind: 'statistic',
    undefinedReason:
      samples === 0 ? 'the evaluator returned no samples' : `its samples give the ${reduce} nothing to count`,
    ...(figureOfSample ? { figureOfSample } : {}),
    operations: (kept) => kept.reduce((sum, row) => sum + row.length, 0),
    statistic: (kept) => {
      if (reduce !== 'mean') return reduced(kept, reduce);
      const pairs = kept.map((numbers) => [numbers[0]!, 1]);
      return ofSums(pairs, ([sum, count]) => sum! / count!);
    },
  };
}

/** Single numbers: values and their differences, without intervals. */
function plainMeasurements(
  name: string,
  { original, variants, bases }: Outcomes,
  context: CustomRequest & { higherIsBetter: boolean },
): Measurement[] {
  const reference = original.scores!.get(name) as number;
  return [original, ...variants].map((outcome) => {
    const { variant } = outcome.runner;
    const { unit } = numbersOf(name, context.higherIsBetter);
    const empty = emptyMeasurement(`accuracy.${name}`, variant, { ...context, unit });
    const value = outcome.scores?.get(name);
    const invalid =
      outcome.failure ??
      (typeof value !== 'number'
        ? `the evaluator returned no single number '${name}'`
        : Number.isFinite(value)
          ? null
          : `the evaluator returned ${value} as '${name}'`);
    if (invalid !== null || typeof value !== 'number')
      return { ...empty, status: 'invalid', reason: invalid };
    const base = bases.find(({ runner }) => runner.variant === variant)?.scores?.get(name);
    return {
      ...empty,
      value,
      ratio: outcome === original ? null : plainRatio(value, reference),
      drop: outcome === original ? null : plainDrop(value, reference, context.higherIsBetter),
      base:
        typeof base === 'number' && Number.isFinite(base)
          ? { value: base, ratio: plainRatio(value, base), note: null }
          : null,
    };
  });
}

function plainRatio(value: number, reference: number): Estimate | null {
  if (value === reference) return { value: 1, interval: null };
  return reference === 0 || !Number.isFinite(reference) ? null : { value: value / reference, interval: null };
}

function plainDrop(value: number, reference: number, higherIsBetter: boolean): Paired | null {
  if (!Number.isFinite(reference)) return null;
  const drop = higherIsBetter ? reference - value : value - reference;
  return { value: drop, interval: null, lost: null, gained: null, p: null, resolvable: null };
}
