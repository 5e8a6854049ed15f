/** The report's notes as they are told: what several variants share is said once. */
import type { Note } from '../../terms/measurement.js';
import type { Report } from '../../terms/report.js';
import { orderedNotes } from '../details/detail-facts.js';

/** Subjects named with a note that is about several. */
const NAMED_SUBJECTS = 4;

export interface ToldNote {
  level: Note['level'];
  /** What `quantgate explain` takes. Untrusted: a report of another version may hold other codes. */
  code: string;
  /** Models and variants it is about, the first few; '' when it concerns the whole run. Untrusted. */
  subject: string;
  /** How many more it is about. */
  more: number;
  /** Untrusted. */
  message: string;
}

/** Warnings first, else in the order they came. */
export function toldNotes(report: Report): ToldNote[] {
  const told = [...grouped(orderedNotes(report)).values()].map((notes): ToldNote => {
    const [{ level, code, message }] = notes;
    const subjects = [...new Set(notes.map(subjectOf))].filter((subject) => subject !== '');
    return {
      level,
      code,
      subject: sharedVariant(notes) ?? subjects.slice(0, NAMED_SUBJECTS).join(', '),
      more: Math.max(0, subjects.length - NAMED_SUBJECTS),
      message,
    };
  });
  // The action tells more (both verdicts) under this code.
  if (report.thresholds.changed && !report.notes.some((note) => note.code === 'thresholds.changed')) {
    const used =
      report.thresholds.from === 'base' ? 'the base branch’s were used' : 'the changed ones were used';
    told.unshift({
      level: 'warn',
      code: 'thresholds.changed',
      subject: '',
      more: 0,
      message: `This change edits the thresholds; ${used}.`,
    });
  }
  return told;
}

function subjectOf({ model, variant }: Note): string {
  return [model, variant].filter((name) => name !== null).join(' ');
}

/** `int8 of resnet50, mobilenet`: one variant of several models is named once. null: it isn't one. */
function sharedVariant(notes: readonly Note[]): string | null {
  const variants = new Set(notes.map(({ variant }) => variant));
  const models = [...new Set(notes.map(({ model }) => model))];
  const [variant] = variants;
  if (variants.size !== 1 || !variant || models.length < 2 || models.includes(null)) return null;
  return `${variant} of ${models.slice(0, NAMED_SUBJECTS).join(', ')}`;
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
