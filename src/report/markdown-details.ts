/** The folded part of the Markdown report: per model everything measured, how the files were made, and on which machine. */
import type { Measurement } from '../measure/measurement.js';
import { ORIGINAL } from '../measure/measurement.js';
import { checkWords } from './check-words.js';
import { markdownCode, markdownText } from './escape.js';
import { changeInterval } from './figures.js';
import { countOf, formatChange, formatInterval, formatRatio, formatTime, formatValue } from './format.js';
import { tableText } from './markdown-rows.js';
import type { Environment, ModelReport, Report } from './report.js';
import { directedMetric, originalOf, type Place, placeNamer, type Row } from './rows.js';
import { VERDICT_WORDS } from './verdict-words.js';

const NONE = '–';
/** Code points of a provenance or details object that are shown; the JSON report holds it whole. */
const OBJECT_LENGTH = 800;

/** Blank lines around the body: without them GitHub reads it as HTML. */
function details(summary: string, body: readonly string[]): string {
  return `<details><summary>${summary}</summary>\n\n${body.join('\n\n')}\n\n</details>`;
}

export function checksDetails(report: Report, rows: readonly Row[]): string {
  const nameOf = placeNamer(rows.map((row) => row.place));
  const body = report.checks.map((check) => {
    const words = checkWords(check);
    const { symbol, word } = VERDICT_WORDS[check.verdict];
    return [
      markdownCode(check.metric, 80),
      markdownText([check.model, check.variant, ...nameOf(check)].join(' '), 120),
      words.observed ?? NONE,
      words.bound,
      words.interval ?? NONE,
      `${symbol} ${word}${check.level === 'error' ? '' : ` (${check.level})`}`,
    ];
  });
  return details(`All ${countOf(report.checks.length, 'check')}`, [
    tableText(['Check', 'Of', 'Observed', 'Allowed', 'Interval', 'Verdict'], body),
  ]);
}

export function modelDetails(report: Report, model: ModelReport): string {
  const measurements = report.measurements.filter((item) => item.model === model.name);
  return details(`<b>${markdownText(model.name, 120)}</b>: all measurements, and how the files were made`, [
    modelFacts(model),
    variantTable(model),
    ...measurementTable(measurements),
    ...accuracyFacts(measurements),
    ...provenance(model, measurements),
  ]);
}

function modelFacts(model: ModelReport): string {
  const data = (label: string, set: ModelReport['evaluation']) =>
    set === null
      ? null
      : `${label}: ${countOf(set.samples, 'sample')} of ${markdownText(set.description, 200)}`;
  const facts = [
    markdownCode(model.path, 200),
    `task ${markdownText(model.task, 40)}`,
    model.opset === null ? null : `opset ${model.opset}`,
    countOf(model.operators, 'operator'),
    `${formatValue(model.parameters, 'count')} parameters`,
    `SHA-256 ${markdownCode(model.sha256.slice(0, 16))}`,
    data('evaluated on', model.evaluation),
    data('calibrated on', model.calibration),
  ];
  return facts.filter((fact) => fact !== null).join(' · ');
}

function variantTable(model: ModelReport): string {
  const rows = model.variants.map((variant) => [
    `**${markdownText(variant.name, 80)}**`,
    markdownText(
      [variant.method, variant.preset, variant.target].filter((part) => part !== null).join(', '),
      80,
    ),
    variant.groups === null
      ? NONE
      : `${variant.groups.quantized} of ${variant.groups.quantized + variant.groups.float}`,
    variant.file === null ? NONE : markdownCode(variant.file, 160),
    variant.sha256 === null ? NONE : markdownCode(variant.sha256.slice(0, 16)),
    variant.status === 'ok' ? 'made' : `💥 ${markdownText(variant.reason ?? 'failed', 300)}`,
  ]);
  return tableText(['Variant', 'Method', 'Groups quantized', 'File', 'SHA-256', 'Status'], rows);
}

function measurementTable(measurements: readonly Measurement[]): string[] {
  if (measurements.length === 0) return [];
  const originals = measurements.filter((item) => item.variant === ORIGINAL);
  const withVariant = measurements.filter((item) => item.variant !== ORIGINAL);
  // Without variants (quantgate bench of one file) the original's own figures are the report.
  const shown = withVariant.length > 0 ? withVariant : originals;
  const nameOf = placeNamer(measurements);
  const rows = shown.map((item) => measurementRow(item, originalOf(item, originals), nameOf));
  return [tableText(['Metric', 'Of', 'Original', 'Value', 'Change', 'Interval', 'n', 'Base'], rows)];
}

function measurementRow(
  item: Measurement,
  original: Measurement | null,
  nameOf: (place: Place) => string[],
): string[] {
  const metric = directedMetric(item, original);
  const format = (value: number) => formatValue(value, item.unit, item.unit === 'fraction' ? 4 : 3);
  const of = markdownText([item.variant, ...nameOf(item)].join(' '), 120);
  const before = original?.value ?? null;
  if (item.status !== 'ok' || item.value === null) {
    const { symbol } = VERDICT_WORDS[item.status === 'invalid' ? 'invalid' : 'skipped'];
    return [
      markdownText(metric.title, 60),
      of,
      before === null ? NONE : format(before),
      `${symbol} ${markdownText(item.reason ?? item.status, 200)}`,
      NONE,
      NONE,
      NONE,
      NONE,
    ];
  }
  const interval = item.drop
    ? formatInterval(changeInterval(item.drop.interval, metric.higherIsBetter), (value) =>
        formatChange(value, item.unit),
      )
    : item.ratio
      ? formatInterval(item.ratio.interval, (value) => formatRatio(value))
      : formatInterval(item.interval, format);
  return [
    markdownText(metric.title, 60),
    of,
    before === null || item.variant === ORIGINAL ? NONE : format(before),
    format(item.value),
    changeText(item, before, metric.higherIsBetter),
    interval ?? NONE,
    item.n === null ? NONE : formatValue(item.n, 'count'),
    baseText(item),
  ];
}

function changeText(item: Measurement, before: number | null, higherIsBetter: boolean): string {
  if (item.drop) return formatChange(higherIsBetter ? -item.drop.value : item.drop.value, item.unit);
  if (item.ratio) return formatRatio(item.ratio.value);
  if (before === null || before <= 0 || item.value === null || item.variant === ORIGINAL) return NONE;
  return formatRatio(item.value / before);
}

function baseText(item: Measurement): string {
  if (item.base === null) return NONE;
  const ratio = item.base.ratio ? ` (${formatRatio(item.base.ratio.value)})` : '';
  const note = item.base.note === null ? '' : ` ${markdownText(item.base.note, 120)}`;
  return `${formatValue(item.base.value, item.unit)}${ratio}${note}`;
}

/** The flips, and what the sample can resolve: what an interval alone doesn't say. */
function accuracyFacts(measurements: readonly Measurement[]): string[] {
  const lines = measurements.flatMap((item) => {
    const drop = item.drop;
    if (drop === null || (drop.lost === null && drop.p === null && drop.resolvable === null)) return [];
    const facts: string[] = [];
    if (drop.lost !== null && drop.gained !== null) {
      const of = item.n === null ? '' : ` of ${countOf(item.n, 'sample')}`;
      facts.push(
        `${formatValue(drop.lost, 'count')}${of} lost (only the original right), ${formatValue(drop.gained, 'count')} gained`,
      );
    }
    if (drop.p !== null) facts.push(`one-sided McNemar mid-p ${pText(drop.p)}`);
    if (drop.resolvable !== null)
      facts.push(`the sample can resolve a drop of ${formatChange(drop.resolvable, item.unit).slice(1)}`);
    const { title } = directedMetric(item, null);
    return `- ${markdownText(title, 60)} of **${markdownText(item.variant, 80)}**: ${facts.join('; ')}.`;
  });
  return lines.length > 0 ? [lines.join('\n')] : [];
}

/** P-values below what anybody acts on are given as a bound. */
function pText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** Options and versions per variant, and the metric-specific facts, as one line of JSON each. */
function provenance(model: ModelReport, measurements: readonly Measurement[]): string[] {
  const lines = [
    ...model.variants
      .filter((variant) => Object.keys(variant.provenance).length > 0)
      .map(
        (variant) => `- **${markdownText(variant.name, 80)}** made with ${objectText(variant.provenance)}`,
      ),
    ...measurements
      .filter((item) => item.details && Object.keys(item.details).length > 0)
      .map(
        (item) =>
          `- ${markdownText(item.metric, 80)} of **${markdownText(item.variant, 80)}** ${objectText(item.details!)}`,
      ),
  ];
  return lines.length > 0 ? [lines.join('\n')] : [];
}

function objectText(object: Record<string, unknown>): string {
  return markdownCode(JSON.stringify(object), OBJECT_LENGTH);
}

export function environmentDetails(report: Report): string {
  const machines = report.environments ?? [report.environment];
  const body = machines.map((machine) => environmentList(machine, machines.length > 1));
  return details(machines.length > 1 ? 'Machines and method' : 'Machine and method', [
    ...body,
    METHOD,
    `Run started ${formatTime(report.startedAt)}, took ${formatValue(report.durationMs, 'ms')}.`,
  ]);
}

function environmentList(machine: Environment, named: boolean): string {
  const gpus = machine.gpu.map(
    (gpu) =>
      `${gpu.name}, driver ${gpu.driver}${gpu.memoryBytes === null ? '' : `, ${formatValue(gpu.memoryBytes, 'bytes')}`}`,
  );
  const facts: [string, string][] = [
    ['CPU', `${machine.cpu}, ${countOf(machine.cores, 'core')}, ${machine.arch}`],
    ['CPU features', machine.cpuFeatures.join(' ') || 'none found'],
    ...gpus.map((gpu): [string, string] => ['GPU', gpu]),
    ['Memory', formatValue(machine.memoryBytes, 'bytes')],
    ['System', machine.container === null ? machine.os : `${machine.os}, in ${machine.container}`],
    ['Versions', `ONNX Runtime ${machine.onnxruntime}, Node ${machine.node}`],
    [
      'Noise floor',
      machine.noiseFloor === null
        ? 'not measured'
        : `±${(machine.noiseFloor * 100).toFixed(1)}% (a model against itself)`,
    ],
    ['Fingerprint', machine.fingerprint],
  ];
  const title = named ? `**Machine ${markdownText(machine.fingerprint, 40)}**\n\n` : '';
  return title + facts.map(([name, value]) => `- ${name}: ${markdownText(value, 300)}`).join('\n');
}

const METHOD =
  'Latency: original and variants run in their own processes, one at a time, in alternating blocks; the ratio is that of ' +
  'block medians, its interval a t-interval over process launches. A check on latency or memory passes or fails only when ' +
  'the whole interval lies on one side of the bound. Size is exact. Accuracy is judged by its value on the same samples ' +
  'through both models; its interval is that of the paired difference.';
