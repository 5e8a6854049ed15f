/** Reports of any size: models × variants × providers, each with size, latency and Top-1, and checks on them. */
import type { Measurement } from '../../src/terms/measurement.js';
import type { Report } from '../../src/terms/report.js';
import type { CheckResult, Verdict } from '../../src/terms/verdict.js';
import { check, GPU_MACHINE, interval, measurement, model, report, variant } from './sample-reports.js';

const MODELS = ['resnet50', 'mobilenet', 'detector', 'encoder', 'decoder', 'segmenter', 'ranker', 'tagger'];
const VARIANTS = [
  ['int8', 'int8-static', 0.26],
  ['fp16', 'float16', 0.5],
  ['int4', 'int4-weights', 0.16],
] as const;
const PROVIDERS = ['cpu', 'cuda'] as const;

export interface Cell {
  model: string;
  variant: string;
  provider: string;
}

export interface Wanted {
  models: number;
  /** Of the latency check of a cell; default: pass. */
  latency?: (cell: Cell) => Verdict;
  /** Latency against the base: ratio and half width of its interval; default: no base. */
  base?: (cell: Cell) => readonly [ratio: number, half: number];
  /** Checks besides those. */
  checks?: readonly CheckResult[];
}

/** Latency, as a ratio, that gets this verdict with an interval of ±0.02 around it; allowed are 0.80×. */
const RATIO: Partial<Record<Verdict, number>> = { fail: 1.31, inconclusive: 0.805 };

/** Past the last name they begin anew: `resnet50-2`. */
function nameOf(at: number): string {
  const round = Math.floor(at / MODELS.length);
  return MODELS[at % MODELS.length]! + (round === 0 ? '' : `-${round + 1}`);
}

export function manyModels({ models, latency = () => 'pass', base, checks: more = [] }: Wanted): Report {
  const names = Array.from({ length: models }, (_, at) => nameOf(at));
  const measurements: Measurement[] = [];
  const checks: CheckResult[] = [...more];
  for (const [at, name] of names.entries()) {
    const size = 12_000_000 * (at + 1);
    const original = { model: name, variant: 'original' };
    measurements.push(
      measurement('size.file', 'bytes', size, original),
      measurement('accuracy.top1', 'fraction', 0.9, { ...original, n: 500 }),
    );
    for (const provider of PROVIDERS)
      measurements.push(measurement('latency.p50', 'ms', 20, { ...original, ...placeOf(provider) }));
    for (const [index, [variantName, , shrink]] of VARIANTS.entries()) {
      const of = { model: name, variant: variantName };
      const drop = 0.001 * (index + 1);
      measurements.push(
        measurement('size.file', 'bytes', size * shrink, of),
        measurement('accuracy.top1', 'fraction', 0.9 - drop, {
          ...of,
          n: 500,
          drop: {
            value: drop,
            interval: interval(-0.004, 0.006),
            lost: 2,
            gained: 1,
            p: 0.4,
            resolvable: 0.01,
          },
        }),
      );
      checks.push(
        check('size.file', 'max-ratio', 0.55, shrink, of),
        check('accuracy.top1', 'max-drop', 0.005, drop, { ...of, interval: interval(-0.004, 0.006) }),
      );
      for (const provider of PROVIDERS) {
        const verdict = latency({ ...of, provider });
        const ratio = RATIO[verdict] ?? shrink + 0.2;
        const [change, half] = base?.({ ...of, provider }) ?? [1, 0];
        measurements.push(
          measurement('latency.p50', 'ms', 20 * ratio, {
            ...of,
            ...placeOf(provider),
            ratio: { value: ratio, interval: interval(ratio - 0.02, ratio + 0.02) },
            ...(base && {
              base: {
                value: (20 * ratio) / change,
                ratio: { value: change, interval: interval(change - half, change + half) },
                note: null,
              },
            }),
          }),
        );
        checks.push(
          check('latency.p50', 'max-ratio', 0.8, ratio, {
            ...of,
            ...placeOf(provider),
            interval: interval(ratio - 0.02, ratio + 0.02),
            verdict,
            level: verdict === 'inconclusive' ? 'warn' : 'error',
            ...(verdict === 'inconclusive' && {
              reason: 'The interval lies across the bound; 2 min more would decide it.',
            }),
          }),
        );
      }
    }
  }
  return report({
    verdict: overall(checks),
    environment: GPU_MACHINE,
    models: names.map((name) =>
      model(name, {
        variants: [
          variant('original', { method: 'original', groups: null, provenance: {} }),
          ...VARIANTS.map(([variantName, method]) => variant(variantName, { method })),
        ],
      }),
    ),
    measurements,
    checks,
  });
}

function placeOf(provider: string) {
  return { provider, batch: 1, threads: 2, concurrency: 1 };
}

function overall(checks: readonly CheckResult[]): Report['verdict'] {
  const bad = checks.filter(({ verdict }) => verdict !== 'pass');
  if (bad.some(({ level }) => level === 'error')) return 'fail';
  return bad.length > 0 ? 'warn' : 'pass';
}
