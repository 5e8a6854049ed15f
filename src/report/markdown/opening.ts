/** The top of the report: what a reviewer reads in five seconds. */
import type { Report } from '../../terms/report.js';
import { revisionsOf, revisionText, shortId } from '../revisions.js';
import type { Row } from '../rows/rows.js';
import { advice } from '../summary/advice.js';
import { headline } from '../summary/headline.js';
import {
  type ModelVerdict,
  toldModels,
  type VariantVerdict,
  variantVerdicts,
} from '../summary/model-verdicts.js';
import { markdownCode, markdownLink, markdownSentences, markdownText } from '../words/escape.js';
import { establishedLines, moreLine } from '../words/established.js';
import { countOf } from '../words/format.js';
import { VERDICT_WORDS } from '../words/verdict-words.js';
import type { ReportLinks } from './links.js';

export interface OpeningContext {
  rows: readonly Row[];
  verdicts: readonly ModelVerdict[];
  links: ReportLinks;
}

/** What a reviewer reads in five seconds: what broke, what to do, of which commit. */
export function opening(report: Report, { rows, verdicts, links }: OpeningContext): string[] {
  const { symbol, title, extent, sentences } = headline(report, rows);
  const lines = [`### ${symbol} quantgate: ${markdownText(title, TITLE_LENGTH)}`, ...establishedList(report)];
  const variants = variantVerdicts(report, rows);
  if (verdicts.length > 0) {
    lines.push(...modelLines(verdicts));
  } else if (variants.length > 0 && sentences.length === 0) {
    lines.push(variants.map(variantLine).join('\n'));
  } else if (sentences.length > 0) {
    lines.push(
      sentences.map(({ subject, text }) => `**${markdownText(subject, 120)}** ${text}.`).join('<br>\n'),
    );
  } else if (rows.length > 0 && extent !== '') {
    lines.push(extent);
  }
  const todo = advice(report, rows, (text) => markdownCode(text, 80));
  if (todo !== null) lines.push(`**What to do:** ${todo}`);
  const revisions = revisionsText(report, links);
  if (revisions !== null) lines.push(`<sub>${revisions}</sub>`);
  return lines;
}

/** Characters of the headline: names come from outside. */
export const TITLE_LENGTH = 300;

function modelLines(verdicts: readonly ModelVerdict[]): string[] {
  const { lines, more, folded } = toldModels(verdicts);
  const shown = lines.map(modelLine);
  if (more > 0) shown.push(`- ${countOf(more, 'more model')} in the table`);
  if (folded > 0)
    shown.push(
      `- ${VERDICT_WORDS.pass.symbol} ${countOf(folded, 'more model')} without a failure, folded below`,
    );
  return [shown.join('\n')];
}

function variantLine({ symbol, variant, text }: VariantVerdict): string {
  return `- ${symbol} **${markdownText(variant, 120)}** ${markdownText(text, 600)}`;
}

function modelLine({ symbol, model, text }: ModelVerdict): string {
  return `- ${symbol} **${markdownText(model, 120)}**: ${markdownText(text, 600)}`;
}

/** What the verdict rests on and doesn't have, above every figure. */
function establishedList(report: Report): string[] {
  const { lines, more } = establishedLines(report);
  const items = lines.map(({ verdict, check, title, subject, reason, level }) => {
    const about = subject === '' ? '' : ` (${markdownText(subject, 160)})`;
    const name = [markdownCode(check, 80), level].filter((part) => part !== '').join(', ');
    return `- ${VERDICT_WORDS[verdict].symbol} **${title}**${about}: ${markdownSentences(reason, 800)} <sub>${name}</sub>`;
  });
  if (more > 0) items.push(`- ${moreLine(more)}`);
  return items.length === 0 ? [] : [items.join('\n')];
}

/** `commit 4f2c9e6 against b7e1d0c (main)`, linked; null: the report tells of no revision. */
export function revisionsText(report: Report, { commits }: ReportLinks): string | null {
  const revisions = revisionsOf(report);
  const show = (sha: string) => (commits && markdownLink(shortId(sha), `${commits}${sha}`)) || shortId(sha);
  return revisions && revisionText(revisions, { show, name: (text) => markdownText(text, 100) });
}
