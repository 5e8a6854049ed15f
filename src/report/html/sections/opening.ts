/** The top of the page: the same words as the comment's. */
import type { Report } from '../../../terms/report.js';
import { revisionsOf, revisionText, shortId } from '../../revisions.js';
import type { Row } from '../../rows/rows.js';
import { advice } from '../../summary/advice.js';
import { headline } from '../../summary/headline.js';
import { type ModelVerdict, toldModels, variantVerdicts } from '../../summary/model-verdicts.js';
import { htmlSentences, xmlText } from '../../words/escape.js';
import { establishedLines, moreLine } from '../../words/established.js';
import { capital, countOf, formatTime, formatValue } from '../../words/format.js';
import { OVERALL_WORDS, VERDICT_WORDS } from '../../words/verdict-words.js';
import { modelAnchor } from '../elements/anchors.js';
import { icon, pill } from '../elements/icons.js';
import { link } from '../elements/link.js';
import { unbroken } from '../elements/unbroken.js';

/** Characters of the headline: names come from outside. */
const TITLE_LENGTH = 300;

/** The headline as HTML text; it begins with a capital unless it begins with a name. */
export function pageTitle(report: Report, rows: readonly Row[]): string {
  const { title, named } = headline(report, rows);
  return xmlText(named ? title : capital(title), TITLE_LENGTH);
}

export function banner(report: Report, rows: readonly Row[], verdicts: readonly ModelVerdict[]): string {
  const { tone } = OVERALL_WORDS[report.verdict];
  const todo = advice(report, rows, (text) => `<code>${xmlText(text, 80)}</code>`);
  const text = told(report, rows);
  const parts = [
    verdicts.length > 0 ? modelLines(verdicts) : text === '' ? '' : `<p>${text}</p>`,
    todo === null ? '' : `<p><b>What to do:</b> ${todo}</p>`,
  ];
  return `<header class="banner tone-${tone}">${icon(report.verdict)}<h1>${unbroken(pageTitle(report, rows))}</h1><div class="sentences">${parts.join('')}</div></header>`;
}

function told(report: Report, rows: readonly Row[]): string {
  const { extent, sentences } = headline(report, rows);
  const lines = sentences.map(
    ({ subject, text }) =>
      `<b>${xmlText(subject, 120)}</b> ${unbroken(xmlText(text)).replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')}.`,
  );
  if (lines.length > 0) return lines.join('<br>');
  const variants = variantVerdicts(report, rows).map(
    ({ verdict, variant, text }) =>
      `${icon(verdict ?? 'skipped')} <b><bdi>${xmlText(variant, 120)}</bdi></b> ${unbroken(xmlText(text, 600))}`,
  );
  return variants.length > 0 ? variants.join('<br>') : extent;
}

function modelLines(verdicts: readonly ModelVerdict[]): string {
  const { lines, more, folded } = toldModels(verdicts);
  const items = lines.map(({ model, verdict, text }) => {
    const shown = verdict ?? 'skipped';
    const word = verdict === null ? 'not checked' : VERDICT_WORDS[shown].word;
    return `${icon(shown)} <span class="words">${word}: </span><a href="#${modelAnchor(model)}"><bdi>${xmlText(model, 120)}</bdi></a>: ${unbroken(xmlText(text, 600))}`;
  });
  if (more > 0) items.push(`${countOf(more, 'more model')} in the table`);
  if (folded > 0) items.push(`${icon('pass')} ${countOf(folded, 'more model')} without a failure`);
  return `<ul class="models">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

/** What the verdict rests on and doesn't have, above every figure. */
export function established(report: Report): string {
  const { lines, more } = establishedLines(report);
  const items = lines.map(({ verdict, check, title, subject, reason, level }) => {
    const about = subject === '' ? '' : ` <b><bdi>${xmlText(subject, 160)}</bdi></b>`;
    const name = [check, level].filter((part) => part !== '').join(', ');
    return `<li>${pill(verdict)} <b>${xmlText(title)}</b>${about} <code>${xmlText(name, 100)}</code><small>${htmlSentences(reason, 1000)}</small></li>`;
  });
  if (more > 0) items.push(`<li>${moreLine(more)}</li>`);
  return items.length === 0 ? '' : `<div class="card"><ul class="list">${items.join('\n')}</ul></div>`;
}

/** Revisions, machine and where more is. `historyUrl`: of the page of earlier runs. */
export function meta(report: Report, historyUrl: string | null = null): string {
  const { source, environment, environments, thresholds } = report;
  const revisions = revisionsOf(report);
  const items = [
    source?.repository ? xmlText(source.repository) : null,
    source?.pullRequest ? `pull request ${source.pullRequest}` : null,
    revisions &&
      revisionText(revisions, {
        show: (sha) => `<code title="${xmlText(sha)}">${xmlText(shortId(sha))}</code>`,
        name: (text) => xmlText(text, 100),
      }),
    formatTime(report.startedAt),
    `took ${formatValue(report.durationMs, 'ms')}`,
    environments && environments.length > 1
      ? countOf(environments.length, 'machine')
      : `${xmlText(environment.cpu, 80)}, ${countOf(environment.cores, 'core')}`,
    thresholds.file === null
      ? null
      : `thresholds from ${thresholds.from === 'base' ? 'the base branch’s ' : ''}${xmlText(thresholds.file, 120)}`,
    link('workflow run', source?.runUrl),
    link('history', historyUrl),
  ];
  return `<div class="meta">${items
    .filter((item) => item !== null)
    .map((item) => `<span>${item}</span>`)
    .join('')}</div>`;
}
