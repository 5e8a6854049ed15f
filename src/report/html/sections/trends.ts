/** How the report's models fared over earlier runs on its machines, by commit, with this run as the newest. */
import type { Report } from '../../../terms/report.js';
import { historyFigure, scaleSwitch } from '../../charts/history-figure.js';
import { chartsOf } from '../../charts/series.js';
import { type HistoryEntry, historyEntries, ofTheSame } from '../../history.js';
import type { Row } from '../../rows/rows.js';
import { xmlText } from '../../words/escape.js';
import { countOf } from '../../words/format.js';
import { link } from '../elements/link.js';

/** Of a model and machine: the page of earlier runs shows more. */
const MOST_RUNS = 20;
/** Of all drawings but the first model's, in UTF-16 code units: a page is opened in a browser, and the page of earlier runs shows the rest. */
const MOST_LENGTH = 60_000;

export interface TrendOptions {
  /** Oldest run first. */
  history: readonly HistoryEntry[];
  /** Address of the page of earlier runs; null: unknown. */
  historyUrl: string | null;
}

/** '' where no earlier run measured what this one did on one of its machines. Models in the order of `rows`. */
export function trends(report: Report, rows: readonly Row[], { history, historyUrl }: TrendOptions): string {
  const now = historyEntries(report);
  const machines = new Set(now.map(({ fingerprint }) => fingerprint));
  const earlier = ofTheSame(history, now).filter(
    ({ fingerprint, at }) => machines.has(fingerprint) && !now.some((entry) => entry.at === at),
  );
  const known = [...new Set(rows.map(({ model }) => model))].flatMap((name) => {
    const past = newestOf(
      earlier.filter((entry) => entry.rows.some(({ model }) => model === name)),
      machines,
    );
    return past.length === 0 ? [] : { name, entries: [...past, ...now] };
  });
  if (known.length === 0) return '';
  const open = known.length === 1 ? ' open=""' : '';
  let length = 0;
  const folds = known.flatMap(({ name, entries }) => {
    const charts = chartsOf(name, entries).map(historyFigure).join('\n');
    if (length > 0 && length + charts.length > MOST_LENGTH) return [];
    length += charts.length;
    const runs = countOf(new Set(entries.map(({ at }) => at)).size, 'run');
    return `<details class="inside"${open}><summary><bdi>${xmlText(name, 120)}</bdi> <span class="soft">${runs}</span></summary>${charts}</details>`;
  });
  const left = known.length - folds.length;
  const page = link('the page of earlier runs', historyUrl) ?? 'the history page';
  const more =
    left > 0
      ? `<p class="small">${countOf(left, 'more model')} with earlier runs: ${page} shows them.</p>`
      : '';
  return `<h2>Trend</h2>${scaleSwitch()}${folds.join('\n')}${more}`;
}

function newestOf(entries: readonly HistoryEntry[], machines: ReadonlySet<string>): HistoryEntry[] {
  const kept = new Set(
    [...machines].flatMap((machine) =>
      entries.filter(({ fingerprint }) => fingerprint === machine).slice(-(MOST_RUNS - 1)),
    ),
  );
  return entries.filter((entry) => kept.has(entry));
}
