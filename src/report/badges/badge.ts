/** Badges per model and variant: shields endpoint JSON and a finished SVG, under names that stay the same from run to run. */
import { makeBadge } from 'badge-maker';
import type { Report } from '../../terms/report.js';
import { figureOf } from '../rows/figures.js';
import { type Cell, cellRatio, type Row, reportRows } from '../rows/rows.js';
import { fileName, httpUrl, plainText } from '../words/escape.js';
import { formatRatio } from '../words/format.js';
import {
  checksVerdict,
  OVERALL_WORDS,
  type Tone,
  UNCHANGED_WORDS,
  VERDICT_WORDS,
  worstVerdict,
} from '../words/verdict-words.js';

/** https://shields.io/badges/endpoint-badge */
export interface EndpointBadge {
  schemaVersion: 1;
  label: string;
  message: string;
  color: string;
  isError?: boolean;
}

export interface Badge {
  /** Safe as a file name, without extension: `classifier-int8-size`. */
  name: string;
  endpoint: EndpointBadge;
  svg: string;
}

const COLOR: Readonly<Record<Tone, string>> = {
  good: 'brightgreen',
  bad: 'red',
  caution: 'yellow',
  quiet: 'lightgrey',
};
/** Code points of a label or message: a badge is one line in a README. */
const LENGTH = 60;

export interface BadgeOptions {
  /** What a click on the picture opens, where it is shown as a document of its own; only http(s) is used. */
  link?: string | null;
}

/** `quantgate` (the whole verdict), then verdict, size, latency and accuracy of each variant that has them. */
export function renderBadges(report: Report, options: BadgeOptions = {}): Badge[] {
  const link = httpUrl(options.link);
  const badges = plainBadges(report);
  return link === null
    ? badges
    : badges.map((item) => ({ ...item, svg: svgOf(item.endpoint, [link, link]) }));
}

function plainBadges(report: Report): Badge[] {
  const overall = OVERALL_WORDS[report.verdict];
  const badges = [badge('quantgate', 'quantgate', overall.word, overall.tone)];
  const rows = reportRows(report);
  for (const row of rows) {
    const sameVariant = rows.filter((other) => other.variant === row.variant);
    if (row.first) badges.push(...variantBadges(row, sameVariant, report));
    const place = sameVariant.length > 1 ? placeName(row) : [];
    const ratio = row.latency ? cellRatio(row.latency) : null;
    if (row.latency && ratio !== null) {
      const figure = row.latency.metric.higherIsBetter ? 'throughput' : 'latency';
      badges.push(
        badge(
          nameOf(row, [...place, figure]),
          `${row.variant.name} ${[...place, figure].join(' ')}`,
          formatRatio(ratio),
          toneOf(row.latency),
        ),
      );
    }
  }
  return unique(badges);
}

function variantBadges(row: Row, sameVariant: readonly Row[], report: Report): Badge[] {
  const badges: Badge[] = [];
  const verdict = worstVerdict(sameVariant.flatMap((other) => other.verdict ?? []));
  const label = report.models.length > 1 ? `${row.model} ${row.variant.name}` : row.variant.name;
  const unchanged = sameVariant.every((other) => other.unchanged);
  if (verdict !== null) {
    const { word, tone } = unchanged ? UNCHANGED_WORDS : VERDICT_WORDS[verdict];
    badges.push(badge(nameOf(row, ['verdict']), label, word, tone));
  }
  const size = row.size ? cellRatio(row.size) : null;
  if (row.size && size !== null) {
    const figure = figureOf(row.size);
    badges.push(
      badge(
        nameOf(row, ['size']),
        `${row.variant.name} size`,
        `${figure.value} (${formatRatio(size)})`,
        toneOf(row.size),
      ),
    );
  }
  if (row.accuracy?.measurement.status === 'ok') {
    const figure = figureOf(row.accuracy);
    const message = figure.change === null ? `${figure.value}` : `${figure.value} (${figure.change})`;
    badges.push(
      badge(nameOf(row, ['accuracy']), `${row.variant.name} ${figure.title}`, message, toneOf(row.accuracy)),
    );
  }
  return badges;
}

function placeName(row: Row): string[] {
  const { provider, batch, threads, concurrency, environment } = row.place;
  return [
    provider,
    batch !== null && batch !== 1 ? `b${batch}` : null,
    threads !== null ? `t${threads}` : null,
    concurrency !== null && concurrency !== 1 ? `c${concurrency}` : null,
    environment ?? null,
  ].filter((part) => part !== null);
}

function nameOf(row: Row, parts: readonly string[]): string {
  return fileName([row.model, row.variant.name, ...parts].join('-'));
}

/** By the cell's checks; blue-less grey where nothing was checked. */
function toneOf(cell: Cell): Tone {
  const verdict = checksVerdict(cell.checks);
  return verdict === null ? 'quiet' : VERDICT_WORDS[verdict].tone;
}

function badge(name: string, label: string, message: string, tone: Tone): Badge {
  const endpoint: EndpointBadge = {
    schemaVersion: 1,
    label: plainText(label, LENGTH) || 'quantgate',
    message: plainText(message, LENGTH) || 'unknown',
    color: COLOR[tone],
    ...(tone === 'bad' && { isError: true }),
  };
  return { name, endpoint, svg: svgOf(endpoint) };
}

function svgOf({ label, message, color }: EndpointBadge, links?: string[]): string {
  return makeBadge({ label, message, color, style: 'flat', ...(links && { links }) });
}

/** `a-b` of `c` and `a` of `b-c` meet in one name: the later ones are numbered. */
function unique(badges: readonly Badge[]): Badge[] {
  const seen = new Map<string, number>();
  return badges.map((item) => {
    const key = item.name.toLowerCase();
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? item : { ...item, name: `${item.name}~${count}` };
  });
}
