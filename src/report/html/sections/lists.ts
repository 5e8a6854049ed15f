/** The page's lists: what needs attention, what changed against the base, notes. */
import type { Report } from '../../../terms/report.js';
import type { Row } from '../../rows/rows.js';
import { attentionLines } from '../../summary/attention.js';
import { baseChanges } from '../../summary/base-changes.js';
import { toldNotes } from '../../summary/notes.js';
import { htmlSentences, xmlText } from '../../words/escape.js';
import { pill } from '../elements/icons.js';

export function attention(report: Report, rows: readonly Row[]): string {
  const items = attentionLines(report, rows).map(({ check, where, more, seen }) => {
    const reason = check.reason === null ? '' : `<small>${htmlSentences(check.reason, 500)}</small>`;
    return `${pill(check.verdict)} <code>${xmlText(check.metric, 80)}</code> of <b><bdi>${xmlText(where, 160)}</bdi></b>${more > 0 ? ` and ${more} more` : ''}: ${xmlText(seen)}${reason}`;
  });
  return list('Needs attention', items);
}

export function againstBase(report: Report, rows: readonly Row[]): string {
  const items = baseChanges(report, rows).map(({ subject, text }) => {
    const about = subject === null ? '' : `<b><bdi>${xmlText(subject, 160)}</bdi></b>: `;
    return `${about}${htmlSentences(text, 400)}`;
  });
  return list('Against the base', items);
}

export function notes(report: Report): string {
  const items = toldNotes(report).map(({ level, code, subject, more, message }) => {
    const others = more > 0 ? ` and ${more} more` : '';
    const about = subject === '' ? '' : `<b><bdi>${xmlText(subject, 300)}</bdi></b>${others}: `;
    return `${level === 'warn' ? pill('warn') : pill('skipped', 'note')} ${about}${htmlSentences(message, 800)} <code class="soft">${xmlText(code, 80)}</code>`;
  });
  return list('Notes', items);
}

/** `items` are HTML. */
function list(title: string, items: readonly string[]): string {
  const body = items.map((item) => `<li>${item}</li>`).join('\n');
  return items.length === 0 ? '' : `<h2>${title}</h2><div class="card"><ul class="list">${body}</ul></div>`;
}
