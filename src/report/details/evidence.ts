/** How figures and files came about: what provenance and details hold, in words where the words are known. */
import type { Measurement } from '../../terms/measurement.js';
import type { ModelReport } from '../../terms/report.js';
import { countOf, formatNearOne, formatValue } from '../words/format.js';
import { inWords, isNumber, type Reader } from '../words/free-form.js';
import { PROVENANCE } from './provenance.js';

export interface Evidence {
  subject: string;
  /** null: nothing of it has words. */
  text: string | null;
  /** What has no words, as it came; null: nothing is left. */
  object: Record<string, unknown> | null;
}

/** Options and versions per variant, and what metrics have to tell beside their values; what several tell alike is told once. */
export function evidenceOf(model: ModelReport, measurements: readonly Measurement[]): Evidence[] {
  const told = new Map<
    string,
    { families: Set<string>; variant: string; details: Record<string, unknown> }
  >();
  for (const { variant, metric, details: all, threads } of measurements) {
    const details = all && metric.startsWith('placement.') ? threadsOf(all, threads) : all;
    if (!details) continue;
    const key = JSON.stringify([variant, details]);
    const known = told.get(key) ?? { families: new Set(), variant, details };
    told.set(key, { ...known, families: known.families.add(metric.split('.')[0]!) });
  }
  const made = model.variants.map(({ name, provenance }) => ({
    subject: `${name} made with`,
    ...inWords(provenance, PROVENANCE),
  }));
  const measured = [...told.values()].map(({ families, variant, details }) => ({
    subject: `${[...families].join(' and ')} of ${variant}`,
    ...inWords(details, READERS),
  }));
  return [...made, ...measured]
    .map((evidence) => ({ ...evidence, object: isEmpty(evidence.object) ? null : evidence.object }))
    .filter(({ text, object }) => text !== null || object !== null);
}

/** Of placement, whose operators are told in a panel: whether the threads that were asked for had something to do. */
function threadsOf(
  { threadsAtWork }: Record<string, unknown>,
  asked: number | null,
): Record<string, unknown> | null {
  return asked !== null && isNumber(threadsAtWork) && asked > 1 ? { threadsAtWork, asked } : null;
}

const isEmpty = (object: Record<string, unknown>) => Object.keys(object).length === 0;

const READERS: readonly Reader[] = [
  ({ launches, msPerLaunch }) =>
    isNumber(launches) && isNumber(msPerLaunch)
      ? {
          keys: ['launches', 'msPerLaunch'],
          text: `${countOf(launches, 'launch', 'launches')} of ${formatValue(msPerLaunch, 'ms')} each`,
        }
      : null,
  ({ stopped }) =>
    typeof stopped === 'string' && Object.hasOwn(STOPS, stopped)
      ? { keys: ['stopped'], text: STOPS[stopped]! }
      : null,
  ({ planned, pilotHalfWidth }) =>
    isNumber(planned) && (pilotHalfWidth === undefined || isNumber(pilotHalfWidth))
      ? {
          keys: ['planned', 'pilotHalfWidth'],
          text: `the first launches ${pilotHalfWidth === undefined ? '' : `knew the ratio to ±${formatValue(pilotHalfWidth, 'fraction')} and `}asked for ${countOf(planned, 'launch', 'launches')}`,
        }
      : null,
  ({ outputs }) =>
    typeof outputs === 'string' && Object.hasOwn(OUTPUTS, outputs)
      ? { keys: ['outputs'], text: OUTPUTS[outputs]! }
      : null,
  ({ ratioDeviation }) =>
    isNumber(ratioDeviation)
      ? {
          keys: ['ratioDeviation'],
          text: `the ratio's standard deviation from launch to launch is ${formatValue(ratioDeviation, 'fraction')}`,
        }
      : null,
  ({ threadsAtWork, asked }) =>
    isNumber(threadsAtWork) && isNumber(asked)
      ? {
          keys: ['threadsAtWork', 'asked'],
          text: `${threadsAtWork} of ${countOf(asked, 'thread', 'threads')} had work`,
        }
      : null,
  ({ baselineBytes }) =>
    isNumber(baselineBytes)
      ? {
          keys: ['baselineBytes'],
          text: `a model of one node peaks at ${formatValue(baselineBytes, 'bytes')}`,
        }
      : null,
  ({ doubt }) => {
    const skill = skillOf(doubt);
    // Checks and notes tell the rest.
    return skill === null ? null : { keys: ['doubt'], text: skill };
  },
  ({ outputs }) => {
    const closeness = closenessOf(outputs);
    if (closeness === null) return null;
    // One output's closeness is the measurement itself.
    return { keys: ['outputs'], text: closeness.length > 1 ? closeness.join('; ') : null };
  },
];

const STOPS: Record<string, string> = {
  precise: 'stopped when precise enough',
  budget: 'stopped by the budget',
  launches: 'stopped after as many launches as are made at most',
  failed: 'stopped when a model failed',
};

const OUTPUTS: Record<string, string> = {
  preallocated: 'outputs preallocated',
  fresh: 'outputs allocated anew in every run',
};

/** How far the original is from chance (docs/method.md). null: something else. */
function skillOf(doubt: unknown): string | null {
  if (typeof doubt !== 'object' || doubt === null || !('figures' in doubt)) return null;
  const { skill, upper, p } = (doubt.figures ?? {}) as Record<string, unknown>;
  if (!isNumber(skill) || !isNumber(upper) || !isNumber(p)) return null;
  return `its skill is ${formatValue(skill, 'value')}, at most ${formatValue(upper, 'value')} (0 is chance, 1 perfect; p ${formatValue(p, 'value')})`;
}

/** Closeness to the original per output. null: something else. */
function closenessOf(outputs: unknown): string[] | null {
  if (typeof outputs !== 'object' || outputs === null || Array.isArray(outputs)) return null;
  const entries = Object.entries(outputs as Record<string, Record<string, unknown> | null>);
  if (!entries.every(([, value]) => typeof value === 'object' && value !== null && 'sqnr' in value))
    return null;
  return entries.map(([name, output]) => {
    const { sqnr, cosine, maxAbs, kl } = output!;
    const figures = [
      isNumber(sqnr) ? `SQNR ${formatValue(sqnr, 'dB')}` : null,
      isNumber(cosine) ? `cosine ${formatNearOne(cosine)}` : null,
      isNumber(maxAbs) ? `largest error ${formatValue(maxAbs, 'value')}` : null,
      isNumber(kl) ? `KL divergence ${formatValue(kl, 'value')}` : null,
    ].filter((figure) => figure !== null);
    return `${name}: ${figures.join(', ') || 'the same'}`;
  });
}
