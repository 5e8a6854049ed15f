/** The config's text: what was found out, with the reasons as comments. */
import { stringify } from 'yaml';
import type { RawModel } from '../config/raw.js';
import { METRICS } from '../terms/metrics.js';
import type { Proposed } from './propose.js';

export interface WrittenModel {
  raw: RawModel;
  /** Comments above the model, a line each. */
  remarks: string[];
}

const HEADER =
  '# What quantgate quantizes, measures and demands: every key is explained in docs/configuration.md\nversion: 1\n';

const BENCHMARK = `benchmark:
  providers: [cpu]               # cpu | cuda | tensorrt | webgpu | wasm
  budget: 120s                   # measuring time per model and provider
`;

/** Of a model without data. */
const HINTS = [
  '# task: classification         # docs/data.md has the others',
  '# data:',
  '#   calibration: { path: data/train, limit: 200 }',
  '#   evaluation: data/val',
  '#   input: { preset: imagenet }',
];

/** Where no model has been measured: what is usual. */
function usual(models: readonly WrittenModel[]): string {
  return `thresholds:                      # max, min, max-ratio, min-ratio, max-drop, max-regression
  size.file: { max-ratio: 0.40 }                           # at most 40 % of the original
  latency.p50: { max-ratio: 1.0, max-regression: 5% }      # not slower than the original, nor than the base branch
  fidelity.cosine: { level: warn, min: 0.98 }              # outputs point the same way; needs no labels
  # ${usualAccuracy(models)}
  # memory.peak: { level: warn, max-regression: { ratio: 10%, slack: 16 MiB } }
`;
}

/** The first metric of the first task that has any. */
function usualAccuracy(models: readonly WrittenModel[]): string {
  const of = models.map(({ raw: { task } }) =>
    METRICS.find(({ name, tasks = [] }) => name.startsWith('accuracy.') && tasks.some((one) => one === task)),
  );
  const metric = of.find((found) => found !== undefined);
  if (metric === undefined)
    return 'accuracy.top1: { max-drop: 1pp, original: { min: 70% } } # needs task and data.evaluation';
  const drop =
    metric.unit === 'fraction'
      ? 'max-drop: 1pp'
      : metric.higherIsBetter
        ? 'min-ratio: 0.98'
        : 'max-ratio: 1.02';
  return `${metric.name}: { ${drop} } # needs data.evaluation`;
}

/** @param thresholds null: nothing was measured */
export function configText(models: readonly WrittenModel[], thresholds: readonly Proposed[] | null): string {
  return `${HEADER}\nmodels:\n${models.map(modelText).join('\n')}\n\n${BENCHMARK}\n${thresholds === null ? usual(models) : thresholdsText(thresholds)}`;
}

function modelText({ raw, remarks }: WrittenModel): string {
  const { data, ...keys } = raw;
  const lines = [
    ...Object.entries(keys)
      .filter(([key]) => key !== 'variants')
      .map(([key, value]) => `${key}: ${flow(value)}`),
    ...(data && Object.keys(data).length > 0
      ? ['data:', ...Object.entries(data).map(([key, value]) => `  ${key}: ${flow(value)}`)]
      : HINTS),
    `variants: [${(raw.variants ?? []).join(', ')}]`,
  ];
  return [
    ...remarks.map((remark) => `  # ${oneLine(remark)}`),
    ...lines.map((line, at) => (at === 0 ? `  - ${line}` : `    ${line}`)),
  ].join('\n');
}

function thresholdsText(thresholds: readonly Proposed[]): string {
  if (thresholds.length === 0) return 'thresholds: {}\n';
  const written = thresholds.map(
    ({ metric, keys, remark }) => [`  ${metric}: ${flow(keys)}`, remark] as const,
  );
  const width = Math.max(...written.map(([text]) => text.length));
  const lines = written.map(([text, remark]) => `${text.padEnd(width)}  # ${oneLine(remark)}`);
  return ['thresholds:                      # measured once, with a margin', ...lines, ''].join('\n');
}

/** One line of YAML. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true })
    .trimEnd()
    .replace(/\n\s*/g, ' ');
}

/** Names of files may hold anything. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
