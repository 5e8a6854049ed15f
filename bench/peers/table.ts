/** The rows as the Markdown table of docs/benchmarks.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { asTable, shortened } from '../markdown.js';
import type { Row } from './measuring.js';
import { QUANTIZERS } from './quantizers.js';
import type { SubsetResult } from './subsets.js';

const NONE = '–';
/** A column of tables that have such a figure. */
const DIVERGENCE = 'KL divergence';
const HEADER = [
  'model',
  'file',
  'size',
  'latency p50',
  'accuracy',
  'SQNR',
  'SQNR, unfused',
  'cosine',
  DIVERGENCE,
  'quantizing, whole process',
  'peak memory',
];
/** An error's text in a cell. */
const LONGEST_ERROR = 160;

export function markdownTable(rows: readonly Row[]): string {
  const shown = rows.some(({ kl }) => kl != null)
    ? HEADER.map((_, at) => at)
    : HEADER.flatMap((title, at) => (title === DIVERGENCE ? [] : at));
  const pick = (cells: readonly string[]) => shown.map((at) => cells[at]!);
  return asTable(
    pick(HEADER),
    rows.map((row) => pick(cellsOf(row))),
  );
}

export function subsetsTable(results: readonly SubsetResult[]): string {
  const count = results[0]?.drops.length ?? 0;
  const header = ['model', 'file', ...Array.from({ length: count }, (_, i) => `subset ${i + 1}`), 'mean'];
  const body = results.map(({ case: name, quantizer, drops, failed }) => [
    name,
    titleOf(quantizer),
    ...(failed === null
      ? [...drops, mean(drops)].map((drop) => points(drop))
      : [shortened(failed, LONGEST_ERROR), ...drops.map(() => NONE)]),
  ]);
  return asTable(header, body);
}

/** Puts the text between `<!-- NAME:begin -->` and `<!-- NAME:end -->` of a document.
 *  @throws Error when the document has no such lines. */
export function replaceSection(document: string, name: string, text: string): void {
  const whole = readFileSync(document, 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->\n`, `<!-- ${name}:end -->`];
  const [from, to] = [whole.indexOf(begin), whole.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no lines ${begin.trim()} and ${end}`);
  writeFileSync(document, `${whole.slice(0, from + begin.length)}\n${text}\n\n${whole.slice(to)}`);
}

function cellsOf(row: Row): string[] {
  const title = titleOf(row.quantizer);
  if (row.failed !== null) {
    const cost = row.quantizing;
    return [
      row.case,
      title,
      shortened(row.failed, LONGEST_ERROR),
      ...Array(7).fill(NONE),
      cost ? seconds(cost) : NONE,
      NONE,
    ];
  }
  const { bytes, sizeRatio, latency, drop, sqnr, unfusedSqnr, cosine, kl, quantizing } = row;
  return [
    row.case,
    title,
    bytes === null ? NONE : `${(bytes / 1e6).toFixed(2)} MB (${sizeRatio!.toFixed(3)}×)`,
    latency ? ratio(latency) : NONE,
    drop === null ? NONE : points(drop),
    decibels(sqnr),
    decibels(unfusedSqnr),
    cosine === null ? NONE : cosine.toFixed(5),
    kl == null ? NONE : kl.toPrecision(3),
    quantizing ? seconds(quantizing) : NONE,
    quantizing ? `${(quantizing.peakBytes / 1e6).toFixed(0)} MB` : NONE,
  ];
}

/** Absent in rows that an earlier version kept. */
function decibels(value: number | null | undefined): string {
  return value == null ? NONE : `${value.toFixed(1)} dB`;
}

function titleOf(name: string): string {
  return QUANTIZERS.find((quantizer) => quantizer.name === name)?.title ?? name;
}

function ratio({ value, interval }: NonNullable<Row['latency']>): string {
  const bounds = interval ? ` [${interval.map((bound) => bound.toFixed(3)).join(', ')}]` : '';
  return `${value.toFixed(3)}×${bounds}`;
}

function seconds(cost: { seconds: number; cpuSeconds: number }): string {
  return `${cost.seconds.toFixed(2)} s (${cost.cpuSeconds.toFixed(1)} s of CPU)`;
}

/** A drop as the change that a reader expects: negative is worse. */
function points(drop: number): string {
  const change = -100 * drop;
  const digits = Math.abs(change).toFixed(2);
  const sign = digits === '0.00' ? '' : change > 0 ? '+' : '−';
  return `${sign}${digits} pp`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
