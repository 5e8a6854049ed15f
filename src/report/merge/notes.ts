/** What merging has to say, each sentence once. */

import type { NoteCode } from '../../terms/codes/codes.js';
import type { Measurement, Note } from '../../terms/measurement.js';
import type { CheckResult } from '../../terms/verdict.js';

export function warning(code: NoteCode, message: string): Note {
  return { level: 'warn', code, message, model: null, variant: null };
}

/** Two results for one thing. */
export function conflictNote(item: Measurement | CheckResult, what: string): Note {
  return {
    ...warning('merge.conflict', `${what}; the newest run counts.`),
    model: item.model,
    variant: item.variant,
  };
}

/** Notes in the order they came, each once. */
export class Notes {
  private readonly notes = new Map<string, Note>();

  add(...notes: readonly Note[]): void {
    for (const note of notes) this.notes.set(JSON.stringify(note), note);
  }

  all(): Note[] {
    return [...this.notes.values()];
  }
}
