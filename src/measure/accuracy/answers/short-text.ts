/** Texts for a report: one line, at most 200 characters. */

import { LONGEST_TEXT } from '../../../terms/worst-sample.js';

/** On one line; an ellipsis marks what was cut. */
export function shortText(text: string): string {
  // Documents may be long: only their beginning is looked at.
  const line = text
    .slice(0, LONGEST_TEXT * 8)
    .replace(/\s+/g, ' ')
    .trim();
  const points = [...line];
  if (points.length <= LONGEST_TEXT && text.length <= LONGEST_TEXT * 8) return line;
  return `${points.slice(0, LONGEST_TEXT - 1).join('')}…`;
}
