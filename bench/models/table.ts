/** The figures as a table, and what of them is not as it should be. */

import { asTable, shortened } from '../markdown.js';
import type { RealModel } from './catalogue.js';
import type { Figures } from './measure.js';
import { PACKAGES } from './packages.js';

const NONE = '–';
const HEADER = ['model', 'method', 'size', 'latency', 'SQNR', 'same class', 'seconds', 'memory'];
/** Above this, in dB, nothing differs. */
const SAME_DB = 200;
/** An error's text in a cell. */
const LONGEST_ERROR = 120;

export function figuresTable(figures: readonly Figures[]): string {
  return asTable(HEADER, figures.map(cellsOf));
}

/** Where each model comes from. */
export function sourcesTable(models: readonly RealModel[]): string {
  return asTable(
    ['model', 'package', 'file', 'licence'],
    models.map(({ name, package: from, member }) => {
      const { registry, name: packageName, version, licence } = PACKAGES[from];
      const place = registry === 'pypi' ? 'PyPI' : 'npm';
      return [name, `${packageName} ${version} (${place})`, `\`${member.split('/').at(-1)}\``, licence];
    }),
  );
}

function cellsOf(row: Figures): string[] {
  const { model, method, size, latency, sqnr, agreement, cost, failed } = row;
  const costs = cost ? [cost.seconds.toFixed(1), `${(cost.peakBytes / 1e6).toFixed(0)} MB`] : [NONE, NONE];
  if (failed !== null) return [model, method, shortened(failed, LONGEST_ERROR), NONE, NONE, NONE, ...costs];
  return [
    model,
    method,
    size === null ? NONE : `${size.toFixed(2)}×`,
    latency === null ? NONE : ratio(latency),
    sqnr === null ? NONE : sqnr > SAME_DB ? 'same' : `${sqnr.toFixed(1)} dB`,
    agreement === null ? NONE : `${(100 * agreement).toFixed(1)} %`,
    ...costs,
  ];
}

function ratio({ value, interval }: NonNullable<Figures['latency']>): string {
  // Too few launches for an interval tell little.
  if (interval === null) return `~${value.toFixed(2)}×`;
  return `${value.toFixed(2)}× [${interval.map((bound) => bound.toFixed(2)).join(', ')}]`;
}

/** Files of these are worse than a user may expect; in dB. */
const FLOAT16_DB = 40;
/** Latency beside Python's, and beside the float original's, at most; told only where the interval is clear of it. */
const BESIDE_PYTHON = 1.05;

/** Sentences about files of one model that nobody can use: no file, one that does not run, one that grew. */
export function brokenFiles(figures: readonly Figures[]): string[] {
  return figures.flatMap(({ model, method, failed, size }) => {
    if (method.startsWith('python-')) return [];
    if (failed !== null) return [`${model} ${method}: ${shortened(failed, LONGEST_ERROR)}`];
    return size !== null && size > 1 ? [`${model} ${method}: ${size.toFixed(3)} × the original`] : [];
  });
}

/** Sentences about files of one model that are worse than they should be: than Python's, than the original, than half precision is. */
export function weakFiles(figures: readonly Figures[]): string[] {
  const of = (method: string) => figures.find((each) => each.method === method && each.failed === null);
  const faults: string[] = [];
  const [ours, python] = [of('int8-static'), of('python-static')];
  if (ours && python) {
    const { model } = ours;
    // A file in which nothing is quantized is no rival.
    const quantized = python.size !== null && python.size < 1;
    if (quantized && ours.sqnr !== null && python.sqnr !== null && ours.sqnr < python.sqnr)
      faults.push(
        `${model} int8-static: ${ours.sqnr.toFixed(1)} dB, Python's quantizer ${python.sqnr.toFixed(1)} dB`,
      );
    const [lowest, highest] = [ours.latency?.interval?.[0], python.latency?.interval?.[1]];
    if (lowest !== undefined && highest !== undefined && lowest > BESIDE_PYTHON * highest)
      faults.push(
        `${model} int8-static: ${(ours.latency!.value / python.latency!.value).toFixed(2)} × the time of Python's file`,
      );
  }
  const dynamic = of('int8-dynamic');
  const lowest = dynamic?.latency?.interval?.[0] ?? 0;
  if (dynamic && lowest > 1)
    faults.push(`${dynamic.model} int8-dynamic: ${dynamic.latency!.value.toFixed(2)} × the original's time`);
  const half = of('float16');
  if (half?.sqnr != null && half.sqnr < FLOAT16_DB)
    faults.push(
      `${half.model} float16: ${half.sqnr.toFixed(1)} dB (notes: ${half.notes.join(', ') || 'none'})`,
    );
  return faults;
}
