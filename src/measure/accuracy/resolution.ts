/** What a number of samples can and can't tell, said before the run. */
import type { Check } from '../../config/config.js';
import { matchesPattern } from '../../config/where.js';
import type { Dataset } from '../../data/samples/dataset.js';
import type { Note } from '../../terms/measurement.js';
import { resolvableDrop, samplesToResolve } from '../statistics/paired.js';
import type { Metric } from './tasks/metric.js';

export interface ResolutionContext {
  model: string;
  dataset: Pick<Dataset, 'length' | 'description'>;
  /** One-sided per bound. */
  confidence: number;
  /** All of them; those on other models are left out. */
  checks?: readonly Check[];
}

/**
 * One note per run for shares of right samples: the smallest drop they resolve. A warning where a check's `max-drop` is
 * smaller, with the number of samples it needs. Other figures have no such rule before their spread is known.
 */
export function resolutionNotes(context: ResolutionContext, metrics: readonly Metric[]): Note[] {
  const { model, dataset, confidence, checks = [] } = context;
  const shares = metrics.filter(({ kind }) => kind === 'share');
  if (shares.length === 0) return [];
  const resolvable = resolvableDrop(dataset.length, confidence);
  const note = (level: Note['level'], message: string): Note => ({
    level,
    code: 'accuracy.resolution',
    message,
    model,
    variant: null,
  });
  const ability = `${dataset.length} evaluation samples can tell a drop of ${points(resolvable)} or more from none`;
  const tooFine = shares.flatMap(({ name }) => {
    const bounds = checks
      .filter((check) => check.metric === name && concerns(check, model))
      .flatMap(({ maxDrop }) => (maxDrop ? [maxDrop] : []));
    const bound = Math.min(...bounds);
    return bound < resolvable ? [{ name, bound }] : [];
  });
  if (tooFine.length === 0)
    return [note('info', `${ability} (when quantization changes 5 % of the answers).`)];
  return tooFine.map(({ name, bound }) =>
    note(
      'warn',
      `${ability}; the bound on ${name} is ${points(bound)}. It is judged by its value all the same: for one that chance can't decide, ` +
        `evaluate about ${roundUp(samplesToResolve(bound, confidence))} samples.`,
    ),
  );
}

function concerns({ level, where }: Check, model: string): boolean {
  return level !== 'off' && (where.model?.some((pattern) => matchesPattern(model, pattern)) ?? true);
}

/** 0.0164 → '1.6 pp'. */
function points(share: number): string {
  return `${Number((share * 100).toPrecision(2))} pp`;
}

/** To two significant digits: the estimate isn't better. */
function roundUp(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / step) * step;
}
