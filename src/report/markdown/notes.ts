/** The report's notes as list items: what several variants share is said once. */
import type { Note } from '../../terms/measurement.js';
import type { Report } from '../../terms/report.js';
import { orderedNotes } from '../detail-facts.js';
import { markdownText } from '../escape.js';

/** Subjects named with a note that is about several. */
const NAMED_SUBJECTS = 4;

export function noteList(report: Report): string[] {
  const lines = [...grouped(orderedNotes(report)).values()].map((notes) => {
    const [{ level, message }] = notes;
    const subjects = [...new Set(notes.map(subjectOf))].filter((subject) => subject !== '');
    const more = subjects.length - NAMED_SUBJECTS;
    const named = markdownText(subjects.slice(0, NAMED_SUBJECTS).join(', '), 300);
    const about = subjects.length === 0 ? '' : `**${named}**${more > 0 ? ` and ${more} more` : ''}: `;
    return `- ${level === 'warn' ? '⚠️ ' : 'ℹ️ '}${about}${markdownText(message, 600)}`;
  });
  // The action tells more (both verdicts) under this code.
  if (report.thresholds.changed && !report.notes.some((note) => note.code === 'thresholds.changed')) {
    const used =
      report.thresholds.from === 'base' ? 'the base branch’s were used' : 'the changed ones were used';
    lines.unshift(`- ⚠️ This change edits the thresholds; ${used}.`);
  }
  return lines;
}

function subjectOf({ model, variant }: Note): string {
  return [model, variant].filter((name) => name !== null).join(' ');
}

/** Notes that say the same, once. */
function grouped(notes: readonly Note[]): Map<string, [Note, ...Note[]]> {
  const groups = new Map<string, [Note, ...Note[]]>();
  for (const note of notes) {
    const key = JSON.stringify([note.level, note.code, note.message]);
    const group = groups.get(key);
    if (group) group.push(note);
    else groups.set(key, [note]);
  }
  return groups;
}
