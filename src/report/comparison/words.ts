/** A comparison in words: title, lines and tables of plain text, which Markdown and HTML escape each their own way. */
import type { Coordinates } from '../../terms/measurement.js';
import type { OverallVerdict } from '../../terms/verdict.js';
import type { Facts } from '../details/detail-facts.js';
import { shortId } from '../revisions.js';
import { checkWords } from '../words/check-words.js';
import {
  capital,
  countOf,
  formatApart,
  formatInterval,
  formatRatio,
  formatTime,
  formatValue,
} from '../words/format.js';
import { OVERALL_WORDS, VERDICT_WORDS, WORSE_WORDS } from '../words/verdict-words.js';
import type { CheckDifference } from './check-differences.js';
import type { Comparison, Side } from './comparison.js';
import type { FigureDifference, NotCompared } from './figure-differences.js';
import type { VariantDifference } from './model-differences.js';

export interface ComparisonWords {
  /** `the verdict was pass and is fail; 2 checks judged worse; 3 figures worse, 1 better`. */
  title: string;
  /** Of the later verdict; where that passes though something got worse, of what did. */
  sign: OverallVerdict | 'worse';
  /** The earlier and the later report. */
  sides: [label: string, text: string][];
  sections: ComparisonSection[];
}

export interface ComparisonSection {
  title: string;
  lines: string[];
  table: Facts | null;
}

/** All of it is untrusted: names come from both reports. */
export function comparisonWords(comparison: Comparison): ComparisonWords {
  const { before, after, models, checks, figures, notCompared } = comparison;
  const machines = new Set([...before.machines, ...after.machines].map(({ fingerprint }) => fingerprint));
  const nameOf = placeNames(machines.size > 1);
  const sections = [
    section('Models and files', modelLines(models)),
    section('Checks', [], checkTable(checks, nameOf)),
    section('Figures', figureLines(figures), figureTable(figures, nameOf)),
    section(
      'Not compared',
      notCompared.map((one) => notComparedLine(one, comparison)),
    ),
  ];
  return {
    title: titleOf(comparison),
    sign: signOf(comparison),
    sides: [
      ['Before', sideText(before)],
      ['After', sideText(after)],
    ],
    sections: sections.filter(({ lines, table }) => lines.length > 0 || table !== null),
  };
}

/** A pass says nothing of the change: what the bounds allow may have got worse. */
function signOf({ after, checks, figures }: Comparison): ComparisonWords['sign'] {
  const worse = [...checks, ...figures].some(({ change }) => change === 'worse');
  return after.verdict === 'pass' && worse ? 'worse' : after.verdict;
}

function section(title: string, lines: string[], table: Facts | null = null): ComparisonSection {
  return { title, lines, table };
}

function titleOf({ before, after, checks, figures }: Comparison): string {
  const [was, is] = [OVERALL_WORDS[before.verdict].word, OVERALL_WORDS[after.verdict].word];
  const judged = (change: CheckDifference['change'], word: string) => {
    const count = checks.filter((check) => check.change === change).length;
    return count === 0 ? [] : [`${countOf(count, 'check')} ${word}`];
  };
  const parts = [
    was === is ? `the verdict is ${is}, as it was` : `the verdict was ${was} and is ${is}`,
    ...judged('worse', 'judged worse'),
    ...judged('better', 'judged better'),
    figureCounts(figures),
  ];
  return parts.join('; ');
}

function figureCounts(figures: readonly FigureDifference[]): string {
  const count = (wanted: FigureDifference['change']) =>
    figures.filter(({ change }) => change === wanted).length;
  const [worse, better] = [count('worse'), count('better')];
  if (figures.length === 0) return 'no figure can be compared';
  if (worse + better === 0)
    return count('unclear') > 0 ? 'no figure changed that these runs can see' : 'no figure changed';
  const parts = [
    worse === 0 ? null : `${countOf(worse, 'figure')} worse`,
    better === 0 ? null : `${worse === 0 ? countOf(better, 'figure') : `${better}`} better`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function sideText({ name, repository, sha, startedAt, quantgate, machines }: Side): string {
  const machine = machines.map(
    ({ name: called, onnxruntime }) => `${called} with ONNX Runtime ${onnxruntime}`,
  );
  return [
    name,
    repository,
    sha === null ? null : `commit ${shortId(sha)}`,
    formatTime(startedAt),
    `on ${machine.join(', ')}`,
    `quantgate ${quantgate}`,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

type NameOf = (at: Coordinates) => string;

/** `resnet50 int8 cpu, batch 8`; the machine where there are several. */
function placeNames(several: boolean): NameOf {
  return ({ model, variant, provider, batch, concurrency, environment }) => {
    const place = [
      provider,
      batch !== null && batch !== 1 ? `batch ${batch}` : null,
      concurrency !== null && concurrency !== 1 ? `${concurrency} at once` : null,
      several && environment ? `on ${environment}` : null,
    ].filter((part) => part !== null);
    const subject = [model, variant].filter((name) => name !== '*').join(' ');
    return [subject, ...(place.length === 0 ? [] : [place.join(', ')])].join(' ');
  };
}

const FILE_WORDS: Readonly<Record<VariantDifference['change'], string>> = {
  added: 'is new',
  removed: 'is gone',
  made: 'could not be made before',
  lost: 'could not be made',
  file: 'is another file',
};

function modelLines({ added, removed, variants }: Comparison['models']): string[] {
  return [
    ...added.map((name) => `${name}: only in the later report`),
    ...removed.map((name) => `${name}: only in the earlier report`),
    ...variants.map(({ model, variant, change }) => `${model} ${variant} ${FILE_WORDS[change]}`),
  ];
}

const CHECK_WORDS: Readonly<Record<CheckDifference['change'], string>> = {
  worse: 'worse',
  better: 'better',
  new: 'new',
  gone: 'gone',
  bound: 'other bound',
};

function checkTable(checks: readonly CheckDifference[], nameOf: NameOf): Facts | null {
  if (checks.length === 0) return null;
  return {
    headings: ['Check', 'Of', 'Before', 'After', 'Change'],
    rows: checks.map((check) => [
      check.metric,
      nameOf(check),
      judgedText(check.before),
      judgedText(check.after),
      CHECK_WORDS[check.change],
    ]),
  };
}

function judgedText(check: CheckDifference['before']): string {
  if (check === null) return '–';
  const { symbol, word } = VERDICT_WORDS[check.verdict];
  const { observed, short } = checkWords(check);
  return `${symbol} ${word}: ${observed === null ? short : `${observed} (${short})`}`;
}

/** What the table doesn't show. */
function figureLines(figures: readonly FigureDifference[]): string[] {
  const same = figures.filter(({ change }) => change === 'same').length;
  const unclear = figures.filter(({ change }) => change === 'unclear').length;
  return [
    ...(same > 0 ? [`${countOf(same, 'figure')} did not change`] : []),
    ...(unclear > 0
      ? [`${countOf(unclear, 'figure')} differ${unclear === 1 ? 's' : ''} by less than these runs can tell`]
      : []),
  ];
}

function figureTable(figures: readonly FigureDifference[], nameOf: NameOf): Facts | null {
  const changed = (wanted: FigureDifference['change']) => figures.filter(({ change }) => change === wanted);
  const rows = [...changed('worse'), ...changed('better')].map((figure) => {
    const [before, after] = formatApart(figure.before, figure.after, (value, digits) =>
      formatValue(value, figure.unit, digits),
    );
    return [
      nameOf(figure),
      figure.title,
      before,
      after,
      `${(figure.change === 'worse' ? WORSE_WORDS : VERDICT_WORDS.pass).symbol} ${figure.words}`,
      formatInterval(figure.ratio?.interval ?? null, (value) => formatRatio(value)) ?? '–',
    ];
  });
  return rows.length === 0
    ? null
    : { headings: ['Of', 'Metric', 'Before', 'After', 'Change', 'Interval of after ÷ before'], rows };
}

function notComparedLine(
  { reason, count, metrics, models }: NotCompared,
  { before, after }: Comparison,
): string {
  const what = `${countOf(count, 'figure')} (${metrics.join(', ')}) of ${models.join(', ')}`;
  const names = ({ machines }: Side) =>
    machines.map(({ name, fingerprint }) => `${name} (${fingerprint})`).join(', ');
  switch (reason) {
    case 'machine':
      return `${capital(what)}: measured on other machines, ${names(before)} before and ${names(after)} after. Times and memory are compared only between equal fingerprints.`;
    case 'data':
      return `${capital(what)}: the task, the evaluation data or their number are others.`;
    case 'only-before':
      return `${capital(what)}: only in the earlier report.`;
    case 'only-after':
      return `${capital(what)}: only in the later report.`;
    case 'no-value':
      return `${capital(what)}: skipped or invalid in one of the reports.`;
  }
}
