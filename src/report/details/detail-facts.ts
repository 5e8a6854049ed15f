/** What the folded details say, as plain text by row and column: Markdown and HTML escape every cell their own way. */
import { browserText } from '../../terms/browser.js';
import { type Measurement, type Note, ORIGINAL } from '../../terms/measurement.js';
import type { Environment, ModelReport, Report } from '../../terms/report.js';
import { changeInterval } from '../rows/figures.js';
import { directedMetric, originalLookup, type Place, placeNamer } from '../rows/rows.js';
import { checkWords } from '../words/check-words.js';
import {
  countOf,
  formatChange,
  formatInterval,
  formatNearOne,
  formatPoints,
  formatRatio,
  formatValue,
} from '../words/format.js';
import type { Machines } from '../words/machine-name.js';
import { VERDICT_WORDS } from '../words/verdict-words.js';
import { placedOperators } from './placed-operators.js';

const NONE = '–';

export interface Facts {
  headings: readonly string[];
  rows: string[][];
  /** Column that may hold a reason, whose `code` stands in backticks; other columns hold names and figures. */
  reasons?: number;
}

/** Columns that say nothing in any row are left out. */
function withoutEmptyColumns({ headings, rows, reasons }: Facts): Facts {
  const kept = headings.flatMap((_, at) => (rows.some((row) => row[at] !== NONE) ? at : []));
  return {
    headings: kept.map((at) => headings[at]!),
    rows: rows.map((row) => kept.map((at) => row[at]!)),
    ...(reasons !== undefined && { reasons: kept.indexOf(reasons) }),
  };
}

/** Warnings first, else in the order they came. */
export function orderedNotes(report: Report): Note[] {
  const rank = { warn: 0, info: 1 };
  return [...report.notes].sort((a, b) => rank[a.level] - rank[b.level]);
}

export function checkFacts(report: Report): Facts {
  const nameOf = placeNamer(report.checks, report);
  return withoutEmptyColumns({
    headings: ['Check', 'Of', 'Observed', 'Allowed', 'Interval', 'Verdict'],
    rows: report.checks.map((check) => {
      const words = checkWords(check);
      const { symbol, word } = VERDICT_WORDS[check.verdict];
      return [
        check.metric,
        [check.model, check.variant, ...nameOf(check)].join(' '),
        words.observed ?? NONE,
        words.bound,
        words.interval ?? NONE,
        `${symbol} ${word}${check.level === 'error' ? '' : `, level ${check.level}`}`,
      ];
    }),
  });
}

/** The model in short: `task classification`, `opset 13`, … */
export function modelFacts(model: ModelReport): string[] {
  const data = (label: string, set: ModelReport['evaluation']) =>
    set === null ? [] : `${label} ${countOf(set.samples, 'sample')} of ${set.description}`;
  return [
    model.path,
    `task ${model.task}`,
    ...(model.opset === null ? [] : [`opset ${model.opset}`]),
    countOf(model.operators, 'operator'),
    `${formatValue(model.parameters, 'count')} parameters`,
    `SHA-256 ${model.sha256.slice(0, 16)}`,
    data('evaluated on', model.evaluation),
    data('calibrated on', model.calibration),
  ].flat();
}

export function variantFacts(model: ModelReport): Facts {
  return {
    headings: ['Variant', 'Method', 'Groups quantized', 'File', 'SHA-256', 'Status'],
    reasons: 5,
    rows: model.variants.map((variant) => [
      variant.name,
      [variant.method, variant.preset, variant.target].filter((part) => part !== null).join(', '),
      variant.groups === null
        ? NONE
        : `${variant.groups.quantized} of ${variant.groups.quantized + variant.groups.float}`,
      variant.file ?? NONE,
      variant.sha256?.slice(0, 16) ?? NONE,
      variant.status === 'ok' ? 'made' : `${VERDICT_WORDS.invalid.symbol} ${variant.reason ?? 'failed'}`,
    ]),
  };
}

export function measurementFacts(measurements: readonly Measurement[], machines: Machines): Facts {
  const originals = measurements.filter((item) => item.variant === ORIGINAL);
  const variants = measurements.filter((item) => item.variant !== ORIGINAL);
  const nameOf = placeNamer(measurements, machines);
  const originalOf = originalLookup(originals);
  // Without variants (one file, benchmarked alone) the original's own figures are the report.
  const shown = variants.length > 0 ? variants : originals;
  return withoutEmptyColumns({
    headings: ['Metric', 'Of', 'Original', 'Value', 'Change', 'Interval', 'n', 'Base'],
    reasons: 3,
    rows: shown.map((item) => measurementRow(item, originalOf(item), nameOf)),
  });
}

function measurementRow(
  item: Measurement,
  original: Measurement | null,
  nameOf: (place: Place) => string[],
): string[] {
  const metric = directedMetric(item, original);
  const format = (value: number) =>
    item.metric === 'fidelity.cosine'
      ? formatNearOne(value)
      : formatValue(value, item.unit, item.unit === 'fraction' ? 4 : 3);
  const before = original === null || item.variant === ORIGINAL ? null : original.value;
  const start = [
    metric.title,
    [item.variant, ...nameOf(item)].join(' '),
    before === null ? NONE : format(before),
  ];
  if (item.status !== 'ok' || item.value === null) {
    const { symbol } = VERDICT_WORDS[item.status === 'invalid' ? 'invalid' : 'skipped'];
    return [...start, `${symbol} ${item.reason ?? item.status}`, NONE, NONE, NONE, NONE];
  }
  return [
    ...start,
    format(item.value),
    changeText(item, before, metric.higherIsBetter),
    intervalText(item, metric.higherIsBetter, format),
    item.n === null ? NONE : formatValue(item.n, 'count'),
    baseText(item, format),
  ];
}

/** Of the change where there is one, else of the value. */
function intervalText(item: Measurement, higherIsBetter: boolean, format: (value: number) => string): string {
  const text = item.drop
    ? formatInterval(changeInterval(item.drop.interval, higherIsBetter), (value) =>
        formatChange(value, item.unit),
      )
    : item.ratio
      ? formatInterval(item.ratio.interval, (value) => formatRatio(value))
      : formatInterval(item.interval, format);
  return text ?? NONE;
}

function changeText(item: Measurement, before: number | null, higherIsBetter: boolean): string {
  if (item.drop) return formatChange(higherIsBetter ? -item.drop.value : item.drop.value, item.unit);
  if (item.ratio) return formatRatio(item.ratio.value);
  return before === null || before <= 0 || item.value === null ? NONE : formatRatio(item.value / before);
}

function baseText(item: Measurement, format: (value: number) => string): string {
  if (item.base === null) return NONE;
  const ratio = item.base.ratio ? ` (${formatRatio(item.base.ratio.value)} of it)` : '';
  return `${format(item.base.value)}${ratio}${item.base.note === null ? '' : ` ${item.base.note}`}`;
}

/** The flips, and what the sample can resolve: what an interval alone doesn't say. */
export function flipFacts(measurements: readonly Measurement[]): { subject: string; facts: string }[] {
  return measurements.flatMap((item) => {
    const drop = item.drop;
    if (drop === null || (drop.lost === null && drop.p === null && drop.resolvable === null)) return [];
    const facts: string[] = [];
    if (drop.lost !== null && drop.gained !== null) {
      const of = item.n === null ? '' : ` of ${countOf(item.n, 'sample')}`;
      const [lost, gained] = [formatValue(drop.lost, 'count'), formatValue(drop.gained, 'count')];
      const { by } = (item.details?.flips ?? {}) as { by?: string };
      facts.push(
        by === 'own-figure'
          ? `${lost}${of} worse than with the original, ${gained} better`
          : `${lost}${of} lost (only the original right), ${gained} gained`,
      );
    }
    if (drop.p !== null)
      facts.push(`one-sided McNemar mid-p ${drop.p < 0.001 ? '< 0.001' : drop.p.toFixed(3)}`);
    if (drop.resolvable !== null) {
      const size =
        item.unit === 'fraction' ? formatPoints(drop.resolvable) : formatValue(drop.resolvable, item.unit);
      facts.push(`the sample can resolve a drop of ${size}`);
    }
    return {
      subject: `${directedMetric(item, null).title} of ${item.variant}`,
      facts: `${facts.join('; ')}.`,
    };
  });
}

/** Kinds of operators told per variant and place: the slowest. */
const PLACED_OPERATORS = 12;

/** Where the operators of each variant ran, in which type and for how long; null: nobody looked. */
export function placementFacts(measurements: readonly Measurement[], machines: Machines): Facts | null {
  const nameOf = placeNamer(measurements, machines);
  const rows = measurements
    .filter((item) => item.metric === 'placement.fallback')
    .flatMap((item) => {
      const operators = placedOperators(item);
      const total = operators.reduce((sum, operator) => sum + operator.ms, 0);
      return operators
        .sort((a, b) => b.ms - a.ms)
        .slice(0, PLACED_OPERATORS)
        .map((operator) => [
          [item.variant, ...nameOf(item)].join(' '),
          operator.operator,
          operator.provider.replace(/ExecutionProvider$/, ''),
          formatValue(operator.nodes, 'count'),
          operator.reduced ? 'reduced' : 'float',
          formatValue(operator.ms, 'ms'),
          total > 0 ? formatValue(operator.ms / total, 'fraction') : NONE,
        ]);
    });
  return rows.length === 0
    ? null
    : { headings: ['Of', 'Operator', 'Ran on', 'Nodes', 'Type', 'Time', 'Share of time'], rows };
}

export function machineFacts(machine: Environment): [name: string, value: string][] {
  const gpus = machine.gpu.map(
    (gpu) =>
      `${gpu.name}, driver ${gpu.driver}${gpu.memoryBytes === null ? '' : `, ${formatValue(gpu.memoryBytes, 'bytes')}`}`,
  );
  return [
    ...(machine.runner ? [['Runner', machine.runner] as [string, string]] : []),
    ['CPU', `${machine.cpu}, ${countOf(machine.cores, 'core')}, ${machine.arch}`],
    ['CPU features', machine.cpuFeatures.join(' ') || 'none found'],
    ...gpus.map((gpu): [string, string] => ['GPU', gpu]),
    ...(machine.browsers ?? []).map((browser): [string, string] => [
      'Browser',
      `${browser.provider}: ${browserText(browser)}`,
    ]),
    ['Memory', formatValue(machine.memoryBytes, 'bytes')],
    ['System', machine.container === null ? machine.os : `${machine.os}, in ${machine.container}`],
    ['Versions', `ONNX Runtime ${machine.onnxruntime}, Node ${machine.node}`],
    ['Noise floor', noiseFloorFact(machine)],
    ['Fingerprint', machine.fingerprint],
  ];
}

function noiseFloorFact({ noiseFloor, noiseFloorFrom }: Environment): string {
  if (noiseFloor === null) return 'not measured';
  const how =
    noiseFloorFrom === 'ratios'
      ? "the widest half-interval of this run's p50 ratios; a smaller change can't be told from none"
      : 'a model against itself';
  return `±${(noiseFloor * 100).toFixed(1)}%: ${how}`;
}

/** How the figures come to be, for readers of the report; docs/method.md has it at length. */
export const METHOD =
  'Latency: original and variants run in their own processes, one at a time, in alternating blocks; the ratio is that of ' +
  'block medians, its interval a t-interval over process launches, stated with more confidence where the timing ended ' +
  'before it was precise. A check on latency or memory passes or fails only when the whole interval lies on one side of ' +
  'the bound. Size is exact. Accuracy is judged by its value on the same samples through both models; its interval is ' +
  'that of the paired difference.';
